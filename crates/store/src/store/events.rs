use audit::Event;

use crate::{
    Position, StoreError,
    home::Home,
    log::{
        Log, notes,
        reader::{Next, Reader},
    },
};

/// The events of the log in order, each with its position; entries appended after it was made
/// are not in it, and entries that were pruned are passed over.
///
/// A damaged entry gives one error and ends the iteration.
#[derive(Debug)]
pub struct Events {
    reader: Reader,
    end: u64,
}

impl Events {
    pub(super) fn new(home: &Home, log: &Log, from: u64) -> Result<Self, StoreError> {
        let end = log.next().index();
        let reader = Reader::of(home, log, from.min(end))?;
        Ok(Self { reader, end })
    }

    fn read(&mut self) -> Option<Result<(Position, Event), StoreError>> {
        loop {
            let at = self.reader.position();
            if at >= self.end {
                return None;
            }
            let event = match self.reader.next() {
                Ok(Some(Next::Pruned(_))) => continue,
                Ok(Some(Next::Entry(_, entry, _))) => notes::decode(entry),
                Ok(None) => {
                    return Some(Err(StoreError::LogTruncated {
                        found: at,
                        signed: self.end,
                    }));
                }
                Err(error) => return Some(Err(error)),
            };
            return Some(match event {
                Some(event) => Ok((Position(at), event)),
                None => Err(StoreError::LogAltered {
                    what: format!("entry {at} is not an event"),
                }),
            });
        }
    }
}

impl Iterator for Events {
    type Item = Result<(Position, Event), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read()?;
        if read.is_err() {
            self.end = 0;
        }
        Some(read)
    }
}
