use std::io::Read;

use super::{
    Objects,
    sink::{MARK, SEGMENT, Trail},
};
use crate::{FileRole, StoreError, rows::objects::KeptObject};

/// Every kept object has the bytes that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectsVerified {
    /// Objects checked.
    pub objects: u64,
    /// Bytes of ciphertext checked.
    pub bytes: u64,
}

/// Recomputes the digests of all kept objects, without keys; `progress` gets the bytes done and
/// the bytes in all.
pub(crate) fn verify(
    objects: &Objects,
    kept: &[KeptObject],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ObjectsVerified, StoreError> {
    let total = kept.iter().map(|object| object.sealed_len).sum();
    let mut verified = ObjectsVerified::default();
    for object in kept {
        check(objects, object, &mut |read| {
            verified.bytes = verified.bytes.saturating_add(read);
            progress(verified.bytes.min(total), total);
        })?;
        verified.objects += 1;
    }
    Ok(verified)
}

/// Reads one object's ciphertext and compares it with what the database knows.
pub(crate) fn check(
    objects: &Objects,
    object: &KeptObject,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let mut file = objects.shelf.open(&object.digest)?;
    let mut trail = Trail::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = file
            .read(&mut buffer)
            .map_err(|source| StoreError::file(FileRole::Object(object.digest), source))?;
        if read == 0 {
            break;
        }
        trail.take(buffer.get(..read).unwrap_or_default());
        progress(read as u64);
    }
    let (digest, segments) = trail.finish();
    if digest == object.digest {
        return Ok(());
    }
    let segment = first_difference(&segments, &object.segments);
    Err(StoreError::ObjectDamaged {
        object: object.digest,
        segment,
        offset: segment.saturating_mul(SEGMENT),
    })
}

/// The number of the first segment whose running digest differs or is missing on one side.
fn first_difference(found: &[u8], expected: &[u8]) -> u64 {
    let equal = found
        .chunks(MARK)
        .zip(expected.chunks(MARK))
        .take_while(|(found, expected)| found == expected)
        .count();
    equal as u64
}

/// Bytes read at a time.
const BUFFER: usize = 1 << 20;
