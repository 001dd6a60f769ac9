//! Telephone numbers of any country: groups of digits with a word for a telephone beside them, or
//! with the leading zero of a trunk call.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    labelled,
    page::Page,
    token::{Gap, Kind},
};

/// Groups of digits that make one number.
struct Groups {
    last: usize,
    digits: usize,
    count: usize,
    /// Every group after the first has two digits or more.
    are_long: bool,
    has_stroke: bool,
}

/// The number that the digits at `place` open, as far as it is one of a telephone; gives the byte
/// where it ends.
pub(crate) fn number(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let groups = groups(page, place);
    let bracket =
        usize::from(page.before(place, 1).is_sign(b'(') && page.at(place).gap == Gap::None);
    let first = place - bracket;
    let inside = groups.digits == 5
        && page.at(place).len() == 1
        && groups.count == 2
        && page.is_any(
            page.before(place, 1),
            &["call", "dial", "ext", "extension", "x", "pager", "page"],
        );
    let shape = ((6..=15).contains(&groups.digits) || inside) && groups.are_long;
    if !shape || is_measured(page, first, &groups) || is_drug_code(page, first, &groups) {
        return None;
    }
    let trunk = page.bytes(place).starts_with(b"0")
        && (9..=12).contains(&groups.digits)
        && groups.count >= 2
        && (page.at(place).len() > 1 || bracket == 1)
        && !groups.has_stroke
        && !looks_like_a_date(page, place);
    let sure = trunk && !page.before(first, 1).is_sign(b'-');
    let cued = is_cued(page, first) || is_told_behind(page, groups.last);
    let decimal = page.bytes(place) == b"0" && page.at(place + 1).is_sign(b'.');
    if decimal {
        return None;
    }
    let solid = groups.count > 1 || groups.digits >= 8;
    let cued = cued || inside;
    if !(sure || cued && solid) {
        return None;
    }
    let label = if page.at(groups.last + 1).class.has(Class::CUE_FAX)
        || page.at(groups.last + 2).class.has(Class::CUE_FAX) && !page.at(groups.last + 1).is_word()
    {
        Label::Fax
    } else {
        labelled::phone_label(page, place)
    };
    found.push(page.finding(
        first,
        groups.last,
        label,
        if cued { 0.85 } else { 0.6 },
        "phone-groups",
    ));
    Some(page.at(groups.last).end as usize)
}

fn groups(page: &Page<'_>, place: usize) -> Groups {
    let mut groups = Groups {
        last: place,
        digits: page.at(place).len(),
        count: 1,
        are_long: true,
        has_stroke: false,
    };
    let mut at = place;
    while let Some(next) = next_group(page, at, groups.count == 1) {
        groups.has_stroke |= page.at(next - 1).is_sign(b'/');
        groups.digits += page.at(next).len();
        groups.are_long &= page.at(next).len() >= 2;
        groups.count += 1;
        groups.last = next;
        at = next;
        if groups.count > 6 {
            break;
        }
    }
    groups
}

/// The next group over a blank, hyphen, point, stroke or bracket.
fn next_group(page: &Page<'_>, at: usize, is_first: bool) -> Option<usize> {
    let mut next = at + 1;
    let mut signs = 0;
    while signs < 2
        && matches!(page.at(next).kind, Kind::Sign(b'-' | b'.' | b')' | b'('))
        && page.at(next).gap <= Gap::Space
    {
        next += 1;
        signs += 1;
    }
    if signs == 0 && is_first && page.at(next).is_sign(b'/') && page.at(next).gap == Gap::None {
        next += 1;
    }
    let token = page.at(next);
    let sentence = signs > 0 && token.gap > Gap::None && page.at(next - 1).is_sign(b'.');
    (token.kind == Kind::Number && token.gap <= Gap::Space && token.len() <= 8 && !sentence)
        .then_some(next)
}

fn is_measured(page: &Page<'_>, first: usize, groups: &Groups) -> bool {
    let next = page.at(groups.last + 1);
    let before = page.before(first, 1);
    next.gap <= Gap::Space
        && next.class.has(Class::UNIT)
        && next.kind == Kind::Lower
        && !page.is(next, "in")
        || groups.has_stroke && groups.count == 2 && groups.digits <= 6
        || next.is_sign(b'%')
        || next.is_sign(b'/') && next.gap == Gap::None
        || matches!(before.kind, Kind::Sign(b'$' | b'<' | b'>' | b'.' | b'/'))
        || (1..=2).any(|back| page.before(first, back).class.has(Class::CODE))
}

/// `ndc 00071-0155-23 vs 00093-5057-98`: the code of a package, named before.
fn is_drug_code(page: &Page<'_>, first: usize, groups: &Groups) -> bool {
    groups.count == 3
        && page.at(groups.last).len() <= 2
        && (1..=12).any(|back| page.is(page.before(first, back), "ndc"))
}

fn looks_like_a_date(page: &Page<'_>, place: usize) -> bool {
    page.at(place).len() <= 2 && page.at(place + 2).len() <= 2 && page.at(place + 4).len() == 4
        || page.at(place + 1).is_sign(b'/')
}

/// A word for calling somebody stands close before, in the same sentence or on the line above.
fn is_cued(page: &Page<'_>, first: usize) -> bool {
    let mut lines = 0;
    for back in 1..=6 {
        let token = page.before(first, back);
        lines += usize::from(page.before(first, back - 1).gap >= Gap::Line);
        if lines > 1
            || matches!(
                token.kind,
                Kind::Edge | Kind::Sign(b'.' | b';' | b'?') | Kind::Number
            ) && back > 1
        {
            return false;
        }
        if token.class.has(Class::CUE_FAX) || page.is_any(token, CALLING) {
            return true;
        }
    }
    false
}

/// `781 1704 office`, `(37) 788-063-Fax`.
fn is_told_behind(page: &Page<'_>, last: usize) -> bool {
    let sign = usize::from(matches!(
        page.at(last + 1).kind,
        Kind::Sign(b'-' | b'(' | b',')
    ));
    let token = page.at(last + 1 + sign);
    token.gap <= Gap::Space && (token.class.has(Class::CUE_FAX) || page.is_any(token, PLACES))
}

const PLACES: &[&str] = &[
    "office", "mobile", "cell", "home", "fax", "desk", "work", "phone", "direct", "cellular",
    "landline",
];

const CALLING: &[&str] = &[
    "phone",
    "phones",
    "telephone",
    "tel",
    "tél",
    "téléphone",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "cell",
    "mobile",
    "cellphone",
    "handy",
    "pager",
    "beeper",
    "ph",
    "call",
    "called",
    "calling",
    "contact",
    "reach",
    "reached",
    "dial",
    "dialed",
    "callback",
    "text",
    "texted",
    "whatsapp",
    "hotline",
    "answering",
    "messages",
    "message",
    "ring",
    "rang",
    "landline",
    "desk",
    "direct",
    "registered",
    "sms",
    "voicemail",
];
