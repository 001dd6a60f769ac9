//! C2SP signed notes with Ed25519, <https://c2sp.org/signed-note>.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seal::{Algorithm, PublicKey, Signature};

/// The body with its newline, and the signature lines.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let (body, signatures) = text.rsplit_once("\n\n")?;
    let body = text.get(..=body.len())?;
    signatures.ends_with('\n').then_some((body, signatures))
}

/// `— <name> <base64 of key id and signature>`, with its newline.
pub(super) fn signature_line(name: &str, key: &PublicKey, signature: &Signature) -> String {
    let bytes = [&key_id(name, key), signature.as_bytes()].concat();
    format!("— {name} {}\n", STANDARD.encode(bytes))
}

/// Whether a line of `key` under this name holds. A second line of the same key must hold too.
pub(super) fn is_signed(body: &str, signatures: &str, name: &str, key: &PublicKey) -> bool {
    let mut ours = signatures
        .lines()
        .take(LINES_MAX)
        .filter_map(|line| line.strip_prefix("— ")?.split_once(' '))
        .filter(|(signer, _)| *signer == name)
        .filter_map(|(_, bytes)| STANDARD.decode(bytes).ok())
        .filter_map(|bytes| Some(bytes.strip_prefix(&key_id(name, key))?.to_vec()))
        .peekable();
    ours.peek().is_some()
        && ours.all(|bytes| {
            let signature = Signature::new(Algorithm::Ed25519, bytes);
            key.verify(body.as_bytes(), &signature).is_ok()
        })
}

pub(super) fn verifier_key(name: &str, key: &PublicKey) -> String {
    let id = u32::from_be_bytes(key_id(name, key));
    let bytes = [&[ED25519], key.as_bytes()].concat();
    format!("{name}+{id:08x}+{}", STANDARD.encode(bytes))
}

/// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key).
fn key_id(name: &str, key: &PublicKey) -> [u8; 4] {
    let bytes = [name.as_bytes(), b"\n", &[ED25519], key.as_bytes()].concat();
    let [a, b, c, d, ..] = seal::digest(&bytes).0;
    [a, b, c, d]
}

const ED25519: u8 = 1;
/// The specification asks verifiers to read 16 signatures at least.
const LINES_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's `golang.org/x/mod/sumdb/note`, which the specification grew out of.
    #[test]
    fn the_note_of_the_go_implementation_is_accepted() {
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg\
                    KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let raw = STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
        let key = PublicKey::from_bytes(Algorithm::Ed25519, &raw[1..]).unwrap();
        assert_eq!(
            verifier_key("PeterNeumann", &key),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        );
        let (body, signatures) = split(text).unwrap();
        assert!(is_signed(body, signatures, "PeterNeumann", &key));
        assert!(!is_signed(
            &body.replacen("If", "if", 1),
            signatures,
            "PeterNeumann",
            &key
        ));
        assert!(!is_signed(body, signatures, "PeterNewmann", &key));
        let twice = format!(
            "{signatures}{}",
            signatures.replacen("x08go/ZJ", "x08go/ZK", 1)
        );
        assert!(!is_signed(body, &twice, "PeterNeumann", &key));
    }
}
