//! Numbers of 10 bits as words, and the Reed-Solomon code over them that finds wrong words.

use zeroize::{Zeroize as _, Zeroizing};

use super::ShareError;

/// Words of the checksum.
pub(super) const CHECKSUM: usize = 3;

/// The words of a line as numbers; the letters' case does not matter.
pub(super) fn numbers(line: &str) -> Result<Zeroizing<Vec<u16>>, ShareError> {
    let words = line.split_whitespace().count();
    if !LENGTHS.contains(&words) {
        return Err(ShareError::Length { found: words });
    }
    let mut numbers = Zeroizing::new(Vec::with_capacity(words));
    for (place, word) in (1..).zip(line.split_whitespace()) {
        let mut word = word.to_ascii_lowercase();
        let number = number(&word);
        word.zeroize();
        numbers.push(number.ok_or(ShareError::Word { place })?);
    }
    Ok(numbers)
}

/// Numbers as a line of words.
pub(super) fn line(numbers: &[u16]) -> Zeroizing<String> {
    // Room for all of it: a string that grows would leave copies behind.
    let mut line = Zeroizing::new(String::with_capacity(numbers.len() * 9));
    for number in numbers {
        if !line.is_empty() {
            line.push(' ');
        }
        let word = WORDS.lines().nth(usize::from(*number));
        line.push_str(word.unwrap_or_default());
    }
    line
}

/// Bytes as numbers of 10 bits, zeros in front.
pub(super) fn of_bytes(bytes: &[u8]) -> Zeroizing<Vec<u16>> {
    let bits = bytes.len() * 8;
    let count = bits.div_ceil(10);
    let bit = |at: usize| -> u16 {
        // Counted from the front, the padding being zeros.
        let Some(at) = at.checked_sub(count * 10 - bits) else {
            return 0;
        };
        let byte = bytes.get(at / 8).copied().unwrap_or_default();
        u16::from(byte >> (7 - at % 8) & 1)
    };
    let number = |place: usize| (0..10).fold(0, |number, at| (number << 1) | bit(place * 10 + at));
    Zeroizing::new((0..count).map(number).collect())
}

/// Numbers as bytes, an even number of them; nothing when the padding is not zeros or too long.
pub(super) fn to_bytes(numbers: &[u16]) -> Option<Zeroizing<Vec<u8>>> {
    let bits = numbers.len() * 10;
    let length = bits / 16 * 2;
    let padding = bits - length * 8;
    let bit = |at: usize| {
        let number = numbers.get(at / 10).copied().unwrap_or_default();
        u8::try_from(number >> (9 - at % 10) & 1).unwrap_or_default()
    };
    if padding > 8 || (0..padding).any(|at| bit(at) != 0) {
        return None;
    }
    let byte =
        |place: usize| (0..8).fold(0, |byte, at| (byte << 1) | bit(padding + place * 8 + at));
    Some(Zeroizing::new((0..length).map(byte).collect()))
}

/// The three words that close a share.
pub(super) fn checksum(numbers: &[u16], extendable: bool) -> [u16; CHECKSUM] {
    let tail = [0; CHECKSUM];
    let all = label(extendable).chain(numbers.iter().copied()).chain(tail);
    let sum = polynomial(all) ^ 1;
    [20, 10, 0].map(|shift| u16::try_from(sum >> shift & 1023).unwrap_or_default())
}

pub(super) fn checksum_holds(numbers: &[u16], extendable: bool) -> bool {
    polynomial(label(extendable).chain(numbers.iter().copied())) == 1
}

fn label(extendable: bool) -> impl Iterator<Item = u16> {
    let label: &[u8] = if extendable {
        b"shamir_extendable"
    } else {
        b"shamir"
    };
    label.iter().map(|letter| u16::from(*letter))
}

fn polynomial(numbers: impl Iterator<Item = u16>) -> u32 {
    numbers.fold(1, |sum, number| {
        let high = sum >> 20;
        let shifted = ((sum & 0xf_ffff) << 10) ^ u32::from(number);
        (0..10)
            .zip(GENERATOR)
            .filter(|(bit, _)| high >> bit & 1 == 1)
            .fold(shifted, |sum, (_, term)| sum ^ term)
    })
}

fn number(word: &str) -> Option<u16> {
    let at = WORDS.lines().position(|known| known == word)?;
    u16::try_from(at).ok()
}

/// 1024 words that differ in their first four letters, from SLIP-0039.
const WORDS: &str = include_str!("words.txt");
/// Values of 16 and 32 bytes.
const LENGTHS: [usize; 2] = [20, 33];
const GENERATOR: [u32; 10] = [
    0x00e0_e040,
    0x01c1_c080,
    0x0383_8100,
    0x0707_0200,
    0x0e0e_0009,
    0x1c0c_2412,
    0x3808_6c24,
    0x3090_fc48,
    0x21b1_f890,
    0x03f3_f120,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_has_1024_words_in_order_that_differ_in_four_letters() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert_eq!(words.len(), 1024);
        assert!(words.is_sorted());
        let heads: BTreeSet<&str> = words.iter().filter_map(|word| word.get(..4)).collect();
        assert_eq!(heads.len(), 1024);
    }

    #[test]
    fn bytes_are_read_back_from_words() {
        for length in [16, 32] {
            let bytes: Vec<u8> = (1..=length).map(|byte| byte * 7).collect();
            let numbers = of_bytes(&bytes);
            assert_eq!(to_bytes(&numbers).unwrap().as_slice(), bytes);
        }
    }
}
