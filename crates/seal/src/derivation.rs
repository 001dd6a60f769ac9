//! Keys from keys: HKDF-SHA256, RFC 5869.

use aws_lc_rs::hkdf;

/// Fills `out`, of at most 8160 bytes, with a key that follows from `secret`, `salt` and `info`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::hex;

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
