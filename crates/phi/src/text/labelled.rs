//! Numbers that a word announces: `MRN: 448-21`, `Acct # 7781`, `VIN ...`, `fax 555 0123`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind, Token},
};

/// Every class that announces a number.
pub(crate) const CUES: Class = Class::CUE_RECORD
    .or(Class::CUE_ACCOUNT)
    .or(Class::CUE_PLAN)
    .or(Class::CUE_LICENSE)
    .or(Class::CUE_DEVICE)
    .or(Class::CUE_VEHICLE)
    .or(Class::CUE_SSN)
    .or(Class::CUE_PHONE)
    .or(Class::CUE_FAX)
    .or(Class::CUE_ID)
    .or(Class::CUE_BIOMETRIC);

/// The number that the cue at `place` announces.
pub(crate) fn number(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if !is_acidity(page, place) && !is_decilitre(page, place) {
        announced(page, place, label(page, place), found);
    }
}

/// `pH 7.32`: no telephone.
fn is_acidity(page: &Page<'_>, place: usize) -> bool {
    let decimal = page.at(place + 2).is_sign(b'.') && page.at(place + 1).len() <= 2
        || page.at(place + 3).is_sign(b'.') && page.at(place + 2).len() == 1;
    page.bytes(place) == b"pH" || page.at(place).len() <= 2 && decimal
}

/// The unit of `140 mg/dL | 40-59`: no driver's licence.
fn is_decilitre(page: &Page<'_>, place: usize) -> bool {
    page.bytes(place) == b"dL"
        || page.is(page.at(place), "dl") && page.before(place, 1).is_sign(b'/')
}

/// The number of a label made of two words, the second of which is at `place`: `MR #`, `med rec`,
/// `hospital no.`, `unit number`.
pub(crate) fn record(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let next = page.at(place + 1);
    if next.is_sign(b'#') || page.is_any(next, &["number", "no", "num", "nr", "nbr", "rec"]) {
        announced(page, place, Label::Mrn, found);
    }
}

/// `med rec`, `med. rec.`
pub(crate) fn medical_record(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let dot = usize::from(page.before(place, 1).is_sign(b'.'));
    if page.is_any(
        page.before(place, 1 + dot),
        &["med", "medical", "hosp", "health"],
    ) {
        announced(page, place, Label::Mrn, found);
    }
}

/// `s/n DEV-4485`: the serial number of a device, from the letter behind the stroke.
pub(crate) fn serial_number(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let stroke = page.before(place, 1);
    if stroke.is_sign(b'/') && stroke.gap == Gap::None && page.at(place).gap == Gap::None {
        announced(page, place, Label::Device, found);
    }
}

fn announced(page: &Page<'_>, place: usize, label: Label, found: &mut Vec<Finding>) {
    let (first, is_marked) = value_place(page, place);
    let token = page.at(first);
    let firm = is_firm(page, place);
    let far = token.gap > Gap::Line && !(firm && is_marked && token.len() >= 5);
    if far || !is_value_start(page, first, label) {
        return;
    }
    let last = value_end(page, first, label);
    let last = last + usize::from(has_closing_letter(page, last, label));
    let digits = digits(page, first, last);
    let pager =
        page.is_any(page.at(place), PAGERS) || page.is_any(page.at(place), &["ext", "extension"]);
    let coded = first != last || token.kind == Kind::Code && token.len() >= 5;
    let is_marked = is_marked
        || page.is(page.at(place), "id") && token.kind == Kind::Number && token.len() >= 4;
    let wanted = match label {
        Label::Phone | Label::Fax if !pager => 7,
        Label::Phone => 3,
        Label::Ssn => 4,
        Label::Vehicle if coded => 2,
        _ if firm || is_marked => 3,
        _ if coded && token.kind != Kind::Number => 3,
        _ => 5,
    };
    let is_marked = is_marked
        || label == Label::Ssn && (1..=4).any(|back| page.is(page.before(place, back), "last"));
    let loose = !is_marked && !firm;
    if digits < wanted
        || digits > 30
        || loose && (!pager && !coded && is_plain_quantity(page, first, last))
        || loose && is_counted(page, last)
        || is_terminology(page, place, first)
        || is_nobodys(page, place, first, last, label)
        || page.bytes(first) == b"0" && page.at(first + 1).is_sign(b'.')
    {
        return;
    }
    found.push(page.finding(first, last, label, 0.8, "labelled-number"));
}

/// A decimal (`SUV 9.1`, `exam: T 98.4`), a procedure that is billed, the number of a card's issuer,
/// which all its members share.
fn is_nobodys(page: &Page<'_>, place: usize, first: usize, last: usize, label: Label) -> bool {
    let decimal = last == first + 2
        && page.at(first + 1).is_sign(b'.')
        && page.at(first).len() <= 3
        && page.at(last).len() <= 2
        && page.at(last).kind == Kind::Number;
    let five = first == last && page.at(first).kind == Kind::Number && page.at(first).len() == 5;
    decimal && matches!(label, Label::Vehicle | Label::OtherId | Label::Account)
        || five && page.is_any(page.at(place), &["billing", "billed"])
        || page.is_any(page.before(first, 1), &["bin", "rxbin"])
}

/// `HMK 60218845 A,`: a letter or two that close a number of a plan or a device.
fn has_closing_letter(page: &Page<'_>, last: usize, label: Label) -> bool {
    let (letter, next) = (page.at(last + 1), page.at(last + 2));
    matches!(
        label,
        Label::HealthPlan | Label::Device | Label::Mrn | Label::License
    ) && letter.gap == Gap::Space
        && (letter.kind == Kind::Initial || letter.kind == Kind::Upper && letter.len() == 2)
        && !page.is_any(letter, &["m", "f"])
        && page.at(last).kind == Kind::Number
        && (next.gap >= Gap::Line || matches!(next.kind, Kind::Sign(b',' | b')' | b';' | b'.')))
}

/// `12345 patients`, `500 mg`.
fn is_counted(page: &Page<'_>, last: usize) -> bool {
    let after = page.at(last + 1);
    after.gap <= Gap::Space
        && (after.class.has(Class::UNIT) && after.kind == Kind::Lower
            || page.is_any(
                after,
                &[
                    "patients",
                    "cases",
                    "subjects",
                    "participants",
                    "people",
                    "women",
                    "men",
                    "children",
                ],
            ))
}

/// Where the value begins after fillers such as `number`, `#`, `:`, and whether one of them marks
/// it as a number.
fn value_place(page: &Page<'_>, place: usize) -> (usize, bool) {
    let mut at = place + 1;
    let mut is_marked = false;
    while at < place + 14 {
        let token = page.at(at);
        if token.gap > Gap::Line && !is_marked {
            break;
        }
        match token.kind {
            Kind::Sign(b'#' | b':' | b'=' | b'|') => is_marked = true,
            Kind::Sign(
                b'.' | b'(' | b')' | b'-' | b'"' | b'*' | b'[' | b'_' | b'<' | b'>' | b',' | b'\'',
            )
            | Kind::Possessive => {}
            Kind::Sign(b'/') if token.gap == Gap::None => {}
            Kind::Number
                if token.len() == 1
                    && page.at(at + 1).is_sign(b':')
                    && page.at(at + 2).kind == Kind::Number => {}
            _ if page.is_any(token, FILLERS) && !is_value_start(page, at, Label::OtherId) => {
                is_marked |= page.is_any(token, &["ending", "four"]);
            }
            _ if is_tag(page, at) => {}
            _ if token.is_word()
                && token.class.has(Class::NUMBER_WORD.or(CUES))
                && !is_value_start(page, at, Label::OtherId) =>
            {
                is_marked |= page.is_any(
                    token,
                    &[
                        "number",
                        "no",
                        "num",
                        "id",
                        "nbr",
                        "nr",
                        "identifier",
                        "ending",
                    ],
                );
            }
            _ => break,
        }
        at += 1;
    }
    (at, is_marked)
}

/// The name of an element of markup: `<b>`, `</td>`.
fn is_tag(page: &Page<'_>, place: usize) -> bool {
    let opens = page.before(place, 1).is_sign(b'<')
        || page.before(place, 1).is_sign(b'/') && page.before(place, 2).is_sign(b'<');
    opens && page.at(place + 1).is_sign(b'>') && page.at(place).is_word()
}

/// A number, a code, or capitals joined to one: `ABC-123`.
fn is_value_start(page: &Page<'_>, place: usize, label: Label) -> bool {
    let token = page.at(place);
    match token.kind {
        Kind::Number | Kind::Code => true,
        Kind::Sign(b'+') => page.at(place + 1).kind == Kind::Number,
        Kind::Upper | Kind::Initial | Kind::Lower | Kind::Mixed => {
            let next = page.at(place + 1);
            let joined =
                matches!(next.kind, Kind::Sign(b'-' | b'_' | b'/')) && next.gap == Gap::None;
            let after = page.at(place + 2);
            let has_digits = |token: &Token| matches!(token.kind, Kind::Number | Kind::Code);
            joined
                && after.gap == Gap::None
                && (has_digits(after)
                    || token.kind == Kind::Upper
                        && has_digits(page.at(place + 4))
                        && page.at(place + 4).gap == Gap::None)
                || matches!(token.kind, Kind::Upper | Kind::Initial)
                    && token.len() <= 4
                    && !token
                        .class
                        .has(CUES.or(Class::NUMBER_WORD).without(Class::CUE_PHONE))
                    && next.gap == Gap::Space
                    && has_digits(next)
                    && run_of_digits(page, place + 1) >= if label == Label::Vehicle { 2 } else { 4 }
                || token.kind == Kind::Upper
                    && label == Label::Account
                    && next.gap == Gap::Space
                    && is_iban_head(page, place)
        }
        _ => false,
    }
}

/// Digits of the numbers that follow one another from a place, joined or after one blank.
fn run_of_digits(page: &Page<'_>, place: usize) -> usize {
    let mut digits = 0;
    let mut at = place;
    while at < place + 7 {
        let token = page.at(at);
        let joins = matches!(token.kind, Kind::Sign(b'-' | b'.' | b'/'));
        if token.gap > Gap::Space || !(joins || matches!(token.kind, Kind::Number | Kind::Code)) {
            break;
        }
        digits += page
            .bytes(at)
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .count();
        at += 1;
    }
    digits
}

/// The last digits of a number that is otherwise kept back: `last 4 on file is 4471`, `phone ending
/// in 0187`.
pub(crate) fn tail(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let of_four = page.is_any(page.at(place + 1), &["4", "four"]) || page.bytes(place + 1) == b"4";
    if page.is(page.at(place), "last") && !of_four {
        return;
    }
    let mut at = place + 1 + usize::from(of_four);
    let end = at + 6;
    while at < end
        && (page.is_any(page.at(at), TAIL_FILLERS)
            || matches!(
                page.at(at).kind,
                Kind::Sign(b':' | b'#' | b'=' | b'(' | b'"')
            ))
    {
        at += 1;
    }
    let token = page.at(at);
    if token.kind != Kind::Number || !matches!(token.len(), 3..=5) || token.gap > Gap::Line {
        return;
    }
    let near = |class: Class| (1..=4).any(|back| page.before(place, back).class.has(class));
    let label = if near(Class::CUE_PHONE) {
        Label::Phone
    } else if near(Class::CUE_ACCOUNT) || page.is(page.at(place), "ending") {
        Label::Account
    } else {
        Label::Ssn
    };
    found.push(page.finding(at, at, label, 0.75, "last-digits"));
}

const TAIL_FILLERS: &[&str] = &[
    "in", "with", "is", "are", "was", "on", "file", "of", "the", "ssn", "social", "ss", "digits",
    "security", "number", "card", "phone", "account", "acct", "as", "numbers",
];

/// Whether a word is one digit as it is said: `two`, `oh`, `triple`.
pub(crate) fn is_spoken_digit(page: &Page<'_>, token: &Token) -> bool {
    let mut letters = [0_u8; 6];
    let bytes = page.slice(token);
    let Some(room) = letters.get_mut(..bytes.len()) else {
        return false;
    };
    room.copy_from_slice(bytes);
    room.make_ascii_lowercase();
    matches!(
        &*room,
        b"zero"
            | b"oh"
            | b"one"
            | b"two"
            | b"three"
            | b"four"
            | b"five"
            | b"six"
            | b"seven"
            | b"eight"
            | b"nine"
            | b"niner"
            | b"double"
            | b"triple"
            | b"dash"
            | b"hyphen"
    )
}

/// A number said digit by digit: `two two zero nine one four`.
pub(crate) fn spoken(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let joins = |at: usize| page.at(at).is_sign(b'-') || page.at(at).is_sign(b',');
    let goes_on = is_spoken_digit(page, page.before(place, 1))
        || joins(place.wrapping_sub(1)) && is_spoken_digit(page, page.before(place, 2));
    let (mut at, mut last, mut count) = (place, place, 0);
    while !goes_on && at < place + 60 && is_spoken_digit(page, page.at(at)) {
        (last, count) = (at, count + 1);
        at += 1 + usize::from(joins(at + 1));
    }
    if count >= 5 {
        found.push(page.finding(place, last, Label::OtherId, 0.7, "spoken-digits"));
    }
}

/// Small things that are called by a few digits.
const PAGERS: &[&str] = &[
    "pager",
    "beeper",
    "pgr",
    "bleep",
    "bleeper",
    "spectralink",
    "vocera",
    "ascom",
    "voalte",
];

/// The extension somebody was paged at: `paged x2 at 4471`, `pg 33121`; five digits behind `call the
/// unit at`, where four may be a time.
pub(crate) fn paged(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let next = page.at(place + 1);
    let direct = next.kind == Kind::Number
        && next.gap == Gap::Space
        && !page.at(place + 2).class.has(Class::UNIT)
        && (page.is(page.at(place), "pg") && matches!(next.len(), 4 | 5)
            || page.is(page.at(place), "page") && next.len() == 5);
    if direct {
        found.push(page.finding(place + 1, place + 1, Label::Phone, 0.6, "pager"));
        return;
    }
    let fewest = if page.is_any(page.at(place), &["paged", "page", "pg"]) {
        4
    } else {
        5
    };
    for at in place + 1..place + 6 {
        let token = page.at(at);
        if token.kind == Kind::Number
            && (fewest..=5).contains(&token.len())
            && page.is_any(page.before(at, 1), &["at", "on", "to", "ext", "extension"])
            && !page.at(at + 1).class.has(Class::UNIT)
        {
            found.push(page.finding(at, at, Label::Phone, 0.6, "pager"));
            return;
        }
    }
}

/// `QQ 12 34 56 C`-like groups are left to the caller; `GB82 WEST 1234` opens with a code.
fn is_iban_head(page: &Page<'_>, place: usize) -> bool {
    page.at(place).len() == 2 && page.at(place + 1).len() == 2
}

/// The last token of the value: joined parts, and for some labels groups of digits after spaces.
fn value_end(page: &Page<'_>, first: usize, label: Label) -> usize {
    let by_groups = matches!(
        label,
        Label::Account
            | Label::Ssn
            | Label::HealthPlan
            | Label::Phone
            | Label::Fax
            | Label::Device
            | Label::Mrn
            | Label::Vehicle
            | Label::License
    );
    let mut last = first;
    loop {
        let next = page.at(last + 1);
        let after = page.at(last + 2);
        let alnum =
            |token: &Token| matches!(token.kind, Kind::Number | Kind::Code) || token.is_word();
        let is_separator = matches!(
            next.kind,
            Kind::Sign(b'-' | b'_' | b'/' | b'.' | b':' | b'*' | b'(' | b')' | b'+')
        );
        if next.gap == Gap::None && is_separator && after.gap == Gap::None && alnum(after) {
            last += 2;
        } else if next.gap == Gap::None && alnum(next)
            || (by_groups
                || label == Label::OtherId
                    && (page.at(last + 1).len() >= 4 || page.at(last).kind == Kind::Code))
                && is_next_group(page, last, label)
            || is_broken(page, last)
        {
            last += 1;
        } else {
            return last;
        }
        if last > first + 16 {
            return last;
        }
    }
}

/// `1234 5678`: another group of the same number.
fn is_next_group(page: &Page<'_>, last: usize, label: Label) -> bool {
    let (token, next) = (page.at(last), page.at(last + 1));
    let is_plate = label == Label::Vehicle
        && next.gap == Gap::Space
        && matches!(next.kind, Kind::Upper | Kind::Number | Kind::Code)
        && matches!(token.kind, Kind::Upper | Kind::Number | Kind::Code)
        && next.len() <= 4
        && token.len() <= 4
        && page.before(last, 1).gap <= page.at(last).gap.max(Gap::Space)
        && !next.class.has(CUES.or(Class::COMMON));
    let is_coded = matches!(label, Label::Account | Label::HealthPlan | Label::OtherId)
        && next.gap == Gap::Space
        && token.kind == Kind::Code
        && (next.kind == Kind::Number && next.len() >= 2
            || next.kind == Kind::Upper
                && next.len() == 4
                && page.at(last + 2).kind == Kind::Number);
    let after_letters = label == Label::Account
        && token.kind == Kind::Upper
        && token.len() == 4
        && next.kind == Kind::Number
        && next.len() == 4;
    let after = page.at(last + 2);
    let is_counted = after.class.has(Class::UNIT) && !page.is(after, "in");
    if is_plate || is_coded || after_letters {
        return !is_counted;
    }
    let spaced = next.gap == Gap::Space && next.kind == Kind::Number;
    let of_digits =
        matches!(token.kind, Kind::Number | Kind::Sign(b')')) && (2..=7).contains(&next.len());
    let of_letters = token.kind == Kind::Upper && next.len() >= 3
        || token.kind == Kind::Initial && next.len() >= 4;
    spaced && (of_digits || of_letters) && !is_counted
}

/// A number that breaks off at the end of a line and goes on at the next: `4482` `19`.
fn is_broken(page: &Page<'_>, last: usize) -> bool {
    let (token, next, after) = (page.at(last), page.at(last + 1), page.at(last + 2));
    token.kind == Kind::Number
        && next.kind == Kind::Number
        && next.gap == Gap::Line
        && token.len() + next.len() <= 12
        && (after.gap >= Gap::Line || matches!(after.kind, Kind::Sign(b',' | b';') | Kind::Edge))
}

/// How many digits stand from the token at `first` to the one at `last`.
pub(super) fn digits(page: &Page<'_>, first: usize, last: usize) -> usize {
    let (start, end) = page.span(first, last);
    page.text
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .count()
}

/// A cue that means nothing but a number to come.
fn is_firm(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let medical = page.is_any(page.before(place, 1), &["medical", "health", "hospital"]);
    let known = page.at(place).kind == Kind::Upper && page.is(token, "pin")
        || page.is_any(token, &["subject", "participant", "inmate", "tattoo"]);
    page.is_any(token, FIRM) || page.is(token, "record") && medical || known
}

/// A short bare number after a weak cue, or one with a unit.
fn is_plain_quantity(page: &Page<'_>, first: usize, last: usize) -> bool {
    let after = page.at(last + 1);
    let lone = first == last && page.at(first).kind == Kind::Number;
    after.class.has(Class::UNIT) && after.gap <= Gap::Space || lone && page.at(first).len() < 5
}

/// `ICD code: E11.9`, `CPT 99213`: a code of a terminology.
fn is_terminology(page: &Page<'_>, place: usize, first: usize) -> bool {
    let from = place.saturating_sub(2);
    let coded = (place..first).any(|at| page.is(page.at(at), "code"))
        && page.at(first).len() <= 5
        && !page.is_any(
            page.before(place, 1),
            &[
                "sort", "access", "entry", "door", "gate", "pass", "security", "pin",
            ],
        );
    if coded {
        return true;
    }
    (from..first).any(|at| {
        page.at(at).class.has(Class::CODE) && !page.is_any(page.at(at), &["stage", "grade", "v"])
    }) || page.is_any(page.at(place), &["code"])
        && page.is_any(
            page.before(place, 1),
            &["diagnosis", "procedure", "billing", "area", "blue", "dress"],
        )
}

/// Which identifier the cue announces, with a look at the words beside it.
fn label(page: &Page<'_>, place: usize) -> Label {
    let own = page.at(place).class;
    let before = page.before(place, 1);
    let after = page.at(place + 1);
    let near = |words: &[&str]| page.is_any(before, words) || page.is_any(after, words);
    let last_four = || (1..=4).any(|back| page.is(page.before(place, back), "last"));
    if own.has(Class::CUE_SSN)
        && (page.at(place).len() < 5 || near(&["security", "insurance"]) || last_four())
    {
        return Label::Ssn;
    }
    if page.is(page.at(place), "c") && before.is_sign(b'/') && page.is(page.before(place, 2), "a") {
        return Label::Account;
    }
    if page.is(page.at(place), "record") && near(&["medical", "health", "hospital", "patient"])
        || near(&["mrn"])
    {
        return Label::Mrn;
    }
    if near(&["license", "licence", "registration", "certificate"]) && near(&["plate", "plates"]) {
        return Label::Vehicle;
    }
    let by_class = [
        (Class::CUE_RECORD, Label::Mrn),
        (Class::CUE_FAX, Label::Fax),
        (Class::CUE_VEHICLE, Label::Vehicle),
        (Class::CUE_LICENSE, Label::License),
        (Class::CUE_ACCOUNT, Label::Account),
        (Class::CUE_PLAN, Label::HealthPlan),
        (Class::CUE_DEVICE, Label::Device),
        (Class::CUE_BIOMETRIC, Label::Biometric),
    ];
    if own.has(Class::CUE_LICENSE) && page.is_any(after, &["plate", "plates"]) {
        return Label::Vehicle;
    }
    if page.is_any(page.at(place), &["id", "number", "identifier", "no"]) {
        let mut back = 1;
        while back <= 4 && page.before(place, back).is_word() {
            let class = page.before(place, back).class;
            if page.is_any(page.before(place, back), &["security"]) {
                return Label::Ssn;
            }
            if page.is_any(
                page.before(place, back),
                &["phone", "telephone", "cell", "mobile", "pager", "contact"],
            ) {
                return Label::Phone;
            }
            if let Some((_, label)) = by_class.iter().find(|(cue, _)| class.has(*cue)) {
                return *label;
            }
            back += 1;
        }
        return Label::OtherId;
    }
    let found = by_class.iter().find(|(class, _)| own.has(*class));
    if let Some((_, label)) = found {
        return *label;
    }
    if own.has(Class::CUE_PHONE) {
        return Label::Phone;
    }
    Label::OtherId
}

/// Whether a phone number at `place` is a fax number: the nearest word of either kind before it
/// on the same line decides.
pub(crate) fn phone_label(page: &Page<'_>, place: usize) -> Label {
    for back in 1..=6 {
        let token = page.before(place, back);
        if token.class.has(Class::CUE_FAX) {
            return Label::Fax;
        }
        if page.is_any(
            token,
            &[
                "phone",
                "tel",
                "telephone",
                "cell",
                "mobile",
                "ph",
                "pager",
                "call",
                "or",
            ],
        ) || page.before(place, back.saturating_sub(1)).gap >= Gap::Line && back > 1
        {
            break;
        }
    }
    let after = page.at(page.place_from(place, page.at(place).end as usize) + 4);
    if page.is_any(after, &["fax"]) && page.before(place, 1).is_sign(b'(') {
        return Label::Fax;
    }
    Label::Phone
}

/// The number in brackets behind the name of somebody paged: `paged Dr. Ek (4417)`.
pub(crate) fn pager(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let number = page.at(place + 1);
    if !matches!(number.len(), 4 | 5)
        || number.gap != Gap::None
        || !page.before(place, 1).is_capital()
    {
        return;
    }
    let paged = (2..=7)
        .take_while(|&step| {
            page.before(place, step - 1).gap <= Gap::Line && !page.before(place, step).is_sign(b';')
        })
        .any(|step| {
            page.is_any(
                page.before(place, step),
                &[
                    "paged",
                    "paging",
                    "page",
                    "pager",
                    "beeper",
                    "beeped",
                    "bleep",
                    "called",
                    "contacted",
                    "reach",
                ],
            )
        });
    let is_year = number.len() == 4
        && (page.bytes(place + 1).starts_with(b"19") || page.bytes(place + 1).starts_with(b"20"))
        && !page.is_any(page.before(place, 3), &["paged"]);
    if paged && !is_year {
        found.push(page.finding(place + 1, place + 1, Label::Phone, 0.7, "pager"));
    }
}

/// Words that may stand between a cue and its number without marking it.
const FILLERS: &[&str] = &[
    "security",
    "insurance",
    "record",
    "plan",
    "health",
    "card",
    "plate",
    "beneficiary",
    "medical",
    "bank",
    "ending",
    "in",
    "are",
    "with",
    "last",
    "four",
    "digits",
    "nbsp",
    "scan",
    "x",
    "enrolment",
    "enrollment",
    "template",
    "hash",
    "pattern",
    "vein",
    "print",
    "under",
];

const FIRM: &[&str] = &[
    "mrn",
    "ssn",
    "acct",
    "account",
    "dea",
    "npi",
    "vin",
    "csn",
    "fin",
    "accession",
    "mbi",
    "hicn",
    "iban",
    "udi",
    "imei",
    "serial",
    "plate",
    "plates",
    "license",
    "licence",
    "passport",
    "ein",
    "itin",
    "policy",
    "subscriber",
    "pager",
    "fax",
    "tel",
    "phone",
    "telephone",
    "mpi",
    "medrec",
    "emrn",
    "routing",
    "upin",
    "sn",
    "requisition",
    "confirmation",
    "badge",
    "fingerprint",
    "voiceprint",
    "swift",
    "bic",
    "empi",
    "urn",
    "ehr",
    "emr",
    "medrec",
    "grp",
    "rxgrp",
    "rxbin",
    "docket",
    "receipt",
    "curp",
    "cpf",
    "aadhaar",
    "nino",
    "dni",
    "nie",
    "barcode",
];

/// A user name, login or password: any word behind a colon, a word with digits or signs without.
pub(crate) fn credential(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    let id = usize::from(page.is_any(page.at(at), &["id", "name"]));
    at += id;
    let is_marked = matches!(page.at(at).kind, Kind::Sign(b':' | b'='))
        || page.is(page.at(at), "is") && id == 0 && !page.is(page.at(place), "user");
    at += usize::from(is_marked);
    let token = page.at(at);
    if token.gap > Gap::Space || page.is(page.at(place), "user") && id == 0 {
        return;
    }
    let start = token.start as usize;
    let length = page
        .text
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_graphic() && !b",;<>\"".contains(byte))
        .count();
    let text = page.text.get(start..start + length).unwrap_or_default();
    let text = text.strip_suffix(b".").unwrap_or(text);
    let odd = text
        .iter()
        .any(|byte| byte.is_ascii_digit() || b"_@".contains(byte));
    if text.len() > 2 && text.iter().any(u8::is_ascii_alphanumeric) && (odd || is_marked) {
        found.push(Finding {
            start,
            end: start + text.len(),
            label: Label::OtherId,
            score: 0.7,
            detector: "credential",
        });
    }
}

/// The name of a picture's file, from its ending: `IMG_1234.jpg`.
pub(crate) fn picture(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let ending = page.slice(token);
    let is_picture = PICTURES
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known.as_bytes()));
    if !is_picture || !page.before(place, 1).is_sign(b'.') {
        return;
    }
    let dot = page.before(place, 1).start as usize;
    let length = page
        .text
        .get(..dot)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte))
        .count();
    if length > 0 {
        found.push(Finding {
            start: dot - length,
            end: token.end as usize,
            label: Label::Photo,
            score: 0.8,
            detector: "picture-file",
        });
    }
}

const PICTURES: &[&str] = &[
    "jpg", "jpeg", "png", "tif", "tiff", "heic", "gif", "bmp", "webp", "mov", "avi", "webm", "mp4",
    "m4v",
];

/// A device identifier as it stands behind `UDI`, whatever signs it has (FDA UDI, HIBCC, ICCBBA).
pub(crate) fn udi(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let colon = usize::from(matches!(page.at(place + 1).kind, Kind::Sign(b':' | b'#')));
    let first = page.at(place + 1 + colon);
    let start = first.start as usize;
    let length = page
        .text
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_graphic())
        .count();
    let text = page.text.get(start..start + length).unwrap_or_default();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    if first.gap <= Gap::Line && digits > 5 {
        found.push(Finding {
            start,
            end: start + length,
            label: Label::Device,
            score: 0.9,
            detector: "udi",
        });
    }
}
