//! SHA-256, FIPS 180-4.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use domain::Digest;

/// The SHA-256 digest of `bytes`.
///
/// ```
/// assert_eq!(
///     cloister_seal::digest(b"abc").to_string(),
///     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
/// );
/// ```
pub fn digest(bytes: &[u8]) -> Digest {
    from_library(aws_lc_rs::digest::digest(&SHA256, bytes))
}

/// SHA-256 over bytes that arrive in pieces.
///
/// ```
/// let mut hasher = cloister_seal::Hasher::new();
/// hasher.update(b"ab");
/// hasher.update(b"c");
/// assert_eq!(hasher.finish(), cloister_seal::digest(b"abc"));
/// ```
#[derive(Clone)]
pub struct Hasher(Context);

impl Hasher {
    /// An empty hasher.
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        from_library(self.0.finish())
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher(sha256)")
    }
}

/// Lets a copy loop hash what it passes on.
impl std::io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn from_library(digest: aws_lc_rs::digest::Digest) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Digest(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 examples, as NIST publishes them.
    #[test]
    fn digests_match_the_nist_examples() {
        for (text, hex) in [
            (
                "",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ] {
            assert_eq!(digest(text.as_bytes()).to_string(), hex);
        }
        assert_eq!(
            digest(&vec![b'a'; 1_000_000]).to_string(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        );
    }

    #[test]
    fn pieces_hash_like_the_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let mut hasher = Hasher::new();
        for piece in bytes.chunks(137) {
            hasher.update(piece);
        }
        assert_eq!(hasher.finish(), digest(&bytes));
    }
}
