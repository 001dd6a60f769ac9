//! Version 1: memory in KiB, passes, lanes (3 × 4, big-endian) ‖ salt (16) ‖ sealed record of three
//! secrets of 32 bytes, under Argon2id(passphrase, salt), behind the magic and in front of the
//! checksum.

use aws_lc_rs::aead::NONCE_LEN;
use zeroize::Zeroizing;

use super::{MAGIC, body, key};
use crate::{
    Argon2Cost, DataKey, Passphrase, RootKey, SystemEntropy,
    derivation::derive,
    keyring::{
        KeyringError, Parts,
        chest::{Chest, Kek},
        secrets::Secrets,
    },
    open_bytes,
    root::name_of,
};

/// The file without its checksum, which holds.
pub(super) fn check(sealed: &[u8]) -> Result<&[u8], KeyringError> {
    if sealed.len() == LENGTH {
        body(sealed)
    } else {
        Err(KeyringError::Damaged)
    }
}

/// The keys of version 1 with a root key and an instance's name they did not have: the root key is
/// new, and kept when the keyring is next written; the name follows from the keys.
pub(super) fn open(body: &[u8], passphrase: &Passphrase) -> Result<Parts, KeyringError> {
    let (head, record) = body.split_at_checked(HEAD).ok_or(KeyringError::Damaged)?;
    let (cost, salt) = head
        .get(MAGIC.len() + 1..)
        .and_then(<[u8]>::split_first_chunk)
        .ok_or(KeyringError::Damaged)?;
    let opener = DataKey::from_bytes(passphrase.key(salt, Argon2Cost::from_bytes(*cost))?);
    let plain = open_bytes(&opener, head, record).map_err(|_| KeyringError::WrongPassphrase)?;
    let plain = Zeroizing::new(plain);
    let (kek, rest) = plain.split_first_chunk().ok_or(KeyringError::Format)?;
    let (seed, scalar) = rest.split_first_chunk().ok_or(KeyringError::Format)?;
    let scalar = scalar.try_into().map_err(|_| KeyringError::Format)?;
    let mut name = Zeroizing::new([0; 32]);
    derive(seed, &[], b"cloister instance", name.as_mut_slice());
    let root = RootKey::generate(&mut SystemEntropy::new());
    Ok(Parts {
        instance: name_of(&name),
        secrets: Secrets::new(seed, scalar),
        chest: Chest::new(root, vec![Kek::first(key(kek))]),
    })
}

const HEAD: usize = MAGIC.len() + 1 + 3 * 4 + 16;
const LENGTH: usize = HEAD + 1 + NONCE_LEN + 96 + 16 + 32;
