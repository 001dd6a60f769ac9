//! The Sigstore bundle around the statement.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::{Algorithm, PublicKey, Signature};

/// `application/vnd.dev.sigstore.bundle.v0.3+json`, signed with a key instead of a certificate.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle {
    media_type: String,
    verification_material: Material,
    dsse_envelope: Envelope,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    public_key: Hint,
    #[serde(default)]
    tlog_entries: Vec<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct Hint {
    /// Hex SHA-256 of the key's PEM.
    hint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Serialize, Deserialize)]
struct EnvelopeSignature {
    sig: String,
    #[serde(default)]
    keyid: String,
}

impl Bundle {
    pub(super) fn new(key: &PublicKey, payload: &[u8], signature: &Signature) -> Self {
        Self {
            media_type: MEDIA_TYPE.to_owned(),
            verification_material: Material {
                public_key: Hint {
                    hint: key.fingerprint().to_string(),
                },
                tlog_entries: Vec::new(),
            },
            dsse_envelope: Envelope {
                payload: STANDARD.encode(payload),
                payload_type: PAYLOAD_TYPE.to_owned(),
                signatures: vec![EnvelopeSignature {
                    sig: STANDARD.encode(signature.as_bytes()),
                    keyid: String::new(),
                }],
            },
        }
    }

    #[expect(clippy::expect_used, reason = "texts are always JSON")]
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a bundle is JSON")
    }

    pub(super) fn parse(json: &str) -> Result<Self, BundleError> {
        let bundle: Self = serde_json::from_str(json).map_err(|_| BundleError::Format)?;
        let known = bundle.media_type == MEDIA_TYPE
            && bundle.dsse_envelope.payload_type == PAYLOAD_TYPE
            && bundle.dsse_envelope.signatures.len() == 1;
        if known {
            Ok(bundle)
        } else {
            Err(BundleError::Format)
        }
    }

    pub(super) fn is_by(&self, key: &PublicKey) -> bool {
        self.verification_material.public_key.hint == key.fingerprint().to_string()
    }

    /// The payload, once its signature holds.
    pub(super) fn verified_payload(&self, key: &PublicKey) -> Result<Vec<u8>, BundleError> {
        let decode = |text: &str| STANDARD.decode(text).map_err(|_| BundleError::Format);
        let payload = decode(&self.dsse_envelope.payload)?;
        let first = self.dsse_envelope.signatures.first();
        let bytes = decode(&first.ok_or(BundleError::Format)?.sig)?;
        let signature = Signature::new(Algorithm::EcdsaP256, bytes);
        key.verify(&pre_authentication(&payload), &signature)
            .map_err(|_| BundleError::Signature)?;
        Ok(payload)
    }
}

/// What is signed: DSSE v1 pre-authentication encoding,
/// <https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md>.
pub(super) fn pre_authentication(payload: &[u8]) -> Vec<u8> {
    let (kind, length) = (PAYLOAD_TYPE, payload.len());
    let head = format!("DSSEv1 {} {kind} {length} ", kind.len());
    [head.as_bytes(), payload].concat()
}

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_bytes_name_type_and_lengths() {
        assert_eq!(
            pre_authentication(b"hello"),
            b"DSSEv1 28 application/vnd.in-toto+json 5 hello"
        );
    }
}
