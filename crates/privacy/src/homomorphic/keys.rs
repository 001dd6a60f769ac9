//! The key pair: who decrypts, and what the server masks with.

use std::fmt;

use domain::Entropy;
use fhe::bfv::{self, Ciphertext, Plaintext};
use fhe_math::rq::Poly;
use fhe_traits::{
    DeserializeParametrized, FheDecoder, FheDecrypter, FheEncoder, FheEncrypter, Serialize,
};
use zeroize::Zeroizing;

use super::{
    Batch, Cipher, DEGREE, Draws, Encoding, HomomorphicError, Kind, PLAIN_BITS,
    cipher::{POLYNOMIAL, Reader, polynomial, put},
    records_in_one, scheme,
};

/// The name of a key pair: 16 random bytes, drawn with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub [u8; 16]);

/// Decrypts, and encrypts records. Stays with the key holder; wiped when dropped.
#[derive(Clone)]
pub struct SecretKey {
    id: KeyId,
    key: bfv::SecretKey,
}

/// An encryption of zero, with which the server makes its answers fresh. Not secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    pub(super) first: Poly,
    pub(super) second: Poly,
}

impl SecretKey {
    /// A new key with a new name.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        Self {
            id: KeyId(id),
            key: bfv::SecretKey::random(&scheme().parameters, &mut Draws(entropy)),
        }
    }

    /// Its name.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The public key that goes with it, drawn anew.
    pub fn public(&self, entropy: &mut dyn Entropy) -> Result<PublicKey, HomomorphicError> {
        let zero = self.encrypt_numbers(&[0], entropy)?;
        let (first, second) = halves(&zero)?;
        Ok(PublicKey {
            id: self.id,
            first,
            second,
        })
    }

    /// Encrypts records of [`super::fixed_record`], as many in one ciphertext as fit.
    pub fn encrypt(
        &self,
        encoding: Encoding,
        records: &[Vec<i64>],
        entropy: &mut dyn Entropy,
    ) -> Result<Batch, HomomorphicError> {
        let block = records.first().map_or(0, Vec::len);
        let inputs = block.checked_sub(1).ok_or(HomomorphicError::Empty)?;
        if let Some(other) = records.iter().find(|record| record.len() != block) {
            return Err(HomomorphicError::Width {
                found: other.len().saturating_sub(1),
                expected: inputs,
            });
        }
        let mut ciphers = Vec::new();
        for part in records.chunks(records_in_one(inputs).max(1)) {
            let numbers = Zeroizing::new(part.concat());
            let (first, second) = halves(&self.encrypt_numbers(&numbers, entropy)?)?;
            ciphers.push(Cipher {
                first,
                second,
                records: part.len(),
            });
        }
        Ok(Batch {
            kind: Kind::Records,
            key: self.id,
            encoding,
            inputs,
            ciphers,
        })
    }

    /// The scores of a batch in the order of its records, in units of 2^-26.
    pub fn decrypt(&self, scores: &Batch) -> Result<Vec<i64>, HomomorphicError> {
        if scores.key != self.id {
            return Err(HomomorphicError::OtherKey);
        }
        let mut found = Vec::with_capacity(scores.records());
        for cipher in &scores.ciphers {
            let message = self.message(cipher)?;
            let blocks = message.chunks(scores.inputs.saturating_add(1));
            found.extend(
                blocks
                    .take(cipher.records)
                    .filter_map(|block| block.first().copied()),
            );
        }
        Ok(found)
    }

    /// Every coefficient of a message, between -2^35 and 2^35.
    pub(super) fn message(&self, cipher: &Cipher) -> Result<Vec<i64>, HomomorphicError> {
        let refused = |_| HomomorphicError::Library("a decryption");
        let plain = self
            .key
            .try_decrypt(&cipher.to_library()?)
            .map_err(refused)?;
        let numbers =
            Zeroizing::new(Vec::<u64>::try_decode(&plain, bfv::Encoding::poly()).map_err(refused)?);
        Ok(numbers.iter().map(|number| centred(*number)).collect())
    }

    fn encrypt_numbers(
        &self,
        numbers: &[i64],
        entropy: &mut dyn Entropy,
    ) -> Result<Ciphertext, HomomorphicError> {
        let refused = |_| HomomorphicError::Library("an encryption");
        if numbers.len() > DEGREE {
            return Err(HomomorphicError::TooWide {
                found: numbers.len() - 1,
                most: super::INPUTS_MAX,
            });
        }
        let plain = Plaintext::try_encode(numbers, bfv::Encoding::poly(), &scheme().parameters)
            .map_err(refused)?;
        self.key
            .try_encrypt(&plain, &mut Draws(entropy))
            .map_err(refused)
    }

    /// The key as bytes, to be sealed; wiped when dropped.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        bytes.extend_from_slice(SECRET);
        bytes.extend_from_slice(&self.id.0);
        let key = Zeroizing::new(self.key.to_bytes());
        bytes.extend_from_slice(&key);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HomomorphicError> {
        let bad = |reason| HomomorphicError::Format {
            what: "a secret key",
            reason,
        };
        let mut reader = Reader { rest: bytes };
        if reader.take() != Some(*SECRET) {
            return Err(bad("it begins otherwise"));
        }
        let id = reader.take().ok_or(bad("it is cut off"))?;
        let key = bfv::SecretKey::from_bytes(reader.rest, &scheme().parameters)
            .map_err(|_| bad("the key itself does not parse"))?;
        Ok(Self { id: KeyId(id), key })
    }
}

impl PublicKey {
    /// The name of the pair.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The file: eight bytes that say what it is, the name, two polynomials.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24 + 2 * POLYNOMIAL);
        bytes.extend_from_slice(PUBLIC);
        bytes.extend_from_slice(&self.id.0);
        put(&self.first, &mut bytes);
        put(&self.second, &mut bytes);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; refuses any other length, and coefficients that are not
    /// below their prime.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HomomorphicError> {
        let bad = |reason| HomomorphicError::Format {
            what: "a public key",
            reason,
        };
        let mut reader = Reader { rest: bytes };
        if reader.take() != Some(*PUBLIC) {
            return Err(bad("it begins otherwise"));
        }
        let id = reader.take().ok_or(bad("it is cut off"))?;
        if reader.rest.len() != 2 * POLYNOMIAL {
            return Err(bad("its length is another one"));
        }
        let mut next =
            || polynomial(&mut reader).ok_or(bad("a coefficient is not below its prime"));
        Ok(Self {
            id: KeyId(id),
            first: next()?,
            second: next()?,
        })
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn halves(cipher: &Ciphertext) -> Result<(Poly, Poly), HomomorphicError> {
    match &**cipher {
        [first, second] => {
            let (mut first, mut second) = (first.clone(), second.clone());
            first.disallow_variable_time_computations();
            second.disallow_variable_time_computations();
            Ok((first, second))
        }
        _ => Err(HomomorphicError::Library("a ciphertext of two polynomials")),
    }
}

/// A number below 2^36 as the one between -2^35 and 2^35.
fn centred(number: u64) -> i64 {
    let number = i64::try_from(number).unwrap_or_default();
    if number >= 1 << (PLAIN_BITS - 1) {
        number - (1 << PLAIN_BITS)
    } else {
        number
    }
}

const SECRET: &[u8; 8] = b"CLOHESK1";
const PUBLIC: &[u8; 8] = b"CLOHEPK1";
