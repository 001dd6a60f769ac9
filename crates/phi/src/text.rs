//! The text engine: finds identifiers in running text.

use crate::{finding::Finding, known::KnownPerson};

/// Finds identifiers in running text with built-in dictionaries, formats and context rules.
///
/// Building takes some milliseconds; scanning needs only `&self`, so one engine serves all
/// threads. The same text always gives the same findings.
#[derive(Debug)]
pub struct TextEngine {}

/// Buffers that are kept between scans, so that a scan allocates nothing once they have grown.
#[derive(Debug, Default)]
pub struct Scratch {}

impl TextEngine {
    /// An engine with the built-in dictionaries.
    pub fn new() -> Self {
        Self {}
    }

    /// The identifiers in `text`, sorted by place, without overlaps, on character boundaries.
    ///
    /// `known` adds what the structured record knows about the person the text is about.
    pub fn scan(&self, text: &str, known: Option<&KnownPerson>) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.scan_into(text, known, &mut Scratch::default(), &mut findings);
        findings
    }

    /// Like [`scan`](Self::scan), for many texts: `findings` is cleared and filled, `scratch` is
    /// reused.
    pub fn scan_into(
        &self,
        _text: &str,
        _known: Option<&KnownPerson>,
        _scratch: &mut Scratch,
        findings: &mut Vec<Finding>,
    ) {
        findings.clear();
    }
}

impl Default for TextEngine {
    fn default() -> Self {
        Self::new()
    }
}
