//! What somebody changed behind the program's back is found and named.

use std::fs;

use domain::{DatasetId, Exit, Explain};

use super::{contract::copy_folder, *};
use crate::{
    Noun, ObjectRef, Record,
    rows::{Rows, RowsPlace, Seat},
};

/// An instance with studies `a` (two revisions) and `b`, one kept object and some plain events.
fn furnished() -> (Site, ObjectRef) {
    let (site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "a", &"first").unwrap();
    transaction.insert(Noun::Study, "b", &"other").unwrap();
    transaction.commit(event(1)).unwrap();

    let mut transaction = store.begin().unwrap();
    transaction.replace(Noun::Study, "a", 1, &"second").unwrap();
    let dataset = DatasetId::new("adult").unwrap();
    let (id, key) = transaction.create_key(&dataset).unwrap();
    let object = store
        .write_object(&key, "adult/1", |out| out.write_all(&vec![5; 3_000_000]))
        .unwrap();
    transaction.keep_object(&object, &id, "adult/1").unwrap();
    transaction.commit(event(2)).unwrap();
    store.record(event(3)).unwrap();
    drop(store);
    (site, object)
}

fn tamper(site: &Site, sql: &'static str) {
    let place = RowsPlace::File(site.home().join("rows.sqlite"));
    let mut rows = Rows::connect(&place, Seat::Writer).unwrap();
    assert!(rows.tamper(sql) > 0, "{sql}");
}

fn rows_error(site: &Site) -> String {
    let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
    let error = store.verify_rows().unwrap_err();
    assert_eq!(error.code().exit(), Exit::Gate);
    error.to_string()
}

#[test]
fn a_swapped_or_rolled_back_record_does_not_open() {
    for sql in [
        "UPDATE records SET sealed = (SELECT sealed FROM records WHERE id = 'b') \
         WHERE id = 'a' AND revision = 2",
        "UPDATE records SET sealed = (SELECT r.sealed FROM records r WHERE r.id = 'a' \
         AND r.revision = 1) WHERE id = 'a' AND revision = 2",
        "UPDATE records SET sealed = zeroblob(40) WHERE id = 'a' AND revision = 2",
        "UPDATE records SET sealed = x'' WHERE id = 'a' AND revision = 2",
    ] {
        let (site, _) = furnished();
        tamper(&site, sql);
        let store = site.open().unwrap();
        let error = store.find::<String>(Noun::Study, "a").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the study `a`, revision 2, was altered or moved"
        );
        assert_eq!(error.code().exit(), Exit::Gate);
        let other: Record<String> = store.find(Noun::Study, "b").unwrap().unwrap();
        assert_eq!(other.body, "other");
        drop(store);
        assert!(rows_error(&site).contains("`record|study|a|2` is not what was saved"));
    }
}

#[test]
fn rows_that_were_removed_added_or_renamed_are_named() {
    for (sql, expected) in [
        (
            "DELETE FROM records WHERE id = 'a' AND revision = 2",
            "`record|study|a|2` is missing",
        ),
        (
            "INSERT INTO records SELECT noun, 'c', revision, sealed, saved_by FROM records \
             WHERE id = 'b'",
            "`record|study|c|1` was never saved",
        ),
        ("UPDATE objects SET plain_len = 7", "is not what was saved"),
        ("DELETE FROM objects", "is missing"),
        (
            "UPDATE keys SET dataset = 'other' WHERE dataset IS NOT NULL",
            "was altered or moved",
        ),
        (
            "UPDATE commits SET changes = zeroblob(60) WHERE position = 1",
            "the list of changes of log entry 1 does not open",
        ),
        (
            "UPDATE commits SET transaction_id = 'x' WHERE position = 0",
            "name a row that is not there",
        ),
    ] {
        let (site, _) = furnished();
        tamper(&site, sql);
        let error = rows_error(&site);
        assert!(error.contains(expected), "{sql}: {error}");
    }
}

#[test]
fn a_key_moved_to_another_dataset_does_not_unwrap() {
    let (site, _) = furnished();
    tamper(
        &site,
        "UPDATE keys SET dataset = 'other' WHERE dataset IS NOT NULL",
    );
    let store = site.open().unwrap();
    assert!(matches!(
        store.data_key(&DatasetId::new("other").unwrap()),
        Err(StoreError::KeyDamaged { .. })
    ));
}

#[test]
fn a_database_put_back_to_an_older_copy_is_refused() {
    let (mut site, _) = furnished();
    let old = bytes(&site.home().join("rows.sqlite"));
    let store = site.restart();
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "c", &"third").unwrap();
    let lost = transaction.commit(event(4)).unwrap();
    store.record(event(5)).unwrap();
    drop(store);

    write(&site.home().join("rows.sqlite"), &old);
    let error = site.open().unwrap_err();
    assert!(matches!(error, StoreError::RowsRolledBack { position } if position == lost));
    let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
    store.verify_log().unwrap();
}

#[test]
fn an_older_database_hides_not_behind_an_abandoned_change() {
    let (mut site, _) = furnished();
    let old = bytes(&site.home().join("rows.sqlite"));
    let store = site.restart();
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "c", &"third").unwrap();
    transaction.commit(event(4)).unwrap();
    site.disk.die_at(crate::disk::Step::EventLogged);
    assert!(store.begin().unwrap().commit(event(5)).is_err());
    drop(store);
    let store = site.restart();
    assert_eq!(store.recovery().abandoned.len(), 1);
    drop(store);

    write(&site.home().join("rows.sqlite"), &old);
    assert!(matches!(
        site.open(),
        Err(StoreError::RowsRolledBack { .. })
    ));
}

/// Where the last entry of a log of fewer than ten entries ends; a checkpoint follows it.
fn last_entry(path: &Path) -> usize {
    let file = File::open(path).unwrap();
    let mut frames = crate::log::frames::Frames::new(file, 0).unwrap();
    let mut end = 0;
    while let Some(frame) = frames.read().unwrap() {
        if matches!(frame, crate::log::frames::Frame::Entry(..)) {
            end = usize::try_from(frames.offset()).unwrap();
        }
    }
    end
}

#[test]
fn every_cut_of_the_signed_log_is_refused_but_can_be_verified() {
    let (site, _) = furnished();
    let path = site.home().join("log/entries");
    let whole = bytes(&path);
    for length in (0..last_entry(&path)).step_by(11) {
        write(&path, &whole[..length]);
        let error = site.open().unwrap_err();
        assert!(matches!(error, StoreError::LogTruncated { signed: 3, .. }));
        assert_eq!(error.code(), crate::codes::LOG_TRUNCATED);

        let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
        let error = store.verify_log().unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::Log(audit::Broken::Missing { signed: 3, .. })
            ),
            "{error}"
        );
        assert_eq!(bytes(&path).len(), length, "verifying changes nothing");
    }
    write(&path, &whole);
    assert!(site.open().is_ok());
}

#[test]
fn a_log_cut_together_with_its_checkpoints_is_seen_by_the_database() {
    let (mut site, _) = furnished();
    let files = ["log/entries", "log/checkpoints"].map(|file| site.home().join(file));
    let old = files.each_ref().map(|file| bytes(file));
    let store = site.restart();
    store.begin().unwrap().commit(event(4)).unwrap();
    drop(store);
    for (file, old) in files.iter().zip(&old) {
        write(file, old);
    }
    assert!(matches!(
        site.open(),
        Err(StoreError::LogTruncated {
            found: 3,
            signed: 4
        })
    ));
}

#[test]
fn every_changed_byte_of_the_log_is_refused() {
    let (site, _) = furnished();
    let path = site.home().join("log/entries");
    let whole = bytes(&path);
    for position in (0..whole.len()).step_by(7) {
        let mut altered = whole.clone();
        altered[position] ^= 0x20;
        write(&path, &altered);
        // The last frame is a checkpoint that stands in its own file too: opening repairs it.
        if position < last_entry(&path) {
            let error = site.open().unwrap_err();
            assert_eq!(error.code().exit(), Exit::Gate, "{position}: {error}");
        }
        let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
        assert!(store.verify_log().is_err(), "{position}");
    }
}

/// The frame's own check is no protection against somebody who writes it anew.
#[test]
fn an_entry_rewritten_with_its_check_is_refused() {
    let (site, _) = furnished();
    let path = site.home().join("log/entries");
    let mut entries = Vec::new();
    for number in [1, 9, 3] {
        let framed = crate::log::frames::frame(event(number).encode().as_bytes(), &mut entries);
        assert!(framed.is_some());
    }
    write(&path, &entries);
    assert!(matches!(site.open(), Err(StoreError::LogAltered { .. })));
    let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
    assert!(matches!(
        store.verify_log(),
        Err(StoreError::Log(audit::Broken::Changed { first: 0, .. }))
    ));
}

#[test]
fn checkpoints_of_another_instance_or_none_are_refused() {
    let (site, _) = furnished();
    let (other, _) = furnished();
    let path = site.home().join("log/checkpoints");
    for foreign in [bytes(&other.home().join("log/checkpoints")), Vec::new()] {
        write(&path, &foreign);
        assert!(matches!(site.open(), Err(StoreError::LogAltered { .. })));
        let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
        assert!(store.verify_log().is_err());
    }
}

#[test]
fn every_damaged_object_is_named_with_its_segment() {
    let (site, object) = furnished();
    let path = crate::home::Home::new(&site.home()).object(&object.digest);
    let whole = bytes(&path);
    let store = site.open().unwrap();
    for position in [0, 40, 1_048_575, 1_048_576, 2_500_000, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[position] ^= 1;
        write(&path, &altered);
        let error = store.verify_objects(&mut |_, _| {}).unwrap_err();
        let expected = position as u64 >> 20;
        assert!(
            matches!(error, StoreError::ObjectDamaged { object: found, segment, offset }
                if found == object.digest && segment == expected && offset == expected << 20),
            "{position}: {error}"
        );
        let (_, key) = store.data_key(&DatasetId::new("adult").unwrap()).unwrap();
        assert!(store.read_object(&object, &key, "adult/1").is_err());
    }
    for length in [0, 1, 1_048_576, whole.len() - 1] {
        write(&path, &whole[..length]);
        assert!(matches!(
            store.verify_objects(&mut |_, _| {}),
            Err(StoreError::ObjectDamaged { .. })
        ));
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        store.verify_objects(&mut |_, _| {}),
        Err(StoreError::ObjectMissing { .. })
    ));
}

#[test]
fn one_object_cannot_stand_in_for_another() {
    let (mut site, first) = furnished();
    let store = site.restart();
    let dataset = DatasetId::new("adult").unwrap();
    let (id, key) = store.data_key(&dataset).unwrap();
    let second = store
        .write_object(&key, "adult/1", |out| out.write_all(b"other"))
        .unwrap();
    let mut transaction = store.begin().unwrap();
    transaction.keep_object(&second, &id, "adult/1").unwrap();
    transaction.commit(event(4)).unwrap();

    let home = crate::home::Home::new(&site.home());
    write(
        &home.object(&first.digest),
        &bytes(&home.object(&second.digest)),
    );
    assert!(matches!(
        store.read_object(&first, &key, "adult/1"),
        Err(StoreError::ObjectSwapped { .. })
    ));
}

#[test]
fn a_copy_of_the_folder_is_the_same_instance() {
    let (site, object) = furnished();
    let copy = site.parent().join("copy");
    copy_folder(&site.home(), &copy);
    let store = Store::open(&copy, &passphrase(), &CLOCK).unwrap();
    assert!(store.recovery().is_empty());
    store.verify_rows().unwrap();
    assert_eq!(store.verify_objects(&mut |_, _| {}).unwrap().objects, 1);
    let (_, key) = store.data_key(&DatasetId::new("adult").unwrap()).unwrap();
    assert_eq!(
        store.read_object(&object, &key, "adult/1").unwrap().len(),
        3_000_000
    );
}
