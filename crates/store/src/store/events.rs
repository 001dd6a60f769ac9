use std::fs::File;

use audit::Event;

use crate::{
    FileRole, Position, StoreError,
    home::Home,
    log::{
        Log,
        frames::{End, Frames},
        notes,
    },
};

/// The events of the log in order, each with its position; entries appended after it was made
/// are not in it.
///
/// A damaged entry gives one error and ends the iteration.
#[derive(Debug)]
pub struct Events {
    frames: Frames,
    next: u64,
    end: u64,
}

impl Events {
    pub(super) fn new(home: &Home, log: &Log, from: u64) -> Result<Self, StoreError> {
        let end = log.next().index();
        let (offset, mut next) = log.mark_before(from);
        let told = |source| StoreError::file(FileRole::Log, source);
        let file = File::open(home.entries()).map_err(told)?;
        let mut frames = Frames::new(file, offset).map_err(told)?;
        while next < from.min(end) && frames.entry().map_err(told)?.is_some() {
            next += 1;
        }
        Ok(Self { frames, next, end })
    }

    fn read(&mut self) -> Result<(Position, Event), StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let entry = self.frames.entry().map_err(told)?;
        let Some(event) = entry.as_deref().and_then(notes::decode) else {
            return Err(self.damage());
        };
        Ok((Position(self.next), event))
    }

    fn damage(&self) -> StoreError {
        if self.frames.end() == End::Broken {
            return StoreError::LogAltered {
                what: format!("entry {} is not what was written", self.next),
            };
        }
        StoreError::LogTruncated {
            found: self.next,
            signed: self.end,
        }
    }
}

impl Iterator for Events {
    type Item = Result<(Position, Event), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let read = self.read();
        match read {
            Ok(_) => self.next += 1,
            Err(_) => self.end = self.next,
        }
        Some(read)
    }
}
