use domain::{Code, Explain};

use crate::codes;

use super::{decode::Chain, tag::Tag};

/// The number of tags.
pub const TAGS: usize = Tag::ALL.len();

/// The number of rows of weights: features are hashed to so many.
pub const FEATURES: usize = 1 << 18;

/// What a tagger has learned: a score for every feature and tag, and for every tag behind another.
///
/// As bytes: `CLTAGGER`, version (u16), rows (u32), the size of a step in nats (f32), the ways
/// between tags ((tags + 1) x tags of i16), a digest of all that follows and precedes it (FNV-1a,
/// 64 bits: against damage, not against forgery), then rows x tags of i8. All little endian.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    step: f32,
    chain: Chain,
    /// Padded with zeros to one vector of the processor.
    rows: Vec<[i8; LANES]>,
}

/// Why weights are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// Not this kind of file, or cut short.
    #[error("these are not the weights of a tagger")]
    Foreign,
    /// A version this program does not know.
    #[error("weights of version {found}, this program reads version 2")]
    Version {
        /// The version that was found.
        found: u16,
    },
    /// The digest does not fit.
    #[error("the weights are damaged: their digest does not fit")]
    Damaged,
}

impl Explain for WeightsError {
    fn code(&self) -> Code {
        codes::TAGGER_WEIGHTS
    }

    fn help(&self) -> String {
        "take the file of this release, or train it again: `cargo xtask train-tagger`".to_owned()
    }
}

impl Weights {
    /// Quantised weights: `rows` and `chain` in nats, the chain's last row the start of a sentence.
    /// Ways that tags forbid are forbidden whatever `chain` says.
    pub fn quantised(rows: &[[f32; TAGS]], chain: &[[f32; TAGS]; TAGS + 1]) -> Self {
        let top = rows
            .iter()
            .flatten()
            .fold(0.0_f32, |top, weight| top.max(weight.abs()));
        let step = top.clamp(0.01, HIGHEST) / 127.0;
        let mut ways = [[0; TAGS]; TAGS + 1];
        for (from, (row, weights)) in ways.iter_mut().zip(chain).enumerate() {
            for ((way, weight), tag) in row.iter_mut().zip(weights).zip(Tag::ALL) {
                let fits = tag.follows(Tag::ALL.get(from).copied());
                *way = if fits {
                    i32::from(narrow(*weight, step))
                } else {
                    Chain::NEVER
                };
            }
        }
        Self {
            step,
            chain: Chain(ways),
            rows: rows
                .iter()
                .map(|row| padded(row.map(|weight| tiny(weight, step))))
                .collect(),
        }
    }

    /// Reads what [`bytes`](Self::bytes) wrote.
    ///
    /// # Errors
    /// Refuses other files, other versions and damage of any byte.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let foreign = WeightsError::Foreign;
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(foreign)?;
        let (version, rest) = rest.split_first_chunk::<2>().ok_or(foreign)?;
        if magic != MAGIC {
            return Err(foreign);
        }
        let found = u16::from_le_bytes(*version);
        if found != VERSION {
            return Err(WeightsError::Version { found });
        }
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(foreign)?;
        let (step, rest) = rest.split_first_chunk::<4>().ok_or(foreign)?;
        let (ways, rest) = rest.split_at_checked(WAYS * 2).ok_or(foreign)?;
        let (digest, body) = rest.split_first_chunk::<8>().ok_or(foreign)?;
        let head = bytes.get(..HEAD).ok_or(foreign)?;
        if fnv(fnv(OFFSET, head), body) != u64::from_le_bytes(*digest) {
            return Err(WeightsError::Damaged);
        }
        let (rows, tail) = body.as_chunks::<TAGS>();
        if rows.len() != FEATURES
            || u32::from_le_bytes(*count) as usize != FEATURES
            || !tail.is_empty()
        {
            return Err(foreign);
        }
        Ok(Self {
            step: f32::from_le_bytes(*step),
            chain: chain(ways),
            rows: rows
                .iter()
                .map(|row| padded(row.map(u8::cast_signed)))
                .collect(),
        })
    }

    /// The weights as bytes, for [`read`](Self::read).
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(u32::try_from(self.rows.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(self.step.to_le_bytes());
        for way in self.chain.0.iter().flatten() {
            bytes.extend(i16::try_from(*way).unwrap_or(i16::MIN).to_le_bytes());
        }
        let body: Vec<u8> = self
            .rows
            .iter()
            .flat_map(|row| row.iter().take(TAGS))
            .map(|weight| weight.cast_unsigned())
            .collect();
        let digest = fnv(fnv(OFFSET, &bytes), &body);
        bytes.extend(digest.to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The digest in the header, for the model card.
    pub fn digest(&self) -> u64 {
        let bytes = self.bytes();
        let digest = bytes.get(HEAD..).and_then(|rest| rest.first_chunk::<8>());
        digest.map_or(0, |digest| u64::from_le_bytes(*digest))
    }

    /// One step of the integer scores, in nats.
    pub(super) const fn step(&self) -> f32 {
        self.step
    }

    pub(super) const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// So many nats in steps.
    #[expect(clippy::cast_possible_truncation, reason = "a cast to i32 saturates")]
    pub(super) fn steps(&self, nats: f32) -> i32 {
        (nats / self.step) as i32
    }

    /// The score of each tag for a token with these features.
    #[inline]
    pub(super) fn score(&self, features: &[u32]) -> [i32; TAGS] {
        // 255 features of 127 steps fit into 16 bits; a token has fewer than a hundred.
        let mut scores = [0_i16; LANES];
        for feature in features {
            if let Some(row) = self.rows.get(*feature as usize) {
                for (score, weight) in scores.iter_mut().zip(row) {
                    *score = score.wrapping_add(i16::from(*weight));
                }
            }
        }
        let mut tags = [0_i32; TAGS];
        tags.iter_mut()
            .zip(scores)
            .for_each(|(tag, score)| *tag = i32::from(score));
        tags
    }
}

fn padded(row: [i8; TAGS]) -> [i8; LANES] {
    let mut lanes = [0; LANES];
    lanes
        .iter_mut()
        .zip(row)
        .for_each(|(lane, weight)| *lane = weight);
    lanes
}

fn chain(bytes: &[u8]) -> Chain {
    let mut ways = [[0; TAGS]; TAGS + 1];
    let (values, _) = bytes.as_chunks::<2>();
    for (way, value) in ways.iter_mut().flatten().zip(values) {
        let value = i16::from_le_bytes(*value);
        *way = if value == i16::MIN {
            Chain::NEVER
        } else {
            i32::from(value)
        };
    }
    Chain(ways)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn tiny(weight: f32, step: f32) -> i8 {
    (weight / step).round().clamp(-127.0, 127.0) as i8
}

#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn narrow(weight: f32, step: f32) -> i16 {
    (weight / step).round().clamp(-30_000.0, 30_000.0) as i16
}

fn fnv(state: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(state, |state, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

const MAGIC: &[u8; 8] = b"CLTAGGER";
const VERSION: u16 = 2;
/// Tags, and room to a vector of 128 bits.
const LANES: usize = 16;
const WAYS: usize = (TAGS + 1) * TAGS;
const HEAD: usize = 8 + 2 + 4 + 4 + WAYS * 2;
const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;

/// Weights beyond this many nats are cut.
const HIGHEST: f32 = 4.0;
