//! The standard's encryption of the secret: a Feistel network of four rounds, each PBKDF2 with
//! HMAC-SHA256. Without a passphrase it protects nothing; it is there because the standard says so.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

pub(super) fn encrypt(
    secret: &[u8],
    passphrase: &[u8],
    exponent: u8,
    salt: &[u8],
) -> Zeroizing<Vec<u8>> {
    feistel(secret, 0..4, passphrase, exponent, salt)
}

pub(super) fn decrypt(
    secret: &[u8],
    passphrase: &[u8],
    exponent: u8,
    salt: &[u8],
) -> Zeroizing<Vec<u8>> {
    feistel(secret, (0..4).rev(), passphrase, exponent, salt)
}

/// Sets that can be extended by more shares later are not bound to their number.
pub(super) fn salt(set: u16, extendable: bool) -> Vec<u8> {
    if extendable {
        Vec::new()
    } else {
        [b"shamir".as_slice(), &set.to_be_bytes()].concat()
    }
}

fn feistel(
    secret: &[u8],
    rounds: impl Iterator<Item = u8>,
    passphrase: &[u8],
    exponent: u8,
    salt: &[u8],
) -> Zeroizing<Vec<u8>> {
    let (left, right) = secret.split_at(secret.len() / 2);
    let mut left = Zeroizing::new(left.to_vec());
    let mut right = Zeroizing::new(right.to_vec());
    for round in rounds {
        let password = Zeroizing::new([&[round], passphrase].concat());
        let salt = Zeroizing::new([salt, &right].concat());
        let mut stream = Zeroizing::new(vec![0; right.len()]);
        let doubled = NonZeroU32::MIN.saturating_add((1 << exponent.min(15)) - 1);
        let passes = ITERATIONS.saturating_mul(doubled);
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            passes,
            &salt,
            &password,
            &mut stream,
        );
        for (byte, mask) in stream.iter_mut().zip(left.iter()) {
            *byte ^= mask;
        }
        left = std::mem::replace(&mut right, stream);
    }
    let mut result = Zeroizing::new(Vec::with_capacity(secret.len()));
    result.extend_from_slice(&right);
    result.extend_from_slice(&left);
    result
}

/// In each of the four rounds: 10,000 in all.
const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(2_499);
