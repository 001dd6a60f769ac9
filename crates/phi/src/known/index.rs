//! What rules a token out at a glance: first letters and lengths of everything that is known.

use super::KnownPerson;

/// Sets of first bytes and lengths, one bit each.
#[derive(Clone, Copy, Default)]
pub(super) struct Index {
    values: u128,
    words: u128,
    lengths: u64,
}

impl Index {
    /// The sets of a person's words and values.
    pub(super) fn of(person: &KnownPerson) -> Self {
        let mut index = Self::default();
        for value in &person.values {
            index.values |= first_bit(value.bare.expose().as_bytes());
        }
        for word in &person.words {
            let bytes = word.word.expose().as_bytes();
            index.words |= first_bit(bytes);
            let longest = bytes.len().min(62);
            let slack = if word.is_nickname { 1 } else { 7 };
            index.lengths |= slack << longest >> u32::from(slack == 7);
        }
        index
    }

    /// Whether a value may begin with this byte.
    pub(super) const fn opens_value(self, byte: u8) -> bool {
        self.values & bit(byte) != 0
    }

    /// Whether a word may begin with this byte.
    pub(super) const fn opens_word(self, byte: u8) -> bool {
        self.words & bit(byte) != 0
    }

    /// Whether a word may have this length, one slip included.
    pub(super) const fn has_length(self, length: usize) -> bool {
        length > 61 || self.lengths >> length & 1 != 0
    }
}

fn first_bit(bytes: &[u8]) -> u128 {
    bytes.first().map_or(0, |&byte| bit(byte))
}

/// The bit of a letter in any case; all bits for what is not ASCII.
const fn bit(byte: u8) -> u128 {
    if byte < 0x80 {
        1 << byte.to_ascii_lowercase()
    } else {
        u128::MAX
    }
}
