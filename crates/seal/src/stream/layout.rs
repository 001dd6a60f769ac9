//! Where things stand in a sealed stream.

use aws_lc_rs::{
    aead::{LessSafeKey, Nonce},
    hkdf,
};
use zeroize::Zeroizing;

use crate::{DataKey, key::cipher};

/// The length of the sealed form of `plain` bytes: 40 bytes of header and 16 for each segment.
///
/// ```
/// assert_eq!(cloister_seal::sealed_length(0), 56);
/// assert_eq!(cloister_seal::sealed_length(1_048_520), 1_048_576);
/// assert_eq!(cloister_seal::sealed_length(1_048_521), 1_048_593);
/// ```
pub const fn sealed_length(plain: u64) -> u64 {
    let full = (SEGMENT - TAG) as u64;
    let segments = match (plain.saturating_add(HEADER as u64)).div_ceil(full) {
        0 => 1,
        segments => segments,
    };
    plain
        .saturating_add(HEADER as u64)
        .saturating_add(segments.saturating_mul(TAG as u64))
}

/// The length of segment `index` with its tag, when it is full.
pub(super) const fn segment_length(index: u64) -> usize {
    if index == 0 {
        SEGMENT - HEADER
    } else {
        SEGMENT
    }
}

/// Where segment `index` starts in the sealed object.
pub(super) const fn segment_offset(index: u64) -> u64 {
    if index == 0 {
        HEADER as u64
    } else {
        index.saturating_mul(SEGMENT as u64)
    }
}

/// The cipher of one stream.
pub(super) fn stream_cipher(key: &DataKey, salt: &[u8; SALT], context: &[u8]) -> LessSafeKey {
    let mut derived = Zeroizing::new([0; 32]);
    derive(key.bytes(), salt, context, derived.as_mut_slice());
    cipher(&derived)
}

/// The nonce of one segment.
pub(super) fn nonce(prefix: [u8; PREFIX], index: u32, last: bool) -> Nonce {
    let [p0, p1, p2, p3, p4, p5, p6] = prefix;
    let [i0, i1, i2, i3] = index.to_be_bytes();
    let last = u8::from(last);
    Nonce::assume_unique_for_key([p0, p1, p2, p3, p4, p5, p6, i0, i1, i2, i3, last])
}

/// HKDF-SHA256, RFC 5869.
#[expect(
    clippy::expect_used,
    reason = "HKDF-SHA256 refuses only lengths above 8160 bytes"
)]
pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[u8], out: &mut [u8]) {
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], Length(out.len()))
        .expect("a key is shorter than 8160 bytes")
        .fill(out)
        .expect("the length is the one asked for");
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

pub(super) const SEGMENT: usize = 1 << 20;
pub(super) const SALT: usize = 32;
pub(super) const PREFIX: usize = 7;
pub(super) const HEADER: usize = 1 + SALT + PREFIX;
pub(super) const HEADER_BYTE: u8 = 40;
pub(super) const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    }

    /// RFC 5869, A.1, A.2 (first bytes) and A.3.
    #[test]
    fn derived_keys_match_rfc_5869() {
        let mut out = vec![0; 42];
        derive(
            &[0x0b; 22],
            &hex("000102030405060708090a0b0c"),
            &hex("f0f1f2f3f4f5f6f7f8f9"),
            &mut out,
        );
        assert_eq!(
            out,
            hex(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
            )
        );
        derive(&[0x0b; 22], &[], &[], &mut out);
        assert_eq!(
            out,
            hex(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
            )
        );
    }
}
