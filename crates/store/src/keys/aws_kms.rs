//! AWS Key Management Service: `Encrypt` and `Decrypt` of its JSON protocol, signed with Signature
//! Version 4. The context goes along as the encryption context, which KMS binds and logs.

mod signature;

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Clock, Entropy};
use seal::{KeyService, ServiceError, ServiceKind, ServiceName};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::http::{Answer, Web};
use signature::Signing;

/// What an AWS account signs with; `Debug` shows nothing of the secrets.
#[derive(Clone)]
pub struct AwsCredentials {
    /// The id of the access key.
    pub access_key: String,
    /// The secret.
    pub secret: Zeroizing<String>,
    /// The token of temporary credentials.
    pub session: Option<Zeroizing<String>>,
}

/// One symmetric key in KMS.
pub struct AwsKms {
    key: String,
    region: String,
    web: Web,
    credentials: AwsCredentials,
    clock: Arc<dyn Clock + Send + Sync>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Encrypted {
    ciphertext_blob: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Decrypted<'a> {
    /// Borrowed from the answer, which is wiped; Base64 has nothing that JSON escapes.
    plaintext: &'a str,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "__type", default)]
    kind: String,
    #[serde(alias = "Message", default)]
    message: String,
}

impl AwsKms {
    /// A key by id, alias or ARN, in a region. `web` is the region's own endpoint,
    /// `https://kms.REGION.amazonaws.com`, or one in its place.
    pub fn new(
        (key, region): (&str, &str),
        web: Web,
        credentials: AwsCredentials,
        clock: Arc<dyn Clock + Send + Sync>,
    ) -> Result<Self, ServiceError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b":/_-".contains(&byte);
        if key.is_empty() || !key.bytes().chain(region.bytes()).all(is_name) {
            return Err(ServiceError::Setup {
                kind: KIND,
                reason: "a key is named by its id, alias or ARN".to_owned(),
            });
        }
        Ok(Self {
            key: key.to_owned(),
            region: region.to_owned(),
            web,
            credentials,
            clock,
        })
    }

    fn call(&self, target: &str, body: &[u8]) -> Result<Answer, ServiceError> {
        let target = format!("TrentService.{target}");
        let host = self.web.authority();
        let signing = Signing {
            region: &self.region,
            service: "kms",
            credentials: &self.credentials,
            now: self.clock.now(),
        };
        let mut fields = vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("host", host),
            ("x-amz-date", signing.date()),
            ("x-amz-target", target),
        ];
        if let Some(session) = &self.credentials.session {
            fields.insert(3, ("x-amz-security-token", session.as_str().to_owned()));
        }
        let authorization = signing.authorization(("POST", "/"), &fields, body);
        fields.retain(|(name, _)| *name != "host");
        fields.push(("authorization", authorization));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = self.web.post("/", &fields, body);
        let answer = answer.map_err(|error| ServiceError::Unreachable {
            kind: KIND,
            reason: error.to_string(),
        })?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(refusal(&answer))
    }
}

impl KeyService for AwsKms {
    fn name(&self) -> ServiceName {
        ServiceName {
            kind: KIND,
            key: self.key.clone(),
        }
    }

    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        _entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError> {
        let body = request(&self.key, ("Plaintext", secret), context);
        let answer = self.call("Encrypt", body.as_bytes())?;
        let encrypted: Encrypted = read(&answer)?;
        let sealed = STANDARD.decode(encrypted.ciphertext_blob);
        sealed.map_err(|_| nonsense("its ciphertext is not Base64"))
    }

    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let body = request(&self.key, ("CiphertextBlob", wrapped), context);
        let answer = self.call("Decrypt", body.as_bytes())?;
        let decrypted: Decrypted<'_> = read(&answer)?;
        let plain = STANDARD.decode(decrypted.plaintext.as_bytes());
        plain
            .map(Zeroizing::new)
            .map_err(|_| nonsense("its plain text is not Base64"))
    }
}

/// A request's JSON. Key, context and Base64 hold nothing that JSON escapes.
fn request(key: &str, (name, bytes): (&str, &[u8]), context: &str) -> Zeroizing<String> {
    let bytes = Zeroizing::new(STANDARD.encode(bytes));
    Zeroizing::new(format!(
        r#"{{"KeyId":"{key}","{name}":"{}","EncryptionContext":{{"cloister":"{context}"}}}}"#,
        bytes.as_str()
    ))
}

fn read<'a, T: Deserialize<'a>>(answer: &'a Answer) -> Result<T, ServiceError> {
    serde_json::from_slice(&answer.body).map_err(|_| nonsense("its answer is not the JSON of KMS"))
}

fn nonsense(reason: &str) -> ServiceError {
    ServiceError::Unreachable {
        kind: KIND,
        reason: reason.to_owned(),
    }
}

/// What KMS says no with; the message names keys and states, never what was to be wrapped.
fn refusal(answer: &Answer) -> ServiceError {
    let told: Option<Refusal> = serde_json::from_slice(&answer.body).ok();
    let (kind, message) = told.map_or_else(Default::default, |told| (told.kind, told.message));
    let kind = kind.rsplit('#').next().unwrap_or_default();
    match (answer.status, kind) {
        (_, "InvalidCiphertextException" | "IncorrectKeyException") => {
            ServiceError::Damaged { kind: KIND }
        }
        (500.., _) | (_, "") => nonsense(&format!("it answered with status {}", answer.status)),
        _ => ServiceError::Refused {
            kind: KIND,
            reason: format!("{kind} {message}").trim().to_owned(),
        },
    }
}

impl fmt::Debug for AwsKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AwsKms({})", self.key)
    }
}

impl fmt::Debug for AwsCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AwsCredentials({})", self.access_key)
    }
}

const KIND: ServiceKind = ServiceKind::AwsKms;
