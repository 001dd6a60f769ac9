use std::{
    fmt,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// A place between two durable steps; on a real disk nothing happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The event is in the log, the rows are not committed.
    EventLogged,
    /// The rows are committed, the checkpoint is not written.
    RowsSaved,
}

/// What the store does to files, so that tests can let each of it fail.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    /// Passes a place between two durable steps.
    fn reach(&self, step: Step) -> io::Result<()>;
    /// Makes a file that must not exist yet, readable by its owner only.
    fn create(&self, path: &Path) -> io::Result<File>;
    /// Makes a folder, for its owner only; one that exists is fine.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes some bytes; fewer than given are possible.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts a file to a length.
    fn cut(&self, file: &File, length: u64) -> io::Result<()>;
    /// Waits until the content is on the medium.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Waits until the names in a folder are on the medium.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Gives a file its final name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Bytes that an ordinary user may still write where `path` is.
    fn free(&self, path: &Path) -> io::Result<u64>;

    /// Writes all bytes.
    fn write_all(&self, file: &File, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write(file, bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The machine's own file system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine;

impl Disk for Machine {
    fn reach(&self, _step: Step) -> io::Result<()> {
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        let found = rustix::fs::statvfs(path)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

#[cfg(test)]
pub(crate) mod faults;
