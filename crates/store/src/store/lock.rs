use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{FileRole, StoreError};

/// Takes the lock of an instance, or says that another process has it.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let told = |source| StoreError::file(FileRole::Lock, source);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(told)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(source)) => Err(told(source)),
    }
}
