//! The evidence pack: one report as HTML, JSON and a manifest.
//!
//! [`Pack`] holds what a study measured; [`render`] turns it into files; [`verify`] checks such
//! files offline; [`summary_screen`] is the same story on one terminal screen.
//! Nothing is computed here: a figure that was not measured is absent, and the page says so.
//!
//! The pack is evidence for a person who judges; it is not a certificate of compliance, and the
//! page says that too.

pub mod pack;

mod page;
mod render;
mod screen;

mod manifest;
mod verify;

mod block;
mod chart;
pub mod codes;
mod figures;

pub use codes::CODES;
pub use manifest::{FORMAT, KEY_FILE, MANIFEST_FILE, Manifest, ManifestEntry, SIGNATURE_FILE};
pub use pack::Pack;
pub use render::{File, RenderError, render};
pub use screen::summary_screen;
pub use verify::{PackError, Verified, verify, verify_hashes};
