//! Ciphertexts and their files.

use std::sync::Arc;

use fhe::bfv::Ciphertext;
use fhe_math::rq::{Poly, Representation, traits::TryConvertFrom};

use super::{DEGREE, HomomorphicError, INPUTS_MAX, KeyId, MODULI, records_in_one, scheme};

/// SHA-256 of the feature list that records were encoded by; the caller computes it.
pub type Encoding = [u8; 32];

/// What a file of ciphertexts holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Records on their way to the server.
    Records,
    /// Scores on their way back.
    Scores,
}

/// One ciphertext with the number of records in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cipher {
    pub(super) first: Poly,
    pub(super) second: Poly,
    pub(super) records: usize,
}

/// Ciphertexts under one key and for one feature list: what a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Records or scores.
    pub kind: Kind,
    /// The key they are encrypted under.
    pub key: KeyId,
    /// The feature list of the records.
    pub encoding: Encoding,
    /// Inputs of a record.
    pub inputs: usize,
    /// The ciphertexts, in the order of the records.
    pub ciphers: Vec<Cipher>,
}

impl Cipher {
    /// How many records it holds.
    pub const fn records(&self) -> usize {
        self.records
    }

    pub(super) fn to_library(&self) -> Result<Ciphertext, HomomorphicError> {
        let polynomials = vec![self.first.clone(), self.second.clone()];
        Ciphertext::new(polynomials, &scheme().parameters)
            .map_err(|_| HomomorphicError::Library("a ciphertext of two polynomials"))
    }
}

impl Batch {
    /// How many records it holds.
    pub fn records(&self) -> usize {
        self.ciphers.iter().map(Cipher::records).sum()
    }

    /// The file: a header of 64 bytes, then each ciphertext with its number of records.
    ///
    /// All numbers little-endian; a coefficient takes seven bytes, in the order of the transformed
    /// (NTT) polynomial, first prime first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.ciphers.len() * CIPHER);
        bytes.extend_from_slice(self.kind.magic());
        bytes.extend_from_slice(&self.key.0);
        bytes.extend_from_slice(&self.encoding);
        bytes.extend(small(self.inputs).to_le_bytes());
        bytes.extend(small(self.ciphers.len()).to_le_bytes());
        for cipher in &self.ciphers {
            bytes.extend(small(cipher.records).to_le_bytes());
            put(&cipher.first, &mut bytes);
            put(&cipher.second, &mut bytes);
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// Refuses another kind, a length that is not the one the header tells, more inputs or records
    /// than fit, and coefficients that are not below their prime.
    pub fn from_bytes(kind: Kind, bytes: &[u8]) -> Result<Self, HomomorphicError> {
        let bad = |reason| HomomorphicError::Format {
            what: kind.words(),
            reason,
        };
        let mut reader = Reader { rest: bytes };
        if reader.take::<8>() != Some(*kind.magic()) {
            return Err(bad("it begins otherwise"));
        }
        let head = (|| {
            Some((
                reader.take()?,
                reader.take()?,
                reader.number()?,
                reader.number()?,
            ))
        })();
        let (key, encoding, inputs, count) = head.ok_or(bad("the header is cut off"))?;
        if inputs == 0 || inputs > INPUTS_MAX {
            return Err(bad("the number of inputs is impossible"));
        }
        if count == 0 || count.checked_mul(CIPHER) != Some(reader.rest.len()) {
            return Err(bad("its length does not fit its header"));
        }
        let mut ciphers = Vec::with_capacity(count);
        for _ in 0..count {
            let records = reader.number().ok_or(bad("it is cut off"))?;
            if records == 0 || records > records_in_one(inputs) {
                return Err(bad("the number of records is impossible"));
            }
            let polynomial = |reader: &mut Reader<'_>| {
                polynomial(reader).ok_or(bad("a coefficient is not below its prime"))
            };
            ciphers.push(Cipher {
                first: polynomial(&mut reader)?,
                second: polynomial(&mut reader)?,
                records,
            });
        }
        Ok(Self {
            kind,
            key: KeyId(key),
            encoding,
            inputs,
            ciphers,
        })
    }
}

impl Kind {
    const fn magic(self) -> &'static [u8; 8] {
        match self {
            Self::Records => b"CLOHECT1",
            Self::Scores => b"CLOHESC1",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Records => "encrypted records",
            Self::Scores => "encrypted scores",
        }
    }
}

/// Bytes not yet read.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl Reader<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.take()?)).ok()
    }
}

/// Writes the coefficients of a transformed polynomial.
pub(super) fn put(polynomial: &Poly, bytes: &mut Vec<u8>) {
    for coefficient in polynomial.coefficients() {
        let eight = coefficient.to_le_bytes();
        bytes.extend_from_slice(eight.first_chunk::<WIDTH>().unwrap_or(&[0; WIDTH]));
    }
}

/// Reads them back; `None` when they end early or one is not below its prime.
pub(super) fn polynomial(reader: &mut Reader<'_>) -> Option<Poly> {
    let (taken, rest) = reader.rest.split_at_checked(POLYNOMIAL)?;
    reader.rest = rest;
    let mut coefficients = Vec::with_capacity(MODULI.len() * DEGREE);
    for (part, prime) in taken.chunks_exact(DEGREE * WIDTH).zip(MODULI) {
        for seven in part.as_chunks::<WIDTH>().0 {
            let mut eight = [0; 8];
            eight
                .iter_mut()
                .zip(seven)
                .for_each(|(to, from)| *to = *from);
            let coefficient = u64::from_le_bytes(eight);
            if coefficient >= prime {
                return None;
            }
            coefficients.push(coefficient);
        }
    }
    let ring = Arc::clone(&scheme().ring);
    Poly::try_convert_from(coefficients, &ring, false, Representation::Ntt).ok()
}

/// Counts here are below 2^32 by construction.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Bytes of a coefficient: primes have at most 55 bits.
const WIDTH: usize = 7;
/// Bytes of a polynomial.
pub(super) const POLYNOMIAL: usize = MODULI.len() * DEGREE * WIDTH;
const CIPHER: usize = 4 + 2 * POLYNOMIAL;
const HEADER: usize = 64;
