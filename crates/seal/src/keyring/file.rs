//! The bytes of a keyring file.
//!
//! Version 2: `CLOISTER KEYRING` (16) ‖ 2 (1) ‖ the passphrase's lock (89: cost, salt, sealed root
//! key; zeros when there is none) ‖ length (2) and JSON of the readable head: instance, root key's
//! name, generation, locks of key services ‖ sealed record of the secrets under the root key, all
//! before it its context ‖ SHA-256 of all before (32).
//!
//! Version 1 held the secrets straight under the passphrase; it is read and never written.

mod first;
mod secrets;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Entropy, KeyId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    KeyringError, Parts,
    chest::{Chest, Lock},
    secrets::Secrets,
};
use crate::{
    DataKey, Passphrase, RootKey, ServiceKind, ServiceName, digest, open_bytes, seal_bytes,
};

/// What stands readable in a keyring file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    instance: KeyId,
    root: KeyId,
    generation: u64,
    services: Vec<Service>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    kind: ServiceKind,
    key: String,
    wrapped: String,
}

/// A file whose checksum holds, not opened yet.
pub(super) enum Closed<'a> {
    First(&'a [u8]),
    Second(Second<'a>),
}

/// A file of version 2.
pub(super) struct Second<'a> {
    head: Head,
    pub(super) locks: Vec<Lock>,
    /// All before the sealed record.
    context: &'a [u8],
    record: &'a [u8],
}

/// Reads what is readable.
pub(super) fn parse(sealed: &[u8]) -> Result<Closed<'_>, KeyringError> {
    let rest = sealed.strip_prefix(MAGIC).ok_or(KeyringError::Format)?;
    match rest.first() {
        Some(1) => first::check(sealed).map(Closed::First),
        Some(2) => second(body(sealed)?).map(Closed::Second),
        Some(_) => Err(KeyringError::Format),
        None => Err(KeyringError::Damaged),
    }
}

/// Opens a file of version 1: the passphrase opens the secrets themselves.
pub(super) fn open_first(body: &[u8], passphrase: &Passphrase) -> Result<Parts, KeyringError> {
    first::open(body, passphrase)
}

impl Second<'_> {
    pub(super) const fn root(&self) -> &KeyId {
        &self.head.root
    }

    /// What a service's wrapped root key is bound to.
    pub(super) fn lock_context(&self, service: &ServiceName) -> String {
        lock_context(&self.head.instance, &self.head.root, service)
    }

    /// Opens the secrets with the root key.
    pub(super) fn open(self, root: RootKey) -> Result<Parts, KeyringError> {
        if *root.id() != self.head.root {
            return Err(KeyringError::OtherRoot);
        }
        let plain = open_bytes(&root.cipher(), self.context, self.record)
            .map_err(|_| KeyringError::Damaged)?;
        let (secrets, keks) = secrets::read(&Zeroizing::new(plain)).ok_or(KeyringError::Format)?;
        let chest = Chest {
            root,
            generation: self.head.generation,
            locks: self.locks,
            keks,
        };
        Ok(Parts {
            instance: self.head.instance,
            secrets,
            chest,
        })
    }
}

/// Writes a file of version 2 with these locks.
pub(super) fn write(
    instance: &KeyId,
    secrets: &Secrets,
    chest: &Chest,
    locks: &[Lock],
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.push(2);
    let of_passphrase = locks.iter().find(|lock| is_passphrase(lock));
    match of_passphrase.map(|lock| lock.wrapped.as_slice()) {
        Some(wrapped) if wrapped.len() == PASSPHRASE_LOCK => bytes.extend_from_slice(wrapped),
        _ => bytes.resize(bytes.len() + PASSPHRASE_LOCK, 0),
    }
    let head = Head {
        instance: instance.clone(),
        root: chest.root.id().clone(),
        generation: chest.generation,
        services: locks
            .iter()
            .filter(|lock| !is_passphrase(lock))
            .map(service)
            .collect(),
    };
    let head = serde_json::to_vec(&head).unwrap_or_default();
    let length = u16::try_from(head.len()).unwrap_or(u16::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&head);
    let plain = secrets::write(secrets, &chest.keks);
    let record = seal_bytes(&chest.root.cipher(), &bytes, &plain, entropy);
    bytes.extend(record);
    let checksum = digest(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    bytes
}

/// What a wrapped root key is bound to.
pub(super) fn lock_context(instance: &KeyId, root: &KeyId, service: &ServiceName) -> String {
    format!("cloister root key|{instance}|{root}|{}", service.kind)
}

fn service(lock: &Lock) -> Service {
    Service {
        kind: lock.service.kind,
        key: lock.service.key.clone(),
        wrapped: STANDARD.encode(&lock.wrapped),
    }
}

fn is_passphrase(lock: &Lock) -> bool {
    lock.service.kind == ServiceKind::Passphrase
}

/// The file without its checksum, which holds.
fn body(sealed: &[u8]) -> Result<&[u8], KeyringError> {
    let (body, checksum) = sealed
        .split_last_chunk::<32>()
        .ok_or(KeyringError::Damaged)?;
    if digest(body).as_bytes() == checksum {
        Ok(body)
    } else {
        Err(KeyringError::Damaged)
    }
}

fn second(body: &[u8]) -> Result<Second<'_>, KeyringError> {
    let damaged = || KeyringError::Damaged;
    let rest = body.get(MAGIC.len() + 1..).ok_or_else(damaged)?;
    let (passphrase, rest) = rest.split_at_checked(PASSPHRASE_LOCK).ok_or_else(damaged)?;
    let (length, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (head, record) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let head: Head = serde_json::from_slice(head).map_err(|_| damaged())?;
    let mut locks = Vec::new();
    if passphrase.iter().any(|byte| *byte != 0) {
        locks.push(Lock {
            service: ServiceName {
                kind: ServiceKind::Passphrase,
                key: String::new(),
            },
            wrapped: passphrase.to_vec(),
        });
    }
    for service in &head.services {
        locks.push(Lock {
            service: ServiceName {
                kind: service.kind,
                key: service.key.clone(),
            },
            wrapped: STANDARD.decode(&service.wrapped).map_err(|_| damaged())?,
        });
    }
    let context = body
        .get(..body.len().saturating_sub(record.len()))
        .ok_or_else(damaged)?;
    Ok(Second {
        head,
        locks,
        context,
        record,
    })
}

/// A data key from the first 32 bytes.
fn key(bytes: &[u8; 32]) -> DataKey {
    DataKey::from_bytes(Zeroizing::new(*bytes))
}

const MAGIC: &[u8; 16] = b"CLOISTER KEYRING";
/// Cost (12), salt (16), and the record of 32 bytes (1 + 12 + 32 + 16).
const PASSPHRASE_LOCK: usize = 12 + 16 + 61;
