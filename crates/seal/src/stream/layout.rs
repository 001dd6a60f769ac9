//! Where things stand in a sealed stream.

use aws_lc_rs::aead::{LessSafeKey, Nonce};
use zeroize::Zeroizing;

use crate::{DataKey, OpenError, derivation::derive, key::cipher};

/// The length of the sealed form of `plain` bytes: 40 bytes of header and 16 for each segment.
///
/// ```
/// assert_eq!(cloister_seal::sealed_length(0), 56);
/// assert_eq!(cloister_seal::sealed_length(1_048_520), 1_048_576);
/// assert_eq!(cloister_seal::sealed_length(1_048_521), 1_048_593);
/// ```
pub const fn sealed_length(plain: u64) -> u64 {
    let full = (SEGMENT - TAG) as u64;
    let segments = match (plain.saturating_add(HEADER as u64)).div_ceil(full) {
        0 => 1,
        segments => segments,
    };
    plain
        .saturating_add(HEADER as u64)
        .saturating_add(segments.saturating_mul(TAG as u64))
}

/// The length of segment `index` with its tag, when it is full.
pub(super) const fn segment_length(index: u64) -> usize {
    if index == 0 {
        SEGMENT - HEADER
    } else {
        SEGMENT
    }
}

/// Where segment `index` starts in the sealed object.
pub(super) const fn segment_offset(index: u64) -> u64 {
    if index == 0 {
        HEADER as u64
    } else {
        index.saturating_mul(SEGMENT as u64)
    }
}

/// Salt and nonce prefix of a stream.
pub(super) fn parse_header(header: &[u8]) -> Result<([u8; SALT], [u8; PREFIX]), OpenError> {
    let short = OpenError::Header {
        length: header.len() as u64,
    };
    let (&first, rest) = header.split_first().ok_or_else(|| short.clone())?;
    if first != HEADER_BYTE {
        return Err(OpenError::Format);
    }
    let (salt, rest) = rest.split_first_chunk().ok_or_else(|| short.clone())?;
    let prefix = rest.first_chunk().ok_or(short)?;
    Ok((*salt, *prefix))
}

/// The cipher of one stream.
pub(super) fn stream_cipher(key: &DataKey, salt: &[u8; SALT], context: &[u8]) -> LessSafeKey {
    let mut derived = Zeroizing::new([0; 32]);
    derive(key.bytes(), salt, context, derived.as_mut_slice());
    cipher(&derived)
}

/// The nonce of one segment.
pub(super) fn nonce(prefix: [u8; PREFIX], index: u32, last: bool) -> Nonce {
    let [p0, p1, p2, p3, p4, p5, p6] = prefix;
    let [i0, i1, i2, i3] = index.to_be_bytes();
    let last = u8::from(last);
    Nonce::assume_unique_for_key([p0, p1, p2, p3, p4, p5, p6, i0, i1, i2, i3, last])
}

pub(super) const SEGMENT: usize = 1 << 20;
pub(super) const SALT: usize = 32;
pub(super) const PREFIX: usize = 7;
pub(super) const HEADER: usize = 1 + SALT + PREFIX;
pub(super) const HEADER_BYTE: u8 = 40;
pub(super) const TAG: usize = 16;
