//! Risk measurement against published figures and against slower ways to compute the same.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod adult;
mod cells;
mod hand;
mod laws;
