//! Inputs and weights as integers.

use super::{DEGREE, HomomorphicError, PLAIN_BITS};

/// Bits behind the point of an input: the features of this program are multiples of 2^-12 already.
pub const FEATURE_BITS: u32 = 12;
/// Bits behind the point of a weight; rounding moves a weight by at most 2^-15.
pub const WEIGHT_BITS: u32 = 14;
/// The most inputs of a record; one more coefficient is for the bias.
pub const INPUTS_MAX: usize = DEGREE - 1;

/// Absolute weights may add up to less than this, so that no score wraps around.
pub(super) const NORM_BOUND: u64 = 1 << (PLAIN_BITS - 1 - FEATURE_BITS);

/// The weights of a linear model as integers, the bias first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedWeights {
    numbers: Vec<i64>,
}

impl FixedWeights {
    /// Rounds a bias and weights to multiples of 2^-14.
    ///
    /// Refuses more than [`INPUTS_MAX`] weights, weights that are not finite, and weights whose
    /// absolute values, bias included, add up to 512 or more: then every score of inputs between -1
    /// and 1 is told apart from every other.
    pub fn new(bias: f64, weights: &[f64]) -> Result<Self, HomomorphicError> {
        check_width(weights.len())?;
        let numbers: Option<Vec<i64>> = std::iter::once(&bias)
            .chain(weights)
            .map(|weight| fixed(*weight, WEIGHT_BITS, 512.0))
            .collect();
        let numbers = numbers.ok_or(HomomorphicError::Weights)?;
        let norm: u64 = numbers.iter().map(|number| number.unsigned_abs()).sum();
        if norm >= NORM_BOUND {
            return Err(HomomorphicError::Weights);
        }
        Ok(Self { numbers })
    }

    /// How many inputs the model reads.
    pub fn inputs(&self) -> usize {
        self.numbers.len().saturating_sub(1)
    }

    /// The score of a record of [`fixed_record`], in units of 2^-26, in plain arithmetic: what the
    /// encrypted way gives exactly.
    pub fn score(&self, record: &[i64]) -> Result<i64, HomomorphicError> {
        if record.len() != self.numbers.len() {
            return Err(HomomorphicError::Width {
                found: record.len().saturating_sub(1),
                expected: self.inputs(),
            });
        }
        let products = self.numbers.iter().zip(record);
        Ok(products.map(|(weight, input)| weight * input).sum())
    }

    /// Bias and weights.
    pub(super) fn numbers(&self) -> &[i64] {
        &self.numbers
    }
}

/// A record as integers: a one for the bias, then its inputs as multiples of 2^-12.
///
/// Refuses inputs outside -1 to 1 and more than [`INPUTS_MAX`] of them.
pub fn fixed_record(inputs: &[f32]) -> Result<Vec<i64>, HomomorphicError> {
    check_width(inputs.len())?;
    let mut record = vec![1 << FEATURE_BITS];
    for (position, input) in inputs.iter().enumerate() {
        let number = fixed(f64::from(*input), FEATURE_BITS, 1.0);
        record.push(number.ok_or(HomomorphicError::Feature {
            input: position + 1,
        })?);
    }
    Ok(record)
}

/// The log-odds (or the value, for a linear model) that a score in units of 2^-26 stands for.
pub fn margin_of(score: i64) -> f64 {
    score as f64 / f64::from(1 << (FEATURE_BITS + WEIGHT_BITS))
}

/// How many records of so many inputs one ciphertext holds.
pub const fn records_in_one(inputs: usize) -> usize {
    DEGREE / (inputs.saturating_add(1))
}

fn check_width(inputs: usize) -> Result<(), HomomorphicError> {
    if inputs == 0 {
        return Err(HomomorphicError::Empty);
    }
    if inputs > INPUTS_MAX {
        return Err(HomomorphicError::TooWide {
            found: inputs,
            most: INPUTS_MAX,
        });
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number was checked to be below 2^24"
)]
fn fixed(number: f64, bits: u32, bound: f64) -> Option<i64> {
    if !(number.is_finite() && number.abs() <= bound) {
        return None;
    }
    Some(libm::round(number * f64::from(1_u32 << bits)) as i64)
}
