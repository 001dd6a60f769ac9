//! The plain bytes of a keyring's sealed record: seed (32) ‖ scalar (32) ‖ for each key-encryption
//! key: name (16 letters), version (4), state (1), created and changed (2 × 8, milliseconds; the
//! least number for none), key (32; zeros once destroyed).

use domain::{KeyId, Timestamp};
use zeroize::Zeroizing;

use super::key;
use crate::{
    KeyState,
    keyring::{
        chest::{Kek, KekInfo},
        secrets::Secrets,
    },
};

pub(super) fn write(secrets: &Secrets, keks: &[Kek]) -> Zeroizing<Vec<u8>> {
    // Room for all of it at once: a vector that grows would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 + keks.len() * KEK));
    bytes.extend_from_slice(secrets.seed.bytes());
    bytes.extend_from_slice(secrets.scalar.bytes());
    for kek in keks {
        let info = &kek.info;
        let mut name = [b'0'; NAME];
        for (place, letter) in name.iter_mut().zip(info.id.as_str().bytes()) {
            *place = letter;
        }
        bytes.extend_from_slice(&name);
        bytes.extend_from_slice(&info.version.to_be_bytes());
        bytes.push(state_number(info.state));
        for date in [info.created, info.changed] {
            let millis = date.map_or(i64::MIN, Timestamp::as_millis);
            bytes.extend_from_slice(&millis.to_be_bytes());
        }
        bytes.extend_from_slice(kek.key.as_ref().map_or(&[0; 32], |key| key.bytes()));
    }
    bytes
}

/// Nothing for bytes that are not a keyring's: at least one key must be there, the last one active.
pub(super) fn read(bytes: &[u8]) -> Option<(Secrets, Vec<Kek>)> {
    let (seed, rest) = bytes.split_first_chunk()?;
    let (scalar, rest) = rest.split_first_chunk()?;
    let (entries, []) = rest.as_chunks::<KEK>() else {
        return None;
    };
    let keks: Vec<Kek> = entries.iter().map(read_kek).collect::<Option<_>>()?;
    keks.last()
        .is_some_and(|kek| kek.info.state == KeyState::Active)
        .then_some((Secrets::new(seed, scalar), keks))
}

fn read_kek(entry: &[u8; KEK]) -> Option<Kek> {
    let (name, rest) = entry.split_first_chunk::<NAME>()?;
    let (version, rest) = rest.split_first_chunk()?;
    let (state, rest) = rest.split_first()?;
    let (created, rest) = rest.split_first_chunk()?;
    let (changed, secret) = rest.split_first_chunk()?;
    let state = *KeyState::ALL.get(usize::from(*state))?;
    let secret: &[u8; 32] = secret.try_into().ok()?;
    Some(Kek {
        info: KekInfo {
            id: KeyId::new(str::from_utf8(name).ok()?).ok()?,
            version: u32::from_be_bytes(*version),
            state,
            created: date(*created),
            changed: date(*changed),
        },
        key: (state != KeyState::Destroyed).then(|| key(secret)),
    })
}

fn date(bytes: [u8; 8]) -> Option<Timestamp> {
    let millis = i64::from_be_bytes(bytes);
    (millis != i64::MIN).then(|| Timestamp::from_millis(millis))
}

fn state_number(state: KeyState) -> u8 {
    let at = KeyState::ALL.iter().position(|known| *known == state);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

const NAME: usize = 16;
const KEK: usize = NAME + 4 + 1 + 16 + 32;
