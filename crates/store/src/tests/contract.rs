//! What every store promises, whatever it stands on.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
};

use domain::{DatasetId, Exit, Explain, KeyId};
use seal::{Argon2Cost, KeyringError, Passphrase};
use serde::{Deserialize, Serialize};

use super::*;
use crate::{CODES, Noun, Position, Record};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Study {
    title: String,
    persons: u64,
}

fn study(title: &str) -> Study {
    Study {
        title: title.to_owned(),
        persons: 12,
    }
}

fn dataset() -> DatasetId {
    DatasetId::new("adult").unwrap()
}

/// Saves one study.
fn save(store: &Store, id: &str, title: &str) -> Position {
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, id, &study(title)).unwrap();
    transaction.commit(event(1)).unwrap()
}

#[test]
pub(super) fn an_instance_is_there_as_a_whole_and_for_its_owner_only() {
    let (site, store) = Site::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&site.home()), 0o700);
    for file in [
        "keystore",
        "rows.sqlite",
        "log/entries",
        "log/checkpoints",
        "lock",
    ] {
        assert_eq!(mode(&site.home().join(file)), 0o600, "{file}");
    }
    assert_eq!(fs::read_dir(site.parent()).unwrap().count(), 1);
    assert_eq!(store.verify_log().unwrap().size, 0);
    assert!(store.recovery().is_empty());
}

#[test]
pub(super) fn a_folder_that_holds_something_is_not_taken() {
    let site = Site::empty();
    fs::create_dir(site.home()).unwrap();
    write(&site.home().join("letter"), b"dear");
    let error = site.create().unwrap_err();
    assert!(matches!(error, StoreError::FolderTaken));
    assert_eq!(error.code().exit(), Exit::Usage);
    assert_eq!(fs::read_dir(site.parent()).unwrap().count(), 1);

    let site = Site::empty();
    write(&site.home(), b"a file");
    assert!(matches!(site.create(), Err(StoreError::FolderTaken)));

    let site = Site::empty();
    fs::create_dir(site.home()).unwrap();
    assert!(site.create().is_ok());
}

#[test]
pub(super) fn a_short_passphrase_leaves_no_trace() {
    let site = Site::empty();
    let made = Store::create(&site.home(), &Passphrase::new("short"), Argon2Cost::light());
    assert!(matches!(
        made,
        Err(StoreError::Keystore(KeyringError::ShortPassphrase))
    ));
    assert_eq!(fs::read_dir(site.parent()).unwrap().count(), 0);
}

#[test]
pub(super) fn opening_needs_an_instance_and_its_passphrase() {
    let site = Site::empty();
    assert!(matches!(site.open(), Err(StoreError::NoInstance)));

    let (site, store) = Site::new();
    drop(store);
    let error = Store::open(&site.home(), &Passphrase::new("something else"), &CLOCK).unwrap_err();
    assert!(matches!(
        error,
        StoreError::Keystore(KeyringError::WrongPassphrase)
    ));
    assert_eq!(error.code(), KeyringError::WrongPassphrase.code());
}

#[test]
pub(super) fn a_second_process_is_told_to_wait() {
    let (site, store) = Site::new();
    let error = site.open().unwrap_err();
    assert!(matches!(error, StoreError::InUse));
    assert_eq!(
        error.to_string(),
        "the instance is in use by another cloister process"
    );
    drop(store);
    assert!(site.open().is_ok());
}

#[test]
pub(super) fn what_is_committed_is_found_again_after_a_restart() {
    let (mut site, store) = Site::new();
    let position = save(&store, "readmission", "first");
    drop(store);

    let store = site.restart();
    assert!(store.recovery().is_empty(), "{:?}", store.recovery());
    let found: Record<Study> = store.find(Noun::Study, "readmission").unwrap().unwrap();
    assert_eq!(
        found,
        Record {
            id: "readmission".to_owned(),
            revision: 1,
            position: Some(position),
            body: study("first")
        }
    );
    assert_eq!(store.find::<Study>(Noun::Study, "other").unwrap(), None);
    assert_eq!(store.find::<Study>(Noun::Run, "readmission").unwrap(), None);
}

#[test]
pub(super) fn a_transaction_sees_its_own_changes_and_nobody_else_does() {
    let (_site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "a", &study("x")).unwrap();
    let own: Record<Study> = transaction.find(Noun::Study, "a").unwrap().unwrap();
    assert_eq!((own.revision, own.position), (1, None));
    assert_eq!(store.list::<Study>(Noun::Study).unwrap(), []);
    drop(transaction);
    assert_eq!(store.list::<Study>(Noun::Study).unwrap(), []);
    assert_eq!(store.events(0).unwrap().count(), 0);
}

#[test]
pub(super) fn records_are_never_overwritten_unseen() {
    let (_site, store) = Site::new();
    save(&store, "a", "one");
    let mut transaction = store.begin().unwrap();
    let again = transaction.insert(Noun::Study, "a", &study("two"));
    assert!(matches!(again, Err(StoreError::RecordExists { .. })));
    let stale = transaction.replace(Noun::Study, "a", 7, &study("two"));
    assert!(matches!(
        stale,
        Err(StoreError::RecordMoved {
            expected: 7,
            found: 1,
            ..
        })
    ));
    let absent = transaction.replace(Noun::Study, "b", 1, &study("two"));
    assert!(matches!(absent, Err(StoreError::RecordMissing { .. })));
    assert_eq!(
        transaction
            .replace(Noun::Study, "a", 1, &study("two"))
            .unwrap(),
        2
    );
    transaction.commit(event(2)).unwrap();

    let history: Vec<Record<Study>> = store.history(Noun::Study, "a").unwrap();
    let told: Vec<(u64, &str)> = history
        .iter()
        .map(|record| (record.revision, record.body.title.as_str()))
        .collect();
    assert_eq!(told, [(1, "one"), (2, "two")]);
    let listed: Vec<Record<Study>> = store.list(Noun::Study).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].revision, 2);
}

#[test]
pub(super) fn a_document_of_another_shape_is_an_error_and_not_a_guess() {
    let (_site, store) = Site::new();
    save(&store, "a", "one");
    assert!(matches!(
        store.find::<Vec<u64>>(Noun::Study, "a"),
        Err(StoreError::RecordShape { .. })
    ));
    let mut transaction = store.begin().unwrap();
    let refused = transaction.insert(Noun::Study, "Ada Example", &study("x"));
    assert!(matches!(refused, Err(StoreError::IdRefused { .. })));
}

#[test]
pub(super) fn one_transaction_at_a_time() {
    let (_site, store) = Site::new();
    let first = store.begin().unwrap();
    assert!(matches!(store.begin(), Err(StoreError::TransactionOpen)));
    drop(first);

    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..5 {
                    save(store, &format!("s{thread}-{number}"), "x");
                    store.record(event(number)).unwrap();
                }
            });
        }
    });
    assert_eq!(store.list::<Study>(Noun::Study).unwrap().len(), 20);
    assert_eq!(store.verify_log().unwrap().size, 40);
    assert_eq!(store.verify_rows().unwrap().commits, 20);
}

#[test]
pub(super) fn events_are_read_back_from_any_position() {
    let (mut site, store) = Site::new();
    let events: Vec<Event> = (0..600).map(event).collect();
    let range = store.record_all(&events).unwrap();
    assert_eq!((range.start.index(), range.end.index()), (0, 600));
    assert_eq!(store.record(event(600)).unwrap().index(), 600);
    for store in [store, site_restart(&mut site)] {
        for from in [0, 1, 255, 256, 257, 511, 512, 600, 601, 9_999] {
            let read: Vec<(u64, Option<u64>)> = store
                .events(from)
                .unwrap()
                .map(|read| read.map(|(position, event)| (position.index(), event.rows)))
                .collect::<Result<_, _>>()
                .unwrap();
            let expected: Vec<(u64, Option<u64>)> = (from.min(601)..601)
                .map(|number| (number, Some(number)))
                .collect();
            assert_eq!(read, expected, "{from}");
        }
        drop(store);
    }
}

fn site_restart(site: &mut Site) -> Store {
    // The first store is still open: a copy of the folder is as good.
    let copy = site.parent().join("copy");
    copy_folder(&site.home(), &copy);
    Store::open(&copy, &passphrase(), &CLOCK).unwrap()
}

#[test]
pub(super) fn the_log_verifies_alone_and_as_an_export() {
    let (_site, store) = Site::new();
    save(&store, "a", "one");
    store.record_all(&[event(1), event(2)]).unwrap();
    let verified = store.verify_log().unwrap();
    assert_eq!((verified.size, verified.checkpoints), (3, 3));

    let key = seal::PublicKey::from_pem(&store.log_public_key_pem()).unwrap();
    let exported = audit::verify_export(&store.export_log().unwrap(), &key).unwrap();
    assert_eq!((exported.size, exported.root), (3, verified.root));
    let checkpoint = audit::Checkpoint::parse_and_verify(&store.checkpoint(), &key).unwrap();
    assert_eq!(checkpoint.root(), verified.root);

    let early = store.checkpoint_covering(1).unwrap().unwrap();
    assert_eq!(
        audit::Checkpoint::parse_and_verify(&early, &key)
            .unwrap()
            .size(),
        1
    );
    assert_eq!(
        store.checkpoint_covering(2).unwrap(),
        Some(store.checkpoint())
    );
    assert_eq!(store.checkpoint_covering(4).unwrap(), None);

    let statement = seal::PublicKey::from_pem(&store.statement_public_key_pem()).unwrap();
    let signature = store.sign_statement(b"this");
    assert!(statement.verify(b"this", &signature).is_ok());
}

#[test]
pub(super) fn the_commit_carries_its_transaction_and_plain_events_carry_none() {
    let (_site, store) = Site::new();
    save(&store, "a", "one");
    let lie = event(1).transaction(audit::Word::new("someone-elses").unwrap());
    store.record(lie).unwrap();
    let transactions: Vec<bool> = store
        .events(0)
        .unwrap()
        .map(|read| read.unwrap().1.transaction.is_some())
        .collect();
    assert_eq!(transactions, [true, false]);
}

#[test]
pub(super) fn nobody_but_recovery_tells_of_an_abandoned_change() {
    let (_site, store) = Site::new();
    let mut lie = event(1);
    lie.action = Action::Recover;
    lie.outcome = Outcome::Abandoned;
    assert!(matches!(
        store.record(lie.clone()),
        Err(StoreError::EntryRefused { .. })
    ));
    let transaction = store.begin().unwrap();
    assert!(matches!(
        transaction.commit(lie),
        Err(StoreError::EntryRefused { .. })
    ));
    assert!(store.begin().is_ok());
}

#[test]
pub(super) fn a_dataset_has_one_key_until_it_is_destroyed() {
    let (mut site, store) = Site::new();
    assert!(matches!(
        store.data_key(&dataset()),
        Err(StoreError::KeyMissing { .. })
    ));
    let mut transaction = store.begin().unwrap();
    let (id, key) = transaction.create_key(&dataset()).unwrap();
    assert_eq!(transaction.data_key(&dataset()).unwrap().0, id);
    assert!(matches!(
        transaction.create_key(&dataset()),
        Err(StoreError::KeyExists { .. })
    ));
    let object = store
        .write_object(&key, "adult/1", |out| out.write_all(b"rows"))
        .unwrap();
    transaction.keep_object(&object, &id, "adult/1").unwrap();
    transaction.commit(event(1)).unwrap();
    drop(store);

    let store = site.restart();
    let (found, key) = store.data_key(&dataset()).unwrap();
    assert_eq!(found, id);
    assert_eq!(
        store.read_object(&object, &key, "adult/1").unwrap(),
        b"rows"
    );

    let mut transaction = store.begin().unwrap();
    transaction.destroy_key(&id).unwrap();
    transaction.commit(event(2)).unwrap();
    assert!(matches!(
        store.data_key(&dataset()),
        Err(StoreError::KeyDestroyed { .. })
    ));
    store.verify_rows().unwrap();

    let mut transaction = store.begin().unwrap();
    let stranger = KeyId::new("stranger").unwrap();
    assert!(matches!(
        transaction.destroy_key(&stranger),
        Err(StoreError::KeyUnknown { .. })
    ));
    let (second, _) = transaction.create_key(&dataset()).unwrap();
    transaction.commit(event(3)).unwrap();
    assert_eq!(store.data_key(&dataset()).unwrap().0, second);
    assert_eq!(store.verify_rows().unwrap().keys, 2);
}

#[test]
pub(super) fn objects_of_every_length_come_back_and_open_only_in_their_place() {
    let (_site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    let (id, key) = transaction.create_key(&dataset()).unwrap();
    for length in [0, 1, 1_048_520, 1_048_521, 3_000_000] {
        let plain: Vec<u8> = (0..=250).cycle().take(length).collect();
        let object = store
            .write_object(&key, "adult/1", |out| out.write_all(&plain))
            .unwrap();
        assert_eq!(object.plain_len, length as u64);
        let file = bytes(&crate::home::Home::new(store.home()).object(&object.digest));
        assert_eq!(object.sealed_len, file.len() as u64);
        assert_eq!(object.digest, seal::digest(&file));

        let mut read = Vec::new();
        let mut reader = store.open_object(&object, &key, "adult/1").unwrap();
        reader.read_to_end(&mut read).unwrap();
        assert!(read == plain, "{length}");
        assert!(matches!(
            store.read_object(&object, &key, "adult/2"),
            Err(StoreError::Unopened { .. })
        ));
        transaction.keep_object(&object, &id, "adult/1").unwrap();
        transaction.keep_object(&object, &id, "adult/1").unwrap();
    }
    transaction.commit(event(1)).unwrap();
    let mut steps = Vec::new();
    let verified = store
        .verify_objects(&mut |done, all| steps.push((done, all)))
        .unwrap();
    assert_eq!(verified.objects, 5);
    assert_eq!(steps.last(), Some(&(verified.bytes, verified.bytes)));
}

#[test]
pub(super) fn what_is_not_kept_is_gone_at_the_next_start() {
    let (mut site, store) = Site::new();
    let key = seal::DataKey::generate(&mut seal::SystemEntropy::new());
    let object = store
        .write_object(&key, "x", |out| out.write_all(b"rows"))
        .unwrap();
    write(&site.home().join("tmp/leftover"), b"half");
    drop(store);

    let store = site.restart();
    assert_eq!(store.recovery().orphans, 2);
    assert!(matches!(
        store.open_object(&object, &key, "x"),
        Err(StoreError::ObjectMissing { .. })
    ));
    let mut transaction = store.begin().unwrap();
    let (id, _) = transaction.create_key(&dataset()).unwrap();
    assert!(matches!(
        transaction.keep_object(&object, &id, "x"),
        Err(StoreError::ObjectMissing { .. })
    ));
}

#[test]
pub(super) fn a_writer_that_gives_up_leaves_nothing() {
    let (site, store) = Site::new();
    let key = seal::DataKey::generate(&mut seal::SystemEntropy::new());
    let gave_up = store.write_object(&key, "x", |out| {
        out.write_all(&vec![7; 2_000_000])?;
        Err(io::Error::other("no more"))
    });
    assert!(matches!(gave_up, Err(StoreError::Caller(_))));
    assert_eq!(fs::read_dir(site.home().join("tmp")).unwrap().count(), 0);
    assert!(store.begin().is_ok());
}

#[test]
pub(super) fn a_store_opened_to_verify_takes_no_changes() {
    let (site, store) = Site::new();
    save(&store, "a", "one");
    drop(store);
    let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
    assert!(matches!(store.begin(), Err(StoreError::VerifyOnly)));
    assert!(matches!(
        store.record(event(1)),
        Err(StoreError::VerifyOnly)
    ));
    store.verify_log().unwrap();
    store.verify_rows().unwrap();
    assert_eq!(store.list::<Study>(Noun::Study).unwrap().len(), 1);
}

#[test]
pub(super) fn codes_are_in_this_rooms_range_and_used_once() {
    let mut numbers: Vec<u16> = CODES.iter().map(|code| code.number()).collect();
    assert!(numbers.iter().all(|number| (3101..3200).contains(number)));
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), count);
}

pub(super) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

#[test]
fn what_is_not_encrypted_parquet_is_not_kept_as_such() {
    let (site, store) = Site::new();
    for bytes in [
        &b"PAR1 in plain text PAR1"[..],
        b"name,ssn",
        b"PARE begins well, ends in plain text",
        b"PAR",
        b"",
    ] {
        let kept = store.write_encrypted_parquet(|out| {
            for piece in bytes.chunks(3) {
                out.write_all(piece)?;
            }
            Ok(())
        });
        assert!(
            matches!(
                kept,
                Err(StoreError::NotEncrypted { .. } | StoreError::Caller(_))
            ),
            "{kept:?}"
        );
    }
    assert_eq!(fs::read_dir(site.home().join("tmp")).unwrap().count(), 0);
    let object = store
        .write_encrypted_parquet(|out| out.write_all(b"PARE sealed PARE"))
        .unwrap();
    assert_eq!(store.read_sealed(&object).unwrap(), b"PARE sealed PARE");
}

#[test]
fn an_object_is_read_from_any_place() {
    let (_site, store) = Site::new();
    let key = seal::DataKey::generate(&mut seal::SystemEntropy::new());
    let plain: Vec<u8> = (0..=250_u8).cycle().take(3_000_000).collect();
    let object = store
        .write_object(&key, "notes", |out| out.write_all(&plain))
        .unwrap();
    let mut opened = store.open_object_at(&object, &key, "notes").unwrap();
    let mut piece = [0; 1000];
    io::Seek::seek(&mut opened, io::SeekFrom::Start(2_500_000)).unwrap();
    opened.read_exact(&mut piece).unwrap();
    assert!(piece == plain[2_500_000..2_501_000]);
    assert!(store.open_object_at(&object, &key, "other").is_err());
}

#[test]
fn orphans_are_what_nothing_keeps_and_only_they_are_collected() {
    let (site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    let (id, key) = transaction.create_key(&dataset()).unwrap();
    let kept = store
        .write_object(&key, "a", |out| out.write_all(b"kept"))
        .unwrap();
    transaction.keep_object(&kept, &id, "a").unwrap();
    transaction.commit(event(1)).unwrap();
    // Written here and perhaps still to be kept: no orphan yet.
    store
        .write_object(&key, "b", |out| out.write_all(b"not kept"))
        .unwrap();
    assert_eq!(store.orphans().unwrap(), []);
    let stray = site.home().join("objects/zz");
    fs::create_dir(&stray).unwrap();
    write(&stray.join("stray"), b"left over");
    let orphans = store.orphans().unwrap();
    assert_eq!(orphans.len(), 1);
    assert_eq!(
        (orphans[0].name.as_str(), orphans[0].bytes),
        ("zz/stray", 9)
    );

    let of_kept = store
        .shelved()
        .unwrap()
        .into_iter()
        .find(|shelved| shelved.object == Some(kept.digest))
        .unwrap();
    assert!(matches!(
        store.collect(&of_kept),
        Err(StoreError::ObjectKept { .. })
    ));
    store.collect(&orphans[0]).unwrap();
    assert_eq!(store.orphans().unwrap(), []);
    assert_eq!(store.read_object(&kept, &key, "a").unwrap(), b"kept");
}
