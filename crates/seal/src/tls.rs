//! The profile of TLS for everything that listens or calls: TLS 1.3 and nothing older.
//!
//! One provider, AWS-LC, whose key exchange prefers X25519 with ML-KEM-768; cipher suites are those
//! of TLS 1.3. Certificates are replaced while connections run ([`Identity::replace`]); a server can
//! ask for the client's certificate (mutual TLS). Time is the caller's [`Clock`]. Session tickets
//! are kept in memory only, and early data is off.
//!
//! The types of `rustls` are handed out as they are, for the sockets of other rooms.

mod identity;

use std::{
    fmt,
    io::{self, Read, Write},
    sync::Arc,
    time::Duration,
};

use domain::{Clock, Code, Explain};
use rustls::{
    CertificateError, ClientConnection, RootCertStore, StreamOwned,
    client::{ResolvesClientCert, WebPkiServerVerifier},
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
    server::{ResolvesServerCert, WebPkiClientVerifier},
    time_provider::TimeProvider,
    version::TLS13,
};
pub use rustls::{ClientConfig, ServerConfig};
use thiserror::Error;

pub use self::identity::Identity;
use crate::codes;

/// Why certificates or keys are not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsError {
    /// Not PEM, or nothing in it.
    #[error("there is no {what} in this PEM")]
    Pem {
        /// What was looked for.
        what: &'static str,
    },
    /// A certificate that is not valid now.
    #[error("the certificate is not valid now: {reason}")]
    NotValidNow {
        /// Since or from when, in seconds since 1970.
        reason: String,
    },
    /// Key and certificate do not belong together, or are of a kind that is not taken.
    #[error("certificate and key cannot be used: {reason}")]
    Unusable {
        /// What the library says.
        reason: String,
    },
}

/// A clock that tells the library the time.
pub type SharedClock = Arc<dyn Clock + Send + Sync>;

/// A server that shows `identity`; with `clients`, certificates in PEM, it takes only clients whose
/// certificate one of them signed.
pub fn server(
    identity: &Arc<Identity>,
    clients: Option<&[u8]>,
    clock: SharedClock,
) -> Result<ServerConfig, TlsError> {
    let builder = ServerConfig::builder_with_details(provider(), Arc::new(Now(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(unusable)?;
    let builder = match clients {
        Some(pem) => {
            let roots = Arc::new(roots(pem)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
            builder.with_client_cert_verifier(verifier.build().map_err(unusable)?)
        }
        None => builder.with_no_client_auth(),
    };
    let identity: Arc<dyn ResolvesServerCert> = Arc::<Identity>::clone(identity);
    Ok(builder.with_cert_resolver(identity))
}

/// A client that trusts the certificates in `trusted`, PEM; with `identity` it shows one when it is
/// asked.
pub fn client(
    trusted: &[u8],
    identity: Option<&Arc<Identity>>,
    clock: SharedClock,
) -> Result<ClientConfig, TlsError> {
    let builder = ClientConfig::builder_with_details(provider(), Arc::new(Now(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(unusable)?
        .with_root_certificates(roots(trusted)?);
    Ok(match identity {
        Some(identity) => {
            let identity: Arc<dyn ResolvesClientCert> = Arc::<Identity>::clone(identity);
            builder.with_client_cert_resolver(identity)
        }
        None => builder.with_no_client_auth(),
    })
}

/// Speaks TLS over `socket` to the server of that name; the handshake comes with the first bytes.
pub fn connect<S: Read + Write>(
    config: &Arc<ClientConfig>,
    name: &str,
    socket: S,
) -> io::Result<StreamOwned<ClientConnection, S>> {
    let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, socket))
}

/// What a failed handshake says about the other side's certificate, in words for a person.
pub fn explain(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match validity(certificate) {
            Some(reason) => format!("the other side's certificate is not valid now: {reason}"),
            None => format!("the other side's certificate is not taken: {error}"),
        },
        rustls::Error::NoCertificatesPresented => {
            "the other side showed no certificate, and one is asked for".to_owned()
        }
        rustls::Error::PeerIncompatible(_) => {
            "the other side does not speak TLS 1.3, and nothing older is spoken here".to_owned()
        }
        other => other.to_string(),
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn roots(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| TlsError::Pem {
            what: "certificate",
        })?;
        roots.add(certificate).map_err(unusable)?;
    }
    if roots.is_empty() {
        return Err(TlsError::Pem {
            what: "certificate",
        });
    }
    Ok(roots)
}

/// Refuses a certificate of ours that is not valid now, before anybody is shown it. Only the dates
/// count: whether others trust its issuer is theirs to say.
fn check_dates(certificate: &CertificateDer<'static>, now: UnixTime) -> Result<(), TlsError> {
    let mut anchors = RootCertStore::empty();
    anchors.add(certificate.clone()).map_err(unusable)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(anchors), provider())
        .build()
        .map_err(unusable)?;
    let name = ServerName::try_from("name.invalid").map_err(unusable)?;
    let judged = rustls::client::danger::ServerCertVerifier::verify_server_cert(
        verifier.as_ref(),
        certificate,
        &[],
        &name,
        &[],
        now,
    );
    match judged {
        Err(rustls::Error::InvalidCertificate(error)) => match validity(&error) {
            Some(reason) => Err(TlsError::NotValidNow { reason }),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn validity(error: &CertificateError) -> Option<String> {
    match error {
        CertificateError::Expired => Some("it has expired".to_owned()),
        CertificateError::NotValidYet => Some("its time has not come yet".to_owned()),
        CertificateError::ExpiredContext { not_after, .. } => {
            Some(format!("it expired at {}", moment(*not_after)))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            Some(format!("its time begins at {}", moment(*not_before)))
        }
        _ => None,
    }
}

fn moment(time: UnixTime) -> domain::Timestamp {
    let millis = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    domain::Timestamp::from_millis(millis.saturating_mul(1000))
}

fn unix(clock: &dyn Clock) -> UnixTime {
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or_default();
    UnixTime::since_unix_epoch(Duration::from_millis(millis))
}

fn unusable(error: impl fmt::Display) -> TlsError {
    TlsError::Unusable {
        reason: error.to_string(),
    }
}

#[derive(Debug)]
struct Now(SharedClock);

impl TimeProvider for Now {
    fn current_time(&self) -> Option<UnixTime> {
        Some(unix(self.0.as_ref()))
    }
}

impl Explain for TlsError {
    fn code(&self) -> Code {
        match self {
            Self::NotValidNow { .. } => codes::TLS_EXPIRED,
            Self::Pem { .. } | Self::Unusable { .. } => codes::TLS,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Pem { .. } => "give files that `-----BEGIN …-----` begins",
            Self::NotValidNow { .. } => "get a new certificate, or set the machine's clock",
            Self::Unusable { .. } => "use a certificate and its own key: ECDSA, Ed25519 or RSA",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests;
