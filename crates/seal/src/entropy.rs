//! Random bytes: from the machine for keys and noise, from a seed for tests and synthetic data.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use domain::Entropy;
use zeroize::Zeroize;

use crate::digest;

/// Random bytes from the crypto library's generator, which the operating system seeds.
///
/// Draws are taken from the library in blocks of 4 KiB; a byte that was handed out is wiped here.
/// A generator that fails ends the program: there is no safe way to go on.
#[derive(Default)]
pub struct SystemEntropy(Block);

/// Random-looking bytes that follow from a seed, for tests and synthetic data.
///
/// **Never for keys, nonces, noise or replacement codes**: who knows the seed knows them all.
/// Block *n* of 4 KiB is the AES-256 counter-mode key stream under the key SHA-256("cloister
/// seeded entropy" ‖ seed) and the nonce *n* (both numbers big-endian).
///
/// ```
/// use domain::Entropy as _;
/// use cloister_seal::SeededEntropy;
/// assert_eq!(SeededEntropy::new(7).next_u64(), SeededEntropy::new(7).next_u64());
/// assert_ne!(SeededEntropy::new(7).next_u64(), SeededEntropy::new(8).next_u64());
/// ```
pub struct SeededEntropy {
    block: Block,
    cipher: LessSafeKey,
    count: u64,
}

impl SystemEntropy {
    /// A source with nothing drawn yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl SeededEntropy {
    /// The source that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        let key = digest(&[SEEDED, &seed.to_be_bytes()].concat());
        Self {
            block: Block::default(),
            cipher: stream_cipher(&key.0),
            count: 0,
        }
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer, system_block);
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64(system_block)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, buffer: &mut [u8]) {
        let Self {
            block,
            cipher,
            count,
        } = self;
        block.fill(buffer, |bytes| seeded_block(cipher, count, bytes));
    }

    fn next_u64(&mut self) -> u64 {
        let Self {
            block,
            cipher,
            count,
        } = self;
        block.next_u64(|bytes| seeded_block(cipher, count, bytes))
    }
}

impl fmt::Debug for SystemEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemEntropy")
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy")
    }
}

/// Bytes drawn but not handed out: those from `next` on.
struct Block {
    bytes: Box<[u8; BLOCK]>,
    next: usize,
}

impl Block {
    fn fill(&mut self, mut buffer: &mut [u8], mut refill: impl FnMut(&mut [u8; BLOCK])) {
        while !buffer.is_empty() {
            if self.next == BLOCK {
                refill(&mut self.bytes);
                self.next = 0;
            }
            let ready = self.bytes.get_mut(self.next..).unwrap_or_default();
            let count = ready.len().min(buffer.len());
            let (now, later) = buffer.split_at_mut(count);
            let (ready, _) = ready.split_at_mut(count);
            now.copy_from_slice(ready);
            ready.fill(0);
            self.next += count;
            buffer = later;
        }
    }

    /// The common draw, eight bytes out of the block, without the loop.
    #[inline]
    fn next_u64(&mut self, refill: impl FnMut(&mut [u8; BLOCK])) -> u64 {
        if let Some(ready) = self.bytes.get_mut(self.next..)
            && let Some(eight) = ready.first_chunk_mut::<8>()
        {
            self.next += 8;
            return u64::from_le_bytes(std::mem::take(eight));
        }
        let mut bytes = [0; 8];
        self.fill(&mut bytes, refill);
        u64::from_le_bytes(bytes)
    }
}

impl Default for Block {
    fn default() -> Self {
        Self {
            bytes: Box::new([0; BLOCK]),
            next: BLOCK,
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[expect(
    clippy::expect_used,
    reason = "without random bytes no key, nonce or noise is safe"
)]
fn system_block(bytes: &mut [u8; BLOCK]) {
    aws_lc_rs::rand::fill(bytes).expect("the system's random generator works");
}

/// Encrypting zeroes gives the key stream; the tag is not needed.
#[expect(clippy::expect_used, reason = "AES-GCM seals any block of 4 KiB")]
fn seeded_block(cipher: &LessSafeKey, count: &mut u64, bytes: &mut [u8; BLOCK]) {
    let mut nonce = [0; 12];
    for (place, byte) in nonce.iter_mut().skip(4).zip(count.to_be_bytes()) {
        *place = byte;
    }
    bytes.fill(0);
    cipher
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            bytes.as_mut_slice(),
        )
        .map(drop)
        .expect("a block is sealed");
    *count = count.wrapping_add(1);
}

#[expect(clippy::expect_used, reason = "the key has 32 bytes")]
fn stream_cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes"))
}

const BLOCK: usize = 4096;
const SEEDED: &[u8] = b"cloister seeded entropy";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_is_drawn_does_not_change_what_is_drawn() {
        let mut whole = vec![0; 20_000];
        SeededEntropy::new(1).fill(&mut whole);
        let mut pieces = SeededEntropy::new(1);
        let mut drawn = Vec::new();
        for length in [1, 7, 8, 4096, 5000, 3, 10_885] {
            let mut piece = vec![0; length];
            pieces.fill(&mut piece);
            drawn.extend_from_slice(&piece);
        }
        assert_eq!(drawn, whole);
    }

    #[test]
    fn numbers_are_the_bytes_in_little_endian_order_across_blocks() {
        let mut bytes = vec![0; 3 + 8 * 1024];
        SeededEntropy::new(2).fill(&mut bytes);
        let mut entropy = SeededEntropy::new(2);
        entropy.fill(&mut [0; 3]);
        for eight in bytes[3..].chunks_exact(8) {
            assert_eq!(
                entropy.next_u64(),
                u64::from_le_bytes(eight.try_into().unwrap())
            );
        }
    }

    /// Computed with another library (Python's `cryptography`) from the definition.
    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut entropy = SeededEntropy::new(20_261_122);
        assert_eq!(entropy.next_u64(), FIRST_OF_BLOCK_0);
        entropy.fill(&mut [0; BLOCK - 8]);
        assert_eq!(entropy.next_u64(), FIRST_OF_BLOCK_1);
    }

    #[test]
    fn system_draws_differ_and_look_balanced() {
        let mut entropy = SystemEntropy::new();
        let mut bytes = vec![0_u8; 1 << 16];
        entropy.fill(&mut bytes);
        let ones: u32 = bytes.iter().map(|byte| byte.count_ones()).sum();
        // 2^19 bits, standard deviation 362: six deviations are 2172.
        assert!((260_000..264_300).contains(&ones), "{ones} ones");
        assert_ne!(entropy.next_u64(), entropy.next_u64());
    }

    const FIRST_OF_BLOCK_0: u64 = 4_021_883_979_446_326_511;
    const FIRST_OF_BLOCK_1: u64 = 2_963_681_328_839_023_031;
}
