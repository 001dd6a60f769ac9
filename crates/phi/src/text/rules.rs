//! One reading from left to right: every token that may open an identifier calls its rule.

use crate::{
    dictionary::class::Class,
    finding::Finding,
    label::Label,
    validators::{dea, iban, luhn, vin},
};

use super::{
    ages, dates,
    formats::{Format, Formats},
    internet, labelled, located, names, ocr,
    page::Page,
    phones, places, plates, serial, streets,
    token::{Gap, Kind, Token},
    whole,
};

/// Adds every finding of the page, unsorted and overlapping.
pub(crate) fn apply(page: &Page<'_>, formats: &Formats, found: &mut Vec<Finding>) {
    let mut done = Done::default();
    for (place, token) in page.tokens.iter().enumerate() {
        match token.kind {
            Kind::Number => number(page, formats, place, &mut done, found),
            Kind::Code => code(page, formats, place, &mut done, found),
            Kind::Sign(sign) => {
                if sign == b'&' {
                    streets::roads::crossing(page, place, found);
                }
                internet::sign(page, sign, place, &mut done.byte, found);
            }
            Kind::Possessive | Kind::Edge => {}
            _ => word(page, formats, place, &mut done, found),
        }
    }
    names::echo(page, found);
}

/// How far numbers and names have been read, so that a part of one does not open another.
#[derive(Default)]
struct Done {
    byte: usize,
    name: usize,
}

fn number(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let token = page.at(place);
    if (token.start as usize) < done.byte {
        return;
    }
    if page.at(place + 1).gap <= Gap::Line && token.len() <= 6 {
        streets::house(page, place, found);
    }
    if token.len() <= 6 {
        around(page, place, found);
    }
    if matches!(token.len(), 2 | 3) {
        ages::number(page, place, found);
        ages::decade(page, place, found);
    }
    if (3..=6).contains(&token.len()) && page.before(place, 1).is_sign(b',') {
        streets::around_code(page, place, found);
    }
    if token.len() == 5 {
        streets::home_code(page, place, found);
    }
    if token.len() == 4 && page.is_prose {
        dates::year(page, place, found);
    }
    if token.len() <= 4 && may_open_format(page, place) || matches!(token.len(), 5) {
        format(page, formats, place, done, found);
    }
    if (token.start as usize) >= done.byte {
        grouped(page, formats, place, done, found);
    }
    if token.len() >= 4
        && token.gap == Gap::None
        && page.before(place, 1).is_sign(b'#')
        && !page.at(place + 1).class.has(Class::UNIT)
    {
        found.push(page.finding(place, place, Label::OtherId, 0.5, "numbered"));
    }
    if token.len() >= 6 && (token.start as usize) >= done.byte {
        long(page, place, done, found);
    }
    if (token.start as usize) >= done.byte {
        done.byte = serial::groups(page, place, found).unwrap_or(done.byte);
    }
}

/// What a number closes or opens besides an address: a street before it, a wing, coordinates.
fn around(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (previous, next) = (page.before(place, 1), page.at(place + 1));
    let street = previous.is_capital()
        || previous.class.has(Class::ROAD)
        || matches!(previous.kind, Kind::Sign(b'.' | b','));
    if street && page.at(place).gap == Gap::Space {
        streets::numbered(page, place, found);
    }
    if next.is_word() && next.len() > 3 && next.gap == Gap::Space {
        streets::berth::wing(page, place, found);
    }
    streets::berth::value(page, place, found);
    streets::berth::person_in(page, place, found);
    if next.is_sign(b'.') && next.gap == Gap::None {
        streets::coordinates::pair(page, place, found);
    }
}

/// Groups of digits that are no format of the table: telephones of other countries, numbers
/// misread or spaced out.
fn grouped(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let (token, next) = (page.at(place), page.at(place + 1));
    let end = match next.kind {
        Kind::Number if token.len() == 1 && next.len() == 1 && next.gap == Gap::Space => {
            ocr::spaced(page, formats, place, found)
        }
        Kind::Sign(b'-') if token.len() == 1 && next.gap > Gap::None => {
            ocr::spaced(page, formats, place, found)
        }
        Kind::Sign(b'/' | b'-' | b' ' | b'.')
            if next.gap == Gap::None
                && page.at(place + 2).gap == Gap::None
                && ocr::is_suspect(page, place + 2) =>
        {
            ocr::number(page, formats, place, found)
        }
        Kind::Sign(b'-' | b'.' | b')' | b'/' | b'(') | Kind::Number => {
            phones::number(page, place, found)
        }
        _ if token.len() >= 7 => phones::number(page, place, found),
        _ => None,
    };
    done.byte = end.unwrap_or(done.byte);
}

/// Whether what follows a short number can belong to a format at all.
fn may_open_format(page: &Page<'_>, place: usize) -> bool {
    let (token, next) = (page.at(place), page.at(place + 1));
    match next.kind {
        Kind::Sign(b'/' | b'-' | b'.' | b')' | b',') | Kind::Number => true,
        Kind::Sign(b'(') => {
            token.len() == 1 && page.bytes(place) == b"1"
                || token.gap == Gap::None && page.before(place, 1).is_sign(b'+')
        }
        Kind::Title | Kind::Upper | Kind::Lower => {
            next.class.has(Class::MONTH)
                || token.len() <= 2 && page.is_any(next, &["of", "day", "de", "di"])
                || token.len() <= 2
                    && page.is_any(next, &["to", "and", "through"])
                    && page.at(place + 3).class.has(Class::MONTH)
                || token.len() <= 2 && next.len() >= 3 && dates::is_foreign_month(page, next)
        }
        Kind::Mixed => token.len() <= 2 && page.slice(next).starts_with(b"d'"),
        _ => false,
    }
}

/// The format that a number or code opens.
fn format(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let mut start = page.at(place).start as usize;
    let previous = page.byte(start.wrapping_sub(1));
    let earlier = page.byte(start.wrapping_sub(2));
    if matches!(previous, b'.' | b'-' | b'/' | b':')
        && earlier.is_ascii_alphanumeric()
        && start > 1
        && !(previous == b':' && earlier.is_ascii_alphabetic())
        && !(earlier.is_ascii_alphabetic() && previous == b'.')
    {
        return;
    }
    if previous == b'(' && start > 0 {
        start -= 1;
    }
    if start > 0 && page.byte(start - 1) == b'+' {
        start -= 1;
    }
    let hit = formats
        .number(page.text, start)
        .or_else(|| formats.number(page.text, page.at(place).start as usize));
    let Some((format, end)) = hit else {
        return;
    };
    if let Some((label, score, start)) = judge(page, place, format, start, end) {
        done.byte = end;
        found.push(Finding {
            start,
            end,
            label,
            score,
            detector: detector(format),
        });
    }
}

/// Whether a format that matched is an identifier here, and of which kind.
fn judge(
    page: &Page<'_>,
    place: usize,
    format: Format,
    start: usize,
    end: usize,
) -> Option<(Label, f32, usize)> {
    let text = page.text.get(start..end).unwrap_or_default();
    let own = page.at(place).start as usize;
    let next = page.at(page.place_from(place, end));
    let goes_on = next.gap == Gap::None
        && matches!(next.kind, Kind::Sign(b'-' | b'/' | b'%'))
        && page.byte(end + 1).is_ascii_digit();
    if page.byte(end).is_ascii_digit() {
        return None;
    }
    let unit = next.gap <= Gap::Space && next.class.has(Class::UNIT) && !page.is(next, "in");
    match format {
        Format::Slashed if goes_on && text.len() < 8 => None,
        Format::Slashed | Format::Dotted
            if !dates::is_plausible(text) || page.byte(end) == b'%' =>
        {
            None
        }
        Format::Dotted
            if goes_on
                || page.byte(end) == b'.' && page.byte(end + 1).is_ascii_digit()
                || text.len() < 8
                    && !has_two_digit_parts(text)
                    && dates::is_version(page, place)
                || dates::is_software(page, place) =>
        {
            None
        }
        Format::DayRange => dates::is_day_range(page, place, end)
            .then(|| (Label::Date, 0.7, dates::lead_start(page, own))),
        Format::Spaced => dates::is_spaced(page, place, text)
            .then(|| (Label::Date, 0.7, dates::lead_start(page, own))),
        Format::MonthYear if goes_on => None,
        _ if dates::is_date(format) => Some((Label::Date, 0.9, dates::lead_start(page, own))),
        Format::DayMonth => {
            let last = page.at(page.place_from(place, end).wrapping_sub(1));
            let verb = last.kind == Kind::Lower
                && page.is_any(last, &["may", "march", "mar", "dec", "jan", "sep"])
                && page.at(place).kind == Kind::Number;
            let joined = next.is_sign(b'-') && next.gap == Gap::None;
            (!verb && !joined).then(|| (Label::Date, 0.85, dates::lead_start(page, own)))
        }
        Format::HyphenDay => dates::is_hyphen_day(page, place, end)
            .then(|| (Label::Date, 0.6, dates::lead_start(page, own))),
        Format::DayFirst => dates::is_day_first(page, place, end)
            .then(|| (Label::Date, 0.7, dates::lead_start(page, own))),
        Format::MonthDay => dates::is_month_day(page, place, end)
            .then(|| (Label::Date, 0.7, dates::lead_start(page, own))),
        Format::Ssn => Some((Label::Ssn, 0.9, own)),
        Format::Phone => (!unit).then(|| (labelled::phone_label(page, place), 0.9, start)),
        Format::Abroad => {
            (digits(text).len() >= 8).then(|| (labelled::phone_label(page, place), 0.85, start))
        }
        Format::Local => (!unit && !goes_on && !is_after_code(page, place) && !is_range(text))
            .then(|| (labelled::phone_label(page, place), 0.6, own)),
        Format::Card => Some((
            Label::Account,
            if luhn(&digits(text)) { 0.95 } else { 0.7 },
            own,
        )),
        Format::Ip => {
            let host = text.split(|byte| matches!(byte, b':' | b'/')).next();
            let valid = host
                .and_then(|host| str::from_utf8(host).ok())
                .is_some_and(crate::validators::ipv4);
            let longer = page.byte(end) == b'.' && page.byte(end + 1).is_ascii_digit();
            let wide = text.len() >= WIDE_IP;
            let network = text.split(|&byte| byte == b'/').nth(1).is_some()
                && text
                    .split(|&byte| byte == b'/')
                    .next()
                    .is_some_and(|host| host.ends_with(b".0.0"));
            (!longer && !network && (valid || wide)).then_some((
                Label::Ip,
                if valid { 0.9 } else { 0.6 },
                own,
            ))
        }
        Format::ZipPlus => (!goes_on).then_some((Label::Geo, 0.7, own)),
        Format::Udi => Some((Label::Device, 0.95, start)),
        Format::Mbi => {
            let bare: String = text
                .iter()
                .filter(|byte| byte.is_ascii_alphanumeric())
                .map(|byte| char::from(*byte))
                .collect();
            crate::validators::mbi(&bare).then_some((Label::HealthPlan, 0.9, own))
        }
        _ => None,
    }
}

/// Four dotted groups of this many bytes are an address even where a group is too large for one:
/// mistyped or misread, it still tells.
const WIDE_IP: usize = 11;

/// `100-2000` is a range of amounts, `555-0123` is not.
fn is_range(text: &[u8]) -> bool {
    text.ends_with(b"000") || text.starts_with(b"1") || text.starts_with(b"0")
}

fn has_two_digit_parts(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'.').all(|part| part.len() == 2)
}

fn digits(text: &[u8]) -> String {
    text.iter()
        .filter(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect()
}

/// A code of a terminology stands right before.
fn is_after_code(page: &Page<'_>, place: usize) -> bool {
    (1..=4).any(|back| {
        page.before(place, back).class.has(Class::CODE)
            && page.before(place, back).gap <= Gap::Blank
    })
}

/// A terminology is named somewhere in the words before: `SNOMED concept for asthma, 195967001`.
fn is_concept(page: &Page<'_>, place: usize) -> bool {
    page.at(place).len() <= 9
        && (1..=10)
            .take_while(|&back| !page.before(place, back).is_sign(b'.'))
            .any(|back| {
                page.is_any(
                    page.before(place, back),
                    &["snomed", "rxnorm", "rxcui", "umls", "snomed-ct"],
                )
            })
}

/// A long number without a cue: a compact date, a card, or some identifier.
fn long(page: &Page<'_>, place: usize, done: &mut Done, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let (previous, next) = (page.before(place, 1), page.at(place + 1));
    let decimal = previous.is_sign(b'.')
        && token.gap == Gap::None
        && page.before(place, 2).kind == Kind::Number
        || next.is_sign(b'.')
            && next.gap == Gap::None
            && page.at(place + 2).kind == Kind::Number
            && page.at(place + 2).gap == Gap::None;
    let unit = next.gap <= Gap::Space && next.class.has(Class::UNIT) && !page.is(next, "in")
        || next.is_sign(b'%')
        || previous.is_sign(b'$');
    if decimal || unit || is_after_code(page, place) || is_concept(page, place) {
        return;
    }
    let text = page.bytes(place);
    let (label, score, detector) = if is_compact_date(text) {
        (Label::Date, 0.75, "compact-date")
    } else if (13..=19).contains(&text.len()) && luhn(&digits(text)) {
        (Label::Account, 0.8, "card")
    } else if text.len() == 10
        && crate::validators::nanp_phone(&digits(text))
        && (1..=4).any(|back| {
            page.before(place, back)
                .class
                .has(Class::CUE_PHONE.or(Class::CUE_FAX))
        })
    {
        (labelled::phone_label(page, place), 0.85, "bare-phone")
    } else if text.len() == 6 && dates::has_date_word(page, place) && is_short_date(text) {
        (Label::Date, 0.7, "compact-date")
    } else if text.len() >= 7 && !text.ends_with(b"00000")
        || text.len() == 6 && !text.ends_with(b"000")
    {
        (Label::OtherId, 0.5, "long-number")
    } else if chain_start(page, place) < place && !text.ends_with(b"000") {
        (Label::OtherId, 0.5, "joined-number")
    } else {
        return;
    };
    let (first, last) = (chain_start(page, place), chain_end(page, place));
    let first = serial::prefix_start(page, first);
    let (start, end) = page.span(first, last);
    done.byte = end;
    found.push(Finding {
        start,
        end,
        label,
        score,
        detector,
    });
}

/// `20210314`, with a time or without.
fn is_compact_date(text: &[u8]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        text.get(range)
            .and_then(|part| str::from_utf8(part).ok())
            .and_then(|part| part.parse::<u32>().ok())
    };
    matches!(text.len(), 8 | 12 | 14)
        && number(0..4).is_some_and(|year| (1900..2040).contains(&year))
        && number(4..6).is_some_and(|month| (1..=12).contains(&month))
        && number(6..8).is_some_and(|day| (1..=31).contains(&day))
}

/// `031450`: month and day, then the year.
fn is_short_date(text: &[u8]) -> bool {
    let (Some(first), Some(second)) = (text.get(..2), text.get(2..4)) else {
        return false;
    };
    (b"01"..=b"31").contains(&<&[u8; 2]>::try_from(first).unwrap_or(b"99"))
        && (b"01"..=b"31").contains(&<&[u8; 2]>::try_from(second).unwrap_or(b"99"))
        && (first <= &b"12"[..] || second <= &b"12"[..])
}

/// The first token joined to this one by hyphens: `AB-2021-` before a number.
fn chain_start(page: &Page<'_>, place: usize) -> usize {
    let mut first = place;
    while page.at(first).gap == Gap::None
        && first > 1
        && page.before(first, 1).is_sign(b'-')
        && page.before(first, 1).gap == Gap::None
        && matches!(
            page.before(first, 2).kind,
            Kind::Upper | Kind::Initial | Kind::Number | Kind::Code
        )
    {
        first -= 2;
    }
    first
}

fn chain_end(page: &Page<'_>, place: usize) -> usize {
    let mut last = place;
    while page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && matches!(
            page.at(last + 2).kind,
            Kind::Upper | Kind::Initial | Kind::Number | Kind::Code
        )
    {
        last += 2;
    }
    last
}

/// Letters and digits together.
fn code(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let token = page.at(place);
    if (token.start as usize) < done.byte {
        return;
    }
    let text = page.bytes(place);
    if text.len() <= 3 {
        streets::rooms::wing_room(page, place, found);
        streets::rooms::wing_bed(page, place, found);
    }
    if text.len() <= 7 {
        streets::berth::value(page, place, found);
        streets::berth::code(page, place, found);
        streets::berth::person_in(page, place, found);
        streets::roads::lettered(page, place, found);
        streets::roads::numbered(page, place, found);
    }
    if let [b'x' | b'X', digits @ ..] = text
        && matches!(digits.len(), 4 | 5)
        && digits.iter().all(u8::is_ascii_digit)
    {
        found.push(page.finding(place, place, Label::Phone, 0.6, "extension"));
        return;
    }
    if matches!(text, [b'x' | b'X', digit] if digit.is_ascii_digit())
        && page.at(place + 1).is_sign(b'-')
        && page.at(place + 2).len() == 4
        && page.at(place + 2).kind == Kind::Number
    {
        found.push(page.finding(place, place + 2, Label::Phone, 0.6, "extension"));
        return;
    }
    if text.len() == 4
        && let Some(last) = grouped_iban(page, place)
    {
        found.push(page.finding(place, last, Label::Account, 0.95, "iban"));
        done.byte = page.at(last).end as usize;
        return;
    }
    if matches!(text, [b'Q' | b'q', b'1'..=b'4']) {
        dates::quarter(page, place, found);
    }
    if matches!(page.at(place + 1).kind, Kind::Sign(b'/' | b'-' | b'.'))
        && page.at(place + 1).gap == Gap::None
        && ocr::is_suspect(page, place)
        && let Some(end) = ocr::number(page, formats, place, found)
    {
        done.byte = end;
        return;
    }
    if text.first().is_some_and(u8::is_ascii_digit) {
        ages::code(page, place, found);
        dates::ordinal_day(page, place, found);
        dates::glued_day(page, place, found);
        format(page, formats, place, done, found);
        if text.len() < 7 && page.at(place + 1).is_capital() {
            streets::house(page, place, found);
            places::military(page, place, found);
        }
        if page.before(place, 1).is_capital() && text.len() < 6 {
            streets::numbered(page, place, found);
        }
    }
    if (token.start as usize) < done.byte {
        return;
    }
    if plates::is_code(page, place) {
        let last = plates::end(page, place);
        found.push(page.finding(place, last, Label::Vehicle, 0.7, "plate"));
        done.byte = page.at(last).end as usize;
        return;
    }
    if text.len() == 3 {
        labelled::picture(page, place, found);
    }
    if let Some(end) = serial::groups(page, place, found) {
        done.byte = end;
        return;
    }
    let count = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let word = str::from_utf8(text).unwrap_or_default();
    let (label, score, detector) = if vin(word) {
        (Label::Vehicle, 0.95, "vin")
    } else if text.len() >= 15 && iban(word) {
        (Label::Account, 0.95, "iban")
    } else if text.len() == 9 && dea(word) {
        (Label::License, 0.8, "dea")
    } else if text.len() == 17 && count > 3 && !word.bytes().any(|byte| b"IOQioq".contains(&byte)) {
        (Label::Vehicle, 0.6, "vin-shape")
    } else if is_mingled(text) || is_hexadecimal(text) {
        (Label::OtherId, 0.5, "mingled-code")
    } else if is_tax_number(text) {
        (Label::OtherId, 0.6, "tax-number")
    } else if text.len() >= 6 && count >= 5 && !is_published(page, place, text) {
        (Label::OtherId, 0.5, "long-code")
    } else {
        return;
    };
    found.push(page.finding(
        chain_start(page, place),
        chain_end(page, place),
        label,
        score,
        detector,
    ));
}

/// A dose, or the number of a trial, a variant or a term that everybody can look up.
pub(crate) fn is_published(page: &Page<'_>, place: usize, text: &[u8]) -> bool {
    let catalogued = text.starts_with(b"NCT") || text.starts_with(b"rs");
    catalogued
        || is_dose(text)
        || is_error(text)
        || is_gravidity(text)
        || text.len() < 9 && is_after_code(page, place)
}

/// `0x8007000E`: the number of an error in a program; an account of a currency is longer.
fn is_error(text: &[u8]) -> bool {
    text.len() <= 10
        && matches!(text, [b'0', b'x', rest @ ..] if rest.iter().all(u8::is_ascii_hexdigit))
}

/// `G3P1011`: pregnancies and how they ended.
fn is_gravidity(text: &[u8]) -> bool {
    let [b'G' | b'g', rest @ ..] = text else {
        return false;
    };
    let births = rest.iter().position(|byte| matches!(byte, b'P' | b'p'));
    births.is_some_and(|at| {
        let (pregnancies, births) = rest.split_at_checked(at).unwrap_or_default();
        (1..=2).contains(&pregnancies.len())
            && (2..=5).contains(&births.len())
            && births
                .iter()
                .skip(1)
                .chain(pregnancies)
                .all(u8::is_ascii_digit)
    })
}

/// How often letters and digits change places.
fn changes(text: &[u8]) -> usize {
    text.windows(2)
        .filter(
            |pair| matches!(pair, [one, other] if one.is_ascii_digit() != other.is_ascii_digit()),
        )
        .count()
}

/// `a9f3c2bd`: eight digits or more to the base of sixteen, as programs print them.
fn is_hexadecimal(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    text.len() >= 8
        && text.iter().all(u8::is_ascii_hexdigit)
        && digits >= 2
        && text.len() - digits >= 2
        && changes(text) >= 3
}

/// `BXQ7T9LM`: capitals and digits that change places time and again, as only a key does; no stage
/// of a tumour (`pT3N1bM0`).
fn is_mingled(text: &[u8]) -> bool {
    text.len() >= 8
        && changes(text) >= 4
        && text
            .iter()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && !text.starts_with(b"T")
}

/// `ABCDE1234F`: five letters, four digits, a letter.
fn is_tax_number(text: &[u8]) -> bool {
    let (letters, rest) = text.split_at_checked(5).unwrap_or_default();
    let (digits, last) = rest.split_at_checked(4).unwrap_or_default();
    text.len() == 10
        && letters.iter().chain(last).all(u8::is_ascii_uppercase)
        && digits.iter().all(u8::is_ascii_digit)
}

/// The last token of an account number in groups of four, `GB82 WEST 1234 5698 7654 32`, whose
/// check digits hold.
fn grouped_iban(page: &Page<'_>, place: usize) -> Option<usize> {
    let head = page.bytes(place);
    if !matches!(head, [a, b, c, d] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit())
    {
        return None;
    }
    let mut joined = head.to_vec();
    let mut longest = None;
    for at in place + 1..place + 9 {
        let token = page.at(at);
        if token.gap != Gap::Space || token.len() > 4 || token.kind == Kind::Lower {
            break;
        }
        joined.extend_from_slice(page.bytes(at));
        if iban(str::from_utf8(&joined).unwrap_or_default()) {
            longest = Some(at);
        }
    }
    longest
}

/// `100000mg`, `20000units`: digits, then lower-case letters.
fn is_dose(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0
        && text
            .get(digits..)
            .is_some_and(|rest| rest.iter().all(u8::is_ascii_lowercase))
}

const CLASSED: Class = labelled::CUES
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::CUE_ZIP)
    .or(Class::ROOM)
    .or(Class::STATE_CODE)
    .or(Class::STATE)
    .or(Class::WORKS)
    .or(Class::HOLIDAY);

fn word(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let token = page.at(place);
    if (token.start as usize) < done.byte {
        return;
    }
    // `May-Thurner syndrome`
    if token.class.has(Class::MONTH)
        && token.class.has(Class::PHRASE_START)
        && let Some(last) = places::medical_phrase(page, place)
    {
        done.name = last + 1;
        return;
    }
    if token.class.has(CLASSED) {
        classed(page, formats, place, done, found);
    }
    if token.len() <= 5 && serial_follows(page, place) {
        plates::lettered(page, place, found);
        done.byte = serial::groups(page, place, found).unwrap_or(done.byte);
    }
    located::word(page, place, found);
    spelled(page, place, done, found);
    if token.class == Class::NONE && token.len() > 5 {
        whole::built(page, place, found);
    }
    if place < done.name {
        return;
    }
    if matches!(token.len(), 3..=5)
        && token.class.has(
            Class::DIRECTION
                .or(Class::STOP)
                .or(Class::PARTICLE)
                .or(Class::STREET)
                .or(Class::COMMON)
                .or(Class::LANDMARK),
        )
        && let Some(last) = whole::directed(page, place, found)
    {
        done.name = last + 1;
        return;
    }
    if token.is_capital() {
        capital(page, place, done, found);
    } else if let Some(last) =
        names::lower(page, place, found).or_else(|| places::lower_place(page, place, found))
    {
        done.name = last + 1;
    }
}

/// A sign that joins or a number follows.
fn serial_follows(page: &Page<'_>, place: usize) -> bool {
    match page.at(place + 1).kind {
        Kind::Number
            if page.at(place).class == Class::NONE || page.before(place, 1).is_sign(b'#') =>
        {
            true
        }
        Kind::Sign(b'-' | b'_' | b'.' | b'/') => true,
        Kind::Number | Kind::Code => page.at(place).kind == Kind::Upper,
        _ => false,
    }
}

fn classed(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    done: &mut Done,
    found: &mut Vec<Finding>,
) {
    let class = page.at(place).class;
    if class.has(labelled::CUES) {
        labelled::number(page, place, found);
    }
    if class.has(Class::MONTH) {
        let end = dates::month(page, formats, place, found);
        done.byte = end.unwrap_or(done.byte);
    }
    if class.has(Class::WEEKDAY) {
        dates::weekday(page, place, found);
    }
    let is_state = class.has(Class::STATE_CODE) && page.at(place).kind == Kind::Upper
        || class.has(Class::STATE);
    if is_state && page.at(place).len() == 2 {
        plates::of_state(page, place, found);
    }
    if class.has(Class::CUE_ZIP) || is_state {
        streets::zip(page, place, found);
    }
    if class.has(Class::ROOM) {
        streets::rooms::room(page, place, found);
    }
    if class.has(Class::WORKS) {
        places::employer(page, place, found);
        places::small_employer(page, place, found);
    }
    if class.has(Class::HOLIDAY) {
        dates::holiday(page, place, found);
    }
}

/// Words that open a rule by their spelling alone.
fn spelled(page: &Page<'_>, place: usize, done: &mut Done, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let lower = page.byte(token.start as usize) | 0x20;
    match (lower, token.len()) {
        (b'r' | b'h' | b'i', 3 | 5 | 7 | 10)
            if page.is_any(token, &["route", "highway", "interstate", "hwy", "rte"]) =>
        {
            streets::roads::highway(page, place, found);
        }
        (b'n', 3) if page.is(token, "new") => dates::new_year(page, place, found),
        (b'n', 5) if page.is(token, "night") && page.is(page.before(place, 1), "bonfire") => {
            found.push(page.finding(place - 1, place, Label::Date, 0.6, "holiday"));
        }
        (b'p', 2 | 4 | 5) | (b'c', 4) | (b'r', 5)
            if page.is_any(token, &["paged", "page", "pg", "call", "reach"]) =>
        {
            labelled::paged(page, place, found);
        }
        (b'a', 7) if page.is(token, "account") => names::handled(page, place, found),
        (b'n', 6 | 8 | 9 | 12 | 13) | (b'c', 11 | 12) | (b'h', 7 | 9) | (b's', 16 | 17) => {
            ages::word(page, place, found);
        }
        (b'l', 4) if page.is(token, "last") => labelled::tail(page, place, found),
        (b'e', 6) if page.is(token, "ending") => labelled::tail(page, place, found),
        (b'z' | b'o' | b't' | b'f' | b's' | b'e' | b'n' | b'd', 2..=6)
            if labelled::is_spoken_digit(page, token) =>
        {
            labelled::spoken(page, place, found);
        }
        (b'd', 6) if page.is(token, "decade") => ages::tenth_decade(page, place, found),
        (b'd', 7) if page.is(token, "decades") => ages::decades(page, place, found),
        (b'b', 4) if page.is(token, "born") => ages::birth_year(page, place, found),
        (b'd', 3) if page.is(token, "dob") => ages::birth_year(page, place, found),
        (b'b', 1) if page.at(place + 1).is_sign(b'.') && page.at(place + 2).len() == 4 => {
            ages::birth_year(page, place, found);
        }
        (b'b', 5) if page.is(token, "birth") => ages::birth_year(page, place, found),
        (b'b', 3) if page.is(token, "box") => streets::post_box(page, place, found),
        (b'c', 6) if page.is(token, "county") => places::county(page, place, found),
        (b'c', 6) if page.is(token, "corner") => streets::roads::corner(page, place, found),
        (b'i', 12) if page.is(token, "intersection") => {
            streets::roads::corner(page, place, found);
        }
        (b'a' | b'f' | b'd', 3) if page.is_any(token, &["apo", "fpo", "dpo"]) => {
            streets::military::post(page, place, found);
        }
        (b'g', 7) if page.is(token, "geohash") => {
            streets::coordinates::geohash(page, place, found);
        }
        (b'i', 1) if token.kind == Kind::Initial => {
            streets::roads::interstate(page, place, found);
        }
        (b'u', 2) if token.kind == Kind::Upper && page.is(token, "us") => {
            streets::roads::interstate(page, place, found);
        }
        (b'e' | b'p' | b't', 4 | 8 | 5) if page.is_any(token, &["exit", "precinct", "tract"]) => {
            streets::roads::division(page, place, found);
        }
        (b'l', 8) if page.is(token, "location") => {
            streets::rooms::location(page, place, found);
        }
        (b'l', 5 | 6) | (b'u', 4 | 6 | 8)
            if page.is_any(
                token,
                &["login", "logins", "logon", "user", "userid", "username"],
            ) =>
        {
            names::login(page, place, found);
        }
        (b'r', 5) | (b'u', 6) | (b'b', 2) if page.is_any(token, &["reset", "unlock", "by"]) => {
            names::handled(page, place, found);
        }
        (b't', 11) if page.is(token, "transcribed") => names::typist(page, place, found),
        (b'l', 5) if page.is(token, "local") => places::local(page, place, found),
        (b'x', 3..=5) if page.bytes(place).iter().all(|byte| byte | 0x20 == b'x') => {
            internet::masked(page, token.start as usize, found);
        }
        (b'm', 2) if page.is(token, "mr") => labelled::record(page, place, found),
        (b'n', 1) if page.is(page.before(place, 2), "s") => {
            labelled::serial_number(page, place, found);
        }
        (b'l', 3) if page.is(token, "loc") => streets::rooms::location(page, place, found),
        (b'u', 4) if page.is(token, "unit") => {
            labelled::record(page, place, found);
            streets::rooms::location(page, place, found);
        }
        (b'h', 4) if page.is(token, "hosp") => labelled::record(page, place, found),
        (b'h', 8) if page.is(token, "hospital") => labelled::record(page, place, found),
        (b'r', 3) if page.is(token, "rec") => labelled::medical_record(page, place, found),
        (b'u', 3) if page.is(token, "udi") => labelled::udi(page, place, found),
        (b'u' | b'p', 4 | 6 | 8) | (b'l', 5)
            if page.is_any(
                token,
                &[
                    "user", "username", "userid", "password", "passwd", "passcode", "login",
                ],
            ) =>
        {
            labelled::credential(page, place, found);
        }
        (b'd', 3) if page.is(token, "day") => dates::holiday_day(page, place, found),
        (b'd', 3) if page.is(token, "dot") => internet::spelled_mail(page, place, found),
        (b'e', 3) if page.is(token, "eve") => dates::holiday_day(page, place, found),
        (b's' | b'w' | b'a', 6)
            if page.is_any(token, &["summer", "spring", "winter", "autumn"]) =>
        {
            dates::season(page, place, found);
        }
        (b'f', 4) if page.is(token, "fall") => dates::season(page, place, found),
        (b'q', 7) if page.is(token, "quarter") => dates::quarter(page, place, found),
        (b't', 6) if page.is_any(token, &["twenty", "thirty"]) => {
            dates::ordinal_in_words(page, place, found);
        }
        (b'w', 3) if page.is(token, "www") && page.at(place + 1).is_sign(b'.') => {
            let start = token.start as usize;
            internet::web(page, start, start, &mut done.byte, found);
        }
        _ => {}
    }
    if matches!(
        lower,
        b'a' | b'b' | b'c' | b'd' | b'f' | b'g' | b'h' | b'm' | b'o' | b'p' | b's'
    ) && page.at(place + 1).len() <= 3
        && page.is_any(page.at(place + 1), &["of", "at", "for"])
        && page.is_any(token, places::OFFICES)
    {
        places::office(page, place, found);
    }
    if token.class.has(Class::DOMAIN)
        && token.gap == Gap::None
        && page.before(place, 1).is_sign(b'.')
        && page.before(place, 1).gap == Gap::None
    {
        internet::domain(page, place, &mut done.byte, found);
    } else if matches!(token.len(), 3 | 4)
        && token.gap == Gap::None
        && page.before(place, 1).is_sign(b'.')
    {
        labelled::picture(page, place, found);
    }
}

fn capital(page: &Page<'_>, place: usize, done: &mut Done, found: &mut Vec<Finding>) {
    let token: &Token = page.at(place);
    if token.class.has(Class::PHRASE_START)
        && let Some(last) = places::medical_phrase(page, place)
    {
        done.name = last + 1;
        return;
    }
    if token.class.has(Class::FACILITY) {
        places::facility(page, place, found);
    }
    if token.class.has(Class::COMPANY) {
        places::company(page, place, found);
    }
    if token.class.has(Class::CARE) {
        places::care(page, place, found);
    }
    if token.class.has(Class::DENOMINATION) {
        places::denomination(page, place, found);
    }
    if token.class.has(Class::STREET) {
        streets::roads::bare(page, place, found);
    }
    if token.class.has(Class::LANDMARK) {
        places::landmark::kind(page, place, found);
    }
    if page.is_any(token, places::landmark::OPENERS) {
        places::landmark::opener(page, place, found);
    }
    if token.class == Class::NONE {
        streets::roads::compound(page, place, found);
    }
    let named = places::scenic_name(page, place, found)
        .or_else(|| places::town(page, place, found))
        .or_else(|| places::home(page, place, found))
        .or_else(|| places::country(page, place, found))
        .or_else(|| places::named_facility(page, place, found))
        .or_else(|| names::capital(page, place, found))
        .or_else(|| places::cued_place(page, place, found));
    if let Some(last) = named {
        done.name = last + 1;
    }
}

const fn detector(format: Format) -> &'static str {
    match format {
        Format::IsoDate | Format::YearFirst => "iso-date",
        Format::Slashed | Format::Dotted | Format::Spaced => "numeric-date",
        Format::DayMonthYear | Format::DayMonth | Format::Foreign => "written-date",
        Format::MonthYear => "month-year",
        Format::MonthDay | Format::DayFirst | Format::HyphenDay | Format::DayRange => "month-day",
        Format::Ssn => "ssn",
        Format::Card => "card",
        Format::Phone | Format::Local => "phone",
        Format::Abroad => "phone-abroad",
        Format::Ip => "ip",
        Format::ZipPlus => "zip",
        Format::Udi => "udi",
        Format::Mbi => "mbi",
    }
}
