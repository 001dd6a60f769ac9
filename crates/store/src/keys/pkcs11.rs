//! A hardware security module through PKCS#11 (OASIS, version 2.40): AES-256-GCM with a key that
//! does not leave it.

use std::{fmt, path::Path};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11 as Library},
    error::{Error, RvError},
    mechanism::{Mechanism, aead::GcmParams},
    object::{Attribute, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};
use domain::Entropy;
use seal::{KeyService, ServiceError, ServiceKind, ServiceName};
use zeroize::Zeroizing;

/// A user PIN; wiped when dropped, and `Debug` shows nothing of it.
pub struct Pkcs11Pin(Zeroizing<String>);

/// One AES-256 key in one token.
///
/// Tested against SoftHSM 2.6.1. The nonce is drawn here; a token that makes its own puts it in
/// its place.
pub struct Pkcs11 {
    token: String,
    label: String,
    session: Session,
    key: ObjectHandle,
}

impl Pkcs11Pin {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl Pkcs11 {
    /// Loads the vendor's library, logs in to the token of this label and finds the key of that
    /// label. With `make`, a key that is not there is made: AES-256, sensitive, not extractable.
    pub fn open(
        library: &Path,
        (token, label): (&str, &str),
        pin: &Pkcs11Pin,
        make: bool,
    ) -> Result<Self, ServiceError> {
        let library = Library::new(library).map_err(|error| unreachable(&error))?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(unreachable(&error)),
        }
        let session = login(&library, token, pin)?;
        let key = match find(&session, label)? {
            Some(key) => key,
            None if make => generate(&session, label)?,
            None => return Err(setup(format!("the token holds no AES key `{label}`"))),
        };
        Ok(Self {
            token: token.to_owned(),
            label: label.to_owned(),
            session,
            key,
        })
    }
}

impl KeyService for Pkcs11 {
    fn name(&self) -> ServiceName {
        ServiceName {
            kind: ServiceKind::Pkcs11,
            key: format!("{}/{}", self.token, self.label),
        }
    }

    /// Nonce (12) ‖ ciphertext ‖ tag (16); the context is the associated data.
    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let sealed = {
            let parameters = GcmParams::new(&mut nonce, context.as_bytes(), TAG_BITS.into())
                .map_err(|error| refused(&error))?;
            self.session
                .encrypt(&Mechanism::AesGcm(parameters), self.key, secret)
                .map_err(|error| refused(&error))?
        };
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let damaged = || ServiceError::Damaged { kind: KIND };
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let mut nonce = *nonce;
        let parameters = GcmParams::new(&mut nonce, context.as_bytes(), TAG_BITS.into())
            .map_err(|error| refused(&error))?;
        self.session
            .decrypt(&Mechanism::AesGcm(parameters), self.key, sealed)
            .map(Zeroizing::new)
            .map_err(|error| match error {
                Error::Pkcs11(
                    RvError::EncryptedDataInvalid
                    | RvError::EncryptedDataLenRange
                    | RvError::GeneralError,
                    _,
                ) => damaged(),
                other => refused(&other),
            })
    }
}

fn login(library: &Library, token: &str, pin: &Pkcs11Pin) -> Result<Session, ServiceError> {
    let slots = library
        .get_slots_with_token()
        .map_err(|error| unreachable(&error))?;
    let of_label = slots.into_iter().find(|slot| {
        library
            .get_token_info(*slot)
            .is_ok_and(|info| info.label().trim_end() == token)
    });
    let slot = of_label.ok_or_else(|| setup(format!("there is no token `{token}`")))?;
    let session = library
        .open_rw_session(slot)
        .map_err(|error| unreachable(&error))?;
    let pin = AuthPin::new(pin.0.as_str().into());
    match session.login(UserType::User, Some(&pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(error) => Err(refused(&error)),
    }
}

fn find(session: &Session, label: &str) -> Result<Option<ObjectHandle>, ServiceError> {
    let wanted = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    let found = session
        .find_objects(&wanted)
        .map_err(|error| refused(&error))?;
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(setup(format!("the token holds several AES keys `{label}`"))),
    }
}

fn generate(session: &Session, label: &str) -> Result<ObjectHandle, ServiceError> {
    let wanted = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::ValueLen(32.into()),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
    ];
    session
        .generate_key(&Mechanism::AesKeyGen, &wanted)
        .map_err(|error| refused(&error))
}

fn unreachable(error: &Error) -> ServiceError {
    ServiceError::Unreachable {
        kind: KIND,
        reason: error.to_string(),
    }
}

fn refused(error: &Error) -> ServiceError {
    let reason = match error {
        Error::Pkcs11(RvError::PinIncorrect, _) => "the PIN is wrong".to_owned(),
        Error::Pkcs11(RvError::PinLocked, _) => {
            "the PIN is locked after too many wrong ones".to_owned()
        }
        other => other.to_string(),
    };
    ServiceError::Refused { kind: KIND, reason }
}

const fn setup(reason: String) -> ServiceError {
    ServiceError::Setup { kind: KIND, reason }
}

impl fmt::Debug for Pkcs11 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkcs11({}/{})", self.token, self.label)
    }
}

impl fmt::Debug for Pkcs11Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkcs11Pin")
    }
}

const KIND: ServiceKind = ServiceKind::Pkcs11;
const NONCE: usize = 12;
const TAG_BITS: u64 = 128;
