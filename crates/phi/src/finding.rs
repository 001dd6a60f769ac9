//! A stretch of text that identifies somebody.

use serde::Serialize;

use crate::label::Label;

/// One identifier found in a text: where it stands, what it is, and who says so.
///
/// Offsets are bytes of the text that was scanned, half open, on character boundaries, never
/// empty. A finding carries no piece of the text, so it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub label: Label,
    /// How sure the detector is, over 0 and at most 1. Not a calibrated probability.
    pub score: f32,
    /// The rule that found it, a stable word such as `title-name`.
    pub detector: &'static str,
}

impl Finding {
    /// The stretch as a range of bytes.
    pub const fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}
