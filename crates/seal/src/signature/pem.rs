//! `SubjectPublicKeyInfo` in PEM: RFC 5280, RFC 8410 and RFC 5480 for the two keys we use.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Algorithm;

/// The text as OpenSSL writes it: lines of 64 characters, a newline at the end.
pub(super) fn write(algorithm: Algorithm, raw: &[u8]) -> String {
    let encoded = STANDARD.encode([prefix(algorithm), raw].concat());
    let mut text = String::from(BEGIN);
    for (at, character) in encoded.chars().enumerate() {
        if at % LINE == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text.push_str(END);
    text.push('\n');
    text
}

/// The algorithm and the raw key; nothing for other text, other keys and other encodings.
pub(super) fn parse(pem: &str) -> Option<(Algorithm, Vec<u8>)> {
    let body = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let encoded: String = body.split_ascii_whitespace().collect();
    let der = STANDARD.decode(encoded).ok()?;
    [Algorithm::Ed25519, Algorithm::EcdsaP256]
        .into_iter()
        .find_map(|algorithm| {
            let raw = der.strip_prefix(prefix(algorithm))?;
            Some((algorithm, raw.to_vec()))
        })
}

pub(super) const fn raw_length(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Ed25519 => 32,
        Algorithm::EcdsaP256 => 65,
    }
}

/// All of the DER before the raw key, which has one length only.
const fn prefix(algorithm: Algorithm) -> &'static [u8] {
    match algorithm {
        Algorithm::Ed25519 => b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00",
        Algorithm::EcdsaP256 => {
            b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
        }
    }
}

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const LINE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PublicKey;

    /// RFC 8410, 10.1.
    #[test]
    fn the_example_of_rfc_8410_is_read_and_written() {
        let pem = "-----BEGIN PUBLIC KEY-----\n\
                   MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                   -----END PUBLIC KEY-----\n";
        let key = PublicKey::from_pem(pem).unwrap();
        assert_eq!(key.algorithm(), Algorithm::Ed25519);
        assert_eq!(key.to_pem(), pem);
    }

    #[test]
    fn nonsense_is_refused() {
        for nonsense in [
            "",
            BEGIN,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nMCowBQYDK2VwAyEA\n-----END PRIVATE KEY-----\n",
        ] {
            assert!(PublicKey::from_pem(nonsense).is_err(), "{nonsense}");
        }
        let off_curve = write(Algorithm::EcdsaP256, &[4; 65]);
        assert!(PublicKey::from_pem(&off_curve).is_err());
    }
}
