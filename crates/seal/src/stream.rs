//! Sealing of streams of any length in bounded memory.
//!
//! The format is Tink's streaming AEAD `AES256_GCM_HKDF_1MB`
//! (<https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming>), so that sealed
//! objects can be read by other programs that are given the key:
//!
//! - header of 40 bytes: the number 40 ‖ salt (32) ‖ nonce prefix (7)
//! - segments of 1 MiB with the header counted into the first, each ending in a tag of 16 bytes;
//!   the last one may be shorter
//! - segment key = HKDF-SHA256(data key, salt, info = context), 32 bytes
//! - nonce of a segment = prefix ‖ number of the segment (4, big-endian) ‖ 1 if last, else 0
//!
//! The number in the nonce holds segments in their places, the last byte holds the end.
//!
//! The validated module counts sealing as an approved service only when it draws the nonce itself.
//! The FIPS build therefore writes a form of its own, [`StreamForm::Drawn`]: the first byte is 41,
//! a segment is nonce (12) ‖ ciphertext ‖ tag (16), and what is the nonce above is its associated
//! data. Both builds read both.

mod at;
mod layout;
mod reader;
mod resume;
mod scratch;
mod segment;
mod writer;

pub use at::OpenAt;
pub use layout::StreamForm;
pub use reader::OpenReader;
pub use resume::{ResumeError, Resumed};
pub use writer::SealWriter;

#[cfg(test)]
mod tests;
