use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{FileRole, StoreError};

/// Stops all writing once the outcome of a write is not known: an `fsync` that failed is never
/// tried again, because the kernel may have dropped the pages meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Fence(Mutex<Option<Stop>>);

#[derive(Clone, Copy, Debug)]
enum Stop {
    VerifyOnly,
    Broken(FileRole),
}

impl Fence {
    /// Refuses when writing has stopped.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match *held(&self.0) {
            None => Ok(()),
            Some(Stop::VerifyOnly) => Err(StoreError::VerifyOnly),
            Some(Stop::Broken(role)) => Err(StoreError::Fenced { role }),
        }
    }

    /// Stops writing after an error on a file.
    pub(crate) fn stop(&self, role: FileRole) {
        held(&self.0).get_or_insert(Stop::Broken(role));
    }

    /// Never lets writing begin.
    pub(crate) fn verify_only(&self) {
        *held(&self.0) = Some(Stop::VerifyOnly);
    }
}

/// Locks; a thread that panicked while it held the lock left nothing half-done behind, because
/// what matters is on disk and checked there.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
