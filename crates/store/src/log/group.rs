//! Group commit: callers that come while one is waiting for the medium are served together by the
//! next wait.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Condvar, Mutex, PoisonError},
};

use seal::Keyring;

use super::{Log, Prepared};
use crate::{Position, StoreError, fence::held};

/// Who waits, and what became of those who did.
#[derive(Debug, Default)]
pub(crate) struct Group {
    queue: Mutex<Queue>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    next: u64,
    waiting: Vec<(u64, Prepared)>,
    finished: BTreeMap<u64, Result<Range<Position>, StoreError>>,
    /// Somebody writes for all who wait.
    led: bool,
}

impl Group {
    /// Appends entries durably, under a signed checkpoint; all of them or none. The first caller
    /// writes for all who came meanwhile.
    pub(crate) fn append(
        &self,
        log: &Mutex<Log>,
        keyring: &Keyring,
        prepared: Prepared,
    ) -> Result<Range<Position>, StoreError> {
        let mut queue = held(&self.queue);
        let ticket = queue.next;
        queue.next += 1;
        queue.waiting.push((ticket, prepared));
        loop {
            if let Some(result) = queue.finished.remove(&ticket) {
                return result;
            }
            if queue.led {
                queue = self
                    .done
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.led = true;
            drop(queue);
            let mut log = held(log);
            // Taken only now: whoever came while the log was busy is served too.
            let batch = std::mem::take(&mut held(&self.queue).waiting);
            let results = write(&mut log, keyring, &batch);
            drop(log);
            queue = held(&self.queue);
            queue.finished.extend(results);
            queue.led = false;
            self.done.notify_all();
        }
    }
}

fn write(
    log: &mut Log,
    keyring: &Keyring,
    batch: &[(u64, Prepared)],
) -> Vec<(u64, Result<Range<Position>, StoreError>)> {
    let all: Vec<&Prepared> = batch.iter().map(|(_, prepared)| prepared).collect();
    match log.append_signed(&all, keyring) {
        Ok(first) => {
            let mut at = first.index();
            let mut placed = Vec::with_capacity(batch.len());
            for (ticket, prepared) in batch {
                let end = at + prepared.len();
                placed.push((*ticket, Ok(Position(at)..Position(end))));
                at = end;
            }
            placed
        }
        Err(error) => {
            let others = batch
                .iter()
                .skip(1)
                .map(|(ticket, _)| (*ticket, Err(twin(&error))));
            let mut failed: Vec<_> = others.collect();
            failed.extend(batch.first().map(|(ticket, _)| (*ticket, Err(error))));
            failed
        }
    }
}

/// The same error for another caller.
fn twin(error: &StoreError) -> StoreError {
    match error {
        StoreError::NoSpace { role } => StoreError::NoSpace { role: *role },
        StoreError::Fenced { role } => StoreError::Fenced { role: *role },
        StoreError::VerifyOnly => StoreError::VerifyOnly,
        StoreError::LogBehind { found, published } => StoreError::LogBehind {
            found: *found,
            published: *published,
        },
        StoreError::File { role, source } => StoreError::File {
            role: *role,
            source: source.kind().into(),
        },
        _ => StoreError::Fenced {
            role: crate::FileRole::Log,
        },
    }
}
