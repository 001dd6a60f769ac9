//! A disk that fails where a test wants it to.

mod losses;

use std::{fs::File, io, path::Path, sync::Mutex};

use self::losses::Losses;
use super::{Disk, Machine, Step};
use crate::fence::held;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The disk is full: this write and all later ones, until [`Faulty::mend`].
    Full,
    /// The disk takes half of the bytes of this write, then is full.
    Short,
    /// One write fails with an error of the device (EIO).
    Broken,
    /// Waiting for the medium fails once.
    Sync,
    /// Giving a file its name fails once.
    Rename,
    /// The process dies: half of this write arrives, nothing later does.
    Crash,
    /// The power fails: the process dies, and what was not waited for is lost or torn; a name
    /// that was given without waiting for its folder is gone.
    PowerCut(Loss),
}

/// What a power cut leaves of bytes that nobody waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Nothing.
    All,
    /// The first half.
    Half,
    /// All but the last byte.
    LastByte,
    /// The right length, with zeros instead of the bytes.
    Zeros,
}

impl Fault {
    /// Every fault.
    pub(crate) const ALL: [Self; 10] = [
        Self::Full,
        Self::Short,
        Self::Broken,
        Self::Sync,
        Self::Rename,
        Self::Crash,
        Self::PowerCut(Loss::All),
        Self::PowerCut(Loss::Half),
        Self::PowerCut(Loss::LastByte),
        Self::PowerCut(Loss::Zeros),
    ];
}

#[derive(Debug, Default)]
struct Plan {
    fault: Option<Fault>,
    /// Calls that still go well.
    left: u64,
    /// Calls seen, for choosing `left`.
    seen: u64,
    step: Option<Step>,
    dead: bool,
    full: bool,
    free: Option<u64>,
    losses: Losses,
}

/// The machine's disk with one planned fault.
#[derive(Debug, Default)]
pub(crate) struct Faulty(Mutex<Plan>);

/// What a call is, as far as faults care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Write,
    Sync,
    Rename,
    Other,
}

impl Faulty {
    /// Plans a fault after `left` more calls that can have it.
    pub(crate) fn plan(&self, fault: Fault, left: u64) {
        let mut plan = held(&self.0);
        plan.fault = Some(fault);
        plan.left = left;
    }

    /// Plans the process's death at a step.
    pub(crate) fn die_at(&self, step: Step) {
        held(&self.0).step = Some(step);
    }

    /// Space again, no fault planned; a dead process stays dead.
    pub(crate) fn mend(&self) {
        let mut plan = held(&self.0);
        plan.full = false;
        plan.free = None;
        plan.fault = None;
        plan.step = None;
    }

    /// Says that so many bytes are free, whatever the disk has.
    pub(crate) fn leave_free(&self, bytes: u64) {
        held(&self.0).free = Some(bytes);
    }

    pub(crate) fn died(&self) -> bool {
        held(&self.0).dead
    }

    pub(crate) fn seen(&self) -> u64 {
        held(&self.0).seen
    }

    /// Whether the planned fault has happened.
    pub(crate) fn struck(&self) -> bool {
        held(&self.0).fault.is_none()
    }

    /// The fault of this call, if it is due now.
    fn due(&self, deed: Deed) -> io::Result<Option<Fault>> {
        let mut plan = held(&self.0);
        plan.seen += 1;
        if plan.dead {
            return Err(io::Error::other("the process is dead"));
        }
        if plan.full && deed == Deed::Write {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let Some(fault) = plan.fault.filter(|fault| fault.can_hit(deed)) else {
            return Ok(None);
        };
        if plan.left > 0 {
            plan.left -= 1;
            return Ok(None);
        }
        plan.fault = None;
        plan.dead = matches!(fault, Fault::Crash | Fault::PowerCut(_));
        plan.full = matches!(fault, Fault::Full | Fault::Short);
        Ok(Some(fault))
    }

    fn other<T>(&self, deed: Deed, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self.due(deed)? {
            None => act(),
            Some(fault) => Err(self.strike(fault)),
        }
    }

    /// Lets the fault happen as far as it goes beyond an error.
    fn strike(&self, fault: Fault) -> io::Error {
        if let Fault::PowerCut(loss) = fault {
            held(&self.0).losses.happen(loss);
        }
        fault.error()
    }

    fn note<T>(&self, done: io::Result<T>, note: impl FnOnce(&mut Losses, &T)) -> io::Result<T> {
        done.inspect(|done| note(&mut held(&self.0).losses, done))
    }
}

impl Fault {
    fn can_hit(self, deed: Deed) -> bool {
        match self {
            Self::Full | Self::Short | Self::Broken => deed == Deed::Write,
            Self::Sync => deed == Deed::Sync,
            Self::Rename => deed == Deed::Rename,
            Self::Crash | Self::PowerCut(_) => true,
        }
    }

    fn error(self) -> io::Error {
        match self {
            Self::Full | Self::Short => io::ErrorKind::StorageFull.into(),
            // EIO.
            Self::Broken => io::Error::from_raw_os_error(5),
            Self::Sync => io::Error::other("the medium does not answer"),
            Self::Rename => io::Error::other("the name cannot be given"),
            Self::Crash | Self::PowerCut(_) => io::Error::other("the process is dead"),
        }
    }
}

impl Disk for Faulty {
    fn reach(&self, step: Step) -> io::Result<()> {
        let mut plan = held(&self.0);
        if plan.step == Some(step) {
            plan.dead = true;
        }
        if plan.dead {
            return Err(Fault::Crash.error());
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let made = self.other(Deed::Other, || Machine.create(path));
        self.note(made, |losses, _| losses.created(path))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.other(Deed::Other, || Machine.make_folder(path))
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        held(&self.0).losses.about_to_write(file)?;
        match self.due(Deed::Write)? {
            None => Machine.write(file, bytes),
            Some(Fault::Short) => Machine.write(file, &bytes[..bytes.len().div_ceil(2)]),
            Some(fault @ (Fault::Crash | Fault::PowerCut(_))) => {
                Machine.write_all(file, &bytes[..bytes.len() / 2])?;
                Err(self.strike(fault))
            }
            Some(fault) => Err(fault.error()),
        }
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        self.other(Deed::Other, || Machine.cut(file, length))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        let done = self.other(Deed::Sync, || Machine.sync(file));
        self.note(done, |losses, ()| losses.synced(file))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let done = self.other(Deed::Sync, || Machine.sync_folder(path));
        self.note(done, |losses, ()| losses.synced_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let done = self.other(Deed::Rename, || Machine.rename(from, to));
        self.note(done, |losses, ()| losses.renamed(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.other(Deed::Other, || Machine.remove(path))
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        match held(&self.0).free {
            Some(free) => Ok(free),
            None => Machine.free(path),
        }
    }
}
