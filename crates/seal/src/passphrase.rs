//! The passphrase of a keyring and what hashing it costs.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::KeyringError;

/// A passphrase; wiped when dropped, and `Debug` prints nothing of it.
///
/// Only [`crate::Keyring::create`] and [`crate::Keyring::seal`] ask for
/// [`Passphrase::LENGTH_MIN`] characters: a passphrase that is already in use is taken as it is.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

/// What one hash of the passphrase costs, Argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB, 8 per lane to 1,048,576.
    pub memory_kib: u32,
    /// Passes over the memory, 1 to 32.
    pub passes: u32,
    /// Lanes, 1 to 16.
    pub lanes: u32,
}

impl Passphrase {
    /// Fewest characters of a new passphrase.
    pub const LENGTH_MIN: usize = 12;

    /// Takes the text as it is, without trimming.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn check_new(&self) -> Result<(), KeyringError> {
        if self.0.chars().count() < Self::LENGTH_MIN {
            return Err(KeyringError::ShortPassphrase);
        }
        Ok(())
    }

    /// The 256-bit key that follows from the passphrase.
    pub(crate) fn key(
        &self,
        salt: &[u8],
        cost: Argon2Cost,
    ) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
        let params = cost.params()?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.0.as_bytes(), salt, key.as_mut_slice())
            .map_err(|_| KeyringError::Memory {
                memory_kib: cost.memory_kib,
            })?;
        Ok(key)
    }
}

impl Argon2Cost {
    /// 64 MiB, 3 passes, 1 lane: above RFC 9106's floor for constrained machines on one core.
    pub const fn standard() -> Self {
        Self {
            memory_kib: 65_536,
            passes: 3,
            lanes: 1,
        }
    }

    /// 64 KiB, 1 pass: **for tests only**, no protection against guessing.
    pub const fn light() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        }
    }

    /// Memory, passes, lanes: 3 × 4 bytes, big-endian.
    pub(crate) fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (place, number) in
            bytes
                .chunks_exact_mut(4)
                .zip([self.memory_kib, self.passes, self.lanes])
        {
            place.copy_from_slice(&number.to_be_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; 12]) -> Self {
        let (numbers, _) = bytes.as_chunks::<4>();
        let number = |place: usize| numbers.get(place).copied().map_or(0, u32::from_be_bytes);
        Self {
            memory_kib: number(0),
            passes: number(1),
            lanes: number(2),
        }
    }

    /// Refuses what no honest keyring asks for, before any memory is taken.
    pub(crate) fn params(self) -> Result<Params, KeyringError> {
        let sane = (1..=16).contains(&self.lanes)
            && (1..=32).contains(&self.passes)
            && (8 * self.lanes..=1 << 20).contains(&self.memory_kib);
        if !sane {
            return Err(KeyringError::Cost);
        }
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| KeyringError::Cost)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::hex;

    #[test]
    fn debug_shows_nothing_of_a_passphrase() {
        let passphrase = Passphrase::new("correct horse battery staple");
        assert_eq!(format!("{passphrase:?}"), "Passphrase");
    }

    /// Vectors of the reference implementation (P-H-C/phc-winner-argon2, `src/test.c`).
    #[test]
    fn the_key_of_a_passphrase_is_argon2id() {
        for (memory_kib, passes, lanes, text, expected) in [
            (
                256,
                2,
                1,
                "password",
                "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
            ),
            (
                256,
                2,
                2,
                "password",
                "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
            ),
            (
                65_536,
                2,
                1,
                "password",
                "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
            ),
        ] {
            let cost = Argon2Cost {
                memory_kib,
                passes,
                lanes,
            };
            let key = Passphrase::new(text).key(b"somesalt", cost).unwrap();
            assert_eq!(key.as_slice(), hex(expected));
        }
    }

    #[test]
    fn costs_out_of_bounds_are_refused_before_memory_is_taken() {
        let sane = Argon2Cost::standard();
        for cost in [
            Argon2Cost {
                memory_kib: u32::MAX,
                ..sane
            },
            Argon2Cost { passes: 33, ..sane },
            Argon2Cost { passes: 0, ..sane },
            Argon2Cost { lanes: 17, ..sane },
            Argon2Cost { lanes: 0, ..sane },
            Argon2Cost {
                memory_kib: 7,
                ..sane
            },
        ] {
            assert!(matches!(cost.params(), Err(KeyringError::Cost)), "{cost:?}");
        }
        assert!(Argon2Cost::light().params().is_ok());
    }
}
