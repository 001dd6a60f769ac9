//! Beds, units and theatres by their own words: `MICU 9`, `L&D 3`, `4 West 12B`, `hall bed H7`,
//! `9T-04`, `the patient in 214` (45 CFR 164.514(b)(2)(i)(B): a place smaller than a State).

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        places::is_naming,
        token::{Gap, Kind, Token},
    },
    words::{is_cued_unit, is_designator, is_service, is_unit},
};

/// A unit or bed whose number, code or letter stands at `place`.
pub(crate) fn value(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let Some(word) = word_before(page, place) else {
        return;
    };
    if !fits(page, place) {
        return;
    }
    let first = if is_announced(page, word, place) {
        lead(page, word)
    } else if let Some(bed) = lettered(page, word, place) {
        lead(page, bed)
    } else {
        return;
    };
    found.push(page.finding(first, value_end(page, place), Label::Geo, 0.7, "berth"));
}

/// The word that a value belongs to, over a hyphen, a number sign or the point of `rm.`.
fn word_before(page: &Page<'_>, place: usize) -> Option<usize> {
    let previous = page.before(place, 1);
    let joined = page.at(place).gap == Gap::None;
    let back = match previous.kind {
        Kind::Sign(b'-') if joined && previous.gap == Gap::None => 2,
        Kind::Sign(b'#') => 2,
        Kind::Sign(b'.') if previous.gap == Gap::None && !joined => 2,
        Kind::Sign(_) | Kind::Number | Kind::Code | Kind::Possessive | Kind::Edge => return None,
        _ if page.at(place).gap == Gap::Space => 1,
        _ => return None,
    };
    let word = place.checked_sub(back)?;
    page.at(word).is_word().then_some(word)
}

/// The bed in `bed SL-2`, `cabin B-212`, before letters that a hyphen joins to a number.
fn lettered(page: &Page<'_>, word: usize, place: usize) -> Option<usize> {
    let bed = word.checked_sub(1)?;
    let shaped = matches!(page.at(word).kind, Kind::Upper | Kind::Initial)
        && page.at(word).len() <= 3
        && page.at(word).gap == Gap::Space
        && page.at(place).gap == Gap::None;
    (shaped && is_designator(page, page.at(bed))).then_some(bed)
}

/// A number of up to four digits that counts, doses and dates nothing, a short code, or a letter.
fn fits(page: &Page<'_>, place: usize) -> bool {
    let (token, text) = (page.at(place), page.bytes(place));
    let shaped = match token.kind {
        Kind::Number => token.len() <= 3 || token.len() == 4 && !is_year(text),
        Kind::Code => token.len() <= 5 && !is_counter(text),
        Kind::Initial => !page.is_any(token, &["i"]),
        Kind::Lower if token.len() == 1 => {
            !matches!(text, b"a" | b"i" | b"x" | b"c" | b"s")
                || text != b"i" && is_closed(page, place)
        }
        Kind::Lower | Kind::Title | Kind::Upper => {
            page.is_any(token, NUMBERS) && is_closed(page, place)
        }
        _ => false,
    };
    shaped && !is_counted(page, value_end(page, place))
}

/// `1987`, `2026`.
fn is_year(text: &[u8]) -> bool {
    text.starts_with(b"19") || text.starts_with(b"20")
}

/// `3x`, `2nd`, `10mg`, `72h`, `3yo`: digits with what they count.
fn is_counter(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let tail = text.get(digits..).unwrap_or_default();
    let letter = matches!(tail, [b'a'..=b'c' | b'e' | b'f']);
    digits > 0 && tail.first().is_some_and(u8::is_ascii_lowercase) && !letter
}

/// What follows makes the number an amount, a date, a time, a ratio or a range.
fn is_counted(page: &Page<'_>, last: usize) -> bool {
    let (next, after) = (page.at(last + 1), page.at(last + 2));
    let tight = next.gap == Gap::None
        && after.gap == Gap::None
        && matches!(
            next.kind,
            Kind::Sign(b'.' | b'/' | b':' | b',' | b'-' | b'+')
        )
        && matches!(after.kind, Kind::Number | Kind::Code);
    let sign = next.gap == Gap::None && matches!(next.kind, Kind::Sign(b'%' | b'/' | b'+' | b'='))
        || next.is_sign(b'%')
        || next.is_sign(b'(') && after.kind == Kind::Number;
    let warm = page.is_any(next, &["c", "f"])
        && page.at(last).len() == 2
        && page.is(page.before(last, 1), "room");
    let unit = next.gap <= Gap::Space
        && next.is_word()
        && (next.class.has(Class::UNIT.or(Class::MONTH)) && !page.is_any(next, &["in", "c", "f"])
            || page.is_any(next, COUNTED)
                && !(page.is(next, "bed") && matches!(after.kind, Kind::Number | Kind::Code)));
    tight || sign || unit || warm
}

/// Words behind a number that tell it counts.
const COUNTED: &[&str] = &[
    "yo",
    "y",
    "yof",
    "yom",
    "times",
    "visits",
    "visit",
    "patients",
    "pts",
    "nurses",
    "beds",
    "bedroom",
    "nights",
    "night",
    "shifts",
    "shift",
    "percent",
    "per",
    "of",
    "out",
    "vs",
    "h",
    "d",
    "wk",
    "consults",
    "admissions",
    "transfers",
    "bed",
    "star",
    "person",
    "people",
];

/// The last token of a value: `803-1`, `12-B`, `4B`.
fn value_end(page: &Page<'_>, place: usize) -> usize {
    let (hyphen, part) = (page.at(place + 1), page.at(place + 2));
    let joined = hyphen.is_sign(b'-')
        && hyphen.gap == Gap::None
        && part.gap == Gap::None
        && matches!(part.kind, Kind::Number | Kind::Code | Kind::Initial)
        && part.len() <= 4;
    place + if joined { 2 } else { 0 }
}

/// The word before the value is a unit or a bed here, and no abbreviation of something else.
fn is_announced(page: &Page<'_>, word: usize, place: usize) -> bool {
    let (token, value) = (page.at(word), page.at(place));
    let letter = value.kind == Kind::Initial || value.kind == Kind::Lower && value.len() == 1;
    if value.is_word()
        && !letter
        && !page.is_any(
            token,
            &[
                "bed", "room", "rm", "bay", "pod", "suite", "ward", "tower", "holding",
            ],
        )
    {
        return false;
    }
    if page.is(token, "block") && is_spine(page.bytes(place)) {
        return false;
    }
    if value.kind == Kind::Number
        && value.len() <= 2
        && token.kind == Kind::Title
        && is_naming(page, token)
    {
        let next = page.at(place + 1);
        return is_led(page, word)
            && (matches!(next.kind, Kind::Sign(_) | Kind::Edge) || next.gap >= Gap::Line);
    }
    if is_unit(page, token) {
        return !letter && (!page.is_any(token, TELEMETRY) || is_closed(page, place));
    }
    if token.kind == Kind::Initial || page.is(token, "d") {
        return !letter && is_labor(page, word);
    }
    if page.is(token, "pod") {
        // `POD 2` is the second day after an operation.
        return letter && is_led(page, word) || token.kind == Kind::Title;
    }
    if is_designator(page, token) {
        let titled = token.is_capital() && !page.is_shouted;
        let long = value_end(page, place) > place || value.kind == Kind::Code || value.len() == 3;
        let plain = !page.is_any(token, &["block", "hall", "chair", "desk", "spot", "slot"]);
        return (titled && (plain || !page.opens(word)))
            || (!letter || plain) && (is_led(page, word) || long && plain && !letter);
    }
    !letter
        && is_cued_unit(page, token)
        && value.len() <= 3
        && (is_cued(page, word)
            || is_service(page, page.before(word, 1)) && page.at(word).gap == Gap::Space
            || is_set_off(page, word, place)
            || wing_bed(page, value_end(page, place) + 1).is_some())
}

/// Stands between signs, `, ER 6,` or `. OR 6.`, in capitals and with two digits at most.
fn is_set_off(page: &Page<'_>, word: usize, place: usize) -> bool {
    let (previous, next) = (page.before(word, 1), page.at(place + 1));
    let opened = page.at(word).gap >= Gap::Line
        || matches!(
            previous.kind,
            Kind::Edge | Kind::Sign(b',' | b'.' | b';' | b'(' | b'/' | b'?' | b'-')
        )
        || page.is_any(previous, &["back", "now", "still", "on"]);
    let closed = next.gap >= Gap::Line
        || matches!(
            next.kind,
            Kind::Edge | Kind::Sign(b',' | b'.' | b';' | b')' | b'?')
        )
        || page.is_any(
            next,
            &["needs", "main", "start", "is", "has", "now", "says"],
        );
    let receptor = page.is_any(page.at(place + 2), &["pr", "her2", "ki"])
        || page.at(place + 2).kind == Kind::Code;
    let plain = receptor
        || page.is_any(
            page.at(word),
            &["mri", "ct", "trauma", "triage", "medicine"],
        );
    page.at(word).kind != Kind::Lower && page.at(place).len() <= 2 && opened && closed && !plain
}

const TELEMETRY: &[&str] = &["tele", "telemetry"];

/// Nothing that the number could count follows.
fn is_closed(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    next.gap >= Gap::Line || next.kind != Kind::Lower || next.class.has(Class::STOP)
}

/// `L&D`, from its last letter.
fn is_labor(page: &Page<'_>, word: usize) -> bool {
    page.is_any(page.at(word), &["d"])
        && page.before(word, 1).is_sign(b'&')
        && page.is_any(page.before(word, 2), &["l"])
}

/// `T4`, `L5`: a level of the spine.
fn is_spine(text: &[u8]) -> bool {
    matches!(text, [b'C' | b'T' | b'L' | b'S' | b'c' | b't' | b'l' | b's', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
}

/// Numbers of beds and floors in words.
pub(crate) const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Words that lead a bed: a unit, a service, a preposition, a comma or the start of a line.
fn is_led(page: &Page<'_>, word: usize) -> bool {
    let previous = page.before(word, 1);
    page.at(word).gap >= Gap::Line
        || matches!(previous.kind, Kind::Sign(b',' | b':' | b'(' | b'/' | b';'))
        || is_unit(page, previous)
        || is_cued_unit(page, previous)
        || is_service(page, previous)
        || matches!(previous.kind, Kind::Number | Kind::Code | Kind::Initial)
        || previous.kind == Kind::Lower
            && previous.len() == 1
            && is_designator(page, page.before(word, 2))
        || page.is_any(
            previous,
            &["to", "in", "from", "at", "on", "into", "pt", "patient"],
        )
        || page.is_any(page.at(word), &["unit", "apt"]) && is_building(previous)
}

/// A word of a building's or facility's name before `unit 6`.
fn is_building(token: &Token) -> bool {
    const KINDS: Class = Class::LANDMARK
        .or(Class::STREET)
        .or(Class::FACILITY)
        .or(Class::SURNAME)
        .or(Class::CITY);
    token.is_capital()
        && !token.class.has(Class::MEDICAL.or(Class::STOP))
        && (token.class.has(KINDS) || token.class == Class::NONE && token.kind == Kind::Title)
}

/// A preposition, a colon or a list before a word such as `OR`, which means other things elsewhere.
fn is_cued(page: &Page<'_>, word: usize) -> bool {
    let previous = page.before(word, 1);
    let the = usize::from(page.is_any(previous, &["the", "our", "your", "main"]));
    let link = page.before(word, 1 + the);
    page.is_any(
        link,
        &[
            "in",
            "to",
            "from",
            "at",
            "into",
            "location",
            "loc",
            "pyxis",
            "omnicell",
            "outside",
            "near",
            "bed",
            "room",
            "down",
            "peds",
            "adult",
            "pediatric",
            "then",
            "back",
        ],
    ) || link.is_sign(b':')
        && page.is_any(
            page.before(word, 2 + the),
            &[
                "location", "loc", "unit", "ward", "dept", "site", "room", "from", "to", "where",
            ],
        )
}

/// The first token of the unit, service and floor before the word of a bed: `Neuro ICU 7 East`,
/// `fast track chair`, `CVICU, pod`.
fn lead(page: &Page<'_>, word: usize) -> usize {
    let mut first = word;
    for _ in 0..6 {
        let previous = page.before(first, 1);
        let comma = usize::from(previous.is_sign(b','));
        let near = first.saturating_sub(comma);
        let token = page.before(near, 1);
        let linked = page.at(near).gap <= Gap::Space && page.at(first).gap <= Gap::Space;
        let unit = is_unit(page, token)
            || comma == 0
                && (is_service(page, token)
                    || is_cued_unit(page, token)
                        && (token.kind == Kind::Upper || is_cued(page, near - 1)))
            || comma == 1 && token.kind == Kind::Title && is_service(page, token)
            || comma == 1 && is_naming(page, token) && page.is(page.before(near, 2), "the");
        let ampersand = is_labor(page, first);
        if linked && token.is_word() && unit {
            first = near - 1;
        } else if ampersand {
            first -= 2;
        } else {
            break;
        }
    }
    first
}

/// A ward by floor and wing that the number or word at `place` opens: `on 5 West`, `to Six East`,
/// `4 West 12B`, `5 Tower`.
pub(crate) fn wing(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (number, wing) = (page.at(place), page.at(place + 1));
    let compass = wing.class.has(Class::DIRECTION) && wing.len() > 3;
    let service = number.is_word() && !page.is_any(number, NUMBERS);
    let tower = wing.kind == Kind::Title
        && page.is_any(wing, &["tower", "main", "pavilion", "annex", "center"]);
    if number.len() > 5 && !service
        || number.kind == Kind::Number && number.len() > 2
        || wing.gap != Gap::Space
        || !(compass || tower)
        || page.before(place, 1).is_sign(b'.') && number.gap == Gap::None
    {
        return;
    }
    let next = page.at(place + 2);
    let end = wing_bed(page, place + 2);
    let street = next.gap == Gap::Space
        && next.is_capital()
        && !(page.is_shouted || is_designator(page, next) || next.class.has(Class::ROOM));
    let cue = page.before(place, 1);
    let cued = page.is_any(
        cue,
        &[
            "on", "to", "from", "at", "unit", "in", "bed", "floor", "not", "ward", "tele", "the",
        ],
    ) || is_unit(page, cue)
        || is_service(page, cue)
        || cue.is_sign(b',') && wing.kind != Kind::Lower
        || cue.is_sign(b':');
    let plain = wing.kind == Kind::Lower && page.is_any(cue, &["to", "at", "in", "from", "the"]);
    let closed =
        !(next.gap == Gap::Space && (next.kind == Kind::Lower && !next.class.has(Class::STOP)));
    if service {
        if !street && wing.kind != Kind::Lower && number.kind != Kind::Lower {
            found.push(page.finding(
                lead(page, place),
                end.unwrap_or(place + 1),
                Label::Geo,
                0.6,
                "wing",
            ));
        }
        return;
    }
    let last = match end {
        Some(end) => end,
        None if cued && !street && (!plain || closed) => place + 1,
        None => return,
    };
    let first = lead(page, place);
    found.push(page.finding(first, last, Label::Geo, 0.65, "wing"));
}

/// The bed behind a wing: `12B`, `bed 14`, `Rm 317-A`.
fn wing_bed(page: &Page<'_>, at: usize) -> Option<usize> {
    let at = at + usize::from(page.at(at).is_sign(b','));
    let token = page.at(at);
    if token.gap != Gap::Space {
        return None;
    }
    if token.is_word() && (is_designator(page, token) || token.class.has(Class::ROOM)) {
        let dot = usize::from(page.at(at + 1).is_sign(b'.'));
        return fits(page, at + 1 + dot).then(|| value_end(page, at + 1 + dot));
    }
    let street = page.at(at + 1);
    let named = street.gap == Gap::Space && street.class.has(Class::STREET);
    let bed = matches!(token.kind, Kind::Number | Kind::Code) && fits(page, at);
    (bed && !named && !super::is_ordinal(page.bytes(at))).then(|| value_end(page, at))
}

/// A bed by one code: `7E-22`, `9T-04`, `4W12`, `on 6W`. Not `p = 7E-22`.
pub(crate) fn code(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let text = page.bytes(place);
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let letters = text.get(digits..).unwrap_or_default();
    let previous = page.before(place, 1);
    if matches!(
        previous.kind,
        Kind::Sign(b'=' | b'<' | b'>' | b'~' | b'/' | b'-' | b'.' | b'+' | b'*')
    ) || page.is_any(previous, &["p", "x", "of", "value"])
    {
        return;
    }
    let (hyphen, bed) = (page.at(place + 1), page.at(place + 2));
    if is_glued(text) && !is_counted(page, place) {
        found.push(page.finding(place, place, Label::Geo, 0.65, "bed-code"));
        return;
    }
    if is_ward(text) && hyphen.gap == Gap::Space && is_unit(page, hyphen) {
        found.push(page.finding(place, place + 1, Label::Geo, 0.65, "bed-code"));
        return;
    }
    let bedded = hyphen.gap == Gap::Space
        && is_ward(text)
        && (page.is_any(hyphen, &["bed", "rm", "room"])
            && matches!(bed.kind, Kind::Number | Kind::Code));
    if bedded {
        found.push(page.finding(
            place,
            value_end(page, place + 2),
            Label::Geo,
            0.65,
            "bed-code",
        ));
        return;
    }
    if page.is_any(hyphen, &["floor", "fl"]) && hyphen.gap == Gap::Space && super::is_ordinal(text)
    {
        floor(page, place, found);
        return;
    }
    if !(1..=2).contains(&digits) || !letters.first().is_some_and(u8::is_ascii_uppercase) {
        return;
    }
    let joined = letters.len() == 1
        && hyphen.is_sign(b'-')
        && hyphen.gap == Gap::None
        && bed.gap == Gap::None
        && matches!(bed.kind, Kind::Number | Kind::Code)
        && (2..=3).contains(&bed.len())
        && bed.len() < 4
        && !(page.at(place + 3).is_sign(b'-') && page.at(place + 3).gap == Gap::None);
    let compass = matches!(letters.first(), Some(b'N' | b'S' | b'E' | b'W'));
    let number = letters.get(1..).unwrap_or_default();
    let ward = matches!(letters, [b'A'..=b'E' | b'G' | b'H' | b'T']) && digits == 1;
    let slashed = letters.len() == 1
        && hyphen.is_sign(b'/')
        && hyphen.gap == Gap::None
        && bed.kind == Kind::Number
        && bed.len() == 2
        && page.opens(place)
        && value_end(page, place + 2) > place + 2;
    let whole = compass && number.len() >= 2 && number.iter().all(u8::is_ascii_digit);
    let alone = compass
        && number.is_empty()
        && (page.is_any(previous, &["on", "unit", "floor", "ward"])
            || previous.is_sign(b',') && page.at(place + 1).is_sign(b','))
        && !is_counted(page, place)
        || ward
            && page.is_any(previous, &["on", "ward", "unit"])
            && is_closed(page, place)
            && !is_counted(page, place);
    if joined || whole || alone || slashed {
        let last = place
            + if slashed {
                4
            } else if joined {
                2
            } else {
                0
            };
        found.push(page.finding(place, last, Label::Geo, 0.65, "bed-code"));
    }
}

/// `Rm412`, `bed12`, `MICU9`: a word of beds and its number in one.
fn is_glued(text: &[u8]) -> bool {
    let letters = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (word, number) = text.split_at_checked(letters).unwrap_or_default();
    let digits = (1..=4).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    digits
        && [
            &b"rm"[..],
            b"bed",
            b"room",
            b"icu",
            b"micu",
            b"sicu",
            b"picu",
            b"nicu",
            b"pacu",
            b"cvicu",
            b"ward",
        ]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// `6W`, `b5`, `4A`: a digit or two and a letter, in either order.
fn is_ward(text: &[u8]) -> bool {
    match text {
        [b'0'..=b'9', letter] | [b'0'..=b'9', b'0'..=b'9', letter] => letter.is_ascii_alphabetic(),
        [letter, b'0'..=b'9'] | [letter, b'0'..=b'9', b'0'..=b'9'] => {
            letter.is_ascii_alphabetic() && letter | 0x20 != b'l'
        }
        _ => false,
    }
}

/// `Tower B, 6th floor, 622-2`: a floor in a list of parts of a building, and the bed behind it.
fn floor(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (next, bed) = (page.at(place + 2), page.at(place + 3));
    let listed = page.before(place, 1).is_sign(b',')
        || next.is_sign(b',') && (is_designator(page, bed) || matches!(bed.kind, Kind::Number))
        || next.gap == Gap::Space
            && next.is_capital()
            && page.is_any(
                next,
                &["tower", "pavilion", "north", "south", "east", "west"],
            );
    if !listed {
        return;
    }
    let behind = if next.is_sign(b',') && bed.kind == Kind::Number && fits(page, place + 3) {
        value_end(page, place + 3)
    } else {
        place
            + 1
            + usize::from(next.gap == Gap::Space && next.is_capital() && page.is(next, "tower"))
    };
    found.push(page.finding(place, behind, Label::Geo, 0.6, "floor"));
}

/// The room in `the patient in 214`: a number of three digits or a code right behind a person.
pub(crate) fn person_in(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let person = page.before(place, 2);
    let named = person.class.has(Class::GIVEN.or(Class::SURNAME))
        && !person
            .class
            .has(Class::COMMON.or(Class::MEDICAL).or(Class::EPONYM))
        && person.kind != Kind::Initial;
    let someone = named
        || person.class.has(Class::PERSON.or(Class::RELATION))
            && !page.slice(person).ends_with(b"s")
        || page.is_any(
            person,
            &[
                "pt",
                "guy",
                "lady",
                "female",
                "male",
                "kid",
                "one",
                "gentleman",
            ],
        );
    if !someone || !page.is(page.before(place, 1), "in") || !fits(page, place) {
        return;
    }
    let (token, last) = (page.at(place), value_end(page, place));
    let next = page.at(last + 1);
    let shaped = token.len() == 3 || last > place || token.kind == Kind::Code;
    let closed = next.gap >= Gap::Line
        || matches!(next.kind, Kind::Edge | Kind::Sign(_) | Kind::Possessive)
        || next.class.has(Class::STOP.or(Class::PERSON_VERB));
    if shaped && closed {
        found.push(page.finding(place, last, Label::Geo, 0.6, "room-of-person"));
    }
}
