//! The crypto module: what it is, and whether it works.

use aws_lc_rs::{
    aead::{Aad, Nonce},
    hkdf,
};
use domain::{Code, Entropy as _, Explain};
use serde::Serialize;
use thiserror::Error;

use crate::{
    Algorithm, PublicKey, Signature, SystemEntropy, codes, digest, hmac_sha256, key::cipher,
};

/// The crypto library of this build, and what of this program runs outside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CryptoModule {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The certificate under FIPS 140-3 that the module has; only the FIPS build runs it.
    pub certificate: Option<&'static str>,
    /// Whether the module says that it runs in its FIPS mode.
    pub fips_mode: bool,
    /// What does not go through an approved service of the module, with the reason.
    pub outside: &'static [&'static str],
}

/// A known answer that was not found: nothing may be sealed, opened or signed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the crypto module does not work: {what}")]
pub struct SelfTestError {
    /// What failed.
    pub what: &'static str,
}

/// What this build runs on.
pub fn module() -> CryptoModule {
    let fips_mode = aws_lc_rs::try_fips_mode().is_ok();
    if cfg!(feature = "fips") {
        return CryptoModule {
            name: "AWS-LC FIPS 3.0, static",
            version: "aws-lc-fips-sys 0.13, aws-lc-rs 1.17.1",
            certificate: Some("CMVP #5314"),
            fips_mode,
            outside: OUTSIDE_FIPS,
        };
    }
    CryptoModule {
        name: "AWS-LC, not the validated module",
        version: "aws-lc-sys 0.42, aws-lc-rs 1.17.1",
        certificate: None,
        fips_mode,
        outside: OUTSIDE,
    }
}

/// Compares the module with known answers and lets it draw random bytes twice; the program does
/// this before anything else and stops when it fails. In the FIPS build the module must also say
/// that it runs in its FIPS mode; its own self-tests (power-on, integrity) ran before, and stop
/// the process when they fail.
pub fn self_test() -> Result<(), SelfTestError> {
    let failed = |what| SelfTestError { what };
    if cfg!(feature = "fips") && aws_lc_rs::try_fips_mode().is_err() {
        return Err(failed(
            "this is the FIPS build, and the module is not in its FIPS mode",
        ));
    }
    if digest(b"abc").0.get(..4) != Some(&[0xba, 0x78, 0x16, 0xbf]) {
        return Err(failed("SHA-256 gives another digest (FIPS 180-4)"));
    }
    let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
    if mac.get(..4) != Some(&[0x5b, 0xdc, 0xc1, 0x46]) {
        return Err(failed("HMAC-SHA256 gives another code (RFC 4231)"));
    }
    if !gcm_opens() {
        return Err(failed(
            "AES-256-GCM does not open a known text (SP 800-38D)",
        ));
    }
    if hkdf_first_byte() != Some(0x3c) {
        return Err(failed("HKDF-SHA256 gives another key (RFC 5869)"));
    }
    if !ed25519_holds() {
        return Err(failed("Ed25519 refuses a known signature (RFC 8032)"));
    }
    let mut entropy = SystemEntropy::new();
    let mut draws = [[0_u8; 32]; 2];
    for draw in &mut draws {
        entropy.fill(draw);
    }
    let [one, two] = draws;
    if one == two || one == [0; 32] {
        return Err(failed("the random generator repeats itself"));
    }
    Ok(())
}

/// Test case 14 of McGrew and Viega: a block of zeros under a key and nonce of zeros.
fn gcm_opens() -> bool {
    let mut sealed = *b"\xce\xa7\x40\x3d\x4d\x60\x6b\x6e\x07\x4e\xc5\xd3\xba\xf3\x9d\x18\
        \xd0\xd1\xc8\xa7\x99\x99\x6b\xf0\x26\x5b\x98\xb5\xd4\x8a\xb9\x19";
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let opened = cipher(&[0; 32]).open_in_place(nonce, Aad::empty(), &mut sealed);
    opened.is_ok_and(|plain| *plain == [0; 16])
}

/// RFC 5869, A.1.
fn hkdf_first_byte() -> Option<u8> {
    let salt: Vec<u8> = (0..13).collect();
    let info: Vec<u8> = (0xf0..0xfa).collect();
    let mut out = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &salt)
        .extract(&[0x0b; 22])
        .expand(&[&info], hkdf::HKDF_SHA256)
        .ok()?
        .fill(&mut out)
        .ok()?;
    out.first().copied()
}

/// RFC 8032, 7.1, test 1: the empty message.
fn ed25519_holds() -> bool {
    let key = b"\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\
        \x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";
    let signature = b"\xe5\x56\x43\x00\xc3\x60\xac\x72\x90\x86\xe2\xcc\x80\x6e\x82\x8a\
        \x84\x87\x7f\x1e\xb8\xe5\xd9\x74\xd8\x73\xe0\x65\x22\x49\x01\x55\
        \x5f\xb8\x82\x15\x90\xa3\x3b\xac\xc6\x1e\x39\x70\x1c\xf9\xb4\x6b\
        \xd2\x5b\xf5\xf0\x59\x5b\xbe\x24\x65\x51\x41\x43\x8e\x7a\x10\x0b";
    let signature = Signature::new(Algorithm::Ed25519, signature.as_slice());
    PublicKey::from_bytes(Algorithm::Ed25519, key)
        .is_ok_and(|key| key.verify(b"", &signature).is_ok())
}

impl Explain for SelfTestError {
    fn code(&self) -> Code {
        codes::SELF_TEST
    }

    fn help(&self) -> String {
        "do not use this machine or this copy of the program; install it again elsewhere".to_owned()
    }
}

const OUTSIDE: &[&str] = &[
    "everything: this build does not run a validated module",
    "Argon2id of passphrases (RFC 9106): crate argon2",
    "Shamir's sharing of the root key (SLIP-0039): own code over GF(256)",
];
const OUTSIDE_FIPS: &[&str] = &[
    "Argon2id of passphrases (RFC 9106): crate argon2; SP 800-132 knows PBKDF2 only",
    "Shamir's sharing of the root key (SLIP-0039): own code over GF(256)",
    "writing encrypted tables: AES-256-GCM of the module with nonces that the Parquet library counts, which it does not count as an approved service; reading them is one",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_are_found() {
        assert_eq!(self_test(), Ok(()));
    }

    #[test]
    fn the_build_says_what_it_is() {
        let module = module();
        assert_eq!(module.fips_mode, cfg!(feature = "fips"));
        assert_eq!(module.certificate.is_some(), cfg!(feature = "fips"));
    }

    /// The versions that are told are those that are built.
    #[test]
    fn the_versions_told_are_those_of_the_lock_file() {
        let lock = include_str!("../../../Cargo.lock");
        let found = |name: &str| {
            let at = lock.split("[[package]]").find_map(|package| {
                let rest = package
                    .trim_start()
                    .strip_prefix(&format!("name = \"{name}\"\nversion = \""))?;
                rest.split('"').next()
            });
            at.unwrap_or_default().to_owned()
        };
        assert_eq!(found("aws-lc-rs"), "1.17.1");
        assert!(found("aws-lc-sys").starts_with("0.42."));
        assert!(found("aws-lc-fips-sys").starts_with("0.13."));
    }
}
