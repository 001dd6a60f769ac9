use proptest::prelude::*;

use super::*;
use crate::SeededEntropy;

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn service() -> PassphraseService {
    PassphraseService::new(passphrase(), Argon2Cost::light())
}

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

/// Written by the first version of this program, with the seed of [`keyring`].
#[test]
fn a_keyring_of_the_first_version_opens_and_is_written_anew_in_the_second() {
    let sealed = include_bytes!("../../tests/data/keyring-1");
    let wrapped: WrappedKey = include_str!("../../tests/data/keyring-1.wrapped")
        .trim()
        .parse()
        .unwrap();
    let opened = Keyring::open(sealed, &passphrase()).unwrap();
    assert!(wrapped.is_of_the_first_version());
    let key = opened.unwrap(&wrapped, "dataset/a").unwrap();

    let mut entropy = SeededEntropy::new(8);
    let anew = opened
        .seal(&passphrase(), Argon2Cost::light(), &mut entropy)
        .unwrap();
    assert_eq!((sealed[16], anew[16]), (1, 2));
    let opened = Keyring::open(&anew, &passphrase()).unwrap();
    let again = opened.unwrap(&wrapped, "dataset/a").unwrap();
    assert_eq!(again.fingerprint(), key.fingerprint());
    let (rewrapped, _) = opened
        .rewrap(&wrapped, "dataset/a", "dataset/a", &mut entropy)
        .unwrap();
    assert!(!rewrapped.is_of_the_first_version());
    assert!(Keyring::open(&sealed[..sealed.len() - 1], &passphrase()).is_err());
}

#[test]
fn a_rotated_keyring_unwraps_the_old_and_wraps_under_the_new() {
    let (keyring, _) = keyring();
    let mut entropy = SeededEntropy::new(9);
    let key = DataKey::generate(&mut entropy);
    let old = keyring.wrap(&key, "a", &mut entropy);
    let first = keyring.key_id();

    let second = keyring.rotate(at(100), &mut entropy).unwrap();
    assert_eq!(keyring.key_id(), second);
    assert!(keyring.unwrap(&old, "a").is_ok());
    let (new, fingerprint) = keyring.rewrap(&old, "a", "b", &mut entropy).unwrap();
    assert_eq!((new.kek(), fingerprint), (&second, key.fingerprint()));

    let reopened = Keyring::open_with(&keyring.to_bytes(&mut entropy), &service()).unwrap();
    assert_eq!(reopened.keks(), keyring.keks());
    assert_eq!(reopened.generation(), 3);
    assert!(reopened.unwrap(&old, "a").is_ok() && reopened.unwrap(&new, "b").is_ok());

    reopened
        .change_kek(&first, KeyState::Destroyed, at(200))
        .unwrap();
    assert_eq!(
        reopened.unwrap(&old, "a").unwrap_err(),
        UnwrapError::OtherKeyring
    );
    let reopened = Keyring::open_with(&reopened.to_bytes(&mut entropy), &service()).unwrap();
    assert_eq!(reopened.keks()[0].state, KeyState::Destroyed);
    assert!(reopened.unwrap(&new, "b").is_ok());
}

#[test]
fn the_active_key_is_not_destroyed_and_a_clock_that_went_back_is_refused() {
    let (keyring, _) = keyring();
    let mut entropy = SeededEntropy::new(10);
    let active = keyring.key_id();
    assert!(
        keyring
            .change_kek(&active, KeyState::Destroyed, at(1))
            .is_err()
    );
    let second = keyring.rotate(at(1_000), &mut entropy).unwrap();
    assert_eq!(
        keyring.rotate(at(999), &mut entropy).unwrap_err(),
        UseError::ClockBehind {
            now: at(999),
            since: at(1_000)
        }
    );
    assert_eq!(keyring.key_id(), second, "nothing was changed");
    assert!(
        keyring
            .change_kek(&active, KeyState::Compromised, at(5))
            .is_err()
    );
    keyring
        .change_kek(&active, KeyState::Compromised, at(1_001))
        .unwrap();
}

#[test]
fn shares_open_the_file_and_those_of_a_former_root_key_do_not() {
    let (keyring, sealed) = keyring();
    let mut entropy = SeededEntropy::new(11);
    let shares = keyring.split(2, 3, &mut entropy).unwrap();
    let joined = || crate::join(&shares[1..]).unwrap();
    let opened = Keyring::open_with_root(&sealed, joined()).unwrap();
    assert_eq!(opened.statement_key(), keyring.statement_key());

    let former = keyring.root_id();
    let now = keyring.rotate_root(&service(), &mut entropy).unwrap();
    assert_ne!(former, now);
    let anew = keyring.to_bytes(&mut entropy);
    assert_eq!(
        Keyring::open_with_root(&anew, joined()).unwrap_err(),
        KeyringError::OtherRoot
    );
    assert!(Keyring::open(&anew, &passphrase()).is_ok());
}

/// A key service that keeps its key in itself, for what is the same with all of them.
#[derive(Debug)]
struct Device(DataKey);

impl KeyService for Device {
    fn name(&self) -> ServiceName {
        ServiceName {
            kind: ServiceKind::Pkcs11,
            key: "token/key".to_owned(),
        }
    }

    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError> {
        Ok(crate::seal_bytes(
            &self.0,
            context.as_bytes(),
            secret,
            entropy,
        ))
    }

    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        crate::open_bytes(&self.0, context.as_bytes(), wrapped)
            .map(Zeroizing::new)
            .map_err(|_| ServiceError::Damaged {
                kind: ServiceKind::Pkcs11,
            })
    }
}

#[test]
fn a_keyring_moves_from_a_passphrase_to_a_device_and_back() {
    let (keyring, sealed) = keyring();
    let mut entropy = SeededEntropy::new(12);
    let device = Device(DataKey::generate(&mut entropy));
    assert!(matches!(
        Keyring::open_with(&sealed, &device),
        Err(ServiceError::Passphrase(KeyringError::NoLock { .. }))
    ));
    assert!(
        !keyring.forget(ServiceKind::Passphrase),
        "the last one stays"
    );

    keyring.lock_with(&device, &mut entropy).unwrap();
    let both = keyring.to_bytes(&mut entropy);
    assert_eq!(Keyring::services(&both).unwrap().len(), 2);
    assert!(Keyring::open(&both, &passphrase()).is_ok());
    assert!(keyring.forget(ServiceKind::Passphrase));
    let moved = keyring.to_bytes(&mut entropy);
    assert_eq!(
        Keyring::open(&moved, &passphrase())
            .unwrap_err()
            .to_string(),
        "the keyring's root key is not kept by passphrase, but by pkcs11"
    );
    let opened = Keyring::open_with(&moved, &device).unwrap();
    assert_eq!(opened.key_id(), keyring.key_id());
    let stranger = Device(DataKey::generate(&mut entropy));
    assert!(Keyring::open_with(&moved, &stranger).is_err());
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
