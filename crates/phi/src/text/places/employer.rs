//! Employers: by the words of work before them, by an office, by a union or a military unit.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    naming::is_naming,
};

/// The employer after `works at`, `employed by`, `employer:`.
pub(crate) fn employer(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 7
        && !page.is_any(page.at(at), &["at", "for", "by", "with", "from"])
        && !page.at(at).is_sign(b':')
        && (at > place + 1 || !page.at(at).is_sign(b','))
    {
        if !page.at(at).is_word()
            || page.at(at).gap > Gap::Line
            || page.at(at).is_capital() && !page.is_shouted
        {
            return;
        }
        at += 1;
    }
    let direct = matches!(page.at(at).kind, Kind::Sign(b':' | b','))
        && page.is_any(page.at(place), &["employer", "employment"]);
    if !direct && !page.is_any(page.at(at), &["at", "for", "by", "with", "from"]) {
        return;
    }
    let first = at + 1 + usize::from(page.is(page.at(at + 1), "the"));
    let mut last = first;
    let fits = |at: usize| page.at(at).is_capital() && page.at(at).gap <= Gap::Line;
    let run = page.at(first + 1).gap == Gap::Space
        && matches!(page.at(first + 1).kind, Kind::Title | Kind::Mixed)
        || page.is_any(page.at(first), &["st", "mt", "ft"]) && page.at(first + 1).is_sign(b'.');
    let class = page.at(first).class;
    let dated = class.has(Class::MONTH.or(Class::WEEKDAY));
    let shop = page.is_any(
        page.at(first + 1),
        &[
            "warehouse",
            "store",
            "factory",
            "plant",
            "office",
            "location",
            "restaurant",
        ],
    );
    let ill = page.is(page.at(at), "with") && class.has(Class::EPONYM);
    let maker = page.is_any(page.at(first), MAKERS) && !page.is(page.at(at), "with");
    let plain = ill
        || !maker && class.has(Class::TITLE.or(Class::MEDICAL).or(Class::STOP)) && !run && !shop;
    let shouted = page.is_shouted && class.has(Class::COMMON);
    if !fits(first) || dated || plain || shouted {
        return;
    }
    while last < first + 8 {
        let next = page.at(last + 1);
        let linked = matches!(
            next.kind,
            Kind::Sign(b'&' | b'-' | b'\'') | Kind::Possessive
        ) || page.is_any(next, &["of", "and"]) && next.kind == Kind::Lower;
        let dotted = next.is_sign(b'.')
            && next.gap == Gap::None
            && page.is_any(page.at(last), &["st", "mt", "ft"])
            && fits(last + 2);
        if fits(last + 1) && next.gap <= Gap::Space || dotted {
            last += 1 + usize::from(dotted);
        } else if linked && (fits(last + 2) || next.kind == Kind::Possessive) {
            last += if next.kind == Kind::Possessive { 1 } else { 2 };
        } else {
            break;
        }
    }
    found.push(page.finding(first, last, Label::Employer, 0.7, "employer"));
}

/// Makers of drugs and devices, whose names are words of medicine elsewhere.
const MAKERS: &[&str] = &[
    "pfizer",
    "medtronic",
    "abbott",
    "merck",
    "novartis",
    "moderna",
    "bayer",
    "roche",
    "siemens",
    "philips",
    "stryker",
    "baxter",
    "amgen",
    "genentech",
    "lilly",
    "sanofi",
    "astrazeneca",
    "gsk",
    "glaxosmithkline",
    "biogen",
    "gilead",
    "regeneron",
    "illumina",
    "labcorp",
    "quest",
    "davita",
    "fresenius",
    "mckesson",
    "cardinal",
    "epic",
    "cerner",
    "zimmer",
    "smith",
    "bard",
    "hologic",
    "dexcom",
    "resmed",
    "janssen",
    "takeda",
    "teva",
    "mylan",
    "walgreens",
    "cvs",
    "kaiser",
    "cigna",
    "aetna",
    "humana",
    "anthem",
    "medline",
    "welch",
    "invacare",
    "cook",
    "terumo",
];

/// An employer in small letters after `drives for`, `works nights at`: up to three words, one of
/// them in no list of plain words or a naming word.
pub(crate) fn small(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut link = place + 1;
    while link < place + 5 && !page.is_any(page.at(link), &["at", "for", "with", "by"]) {
        if !page.at(link).is_word() || page.at(link).gap > Gap::Line {
            return;
        }
        link += 1;
    }
    if !page.is_any(page.at(link), &["at", "for"]) {
        return;
    }
    let first = link + 1 + usize::from(page.is(page.at(link + 1), "the"));
    let mut last = first;
    let fits = |at: usize| {
        let token = page.at(at);
        token.kind == Kind::Lower
            && token.gap <= Gap::Line
            && !token.class.has(
                Class::STOP
                    .or(Class::MEDICAL)
                    .or(Class::CLINICAL)
                    .or(Class::PERSON_VERB)
                    .or(Class::PERSON)
                    .or(Class::RELATION)
                    .or(Class::UNIT)
                    .or(Class::MONTH)
                    .or(Class::WEEKDAY)
                    .or(Class::HEAD),
            )
    };
    let joint = |at: usize| {
        page.at(at).is_sign(b'-')
            && page.at(at).gap == Gap::None
            && page.at(at + 1).gap == Gap::None
            && page.at(at + 1).kind == Kind::Lower
    };
    while last < first + 5 {
        if joint(last + 1) {
            last += 2;
        } else if fits(last + 1) && last < first + 3 {
            last += 1;
        } else {
            break;
        }
    }
    let own = |at: usize| {
        let token = page.at(at);
        let listed = token
            .class
            .has(Class::SURNAME.or(Class::CITY).or(Class::GIVEN));
        let plain = token.class.has(Class::COMMON.or(Class::RARE));
        is_naming(page, token) && last > first
            || !plain && (listed || token.class == Class::NONE) && token.len() > 3
    };
    let Some(named) = (first..=last).find(|at| own(*at)) else {
        return;
    };
    if (first..=named).all(fits) {
        found.push(page.finding(first, last, Label::Employer, 0.55, "small-employer"));
    }
}

/// `CEO of Nimbus Analytics`, `owner of`, `the mayor of Framingham`: an office and whose it is.
pub(crate) fn office(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    const NEVER: Class = Class::MEDICAL
        .or(Class::STOP)
        .or(Class::CARE)
        .or(Class::GENERIC)
        .or(Class::CLINICAL)
        .or(Class::HEAD);
    if !page.is_any(page.at(place + 1), &["of", "at", "for"])
        || page.at(place + 1).kind != Kind::Lower
    {
        return;
    }
    let first = place + 2 + usize::from(page.is(page.at(place + 2), "the"));
    let mut last = first;
    while last < first + 6 {
        let next = page.at(last + 1);
        let joins = next.is_sign(b'&') || page.is_any(next, &["of", "and"]);
        if next.is_capital() && next.gap == Gap::Space {
            last += 1;
        } else if joins && page.at(last + 2).is_capital() {
            last += 2;
        } else {
            break;
        }
    }
    let whole = (first..=last).any(|at| page.at(at).is_capital() && !page.at(at).class.has(NEVER));
    if !page.at(first).is_capital() || !whole || page.is_shouted {
        return;
    }
    let unique = page.is_any(
        page.at(place),
        &[
            "mayor",
            "governor",
            "sheriff",
            "bishop",
            "archbishop",
            "ambassador",
            "chancellor",
        ],
    );
    let start = if unique {
        place - usize::from(page.is(page.before(place, 1), "the"))
    } else {
        first
    };
    found.push(page.finding(start, last, Label::Employer, 0.65, "office"));
}

/// Words for an office that one person holds.
pub(crate) const OFFICES: &[&str] = &[
    "ceo",
    "cfo",
    "cto",
    "coo",
    "owner",
    "founder",
    "cofounder",
    "president",
    "director",
    "mayor",
    "governor",
    "sheriff",
    "chairman",
    "chairwoman",
    "superintendent",
    "dean",
    "chancellor",
    "bishop",
    "archbishop",
    "ambassador",
    "provost",
    "headmaster",
];

/// `Teamsters Local 25`: a union's local from its name on.
pub(crate) fn local(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let number = page.at(place + 1);
    let capital = page.before(place, 1);
    if !page.at(place).is_capital() || number.kind != Kind::Number || !capital.is_capital() {
        return;
    }
    let mut first = place;
    while first > 0
        && place - first < 4
        && page.before(first, 1).is_capital()
        && page.at(first).gap == Gap::Space
        && !page.opens(first)
    {
        first -= 1;
    }
    found.push(page.finding(first, place + 1, Label::Employer, 0.7, "union"));
}

/// `82nd Airborne Division`, `3rd Battalion, 5th Marines`, from its number on.
pub(crate) fn military(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut last = place;
    let mut is_unit = false;
    while last < place + 8 {
        let next = page.at(last + 1);
        let ordinal = next.kind == Kind::Code && next.gap <= Gap::Space;
        let comma = next.is_sign(b',') && page.at(last + 2).kind == Kind::Code;
        if next.is_capital() && next.gap == Gap::Space {
            is_unit |= page.is_any(next, UNITS);
            last += 1;
        } else if ordinal && is_unit {
            last += 1;
        } else if comma && is_unit {
            last += 2;
        } else {
            break;
        }
    }
    if is_unit {
        found.push(page.finding(place, last, Label::Employer, 0.7, "military-unit"));
    }
}

const UNITS: &[&str] = &[
    "airborne",
    "infantry",
    "division",
    "battalion",
    "brigade",
    "marines",
    "regiment",
    "cavalry",
    "squadron",
    "fleet",
    "battery",
    "platoon",
    "corps",
    "wing",
    "armored",
    "artillery",
];
