//! Sharing a root key out among people: SLIP-0039 (SatoshiLabs, 2017), one group.
//!
//! A share is a line of 33 English words: 26 that hold set, number, threshold and value, and three
//! of a checksum that finds up to three wrong words for certain. Any program that knows SLIP-0039
//! can join them. The words carry no secret of ours beside the value; there is no passphrase.
//! The shares hold the *encrypted* root key in the standard's sense, with its iteration exponent 0.

mod cipher;
mod field;
mod words;

use std::{fmt, str::FromStr};

use domain::{Code, Entropy, Explain};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{RootKey, codes, mac::hmac_sha256};

/// One share of a root key; wiped when dropped, and `Debug` shows its number only.
///
/// `Display` and `FromStr` are its words.
#[derive(Clone)]
pub struct Share {
    /// The set it belongs to, 15 bits.
    set: u16,
    extendable: bool,
    exponent: u8,
    /// From 0.
    index: u8,
    threshold: u8,
    value: Zeroizing<Vec<u8>>,
}

/// Why a root key cannot be shared out or joined.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShareError {
    /// No such way to share.
    #[error(
        "a root key is shared out among 2 to 16 people, of whom 2 or more, and not more than there are, must come together"
    )]
    Count,
    /// Not a line of share words.
    #[error("the share has {found} words, not 20 or 33")]
    Length {
        /// How many it has.
        found: usize,
    },
    /// A word that is not in the list.
    #[error("word {place} of the share is not in the list of share words")]
    Word {
        /// Which, from 1.
        place: usize,
    },
    /// The checksum does not hold.
    #[error(
        "the share is damaged: its checksum does not hold, so a word is wrong or in another place"
    )]
    Checksum,
    /// The share is one of several groups, which this program does not make.
    #[error("the share belongs to a sharing in groups, which cloister does not make")]
    Groups,
    /// A share that asks for more work than ours, so that joining would take minutes.
    #[error("the share asks for more passes of its key derivation than cloister makes")]
    Cost,
    /// A share of another set.
    #[error("share {number} belongs to the set {found}, the others to the set {expected}")]
    Foreign {
        /// Its number, from 1.
        number: u8,
        /// Its set.
        found: String,
        /// The set of the first share.
        expected: String,
    },
    /// One share twice.
    #[error("share {number} was given twice")]
    Twice {
        /// Its number, from 1.
        number: u8,
    },
    /// Fewer shares than it takes.
    #[error(
        "{given} of the set {set} were given ({}), and it takes {needed}",
        list(numbers)
    )]
    Missing {
        /// The set.
        set: String,
        /// How many.
        given: usize,
        /// How many it takes.
        needed: u8,
        /// Their numbers, from 1.
        numbers: Vec<u8>,
    },
    /// The shares do not make a key: one was made up.
    #[error("the shares do not fit together: at least one was not made with the others")]
    Unfit,
}

/// Shares a root key out.
pub(crate) fn split(
    root: &RootKey,
    threshold: u8,
    count: u8,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Share>, ShareError> {
    if threshold < 2 || threshold > count || count > MEMBERS_MAX {
        return Err(ShareError::Count);
    }
    let mut set = [0; 2];
    entropy.fill(&mut set);
    let set = u16::from_be_bytes(set) & SET_MAX;
    let secret = cipher::encrypt(root.bytes(), b"", 0, &cipher::salt(set, true));
    let values = values(&secret, threshold, count, entropy);
    let share = |(index, value)| Share {
        set,
        extendable: true,
        exponent: 0,
        index,
        threshold,
        value,
    };
    Ok((0..).zip(values).map(share).collect())
}

/// Joins shares to the root key they were made of: exactly as many as it takes, or more, all of
/// one set and each once. A missing, foreign, doubled or made-up share is refused by number.
pub fn join(shares: &[Share]) -> Result<RootKey, ShareError> {
    let secret = join_secret(shares, b"")?;
    let bytes = secret
        .as_slice()
        .try_into()
        .map_err(|_| ShareError::Unfit)?;
    Ok(RootKey::from_bytes(bytes))
}

fn join_secret(shares: &[Share], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, ShareError> {
    let (first, needed) = check(shares)?;
    let points: Vec<(u8, &[u8])> = shares
        .iter()
        .take(usize::from(needed))
        .map(|share| (share.index, share.value.as_slice()))
        .collect();
    let secret = if needed == 1 {
        first.value.clone()
    } else {
        let secret = field::interpolate(&points, SECRET);
        let proof = field::interpolate(&points, DIGEST);
        let (sum, salt) = proof.split_at_checked(4).ok_or(ShareError::Unfit)?;
        if hmac_sha256(salt, &secret).get(..4) != Some(sum) {
            return Err(ShareError::Unfit);
        }
        secret
    };
    let salt = cipher::salt(first.set, first.extendable);
    Ok(cipher::decrypt(&secret, passphrase, first.exponent, &salt))
}

/// The first share and how many it takes, once all belong together.
fn check(shares: &[Share]) -> Result<(&Share, u8), ShareError> {
    let first = shares.first().ok_or(ShareError::Unfit)?;
    for (place, share) in shares.iter().enumerate() {
        if !share.is_of_the_set_of(first) {
            return Err(ShareError::Foreign {
                number: share.number(),
                found: share.set(),
                expected: first.set(),
            });
        }
        let before = shares.iter().take(place);
        if before.into_iter().any(|other| other.index == share.index) {
            return Err(ShareError::Twice {
                number: share.number(),
            });
        }
    }
    if shares.len() < usize::from(first.threshold) {
        return Err(ShareError::Missing {
            set: first.set(),
            given: shares.len(),
            needed: first.threshold,
            numbers: shares.iter().map(Share::number).collect(),
        });
    }
    Ok((first, first.threshold))
}

/// The values of all shares: random ones for all but two of the threshold, the rest on the
/// polynomial through them, the secret, and the secret's digest.
fn values(
    secret: &[u8],
    threshold: u8,
    count: u8,
    entropy: &mut dyn Entropy,
) -> Vec<Zeroizing<Vec<u8>>> {
    let mut draw = |length| {
        let mut bytes = Zeroizing::new(vec![0; length]);
        entropy.fill(&mut bytes);
        bytes
    };
    let drawn = threshold.saturating_sub(2);
    let mut values: Vec<Zeroizing<Vec<u8>>> = (0..drawn).map(|_| draw(secret.len())).collect();
    let salt = draw(secret.len().saturating_sub(4));
    let sum = hmac_sha256(&salt, secret);
    let mut proof = Zeroizing::new(Vec::with_capacity(secret.len()));
    proof.extend_from_slice(sum.get(..4).unwrap_or_default());
    proof.extend_from_slice(&salt);
    let given = values.clone();
    let mut points: Vec<(u8, &[u8])> = (0..)
        .zip(given.iter().map(|value| value.as_slice()))
        .collect();
    points.push((DIGEST, &proof));
    points.push((SECRET, secret));
    values.extend((drawn..count).map(|index| field::interpolate(&points, index)));
    values
}

impl Share {
    /// The set's name, four hexadecimal digits; all shares of a set begin with the same two words.
    pub fn set(&self) -> String {
        format!("{:04X}", self.set)
    }

    /// Its number, from 1.
    pub const fn number(&self) -> u8 {
        self.index.saturating_add(1)
    }

    /// How many shares it takes.
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    fn is_of_the_set_of(&self, other: &Self) -> bool {
        (
            self.set,
            self.extendable,
            self.exponent,
            self.threshold,
            self.value.len(),
        ) == (
            other.set,
            other.extendable,
            other.exponent,
            other.threshold,
            other.value.len(),
        )
    }

    /// Its words as numbers of 10 bits, without the checksum.
    fn numbers(&self) -> Zeroizing<Vec<u16>> {
        let head = (u64::from(self.set) << 25)
            | (u64::from(self.extendable) << 24)
            | (u64::from(self.exponent) << 20)
            | (u64::from(self.index) << 4)
            | u64::from(self.threshold.saturating_sub(1));
        let mut numbers: Vec<u16> = (0..4)
            .rev()
            .map(|place| u16::try_from((head >> (10 * place)) & 1023).unwrap_or_default())
            .collect();
        numbers.extend(words::of_bytes(&self.value).iter());
        Zeroizing::new(numbers)
    }

    fn of_numbers(numbers: &[u16]) -> Result<Self, ShareError> {
        let (head, value) = numbers.split_at_checked(4).ok_or(ShareError::Checksum)?;
        let head = head
            .iter()
            .fold(0_u64, |head, number| (head << 10) | u64::from(*number));
        let field =
            |shift: u32, mask: u64| u8::try_from((head >> shift) & mask).unwrap_or_default();
        let (group, group_threshold, groups) = (field(16, 15), field(12, 15), field(8, 15));
        if (group, group_threshold, groups) != (0, 0, 0) {
            return Err(ShareError::Groups);
        }
        if field(20, 15) > EXPONENT_MAX {
            return Err(ShareError::Cost);
        }
        Ok(Self {
            set: u16::try_from(head >> 25).unwrap_or_default() & SET_MAX,
            extendable: field(24, 1) == 1,
            exponent: field(20, 15),
            index: field(4, 15),
            threshold: field(0, 15).saturating_add(1),
            value: words::to_bytes(value).ok_or(ShareError::Checksum)?,
        })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut numbers = self.numbers();
        let sum = words::checksum(&numbers, self.extendable);
        numbers.extend(sum);
        f.write_str(&words::line(&numbers))
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({} of the set {})", self.number(), self.set())
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(line: &str) -> Result<Self, ShareError> {
        let numbers = words::numbers(line)?;
        // The bit that chooses the checksum's own label stands behind the 15 bits of the set.
        let extendable = numbers.get(1).is_some_and(|second| second >> 4 & 1 == 1);
        if !words::checksum_holds(&numbers, extendable) {
            return Err(ShareError::Checksum);
        }
        Self::of_numbers(
            numbers
                .get(..numbers.len() - words::CHECKSUM)
                .unwrap_or_default(),
        )
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

impl Explain for ShareError {
    fn code(&self) -> Code {
        match self {
            Self::Count => codes::SHARE_COUNT,
            Self::Length { .. } | Self::Word { .. } | Self::Checksum => codes::SHARE_DAMAGED,
            Self::Groups | Self::Cost | Self::Foreign { .. } | Self::Unfit => codes::SHARE_FOREIGN,
            Self::Twice { .. } | Self::Missing { .. } => codes::SHARE_MISSING,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Count => "share for example 5 and ask for 3: `--shares 5 --threshold 3`",
            Self::Length { .. } | Self::Word { .. } | Self::Checksum => {
                "compare the share with the paper it was typed from, word by word"
            }
            Self::Groups | Self::Cost | Self::Foreign { .. } | Self::Unfit => {
                "bring shares of one set together; all of a set begin with the same two words"
            }
            Self::Twice { .. } | Self::Missing { .. } => {
                "ask further holders for their shares; each counts once"
            }
        }
        .to_owned()
    }
}

fn list(numbers: &[u8]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u8::to_string).collect();
    format!("number {}", numbers.join(", "))
}

const MEMBERS_MAX: u8 = 16;
const SET_MAX: u16 = (1 << 15) - 1;
/// 320,000 passes, a fifth of a second; ours have 10,000.
const EXPONENT_MAX: u8 = 5;
const DIGEST: u8 = 254;
const SECRET: u8 = 255;

#[cfg(test)]
mod tests;
