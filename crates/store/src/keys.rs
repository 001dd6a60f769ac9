//! Key services outside the keystore: an HSM through PKCS#11, AWS KMS, the transit engine of Vault
//! or OpenBao. Each wraps one thing, the root key of an instance, when the keystore is written, and
//! unwraps it once when the instance is opened; data keys never reach them.
//!
//! Where a service is and how to speak to it come from the caller, never from the keystore: whoever
//! can write that file must not choose which library is loaded or which host gets a token.

mod aws_kms;
mod http;
mod pkcs11;
mod transit;

pub use aws_kms::{AwsCredentials, AwsKms};
pub use http::Web;
pub use pkcs11::{Pkcs11, Pkcs11Pin};
pub use transit::Transit;
