//! The log as it grows old: files that fill up, compression, pruning, search, proofs.

use std::collections::BTreeSet;

use audit::{
    PersonRef, PersonSet, Query, StaticLogError, leaf_hash, verify_export_as, verify_inclusion,
    verify_static,
};
use domain::Explain;

use super::*;
use crate::{FileRole, log::cold::SEGMENT};

fn many(count: u64) -> Vec<Event> {
    (0..count)
        .map(|number| {
            let mut event = event(number);
            event.time = Timestamp::from_millis(1_000 * i64::try_from(number).unwrap());
            if number.is_multiple_of(100) {
                event.person = Some(person(number / 100));
            }
            event
        })
        .collect()
}

fn person(number: u64) -> PersonRef {
    PersonRef(
        seal::digest(&number.to_le_bytes()).0[..16]
            .try_into()
            .unwrap(),
    )
}

/// A log of three full files and a bit, of which the full ones are compressed at the next start.
fn grown() -> (Site, Store) {
    let (mut site, store) = Site::new();
    for group in many(3 * SEGMENT + 100).chunks(200) {
        store.record_all(group).unwrap();
    }
    drop(store);
    let store = site.restart();
    (site, store)
}

fn names(site: &Site) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(site.home().join("log"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn many_threads_share_the_wait_and_nothing_is_lost() {
    let (mut site, store) = Site::new();
    let mut positions = Vec::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8_u64)
            .map(|thread| {
                let store = &store;
                scope.spawn(move || {
                    let mut told = Vec::new();
                    for number in 0..40 {
                        let id = thread * 1_000 + number;
                        let range = store.record_all(&[event(id), event(id)]).unwrap();
                        told.push((range.start.index(), id));
                    }
                    told
                })
            })
            .collect();
        for thread in threads {
            positions.extend(thread.join().unwrap());
        }
    });
    assert_eq!(store.verify_log().unwrap().size, 640);
    drop(store);
    let store = site.restart();
    for (position, id) in &positions {
        for at in [*position, position + 1] {
            assert_eq!(store.entry(at).unwrap().0.rows, Some(*id));
        }
    }
    positions.sort_unstable();
    positions.dedup_by_key(|(position, _)| *position);
    assert_eq!(positions.len(), 320);
}

#[test]
fn full_files_are_compressed_and_read_back() {
    let (mut site, store) = grown();
    assert_eq!(store.verify_log().unwrap().size, 3 * SEGMENT + 100);
    let listed = names(&site);
    assert_eq!(
        listed
            .iter()
            .filter(|name| name.starts_with("cold-"))
            .count(),
        3
    );
    assert!(!listed.contains(&"entries".to_owned()), "{listed:?}");
    let rows: Vec<Option<u64>> = store
        .events(0)
        .unwrap()
        .map(|read| read.unwrap().1.rows)
        .collect();
    let expected: Vec<Option<u64>> = (0..3 * SEGMENT + 100).map(Some).collect();
    assert_eq!(rows, expected);
    for from in [
        1,
        255,
        256,
        SEGMENT - 1,
        SEGMENT,
        3 * SEGMENT,
        3 * SEGMENT + 99,
    ] {
        let first = store.events(from).unwrap().next().unwrap().unwrap().1;
        assert_eq!(first.rows, Some(from));
    }
    store.record(event(7)).unwrap();
    drop(store);
    let store = site.restart();
    assert!(store.recovery().is_empty());
    assert_eq!(store.verify_log().unwrap().size, 3 * SEGMENT + 101);
}

#[test]
fn every_entry_has_a_proof_and_every_size_grows_out_of_every_other() {
    let (_site, store) = grown();
    let key = store.log_public_key();
    for entry in [0, 1, 255, 256, SEGMENT, 3 * SEGMENT - 1, 3 * SEGMENT + 99] {
        let proof = store.prove_entry(entry, None).unwrap();
        let checkpoint = proof
            .verify(None, |text| audit::Checkpoint::parse_and_verify(text, &key))
            .unwrap();
        let bytes = proof.entry.clone().unwrap();
        assert_eq!(bytes, store.entry(entry).unwrap().1);
        let root = checkpoint.root();
        let other = leaf_hash(b"other");
        assert!(verify_inclusion(&other, entry, checkpoint.size(), &proof.hashes, &root).is_err());
    }
    let error = store.prove_entry(3 * SEGMENT + 100, None).unwrap_err();
    assert!(matches!(error, StoreError::EntryMissing { .. }));
    let (note, proof) = store.checkpoint_since(300).unwrap();
    let new = audit::Checkpoint::parse_and_verify(&note, &key).unwrap();
    let old = store.log().root_at(300).unwrap();
    audit::verify_consistency(300, &old, new.size(), &new.root(), &proof).unwrap();
}

#[test]
fn the_search_finds_what_a_walk_finds_and_its_index_can_be_made_anew() {
    let (site, store) = grown();
    let set = PersonSet::of([person(3), person(900)]);
    let digest = store.keep_persons(&set).unwrap();
    store.record(event(1).set(digest)).unwrap();
    assert_eq!(store.persons(&digest).unwrap(), set);
    for (asked, count) in [(0, 1), (3, 2), (7, 1), (17, 0), (900, 1)] {
        let sets = store.sets_holding(&person(asked)).unwrap();
        let query = Query {
            person: Some((person(asked), sets)),
            ..Query::default()
        };
        let hits = store.search_log(&query, 10).unwrap();
        assert_eq!(hits.len(), count, "{asked}");
        for hit in &hits {
            assert_eq!(store.entry(hit.index).unwrap().0, hit.event);
        }
    }
    let query = Query {
        since: Some(Timestamp::from_millis(500_000)),
        until: Some(Timestamp::from_millis(510_000)),
        ..Query::default()
    };
    assert_eq!(store.search_log(&query, 100).unwrap().len(), 10);
    std::fs::remove_dir_all(site.home().join("log/index")).unwrap();
    assert_eq!(store.search_log(&query, 100).unwrap().len(), 10);
    assert_eq!(store.search_log(&query, 3).unwrap().len(), 3);
    store.rebuild_log_index().unwrap();
}

#[test]
fn a_set_of_persons_that_was_changed_is_found() {
    let (site, store) = Site::new();
    let digest = store
        .keep_persons(&PersonSet::of((0..50).map(person)))
        .unwrap();
    assert_eq!(store.verify_persons().unwrap(), 1);
    let path = site.home().join("log/persons").join(digest.to_string());
    let mut changed = bytes(&path);
    changed[200] ^= 1;
    write(&path, &changed);
    let error = store.verify_persons().unwrap_err();
    assert_eq!(error.code(), crate::codes::PERSONS_ALTERED);
}

fn prune_event(minimum: u64) -> Event {
    Event::new(
        Timestamp::from_millis(0),
        OperatorId::new("ada").unwrap(),
        Role::Administrator,
        Action::PruneAudit,
        Object::new(ObjectKind::Log, "log").unwrap(),
        Outcome::Done,
    )
    .rows(minimum)
}

#[test]
fn pruning_keeps_every_proof_of_what_is_left() {
    let (mut site, store) = grown();
    assert_eq!(store.prunable(SEGMENT + 10).unwrap(), SEGMENT);
    assert!(store.prune_log(SEGMENT, event(1)).is_err());
    let (_, left) = store.prune_log(SEGMENT, prune_event(SEGMENT)).unwrap();
    assert_eq!(left, SEGMENT);
    drop(store);
    let store = site.restart();
    let verified = store.verify_log().unwrap();
    assert_eq!(
        (verified.pruned, verified.size),
        (SEGMENT, 3 * SEGMENT + 101)
    );
    assert!(matches!(
        store.entry(5),
        Err(StoreError::LogPruned { entry: 5 })
    ));
    let first = store.events(0).unwrap().next().unwrap().unwrap();
    assert_eq!(first.0.index(), SEGMENT);
    store.verify_rows().unwrap();
    let key = store.log_public_key();
    for entry in [SEGMENT, 2 * SEGMENT, 3 * SEGMENT + 100] {
        let proof = store.prove_entry(entry, None).unwrap();
        proof
            .verify(None, |text| audit::Checkpoint::parse_and_verify(text, &key))
            .unwrap();
    }
    let text = store.export_log().unwrap();
    let export = verify_export_as(audit::ExportFormat::Ndjson, &text, &key).unwrap();
    assert_eq!((export.records, export.whole), (2 * SEGMENT + 101, false));
    assert!(store.prove_entry(5, None).is_err());
}

#[test]
fn entries_that_are_gone_without_an_event_that_says_so_are_found() {
    let (site, store) = grown();
    store.log().prune(SEGMENT).unwrap();
    let error = store.verify_log().unwrap_err();
    assert!(matches!(error, StoreError::PrunedUnseen { minimum } if minimum == SEGMENT));
    drop(store);
    std::fs::remove_file(site.home().join(format!("log/cold-{SEGMENT:012}"))).unwrap();
    assert!(matches!(site.open(), Err(StoreError::LogAltered { .. })));
}

#[test]
fn static_files_verify_with_the_key_alone() {
    let (_site, store) = grown();
    let files = |store: &Store| {
        let mut files = std::collections::BTreeMap::new();
        store
            .static_log(&mut |path, bytes| {
                files.insert(path.to_owned(), bytes.to_vec());
                Ok(())
            })
            .unwrap();
        files
    };
    let key = store.log_public_key();
    let mut whole = files(&store);
    let verified = verify_static(&key, 0, |path| whole.get(path).cloned()).unwrap();
    assert_eq!(verified.size, 3 * SEGMENT + 100);
    whole.get_mut("tile/entries/001").unwrap()[40] ^= 1;
    let error = verify_static(&key, 0, |path| whole.get(path).cloned()).unwrap_err();
    assert!(matches!(
        error,
        StaticLogError::Hashes { .. } | StaticLogError::Shape { .. }
    ));

    store.prune_log(SEGMENT, prune_event(SEGMENT)).unwrap();
    let pruned = files(&store);
    let verify = |minimum| verify_static(&key, minimum, |path| pruned.get(path).cloned());
    assert_eq!(verify(SEGMENT).unwrap().pruned, SEGMENT);
    assert!(verify(0).is_err());
}

#[test]
fn only_what_is_new_is_verified_again() {
    let (mut site, store) = grown();
    let (first, before) = store.verify_log_incrementally().unwrap();
    assert_eq!((first.size, before), (3 * SEGMENT + 100, 0));
    store.record(event(1)).unwrap();
    let (second, before) = store.verify_log_incrementally().unwrap();
    assert_eq!(
        (second.size, before),
        (3 * SEGMENT + 101, 3 * SEGMENT + 100)
    );
    drop(store);

    // A mark that names a state the log never had is no mark.
    let path = site.home().join("log/verified");
    let forged = text(&path).replacen('a', "b", 1);
    write(&path, forged.as_bytes());
    let store = site.restart();
    assert_eq!(store.verify_log_incrementally().unwrap().1, 0);
}

fn copied(site: &Site, name: &str) -> std::path::PathBuf {
    let copy = site.parent().join(name);
    contract::copy_folder(&site.home(), &copy);
    copy
}

#[test]
fn a_log_set_back_behind_what_others_hold_is_not_signed_again() {
    let (mut site, store) = Site::new();
    store.record_all(&many(5)).unwrap();
    drop(store);
    let backup = copied(&site, "backup");
    let store = site.restart();
    store.record_all(&many(5)).unwrap();
    let note = store.prove_entry(9, None).unwrap().checkpoint;
    assert_eq!(store.log_standing().unwrap().published, 10);
    drop(store);

    assert_eq!(
        crate::accept_published(&backup, &passphrase(), &note).unwrap(),
        10
    );
    let error = Store::open(&backup, &passphrase(), &CLOCK).unwrap_err();
    assert!(matches!(
        error,
        StoreError::LogBehind {
            found: 5,
            published: 10
        }
    ));
    assert_eq!(error.code(), crate::codes::LOG_BEHIND);
    let reader = Store::open_to_verify(&backup, &passphrase()).unwrap();
    assert_eq!(reader.verify_log().unwrap().size, 5);

    let changed = note.replacen("\n10\n", "\n11\n", 1);
    assert!(crate::accept_published(&backup, &passphrase(), &changed).is_err());
}

#[test]
fn two_histories_of_one_log_are_told_apart() {
    let (mut site, store) = Site::new();
    store.record_all(&many(5)).unwrap();
    drop(store);
    let fork = copied(&site, "fork");
    let store = site.restart();
    store.record_all(&many(3)).unwrap();
    let note = store.prove_entry(7, None).unwrap().checkpoint;
    drop(store);
    let store = Store::open(&fork, &passphrase(), &CLOCK).unwrap();
    store.record_all(&[event(99); 1]).unwrap();
    store.record_all(&many(2)).unwrap();
    drop(store);
    crate::accept_published(&fork, &passphrase(), &note).unwrap();
    let error = Store::open(&fork, &passphrase(), &CLOCK).unwrap_err();
    assert!(
        matches!(error, StoreError::LogForked { size: 8 }),
        "{error}"
    );
}

#[test]
fn a_clock_that_goes_back_loses_nothing() {
    let (mut site, store) = Site::new();
    for millis in [5_000, 1_000, 3_000] {
        let mut event = event(1);
        event.time = Timestamp::from_millis(millis);
        store.record(event).unwrap();
    }
    drop(store);
    let store = site.restart();
    let verified = store.verify_log().unwrap();
    assert_eq!((verified.size, verified.clock_set_back), (3, 1));
    let query = Query {
        until: Some(Timestamp::from_millis(2_000)),
        ..Query::default()
    };
    assert_eq!(store.search_log(&query, 10).unwrap().len(), 1);
}

#[test]
fn persons_are_referred_to_until_their_key_is_destroyed() {
    let (_site, store) = Site::new();
    assert_eq!(store.person_reference("4711").unwrap(), None);
    let mut transaction = store.begin().unwrap();
    let key = transaction.person_key().unwrap();
    let reference = PersonRef(key.reference("4711"));
    transaction.commit(event(1).person(reference)).unwrap();
    assert_eq!(store.person_reference("4711").unwrap(), Some(reference));

    let dataset = domain::DatasetId::new("log.persons").unwrap();
    let (id, _) = store.data_key(&dataset).unwrap();
    let mut transaction = store.begin().unwrap();
    transaction.destroy_key(&id).unwrap();
    transaction.commit(event(2)).unwrap();
    assert!(matches!(
        store.person_reference("4711"),
        Err(StoreError::KeyDestroyed { .. })
    ));
    assert_eq!(store.verify_log().unwrap().size, 2);
    assert_eq!(store.entry(0).unwrap().0.person, Some(reference));
    let sets: BTreeSet<_> = store.sets_holding(&reference).unwrap();
    assert!(sets.is_empty());
    assert_eq!(FileRole::Log.to_string(), "the log");
}
