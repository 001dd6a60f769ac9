use seal::{Algorithm, Argon2Cost, Passphrase, SeededEntropy};

use super::*;

fn keyring(seed: u64) -> Keyring {
    let passphrase = Passphrase::new("correct horse battery staple");
    let entropy = &mut SeededEntropy::new(seed);
    Keyring::create(&passphrase, Argon2Cost::light(), entropy)
        .unwrap()
        .0
}

/// The verifier key of the signed-note specification.
#[test]
fn a_verifier_key_is_written_as_in_the_specification() {
    let raw = STANDARD
        .decode("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
        .unwrap();
    let key = PublicKey::from_bytes(Algorithm::Ed25519, &raw[1..]).unwrap();
    assert_eq!(
        verifier_key("example.com/foo", &key),
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    );
}

#[test]
fn every_changed_character_of_a_signed_checkpoint_is_refused() {
    let keyring = keyring(1);
    let key = keyring.checkpoint_key();
    let checkpoint = Checkpoint::new("log.example/1", 12, Digest([9; 32])).unwrap();
    let text = checkpoint.sign(&keyring);
    assert_eq!(Checkpoint::parse_and_verify(&text, &key), Ok(checkpoint));
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(
                Checkpoint::parse_and_verify(&changed, &key).is_err(),
                "{at}"
            );
        }
        let cut: String = text.chars().take(at).collect();
        assert!(cut == text || Checkpoint::parse_and_verify(&cut, &key).is_err());
    }
    let stranger = self::keyring(2).checkpoint_key();
    assert_eq!(
        Checkpoint::parse_and_verify(&text, &stranger),
        Err(CheckpointError::Signature)
    );
}

#[test]
fn signatures_of_witnesses_are_passed_over() {
    let keyring = keyring(1);
    let checkpoint = Checkpoint::new("log", 1, Digest([9; 32])).unwrap();
    let text = checkpoint.sign(&keyring) + "— witness.example AAAAAAAA\n";
    assert_eq!(
        Checkpoint::parse_and_verify(&text, &keyring.checkpoint_key()),
        Ok(checkpoint)
    );
}

#[test]
fn names_that_break_the_text_are_refused() {
    for origin in ["", "a b", "a+b", "a\nb", "ü", &"a".repeat(129)] {
        assert_eq!(
            Checkpoint::new(origin, 0, Digest([0; 32])),
            Err(CheckpointError::Origin)
        );
    }
}

#[test]
fn nonsense_is_refused() {
    let key = keyring(1).checkpoint_key();
    for text in [
        "",
        "\n\n",
        "a\n1\nAAAA\n\n— a b\n",
        "a\n-1\n\n\n",
        "— \n\n— \n",
    ] {
        assert!(Checkpoint::parse_and_verify(text, &key).is_err());
    }
}
