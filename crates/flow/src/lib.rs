//! The life of data, one module per stage.
//!
//! A study file says what is asked; [`run::run_study`] takes it through the stages. Every function
//! that touches data takes a [`access::Permit`], and every change is kept together with its line in
//! the log, or not at all.

pub mod run;
pub mod study;

pub mod assess;
pub mod classify;
pub mod deidentify;
pub mod encrypt;
pub mod ingest;
pub mod monitor;
pub mod register;
pub mod serve;
pub mod train;
pub mod validate;

pub mod govern;
pub mod operate;
pub mod statistics;

mod desk;
mod error;
pub mod figures;
mod files;
mod model_key;
pub mod record;
#[cfg(test)]
mod site;
mod tables;
mod watch;

mod codes;

pub use codes::CODES;
pub use desk::{Cause, Desk};
pub use error::StageError;
pub use files::SourceFiles;
pub use run::{Finished, run_study};
pub use study::Study;
pub use watch::{Unwatched, Watch};
