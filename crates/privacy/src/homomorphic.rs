//! Scores of linear models on encrypted records.
//!
//! A key holder encrypts records; a server that never sees the key multiplies them with its weights
//! and returns encrypted scores; the key holder decrypts and applies sigmoid and threshold.
//!
//! # How
//! BFV (Fan, Vercauteren 2012) over `Z_q[X]/(X^n + 1)` with `n` = 4096, a modulus `q` of 109 bits
//! and a plaintext modulus of 2^36: a row of the 128-bit table of the homomorphic encryption
//! standard (Albrecht et al. 2018; at most 109 bits at this `n`). A record `x` is the polynomial
//! `sum x_i X^i`, a model `w` is `w_0 - sum w_i X^(n-i)`; the constant coefficient of the product is
//! the score. One ciphertext holds as many records as fit, one block of coefficients each.
//!
//! # Guarantee
//! The server learns nothing of the records but how many there are and how wide, if ring learning
//! with errors is hard. The key holder, if it follows the protocol, learns of the weights what the
//! scores tell and no more: every other coefficient of the message is masked by a uniform one, the
//! second polynomial is made fresh with an encryption of zero under the public key, and the noise is
//! flooded with uniform noise 2^71 wide, which leaves at most 2^-32 of statistical distance for each
//! ciphertext (see [`Pad`]). Each answered record is a linear equation in the weights all the same:
//! whoever gets as many answers as the model has inputs knows the model, and a key holder who forges
//! records or keys needs fewer. The limit on answers is what protects the weights.
//!
//! Ciphertexts can be changed by anybody who holds them, without it being noticed; carry them over a
//! channel that authenticates. BFV is not an approved algorithm (FIPS 140): it is a layer inside the
//! encryption that the law asks for, not in its place.

mod cipher;
mod error;
mod fixed;
mod keys;
mod score;

pub use cipher::{Batch, Cipher, Encoding, Kind};
pub use error::HomomorphicError;
pub use fixed::{
    FEATURE_BITS, FixedWeights, INPUTS_MAX, WEIGHT_BITS, fixed_record, margin_of, records_in_one,
};
pub use keys::{KeyId, PublicKey, SecretKey};
pub use score::{Pad, Scorer};

use std::sync::{Arc, OnceLock};

use domain::Entropy;
use fhe::bfv::{BfvParameters, BfvParametersBuilder};
use fhe_math::rq::Context;

/// Coefficients of a polynomial.
const DEGREE: usize = 4096;
/// Bits of the plaintext modulus.
const PLAIN_BITS: u32 = 36;
/// The primes of the ciphertext modulus, 54 and 55 bits, each one more than a multiple of 8192.
const MODULI: [u64; 2] = [0x003f_ffff_fffd_6001, 0x007f_ffff_fffb_4001];

/// The one parameter set, built once.
struct Scheme {
    parameters: Arc<BfvParameters>,
    ring: Arc<Context>,
}

#[expect(
    clippy::expect_used,
    reason = "the parameters are constants and every test builds them"
)]
fn scheme() -> &'static Scheme {
    static SCHEME: OnceLock<Scheme> = OnceLock::new();
    SCHEME.get_or_init(|| {
        let parameters = BfvParametersBuilder::new()
            .set_degree(DEGREE)
            .set_plaintext_modulus(1 << PLAIN_BITS)
            .set_moduli(&MODULI)
            .build_arc()
            .expect("the constants make a parameter set");
        let ring = parameters
            .context_at_level(0)
            .expect("there is a first level");
        Scheme {
            ring: Arc::clone(ring),
            parameters,
        }
    })
}

/// The caller's randomness, as the library asks for it.
struct Draws<'a>(&'a mut dyn Entropy);

impl rand_core::RngCore for Draws<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }
}

impl rand_core::CryptoRng for Draws<'_> {}

#[cfg(test)]
mod tests;
