//! The transit engine of HashiCorp Vault and OpenBao: `encrypt` and `decrypt` with associated data.
//!
//! Checked against exchanges written down from the two programs' API documentation: neither can be
//! installed from the package sources that the tests use.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Entropy;
use seal::{KeyService, ServiceError, ServiceKind, ServiceName};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::http::{Answer, Web, is_plain};

/// One key of a transit engine, of a type with associated data (`aes256-gcm96`).
pub struct Transit {
    /// `MOUNT/KEY`.
    key: String,
    mount: String,
    name: String,
    web: Web,
    token: Zeroizing<String>,
}

#[derive(Deserialize)]
struct Reply<T> {
    data: T,
}

#[derive(Deserialize)]
struct Encrypted {
    ciphertext: String,
}

#[derive(Deserialize)]
struct Decrypted<'a> {
    /// Borrowed from the answer, which is wiped; Base64 has nothing that JSON escapes.
    plaintext: &'a str,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    errors: Vec<String>,
}

impl Transit {
    /// A key by `MOUNT/KEY`, or `KEY` in the mount `transit`, with the token that may use it.
    pub fn new(key: &str, web: Web, token: impl Into<String>) -> Result<Self, ServiceError> {
        let (mount, name) = key.rsplit_once('/').unwrap_or(("transit", key));
        if name.is_empty() || mount.is_empty() || !key.bytes().all(is_plain) {
            return Err(ServiceError::Setup {
                kind: KIND,
                reason: "a key is named as MOUNT/KEY".to_owned(),
            });
        }
        Ok(Self {
            key: format!("{mount}/{name}"),
            mount: mount.to_owned(),
            name: name.to_owned(),
            web,
            token: Zeroizing::new(token.into()),
        })
    }

    fn call(&self, act: &str, body: &[u8]) -> Result<Answer, ServiceError> {
        let path = format!("/v1/{}/{act}/{}", self.mount, self.name);
        let fields = [
            ("content-type", "application/json"),
            ("x-vault-token", self.token.as_str()),
        ];
        let answer = self.web.post(&path, &fields, body);
        let answer = answer.map_err(|error| nonsense(&error.to_string()))?;
        match answer.status {
            200 => Ok(answer),
            status => {
                let told: Option<Refusal> = serde_json::from_slice(&answer.body).ok();
                let reason = told.map_or_else(String::new, |told| told.errors.join("; "));
                Err(refusal(status, act, reason))
            }
        }
    }
}

impl KeyService for Transit {
    fn name(&self) -> ServiceName {
        ServiceName {
            kind: KIND,
            key: self.key.clone(),
        }
    }

    /// The text `vault:vN:…` as the engine gives it.
    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        _entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError> {
        let plain = Zeroizing::new(STANDARD.encode(secret));
        let body = request(("plaintext", &plain), context);
        let answer = self.call("encrypt", body.as_bytes())?;
        let reply: Reply<Encrypted> = read(&answer)?;
        Ok(reply.data.ciphertext.into_bytes())
    }

    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let damaged = || ServiceError::Damaged { kind: KIND };
        let text = str::from_utf8(wrapped).map_err(|_| damaged())?;
        let is_cipher = |byte: u8| byte.is_ascii_alphanumeric() || b":+/=".contains(&byte);
        if !text.bytes().all(is_cipher) {
            return Err(damaged());
        }
        let body = request(("ciphertext", text), context);
        let answer = self.call("decrypt", body.as_bytes())?;
        let reply: Reply<Decrypted<'_>> = read(&answer)?;
        let plain = STANDARD.decode(reply.data.plaintext.as_bytes());
        plain
            .map(Zeroizing::new)
            .map_err(|_| nonsense("its plain text is not Base64"))
    }
}

/// A request's JSON; what stands in it holds nothing that JSON escapes.
fn request((name, text): (&str, &str), context: &str) -> Zeroizing<String> {
    let context = STANDARD.encode(context);
    Zeroizing::new(format!(
        r#"{{"{name}":"{text}","associated_data":"{context}"}}"#
    ))
}

fn read<'a, T: Deserialize<'a>>(answer: &'a Answer) -> Result<T, ServiceError> {
    serde_json::from_slice(&answer.body)
        .map_err(|_| nonsense("its answer is not the JSON of a transit engine"))
}

fn refusal(status: u16, act: &str, reason: String) -> ServiceError {
    match status {
        400 if act == "decrypt" && reason.contains("message authentication failed") => {
            ServiceError::Damaged { kind: KIND }
        }
        503 => nonsense("it is sealed or starting"),
        500.. => nonsense(&format!("it answered with status {status}")),
        403 => ServiceError::Refused {
            kind: KIND,
            reason: "the token may not do that, or is no token".to_owned(),
        },
        _ => ServiceError::Refused { kind: KIND, reason },
    }
}

fn nonsense(reason: &str) -> ServiceError {
    ServiceError::Unreachable {
        kind: KIND,
        reason: reason.to_owned(),
    }
}

impl fmt::Debug for Transit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transit({})", self.key)
    }
}

const KIND: ServiceKind = ServiceKind::Transit;

#[cfg(test)]
mod tests;
