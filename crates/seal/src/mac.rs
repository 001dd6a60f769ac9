//! HMAC-SHA256, FIPS 198-1.

use aws_lc_rs::hmac;

/// The HMAC-SHA256 of a message: proofs in shares, signed requests to a key service.
///
/// ```
/// // RFC 4231, test case 2.
/// let mac = cloister_seal::hmac_sha256(b"Jefe", b"what do ya want for nothing?");
/// assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
/// ```
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut mac = [0; 32];
    let tag = hmac::sign(&key, message);
    for (place, byte) in mac.iter_mut().zip(tag.as_ref()) {
        *place = *byte;
    }
    mac
}
