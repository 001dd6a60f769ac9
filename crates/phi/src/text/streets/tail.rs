//! What follows a street in an address: unit, town, region, postal code and country, on the same
//! line or on lines of their own.

use crate::dictionary::class::Class;

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    postal::postal_end,
    state_end, town_end, unit_end,
};

/// How far an address goes, and what of it was seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// The last token.
    pub(super) last: usize,
    /// An apartment, suite or floor was among it.
    pub(super) has_unit: bool,
    /// A postal code, a state or a country was among it.
    pub(super) has_region: bool,
    part: Part,
}

/// What the last part of an address was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Other,
    Code,
    Town,
}

impl Tail {
    /// Carries on from `last`, the last token of a street, unit or box.
    pub(super) fn from(page: &Page<'_>, last: usize) -> Self {
        let mut tail = Self {
            last,
            ..Self::default()
        };
        for _ in 0..8 {
            if !tail.take(page) {
                break;
            }
        }
        tail
    }

    fn take(&mut self, page: &Page<'_>) -> bool {
        let joint = Joint::after(page, self.last);
        let before = std::mem::take(&mut self.part);
        if joint.gap <= Gap::Line
            && let Some(end) = unit_end(page, joint.at)
        {
            self.has_unit = true;
            self.last = end;
            return true;
        }
        if joint.gap <= Gap::Line
            && let Some(end) = town_end(page, joint.at, true)
        {
            self.has_region = true;
            self.last = end;
            return true;
        }
        let line_code = self.has_region && joint.is_line() && joint.gap == Gap::Line;
        let code = postal_part(page, &joint).or_else(|| {
            let number = page.at(joint.at);
            let bare = number.kind == Kind::Number && (3..=6).contains(&number.len());
            (line_code && bare && closes(page, joint.at)).then_some(joint.at)
        });
        if code.is_some() {
            self.part = Part::Code;
        }
        let region = code
            .or_else(|| region_end(page, &joint, before == Part::Town))
            .or_else(|| country_end(page, &joint));
        if let Some(end) = region {
            self.has_region = true;
            self.last = end;
            return true;
        }
        let after_number =
            before == Part::Code || matches!(page.at(self.last).kind, Kind::Number | Kind::Code);
        match town_part(page, &joint, after_number && self.is_close(page)) {
            Some(end) => {
                self.last = end;
                self.part = Part::Town;
                true
            }
            None => false,
        }
    }

    /// A town may follow without a comma: after a unit or a house number at the end of the street.
    fn is_close(&self, page: &Page<'_>) -> bool {
        self.has_unit || page.at(self.last).len() < 6
    }
}

/// What stands between two parts of an address.
struct Joint {
    /// The first token of the next part.
    at: usize,
    /// A comma or semicolon was among it.
    comma: bool,
    /// The widest gap.
    gap: Gap,
}

impl Joint {
    fn after(page: &Page<'_>, last: usize) -> Self {
        let mut at = last + 1;
        let mut gap = page.at(at).gap;
        let comma = matches!(page.at(at).kind, Kind::Sign(b',' | b';'));
        if comma {
            at += 1;
            gap = gap.max(page.at(at).gap);
        }
        while gap >= Gap::Line
            && at < last + 7
            && matches!(page.at(at).kind, Kind::Sign(b'>' | b'?' | b'|' | b'*'))
        {
            at += 1;
            gap = gap.max(page.at(at).gap);
        }
        Self { at, comma, gap }
    }

    /// The part begins a line.
    fn is_line(&self) -> bool {
        self.gap >= Gap::Line
    }
}

/// A postal code, if what stands around it belongs to an address.
fn postal_part(page: &Page<'_>, joint: &Joint) -> Option<usize> {
    let end = postal_end(page, joint.at)?;
    if joint.gap > Gap::Line {
        return None;
    }
    let sure =
        end > joint.at || page.at(joint.at).len() >= 5 || page.at(joint.at).kind == Kind::Code;
    let next = page.at(end + 1);
    let counted = next.class.has(Class::UNIT) && !next.class.has(Class::STOP);
    let town = next.gap == Gap::Space && next.is_capital() && next.len() > 2;
    let closed = closes(page, end);
    (sure && !counted || closed && !joint.is_line() || town || closed && joint.comma).then_some(end)
}

/// A state's or province's letters: `NY`, `QC`, `NSW`.
fn region_end(page: &Page<'_>, joint: &Joint, after_town: bool) -> Option<usize> {
    if joint.gap > Gap::Line {
        return None;
    }
    if let Some(end) = state_end(page, joint.at, joint.comma || joint.is_line(), true) {
        return Some(end);
    }
    let token = page.at(joint.at);
    let missing = page.is(token, "nan");
    let short = token.kind == Kind::Upper && token.len() <= 3 && !token.class.has(Class::TITLE)
        || missing
        || token.kind == Kind::Initial && joint.comma && joint.is_line()
        || token.kind == Kind::Number && token.len() == 2 && joint.comma;
    let behind = Joint::after(page, joint.at);
    let coded = postal_end(page, behind.at).is_some() && behind.gap <= Gap::Line;
    (short
        && (coded
            || closes(page, joint.at) && (joint.comma || joint.is_line() || missing || after_town)))
        .then_some(joint.at)
}

/// A country, on its own line or behind the town.
fn country_end(page: &Page<'_>, joint: &Joint) -> Option<usize> {
    let end = named_country(page, joint.at)?;
    let bracketed = page.at(end + 1).is_sign(b'(') && page.at(end + 3).is_sign(b')');
    let end = end + if bracketed { 3 } else { 0 };
    let next = page.at(end + 1);
    let behind = next.kind == Kind::Number && next.gap == Gap::Space;
    (closes(page, end) || behind || next.kind == Kind::Lower).then_some(end)
}

/// The last token of a country's or state's name of up to four words.
pub(crate) fn named_country(page: &Page<'_>, at: usize) -> Option<usize> {
    const WHOLE: Class = Class::COUNTRY.or(Class::STATE);
    let first = page.at(at);
    if !first.is_capital() || !first.class.has(WHOLE.or(Class::PHRASE_START)) {
        return None;
    }
    for words in [4, 3, 2] {
        let joined = (1..words).all(|step| page.at(at + step).gap == Gap::Space);
        if joined && page.phrase(at, at + words).has(WHOLE) {
            return Some(at + words - 1);
        }
    }
    first.class.has(WHOLE).then_some(at)
}

/// A town in its place within an address.
fn town_part(page: &Page<'_>, joint: &Joint, is_close: bool) -> Option<usize> {
    if joint.gap == Gap::Blank && !coded_line(page, joint.at) {
        return None;
    }
    let lower = page.at(joint.at);
    if joint.comma
        && lower.kind == Kind::Lower
        && lower.class.has(Class::CITY)
        && !lower
            .class
            .has(Class::COMMON.or(Class::RARE).or(Class::STOP))
        && closes(page, joint.at)
    {
        return Some(joint.at);
    }
    let end = town_words(page, joint.at)?;
    let behind = Joint::after(page, end);
    let coded = behind.gap <= Gap::Line
        && (postal_end(page, behind.at).is_some()
            || region_end(page, &behind, false).is_some()
            || page.is(page.at(behind.at), "nan"));
    let land = named_country(page, behind.at).is_some();
    let listed = page.phrase(joint.at, end + 1).has(Class::CITY);
    let plain = (joint.at..=end).all(|at| {
        page.at(at)
            .class
            .has(Class::COMMON.or(Class::RARE).or(Class::MEDICAL))
            || !page.at(at).is_word()
    });
    let closed = closes(page, end) && !page.at(end + 1).is_sign(b':');
    let coded = coded
        || behind.is_line() && unit_end(page, behind.at).is_some()
        || page.at(behind.at).kind == Kind::Upper
            && page.at(behind.at).len() <= 3
            && behind.gap <= Gap::Space
            && closes(page, behind.at);
    let fits = if joint.is_line() {
        coded || land || closed && (listed || !plain) && !page.is_shouted
    } else if joint.comma {
        coded || land || closed && (listed || !page.is_shouted)
    } else {
        coded || land || is_close && closed && !plain
    };
    fits.then_some(end)
}

/// `Estonia 62488` alone on its line.
fn coded_line(page: &Page<'_>, at: usize) -> bool {
    town_words(page, at).is_some_and(|end| {
        page.at(end + 1).gap == Gap::Space
            && postal_end(page, end + 1).is_some_and(|code| page.at(code + 1).gap >= Gap::Line)
    })
}

/// The capitalised words of a town: `Mora de Rubielos`, `St. Johann im Pongau`.
pub(super) fn town_words(page: &Page<'_>, first: usize) -> Option<usize> {
    const NEVER: Class = Class::TITLE
        .or(Class::STOP)
        .or(Class::WEEKDAY)
        .or(Class::MONTH)
        .or(Class::RELATION)
        .or(Class::PERSON);
    let mut at = first;
    let mut last = None;
    while at < first + 7 {
        let token = page.at(at);
        let near = at == first || token.gap <= Gap::Space;
        let link = at > first && token.kind == Kind::Lower && is_link(page, at);
        let saint = page.is_any(token, &["st", "la", "el", "san", "le", "de", "al"]);
        let capital = token.is_capital()
            && token.len() > 1
            && (!token.class.has(NEVER) || saint || token.class.has(Class::CITY));
        let bracket = last.is_some()
            && (token.is_sign(b'(') && page.at(at + 2).is_sign(b')')
                || token.is_sign(b')') && page.before(at, 2).is_sign(b'('));
        let joins = bracket
            || last.is_some()
                && token.gap == Gap::None
                && matches!(
                    token.kind,
                    Kind::Sign(b'-' | b'\'' | b'/') | Kind::Possessive
                );
        let dot = at > first
            && token.is_sign(b'.')
            && page.is_any(page.before(at, 1), &["st", "mt", "ft", "ste"])
            && page.at(at + 1).is_capital();
        let quarter = last.is_some() && token.kind == Kind::Initial && closes(page, at);
        if !near || !(link || capital || joins || dot || quarter) {
            break;
        }
        if last.is_some() && token.gap != Gap::None && is_region(page, at) {
            break;
        }
        if capital || quarter || token.kind == Kind::Possessive || token.is_sign(b')') {
            last = Some(at);
        }
        at += 1;
    }
    last
}

/// A state or country begins here, which is no part of the town's name.
fn is_region(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    named_country(page, at).is_some()
        || token.kind == Kind::Upper
            && token.len() <= 3
            && (!page.is_shouted || token.class.has(Class::STATE_CODE))
}

fn is_link(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let next = page.at(at + 1);
    token.len() <= 4
        && (token.class.has(Class::PARTICLE)
            || page.is_any(
                token,
                &[
                    "am", "im", "an", "bei", "in", "ob", "pri", "u", "nad", "pod", "sur", "les",
                    "en", "na", "of", "sous", "do", "upon", "on", "the", "d", "o", "i", "ve", "w",
                    "v",
                ],
            ))
        && (next.is_capital() || is_link_word(page, at + 1) && page.at(at + 2).is_capital())
}

fn is_link_word(page: &Page<'_>, at: usize) -> bool {
    page.at(at).kind == Kind::Lower && page.at(at).class.has(Class::PARTICLE)
}

/// Nothing of the same clause follows the token.
pub(super) fn closes(page: &Page<'_>, last: usize) -> bool {
    let next = page.at(last + 1);
    next.gap >= Gap::Line
        || matches!(
            next.kind,
            Kind::Edge | Kind::Sign(b'.' | b',' | b';' | b')' | b'?' | b'!' | b'"' | b'|')
        )
}
