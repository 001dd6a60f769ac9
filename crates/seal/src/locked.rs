//! Secret bytes in a page of memory of their own that is not written to swap.

use region::LockGuard;
use zeroize::{Zeroize, Zeroizing};

/// 32 secret bytes: wiped when dropped, and in a page that the system is asked to keep in memory.
///
/// The page is the secret's own, so that giving it up unlocks nobody else's. When the system's
/// limit (`ulimit -l`) is reached the secret is kept all the same, unlocked:
/// [`Locked::is_locked`] tells, and `cloister doctor` says what the limit is.
pub(crate) struct Locked {
    /// First, so that the page is unlocked before it is given back.
    guard: Option<LockGuard>,
    page: Vec<u8>,
    at: usize,
}

impl Locked {
    pub(crate) fn new(bytes: &[u8; 32]) -> Self {
        let size = region::page::size().max(32);
        let mut page = vec![0; size.saturating_mul(2)];
        let at = page.as_ptr().align_offset(size).min(size);
        let guard = page
            .get(at..at.saturating_add(32))
            .and_then(|secret| region::lock(secret.as_ptr(), 32).ok());
        if let Some(place) = page.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<32>) {
            *place = *bytes;
        }
        Self { guard, page, at }
    }

    #[expect(
        clippy::expect_used,
        reason = "the page is twice as long as the place in it is far"
    )]
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.page
            .get(self.at..)
            .and_then(<[u8]>::first_chunk)
            .expect("a page holds 32 bytes")
    }

    pub(crate) const fn is_locked(&self) -> bool {
        self.guard.is_some()
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.page.zeroize();
    }
}

impl From<Zeroizing<[u8; 32]>> for Locked {
    fn from(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self::new(&bytes)
    }
}

/// Whether the system lets a page be locked now; `cloister doctor` asks.
pub fn memory_can_be_locked() -> bool {
    Locked::new(&[0; 32]).is_locked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stands_in_a_page_of_its_own() {
        let [one, two] = [[7; 32], [9; 32]].map(|bytes| Locked::new(&bytes));
        assert_eq!((one.bytes(), two.bytes()), (&[7; 32], &[9; 32]));
        let size = region::page::size();
        let page = |locked: &Locked| locked.bytes().as_ptr().addr() / size;
        assert_ne!(page(&one), page(&two));
        assert_eq!(one.bytes().as_ptr().addr() % size, 0);
    }

    /// `/proc/self/status` counts what is locked; a machine without it skips the claim aloud.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the kernel's own count is the witness"
    )]
    #[expect(clippy::print_stderr, reason = "a skipped claim is said aloud")]
    fn the_kernel_counts_a_locked_secret() {
        let locked = || {
            let text = std::fs::read_to_string("/proc/self/status").ok()?;
            let line = text.lines().find(|line| line.starts_with("VmLck:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        let (Some(_), true) = (locked(), memory_can_be_locked()) else {
            eprintln!("skipped: no /proc, or nothing may be locked here");
            return;
        };
        let many: Vec<Locked> = (0..8).map(|_| Locked::new(&[1; 32])).collect();
        assert!(locked() >= Some(8 * 4), "8 pages of at least 4 KiB");
        drop(many);
    }
}
