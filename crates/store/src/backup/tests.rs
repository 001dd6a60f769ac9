use std::{fs, path::PathBuf};

use domain::{DatasetId, KeyId, Timestamp};

use super::*;
use crate::{
    Noun, ObjectRef, Store, StoreError,
    tests::{CLOCK, Site, bytes, event, passphrase, write},
};

/// An instance with a record, a key and an object, and a folder for its backups.
struct House {
    site: Site,
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> (Self, Store) {
        let (site, store) = Site::new();
        let house = Self {
            site,
            folder: tempfile::tempdir().unwrap(),
        };
        (house, store)
    }

    fn folder(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    fn backup(&self) -> Backup {
        Backup::open_or_make(&self.folder()).unwrap()
    }

    fn take(&self, store: &Store) -> Taken {
        store.back_up(&self.backup(), NOW, &mut |_, _| {}).unwrap()
    }

    fn restore(&self, set: &SetId, name: &str) -> Result<(Restored, PathBuf), BackupError> {
        let home = self.folder.path().join(name);
        let known = Known::default();
        let passphrase = passphrase();
        let restored = restore(
            &self.backup(),
            set,
            &home,
            &passphrase,
            &known,
            &mut |_, _| {},
        )?;
        Ok((restored, home))
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_796_000_000_000);

fn dataset(name: &str) -> DatasetId {
    DatasetId::new(name).unwrap()
}

/// Keeps an object with some bytes under a new key of a dataset.
fn fill(store: &Store, name: &str, content: &[u8]) -> (KeyId, ObjectRef) {
    let mut transaction = store.begin().unwrap();
    let (id, key) = transaction.create_key(&dataset(name)).unwrap();
    let object = store
        .write_object(&key, name, |out| out.write_all(content))
        .unwrap();
    transaction.keep_object(&object, &id, name).unwrap();
    transaction
        .insert(Noun::Dataset, name, &name.len())
        .unwrap();
    transaction.commit(event(1)).unwrap();
    (id, object)
}

fn read(store: &Store, name: &str, object: &ObjectRef) -> Vec<u8> {
    let (_, key) = store.data_key(&dataset(name)).unwrap();
    store.read_object(object, &key, name).unwrap()
}

#[test]
fn what_was_backed_up_is_there_again_on_another_machine() {
    let (house, store) = House::new();
    let (_, object) = fill(&store, "adult", b"rows of adult");
    let taken = house.take(&store);
    assert_eq!(
        (taken.objects, taken.new_objects, taken.keys.len()),
        (1, 1, 2)
    );

    let (restored, home) = house.restore(&taken.set, "elsewhere").unwrap();
    assert_eq!(restored.entries, taken.entries);
    let again = Store::open(&home, &passphrase(), &CLOCK).unwrap();
    assert!(again.recovery().is_empty());
    assert_eq!(read(&again, "adult", &object), b"rows of adult");
    assert_eq!(again.checkpoint(), store.checkpoint());
    again.verify_log().unwrap();
    again.verify_rows().unwrap();
    again.verify_objects(&mut |_, _| {}).unwrap();
}

#[test]
fn a_second_set_copies_only_what_is_new() {
    let (house, store) = House::new();
    fill(&store, "adult", &vec![7; 3_000_000]);
    house.take(&store);
    let (_, object) = fill(&store, "notes", b"two");
    let taken = house.take(&store);

    assert_eq!((taken.objects, taken.new_objects), (2, 1));
    assert!(taken.new_bytes < 1_000);
    assert!(taken.new_log_files >= 1);
    let (_, home) = house.restore(&taken.set, "elsewhere").unwrap();
    let again = Store::open(&home, &passphrase(), &CLOCK).unwrap();
    assert_eq!(read(&again, "notes", &object), b"two");
    again.verify_rows().unwrap();
}

#[test]
fn every_damaged_or_missing_file_of_a_set_is_found() {
    let (house, store) = House::new();
    fill(&store, "adult", b"rows of adult");
    let taken = house.take(&store);
    let check = || {
        house
            .backup()
            .check(&taken.set, &passphrase(), &mut |_, _| {})
    };
    check().unwrap();
    let files = files_below(&house.folder());
    assert!(files.len() >= 6);
    for file in files {
        let whole = bytes(&file);
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            write(&file, &flipped);
            let open = Backup::open(&house.folder());
            let found = open.and_then(|_| check().map(drop));
            let harmless = file.starts_with(house.folder().join("sets"))
                && taken_still_reads_the_same(&house, &taken);
            assert!(found.is_err() || harmless, "{} at {at}", file.display());
        }
        fs::remove_file(&file).unwrap();
        assert!(Backup::open(&house.folder()).and_then(|_| check()).is_err());
        write(&file, &whole);
    }
    check().unwrap();
}

/// A flipped letter of the header that changes no meaning: the time, a count of bytes.
fn taken_still_reads_the_same(house: &House, taken: &Taken) -> bool {
    let header = house.backup().header(&taken.set);
    header.is_ok_and(|header| header.entries == taken.entries && header.objects == taken.objects)
}

fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn a_purged_key_is_in_no_set_and_the_others_still_open() {
    let (house, store) = House::new();
    let (gone, object) = fill(&store, "adult", b"rows of adult");
    let (_, other) = fill(&store, "notes", b"notes");
    house.take(&store);
    let taken = house.take(&store);
    let keys = [gone.to_string()];
    let backup = house.backup();
    assert_eq!(backup.sets_with_keys(&store, &keys).unwrap().len(), 2);

    let purged = backup.purge_keys(&store, &keys).unwrap();
    assert_eq!(
        (purged.sets, purged.rewritten.len(), purged.unopened.len()),
        (2, 2, 0)
    );
    assert!(backup.sets_with_keys(&store, &keys).unwrap().is_empty());

    let (restored, home) = house.restore(&taken.set, "elsewhere").unwrap();
    assert_eq!(restored.purged_keys, keys);
    let again = Store::open(&home, &passphrase(), &CLOCK).unwrap();
    assert!(matches!(
        again.data_key(&dataset("adult")),
        Err(StoreError::KeyDamaged { .. })
    ));
    assert_eq!(read(&again, "notes", &other), b"notes");

    let mut transaction = again.begin().unwrap();
    transaction.destroy_key(&gone).unwrap();
    transaction.commit(event(9)).unwrap();
    again.verify_rows().unwrap();
    assert!(
        again
            .open_object(
                &object,
                &seal::DataKey::generate(&mut seal::SystemEntropy::new()),
                "adult"
            )
            .is_ok_and(
                |mut reader| std::io::Read::read_to_end(&mut reader, &mut Vec::new()).is_err()
            )
    );
}

#[test]
fn an_older_set_is_not_restored_while_a_newer_log_is_known() {
    let (house, store) = House::new();
    let first = house.take(&store);
    fill(&store, "adult", b"rows");
    let published = store.checkpoint();
    let refused = |known: &Known| {
        let home = house.folder.path().join("never");
        restore(
            &house.backup(),
            &first.set,
            &home,
            &passphrase(),
            known,
            &mut |_, _| {},
        )
        .unwrap_err()
    };
    let known = Known {
        checkpoint: Some(published),
    };
    assert!(matches!(
        refused(&known),
        BackupError::BelowPublished {
            size: 0,
            published: 1
        }
    ));

    house.take(&store);
    let found = refused(&Known::default());
    assert!(
        matches!(found, BackupError::BelowPublished { .. }),
        "{found}"
    );
    assert!(!house.folder.path().join("never").exists());
}

#[test]
fn an_instance_that_was_put_back_does_not_continue_its_backup() {
    let (mut house, store) = House::new();
    let first = house.take(&store);
    drop(store);
    let (_, old) = house.restore(&first.set, "old").unwrap();
    let store = house.site.restart();
    fill(&store, "adult", b"rows");
    house.take(&store);

    let old = Store::open(&old, &passphrase(), &CLOCK).unwrap();
    let refused = old.back_up(&house.backup(), NOW, &mut |_, _| {});
    assert!(matches!(refused, Err(BackupError::Forked { kept: 1 })));
    fill(&old, "other", b"rows");
    let refused = old.back_up(&house.backup(), NOW, &mut |_, _| {});
    assert!(matches!(refused, Err(BackupError::Forked { kept: 1 })));
}

#[test]
fn strangers_are_refused() {
    let (house, store) = House::new();
    let taken = house.take(&store);
    let (_other, stranger) = Site::new();
    let refused = stranger.back_up(&house.backup(), NOW, &mut |_, _| {});
    assert!(matches!(refused, Err(BackupError::OtherInstance)));

    let wrong = seal::Passphrase::new("another passphrase");
    let refused = house.backup().check(&taken.set, &wrong, &mut |_, _| {});
    assert!(matches!(
        refused,
        Err(BackupError::Keystore(seal::KeyringError::WrongPassphrase))
    ));

    let full = tempfile::tempdir().unwrap();
    write(&full.path().join("letter.txt"), b"mine");
    assert!(matches!(
        Backup::open_or_make(full.path()),
        Err(BackupError::NotABackup)
    ));
    assert!(matches!("../x".parse::<SetId>(), Err(BackupError::NoSet)));
}

#[test]
fn a_backup_that_fails_anywhere_leaves_the_sets_that_were_there() {
    let (house, store) = House::new();
    fill(&store, "adult", b"rows of adult");
    let first = house.take(&store);
    fill(&store, "notes", b"notes");
    let mut failed = 0;
    for at in 0.. {
        let disk = std::sync::Arc::new(crate::disk::faults::Faulty::default());
        disk.plan(crate::disk::faults::Fault::Crash, at);
        let backup = Backup::open_or_make_on(&house.folder(), disk).unwrap();
        let taken = store.back_up(&backup, NOW, &mut |_, _| {});
        house
            .backup()
            .check(&first.set, &passphrase(), &mut |_, _| {})
            .unwrap();
        if let Ok(taken) = taken {
            let checked = house
                .backup()
                .check(&taken.set, &passphrase(), &mut |_, _| {});
            assert_eq!(checked.unwrap().objects, 2);
            break;
        }
        failed += 1;
    }
    assert!(failed > 10, "only {failed} places to fail");
    store.verify_rows().unwrap();
}
