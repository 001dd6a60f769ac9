use serde::{Deserialize, Serialize};

/// How somebody had proved who they are when they acted: 45 CFR 164.312(d).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Strength {
    /// They hold the passphrase of the instance.
    Passphrase,
    /// A password of their own.
    Password,
    /// A password and a second factor.
    SecondFactor,
    /// A key that cannot be phished, such as a passkey or a client certificate.
    Key,
    /// A program acts, with a token of its own.
    Token,
}
