//! The evidence pack: one report as HTML, JSON and a manifest.
//!
//! [`Pack`] holds what a study measured; `render` turns it into files; `verify` checks such
//! files offline; `summary_screen` is the same story on one terminal screen.
//! Nothing is computed here: a figure that was not measured is absent, and the page says so.

pub mod codes;
pub mod pack;

mod manifest;

pub use codes::CODES;
pub use manifest::{FORMAT, Manifest, ManifestEntry};
pub use pack::Pack;
