use proptest::prelude::*;

use super::*;
use crate::SeededEntropy;

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple")
}

fn keyring() -> (Keyring, Vec<u8>) {
    Keyring::create(
        &passphrase(),
        Argon2Cost::light(),
        &mut SeededEntropy::new(5),
    )
    .unwrap()
}

#[test]
fn a_keyring_opens_with_its_passphrase_only() {
    let (keyring, sealed) = keyring();
    let opened = Keyring::open(&sealed, &passphrase()).unwrap();
    assert_eq!(opened.key_id(), keyring.key_id());
    assert_eq!(opened.checkpoint_key(), keyring.checkpoint_key());
    assert_eq!(opened.statement_key(), keyring.statement_key());
    assert_eq!(
        Keyring::open(&sealed, &Passphrase::new("wrong")).unwrap_err(),
        KeyringError::WrongPassphrase
    );
}

#[test]
fn every_flipped_byte_of_a_keyring_file_is_called_damage_not_a_wrong_passphrase() {
    let (_, sealed) = keyring();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x80;
        let error = Keyring::open(&changed, &passphrase()).unwrap_err();
        let expected = if at < 17 {
            KeyringError::Format
        } else {
            KeyringError::Damaged
        };
        assert_eq!(error, expected, "byte {at}");
        assert!(Keyring::open(&sealed[..at], &passphrase()).is_err());
    }
}

#[test]
fn a_forged_cost_is_refused_before_memory_is_taken() {
    let (_, mut sealed) = keyring();
    sealed[17..21].copy_from_slice(&u32::MAX.to_be_bytes());
    let end = sealed.len() - 32;
    let checksum = crate::digest(&sealed[..end]);
    sealed[end..].copy_from_slice(checksum.as_bytes());
    assert_eq!(
        Keyring::open(&sealed, &passphrase()).unwrap_err(),
        KeyringError::Cost
    );
}

#[test]
fn a_new_passphrase_has_twelve_characters() {
    let mut entropy = SeededEntropy::new(5);
    let short = Passphrase::new("elf zeichen");
    assert_eq!(
        Keyring::create(&short, Argon2Cost::light(), &mut entropy).unwrap_err(),
        KeyringError::ShortPassphrase
    );
    let letters = Passphrase::new("zwölf länger");
    assert!(Keyring::create(&letters, Argon2Cost::light(), &mut entropy).is_ok());
}

#[test]
fn a_new_passphrase_seals_the_same_keys() {
    let (keyring, _) = keyring();
    let mut entropy = SeededEntropy::new(6);
    let other = Passphrase::new("another long passphrase");
    let sealed = keyring
        .seal(&other, Argon2Cost::light(), &mut entropy)
        .unwrap();
    let opened = Keyring::open(&sealed, &other).unwrap();
    assert_eq!(opened.statement_key(), keyring.statement_key());
    assert!(Keyring::open(&sealed, &passphrase()).is_err());
}

#[test]
fn a_wrapped_key_opens_what_the_key_sealed() {
    let (keyring, _) = keyring();
    let mut entropy = SeededEntropy::new(7);
    let key = DataKey::generate(&mut entropy);
    let sealed = crate::seal_bytes(&key, b"c", b"plain", &mut entropy);
    let wrapped = keyring.wrap(&key, "dataset/a", &mut entropy);
    let again = keyring.unwrap(&wrapped, "dataset/a").unwrap();
    assert_eq!(crate::open_bytes(&again, b"c", &sealed).unwrap(), b"plain");
    assert_eq!(
        keyring.unwrap(&wrapped, "dataset/b").unwrap_err(),
        UnwrapError::Refused
    );
    let (stranger, _) = Keyring::create(&passphrase(), Argon2Cost::light(), &mut entropy).unwrap();
    assert_eq!(
        stranger.unwrap(&wrapped, "dataset/a").unwrap_err(),
        UnwrapError::OtherKeyring
    );
}

#[test]
fn signatures_hold_for_their_message_and_key_only() {
    let (keyring, _) = keyring();
    let statement = keyring.sign_statement(b"model");
    let checkpoint = keyring.sign_checkpoint(b"tree");
    assert_eq!(keyring.statement_key().verify(b"model", &statement), Ok(()));
    assert_eq!(
        keyring.checkpoint_key().verify(b"tree", &checkpoint),
        Ok(())
    );
    assert!(
        keyring
            .statement_key()
            .verify(b"modem", &statement)
            .is_err()
    );
    assert!(
        keyring
            .checkpoint_key()
            .verify(b"tree", &statement)
            .is_err()
    );
    assert!(
        keyring
            .statement_key()
            .verify(b"tree", &checkpoint)
            .is_err()
    );
    assert_eq!(checkpoint, keyring.sign_checkpoint(b"tree"));
}

#[test]
fn debug_output_names_the_key_and_shows_no_secret() {
    let (keyring, _) = keyring();
    assert_eq!(
        format!("{keyring:?}"),
        format!("Keyring({})", keyring.key_id())
    );
}

#[test]
fn keys_and_keyrings_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Keyring>();
    shared::<DataKey>();
    shared::<PublicKey>();
    shared::<crate::SystemEntropy>();
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_keyring_key_or_bundle(bytes: Vec<u8>, text: String) {
        let (_, sealed) = keyring();
        let forged = [&sealed[..17], bytes.as_slice()].concat();
        prop_assert!(Keyring::open(&bytes, &passphrase()).is_err());
        prop_assert!(Keyring::open(&forged, &passphrase()).is_err());
        prop_assert!(PublicKey::from_pem(&text).is_err());
        prop_assert!(text.parse::<WrappedKey>().is_err());
        prop_assert!(crate::OpenReader::new(bytes.as_slice(), &DataKey::generate(&mut SeededEntropy::new(1)), b"")
            .and_then(|mut reader| std::io::Read::read_to_end(&mut reader, &mut Vec::new()))
            .is_err());
    }
}
