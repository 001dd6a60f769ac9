//! Hash tables that answer fast and alike on every machine; nothing iterates over them.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// A map that is only looked up, never iterated.
pub(crate) type Lookup<K, V> = HashMap<K, V, BuildHasherDefault<Fold>>;

/// A set that is only asked, never iterated.
pub(crate) type Seen<K> = HashSet<K, BuildHasherDefault<Fold>>;

/// Multiply and fold: the product of two 64-bit numbers in 128 bits, upper half over lower half
/// (the mixing step of wyhash). Not for secrets.
#[derive(Default)]
pub(crate) struct Fold(u64);

impl Fold {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the two halves are taken on purpose"
    )]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(u128::from(FACTOR));
        self.0 = (product as u64) ^ ((product >> 64) as u64) ^ STEP;
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (slot, byte) in last.iter_mut().zip(rest) {
            *slot = *byte;
        }
        self.mix(u64::from_le_bytes(last) ^ ((rest.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Odd, with about half of its bits set: the golden ratio's and pi's binary digits.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0x243f_6a88_85a3_08d3;
