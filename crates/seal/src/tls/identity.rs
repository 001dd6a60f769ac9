//! The certificate that is shown, and its replacement while connections run.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use domain::Clock;
use rustls::{
    SignatureScheme,
    client::ResolvesClientCert,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{TlsError, check_dates, provider, unix, unusable};

/// A certificate chain with its private key. Connections that begin after [`Identity::replace`] see
/// the new one; those that run go on.
pub struct Identity(RwLock<Arc<CertifiedKey>>);

impl Identity {
    /// Reads chain and key in PEM; the chain begins with the certificate itself. Refused are keys
    /// that do not belong to it and certificates that are not valid now.
    pub fn from_pem(chain: &[u8], key: &[u8], clock: &dyn Clock) -> Result<Self, TlsError> {
        Ok(Self(RwLock::new(Arc::new(certified(chain, key, clock)?))))
    }

    /// Shows another certificate from now on; what is refused leaves the old one in place.
    pub fn replace(&self, chain: &[u8], key: &[u8], clock: &dyn Clock) -> Result<(), TlsError> {
        let certified = Arc::new(certified(chain, key, clock)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = certified;
        Ok(())
    }

    fn shown(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.shown())
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(
        &self,
        _issuers: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        Some(self.shown())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

fn certified(chain: &[u8], key: &[u8], clock: &dyn Clock) -> Result<CertifiedKey, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::Pem {
            what: "certificate",
        })?;
    let first = chain.first().ok_or(TlsError::Pem {
        what: "certificate",
    })?;
    check_dates(first, unix(clock))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Pem {
        what: "private key",
    })?;
    CertifiedKey::from_der(chain, key, &provider()).map_err(unusable)
}
