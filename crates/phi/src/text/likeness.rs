//! How much a word that no list knows looks like a person's name.
//!
//! The letters of a name differ from those of a drug or a word: `-dottir`, `-czyk`, `Okon-` against
//! `-mab`, `-ectomy`. A linear model over groups of two to five letters, each group hashed to one
//! of [`BUCKETS`] weights, was fitted by the example `train_likeness` on the lists of names against
//! lists of words and drugs; `data/README.md` says which, and how well it does.

/// How many weights the model has: a power of two.
pub const BUCKETS: usize = 1 << 15;

/// The fitted weights, one signed byte each.
static WEIGHTS: &[u8; BUCKETS] = include_bytes!("../../data/name-likeness.bin");

/// The model's verdict on an ASCII word in any case: above 0 rather a name, below 0 rather not.
///
/// One unit is a thirty-second of the logarithm of the odds. Words over 30 letters and what holds
/// anything but letters, hyphens and apostrophes give [`i32::MIN`].
///
/// ```
/// use cloister_phi::text::likeness::likeness;
/// assert!(likeness(b"Thorvaldsdottir") > likeness(b"Trastuzumab"));
/// ```
pub fn likeness(word: &[u8]) -> i32 {
    let mut sum = 0;
    let read = each_bucket(word, |bucket| {
        let weight = WEIGHTS.get(bucket).copied().unwrap_or(0);
        sum += i32::from(weight.cast_signed());
    });
    if read { sum } else { i32::MIN }
}

/// Calls `take` with the bucket of every group of letters of a word; whether the word could be read.
pub fn each_bucket(word: &[u8], mut take: impl FnMut(usize)) -> bool {
    let mut framed = [b'$'; LONGEST + 2];
    let Some(room) = framed.get_mut(1..=word.len()) else {
        return false;
    };
    if word.len() > LONGEST {
        return false;
    }
    for (place, byte) in room.iter_mut().zip(word) {
        *place = byte.to_ascii_lowercase();
        if !place.is_ascii_lowercase() && !b"'-".contains(place) {
            return false;
        }
    }
    let framed = framed.get(..word.len() + 2).unwrap_or_default();
    for length in 2..=5 {
        framed.windows(length).for_each(|group| take(bucket(group)));
    }
    true
}

fn bucket(group: &[u8]) -> usize {
    let packed = group
        .iter()
        .fold(group.len() as u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mixed = packed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 49;
    usize::try_from(mixed).unwrap_or(0) & (BUCKETS - 1)
}

const LONGEST: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_cultures_are_told_from_words_of_medicine() {
        for name in [
            "Wojciechowska",
            "Hovhannisian",
            "Karapetyan",
            "Gudmundsdottir",
            "Fitzwillson",
        ] {
            assert!(likeness(name.as_bytes()) > 0, "{name}");
        }
        for word in [
            "levetiracetam",
            "pembrolizumab",
            "cholecystogram",
            "hyperphosphatasia",
        ] {
            assert!(likeness(word.as_bytes()) < 0, "{word}");
        }
    }

    #[test]
    fn what_is_no_word_is_no_name() {
        assert_eq!(likeness(b"B12"), i32::MIN);
        assert_eq!(likeness(&[b'a'; 200]), i32::MIN);
        assert_eq!(likeness("é".as_bytes()), i32::MIN);
    }
}
