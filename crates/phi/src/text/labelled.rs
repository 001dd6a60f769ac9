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
    let (first, is_marked) = value_place(page, place);
    let token = page.at(first);
    if token.gap > Gap::Line || !is_value_start(page, first) {
        return;
    }
    let label = label(page, place);
    let last = value_end(page, first, label);
    let digits = digits(page, first, last);
    let enough = if is_firm(page, place) || is_marked {
        3
    } else {
        5
    };
    let pager = page.is_any(page.at(place), &["pager", "beeper", "ext", "extension"]);
    let wanted = match label {
        Label::Phone | Label::Fax if !pager => 7,
        Label::Phone => 3,
        Label::Ssn => 4,
        _ => enough,
    };
    let loose = !is_marked && !is_firm(page, place);
    if digits < wanted
        || digits > 30
        || loose && (!pager && is_plain_quantity(page, first, last))
        || is_terminology(page, place, first)
    {
        return;
    }
    found.push(page.finding(first, last, label, 0.8, "labelled-number"));
}

/// Where the value begins after fillers such as `number`, `#`, `:`, and whether one of them marks
/// it as a number.
fn value_place(page: &Page<'_>, place: usize) -> (usize, bool) {
    let mut at = place + 1;
    let mut is_marked = false;
    while at < place + 8 {
        let token = page.at(at);
        if token.gap > Gap::Line {
            break;
        }
        match token.kind {
            Kind::Sign(b'#' | b':' | b'=') => is_marked = true,
            Kind::Sign(b'.' | b'(' | b')' | b'-' | b'"' | b'*' | b'[') | Kind::Possessive => {}
            Kind::Sign(b'/') if token.gap == Gap::None => {}
            _ if page.is_any(token, FILLERS) => {}
            _ if token.is_word()
                && token.class.has(Class::NUMBER_WORD.or(CUES))
                && !is_value_start(page, at) =>
            {
                is_marked |= page.is_any(
                    token,
                    &["number", "no", "num", "id", "nbr", "nr", "identifier"],
                );
            }
            _ => break,
        }
        at += 1;
    }
    (at, is_marked)
}

/// A number, a code, or capitals joined to one: `ABC-123`.
fn is_value_start(page: &Page<'_>, place: usize) -> bool {
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
                || token.kind == Kind::Upper
                    && token.len() <= 4
                    && !token.class.has(CUES.or(Class::NUMBER_WORD))
                    && next.gap == Gap::Space
                    && has_digits(next)
                    && next.len() >= 4
        }
        _ => false,
    }
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
        } else if next.gap == Gap::None && alnum(next) || by_groups && is_next_group(page, last) {
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
fn is_next_group(page: &Page<'_>, last: usize) -> bool {
    let (token, next) = (page.at(last), page.at(last + 1));
    let spaced = next.gap == Gap::Space && next.kind == Kind::Number;
    let of_digits =
        matches!(token.kind, Kind::Number | Kind::Sign(b')')) && (2..=7).contains(&next.len());
    let of_letters = token.is_word() && token.kind == Kind::Upper && next.len() >= 3;
    spaced && (of_digits || of_letters) && !page.at(last + 2).class.has(Class::UNIT)
}

fn digits(page: &Page<'_>, first: usize, last: usize) -> usize {
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
    page.is_any(token, FIRM) || page.is(token, "record") && medical
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
    if own.has(Class::CUE_SSN) && (page.at(place).len() < 5 || near(&["security", "insurance"])) {
        return Label::Ssn;
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
];
