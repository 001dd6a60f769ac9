//! Black-box journeys live in `tests/`; this crate ships nothing.
