//! Thousands of faults, each at its own point of a working session: nothing acknowledged is lost,
//! nothing is verified that should not be, and the next start always finds a clear state.
//!
//! `CLOISTER_FAULT_POINTS` says how many points each group visits at least (nightly: more).
#![expect(
    clippy::unwrap_in_result,
    reason = "a session ends with the store's errors and stops at its own"
)]

use std::{collections::BTreeMap, env, fs};

use domain::{DatasetId, Entropy, Exit, Explain, KeyId};
use seal::SeededEntropy;

use super::{contract::copy_folder, *};
use crate::{
    Noun, ObjectRef, Record,
    disk::faults::{Fault, Loss},
};

/// What a session was told is safe.
#[derive(Debug, Default)]
struct Safe {
    /// The newest body of each record.
    records: BTreeMap<String, u64>,
    objects: Vec<(ObjectRef, DatasetId, u64)>,
    keys: Vec<DatasetId>,
    shredded: Vec<DatasetId>,
    events: u64,
}

/// A session that follows from its seed.
struct Session<'s> {
    store: &'s Store,
    draw: SeededEntropy,
    safe: &'s mut Safe,
}

impl Session<'_> {
    fn work(&mut self) -> Result<(), StoreError> {
        self.dataset(0)?;
        for number in 1..7 {
            match self.draw.next_u64() % 6 {
                0 => self.dataset(number)?,
                1 => self.shred()?,
                2 => self.events()?,
                3 => self.revise(number)?,
                _ => self.object(number)?,
            }
        }
        Ok(())
    }

    fn dataset(&mut self, number: u64) -> Result<(), StoreError> {
        let dataset = DatasetId::new(format!("d{number}")).unwrap();
        let mut transaction = self.store.begin()?;
        transaction.create_key(&dataset)?;
        transaction.commit(event(number))?;
        self.safe.events += 1;
        self.safe.keys.push(dataset);
        Ok(())
    }

    fn object(&mut self, number: u64) -> Result<(), StoreError> {
        let Some(dataset) = self.safe.keys.last().cloned() else {
            return self.dataset(number);
        };
        let (key_id, key): (KeyId, _) = self.store.data_key(&dataset)?;
        let fill = self.draw.next_u64();
        let length = usize::try_from(fill % 90_000).unwrap();
        let object = self.store.write_object(&key, "place", |out| {
            out.write_all(&vec![low_byte(fill); length])
        })?;
        let mut transaction = self.store.begin()?;
        transaction.insert(Noun::Step, &format!("s{number}"), &fill)?;
        transaction.keep_object(&object, &key_id, "place")?;
        transaction.commit(event(number))?;
        self.safe.events += 1;
        self.safe.records.insert(format!("s{number}"), fill);
        self.safe.objects.push((object, dataset, fill));
        Ok(())
    }

    fn revise(&mut self, number: u64) -> Result<(), StoreError> {
        let Some((id, _)) = self.safe.records.pop_last() else {
            return self.object(number);
        };
        let mut transaction = self.store.begin()?;
        let found: Record<u64> = transaction.find(Noun::Step, &id)?.unwrap();
        // Until it is acknowledged, both bodies are right.
        let body = found.body.wrapping_add(1);
        transaction.replace(Noun::Step, &id, found.revision, &body)?;
        transaction.commit(event(number))?;
        self.safe.events += 1;
        self.safe.records.insert(id, body);
        Ok(())
    }

    fn shred(&mut self) -> Result<(), StoreError> {
        if self.safe.keys.len() < 2 {
            return self.events();
        }
        let dataset = self.safe.keys.remove(0);
        let (key, _) = self.store.data_key(&dataset)?;
        self.safe.objects.retain(|(_, owner, _)| *owner != dataset);
        let mut transaction = self.store.begin()?;
        transaction.destroy_key(&key)?;
        transaction.commit(event(0))?;
        self.safe.events += 1;
        self.safe.shredded.push(dataset);
        Ok(())
    }

    fn events(&mut self) -> Result<(), StoreError> {
        self.store.record_all(&[event(7), event(8), event(9)])?;
        self.safe.events += 3;
        Ok(())
    }
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

fn session(store: &Store, seed: u64, safe: &mut Safe) -> Result<(), StoreError> {
    Session {
        store,
        draw: SeededEntropy::new(seed),
        safe,
    }
    .work()
}

/// Everything that was acknowledged is there and everything verifies.
fn check(store: &Store, safe: &Safe, told: &str) {
    store
        .verify_rows()
        .unwrap_or_else(|error| panic!("{told}: {error}"));
    assert!(store.verify_log().unwrap().size >= safe.events, "{told}");
    store.verify_objects(&mut |_, _| {}).unwrap();
    assert!(store.orphans().unwrap().is_empty(), "{told}");
    compare(store, safe, told);
}

fn compare(store: &Store, safe: &Safe, told: &str) {
    for (id, body) in &safe.records {
        let found: Option<Record<u64>> = store.find(Noun::Step, id).unwrap();
        assert_eq!(found.map(|record| record.body), Some(*body), "{told}: {id}");
    }
    for dataset in &safe.keys {
        assert!(store.data_key(dataset).is_ok(), "{told}: {dataset}");
    }
    for dataset in &safe.shredded {
        let found = store.data_key(dataset);
        assert!(
            matches!(found, Err(StoreError::KeyDestroyed { .. })),
            "{told}: {dataset}"
        );
    }
    for (object, dataset, fill) in &safe.objects {
        let (_, key) = store.data_key(dataset).unwrap();
        let plain = store.read_object(object, &key, "place").unwrap();
        assert!(plain.iter().all(|byte| *byte == low_byte(*fill)), "{told}");
        assert_eq!(plain.len() as u64, fill % 90_000, "{told}");
    }
}

/// How many points a group visits at least.
fn points(share: u64) -> u64 {
    env::var_os("CLOISTER_FAULT_POINTS")
        .and_then(|word| word.to_str()?.parse().ok())
        .map_or(share, |whole: u64| whole * share / ALL_SHARES)
}

/// Visits points of sessions with each fault until enough were struck.
fn visit(faults: &[Fault], share: u64) {
    let wanted = points(share);
    let mut struck = 0;
    for seed in 0.. {
        for fault in faults {
            for left in (seed % STRIDE..).step_by(usize::try_from(STRIDE).unwrap()) {
                if !visit_one(seed, *fault, left) {
                    break;
                }
                struck += 1;
            }
        }
        if struck >= wanted {
            break;
        }
    }
    assert!(struck >= wanted, "{struck} of {wanted} points");
}

/// One session with one fault; says whether the fault happened.
fn visit_one(seed: u64, fault: Fault, left: u64) -> bool {
    let told = format!("seed {seed}, {fault:?} after {left}");
    let (mut site, store) = Site::new();
    let mut safe = Safe::default();
    site.disk.plan(fault, left);
    let ended = session(&store, seed, &mut safe);
    let struck = site.disk.struck();
    assert!(struck || ended.is_ok(), "{told}: {ended:?}");
    drop(store);
    let store = site.restart();
    check(&store, &safe, &told);
    store.record(event(1)).unwrap();
    drop(store);
    assert!(site.restart().recovery().is_empty(), "{told}");
    struck
}

#[test]
fn points_where_the_process_dies_lose_nothing() {
    visit(&[Fault::Crash], 200);
}

#[test]
fn points_where_the_power_fails_lose_nothing() {
    visit(
        &[Fault::PowerCut(Loss::All), Fault::PowerCut(Loss::Half)],
        200,
    );
}

#[test]
fn points_where_the_power_tears_a_write_lose_nothing() {
    visit(
        &[
            Fault::PowerCut(Loss::LastByte),
            Fault::PowerCut(Loss::Zeros),
        ],
        200,
    );
}

#[test]
fn points_where_the_disk_is_full_lose_nothing() {
    visit(&[Fault::Full, Fault::Short], 200);
}

#[test]
fn points_where_the_disk_refuses_lose_nothing() {
    visit(&[Fault::Broken, Fault::Sync, Fault::Rename], 200);
}

/// Changes one place of one file in one way.
#[derive(Clone, Copy, Debug)]
enum Change {
    Flip,
    ZeroSector,
    Cut,
}

/// Any change of any file: refused with a reason, or named by a verification, or without effect.
/// What verifies is what was acknowledged.
fn alter(files: &[&str], share: u64) {
    let (mut site, store) = Site::new();
    let mut safe = Safe::default();
    session(&store, 5, &mut safe).unwrap();
    session_more(&store, &mut safe);
    drop(store);
    drop(site.restart());
    let mut draw = SeededEntropy::new(99);
    let mut named = 0;
    let wanted = points(share);
    for point in 0..wanted {
        let file = files[usize::try_from(point).unwrap() % files.len()];
        let path = site.home().join(file);
        let path = if path.is_dir() {
            any_object(&path)
        } else {
            path
        };
        let whole = bytes(&path);
        let at = usize::try_from(draw.next_u64()).unwrap_or(0) % whole.len().max(1);
        let change = [Change::Flip, Change::ZeroSector, Change::Cut]
            [usize::try_from(draw.next_u64() % 3).unwrap()];
        write(&path, &changed(&whole, at, change));
        let told = format!("{change:?} of {} at {at}", path.display());
        named += u64::from(!holds(&site, &safe, &told));
        restore(&site, &path, &whole);
    }
    assert!(named * 3 > wanted, "only {named} of {wanted} changes told");
    let store = site.restart();
    check(&store, &safe, "restored");
}

/// Enough rows for more than one page of the database.
fn session_more(store: &Store, safe: &mut Safe) {
    let mut transaction = store.begin().unwrap();
    for number in 100..160 {
        let id = format!("s{number}");
        transaction.insert(Noun::Step, &id, &number).unwrap();
        safe.records.insert(id, number);
    }
    transaction.commit(event(1)).unwrap();
    safe.events += 1;
}

fn any_object(folder: &Path) -> std::path::PathBuf {
    let shelf = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    fs::read_dir(shelf).unwrap().next().unwrap().unwrap().path()
}

fn changed(whole: &[u8], at: usize, change: Change) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    match change {
        Change::Flip => bytes[at] ^= 1 << (at % 8),
        Change::ZeroSector => {
            let end = (at + 512).min(bytes.len());
            bytes[at..end].fill(0);
        }
        Change::Cut => bytes.truncate(at),
    }
    bytes
}

/// Whether the instance opens and verifies; then everything acknowledged must be there. It is
/// opened to verify, which repairs nothing.
fn holds(site: &Site, safe: &Safe, told: &str) -> bool {
    let opened = Store::open_to_verify(&site.home(), &passphrase());
    let store = match opened {
        Ok(store) => store,
        Err(error) => {
            assert!(!error.help().is_empty(), "{told}: {error}");
            return false;
        }
    };
    let verified = store.verify_rows().is_ok()
        && store.verify_log().is_ok()
        && store.verify_objects(&mut |_, _| {}).is_ok();
    if verified {
        compare(&store, safe, told);
    }
    verified
}

fn restore(site: &Site, path: &Path, whole: &[u8]) {
    write(path, whole);
    for side in ["rows.sqlite-wal", "rows.sqlite-shm"] {
        // Left by a connection that could not close in order.
        drop(fs::remove_file(site.home().join(side)));
    }
}

#[test]
fn points_where_keystore_or_objects_were_altered_are_told() {
    alter(&["keystore", "objects"], 300);
}

#[test]
fn points_where_the_database_was_altered_are_told() {
    alter(&["rows.sqlite"], 300);
}

/// A medium that lied about waiting loses the end of SQLite's write-ahead log: what was
/// acknowledged is missed by the log and the loss named, or nothing is missing.
#[test]
fn points_where_the_database_lost_its_newest_writes_are_told() {
    let (site, store) = Site::new();
    let mut safe = Safe::default();
    session(&store, 3, &mut safe).unwrap();
    let wal = bytes(&site.home().join("rows.sqlite-wal"));
    let wanted = points(100);
    let mut named = 0;
    let step = (wal.len() as u64 / wanted).max(1);
    for point in 0..wanted {
        let copy = site.parent().join("copy");
        drop(fs::remove_dir_all(&copy));
        copy_folder(&site.home(), &copy);
        drop(fs::remove_file(copy.join("rows.sqlite-shm")));
        let kept = usize::try_from(point * step).unwrap().min(wal.len());
        write(&copy.join("rows.sqlite-wal"), &wal[..kept]);
        match Store::open(&copy, &passphrase(), &CLOCK) {
            Ok(store) => check(&store, &safe, &format!("{kept} bytes kept")),
            Err(error) => {
                assert_eq!(error.code().exit(), Exit::Gate, "{kept}: {error}");
                named += 1;
            }
        }
    }
    assert!(named > wanted / 2, "{named} of {wanted}");
}

/// Visit every third point, beginning elsewhere with every seed.
const STRIDE: u64 = 3;
/// The shares of all groups together.
const ALL_SHARES: u64 = 1_700;
