//! A code as it was drawn.

use std::fmt;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use crate::hashed::HashedSet;

/// Eight to twelve characters of Crockford's base 32, packed: the length in the top four bits,
/// five bits a character below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Drawn(u64);

impl Drawn {
    /// A code that was never given out.
    ///
    /// Sixteen draws in a row that hit known codes make the next one a character longer. A source
    /// of entropy that repeats itself for ever is met by counting up from its last draw: codes
    /// stay distinct and the search ends.
    pub(super) fn fresh(
        issued: &mut HashedSet,
        pool: &mut Pool,
        entropy: &mut dyn Entropy,
    ) -> Self {
        for length in LENGTH_MIN..=LENGTH_MAX {
            for _ in 0..DRAWS_PER_LENGTH {
                let drawn = Self::pack(length, pool.next(entropy));
                if issued.insert(drawn.0) {
                    return drawn;
                }
            }
        }
        let mut bits = pool.next(entropy);
        loop {
            bits = bits.wrapping_add(1);
            let drawn = Self::pack(LENGTH_MAX, bits);
            if issued.insert(drawn.0) {
                return drawn;
            }
        }
    }

    /// The code that a text is; nothing if it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let length = u32::try_from(text.len()).ok()?;
        (LENGTH_MIN..=LENGTH_MAX).contains(&length).then_some(())?;
        let bits = text.bytes().try_fold(0_u64, |bits, letter| {
            let value = ALPHABET.iter().position(|known| *known == letter)?;
            Some(bits << 5 | value as u64)
        })?;
        Some(Self::pack(length, bits))
    }

    /// The packed form, for sets.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }

    /// Appends the characters.
    pub(crate) fn push_to(self, text: &mut String) {
        for place in (0..self.length()).rev() {
            let letter = ALPHABET.get((self.0 >> (5 * place) & 31) as usize);
            text.push(char::from(letter.copied().unwrap_or(b'0')));
        }
    }

    const fn length(self) -> u32 {
        (self.0 >> 60) as u32
    }

    const fn pack(length: u32, bits: u64) -> Self {
        Self((length as u64) << 60 | bits & ((1 << (5 * length)) - 1))
    }
}

const LENGTH_MIN: u32 = 8;
const LENGTH_MAX: u32 = 12;
const DRAWS_PER_LENGTH: usize = 16;
/// Crockford's base 32: no I, L, O and U, so that codes can be read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random numbers drawn ahead, because a system's source is slow to ask.
#[derive(Clone, Default)]
pub(super) struct Pool(Vec<u64>);

impl Pool {
    fn next(&mut self, entropy: &mut dyn Entropy) -> u64 {
        if let Some(number) = self.0.pop() {
            return number;
        }
        let mut bytes = [0; POOL_BYTES];
        entropy.fill(&mut bytes);
        let numbers = bytes
            .chunks_exact(8)
            .filter_map(|chunk| chunk.try_into().ok());
        self.0.extend(numbers.map(u64::from_le_bytes));
        self.0.pop().unwrap_or_default()
    }
}

const POOL_BYTES: usize = 512;

/// Not a code.
#[derive(Debug, thiserror::Error)]
#[error("a code has eight to twelve characters of Crockford's base 32")]
pub(crate) struct DrawnError;

impl TryFrom<String> for Drawn {
    type Error = DrawnError;

    fn try_from(text: String) -> Result<Self, DrawnError> {
        Self::read(&text).ok_or(DrawnError)
    }
}

impl From<Drawn> for String {
    fn from(drawn: Drawn) -> Self {
        drawn.to_string()
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(12);
        self.push_to(&mut text);
        f.write_str(&text)
    }
}
