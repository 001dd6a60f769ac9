use super::*;
use crate::{Argon2Cost, Passphrase, SeededEntropy, digest};

fn keyring(seed: u64) -> Keyring {
    let passphrase = Passphrase::new("correct horse battery staple");
    Keyring::create(
        &passphrase,
        Argon2Cost::light(),
        &mut SeededEntropy::new(seed),
    )
    .unwrap()
    .0
}

fn files() -> Vec<(String, Digest)> {
    ["weights.bin", "card.json", "card.md"]
        .map(|name| (name.to_owned(), digest(name.as_bytes())))
        .to_vec()
}

#[test]
fn a_bundle_holds_for_its_files_and_key_only() {
    let keyring = keyring(1);
    let key = keyring.statement_key();
    let bundle = sign_model(&keyring, "adult-1", &files());
    let model = verify_model(&bundle, &files(), &key).unwrap();
    assert_eq!(model.name, "adult-1");

    let mut changed = files();
    changed[1].1 = digest(b"other");
    let first = |first| Err(BundleError::Files { count: 1, first });
    assert_eq!(verify_model(&bundle, &changed, &key), first(1));
    assert_eq!(verify_model(&bundle, &files()[..2], &key), first(2));
    let mut added = files();
    added.push(("zz.bin".to_owned(), digest(b"x")));
    assert_eq!(verify_model(&bundle, &added, &key), first(4));

    let stranger = self::keyring(2).statement_key();
    assert_eq!(
        verify_model(&bundle, &files(), &stranger),
        Err(BundleError::OtherKey)
    );
    assert_eq!(
        verify_model(&bundle, &files(), &keyring.checkpoint_key()),
        Err(BundleError::OtherKey)
    );
}

#[test]
fn the_shape_of_bundle_and_statement_is_that_of_the_specification() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let keyring = keyring(1);
    let bundle = sign_model(&keyring, "m", &[("a.bin".to_owned(), digest(b"abc"))]);
    let mut bundle: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    let payload = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
    let statement = String::from_utf8(STANDARD.decode(payload).unwrap()).unwrap();
    // The digest of "abc", and the digest of that digest's 32 bytes.
    assert_eq!(
        statement,
        concat!(
            r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":"#,
            r#"{"sha256":"4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358"}}],"#,
            r#""predicateType":"https://model_signing/signature/v1.0","predicate":{"resources":"#,
            r#"[{"name":"a.bin","#,
            r#""digest":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","#,
            r#""algorithm":"sha256"}],"serialization":{"method":"files","hash_type":"sha256","#,
            r#""allow_symlinks":false,"ignore_paths":[]}}}"#
        )
    );
    bundle["dsseEnvelope"]["payload"] = "P".into();
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = "S".into();
    let hint = keyring.statement_key().fingerprint();
    let expected = format!(
        concat!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","#,
            r#""verificationMaterial":{{"publicKey":{{"hint":"{}"}},"tlogEntries":[]}},"#,
            r#""dsseEnvelope":{{"payload":"P","payloadType":"application/vnd.in-toto+json","#,
            r#""signatures":[{{"sig":"S","keyid":""}}]}}}}"#
        ),
        hint
    );
    assert_eq!(bundle.to_string(), expected);
}

#[test]
fn a_changed_payload_or_signature_is_refused() {
    let keyring = keyring(1);
    let key = keyring.statement_key();
    let bundle = sign_model(&keyring, "m", &files());
    let mut value: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    let other: serde_json::Value =
        serde_json::from_str(&sign_model(&keyring, "n", &files())).unwrap();
    value["dsseEnvelope"]["payload"] = other["dsseEnvelope"]["payload"].clone();
    assert_eq!(
        verify_model(&value.to_string(), &files(), &key),
        Err(BundleError::Signature)
    );
    for nonsense in ["", "{}", "[]", "null", bundle.trim_end_matches('}')] {
        assert_eq!(
            verify_model(nonsense, &files(), &key),
            Err(BundleError::Format)
        );
    }
}

/// `model_signing sign key` 1.1.1 of the OpenSSF made this bundle, with a key of OpenSSL, for three
/// files whose order shows that paths are compared part by part.
#[test]
fn a_bundle_of_the_reference_implementation_holds_and_has_the_same_root() {
    let files = [
        ("weights.bin", "weights"),
        ("sub-2.txt", "x"),
        ("sub/card.json", "{}"),
    ]
    .map(|(name, content)| (name.to_owned(), digest(content.as_bytes())));
    let key = PublicKey::from_pem(include_str!("../../tests/data/model_signing-1.1.1.pem"));
    let theirs = include_str!("../../tests/data/model_signing-1.1.1.sig");
    let theirs = verify_model(theirs, &files, &key.unwrap()).unwrap();
    let keyring = keyring(1);
    let bundle = sign_model(&keyring, "model", &files);
    let ours = verify_model(&bundle, &files, &keyring.statement_key()).unwrap();
    assert_eq!(ours, theirs);
}
