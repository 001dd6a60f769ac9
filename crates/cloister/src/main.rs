//! Cloister.
fn main() {}
