//! A disk that fails where a test wants it to.

use std::{fs::File, io, path::Path, sync::Mutex};

use super::{Disk, Machine, Step};
use crate::fence::held;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The disk is full: this write and all later ones, until [`Faulty::mend`].
    Full,
    /// The disk takes half of the bytes of this write, then is full.
    Short,
    /// Waiting for the medium fails once.
    Sync,
    /// The process dies: half of this write arrives, nothing later does.
    Crash,
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
}

/// The machine's disk with one planned fault.
#[derive(Debug, Default)]
pub(crate) struct Faulty(Mutex<Plan>);

/// What a call is, as far as faults care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Write,
    Sync,
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
        plan.dead = fault == Fault::Crash;
        plan.full = matches!(fault, Fault::Full | Fault::Short);
        Ok(Some(fault))
    }
}

impl Fault {
    fn can_hit(self, deed: Deed) -> bool {
        match self {
            Self::Full | Self::Short => deed == Deed::Write,
            Self::Sync => deed == Deed::Sync,
            Self::Crash => true,
        }
    }

    fn error(self) -> io::Error {
        match self {
            Self::Full | Self::Short => io::ErrorKind::StorageFull.into(),
            Self::Sync => io::Error::other("the medium does not answer"),
            Self::Crash => io::Error::other("the process is dead"),
        }
    }
}

impl Faulty {
    fn other<T>(&self, deed: Deed, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self.due(deed)? {
            None => act(),
            Some(fault) => Err(fault.error()),
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
        self.other(Deed::Other, || Machine.create(path))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.other(Deed::Other, || Machine.make_folder(path))
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        match self.due(Deed::Write)? {
            None => Machine.write(file, bytes),
            Some(Fault::Short) => Machine.write(file, &bytes[..bytes.len().div_ceil(2)]),
            Some(Fault::Crash) => {
                Machine.write_all(file, &bytes[..bytes.len() / 2])?;
                Err(Fault::Crash.error())
            }
            Some(fault) => Err(fault.error()),
        }
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        self.other(Deed::Other, || Machine.cut(file, length))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.other(Deed::Sync, || Machine.sync(file))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.other(Deed::Sync, || Machine.sync_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.other(Deed::Other, || Machine.rename(from, to))
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
