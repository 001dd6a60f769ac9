//! Who keeps the root key: a passphrase, or a key service whose address and credentials come from
//! the environment and from files, never from the command line and never from the keystore.

use std::{env, fs, path::PathBuf, sync::Arc};

use seal::{KeyService, Passphrase, PassphraseService, ServiceKind, ServiceName};
use store::{
    Opener, Store,
    keys::{AwsCredentials, AwsKms, Pkcs11, Pkcs11Pin, Transit, Web},
};

use crate::{
    arguments::Arguments, codes, failure::Failure, files, machine_clock::MachineClock, wire,
};

/// What opens an instance.
#[derive(Debug)]
pub(crate) enum Keeper {
    Passphrase(Passphrase),
    Service(Box<dyn KeyService>),
}

impl Keeper {
    /// What opens the instance that the arguments name: its passphrase where one keeps the root
    /// key, else the first service that does.
    pub(crate) fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let services = Store::key_services(&arguments.home)?;
        let by_passphrase = |name: &ServiceName| name.kind == ServiceKind::Passphrase;
        match services.first() {
            Some(name) if !services.iter().any(by_passphrase) => {
                Ok(Self::Service(service(name, false)?))
            }
            _ => Ok(Self::Passphrase(wire::passphrase(arguments)?)),
        }
    }

    pub(crate) fn opener(&self) -> Opener<'_> {
        match self {
            Self::Passphrase(passphrase) => Opener::Passphrase(passphrase),
            Self::Service(service) => Opener::Service(service.as_ref()),
        }
    }

    /// The same as a service, for a new root key.
    pub(crate) fn into_service(self) -> Box<dyn KeyService> {
        match self {
            Self::Passphrase(passphrase) => by_passphrase(passphrase),
            Self::Service(service) => service,
        }
    }
}

/// A passphrase as a service, at the usual cost.
pub(crate) fn by_passphrase(passphrase: Passphrase) -> Box<dyn KeyService> {
    Box::new(PassphraseService::new(passphrase, wire::argon2_cost()))
}

/// A key service by name; with `make` a key that is not in the token is made.
pub(crate) fn service(name: &ServiceName, make: bool) -> Result<Box<dyn KeyService>, Failure> {
    wire::keep_out_of_dumps();
    match name.kind {
        ServiceKind::Passphrase => Err(missing("a passphrase is no service")),
        ServiceKind::Pkcs11 => pkcs11(&name.key, make),
        ServiceKind::AwsKms => aws_kms(&name.key),
        ServiceKind::Transit => transit(&name.key),
    }
}

fn pkcs11(key: &str, make: bool) -> Result<Box<dyn KeyService>, Failure> {
    let library = PathBuf::from(variable("CLOISTER_PKCS11_LIBRARY")?);
    let names = key
        .rsplit_once('/')
        .ok_or_else(|| missing("a key in a token is named TOKEN/LABEL"))?;
    let pin = Pkcs11Pin::new(secret("CLOISTER_PKCS11_PIN")?);
    Ok(Box::new(Pkcs11::open(&library, names, &pin, make)?))
}

fn aws_kms(key: &str) -> Result<Box<dyn KeyService>, Failure> {
    // arn:aws:kms:REGION:ACCOUNT:key/ID
    let region = match key
        .strip_prefix("arn:")
        .and_then(|arn| arn.split(':').nth(2))
    {
        Some(region) => region.to_owned(),
        None => variable("AWS_REGION")?,
    };
    let credentials = AwsCredentials {
        access_key: variable("AWS_ACCESS_KEY_ID")?,
        secret: secret("AWS_SECRET_ACCESS_KEY")?.into(),
        session: env::var("AWS_SESSION_TOKEN").ok().map(Into::into),
    };
    let address = env::var("CLOISTER_KMS_ENDPOINT")
        .unwrap_or_else(|_| format!("https://kms.{region}.amazonaws.com"));
    let web = web(ServiceKind::AwsKms, &address)?;
    let clock = Arc::new(MachineClock);
    Ok(Box::new(AwsKms::new(
        (key, &region),
        web,
        credentials,
        clock,
    )?))
}

fn transit(key: &str) -> Result<Box<dyn KeyService>, Failure> {
    let web = web(ServiceKind::Transit, &variable("VAULT_ADDR")?)?;
    Ok(Box::new(Transit::new(key, web, secret("VAULT_TOKEN")?)?))
}

/// An address, and whom to trust there: the file that CLOISTER_CA_FILE names, else the system's.
fn web(kind: ServiceKind, address: &str) -> Result<Web, Failure> {
    let trusted = match env::var_os("CLOISTER_CA_FILE") {
        Some(path) => files::read_bytes(&PathBuf::from(path))?,
        None => fs::read(SYSTEM_CA).unwrap_or_default(),
    };
    Ok(Web::new(kind, address, &trusted, Arc::new(MachineClock))?)
}

/// A secret: the first line of the file that NAME_FILE names, else the variable NAME.
fn secret(name: &str) -> Result<String, Failure> {
    match env::var_os(format!("{name}_FILE")) {
        Some(path) => {
            let text = files::read_text(&PathBuf::from(path))?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
        None => variable(name),
    }
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| missing(&format!("{name} is not set in the environment")))
}

fn missing(what: &str) -> Failure {
    Failure::new(
        codes::KEEPER,
        format!("the key service cannot be asked: {what}"),
        "see docs/keys.md for what each service needs",
    )
}

const SYSTEM_CA: &str = "/etc/ssl/certs/ca-certificates.crt";
