//! The keyring: the keys that protect keys and sign, under a root key.

mod chest;
mod file;
mod secrets;

use std::{
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use domain::{Code, Entropy, Explain, KeyId, Timestamp};
use thiserror::Error;
use zeroize::Zeroizing;

pub use self::chest::KekInfo;
use self::{
    chest::{Chest, Kek, Lock},
    file::{Closed, Second},
    secrets::Secrets,
};
use crate::{
    Algorithm, Argon2Cost, DataKey, KeyService, KeyState, Passphrase, PassphraseService, PublicKey,
    RootKey, ServiceError, ServiceKind, ServiceName, Share, ShareError, Signature, UnwrapError,
    UseError, WrappedKey, codes, shares,
    wrap::{Wrapping, rewrap},
};

/// The keys of an instance: key-encryption keys (256 bit, one active), an Ed25519 key that signs
/// the log's checkpoints, and an ECDSA P-256 key that signs statements (models, certificates,
/// reports).
///
/// On disk all of it is sealed under a root key, and the root key is wrapped by a key service, by a
/// passphrase in the simplest case, or shared out among people ([`Keyring::split`]). All secrets
/// are wiped when it is dropped. The file changes only when a caller writes what
/// [`Keyring::to_bytes`] gives after a change.
///
/// ```
/// use cloister_seal::{Argon2Cost, DataKey, Keyring, Passphrase, SystemEntropy};
/// let mut entropy = SystemEntropy::new();
/// let passphrase = Passphrase::new("correct horse battery staple");
/// let (keyring, sealed) = Keyring::create(&passphrase, Argon2Cost::light(), &mut entropy)?;
///
/// let key = DataKey::generate(&mut entropy);
/// let wrapped = keyring.wrap(&key, "dataset/adult/v1", &mut entropy);
///
/// let reopened = Keyring::open(&sealed, &passphrase)?;
/// assert!(reopened.unwrap(&wrapped, "dataset/adult/v1").is_ok());
/// assert!(reopened.unwrap(&wrapped, "dataset/other/v1").is_err());
/// # Ok::<(), cloister_seal::KeyringError>(())
/// ```
pub struct Keyring {
    instance: KeyId,
    secrets: Secrets,
    checkpoint: Ed25519KeyPair,
    statement: EcdsaKeyPair,
    chest: RwLock<Chest>,
}

/// What a file holds once it is open.
struct Parts {
    instance: KeyId,
    secrets: Secrets,
    chest: Chest,
}

/// Why a keyring cannot be made or opened.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringError {
    /// A new passphrase is too short.
    #[error(
        "a new passphrase needs at least {} characters",
        Passphrase::LENGTH_MIN
    )]
    ShortPassphrase,
    /// The file is whole, but the passphrase does not open it.
    #[error("the passphrase does not open the keyring")]
    WrongPassphrase,
    /// The file's checksum does not hold.
    #[error("the keyring file is damaged: its checksum does not hold")]
    Damaged,
    /// Not a keyring file, or a newer one.
    #[error("these bytes are not a keyring of a version this program knows")]
    Format,
    /// The Argon2id parameters are out of bounds.
    #[error(
        "the passphrase hash must take 8 KiB per lane to 1 GiB, 1 to 32 passes and 1 to 16 lanes"
    )]
    Cost,
    /// No memory for Argon2id.
    #[error("the passphrase hash needs {memory_kib} KiB of memory, which are not there")]
    Memory {
        /// What it needs.
        memory_kib: u32,
    },
    /// The root key is not wrapped by the service that was asked.
    #[error(
        "the keyring's root key is not kept by {asked}, but by {}",
        kinds(kept)
    )]
    NoLock {
        /// What was asked.
        asked: ServiceKind,
        /// What keeps it.
        kept: Vec<ServiceKind>,
    },
    /// The root key, of joined shares for example, is another keyring's.
    #[error("this root key is not the one that the keyring is sealed under")]
    OtherRoot,
}

impl Keyring {
    /// Makes new keys and seals them under a passphrase; returns the keyring and its file.
    ///
    /// `entropy` must be [`crate::SystemEntropy`] outside tests. A passphrase of fewer than
    /// [`Passphrase::LENGTH_MIN`] characters is refused.
    pub fn create(
        passphrase: &Passphrase,
        cost: Argon2Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), KeyringError> {
        let service = PassphraseService::new(passphrase.clone(), cost);
        Self::create_with(&service, entropy).map_err(keyring_error)
    }

    /// Makes new keys whose root key `service` wraps; returns the keyring and its file.
    pub fn create_with(
        service: &dyn KeyService,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), ServiceError> {
        let keyring = loop {
            let mut name = Zeroizing::new([0; 32]);
            entropy.fill(name.as_mut_slice());
            let parts = Parts {
                instance: crate::root::name_of(&name),
                secrets: Secrets::generate(entropy),
                chest: Chest::new(
                    RootKey::generate(entropy),
                    vec![Kek::first(DataKey::generate(entropy))],
                ),
            };
            // One scalar in 2^32 is not below the order of P-256.
            if let Some(keyring) = Self::from_parts(parts) {
                break keyring;
            }
        };
        keyring.lock_with(service, entropy)?;
        let sealed = keyring.to_bytes(entropy);
        Ok((keyring, sealed))
    }

    /// Opens the bytes of a keyring file with its passphrase.
    ///
    /// A damaged file is told from a wrong passphrase by the file's checksum. The file's Argon2id
    /// parameters are checked against bounds before they are used.
    pub fn open(sealed: &[u8], passphrase: &Passphrase) -> Result<Self, KeyringError> {
        match file::parse(sealed)? {
            Closed::First(body) => Self::of(file::open_first(body, passphrase)?),
            Closed::Second(second) => {
                // Opening takes the cost that stands in the file.
                let service = PassphraseService::new(passphrase.clone(), Argon2Cost::standard());
                Self::open_second(second, &service).map_err(keyring_error)
            }
        }
    }

    /// Opens the bytes of a keyring file with the key service that keeps its root key.
    pub fn open_with(sealed: &[u8], service: &dyn KeyService) -> Result<Self, ServiceError> {
        match file::parse(sealed)? {
            Closed::First(_) => Err(KeyringError::NoLock {
                asked: service.name().kind,
                kept: vec![ServiceKind::Passphrase],
            }
            .into()),
            Closed::Second(second) => Self::open_second(second, service),
        }
    }

    /// Opens the bytes of a keyring file with its root key, as [`crate::join`] gives it.
    pub fn open_with_root(sealed: &[u8], root: RootKey) -> Result<Self, KeyringError> {
        match file::parse(sealed)? {
            Closed::First(_) => Err(KeyringError::OtherRoot),
            Closed::Second(second) => Self::of(second.open(root)?),
        }
    }

    /// Which services keep the root key of a keyring file; readable without opening it.
    pub fn services(sealed: &[u8]) -> Result<Vec<ServiceName>, KeyringError> {
        match file::parse(sealed)? {
            Closed::First(_) => Ok(vec![ServiceName {
                kind: ServiceKind::Passphrase,
                key: String::new(),
            }]),
            Closed::Second(second) => Ok(names(&second.locks)),
        }
    }

    /// Seals the same keys under a new passphrase, in a file of its own; the old file opens with
    /// the old one until it is replaced.
    pub fn seal(
        &self,
        passphrase: &Passphrase,
        cost: Argon2Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, KeyringError> {
        let service = PassphraseService::new(passphrase.clone(), cost);
        let chest = self.read();
        let lock = self.lock(&chest.root, &service, entropy);
        let locks = [lock.map_err(keyring_error)?];
        Ok(file::write(
            &self.instance,
            &self.secrets,
            &chest,
            &locks,
            entropy,
        ))
    }

    /// The bytes of the keyring's file as it is now.
    pub fn to_bytes(&self, entropy: &mut dyn Entropy) -> Vec<u8> {
        let chest = self.read();
        file::write(&self.instance, &self.secrets, &chest, &chest.locks, entropy)
    }

    /// The instance's name: 16 random hex digits, bound into every wrapped key.
    pub const fn instance(&self) -> &KeyId {
        &self.instance
    }

    /// The root key's name.
    pub fn root_id(&self) -> KeyId {
        self.read().root.id().clone()
    }

    /// One more with every change of the keyring, from 1.
    pub fn generation(&self) -> u64 {
        self.read().generation
    }

    /// The name of the active key-encryption key: 16 hex digits that follow from the key.
    pub fn key_id(&self) -> KeyId {
        self.read().active().0.clone()
    }

    /// All key-encryption keys, oldest first.
    pub fn keks(&self) -> Vec<KekInfo> {
        self.read()
            .keks
            .iter()
            .map(|kek| kek.info.clone())
            .collect()
    }

    /// Which services keep the root key.
    pub fn kept_by(&self) -> Vec<ServiceName> {
        names(&self.read().locks)
    }

    /// Whether all long-lived secrets stand in locked memory.
    pub fn is_locked(&self) -> bool {
        let chest = self.read();
        let secrets = [&self.secrets.seed, &self.secrets.scalar];
        secrets.into_iter().all(crate::locked::Locked::is_locked)
            && chest.root.is_locked()
            && chest
                .keks
                .iter()
                .filter_map(|kek| kek.key.as_ref())
                .all(DataKey::is_locked)
    }

    /// Lets `service` keep the root key, in place of a service of the same kind; other kinds stay
    /// until [`Keyring::forget`].
    pub fn lock_with(
        &self,
        service: &dyn KeyService,
        entropy: &mut dyn Entropy,
    ) -> Result<(), ServiceError> {
        let lock = self.lock(&self.read().root, service, entropy)?;
        let mut chest = self.write();
        chest
            .locks
            .retain(|other| other.service.kind != lock.service.kind);
        chest.locks.push(lock);
        chest.generation = chest.generation.saturating_add(1);
        Ok(())
    }

    /// Takes the root key from a kind of service; `false` when it is not there or the last one.
    pub fn forget(&self, kind: ServiceKind) -> bool {
        let mut chest = self.write();
        let is_there = chest.locks.iter().any(|lock| lock.service.kind == kind);
        if !is_there || chest.locks.len() < 2 {
            return false;
        }
        chest.locks.retain(|lock| lock.service.kind != kind);
        chest.generation = chest.generation.saturating_add(1);
        true
    }

    /// A new root key, kept by `service` alone: shares of the old one open this file no more, nor
    /// does any other service.
    pub fn rotate_root(
        &self,
        service: &dyn KeyService,
        entropy: &mut dyn Entropy,
    ) -> Result<KeyId, ServiceError> {
        let root = RootKey::generate(entropy);
        let id = root.id().clone();
        let lock = self.lock(&root, service, entropy)?;
        let mut chest = self.write();
        chest.root = root;
        chest.locks = vec![lock];
        chest.generation = chest.generation.saturating_add(1);
        Ok(id)
    }

    /// A new active key-encryption key; the former one only unwraps from now on. Refused when the
    /// clock stands before the keyring's newest date.
    pub fn rotate(&self, now: Timestamp, entropy: &mut dyn Entropy) -> Result<KeyId, UseError> {
        self.write().rotate(now, entropy)
    }

    /// Another state for a key-encryption key that is not the active one; destroying wipes it, and
    /// what it still wraps is lost: callers re-wrap first.
    pub fn change_kek(&self, id: &KeyId, to: KeyState, now: Timestamp) -> Result<(), UseError> {
        self.write().change(id, to, now)
    }

    /// Shares the root key out: any `threshold` of `count` shares give it back, fewer say nothing
    /// about it.
    pub fn split(
        &self,
        threshold: u8,
        count: u8,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Share>, ShareError> {
        shares::split(&self.read().root, threshold, count, entropy)
    }

    /// Encrypts a data key under the active key-encryption key, bound to the instance and to
    /// `context`: what the key is for ([`crate::KeyPlace::context`]).
    pub fn wrap(&self, key: &DataKey, context: &str, entropy: &mut dyn Entropy) -> WrappedKey {
        let chest = self.read();
        self.under(chest.active())
            .wrap(key.bytes(), context, entropy)
    }

    /// Opens a data key that this keyring wrapped for the same `context`.
    pub fn unwrap(&self, wrapped: &WrappedKey, context: &str) -> Result<DataKey, UnwrapError> {
        let chest = self.read();
        let kek = chest.find(wrapped.kek()).ok_or(UnwrapError::OtherKeyring)?;
        let plain = self.under((wrapped.kek(), kek)).unwrap(wrapped, context)?;
        Ok(DataKey::from_bytes(plain))
    }

    /// Wraps anew what was wrapped under any key-encryption key, under the active one and for the
    /// place `to`; the data key itself is not handed out. Returns its fingerprint too.
    pub fn rewrap(
        &self,
        wrapped: &WrappedKey,
        from: &str,
        to: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<(WrappedKey, [u8; 16]), UnwrapError> {
        let chest = self.read();
        let kek = chest.find(wrapped.kek()).ok_or(UnwrapError::OtherKeyring)?;
        rewrap(
            (self.under((wrapped.kek(), kek)), from),
            (self.under(chest.active()), to),
            wrapped,
            entropy,
        )
    }

    /// Signs a checkpoint of the log: Ed25519, so the same message gives the same signature.
    pub fn sign_checkpoint(&self, message: &[u8]) -> Signature {
        Signature::new(Algorithm::Ed25519, self.checkpoint.sign(message).as_ref())
    }

    /// Signs a statement: ECDSA P-256 with SHA-256, DER. Each signature differs from the last: its
    /// secret number comes from the crypto library's own generator.
    ///
    /// # Panics
    /// When that generator fails; nothing can be signed then.
    #[expect(
        clippy::expect_used,
        reason = "signing with a checked key fails only when the random generator does"
    )]
    pub fn sign_statement(&self, message: &[u8]) -> Signature {
        let signature = self
            .statement
            .sign(&SystemRandom::new(), message)
            .expect("the crypto library signs");
        Signature::new(Algorithm::EcdsaP256, signature.as_ref())
    }

    /// The key that checks [`Keyring::sign_checkpoint`].
    pub fn checkpoint_key(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::Ed25519, self.checkpoint.public_key().as_ref())
    }

    /// The key that checks [`Keyring::sign_statement`].
    pub fn statement_key(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::EcdsaP256, self.statement.public_key().as_ref())
    }

    fn open_second(second: Second<'_>, service: &dyn KeyService) -> Result<Self, ServiceError> {
        let name = service.name();
        let lock = second.locks.iter().find(|lock| lock.service == name);
        let lock = lock.ok_or_else(|| KeyringError::NoLock {
            asked: name.kind,
            kept: second.locks.iter().map(|lock| lock.service.kind).collect(),
        })?;
        let plain = service.unwrap(&lock.wrapped, &second.lock_context(&name))?;
        let bytes = plain.first_chunk().ok_or(KeyringError::Format)?;
        let root = RootKey::from_bytes(bytes);
        if root.id() != second.root() {
            return Err(KeyringError::OtherRoot.into());
        }
        Ok(Self::of(second.open(root)?)?)
    }

    fn lock(
        &self,
        root: &RootKey,
        service: &dyn KeyService,
        entropy: &mut dyn Entropy,
    ) -> Result<Lock, ServiceError> {
        let name = service.name();
        let context = file::lock_context(&self.instance, root.id(), &name);
        Ok(Lock {
            wrapped: service.wrap(root.bytes(), &context, entropy)?,
            service: name,
        })
    }

    const fn under<'k>(&'k self, (id, key): (&'k KeyId, &'k DataKey)) -> Wrapping<'k> {
        Wrapping {
            instance: &self.instance,
            id,
            key,
        }
    }

    fn of(parts: Parts) -> Result<Self, KeyringError> {
        Self::from_parts(parts).ok_or(KeyringError::Format)
    }

    fn from_parts(parts: Parts) -> Option<Self> {
        Some(Self {
            checkpoint: parts.secrets.checkpoint()?,
            statement: parts.secrets.statement()?,
            instance: parts.instance,
            secrets: parts.secrets,
            chest: RwLock::new(parts.chest),
        })
    }

    fn read(&self) -> RwLockReadGuard<'_, Chest> {
        self.chest.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Chest> {
        self.chest.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wraps the key of a class of columns under the data key of its dataset, bound to the instance and
/// to `context`.
pub fn wrap_under(
    keyring: &Keyring,
    data_key: (&KeyId, &DataKey),
    key: &DataKey,
    context: &str,
    entropy: &mut dyn Entropy,
) -> WrappedKey {
    keyring.under(data_key).wrap(key.bytes(), context, entropy)
}

/// Opens what [`wrap_under`] wrapped under the same data key for the same `context`.
pub fn unwrap_under(
    keyring: &Keyring,
    data_key: (&KeyId, &DataKey),
    wrapped: &WrappedKey,
    context: &str,
) -> Result<DataKey, UnwrapError> {
    let plain = keyring.under(data_key).unwrap(wrapped, context)?;
    Ok(DataKey::from_bytes(plain))
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.key_id())
    }
}

impl Explain for KeyringError {
    fn code(&self) -> Code {
        match self {
            Self::ShortPassphrase => codes::SHORT_PASSPHRASE,
            Self::WrongPassphrase => codes::WRONG_PASSPHRASE,
            Self::Damaged => codes::KEYRING_DAMAGED,
            Self::Format => codes::KEYRING_FORMAT,
            Self::Cost => codes::COST,
            Self::Memory { .. } => codes::MEMORY,
            Self::NoLock { .. } => codes::NO_LOCK,
            Self::OtherRoot => codes::OTHER_ROOT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::ShortPassphrase => "choose a longer one, four random words for example",
            Self::WrongPassphrase => {
                "type it again; nobody can recover it, but shares of the root key can replace it: `cloister key join`"
            }
            Self::Damaged => "restore the keyring file from a backup",
            Self::Format => "check that the file is a keyring, or use the program that wrote it",
            Self::Cost => "use the standard cost, or restore the keyring file from a backup",
            Self::Memory { .. } => "end other programs, or use a machine with more memory",
            Self::NoLock { .. } => "name the key service that keeps it, see docs/keys.md",
            Self::OtherRoot => {
                "use the shares that belong to this instance and were made after its root key last changed"
            }
        }
        .to_owned()
    }
}

fn names(locks: &[Lock]) -> Vec<ServiceName> {
    locks.iter().map(|lock| lock.service.clone()).collect()
}

fn kinds(kept: &[ServiceKind]) -> String {
    let words: Vec<&str> = kept.iter().map(|kind| kind.word()).collect();
    words.join(" and ")
}

/// What the passphrase says is always an error of the keyring.
fn keyring_error(error: ServiceError) -> KeyringError {
    match error {
        ServiceError::Passphrase(error) => error,
        _ => KeyringError::Format,
    }
}

#[cfg(test)]
mod tests;
