use std::ops::Range;

use crate::label::Label;

/// What a token is: outside, or the beginning or inside of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tag {
    /// Nothing.
    Outside,
    /// The first token of a name.
    NameBegin,
    /// A further token of a name.
    NameInside,
    /// The first token of a place.
    PlaceBegin,
    /// A further token of a place.
    PlaceInside,
    /// The first token of an employer.
    EmployerBegin,
    /// A further token of an employer.
    EmployerInside,
}

impl Tag {
    /// Every tag, by number.
    pub const ALL: [Self; 7] = [
        Self::Outside,
        Self::NameBegin,
        Self::NameInside,
        Self::PlaceBegin,
        Self::PlaceInside,
        Self::EmployerBegin,
        Self::EmployerInside,
    ];

    /// The tag of a token of something with this label; nothing for a label that is not tagged.
    pub const fn of(label: Label, is_first: bool) -> Option<Self> {
        match (label, is_first) {
            (Label::Name, true) => Some(Self::NameBegin),
            (Label::Name, false) => Some(Self::NameInside),
            (Label::Geo, true) => Some(Self::PlaceBegin),
            (Label::Geo, false) => Some(Self::PlaceInside),
            (Label::Employer, true) => Some(Self::EmployerBegin),
            (Label::Employer, false) => Some(Self::EmployerInside),
            _ => None,
        }
    }

    /// Whether this tag may stand behind another: inside only behind its own kind.
    pub const fn follows(self, previous: Option<Self>) -> bool {
        match self {
            Self::NameInside => {
                matches!(previous, Some(Self::NameBegin | Self::NameInside))
            }
            Self::PlaceInside => {
                matches!(previous, Some(Self::PlaceBegin | Self::PlaceInside))
            }
            Self::EmployerInside => {
                matches!(previous, Some(Self::EmployerBegin | Self::EmployerInside))
            }
            _ => true,
        }
    }

    pub(super) const fn label(self) -> Option<Label> {
        match self {
            Self::Outside => None,
            Self::NameBegin | Self::NameInside => Some(Label::Name),
            Self::PlaceBegin | Self::PlaceInside => Some(Label::Geo),
            Self::EmployerBegin | Self::EmployerInside => Some(Label::Employer),
        }
    }

    const fn begins(self) -> bool {
        matches!(
            self,
            Self::NameBegin | Self::PlaceBegin | Self::EmployerBegin
        )
    }
}

/// The stretches of tags that belong together, with their labels.
pub(super) fn spans(tags: &[Tag]) -> Vec<(Range<usize>, Label)> {
    let mut spans: Vec<(Range<usize>, Label)> = Vec::new();
    for (place, tag) in tags.iter().enumerate() {
        let Some(label) = tag.label() else { continue };
        match spans.last_mut() {
            Some((span, own)) if !tag.begins() && *own == label && span.end == place => {
                span.end = place + 1;
            }
            _ => spans.push((place..place + 1, label)),
        }
    }
    spans
}
