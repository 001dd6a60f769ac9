//! newcomer
