//! Cosignatures: a witness says that it saw a log grow, and when.
//!
//! Source: C2SP tlog-cosignature, Ed25519 form (<https://c2sp.org/tlog-cosignature>).

use domain::Timestamp;
use seal::{Algorithm, Cosigner, Signature};

use crate::{KeyKind, Note, NoteError, VerifierKey};

/// The key that checks the cosignatures of a cosigner under its name.
pub fn cosigner_key(cosigner: &Cosigner, name: &str) -> Result<VerifierKey, NoteError> {
    VerifierKey::new(name, KeyKind::Cosignature, cosigner.public_key())
}

/// The signature line by which a cosigner says that it has seen the checkpoint with this body.
pub fn cosign(
    cosigner: &Cosigner,
    name: &str,
    body: &str,
    time: Timestamp,
) -> Result<String, NoteError> {
    let key = cosigner_key(cosigner, name)?;
    let seconds = u64::try_from(time.as_millis() / 1000).unwrap_or(0);
    let signature = cosigner.sign(message(seconds, body).as_bytes());
    let bytes = [&seconds.to_be_bytes(), signature.as_bytes()].concat();
    Ok(key.line(&bytes))
}

/// When the owner of `key` cosigned this checkpoint: the newest time of its lines that hold.
pub fn cosigned_at(note: &Note<'_>, key: &VerifierKey) -> Option<Timestamp> {
    if key.kind() != KeyKind::Cosignature {
        return None;
    }
    let times = note.lines_of(key).into_iter().filter_map(|bytes| {
        let (seconds, signature) = bytes.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let signature = Signature::new(Algorithm::Ed25519, signature);
        let message = message(seconds, note.body());
        key.key().verify(message.as_bytes(), &signature).ok()?;
        i64::try_from(seconds).ok()
    });
    times
        .max()
        .map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000)))
}

fn message(seconds: u64, body: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{body}")
}

#[cfg(test)]
mod tests {
    use seal::{DataKey, SeededEntropy};

    use super::*;

    #[test]
    fn a_cosignature_holds_for_its_body_time_and_name_only() {
        let key = DataKey::generate(&mut SeededEntropy::new(7));
        let witness = Cosigner::of(&key, "witness.example/w1");
        let body = "log.example\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        let time = Timestamp::from_millis(1_679_315_147_000);
        let line = cosign(&witness, "witness.example/w1", body, time).unwrap();
        let text = format!("{body}\n{line}");
        let verifier = cosigner_key(&witness, "witness.example/w1").unwrap();
        let at = |text: &str| cosigned_at(&Note::read(text).unwrap(), &verifier);
        assert_eq!(at(&text), Some(time));
        assert_eq!(at(&text.replacen("\n1\n", "\n2\n", 1)), None);
        let other = cosigner_key(&Cosigner::of(&key, "other"), "witness.example/w1").unwrap();
        assert_eq!(cosigned_at(&Note::read(&text).unwrap(), &other), None);
        // The same key as a note key is another key: its id and its message differ.
        let note = VerifierKey::new("witness.example/w1", KeyKind::Note, witness.public_key());
        assert!(!Note::read(&text).unwrap().is_signed_by(&note.unwrap()));
    }
}
