//! The log alone on a disk that fails at every call in turn: without database and passphrase, so
//! that thousands of points take seconds.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    sync::{LazyLock, Mutex},
};

use seal::{Keyring, SeededEntropy};

use super::*;
use crate::{
    disk::{Disk, Machine, Step},
    fence::{Fence, held},
    home::Home,
    log::{
        Log, Prepared,
        cold::SEGMENT,
        notes,
        reader::{Next, Reader},
        scan,
    },
};

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    Keyring::create(
        &passphrase(),
        Argon2Cost::light(),
        &mut SeededEntropy::new(1),
    )
    .unwrap()
    .0
});

/// What goes wrong at one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// An input/output error, once.
    Io,
    /// The disk is full from here on.
    Full,
    /// Half of the bytes arrive, then the disk is full.
    Torn,
    /// The process dies; what was written arrives.
    Kill,
    /// Half of this write arrives and the process dies.
    KillTorn,
    /// The machine dies: of every file only what was synced is there.
    PowerLoss,
}

#[derive(Debug, Default)]
struct State {
    left: Option<u64>,
    seen: u64,
    dead: bool,
    full: bool,
    /// By inode: a handle and how much of the file is on the medium.
    files: BTreeMap<u64, (Option<File>, u64)>,
}

/// A disk that does not wait for the medium, remembers what would be on it, and fails once.
#[derive(Debug)]
struct Frail {
    fault: Fault,
    state: Mutex<State>,
}

impl Frail {
    fn new(fault: Fault, left: Option<u64>) -> Arc<Self> {
        let state = State {
            left,
            ..State::default()
        };
        Arc::new(Self {
            fault,
            state: Mutex::new(state),
        })
    }

    /// Whether the fault happens now; an error where nothing happens any more.
    fn due(&self, writes: bool) -> io::Result<bool> {
        let mut state = held(&self.state);
        state.seen += 1;
        if state.dead {
            return Err(io::Error::other("the process is dead"));
        }
        if state.full && writes {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let Some(left) = state.left else {
            return Ok(false);
        };
        if left > 0 {
            state.left = Some(left - 1);
            return Ok(false);
        }
        state.left = None;
        match self.fault {
            Fault::Io => {}
            Fault::Full | Fault::Torn => state.full = true,
            Fault::Kill | Fault::KillTorn => state.dead = true,
            Fault::PowerLoss => {
                state.dead = true;
                for (file, synced) in state.files.values() {
                    if let Some(file) = file {
                        drop(file.set_len(*synced));
                    }
                }
            }
        }
        Ok(true)
    }

    fn error(&self) -> io::Error {
        match self.fault {
            Fault::Full | Fault::Torn => io::ErrorKind::StorageFull.into(),
            _ => io::Error::other("the medium does not answer"),
        }
    }

    fn other<T>(&self, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if self.due(false)? {
            Err(self.error())
        } else {
            act()
        }
    }

    fn track(&self, file: &File) {
        let Ok(metadata) = file.metadata() else {
            return;
        };
        let mut state = held(&self.state);
        let known = state.files.entry(metadata.ino());
        known.or_insert_with(|| (file.try_clone().ok(), metadata.len()));
    }
}

impl Disk for Frail {
    fn free(&self, path: &Path) -> io::Result<u64> {
        Machine.free(path)
    }

    fn reach(&self, _step: Step) -> io::Result<()> {
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let file = self.other(|| Machine.create(path))?;
        self.track(&file);
        Ok(file)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.other(|| Machine.make_folder(path))
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        self.track(file);
        if !self.due(true)? {
            return Machine.write(file, bytes);
        }
        if matches!(self.fault, Fault::Torn | Fault::KillTorn) {
            Machine.write_all(file, &bytes[..bytes.len() / 2])?;
        }
        Err(self.error())
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        self.other(|| Machine.cut(file, length))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.other(|| Ok(()))?;
        let metadata = file.metadata()?;
        let mut state = held(&self.state);
        let handle = file.try_clone().ok();
        state.files.insert(metadata.ino(), (handle, metadata.len()));
        Ok(())
    }

    fn sync_folder(&self, _path: &Path) -> io::Result<()> {
        self.other(|| Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.other(|| Machine.rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.other(|| Machine.remove(path))
    }
}

/// A folder with an empty log.
fn place() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    for inner in [home.log(), home.tmp()] {
        fs::create_dir(inner).unwrap();
    }
    write(&home.entries(), b"");
    let note = notes::sign(&audit::Tree::new(), &KEYRING).unwrap();
    write(&home.checkpoints(), notes::line(&note).as_bytes());
    (folder, home)
}

fn opened(home: &Home, disk: Arc<Frail>) -> Result<Log, StoreError> {
    let mut found = scan(home, &KEYRING)?;
    if let Some(damage) = found.damage.take() {
        return Err(damage);
    }
    let mut log = Log::take_up(home, disk, Arc::new(Fence::default()), found)?;
    if !log.is_confirmed() {
        log.confirm(&KEYRING)?;
    }
    log.pack(1)?;
    Ok(log)
}

fn entry(number: u64) -> Vec<u8> {
    event(number).encode().into_bytes()
}

/// One session: groups, a change with its own checkpoint, a full file, compression, publication.
fn work(
    home: &Home,
    disk: Arc<Frail>,
    variant: u64,
    acknowledged: &mut Vec<u64>,
) -> Result<(), StoreError> {
    let mut log = opened(home, disk)?;
    for round in 0..6 + variant % 5 {
        let count = round * (40 + variant) + 1;
        let numbers: Vec<u64> = (0..count).map(|at| round * 1_000 + at).collect();
        let entries: Vec<Vec<u8>> = numbers.iter().map(|number| entry(*number)).collect();
        let prepared = Prepared::of(entries.iter().map(Vec::as_slice))?;
        log.append_signed(&[&prepared], &KEYRING)?;
        acknowledged.extend(numbers);
        log.append(&[entry(9_000 + round)])?;
        log.confirm(&KEYRING)?;
        acknowledged.push(9_000 + round);
    }
    log.pack(usize::MAX)?;
    log.publish()?;
    for number in 20_000..20_004 {
        let bytes = entry(number);
        let prepared = Prepared::of([bytes.as_slice()])?;
        log.append_signed(&[&prepared], &KEYRING)?;
        acknowledged.push(number);
    }
    Ok(())
}

/// After a restart on a sound disk: the log opens, holds what was acknowledged in its order, and
/// what it holds is what its newest checkpoint signed.
fn check(home: &Home, acknowledged: &[u64], point: &str) {
    let log = opened(home, Frail::new(Fault::Io, None)).unwrap_or_else(|error| {
        panic!("{point}: {error}");
    });
    assert!(log.is_confirmed(), "{point}");
    let mut found = Vec::new();
    let mut tree = audit::Tree::new();
    let mut reader = Reader::of(home, &log, 0).unwrap();
    while let Some(next) = reader.next().unwrap() {
        let Next::Entry(_, bytes, leaf) = next else {
            panic!("{point}: nothing was pruned");
        };
        tree.push(leaf);
        found.push(notes::decode(bytes).unwrap().rows.unwrap());
    }
    let (size, root) = notes::parse(log.newest_checkpoint(), &KEYRING).unwrap();
    assert_eq!((size, root), (tree.size(), tree.root()), "{point}");
    let mut left = found.iter();
    for number in acknowledged {
        assert!(
            left.any(|known| known == number),
            "{point}: {number} is lost"
        );
    }
}

/// Fails at every call of a session with one kind of fault; says how many points there were.
fn sweep(fault: Fault, variant: u64) -> u64 {
    let calls = {
        let (_folder, home) = place();
        let disk = Frail::new(Fault::Io, None);
        work(&home, Arc::clone(&disk), variant, &mut Vec::new()).unwrap();
        assert!(log_is_packed(&home));
        held(&disk.state).seen
    };
    for left in 0..calls {
        let point = format!("{fault:?} at {left} of {calls}");
        let (_folder, home) = place();
        let mut acknowledged = Vec::new();
        let disk = Frail::new(fault, Some(left));
        drop(work(&home, disk, variant, &mut acknowledged));
        check(&home, &acknowledged, &point);
        // A second session, struck at another place, on what the first one left.
        let second = Frail::new(fault, Some(left * (7 + variant) % calls));
        drop(work(&home, second, variant, &mut acknowledged));
        check(&home, &acknowledged, &format!("{point}, second session"));
    }
    2 * calls
}

fn log_is_packed(home: &Home) -> bool {
    home.cold(0).is_file() && home.published().is_file() && SEGMENT == 512
}

/// One session in the ordinary run, 166 points for each of six faults; with `CLOISTER_NIGHTLY` set
/// 21 sessions of different lengths, more than 20,000 points together.
fn survives(fault: Fault) {
    let nightly = std::env::var_os("CLOISTER_NIGHTLY").is_some();
    let variants = if nightly { 21 } else { 1 };
    let points: u64 = (0..variants).map(|variant| sweep(fault, variant)).sum();
    assert!(points >= 160 * variants, "{points} points");
}

#[test]
fn an_io_error_at_any_call_loses_nothing_acknowledged() {
    survives(Fault::Io);
}

#[test]
fn a_disk_that_is_full_at_any_call_loses_nothing_acknowledged() {
    survives(Fault::Full);
}

#[test]
fn a_write_torn_by_a_full_disk_loses_nothing_acknowledged() {
    survives(Fault::Torn);
}

#[test]
fn a_process_killed_at_any_call_loses_nothing_acknowledged() {
    survives(Fault::Kill);
}

#[test]
fn a_write_torn_by_a_kill_loses_nothing_acknowledged() {
    survives(Fault::KillTorn);
}

#[test]
fn what_was_not_synced_and_is_lost_was_not_acknowledged() {
    survives(Fault::PowerLoss);
}

#[test]
fn a_failing_sync_stops_the_log_for_good() {
    let (_folder, home) = place();
    let mut log = opened(&home, Frail::new(Fault::Io, Some(1))).unwrap();
    let bytes = entry(1);
    let prepared = Prepared::of([bytes.as_slice()]).unwrap();
    assert!(log.append_signed(&[&prepared], &KEYRING).is_err());
    let again = log.append_signed(&[&prepared], &KEYRING);
    assert!(matches!(again, Err(StoreError::Fenced { .. })));
}
