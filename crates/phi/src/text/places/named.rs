//! Facilities known by their words alone: `seen at Holy Cross`, `transferred to MGH`,
//! `hiking at Walden Pond`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    guard,
};

/// The facility that the capitalised word at `place` opens after `at`, or after `to`, `from`, `by`
/// with a word of care before; gives the last token.
pub(crate) fn facility(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    if page.is_shouted || !is_cued(page, place) {
        return None;
    }
    let last = name_end(page, place).or_else(|| capitals(page, place))?;
    let chain = last == place && super::join::is_chain(page, place);
    if chain || guard::is_eponym(page, last, false) || is_counted(page, last) {
        return None;
    }
    found.push(page.finding(place, last, Label::Geo, 0.6, "named-facility"));
    Some(last)
}

/// `at`, `transferred to`, `records from the`.
fn is_cued(page: &Page<'_>, place: usize) -> bool {
    let the = usize::from(page.is(page.before(place, 1), "the"));
    let link = page.before(place, 1 + the);
    let gap = page.at(place).gap;
    if gap > Gap::Line || !page.is_any(link, &["at", "to", "from", "in", "with"]) {
        return false;
    }
    let cared = (2..=4).any(|back| {
        let token = page.before(place, back + the);
        page.is_any(token, CARE)
    });
    let narrow = page.is_any(link, &["in", "with", "to"]);
    page.is(link, "at") && (the == 0 || !page.is_clinical)
        || cared && !narrow
        || narrow
            && (2..=3).any(|back| {
                page.is_any(
                    page.before(place, back + the),
                    if page.is(link, "to") { SENT } else { STAY },
                )
            })
}

/// Two or three everyday words with capitals after `at` in the middle of a sentence in mixed case:
/// `gymnastics at Elite Tumbling`.
fn capitals(page: &Page<'_>, first: usize) -> Option<usize> {
    const NEVER: Class = Class::MEDICAL
        .or(Class::STOP)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::TITLE)
        .or(Class::GENERIC)
        .or(Class::HEAD)
        .or(Class::CLINICAL)
        .or(Class::UNIT)
        .or(Class::HOLIDAY)
        .or(Class::PERSON)
        .or(Class::MEASURE)
        .or(Class::CODE)
        .or(Class::EPONYM);
    let mut last = first;
    while last < first + 3
        && page.at(last + 1).kind == Kind::Title
        && page.at(last + 1).gap == Gap::Space
    {
        last += 1;
    }
    let plain = (first..=last).all(|at| {
        page.at(at).kind == Kind::Title && page.at(at).len() > 2 && !page.at(at).class.has(NEVER)
    });
    let link = page.before(first, 1);
    let inside = page.is(link, "at")
        && link.kind == Kind::Lower
        && page.before(first, 2).kind == Kind::Lower
        && matches!(
            page.at(last + 1).kind,
            Kind::Lower | Kind::Sign(_) | Kind::Edge
        );
    (inside && plain && last > first).then_some(last)
}

/// The last token of a name of one or more words, one of them its own.
fn name_end(page: &Page<'_>, first: usize) -> Option<usize> {
    let mut last = None;
    let (mut own, mut words, mut holy) = (false, 0, false);
    let mut at = first;
    while at < first + 9 {
        let token = page.at(at);
        if at > first && token.gap > Gap::Space {
            break;
        }
        if token.is_capital() {
            let closing = token
                .class
                .has(Class::CARE.or(Class::FACILITY).or(Class::COMPANY));
            let fits = fits(page, at) || token.class.has(Class::COMMON) && holy;
            let inner = last.is_some()
                && token.kind == Kind::Title
                && !token
                    .class
                    .has(Class::STOP.or(Class::MONTH).or(Class::WEEKDAY));
            if !fits && !inner {
                break;
            }
            own |= fits && is_own(page, at);
            holy |= page.is_any(token, HOLY);
            words += 1;
            if fits || closing {
                last = Some(at);
            }
        } else {
            let sign = token.gap == Gap::None
                && last.is_some()
                && (matches!(token.kind, Kind::Possessive | Kind::Sign(b'-' | b'\''))
                    || token.is_sign(b'.') && page.is_any(page.before(at, 1), &["st", "mt", "ft"]));
            let link = last.is_some()
                && (token.is_sign(b'&')
                    || page.is_any(token, &["of", "the", "on", "de", "la"])
                        && token.kind == Kind::Lower)
                && page.at(at + 1).is_capital()
                && fits(page, at + 1);
            if !sign && !link {
                break;
            }
            if token.kind == Kind::Possessive {
                last = Some(at);
            }
        }
        at += 1;
    }
    (own || holy && words >= 2).then_some(last).flatten()
}

/// A word that may stand in such a name.
fn fits(page: &Page<'_>, at: usize) -> bool {
    const NEVER: Class = Class::MEDICAL
        .or(Class::STOP)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::TITLE)
        .or(Class::GENERIC)
        .or(Class::HEAD)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::DEMONYM)
        .or(Class::CLINICAL)
        .or(Class::UNIT)
        .or(Class::HOLIDAY);
    let token = page.at(at);
    token.len() > 1
        && token.kind != Kind::Initial
        && (!token.class.has(NEVER)
            || page.is(token, "va") && page.at(at + 1).class.has(Class::CITY)
            || page.is_any(token, &["st", "mt", "mercy", "ft"])
            || page.is_any(token, HOLY))
}

/// A word that is nobody's everyday language.
fn is_own(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    if token.kind == Kind::Upper {
        return is_acronym(page, at);
    }
    token.len() > 2
        && !token.class.has(
            Class::COMMON
                .or(Class::RARE)
                .or(Class::EPONYM)
                .or(Class::CARE)
                .or(Class::FACILITY)
                .or(Class::COMPANY)
                .or(Class::ROOM),
        )
        || token.class.has(Class::CITY) && !token.class.has(Class::COMMON)
}

/// Capitals that no list knows: `MGH`, `UPMC`.
fn is_acronym(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let next = page.at(at + 1);
    (3..=5).contains(&token.len())
        && (token.class == Class::NONE || page.is_any(token, HOSPITALS))
        && !(next.gap == Gap::None
            && matches!(next.kind, Kind::Sign(b'-' | b'/'))
            && !page.is_any(token, HOSPITALS))
}

/// A number or unit behind it: a drug or a device.
fn is_counted(page: &Page<'_>, last: usize) -> bool {
    let next = page.at(last + 1);
    next.gap == Gap::Space
        && (next.kind == Kind::Number
            && (page.at(last + 2).class.has(Class::UNIT) || page.at(last + 2).is_sign(b'.'))
            || next.kind == Kind::Lower
                && next.class.has(Class::UNIT)
                && next.len() < 4
                && !page.is_any(next, &["in", "f", "c"]))
}

/// `MGH`, `BWH` anywhere behind `at`, `to`, `from`, `in`.
const HOSPITALS: &[&str] = &[
    "mgh", "bwh", "bidmc", "ucsf", "ucla", "upmc", "nyu", "ohsu", "musc", "uab", "vumc", "mskcc",
    "chop", "bch", "dfci", "mcw", "uw", "unc", "upenn", "hup", "jhh", "jhmi", "cmc", "cpmc",
    "zsfg", "bmc", "umass", "nwh", "lcmc", "nyp", "hss", "usc", "ucsd", "uci", "ucd", "meei",
    "tmc",
];

/// Words of care before a facility.
const CARE: &[&str] = &[
    "seen",
    "treated",
    "evaluated",
    "followed",
    "admitted",
    "transferred",
    "hospitalized",
    "hospitalised",
    "discharged",
    "care",
    "surgery",
    "done",
    "performed",
    "delivered",
    "records",
    "record",
    "opinion",
    "participation",
    "taken",
    "brought",
    "staying",
    "stays",
    "stayed",
    "presented",
    "referred",
    "attends",
    "attending",
    "imaging",
    "infusions",
    "labs",
    "drawn",
    "inmate",
    "incarcerated",
    "dialysis",
    "rehab",
    "colonoscopy",
    "biopsy",
    "previously",
    "enrolled",
    "transfer",
    "reports",
    "discharge",
    "admission",
    "arrived",
    "airlifted",
    "flown",
    "resident",
    "detained",
    "held",
    "employed",
    "ems",
];

/// Words that take `to` and a facility.
const SENT: &[&str] = &[
    "transferred",
    "transfer",
    "airlifted",
    "flown",
    "taken",
    "brought",
    "transported",
    "medflighted",
    "lifeflighted",
];

/// Words that take `in` or `with` and a facility.
const STAY: &[&str] = &["staying", "stays", "stayed", "incarcerated", "enrolled"];

/// Everyday words of which names of facilities are made.
const HOLY: &[&str] = &[
    "holy",
    "sacred",
    "saint",
    "st",
    "good",
    "mercy",
    "grace",
    "hope",
    "little",
    "golden",
    "blue",
    "green",
    "silver",
    "whispering",
    "sunny",
    "sunrise",
    "sunset",
    "pine",
    "oak",
    "maple",
    "cedar",
    "willow",
    "rose",
    "lake",
    "harbor",
    "bay",
    "river",
    "mount",
    "mt",
    "grand",
    "royal",
    "angel",
    "angels",
    "trinity",
    "faith",
    "evergreen",
    "liberty",
    "heritage",
    "meadow",
    "spring",
    "garden",
    "autumn",
    "bright",
    "happy",
    "rainbow",
    "stepping",
    "new",
];
