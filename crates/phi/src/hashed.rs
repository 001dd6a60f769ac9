//! Maps whose keys are random or hashed already.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// A map from hashes or random numbers.
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;
/// A set of hashes or random numbers.
pub(crate) type HashedSet = HashSet<u64, BuildHasherDefault<Hashed>>;

/// Takes a number as its own hash, stirred once: whoever chooses the numbers must not be able to
/// choose their hashes, which holds for drawn codes and is harmless for a search.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (number ^ (number >> 32))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23);
    }
}

/// The hash of a text that is the same in every run and every build (FNV-1a, 64 bits): for sets
/// that are stored.
pub(crate) fn stable(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
