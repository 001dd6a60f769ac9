//! The bytes of a keyring file.
//!
//! `CLOISTER KEYRING` (16) ‖ version (1) ‖ memory in KiB, passes, lanes (3 × 4, big-endian) ‖ salt
//! (16) ‖ sealed record of the secrets ‖ SHA-256 of all before (32). The record's key is
//! Argon2id(passphrase, salt); everything before it is its context.

use aws_lc_rs::aead::NONCE_LEN;
use domain::Entropy;
use zeroize::Zeroizing;

use super::{KeyringError, secrets::Secrets};
use crate::{Argon2Cost, DataKey, Passphrase, digest, open_bytes, seal_bytes};

pub(super) fn seal(
    secrets: &Secrets,
    passphrase: &Passphrase,
    cost: Argon2Cost,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, KeyringError> {
    let mut salt = [0; SALT];
    entropy.fill(&mut salt);
    let key = DataKey::from_bytes(passphrase.key(&salt, cost)?);
    let mut bytes = header(cost, salt);
    let record = seal_bytes(&key, &bytes, &secrets.to_bytes(), entropy);
    bytes.extend(record);
    let checksum = digest(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    Ok(bytes)
}

pub(super) fn open(sealed: &[u8], passphrase: &Passphrase) -> Result<Secrets, KeyringError> {
    let body = check(sealed)?;
    let (head, record) = body.split_at_checked(HEAD).ok_or(KeyringError::Damaged)?;
    let (cost, salt) = parse(head).ok_or(KeyringError::Damaged)?;
    let key = DataKey::from_bytes(passphrase.key(&salt, cost)?);
    let plain = open_bytes(&key, head, record).map_err(|_| KeyringError::WrongPassphrase)?;
    let plain = Zeroizing::new(plain);
    let bytes = plain
        .as_slice()
        .try_into()
        .map_err(|_| KeyringError::Format)?;
    Ok(Secrets::from_bytes(bytes))
}

/// The file without its checksum, which holds.
fn check(sealed: &[u8]) -> Result<&[u8], KeyringError> {
    let rest = sealed.strip_prefix(MAGIC).ok_or(KeyringError::Format)?;
    if rest.first().is_some_and(|&version| version != VERSION) {
        return Err(KeyringError::Format);
    }
    if sealed.len() != LENGTH {
        return Err(KeyringError::Damaged);
    }
    let (body, checksum) = sealed
        .split_last_chunk::<32>()
        .ok_or(KeyringError::Damaged)?;
    if digest(body).as_bytes() != checksum {
        return Err(KeyringError::Damaged);
    }
    Ok(body)
}

fn header(cost: Argon2Cost, salt: [u8; SALT]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.push(VERSION);
    for number in [cost.memory_kib, cost.passes, cost.lanes] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.extend_from_slice(&salt);
    bytes
}

fn parse(head: &[u8]) -> Option<(Argon2Cost, [u8; SALT])> {
    let (_, rest) = head.split_at_checked(MAGIC.len() + 1)?;
    let (memory, rest) = rest.split_first_chunk()?;
    let (passes, rest) = rest.split_first_chunk()?;
    let (lanes, salt) = rest.split_first_chunk()?;
    let cost = Argon2Cost {
        memory_kib: u32::from_be_bytes(*memory),
        passes: u32::from_be_bytes(*passes),
        lanes: u32::from_be_bytes(*lanes),
    };
    Some((cost, salt.try_into().ok()?))
}

const MAGIC: &[u8; 16] = b"CLOISTER KEYRING";
const VERSION: u8 = 1;
const SALT: usize = 16;
const HEAD: usize = MAGIC.len() + 1 + 3 * 4 + SALT;
const LENGTH: usize = HEAD + 1 + NONCE_LEN + Secrets::LENGTH + 16 + 32;
