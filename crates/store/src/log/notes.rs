//! The words of the log: events as bytes, checkpoints as signed notes.
//!
//! `log/checkpoints` is a sequence of C2SP signed notes, each followed by an empty line.

use audit::{Checkpoint, Event, Outcome, Tree, Word};
use domain::{Action, Digest, OperatorId, Role, Timestamp};
use seal::{Keyring, PublicKey};
use serde::Deserialize;

use crate::StoreError;

/// An event as the bytes of a log entry; the event that tells of an abandoned change is refused
/// to everybody but recovery.
pub(crate) fn encode(event: &Event) -> Result<Vec<u8>, StoreError> {
    if is_repair(event.action, event.outcome) {
        return Err(StoreError::EntryRefused {
            what: "only recovery tells of an abandoned change".to_owned(),
        });
    }
    Ok(event.encode().into_bytes())
}

/// The event of a log entry.
pub(crate) fn decode(entry: &[u8]) -> Option<Event> {
    Event::decode(entry).ok()
}

/// A transaction's id as the log takes it.
pub(crate) fn word(transaction: &str) -> Result<Word, StoreError> {
    Word::new(transaction).map_err(|_| StoreError::EntryRefused {
        what: "the id of its transaction is not a word".to_owned(),
    })
}

/// What an entry means for recovery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It changed no rows.
    Plain,
    /// It tells of a change that is saved under this transaction.
    Saves(String),
    /// It tells that this transaction was not saved.
    Abandons(String),
}

/// Reads only what recovery needs; `None` when the entry is not an event.
pub(crate) fn mark(entry: &[u8]) -> Option<Mark> {
    #[derive(Deserialize)]
    struct Line<'a> {
        action: Action,
        outcome: Outcome,
        #[serde(borrow)]
        transaction: Option<&'a str>,
    }
    let line: Line<'_> = serde_json::from_slice(entry).ok()?;
    Some(match line.transaction {
        None => Mark::Plain,
        Some(transaction) if is_repair(line.action, line.outcome) => {
            Mark::Abandons(transaction.to_owned())
        }
        Some(transaction) => Mark::Saves(transaction.to_owned()),
    })
}

/// Whether an event is the one that only recovery writes.
pub(crate) fn is_repair(action: Action, outcome: Outcome) -> bool {
    action == Action::Recover && outcome == Outcome::Abandoned
}

/// The event after a change that was logged and not saved: about the same object, in the same
/// study and run, as the bytes of a log entry. It is the program itself that acts.
pub(crate) fn abandonment(time: Timestamp, abandoned: &Event) -> Result<Vec<u8>, StoreError> {
    let actor = OperatorId::new(PROGRAM).map_err(|_| StoreError::EntryRefused {
        what: "its actor is not an id".to_owned(),
    })?;
    let mut event = Event::new(
        time,
        actor,
        Role::Administrator,
        Action::Recover,
        abandoned.object.clone(),
        Outcome::Abandoned,
    );
    event.study.clone_from(&abandoned.study);
    event.run.clone_from(&abandoned.run);
    event.transaction.clone_from(&abandoned.transaction);
    Ok(event.encode().into_bytes())
}

/// The event that tells of a keystore which was changed by a process that died before it told.
pub(crate) fn keystore_taken_up(time: Timestamp) -> Result<Event, StoreError> {
    let refused = |what: &str| StoreError::EntryRefused {
        what: what.to_owned(),
    };
    let actor = OperatorId::new(PROGRAM).map_err(|_| refused("its actor is not an id"))?;
    let object = audit::Object::new(audit::ObjectKind::Key, "keystore")
        .map_err(|_| refused("its object is not a word"))?;
    Ok(Event::new(
        time,
        actor,
        Role::Administrator,
        Action::Recover,
        object,
        Outcome::Done,
    ))
}

/// A signed checkpoint over a tree.
pub(crate) fn sign(tree: &Tree, keyring: &Keyring) -> Result<String, StoreError> {
    let checkpoint =
        Checkpoint::of(origin(keyring), tree).map_err(|_| StoreError::EntryRefused {
            what: "the name of the log cannot stand in a checkpoint".to_owned(),
        })?;
    Ok(checkpoint.sign(keyring))
}

/// A note as it stands in the file: with an empty line after it.
pub(crate) fn line(note: &str) -> String {
    format!("{note}\n")
}

/// All whole notes of a file.
pub(crate) fn all(file: &str) -> Vec<String> {
    let parts: Vec<&str> = file.split("\n\n").collect();
    let (pairs, _torn) = parts.as_chunks::<2>();
    pairs
        .iter()
        .map(|[body, signatures]| format!("{body}\n\n{signatures}\n"))
        .collect()
}

/// Size and root of a note that this instance signed.
pub(crate) fn parse(note: &str, keyring: &Keyring) -> Option<(u64, Digest)> {
    let checkpoint = Checkpoint::parse_and_verify(note, &keyring.checkpoint_key()).ok()?;
    (checkpoint.origin() == origin(keyring)).then(|| (checkpoint.size(), checkpoint.root()))
}

/// The last whole note in the end of the file, and how many bytes belong to whole notes.
///
/// Bodies and signatures take turns, an empty line after each; signatures begin with a dash.
pub(crate) fn newest(tail: &[u8]) -> (String, usize) {
    let gaps = gaps(tail);
    let begin_after = |gap: Option<usize>| gap.map_or(0, |gap| gap + GAP.len());
    for (number, &gap) in gaps.iter().enumerate().skip(1).rev() {
        let before = |back: usize| {
            let found = number.checked_sub(back).and_then(|number| gaps.get(number));
            begin_after(found.copied())
        };
        let signatures = tail.get(before(1)..gap).unwrap_or_default();
        if signatures.starts_with(DASH.as_bytes()) {
            let note = tail.get(before(2)..=gap).unwrap_or_default();
            return (String::from_utf8_lossy(note).into_owned(), gap + GAP.len());
        }
    }
    (String::new(), 0)
}

fn gaps(tail: &[u8]) -> Vec<usize> {
    tail.windows(GAP.len())
        .enumerate()
        .filter(|(_, pair)| *pair == GAP)
        .map(|(position, _)| position)
        .collect()
}

/// The name of the log: it follows from the key that signs it, so it never changes.
pub(crate) fn origin(keyring: &Keyring) -> String {
    origin_of(&keyring.checkpoint_key())
}

/// The name of the log that a key signs.
pub(crate) fn origin_of(key: &PublicKey) -> String {
    format!("cloister/{}", key.fingerprint().short())
}

/// How many entries a note speaks of, unchecked; 0 when it is not one.
pub(crate) fn size(note: &str) -> u64 {
    let line = note.lines().nth(1);
    line.and_then(|size| size.parse().ok()).unwrap_or(0)
}

const GAP: &[u8] = b"\n\n";
const DASH: &str = "\u{2014} ";
const PROGRAM: &str = "cloister";

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = "o\n1\nr\n\n\u{2014} o s1\n\no\n2\nr\n\n\u{2014} o s2\n\n";

    #[test]
    fn the_newest_whole_note_is_found_behind_every_torn_end() {
        let second = NOTES.len() / 2;
        for length in second..NOTES.len() {
            let (note, whole) = newest(&NOTES.as_bytes()[..length]);
            assert_eq!(
                (note.as_str(), whole),
                ("o\n1\nr\n\n\u{2014} o s1\n", second)
            );
        }
        let (note, whole) = newest(NOTES.as_bytes());
        assert_eq!(
            (note.as_str(), whole),
            ("o\n2\nr\n\n\u{2014} o s2\n", NOTES.len())
        );
    }

    #[test]
    fn a_window_may_begin_in_the_middle_of_a_note() {
        for begin in 0..NOTES.len() / 2 - 1 {
            let (note, _) = newest(&NOTES.as_bytes()[begin..]);
            assert_eq!(note, "o\n2\nr\n\n\u{2014} o s2\n");
        }
        assert_eq!(newest(b""), (String::new(), 0));
        assert_eq!(newest(b"\n\n\n\n"), (String::new(), 0));
    }
}
