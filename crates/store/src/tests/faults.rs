//! Full disks, failing media and killed processes.

use std::fs;

use domain::{DatasetId, Explain};

use super::*;
use crate::{
    FileRole, Noun, Record,
    disk::{
        Step,
        faults::{Fault, Faulty},
    },
};

/// What one working session acknowledged.
#[derive(Debug, Default)]
struct Acknowledged {
    records: Vec<String>,
    /// Numbers of events that stand in the log.
    events: Vec<u64>,
    objects: u64,
}

fn adult() -> DatasetId {
    DatasetId::new("adult").unwrap()
}

/// Saves, records and writes objects until something fails or all is done.
fn work(store: &Store, done: &mut Acknowledged) -> Result<(), StoreError> {
    let (key_id, key) = {
        let mut transaction = store.begin()?;
        let made = transaction.create_key(&adult())?;
        transaction.commit(event(0))?;
        done.events.push(0);
        made
    };
    for number in 1..4 {
        let object =
            store.write_object(&key, "adult/1", |out| out.write_all(&vec![7; 1_500_000]))?;
        let id = format!("step-{number}");
        let mut transaction = store.begin()?;
        transaction.insert(Noun::Step, &id, &number)?;
        transaction.keep_object(&object, &key_id, "adult/1")?;
        transaction.commit(event(number))?;
        done.records.push(id);
        done.events.push(number);
        done.objects += 1;
        store.record_all(&[event(number + 100), event(number + 200)])?;
        done.events.extend([number + 100, number + 200]);
    }
    Ok(())
}

/// After a restart: nothing acknowledged is lost, everything verifies, nothing half-done shows.
fn check(store: &Store, done: &Acknowledged) {
    store.verify_log().unwrap();
    let rows = store.verify_rows().unwrap();
    let objects = store.verify_objects(&mut |_, _| {}).unwrap();
    let records: Vec<Record<u64>> = store.list(Noun::Step).unwrap();
    assert_eq!(objects.objects, records.len() as u64);
    assert!(objects.objects >= done.objects);
    for id in &done.records {
        assert!(records.iter().any(|record| record.id == *id), "{id}");
    }
    let events: Vec<Event> = store
        .events(0)
        .unwrap()
        .map(|read| read.unwrap().1)
        .collect();
    for number in &done.events {
        assert!(events.iter().any(|event| event.rows == Some(*number)));
    }
    let told = events
        .iter()
        .filter(|event| event.transaction.is_some() && event.outcome == Outcome::Done)
        .count() as u64;
    let abandoned = events
        .iter()
        .filter(|event| event.outcome == Outcome::Abandoned)
        .count() as u64;
    assert_eq!(told, rows.commits + abandoned);
    check_folders(store, records.len());
}

fn check_folders(store: &Store, objects: usize) {
    let count = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(count(&store.home().join("tmp")), 0);
    let shelves = fs::read_dir(store.home().join("objects")).unwrap();
    let files: usize = shelves.map(|shelf| count(&shelf.unwrap().path())).sum();
    assert_eq!(files, objects);
}

#[test]
pub(super) fn a_process_killed_at_any_write_loses_nothing_acknowledged() {
    let calls = {
        let (site, store) = Site::new();
        let before = site.disk.seen();
        work(&store, &mut Acknowledged::default()).unwrap();
        site.disk.seen() - before
    };
    assert!(calls > 50, "{calls}");
    for left in 0..calls {
        let (mut site, store) = Site::new();
        let mut done = Acknowledged::default();
        site.disk.plan(Fault::Crash, left);
        // Two objects on one shelf need fewer calls: then the last ones are never reached.
        let finished = work(&store, &mut done).is_ok();
        // After the last wait for the medium all is done, whatever happens to the process.
        assert!(finished || site.disk.died(), "{left}");
        assert!(!finished || left + 12 > calls, "{left}");
        drop(store);

        let store = site.restart();
        check(&store, &done);
        store.record(event(9)).unwrap();
        drop(store);
        assert!(site.restart().recovery().is_empty());
    }
}

#[test]
pub(super) fn a_process_killed_between_log_and_rows_leaves_an_abandoned_change() {
    let (mut site, store) = Site::new();
    site.disk.die_at(Step::EventLogged);
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "a", &"x").unwrap();
    assert!(transaction.commit(event(1)).is_err());
    drop(store);

    let store = site.restart();
    assert_eq!(store.recovery().abandoned.len(), 1);
    assert_eq!(store.find::<String>(Noun::Study, "a").unwrap(), None);
    let events: Vec<Event> = store
        .events(0)
        .unwrap()
        .map(|read| read.unwrap().1)
        .collect();
    let [tried, abandoned] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(abandoned.action, Action::Recover);
    assert_eq!(abandoned.outcome, Outcome::Abandoned);
    assert_eq!(abandoned.transaction, tried.transaction);
    assert_eq!(abandoned.object, tried.object);
    store.verify_log().unwrap();

    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "a", &"x").unwrap();
    transaction.commit(event(2)).unwrap();
}

#[test]
pub(super) fn a_process_killed_between_rows_and_checkpoint_has_saved() {
    let (mut site, store) = Site::new();
    site.disk.die_at(Step::RowsSaved);
    let mut transaction = store.begin().unwrap();
    transaction.insert(Noun::Study, "a", &"x").unwrap();
    let error = transaction.commit(event(1)).unwrap_err();
    assert!(matches!(error, StoreError::Unconfirmed { .. }));
    assert!(matches!(store.begin(), Err(StoreError::Fenced { .. })));
    drop(store);

    let store = site.restart();
    assert!(store.recovery().confirmed);
    assert!(store.recovery().abandoned.is_empty());
    assert!(store.find::<String>(Noun::Study, "a").unwrap().is_some());
    assert_eq!(store.verify_log().unwrap().size, 1);
}

#[test]
pub(super) fn a_process_killed_during_recovery_recovers_the_next_time() {
    for left in 0..6 {
        let (mut site, store) = Site::new();
        store.record(event(0)).unwrap();
        site.disk.die_at(Step::EventLogged);
        assert!(store.begin().unwrap().commit(event(1)).is_err());
        drop(store);

        site.disk = Arc::new(Faulty::default());
        site.disk.plan(Fault::Crash, left);
        drop(site.open());
        let store = site.restart();
        let told: Vec<Outcome> = store
            .events(0)
            .unwrap()
            .map(|read| read.unwrap().1.outcome)
            .collect();
        assert_eq!(told, [Outcome::Done, Outcome::Done, Outcome::Abandoned]);
        store.verify_log().unwrap();
    }
}

#[test]
pub(super) fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    for fault in [Fault::Full, Fault::Short] {
        for left in 0..30 {
            let (mut site, store) = Site::new();
            let mut done = Acknowledged::default();
            site.disk.plan(fault, left);
            let Err(error) = work(&store, &mut done) else {
                continue;
            };
            if !matches!(error, StoreError::Unconfirmed { .. }) {
                assert!(matches!(error, StoreError::NoSpace { .. }), "{error}");
                assert_eq!(error.code(), crate::codes::NO_SPACE);
                assert!(error.help().contains("free some space"));
            }
            assert_eq!(fs::read_dir(site.home().join("tmp")).unwrap().count(), 0);

            site.disk.mend();
            if store.begin().is_ok() {
                store.record(event(77)).unwrap();
                done.events.push(77);
                store.verify_log().unwrap();
            }
            drop(store);
            check(&site.restart(), &done);
        }
    }
}

#[test]
pub(super) fn objects_stop_before_the_disk_is_full_and_the_log_still_writes() {
    let (mut site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    let (id, key) = transaction.create_key(&adult()).unwrap();
    transaction.commit(event(0)).unwrap();
    let small = store
        .write_object(&key, "adult/1", |out| out.write_all(&[7; 1000]))
        .unwrap();

    site.disk.leave_free(60 << 20);
    let refused = store.write_object(&key, "adult/1", |out| out.write_all(&[7; 1000]));
    assert!(matches!(refused, Err(StoreError::NoSpace { .. })));
    assert_eq!(fs::read_dir(site.home().join("tmp")).unwrap().count(), 0);
    let mut transaction = store.begin().unwrap();
    transaction.keep_object(&small, &id, "adult/1").unwrap();
    transaction.commit(event(1)).unwrap();
    store.record(event(2)).unwrap();

    // Space that runs out while an object grows is seen before it is gone.
    site.disk.mend();
    let disk = Arc::clone(&site.disk);
    let refused = store.write_object(&key, "adult/1", |out| {
        out.write_all(&vec![7; 20 << 20])?;
        disk.leave_free(60 << 20);
        out.write_all(&vec![7; 20 << 20])
    });
    assert!(matches!(refused, Err(StoreError::NoSpace { .. })));
    site.disk.mend();
    drop(store);
    let store = site.restart();
    assert_eq!(store.verify_objects(&mut |_, _| {}).unwrap().objects, 1);
    assert!(store.orphans().unwrap().is_empty());
}

#[test]
pub(super) fn a_failing_medium_stops_all_writing() {
    for left in 0..12 {
        let (mut site, store) = Site::new();
        let mut done = Acknowledged::default();
        site.disk.plan(Fault::Sync, left);
        assert!(work(&store, &mut done).is_err());

        assert!(matches!(store.begin(), Err(StoreError::Fenced { .. })));
        assert!(matches!(
            store.record(event(1)),
            Err(StoreError::Fenced { .. })
        ));
        let key = seal::DataKey::generate(&mut seal::SystemEntropy::new());
        assert!(matches!(
            store.write_object(&key, "x", |_| Ok(())),
            Err(StoreError::Fenced { .. })
        ));
        drop(store);
        check(&site.restart(), &done);
    }
}

#[test]
pub(super) fn a_half_made_instance_is_never_visible() {
    let calls = {
        let (site, _store) = Site::new();
        site.disk.seen()
    };
    for fault in Fault::ALL {
        for left in 0..calls {
            let mut site = Site::empty();
            site.disk.plan(fault, left);
            let made = site.create().is_ok();
            site.disk = Arc::new(Faulty::default());
            match site.open() {
                Ok(store) => check(&store, &Acknowledged::default()),
                Err(StoreError::NoInstance) => {
                    assert!(!made);
                    site.create().unwrap();
                }
                Err(error) => panic!("{fault:?} {left}: {error}"),
            }
            assert_eq!(fs::read_dir(site.parent()).unwrap().count(), 1);
        }
    }
}

#[test]
pub(super) fn a_site_left_by_a_killed_process_is_cleared_away() {
    let site = Site::empty();
    let left = site.parent().join(".instance.new-0123");
    fs::create_dir(&left).unwrap();
    write(&left.join("lock"), b"");
    write(&left.join("keystore"), b"half");
    let _store = site.create().unwrap();
    assert!(!left.exists());
}

#[test]
pub(super) fn a_torn_entry_is_cut_and_told() {
    let (mut site, store) = Site::new();
    store.record(event(1)).unwrap();
    drop(store);
    let path = site.home().join("log/entries");
    let whole = bytes(&path);
    let mut torn = whole.clone();
    torn.extend_from_slice(&whole[..100]);
    write(&path, &torn);

    let store = site.restart();
    assert_eq!(store.recovery().torn_bytes, 100);
    assert_eq!(bytes(&path), whole);
    store.record(event(2)).unwrap();
    assert_eq!(store.verify_log().unwrap().size, 2);
}

#[test]
pub(super) fn a_file_error_names_the_role_and_not_the_path() {
    let error = StoreError::file(FileRole::Log, std::io::Error::other("x"));
    assert_eq!(error.to_string(), "the log cannot be read or written");
}
