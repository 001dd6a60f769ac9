//! Sealing of small records that fit in memory.

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use domain::Entropy;

use crate::{DataKey, OpenError, key::TAG};

/// Seals `plain` with AES-256-GCM under a random 96-bit nonce, bound to `context`.
///
/// Output: `0x01 ‖ nonce (12) ‖ ciphertext ‖ tag (16)`; the version byte and `context` are the
/// associated data. `context` says what the record is and where it belongs, so that a record
/// moved to another place does not open; it is not stored. One key seals at most 2^32 records
/// (NIST SP 800-38D, 8.3). In the FIPS build the nonce comes from the module, not from `entropy`.
///
/// ```
/// use cloister_seal::{DataKey, SystemEntropy, open_bytes, seal_bytes};
/// let mut entropy = SystemEntropy::new();
/// let key = DataKey::generate(&mut entropy);
/// let sealed = seal_bytes(&key, b"crosswalk/row 1", b"plain", &mut entropy);
/// assert_eq!(sealed.len(), 1 + 12 + 5 + 16);
/// assert_eq!(open_bytes(&key, b"crosswalk/row 1", &sealed)?, b"plain");
/// assert!(open_bytes(&key, b"crosswalk/row 2", &sealed).is_err());
/// # Ok::<(), cloister_seal::OpenError>(())
/// ```
///
/// # Panics
/// For a plain text above 64 GiB.
#[expect(
    clippy::expect_used,
    reason = "AES-GCM refuses only plain text above 64 GiB"
)]
pub fn seal_bytes(
    key: &DataKey,
    context: &[u8],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let associated = [&[VERSION], context].concat();
    let mut sealed = Vec::with_capacity(HEADER + plain.len() + TAG);
    sealed.resize(HEADER, VERSION);
    sealed.extend_from_slice(plain);
    let body = sealed.get_mut(HEADER..).unwrap_or_default();
    let (nonce, tag) = key
        .seal_in_place(&associated, body, entropy)
        .expect("a record is shorter than 64 GiB");
    if let Some(place) = sealed.get_mut(1..HEADER) {
        place.copy_from_slice(&nonce);
    }
    sealed.extend_from_slice(&tag);
    sealed
}

/// Opens what [`seal_bytes`] sealed with the same key and context.
pub fn open_bytes(key: &DataKey, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    match sealed.first() {
        None => return Err(OpenError::Header { length: 0 }),
        Some(&VERSION) => (),
        Some(_) => return Err(OpenError::Format),
    }
    let short = OpenError::Header {
        length: sealed.len() as u64,
    };
    let Some((header, body)) = sealed.split_at_checked(HEADER) else {
        return Err(short);
    };
    let Some(plain_length) = body.len().checked_sub(TAG) else {
        return Err(short);
    };
    let (cipher_text, tag) = body.split_at(plain_length);
    let nonce = header.last_chunk().copied().ok_or(short)?;
    let mut plain = vec![0; plain_length];
    key.cipher()
        .open_separate_gather(
            Nonce::assume_unique_for_key(nonce),
            associated(context),
            cipher_text,
            tag,
            &mut plain,
        )
        .map_err(|_| OpenError::Record)?;
    Ok(plain)
}

fn associated(context: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([&[VERSION], context].concat())
}

const VERSION: u8 = 1;
const HEADER: usize = 1 + NONCE_LEN;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SeededEntropy;

    proptest! {
        #[test]
        fn what_is_sealed_opens(plain: Vec<u8>, context: Vec<u8>, seed: u64) {
            let mut entropy = SeededEntropy::new(seed);
            let key = DataKey::generate(&mut entropy);
            let sealed = seal_bytes(&key, &context, &plain, &mut entropy);
            prop_assert_eq!(open_bytes(&key, &context, &sealed), Ok(plain));
            prop_assert!(open_bytes(&DataKey::generate(&mut entropy), &context, &sealed).is_err());
        }

        #[test]
        fn arbitrary_bytes_never_open(bytes: Vec<u8>) {
            let key = DataKey::generate(&mut SeededEntropy::new(1));
            prop_assert!(open_bytes(&key, b"", &bytes).is_err());
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let mut entropy = SeededEntropy::new(3);
        let key = DataKey::generate(&mut entropy);
        let sealed = seal_bytes(&key, b"place", b"forty-two bytes of text", &mut entropy);
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(open_bytes(&key, b"place", &changed).is_err(), "byte {at}");
            }
            assert!(open_bytes(&key, b"place", &sealed[..at]).is_err());
        }
        assert_eq!(
            open_bytes(&key, b"elsewhere", &sealed),
            Err(OpenError::Record)
        );
    }
}
