use super::{Half, Theme};

/// A label for what may stay or go: years, states, countries, times, weekdays, ages under 90.
pub const IGNORE: &str = "IGNORE";
/// A label for what must stay: eponyms, drugs, scores, codes, doses.
pub const KEEP: &str = "KEEP";

/// A text with everything marked that identifies somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Unique within an examination.
    pub id: String,
    /// The family.
    pub theme: Theme,
    /// The half of the family.
    pub half: Half,
    /// The register, layout or disturbance.
    pub group: &'static str,
    /// The patient's or first person's name, as a table would hold it.
    pub patient: String,
    /// The text, UTF-8.
    pub text: String,
    /// The marked stretches, ascending, never overlapping.
    pub spans: Vec<Span>,
}

/// A marked stretch, in bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub mark: Mark,
}

/// What a marked stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// A label of the command line contract such as `NAME`, or [`IGNORE`] or [`KEEP`].
    pub label: &'static str,
    /// What it is in particular, such as `last-first` or `plate`.
    pub kind: &'static str,
    /// Whether it is somebody else's than the patient's.
    pub third_party: bool,
    /// Whether it is made of invented words, which no list holds.
    pub invented: bool,
}

/// A text under construction, with its group and the patient's name.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) group: &'static str,
    pub(super) patient: String,
    pub(super) segments: Vec<Segment>,
}

/// A stretch of text under construction.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) text: String,
    pub(super) mark: Option<Mark>,
}

impl Mark {
    pub(super) const fn new(label: &'static str, kind: &'static str) -> Self {
        Self {
            label,
            kind,
            third_party: false,
            invented: false,
        }
    }

    /// Whether it must be found.
    pub fn is_identifier(&self) -> bool {
        self.label != IGNORE && self.label != KEEP
    }
}

impl Segment {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            mark: None,
        }
    }

    pub(super) fn marked(text: impl Into<String>, mark: Mark) -> Self {
        Self {
            text: text.into(),
            mark: Some(mark),
        }
    }

    /// Whether it must be found.
    pub(super) fn identifies(&self) -> bool {
        self.mark.is_some_and(|mark| mark.is_identifier())
    }
}

impl Piece {
    pub(super) fn of(id: String, theme: Theme, half: Half, draft: Draft) -> Self {
        let mut text = String::new();
        let mut spans = Vec::new();
        for segment in draft.segments {
            let start = text.len();
            text.push_str(&segment.text);
            let end = text.len();
            if let Some(mark) = segment.mark.filter(|_| start < end) {
                spans.push(Span { start, end, mark });
            }
        }
        Self {
            id,
            theme,
            half,
            group: draft.group,
            patient: draft.patient,
            text,
            spans,
        }
    }
}
