//! Files from outside, opened by the program and handed in: flow touches no path itself.

use std::{fmt, io};

/// Opens the files a study names.
pub trait SourceFiles: fmt::Debug {
    /// The files a path stands for, in order: itself, or the files of a folder.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;

    /// Opens one file for reading.
    fn open(&self, path: &str) -> io::Result<Box<dyn io::Read>>;
}

/// The last part of a path: what reports and messages may show.
pub(crate) fn short_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A reader that counts and digests what passes.
pub(crate) struct Witness<R> {
    inner: R,
    seen: std::rc::Rc<std::cell::RefCell<Seen>>,
}

/// What a [`Witness`] saw.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) hasher: seal::Hasher,
    pub(crate) bytes: u64,
}

impl<R: io::Read> Witness<R> {
    /// A witness and the shared account of what it sees.
    pub(crate) fn new(inner: R) -> (Self, std::rc::Rc<std::cell::RefCell<Seen>>) {
        let seen = std::rc::Rc::new(std::cell::RefCell::new(Seen {
            hasher: seal::Hasher::new(),
            bytes: 0,
        }));
        (
            Self {
                inner,
                seen: std::rc::Rc::clone(&seen),
            },
            seen,
        )
    }
}

impl<R: io::Read> io::Read for Witness<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        seen.hasher.update(buffer.get(..count).unwrap_or_default());
        seen.bytes += count as u64;
        Ok(count)
    }
}
