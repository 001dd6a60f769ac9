//! Names that a line gives away: signatures at the end of a note, of a line, after a dash.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::is_capital_credential,
    weight::{Weight, weigh},
};

/// A name that stands as a signature: after a dash (`-Ana`, `-- Ana Lopez`), alone on a line, or
/// last in its line as initial and surname (`A. Lopez`, `A. Lopez LPN`).
pub(super) fn signature(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let start = Start::of(page, place)?;
    let words = Words::from(page, place);
    let counts = words.count > 0 && words.last < place + 9;
    let accepted = counts
        && closes(page, words.last)
        && match start {
            Start::Dash => {
                words.named > 0
                    || words.unknown > 0 && words.unknown == words.count
                    || words.count == 2 && is_last(page, words.last)
            }
            Start::Initial => words.initials > 0 && words.count == 1 && words.common == 0,
            Start::Line => {
                let alone = page.at(words.last + 1).gap >= Gap::Line || words.is_signed;
                alone
                    && (2..=3).contains(&words.count)
                    && words.common == 0
                    && (words.named > 0 || words.unknown == words.count && words.is_signed)
                    || alone
                        && is_end(page, words.last)
                        && (words.count == 2 && words.opens_named
                            || (2..=3).contains(&words.count)
                                && words.common == 0
                                && page.at(place).gap >= Gap::Blank)
            }
        };
    if !accepted || page.phrase(place, words.last + 1).has(Class::MEDICAL) {
        return None;
    }
    found.push(page.finding(place, words.last, Label::Name, 0.8, "signature"));
    Some(words.last)
}

/// Where a signature may begin.
enum Start {
    Dash,
    Initial,
    Line,
}

impl Start {
    fn of(page: &Page<'_>, place: usize) -> Option<Self> {
        let (token, previous) = (page.at(place), page.before(place, 1));
        if previous.is_sign(b'-') {
            let double = page.before(place, 2).is_sign(b'-');
            let dash = if double {
                page.before(place, 1 + usize::from(double))
            } else {
                previous
            };
            let behind_stop = matches!(
                page.before(place, 2 + usize::from(double)).kind,
                Kind::Sign(b'.' | b'!' | b')' | b'?') | Kind::Edge
            );
            let opens = dash.gap >= Gap::Line || dash.gap == Gap::Space && behind_stop;
            return (opens && token.gap <= Gap::Space).then_some(Self::Dash);
        }
        let initial = token.kind == Kind::Initial && page.at(place + 1).is_sign(b'.');
        let opens = token.gap >= Gap::Line
            || matches!(previous.kind, Kind::Sign(b'.' | b')' | b';' | b','))
                && token.gap == Gap::Space
            || page.is_any(previous, &["by", "d/w", "per"]);
        if initial && opens {
            return Some(Self::Initial);
        }
        (token.gap >= Gap::Line).then_some(Self::Line)
    }
}

/// The capitalised words of a line from one place on, counted by weight.
#[derive(Default)]
struct Words {
    last: usize,
    count: u8,
    initials: u8,
    named: u8,
    unknown: u8,
    common: u8,
    opens_named: bool,
    /// A credential follows, `Ana Lopez RN`.
    is_signed: bool,
}

impl Words {
    fn from(page: &Page<'_>, first: usize) -> Self {
        let mut words = Self {
            last: first,
            ..Self::default()
        };
        let mut at = first;
        while at < first + 9 {
            let token = page.at(at);
            let near = at == first || token.gap == Gap::Space || token.gap == Gap::None && at > 0;
            if !near || is_post(page, at) {
                break;
            }
            match token.kind {
                Kind::Initial => words.initials += 1,
                Kind::Sign(b'.') if page.before(at, 1).kind == Kind::Initial => {}
                Kind::Sign(b'-')
                    if token.gap == Gap::None && page.at(at + 1).gap == Gap::None && at > first => {
                }
                Kind::Lower
                    if page.before(at, 1).is_sign(b'-')
                        && token.gap == Gap::None
                        && token.class.has(Class::GIVEN) => {}
                _ if at > first
                    && token.class.has(Class::PARTICLE)
                    && page.at(at + 1).is_capital() => {}
                Kind::Title | Kind::Upper | Kind::Mixed => words.count_word(page, at),
                _ => break,
            }
            words.last = at;
            at += 1;
        }
        words.is_signed = is_post(page, words.last + 1);
        words
    }

    fn count_word(&mut self, page: &Page<'_>, at: usize) {
        let hyphened =
            page.before(at, 1).is_sign(b'-') && page.at(at).gap == Gap::None && self.count > 0;
        if hyphened {
            return;
        }
        let weight = weigh(page, at);
        self.opens_named |=
            self.count == 0 && weight >= Weight::Name && page.at(at).class.has(Class::GIVEN);
        self.count += 1;
        match weight {
            Weight::Name | Weight::Frequent => self.named += 1,
            Weight::Unknown | Weight::Likely => self.unknown += 1,
            Weight::Ambiguous if self.initials > 0 && self.count == 1 => self.named += 1,
            Weight::Ambiguous => {}
            Weight::None | Weight::Word => self.common += 1,
        }
        if page.at(at).class.has(
            Class::EPONYM
                .or(Class::CITY)
                .or(Class::STATE)
                .or(Class::FACILITY),
        ) && self.initials == 0
            && weight < Weight::Frequent
        {
            self.common += 1;
        }
    }
}

/// A credential or post behind a name: `RN`, `lpn`.
fn is_post(page: &Page<'_>, at: usize) -> bool {
    is_capital_credential(page, at) || is_lower_post(page, at)
}

/// `rn`, `lpn` in lower case, last in the line or before a date.
pub(super) fn is_lower_post(page: &Page<'_>, at: usize) -> bool {
    let next = page.at(at + 1);
    page.is_any(
        page.at(at),
        &[
            "rn", "lpn", "lvn", "cna", "md", "np", "aprn", "rpn", "emt", "crna",
        ],
    ) && page.at(at).gap == Gap::Space
        && (next.gap >= Gap::Line
            || matches!(
                next.kind,
                Kind::Number | Kind::Edge | Kind::Sign(b',' | b'.' | b';')
            ))
}

/// The name ends its line, a credential or a date stands behind it.
fn closes(page: &Page<'_>, last: usize) -> bool {
    let at = last
        + 1
        + usize::from(page.at(last + 1).is_sign(b',') && page.at(last + 1).gap == Gap::None);
    let next = page.at(at);
    next.gap >= Gap::Line
        || is_post(page, at)
        || next.kind == Kind::Number && next.gap == Gap::Space && page.at(at + 1).is_sign(b'/')
}

/// The text ends behind it.
fn is_last(page: &Page<'_>, last: usize) -> bool {
    page.at(last + 1).kind == Kind::Edge && last > 8
}

/// Nothing follows but the end of the text or an empty line.
fn is_end(page: &Page<'_>, last: usize) -> bool {
    let next = page.at(last + 1);
    next.kind == Kind::Edge && page.at(last).gap < Gap::Line && last > 4
}

/// `Name: Maxim Sire` to the end of the line or field: words with capitals behind a label that only a
/// name follows, whatever they mean elsewhere; gives the last token.
pub(super) fn named_line(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::FACILITY)
        .or(Class::COMPANY)
        .or(Class::CUE_RECORD)
        .or(Class::NAME_LABEL)
        .or(Class::CLINICAL)
        .or(Class::GENERIC)
        .or(Class::UNIT);
    let labelled = page.before(place, 1).is_sign(b':')
        && page.at(place).gap <= Gap::Space
        && page.is_any(page.before(place, 2), &["name", "patient", "pt", "client"])
        && !page.is_any(
            page.before(place, 3),
            &[
                "file", "brand", "drug", "generic", "trade", "product", "test", "study", "user",
            ],
        );
    if !labelled || page.is_shouted {
        return None;
    }
    let mut last = place;
    let fits = |at: usize| {
        let token = page.at(at);
        matches!(token.kind, Kind::Title | Kind::Mixed | Kind::Initial) && !token.class.has(NEVER)
    };
    while last < place + 4 && page.at(last + 1).gap == Gap::Space && fits(last + 1) {
        last += 1;
    }
    let next = page.at(last + 1);
    let closes = next.gap >= Gap::Line || matches!(next.kind, Kind::Edge | Kind::Sign(b'|' | b','));
    let all = (place..=last).all(fits);
    if !(all && closes && last > place) {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.8, "name-line"));
    Some(last)
}
