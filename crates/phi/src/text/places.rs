//! Towns, facilities and employers by name.

mod country;
mod employer;
mod guard;
mod join;
pub(crate) mod landmark;
mod named;
mod naming;
mod plain;
mod scenic;
mod slot;
mod small;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    streets,
    token::{Gap, Kind},
};
pub(crate) use country::country;
pub(crate) use employer::{OFFICES, employer, local, military, office, small as small_employer};
pub(crate) use join::join;
pub(crate) use named::facility as named_facility;
pub(crate) use naming::is_naming;
pub(crate) use plain::{kind as plain_kind, side};
pub(crate) use scenic::{lady, named as scenic_name, saint, scenic, school};

pub(crate) use guard::medical_phrase;
use slot::Slot;
pub(crate) use small::{facility as small_facility, firm as small_firm};

/// A town that the capitalised word at `place` opens; gives the last token if one was found.
pub(crate) fn town(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let token = page.at(place);
    if let Some(end) = streets::town_end(page, place, has_place_cue(page, place))
        && is_town_word(page, place)
    {
        found.push(page.finding(place, end, Label::Geo, 0.85, "town-state"));
        return Some(end);
    }
    let last = listed_town(page, place)?;
    let class = if last == place {
        token.class
    } else {
        page.phrase(place, last + 1)
    };
    let cued = has_place_cue(page, place);
    let sure = last > place && !page.is_shouted
        || class.has(Class::BIG)
            && !token
                .class
                .has(Class::COMMON.or(Class::GIVEN).or(Class::SURNAME));
    if last == place && token.class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD)
        || is_in_name(page, place, last)
        || page.at(last + 1).kind == Kind::Possessive
            && token.class.has(Class::SURNAME)
            && !has_firm_cue(page, place)
        || is_land(page, place, class)
    {
        return None;
    }
    if guard::is_eponym(page, last, has_firm_cue(page, place)) {
        return Some(last);
    }
    let accepted = cued && (!token.class.has(Class::COMMON) || has_firm_cue(page, place)) || sure;
    if !accepted || token.class.has(Class::MEDICAL) && !has_firm_cue(page, place) {
        return None;
    }
    let end = country::behind(page, last);
    let score = if cued { 0.8 } else { 0.6 };
    found.push(page.finding(place, end, Label::Geo, score, "town"));
    Some(end)
}

/// A county: `Kent County`.
pub(crate) fn county(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.before(place, 1);
    if token.is_capital()
        && page.at(place).is_capital()
        && page.at(place).gap == Gap::Space
        && token.kind != Kind::Initial
        && !token.class.has(Class::STOP.or(Class::GENERIC))
    {
        let two = place > 1 && page.phrase(place - 2, place).has(Class::COUNTY);
        let first = place - if two { 2 } else { 1 };
        let last = office_end(page, place);
        found.push(page.finding(first, last, Label::Geo, 0.8, "county"));
    }
}

/// The last word of what a county keeps: `County Jail`, `County Road Commission`.
fn office_end(page: &Page<'_>, place: usize) -> usize {
    const KEPT: Class = Class::FACILITY
        .or(Class::COMPANY)
        .or(Class::CARE)
        .or(Class::LANDMARK);
    let mut last = place;
    for at in place + 1..place + 5 {
        let token = page.at(at);
        if token.gap != Gap::Space
            || !token.is_capital()
            || page.is_shouted && token.class.has(Class::STOP)
        {
            break;
        }
        if token.class.has(KEPT) || page.is_any(token, KEEPS) {
            last = at;
        }
    }
    last
}

const KEEPS: &[&str] = &[
    "commission",
    "sheriff",
    "court",
    "courthouse",
    "schools",
    "fairgrounds",
    "ems",
    "fire",
    "coroner",
    "board",
    "district",
    "authority",
    "dpw",
    "transit",
    "assessor",
    "clerk",
];

/// A place after `lives in`, `born in`, `hometown:`, listed or not: gives the last token.
pub(crate) fn home(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let slot = Slot::before(page, place);
    if slot < Slot::Firm {
        return None;
    }
    slotted(page, place, slot, found)
}

/// A place that no list knows after `transferred from`, `clinic in`, or after any preposition in a
/// text that does not speak of medicine: gives the last token.
pub(crate) fn cued_place(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    slotted(page, place, Slot::before(page, place), found)
}

fn slotted(page: &Page<'_>, place: usize, slot: Slot, found: &mut Vec<Finding>) -> Option<usize> {
    let fits = match slot {
        Slot::None => false,
        Slot::Weak => !page.is_clinical && is_unlisted(page, place),
        Slot::Likely => {
            is_unlisted(page, place)
                || !page.is_clinical
                    && is_town_word(page, place)
                    && !page
                        .at(place)
                        .class
                        .has(Class::GENERIC.or(Class::FACILITY).or(Class::CARE))
        }
        Slot::Firm => is_town_word(page, place) || is_loud_town(page, place),
    };
    if !fits
        || is_land(page, place, page.at(place).class)
        || slot < Slot::Firm && guard::is_eponym(page, place, true)
    {
        return None;
    }
    let mut last = place;
    while last < place + 5 {
        let next = page.at(last + 1);
        let hyphen = next.is_sign(b'-')
            && next.gap == Gap::None
            && page.at(last + 2).gap == Gap::None
            && (page.at(last + 2).is_capital() || page.at(last + 3).is_sign(b'-'));
        let linked = next.gap == Gap::Space
            && next.kind == Kind::Lower
            && next.class.has(Class::PARTICLE)
            && page.at(last + 2).is_capital();
        let joined = next.gap == Gap::Space
            && next.is_capital()
            && (is_town_word(page, last + 1)
                || is_loud_town(page, last + 1)
                || next.kind == Kind::Title
                    && next
                        .class
                        .has(Class::STREET.or(Class::LANDMARK).or(Class::DIRECTION)));
        if hyphen || linked {
            last += 2;
        } else if joined {
            last += 1;
        } else {
            break;
        }
    }
    let end = country::behind(page, last);
    found.push(page.finding(place, end, Label::Geo, 0.6, "cued-place"));
    Some(end)
}

/// A town in lower case after `lives in`: listed, or a word that no list knows.
pub(crate) fn lower_place(
    page: &Page<'_>,
    place: usize,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    const PLAIN: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::WEEKDAY)
        .or(Class::MONTH)
        .or(Class::HOLIDAY);
    let class = page.at(place).class;
    let previous = page.before(place, 1);
    if class.has(Class::PHRASE_START)
        && !class.has(Class::STOP)
        && page.is_any(previous, &["in", "from", "near", "outside"])
    {
        let words = [3, 2].into_iter().find(|words| {
            (1..*words).all(|step| page.at(place + step).gap == Gap::Space)
                && page.phrase(place, place + words).has(Class::CITY)
        });
        if let Some(words) = words {
            found.push(page.finding(place, place + words - 1, Label::Geo, 0.6, "lower-case-town"));
            return Some(place + words - 1);
        }
    }
    if class.has(PLAIN)
        || !page.is_any(previous, &["in", "from", "to", "near", "visiting"])
        || page.at(place).len() < 4
        || Slot::before(page, place) < Slot::Likely
        || Slot::before(page, place) < Slot::Firm
            && (page.is_clinical || !class.has(Class::CITY.or(Class::COUNTRY)))
        || class.has(Class::COUNTRY) && page.is_clinical && !slot::is_origin(page, place)
        || page.is_clinical
            && class == Class::NONE
            && (Slot::before(page, place) < Slot::Firm || page.at(place).len() < 6)
    {
        return None;
    }
    found.push(page.finding(place, place, Label::Geo, 0.55, "lower-case-town"));
    Some(place)
}

/// `Stow-on-the-Wold`, `bird-in-hand`: words joined by hyphens around a small one.
pub(crate) fn hyphened(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let joint = |at: usize| {
        page.at(at).is_sign(b'-')
            && page.at(at).gap == Gap::None
            && page.at(at + 1).gap == Gap::None
    };
    let mut last = place;
    let mut links = 0;
    while joint(last + 1) && page.at(last + 2).is_word() && last < place + 8 {
        last += 2;
        links +=
            usize::from(page.at(last).kind == Kind::Lower && page.is_any(page.at(last), LINKS));
    }
    let titled = page.at(place).kind == Kind::Title && page.at(last).kind == Kind::Title;
    let small = page.is_any(page.before(place, 1), &["in", "from", "near", "at", "to"])
        && page.is(page.at(place + 2), "in")
        && page.at(place).kind == Kind::Lower;
    if last > place + 2 && links > 0 && !page.at(last).class.has(Class::STOP) && (titled || small) {
        found.push(page.finding(place, last, Label::Geo, 0.65, "hyphened-town"));
    }
}

/// Small words inside the names of towns.
const LINKS: &[&str] = &[
    "on", "in", "upon", "by", "le", "les", "sur", "sous", "am", "an", "under", "next", "super",
    "the", "en",
];

/// A state, or a country in travel history: each stays.
fn is_land(page: &Page<'_>, place: usize, class: Class) -> bool {
    class.has(Class::STATE) && !page.at(place + 1).is_capital()
        || class.has(Class::COUNTRY) && page.is_clinical && !slot::is_origin(page, place)
}

/// A word with a capital that is in no list, or only among the towns.
fn is_unlisted(page: &Page<'_>, place: usize) -> bool {
    const KNOWN: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::EPONYM)
        .or(Class::GENERIC)
        .or(Class::FACILITY)
        .or(Class::CARE)
        .or(Class::HEAD)
        .or(Class::COMPANY)
        .or(Class::CLINICAL)
        .or(Class::UNIT);
    let token = page.at(place);
    let named = token.class.has(Class::GIVEN.or(Class::SURNAME))
        && !token.class.has(Class::CITY)
        && (page.is_clinical || !page.is_any(page.before(place, 1), &["in", "at"]));
    (is_town_word(page, place) || !page.is_clinical && is_loud_town(page, place))
        && token.len() > 3
        && !named
        && !token.class.has(KNOWN)
}

/// A town in capitals or in another script, in a text that is not shouted: `LEPPEN`.
fn is_loud_town(page: &Page<'_>, place: usize) -> bool {
    const PLAIN: Class = Class::COMMON
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::RARE)
        .or(Class::CREDENTIAL)
        .or(Class::UNIT)
        .or(Class::STATE_CODE);
    let token = page.at(place);
    token.kind == Kind::Upper && token.len() > 3 && !token.class.has(PLAIN)
}

fn is_town_word(page: &Page<'_>, place: usize) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::STATE)
        .or(Class::COUNTRY)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::DEMONYM)
        .or(Class::TITLE)
        .or(Class::RELATION)
        .or(Class::HOLIDAY);
    let token = page.at(place);
    let class = token.class;
    let fits = token.kind == Kind::Title
        || token.kind == Kind::Mixed && !is_product(page, place)
        || token.kind == Kind::Upper
            && (page.is_shouted || class.has(Class::CITY.or(Class::PHRASE_START)));
    fits && (!class.has(NEVER)
        || class.has(Class::CITY) && !class.has(Class::STOP.or(Class::MEDICAL)))
        && (!class.has(Class::COMMON)
            || class.has(Class::CITY.or(Class::PHRASE_START).or(Class::SURNAME))
            || page.at(place + 1).is_sign(b',')
            || page.at(place + 1).is_capital())
        && token.len() > 2
        && !page
            .phrase(place, place + 2)
            .has(Class::STATE.or(Class::COUNTRY))
        && !page.at(place + 1).class.has(Class::FACILITY)
}

/// Capitals inside a word as products have them, `PowerScribe`, and towns do not, `McAllen`.
fn is_product(page: &Page<'_>, place: usize) -> bool {
    let word = page.bytes(place);
    let inner = word.iter().skip(1).position(u8::is_ascii_uppercase);
    inner.is_some_and(|at| at > 2) || word.first().is_some_and(u8::is_ascii_lowercase)
}

/// The last token of the listed town that begins at `place`.
fn listed_town(page: &Page<'_>, place: usize) -> Option<usize> {
    let token = page.at(place);
    if token.class.has(Class::PHRASE_START) {
        for words in [3, 2] {
            let joined = (1..words).all(|step| {
                page.at(place + step).gap == Gap::Space && page.at(place + step).is_capital()
            });
            if joined && page.phrase(place, place + words).has(Class::CITY) {
                return Some(place + words - 1);
            }
        }
    }
    let alone = token.class.has(Class::CITY)
        && !token.class.has(Class::COUNTRY)
        && !token
            .class
            .has(Class::STOP.or(Class::MONTH).or(Class::STATE))
        && (token.kind != Kind::Upper || page.is_shouted);
    alone.then_some(place)
}

/// A person's name or a facility around the word.
fn is_in_name(page: &Page<'_>, first: usize, last: usize) -> bool {
    let next = page.at(last + 1);
    let previous = page.before(first, 1);
    let joined = next.gap == Gap::Space
        && next.is_capital()
        && next.class.has(Class::SURNAME.or(Class::FACILITY))
        && !next.class.has(Class::COMMON.or(Class::STATE))
        && last == first;
    joined
        || previous.class.has(Class::TITLE) && first > 0
        || previous.class.has(Class::GIVEN)
            && previous.is_capital()
            && page.at(first).gap == Gap::Space
            && first == last
}

fn has_place_cue(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, 1);
    page.is_any(
        previous,
        &[
            "in", "from", "near", "at", "to", "of", "outside", "around", "via", "through",
            "downtown", "toward", "towards", "into", "leaving", "visiting", "city", "town",
        ],
    ) || has_firm_cue(page, place)
        || previous.is_sign(b',')
            && page
                .before(place, 2)
                .class
                .has(Class::CITY.or(Class::STREET))
            && page.before(place, 2).is_capital()
        || previous.is_sign(b':')
            && page.is_any(
                page.before(place, 2),
                &[
                    "city",
                    "town",
                    "address",
                    "location",
                    "residence",
                    "hometown",
                    "birthplace",
                    "county",
                ],
            )
}

/// `lives in`, `born in`, `moved from`, `hometown:`.
fn has_firm_cue(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, 1);
    let year = page.is_any(previous, &["in", "at", "near"])
        && page.before(place, 2).kind == Kind::Number
        && page.before(place, 2).len() == 4
        && page.is(page.before(place, 4), "born");
    year || Slot::before(page, place) == Slot::Firm
}

/// A hospital, clinic, school or church whose kind stands at `place`.
pub(crate) fn facility(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if !token.is_capital() {
        return;
    }
    let first = if page.is_shouted {
        shouted_start(page, place)
    } else {
        name_start(page, place)
    };
    let mut last = place;
    while page.at(last + 1).gap == Gap::Space
        && page.at(last + 1).is_capital()
        && page.at(last + 1).class.has(Class::FACILITY)
    {
        last += 1;
    }
    let proper = (first..place).any(|at| is_proper(page, at));
    if let Some(end) = of_place(page, last) {
        if proper
            || page.is_any(
                token,
                &[
                    "university",
                    "college",
                    "hospital",
                    "church",
                    "institute",
                    "school",
                ],
            )
        {
            found.push(page.finding(first, end, Label::Geo, 0.75, "facility"));
        }
    } else if proper {
        found.push(page.finding(first, last, Label::Geo, 0.75, "facility"));
    }
}

/// A facility whose name closes with a word such as `Dialysis` or `Practice`, after a surname, a
/// town or two words of places: `Harbor Point Dialysis`, `Cutler County General`.
pub(crate) fn care(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let next = page.at(place + 1);
    if next.gap == Gap::Space
        && next.is_capital()
        && next.class.has(Class::CARE.or(Class::FACILITY))
    {
        return;
    }
    if page.is_shouted && next.gap == Gap::Space && next.is_word() && !next.class.has(Class::STOP) {
        return;
    }
    let first = if page.is_shouted {
        shouted_start(page, place)
    } else {
        name_start(page, place)
    };
    let place_word = |at: usize| {
        let word = page.at(at);
        word.is_capital()
            && word.kind != Kind::Initial
            && word.class.has(PLACES)
            && !word.class.has(Class::MEDICAL.or(Class::MONTH))
            && !page.is_any(
                word,
                &[
                    "left", "right", "well", "long", "short", "place", "pass", "drive", "bed", "or",
                ],
            )
    };
    if page.is(token, "heart") && (page.is(next, "association") || place < first + 2) {
        return;
    }
    let own = |at: usize| {
        let class = page.at(at).class;
        page.at(at).is_capital()
            && page.at(at).len() > 2
            && class.has(Class::SURNAME.or(Class::CITY).or(Class::GIVEN))
            && !class.has(NOT_OWN)
    };
    let saint = page.is_any(page.at(first), &["st", "saint", "mount", "mt"]) && place > first + 1;
    let county = page.is(page.before(place, 1), "county") && place > first + 1;
    let named = (first..place).any(|at| is_naming(page, page.at(at)) && page.at(at).is_capital())
        && (place > first + 1 || !page.opens(first));
    let proper = (first..place).any(own)
        || county
        || named
        || saint
        || (first..place).filter(|at| place_word(*at)).count() >= 2;
    let cased = (first..=place).all(|at| !page.at(at).is_word() || page.at(at).kind != Kind::Upper)
        || (first..=place).all(|at| !page.at(at).is_capital() || page.at(at).kind == Kind::Upper);
    let titled = page.before(first, 1).is_sign(b'.')
        && page.before(first, 2).class.has(Class::TITLE)
        || page.before(first, 1).class.has(Class::TITLE);
    if place > first && proper && cased && !titled && !token.class.has(Class::PERSON) {
        found.push(page.finding(first, place, Label::Geo, 0.7, "care-facility"));
    }
}

/// `Presbyterian West`, `Mercy North`: a denomination before a direction.
pub(crate) fn denomination(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (token, next) = (page.at(place), page.at(place + 1));
    let directed = next.gap == Gap::Space
        && next.is_capital()
        && next.kind == token.kind
        && next.class.has(Class::DIRECTION)
        && next.len() > 3;
    if directed {
        let more = page.at(place + 2);
        let last = place
            + 1
            + usize::from(
                more.gap == Gap::Space
                    && more.is_capital()
                    && more.class.has(Class::FACILITY.or(Class::CARE)),
            );
        found.push(page.finding(place, last, Label::Geo, 0.7, "denomination"));
    }
}

/// The first of the words before a facility's kind in a text all in capitals.
fn shouted_start(page: &Page<'_>, place: usize) -> usize {
    const ENDS: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::PERSON_VERB)
        .or(Class::LIVES)
        .or(Class::TITLE)
        .or(Class::CONTACT)
        .or(Class::DATE_CUE);
    let mut first = place;
    while first > 0 && place - first < 5 && page.at(first).gap <= Gap::Space {
        let token = page.before(first, 1);
        let earlier = page.before(first, 2);
        let saint = token.is_sign(b'.') && page.is_any(earlier, &["st", "mt", "ft"]);
        let order = page.is(token, "of") && page.is_any(earlier, ORDERS);
        if saint || order {
            first -= 2;
            continue;
        }
        let goes = token.is_capital()
            && token.kind != Kind::Initial
            && (!token.class.has(ENDS) || page.is_any(token, &["st", "saint", "mount"]));
        if !goes {
            break;
        }
        first -= 1;
    }
    first
}

/// Words before `of` in the names of facilities.
const ORDERS: &[&str] = &[
    "sisters",
    "university",
    "college",
    "church",
    "house",
    "lady",
    "daughters",
    "brothers",
    "school",
    "institute",
    "hospital",
    "city",
];

/// Words that make up the names of places.
const PLACES: Class = Class::SURNAME
    .or(Class::CITY)
    .or(Class::STREET)
    .or(Class::DIRECTION)
    .or(Class::STATE)
    .or(Class::COUNTY);

/// Words too plain, or too medical, to make a facility's name their own.
const NOT_OWN: Class = Class::COMMON
    .or(Class::RARE)
    .or(Class::MEDICAL)
    .or(Class::GENERIC)
    .or(Class::EPONYM)
    .or(Class::TITLE)
    .or(Class::STOP);

/// `of Michigan`, `at Springfield` after a facility's kind.
fn of_place(page: &Page<'_>, last: usize) -> Option<usize> {
    let link = page.at(last + 1);
    let name = page.at(last + 2);
    if !page.is_any(link, &["of", "at"])
        || !name.is_capital()
        || name.gap > Gap::Line
        || name.kind == Kind::Initial
        || name
            .class
            .has(Class::GENERIC.or(Class::MEDICAL).or(Class::MONTH))
        || name.class.has(Class::COMMON)
            && !name
                .class
                .has(Class::CITY.or(Class::SURNAME).or(Class::PHRASE_START))
    {
        return None;
    }
    let mut end = last + 2;
    while end < last + 6
        && page.at(end + 1).gap == Gap::Space
        && page.at(end + 1).is_capital()
        && page.at(end + 1).kind == Kind::Title
        && !page.at(end + 1).class.has(Class::STOP)
    {
        end += 1;
    }
    Some(end)
}

/// The first word of the capitalised name before a facility's or company's kind.
fn name_start(page: &Page<'_>, place: usize) -> usize {
    let mut first = place;
    while first > 0 && place - first < 8 && page.at(first).gap <= Gap::Space {
        let token = page.before(first, 1);
        let is_link = page.is_any(token, &["of", "and", "for", "the"]) && token.kind == Kind::Lower
            || matches!(
                token.kind,
                Kind::Sign(b'&' | b'-' | b'\'') | Kind::Possessive
            )
            || token.is_sign(b'.') && page.is_any(page.before(first, 2), &["st", "mt", "ft", "dr"]);
        let named = token.is_capital()
            && !(token.class.has(Class::STOP) && page.opens(first - 1))
            && token.class != Class::NONE.or(Class::TITLE);
        if !named
            && !(is_link
                && first > 1
                && token.gap <= Gap::Space
                && (page.before(first, 2).is_capital() || token.is_sign(b'.')))
        {
            break;
        }
        first -= 1;
    }
    while first < place
        && (!page.at(first).is_capital()
            || page
                .at(first)
                .class
                .has(Class::STOP.or(Class::PERSON_VERB).or(Class::LIVES))
                && !page.at(first).class.has(Class::SURNAME.or(Class::CITY))
                && page.opens(first))
    {
        first += 1;
    }
    first
}

/// A word that makes a facility's name its own.
fn is_proper(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let class = token.class;
    if !token.is_capital()
        || token.kind == Kind::Initial
        || class.has(
            Class::GENERIC
                .or(Class::MEDICAL)
                .or(Class::STOP)
                .or(Class::FACILITY),
        ) && !page.is_any(token, &["memorial", "mercy", "saint"])
    {
        return page.is_any(token, &["memorial", "st"]) && token.is_capital();
    }
    !class.has(Class::COMMON)
        || class.has(Class::SURNAME.or(Class::CITY).or(Class::GIVEN))
        || !page.opens(place) && matches!(token.kind, Kind::Title)
        || token.kind == Kind::Upper && page.is_any(token, SCENERY)
}

/// Words of landscapes: in capitals too they belong to a name.
const SCENERY: &[&str] = &[
    "knoll", "meadow", "meadows", "glen", "hollow", "ridge", "harbor", "haven", "grove", "brook",
    "brooks", "oak", "oaks", "pine", "pines", "lake", "lakes", "valley", "hill", "hills", "creek",
    "river", "rivers", "maple", "cedar", "willow", "willows", "elm", "birch", "bay", "forest",
    "garden", "gardens", "summit", "mountain", "prairie",
];

/// A company whose kind (`Inc`, `Foods`) stands at `place`.
pub(crate) fn company(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if !token.is_capital() || token.gap > Gap::Space && !page.before(place, 1).is_sign(b',') {
        return;
    }
    let comma = usize::from(page.before(place, 1).is_sign(b','));
    let first = name_start(page, place - comma);
    let formal = page.is_any(
        token,
        &[
            "inc",
            "llc",
            "ltd",
            "corp",
            "corporation",
            "gmbh",
            "llp",
            "plc",
        ],
    );
    let proper = (first..place)
        .any(|at| is_proper(page, at) && (formal || !page.at(at).class.has(Class::COMMON)));
    let linked = page.is_any(page.before(first, 1), &["with", "at", "by", "to", "from"])
        && place > first + 1
        && !page
            .at(first)
            .class
            .has(Class::GENERIC.or(Class::MEDICAL).or(Class::STOP))
        && !page.is_shouted;
    if (proper || linked) && (formal || comma == 0 && !page.is_shouted) {
        let dot =
            usize::from(page.at(place + 1).is_sign(b'.') && page.at(place + 1).gap == Gap::None);
        found.push(page.finding(
            first,
            place + dot * usize::from(formal),
            Label::Employer,
            0.65,
            "company",
        ));
    }
}
