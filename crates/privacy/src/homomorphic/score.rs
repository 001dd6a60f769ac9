//! The server's side: one product, and a pad that hides everything but the scores.

use std::sync::Arc;

use domain::Entropy;
use fhe_math::rq::{Poly, Representation, traits::TryConvertFrom};
use zeroize::Zeroizing;

use super::{
    Batch, Cipher, DEGREE, Draws, FixedWeights, HomomorphicError, Kind, MODULI, PLAIN_BITS,
    PublicKey, records_in_one, scheme,
};

/// A model, ready to be multiplied with encrypted records.
#[derive(Clone, Debug)]
pub struct Scorer {
    pub(super) weights: Poly,
    inputs: usize,
}

/// What is added to one answer: an encryption of zero under the caller's key, uniform numbers at
/// every coefficient that is not a score, and flooding noise. Used once.
///
/// # Guarantee
/// Without it the key holder would read the weights off: the second polynomial of a product is the
/// record's own times the weights, and so is the noise.
/// The pad adds `u a + e` to the second polynomial, a ring-LWE sample with fresh `u` and `e`, which
/// hides the product if ring-LWE is hard. The noise of the product is at most `21 |w|_1 + 2^21.7` in
/// each coefficient (fresh noise at most 20, rounding 1, `|w|_1` below 2^23, and what the fresh `u`
/// and `e` bring), below 2^27.7; the pad's own is uniform over 2^72 numbers, so the sum is within
/// 4096 * 2^27.7 / 2^72 < 2^-32 of noise that does not depend on the weights.
/// The sum stays below q / 2t (about 2^72), so that decryption is exact.
///
/// Holds for a key holder who follows the protocol; nothing is claimed against forged public keys.
#[derive(Clone, Debug)]
pub struct Pad {
    first: Poly,
    second: Poly,
    inputs: usize,
    records: usize,
}

impl Scorer {
    /// Takes the weights over to the ring: `w_0 - sum w_i X^(n-i)`.
    pub fn new(weights: &FixedWeights) -> Result<Self, HomomorphicError> {
        let mut coefficients = Zeroizing::new(vec![0_i64; DEGREE]);
        for (power, weight) in weights.numbers().iter().enumerate() {
            let (place, number) = if power == 0 {
                (0, *weight)
            } else {
                (DEGREE.saturating_sub(power), -weight)
            };
            if let Some(slot) = coefficients.get_mut(place) {
                *slot = number;
            }
        }
        let ring = Arc::clone(&scheme().ring);
        let mut polynomial = Poly::try_convert_from(
            coefficients.as_slice(),
            &ring,
            false,
            Representation::PowerBasis,
        )
        .map_err(|_| HomomorphicError::Library("the weights as a polynomial"))?;
        polynomial.change_representation(Representation::NttShoup);
        Ok(Self {
            weights: polynomial,
            inputs: weights.inputs(),
        })
    }

    /// Checks that a batch was encrypted for this model and under this key, before any work.
    pub fn check(&self, records: &Batch, key: &PublicKey) -> Result<(), HomomorphicError> {
        if records.key != key.id() {
            return Err(HomomorphicError::OtherKey);
        }
        if records.inputs != self.inputs {
            return Err(HomomorphicError::Width {
                found: records.inputs,
                expected: self.inputs,
            });
        }
        Ok(())
    }

    /// The encrypted scores of a whole batch, each ciphertext under a pad drawn for it.
    pub fn score_batch(
        &self,
        records: &Batch,
        key: &PublicKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Batch, HomomorphicError> {
        self.check(records, key)?;
        let mut ciphers = Vec::with_capacity(records.ciphers.len());
        for cipher in &records.ciphers {
            let pad = Pad::draw(key, self.inputs, cipher.records, entropy)?;
            ciphers.push(self.score(cipher, pad)?);
        }
        Ok(Batch {
            kind: Kind::Scores,
            ciphers,
            ..*records
        })
    }

    /// One product and one sum: what has to wait for the record. The pad may be drawn before.
    pub fn score(&self, cipher: &Cipher, pad: Pad) -> Result<Cipher, HomomorphicError> {
        if pad.inputs != self.inputs || pad.records != cipher.records {
            return Err(HomomorphicError::Width {
                found: pad.inputs,
                expected: self.inputs,
            });
        }
        let Pad {
            first: hiding_first,
            second: hiding_second,
            ..
        } = pad;
        let (mut first, mut second) = (cipher.first.clone(), cipher.second.clone());
        first *= &self.weights;
        second *= &self.weights;
        first += &hiding_first;
        second += &hiding_second;
        Ok(Cipher {
            first,
            second,
            records: cipher.records,
        })
    }
}

impl Pad {
    /// A pad for a ciphertext of so many records of so many inputs.
    pub fn draw(
        key: &PublicKey,
        inputs: usize,
        records: usize,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, HomomorphicError> {
        if records == 0 || records > records_in_one(inputs) {
            return Err(HomomorphicError::Library("the number of records in a pad"));
        }
        let mut first = hiding(inputs.saturating_add(1), records, entropy)?;
        let (fresh, mut second) = (small(entropy)?, small(entropy)?);
        first += &(&fresh * &key.first);
        second += &(&fresh * &key.second);
        Ok(Self {
            first,
            second,
            inputs,
            records,
        })
    }
}

/// A small polynomial of the scheme's own noise.
fn small(entropy: &mut dyn Entropy) -> Result<Poly, HomomorphicError> {
    let ring = Arc::clone(&scheme().ring);
    Poly::small(&ring, Representation::Ntt, VARIANCE, &mut Draws(entropy))
        .map_err(|_| HomomorphicError::Library("a small polynomial"))
}

/// Mask and flooding noise: each coefficient is `m * (-1/t) + f` with `m` uniform below 2^36, zero
/// where a score stands, and `f` uniform between -2^71 and 2^71.
fn hiding(
    block: usize,
    records: usize,
    entropy: &mut dyn Entropy,
) -> Result<Poly, HomomorphicError> {
    let mut drawn = Zeroizing::new(vec![0_u8; 16 * DEGREE]);
    entropy.fill(&mut drawn);
    let ring = Arc::clone(&scheme().ring);
    let mut coefficients = Vec::with_capacity(MODULI.len() * DEGREE);
    for (prime, modulus) in MODULI.into_iter().zip(ring.moduli_operators()) {
        let unit = modulus
            .inv(modulus.reduce(1 << PLAIN_BITS))
            .map(|inverse| u128::from(modulus.neg(inverse)))
            .ok_or(HomomorphicError::Library(
                "the inverse of the plaintext modulus",
            ))?;
        let lowest = u128::from(prime - modulus.reduce_u128(1 << (FLOOD_BITS - 1)));
        for (place, sixteen) in drawn.as_chunks::<16>().0.iter().enumerate() {
            let draw = u128::from_le_bytes(*sixteen);
            let flood = draw & ((1 << FLOOD_BITS) - 1);
            let mask = (draw >> FLOOD_BITS) & ((1 << PLAIN_BITS) - 1);
            let is_score = place % block == 0 && place / block < records;
            let mask = if is_score { 0 } else { mask };
            coefficients.push(modulus.reduce_u128(flood + lowest + mask * unit));
        }
    }
    let mut polynomial =
        Poly::try_convert_from(coefficients, &ring, false, Representation::PowerBasis)
            .map_err(|_| HomomorphicError::Library("a mask"))?;
    polynomial.change_representation(Representation::Ntt);
    Ok(polynomial)
}

/// Variance of the scheme's noise: a centred binomial law between -20 and 20.
const VARIANCE: usize = 10;
/// Bits of the flooding noise.
const FLOOD_BITS: u32 = 72;
