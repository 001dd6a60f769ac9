//! The evidence pack: one report as HTML, JSON and a manifest.
