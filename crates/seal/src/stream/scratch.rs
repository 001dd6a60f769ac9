//! A buffer that plain text passes through.

use std::hint::black_box;

/// Bytes that are wiped when dropped.
///
/// Keys are wiped by `zeroize`, byte by byte; a segment of plain text is wiped at the speed of
/// memory, with the compiler told that somebody looks at the result.
pub(super) struct Scratch(pub(super) Vec<u8>);

impl Scratch {
    /// Makes room for `length` bytes, and keeps what is there; no copy of it is left behind.
    pub(super) fn grow(&mut self, length: usize) {
        if self.0.len() < length {
            let mut larger = Self(vec![0; length.next_power_of_two()]);
            let (start, _) = larger.0.split_at_mut(self.0.len());
            start.copy_from_slice(&self.0);
            *self = larger;
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.0.fill(0);
        black_box(&self.0);
    }
}
