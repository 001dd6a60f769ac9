//! Black-box journeys: every test starts the built program as a person would and reads what it says.
//!
//! The program is `CLOISTER_BIN`, else `target/release/cloister` of this workspace.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::use_debug,
    reason = "journeys write files, read them back and stop at the first surprise"
)]

mod accounting;
mod administrator;
mod auditor;
mod bad_input;
mod brought_model;
mod brought_weights;
mod catalogue;
mod crash;
mod data_engineer;
mod data_scientist;
mod deid;
mod encrypted_scores;
mod faults;
mod figures;
mod house;
mod keys;
mod lifecycle;
mod log;
mod model_disposal;
mod newcomer;
mod noisy_answers;
mod privacy_officer;
mod program;
mod researcher;
mod studies;
mod three_studies;
mod train;
mod validation;
mod vault;
