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
    /// The first token of a date.
    DateBegin,
    /// A further token of a date.
    DateInside,
    /// The first token of a number or code that tells who somebody is.
    NumberBegin,
    /// A further token of such a number.
    NumberInside,
}

impl Tag {
    /// Every tag, by number.
    pub const ALL: [Self; 11] = [
        Self::Outside,
        Self::NameBegin,
        Self::NameInside,
        Self::PlaceBegin,
        Self::PlaceInside,
        Self::EmployerBegin,
        Self::EmployerInside,
        Self::DateBegin,
        Self::DateInside,
        Self::NumberBegin,
        Self::NumberInside,
    ];

    /// The tag of a token of something with this label; nothing for an age, which only its value
    /// tells from others.
    pub const fn of(label: Label, is_first: bool) -> Option<Self> {
        let (begin, inside) = match label {
            Label::Age => return None,
            Label::Name => (Self::NameBegin, Self::NameInside),
            Label::Geo => (Self::PlaceBegin, Self::PlaceInside),
            Label::Employer => (Self::EmployerBegin, Self::EmployerInside),
            Label::Date => (Self::DateBegin, Self::DateInside),
            _ => (Self::NumberBegin, Self::NumberInside),
        };
        Some(if is_first { begin } else { inside })
    }

    /// Whether this tag may stand behind another: inside only behind its own kind.
    pub const fn follows(self, previous: Option<Self>) -> bool {
        let Some(previous) = previous else {
            return self.begins() || matches!(self, Self::Outside);
        };
        match self {
            Self::NameInside => matches!(previous, Self::NameBegin | Self::NameInside),
            Self::PlaceInside => matches!(previous, Self::PlaceBegin | Self::PlaceInside),
            Self::EmployerInside => matches!(previous, Self::EmployerBegin | Self::EmployerInside),
            Self::DateInside => matches!(previous, Self::DateBegin | Self::DateInside),
            Self::NumberInside => matches!(previous, Self::NumberBegin | Self::NumberInside),
            _ => true,
        }
    }

    pub(super) const fn label(self) -> Option<Label> {
        match self {
            Self::Outside => None,
            Self::NameBegin | Self::NameInside => Some(Label::Name),
            Self::PlaceBegin | Self::PlaceInside => Some(Label::Geo),
            Self::EmployerBegin | Self::EmployerInside => Some(Label::Employer),
            Self::DateBegin | Self::DateInside => Some(Label::Date),
            Self::NumberBegin | Self::NumberInside => Some(Label::OtherId),
        }
    }

    const fn begins(self) -> bool {
        matches!(
            self,
            Self::NameBegin
                | Self::PlaceBegin
                | Self::EmployerBegin
                | Self::DateBegin
                | Self::NumberBegin
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
