//! The bare cipher, so that a benchmark can say what sealing costs beside it. For nothing else.

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use domain::Entropy as _;

use crate::{SystemEntropy, key::cipher};

/// Encrypts `buffer` in place with AES-256-GCM in pieces of `segment` bytes, as sealing does, and
/// without anything around it: no derivation, no copy, no tag kept. The key is drawn for the call
/// and thrown away, so nobody can open the result.
pub fn aes_gcm_in_place(buffer: &mut [u8], segment: usize) {
    let mut key = [0; 32];
    SystemEntropy::new().fill(&mut key);
    let cipher = cipher(&key);
    for (number, piece) in (0_u32..).zip(buffer.chunks_mut(segment.max(1))) {
        let mut nonce = [0; NONCE_LEN];
        if let Some(tail) = nonce.last_chunk_mut() {
            *tail = number.to_be_bytes();
        }
        let nonce = Nonce::assume_unique_for_key(nonce);
        // Refused is only a piece beyond 64 GiB, which nobody measures.
        drop(cipher.seal_in_place_separate_tag(nonce, Aad::empty(), piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_encrypted() {
        let mut buffer = vec![0; 100];
        aes_gcm_in_place(&mut buffer, 32);
        assert!(
            buffer
                .chunks(32)
                .all(|piece| piece.iter().any(|byte| *byte != 0))
        );
    }
}
