use std::{convert::Infallible, sync::LazyLock};

use proptest::prelude::*;
use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};

use super::*;

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| keyring(1));

fn keyring(seed: u64) -> Keyring {
    let passphrase = Passphrase::new("correct horse battery staple");
    let entropy = &mut SeededEntropy::new(seed);
    Keyring::create(&passphrase, Argon2Cost::light(), entropy)
        .unwrap()
        .0
}

/// A log of commits of the given sizes, each entry different from all others.
struct Log {
    entries: Vec<String>,
    history: Vec<String>,
    commits: Vec<u64>,
}

impl Log {
    fn of(commits: &[u64]) -> Self {
        let mut log = Self {
            entries: Vec::new(),
            history: Vec::new(),
            commits: commits.to_vec(),
        };
        let mut tree = Tree::new();
        for size in commits {
            for _ in 0..*size {
                let entry = format!("entry {}", log.entries.len());
                tree.push(leaf_hash(entry.as_bytes()));
                log.entries.push(entry);
            }
            let checkpoint = Checkpoint::of("log", &tree).unwrap();
            log.history.push(checkpoint.sign(&KEYRING));
        }
        log
    }

    fn verify(&self) -> Result<Verified, Broken> {
        self.verify_with(&self.entries, &self.history)
    }

    #[expect(clippy::unused_self, reason = "reads as a question about the log")]
    fn verify_with(&self, entries: &[String], history: &[String]) -> Result<Verified, Broken> {
        let entries = entries.iter().map(Ok::<_, Infallible>);
        verify(entries, history, &KEYRING.checkpoint_key())
    }

    /// The same log, four entries at a time with the root over them.
    fn verify_by_fours(&self, entries: &[String]) -> Result<Verified, Broken> {
        let mut check = Check::of(&self.history, &KEYRING.checkpoint_key())?;
        for four in entries.chunks(4) {
            if check.is_complete() {
                return Err(Broken::Unsigned {
                    first: check.size(),
                });
            }
            let hashed = four
                .iter()
                .map(|entry| (entry.as_bytes(), leaf_hash(entry.as_bytes())));
            let leaves: Vec<Digest> = hashed.clone().map(|(_, leaf)| leaf).collect();
            if four.len() == 4 {
                check.subtree(2, crate::subtree_root(&leaves), hashed)?;
                continue;
            }
            for (entry, leaf) in hashed {
                if check.is_complete() {
                    return Err(Broken::Unsigned {
                        first: check.size(),
                    });
                }
                check.hashed(entry, leaf)?;
            }
        }
        check.finish()
    }

    /// First and last entry of the commit that holds `index`.
    fn commit_of(&self, index: u64) -> (u64, u64) {
        let mut first = 0;
        for size in &self.commits {
            if index < first + size {
                return (first, first + size - 1);
            }
            first += size;
        }
        (first, first)
    }
}

#[derive(Clone, Debug)]
enum Deed {
    Edit(usize),
    Delete(usize),
    Insert(usize),
    Swap(usize, usize),
    Truncate(usize),
}

fn done(deed: &Deed, mut entries: Vec<String>) -> Vec<String> {
    let count = entries.len();
    match *deed {
        Deed::Edit(at) => entries[at % count].push('!'),
        Deed::Delete(at) => drop(entries.remove(at % count)),
        Deed::Insert(at) => entries.insert(at % (count + 1), "new".to_owned()),
        Deed::Swap(one, two) => entries.swap(one % count, two % count),
        Deed::Truncate(at) => entries.truncate(at % count),
    }
    entries
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        any::<usize>().prop_map(Deed::Edit),
        any::<usize>().prop_map(Deed::Delete),
        any::<usize>().prop_map(Deed::Insert),
        any::<(usize, usize)>().prop_map(|(one, two)| Deed::Swap(one, two)),
        any::<usize>().prop_map(Deed::Truncate),
    ]
}

/// What must be said, found by looking at both logs side by side.
fn expected(log: &Log, changed: &[String]) -> Option<String> {
    let same = log
        .entries
        .iter()
        .zip(changed)
        .take_while(|(one, two)| one == two)
        .count() as u64;
    let (signed, entries) = (log.entries.len() as u64, changed.len() as u64);
    let (first, last) = log.commit_of(same);
    if same == signed && entries == signed {
        None
    } else if same == signed {
        Some(format!("unsigned {signed}"))
    } else if last < entries {
        Some(format!("changed {first} {last}"))
    } else {
        Some(format!("missing {entries} {signed}"))
    }
}

fn said(broken: Broken) -> String {
    match broken {
        Broken::Changed { first, last } => format!("changed {first} {last}"),
        Broken::Missing { entries, signed } => format!("missing {entries} {signed}"),
        Broken::Unsigned { first } => format!("unsigned {first}"),
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn any_deed_is_found_and_its_first_commit_named(
        commits in prop::collection::vec(1_u64..4, 1..12), deed in deeds(),
    ) {
        let log = Log::of(&commits);
        prop_assert_eq!(log.verify().unwrap().size, log.entries.len() as u64);
        let changed = done(&deed, log.entries.clone());
        let found = log.verify_with(&changed, &log.history).err().map(said);
        prop_assert_eq!(&found, &expected(&log, &changed));
        prop_assert_eq!(log.verify_by_fours(&changed).err().map(said), found);
        prop_assert_eq!(log.verify_by_fours(&log.entries).unwrap(), log.verify().unwrap());
    }

    #[test]
    fn a_single_edit_is_named_to_the_entry_when_commits_hold_one(
        count in 1_usize..40, at: usize,
    ) {
        let log = Log::of(&vec![1; count]);
        let changed = done(&Deed::Edit(at), log.entries.clone());
        let index = (at % count) as u64;
        let found = log.verify_with(&changed, &log.history).map_err(said).unwrap_err();
        prop_assert_eq!(found, format!("changed {index} {index}"));
    }

    #[test]
    fn a_checkpoint_left_out_of_the_history_loses_precision_only(
        count in 2_usize..20, gone: usize, at: usize,
    ) {
        let log = Log::of(&vec![1; count]);
        let mut history = log.history.clone();
        history.remove(gone % (count - 1));
        prop_assert!(log.verify_with(&log.entries, &history).is_ok());
        let changed = done(&Deed::Edit(at), log.entries.clone());
        let index = (at % count) as u64;
        let found = log.verify_with(&changed, &history).unwrap_err();
        let Broken::Changed { first, last } = found else {
            panic!("an edit is a change");
        };
        prop_assert!((first..=last).contains(&index));
    }
}

#[test]
fn a_tail_cut_off_with_its_checkpoints_shows_against_one_kept_elsewhere() {
    let log = Log::of(&[1, 1, 1, 1]);
    let (entries, history) = (&log.entries[..2], &log.history[..2]);
    let set_back = log.verify_with(entries, history).unwrap();
    assert_eq!(set_back.size, 2);
    let kept = [history, &log.history[3..]].concat();
    assert!(matches!(
        log.verify_with(entries, &kept).unwrap_err(),
        Broken::Missing {
            entries: 2,
            signed: 4
        }
    ));
}

#[test]
fn what_is_wrong_with_checkpoints_is_told_apart() {
    let log = Log::of(&[1, 2, 1]);
    let empty: [String; 0] = [];
    assert!(matches!(
        log.verify_with(&log.entries, &empty).unwrap_err(),
        Broken::NoCheckpoint
    ));

    let mut history = log.history.clone();
    history.swap(1, 2);
    assert!(matches!(
        log.verify_with(&log.entries, &history).unwrap_err(),
        Broken::Backwards { checkpoint: 2 }
    ));

    let mut history = log.history.clone();
    history[1] = history[1].replacen("\n3\n", "\n2\n", 1);
    assert!(matches!(
        log.verify_with(&log.entries, &history).unwrap_err(),
        Broken::Checkpoint {
            checkpoint: 1,
            source: CheckpointError::Signature
        }
    ));

    let mut history = log.history.clone();
    let root = Digest([0; 32]);
    history[2] = Checkpoint::new("log", 4, root).unwrap().sign(&keyring(2));
    assert!(matches!(
        log.verify_with(&log.entries, &history).unwrap_err(),
        Broken::Checkpoint { checkpoint: 2, .. }
    ));
    history[2] = Checkpoint::new("gol", 4, root).unwrap().sign(&KEYRING);
    assert!(matches!(
        log.verify_with(&log.entries, &history).unwrap_err(),
        Broken::OtherLog { checkpoint: 2 }
    ));
    history[2] = Checkpoint::new("log", 3, root).unwrap().sign(&KEYRING);
    assert!(matches!(
        log.verify_with(&log.entries, &history).unwrap_err(),
        Broken::Changed { first: 0, last: 2 }
    ));
}

#[test]
fn an_entry_the_store_cannot_read_is_named() {
    let log = Log::of(&[1, 1, 1]);
    let entries = log.entries.iter().enumerate().map(|(at, entry)| {
        if at == 1 {
            Err(std::io::Error::other("torn frame"))
        } else {
            Ok(entry)
        }
    });
    let broken = verify(entries, &log.history, &KEYRING.checkpoint_key()).unwrap_err();
    assert!(matches!(broken, Broken::Frame { index: 1, .. }));
}
