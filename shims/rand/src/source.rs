//! The source of this thread.

use std::cell::RefCell;

use crate::{Error, RngCore};

thread_local! {
    static SOURCE: RefCell<Option<Box<dyn RngCore>>> = const { RefCell::new(None) };
}

/// Does work during which [`thread_rng`] draws from `source`; hands the source back afterwards.
///
/// Work inside work draws from the inner source. When the work panics, the source is dropped and the
/// thread has none.
pub fn drawing_from<T>(
    source: Box<dyn RngCore>,
    work: impl FnOnce() -> T,
) -> (T, Box<dyn RngCore>) {
    let outer = Outer(SOURCE.replace(Some(source)));
    let done = work();
    let source = SOURCE.take().unwrap_or_else(|| Box::new(ThreadRng));
    drop(outer);
    (done, source)
}

/// What stood there before; put back however the work ends.
struct Outer(Option<Box<dyn RngCore>>);

impl Drop for Outer {
    fn drop(&mut self) {
        SOURCE.set(self.0.take());
    }
}

/// Draws from the source of this thread.
#[derive(Clone, Copy, Debug)]
pub struct ThreadRng;

/// The source of this thread.
pub const fn thread_rng() -> ThreadRng {
    ThreadRng
}

impl RngCore for ThreadRng {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    #[expect(
        clippy::expect_used,
        reason = "noise that was not drawn must not be used"
    )]
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.try_fill_bytes(dest)
            .expect("a source was handed over on this thread");
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error> {
        SOURCE.with(|source| match source.try_borrow_mut() {
            Ok(mut source) => match source.as_mut() {
                Some(source) => source.try_fill_bytes(dest),
                None => Err(Error::new("no source of randomness was handed over")),
            },
            Err(_) => Err(Error::new("the source of randomness is in use")),
        })
    }
}
