//! Street addresses, post boxes, rooms and postal codes (45 CFR 164.514(b)(2)(i)(B)).

mod abroad;
pub(crate) mod berth;
pub(crate) mod coordinates;
pub(crate) mod military;
mod postal;
pub(crate) mod roads;
pub(crate) mod rooms;
mod tail;
mod words;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind},
};
pub(crate) use abroad::numbered;
pub(crate) use tail::named_country;

use tail::Tail;

/// An address that the house number at `place` opens: `12 N. Oak Street Apt 4, Troy, NY 12180`.
pub(crate) fn house(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.len() > 6 || page.before(place, 1).is_sign(b'.') && token.gap == Gap::None {
        return;
    }
    let Some(street) = street_end(page, place + 1) else {
        if may_open_abroad(page, place) {
            abroad::house(page, place, found);
        }
        return;
    };
    let last = tail(page, street);
    found.push(page.finding(head(page, place), last, Label::Geo, 0.9, "street-address"));
}

/// The street, number and town around the postal code at `place`: `Gielbaan 6, 4757 Harlingen`,
/// `Vršovka 823, 144 82 Kdyně`; or a town alone on its line before its code: `Vimpeli, 70030`.
pub(crate) fn around_code(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if !page.before(place, 1).is_sign(b',') || page.at(place).gap != Gap::Space {
        return;
    }
    let token = page.at(place);
    let pair = token.len() == 3
        && page.at(place + 1).len() == 2
        && page.at(place + 1).kind == Kind::Number;
    let code = place + usize::from(pair);
    if !pair && !(4..=6).contains(&token.len()) {
        return;
    }
    let word = |at: usize| {
        let token = page.at(at);
        matches!(token.kind, Kind::Title | Kind::Mixed) && token.len() > 2
    };
    let own = |at: usize| {
        word(at)
            && !page.at(at).class.has(
                Class::STOP
                    .or(Class::MONTH)
                    .or(Class::WEEKDAY)
                    .or(Class::MEDICAL)
                    .or(Class::ROOM),
            )
    };
    let number = page.before(place, 2);
    let town = page.at(code + 1);
    let near = town.gap == Gap::Space || town.is_sign(b',');
    let behind = code + 1 + usize::from(town.is_sign(b','));
    let street = place >= 4
        && matches!(number.kind, Kind::Number | Kind::Code)
        && number.len() <= 4
        && number.gap == Gap::Space
        && own(place - 3)
        && near
        && own(behind)
        && !page.is_clinical;
    if street {
        let goes_before = |first: usize| {
            let token = page.before(first, 1);
            own(first - 1) && !page.opens(first) || token.is_sign(b'-') && token.gap == Gap::None
        };
        let mut first = place - 3;
        while first > 0
            && place - first < 7
            && page.at(first).gap <= Gap::Space
            && goes_before(first)
        {
            first -= 1;
        }
        let mut last = behind;
        while page.at(last + 1).gap == Gap::Space && own(last + 1) && last < behind + 3 {
            last += 1;
        }
        found.push(page.finding(first, last, Label::Geo, 0.96, "street-abroad"));
        return;
    }
    let alone = token.len() == 5
        && !pair
        && own(place.saturating_sub(2))
        && page.opens(place.saturating_sub(2))
        && (page.at(place + 1).gap >= Gap::Line || page.at(place + 1).kind == Kind::Edge);
    if alone && place >= 2 {
        found.push(page.finding(place - 2, place, Label::Geo, 0.8, "town-code"));
    }
}

/// Whether a street's name in any language may follow the number at `place`.
fn may_open_abroad(page: &Page<'_>, place: usize) -> bool {
    let opens = |at: usize| {
        let token = page.at(at);
        token.gap == Gap::Space
            && (token.is_capital()
                || token.kind == Kind::Lower
                    && token.len() > 1
                    && token.class.has(Class::ROAD.or(Class::PARTICLE)))
            && page.bytes(at).first() != Some(&0xC2)
    };
    let next = page.at(place + 1);
    let second = next.gap == Gap::Space && matches!(next.kind, Kind::Number | Kind::Code);
    let chain =
        next.is_sign(b'-') && next.gap == Gap::None && page.at(place + 2).kind == Kind::Number;
    opens(place + 1)
        || second && opens(place + 2)
        || chain && (opens(place + 3) || opens(place + 5))
}

/// The first token of an address whose house number stands at `place`: a number or a unit may
/// stand before it, `Apt. 675 62314 Mellemvej 32`.
pub(crate) fn head(page: &Page<'_>, place: usize) -> usize {
    let mut first = place;
    let previous = page.before(first, 1);
    if page.at(first).gap == Gap::Space
        && matches!(previous.kind, Kind::Number | Kind::Code)
        && previous.len() <= 6
        && !page.before(first, 2).is_sign(b'.')
    {
        first -= 1;
    }
    let value = first.saturating_sub(1 + usize::from(page.before(first, 1).is_sign(b',')));
    let dot = usize::from(page.before(value, 1).is_sign(b'.'));
    let unit = value.saturating_sub(1 + dot);
    if page.at(unit).class.has(Class::ROOM) && unit_end(page, unit) == Some(value) && unit < value {
        first = unit;
    }
    first
}

/// The postal code right behind a town that ends at `last`; a year is none.
pub(crate) fn code_behind(page: &Page<'_>, last: usize) -> Option<usize> {
    let token = page.at(last + 1);
    let end = postal::postal_end(page, last + 1)?;
    let text = page.bytes(last + 1);
    let year = text.len() == 4 && (text.starts_with(b"19") || text.starts_with(b"20"));
    let next = page.at(end + 1);
    let counted =
        next.gap <= Gap::Space && next.class.has(Class::UNIT) && !next.class.has(Class::STOP)
            || next.gap == Gap::None && matches!(next.kind, Kind::Sign(b'/' | b'-' | b'%'));
    (token.gap == Gap::Space && !counted && (!year || end > last + 1)).then_some(end)
}

/// The last token of the street's name and kind, from the token after the house number.
fn street_end(page: &Page<'_>, first: usize) -> Option<usize> {
    let mut at = first;
    let mut words = 0;
    while at < first + 7 {
        let token = page.at(at);
        if token.gap > Gap::Line {
            return None;
        }
        let closes = token.class.has(Class::STREET) && words > 0 && token.kind != Kind::Lower
            || words > 0
                && words < 3
                && (page.is_any(token, FULL_STREETS) || is_small_street(page, at))
            || (1..3).contains(&words)
                && token.kind == Kind::Title
                && page.is_any(token, POSTAL_STREETS);
        let number = page.at(at + 1);
        let numbered = page.is_any(token, &["road", "route", "highway", "hwy", "rd", "rte"])
            && page.is_any(
                page.before(at, 1),
                &["county", "state", "us", "farm", "ranch", "township"],
            )
            && number.kind == Kind::Number
            && number.gap == Gap::Space
            && number.len() <= 4;
        if closes && numbered {
            return Some(at + 1);
        }
        if closes && !goes_on(page, at) {
            let dot = usize::from(
                page.at(at + 1).is_sign(b'.')
                    && page.at(at + 1).gap == Gap::None
                    && token.len() < 5,
            );
            let direction = page.at(at + dot + 1);
            let turned = direction.class.has(Class::DIRECTION)
                && direction.kind == Kind::Upper
                && direction.gap == Gap::Space;
            return Some(at + dot + usize::from(turned));
        }
        match token.kind {
            Kind::Sign(b'.') if token.gap == Gap::None && words > 0 && is_short(page, at) => {}
            Kind::Sign(b'\'' | b'-') if token.gap == Gap::None && words > 0 => {}
            Kind::Possessive => {}
            Kind::Code if is_ordinal(page.bytes(at)) => words += 1,
            Kind::Number
                if page.is_any(
                    page.before(at, 1),
                    &["highway", "route", "hwy", "rte", "road"],
                ) =>
            {
                return Some(at);
            }
            Kind::Title | Kind::Upper | Kind::Mixed | Kind::Initial => {
                if token.class.has(Class::UNIT)
                    && matches!(token.kind, Kind::Upper | Kind::Mixed)
                    && !token.class.has(Class::DIRECTION)
                {
                    return None;
                }
                words += 1;
            }
            Kind::Lower
                if !token
                    .class
                    .has(Class::STOP.or(Class::UNIT).or(Class::MEASURE))
                    && words < 2 =>
            {
                words += 1;
            }
            _ => return None,
        }
        at += 1;
    }
    None
}

/// `pottergate mews`, `tanner's row`: a kind of street in small letters behind no everyday word.
fn is_small_street(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let owned = page.before(at, 1).kind == Kind::Possessive;
    let name = page.before(at, 1 + usize::from(owned));
    let plain = Class::COMMON
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::UNIT)
        .or(Class::STOP);
    token.kind == Kind::Lower
        && token.class.has(Class::STREET)
        && !token.class.has(Class::UNIT)
        && token.len() > 2
        && name.kind == Kind::Lower
        && name.len() > 3
        && !name.class.has(plain)
}

/// A word of at most two letters, or an abbreviated title, stands before the point at `at`.
fn is_short(page: &Page<'_>, at: usize) -> bool {
    let word = page.before(at, 1);
    word.len() <= 2
        || page.is_any(
            word,
            &[
                "ste", "mtn", "rev", "col", "gen", "wm", "geo", "hwy", "rte", "ave",
            ],
        )
}

/// `12 Park Street`: a later word is the kind of street.
fn goes_on(page: &Page<'_>, at: usize) -> bool {
    let next = page.at(at + 1);
    let after = page.at(at + 2);
    next.gap == Gap::Space
        && next.is_capital()
        && (next.class.has(Class::STREET) && !next.class.has(Class::STATE_CODE)
            || page.is_any(next, POSTAL_STREETS) && page.at(at).kind == Kind::Title
            || after.gap == Gap::Space && after.is_capital() && page.is_any(after, FULL_STREETS))
}

fn is_ordinal(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.len() < 7
        && [b"st", b"nd", b"rd", b"th"]
            .iter()
            .any(|ending| bytes.to_ascii_lowercase().ends_with(*ending))
}

/// Carries on from the street's last token over unit, town, state, postal code and country.
pub(crate) fn tail(page: &Page<'_>, street: usize) -> usize {
    Tail::from(page, street).last
}

fn skip_comma(page: &Page<'_>, at: usize) -> usize {
    at + usize::from(matches!(page.at(at).kind, Kind::Sign(b',' | b';')))
}

/// `Apt 4B`, `# 12`, `2nd floor`, `2o B`.
fn unit_end(page: &Page<'_>, at: usize) -> Option<usize> {
    let token = page.at(at);
    if token.kind == Kind::Code && token.gap <= Gap::Space && token.len() <= 4 {
        let next = page.at(at + 1);
        let storey = next.gap == Gap::Space && page.is_any(next, &["floor", "fl", "piso", "etage"]);
        let door = next.gap == Gap::Space
            && next.kind == Kind::Initial
            && matches!(page.bytes(at), [b'0'..=b'9', b'o' | b'a' | 0x80.., ..]);
        return (storey || door).then_some(at + 1);
    }
    if token.gap > Gap::Line
        || !(token.class.has(Class::ROOM) && token.is_word() || token.is_sign(b'#'))
    {
        return None;
    }
    let dot = usize::from(matches!(page.at(at + 1).kind, Kind::Sign(b'.' | b'#')));
    let value = page.at(at + 1 + dot);
    let fits =
        matches!(value.kind, Kind::Number | Kind::Code | Kind::Initial) && value.gap <= Gap::Space;
    let last = at + 1 + dot;
    let wing = page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && matches!(page.at(last + 2).kind, Kind::Number | Kind::Code)
        && page.at(last + 2).len() <= 4;
    fits.then_some(last + if wing { 2 } else { 0 })
}

/// `Troy, NY 12180`, from the town's first word on.
pub(crate) fn town_end(page: &Page<'_>, first: usize, is_cued: bool) -> Option<usize> {
    let mut at = first;
    while at < first + 4
        && page.at(at).is_capital()
        && page.at(at).kind != Kind::Initial
        && page.at(at).gap <= Gap::Line
    {
        at += 1;
        at += usize::from(
            page.at(at).is_sign(b'.') && page.is_any(page.before(at, 1), &["st", "ft", "mt"]),
        );
        let state_at = skip_comma(page, at);
        if let Some(end) = state_end(page, state_at, state_at > at, is_cued) {
            return Some(zip_end(page, end + 1).unwrap_or(end));
        }
    }
    None
}

/// The last token of a state's name or two letters.
fn state_end(page: &Page<'_>, at: usize, after_comma: bool, is_cued: bool) -> Option<usize> {
    let token = page.at(at);
    if token.gap > Gap::Line || !token.is_capital() {
        return None;
    }
    let followed_by_zip = page.at(at + 1).kind == Kind::Number && page.at(at + 1).len() == 5;
    if page.is_shouted && token.class.has(Class::STOP) && !followed_by_zip {
        return None;
    }
    if token.kind == Kind::Upper
        && token.len() == 2
        && token.class.has(Class::STATE_CODE)
        && (after_comma && (is_cued || !token.class.has(Class::CREDENTIAL))
            || followed_by_zip
            || after_comma && !page.is_shouted && !token.class.has(Class::MEDICAL))
    {
        return Some(at);
    }
    if token.kind == Kind::Upper
        && token.len() == 2
        && token.class.has(Class::STATE_CODE)
        && !page.is_shouted
        && token.gap == Gap::Space
        && !page.is_any(token, AMBIGUOUS)
        && page.before(at, 1).kind == Kind::Title
        && page.before(at, 1).class.has(Class::CITY)
        && tail::closes(page, at)
    {
        return Some(at);
    }
    if after_comma
        && page.is_any(token, OLD_STATES)
        && page.at(at + 1).is_sign(b'.')
        && page.at(at + 1).gap == Gap::None
    {
        return Some(at + 1);
    }
    let long = page.at(at + 1).is_capital() && page.phrase(at, at + 2).has(Class::STATE);
    if long && (after_comma || followed_by_zip) {
        return Some(at + 1);
    }
    (token.class.has(Class::STATE) && (after_comma || followed_by_zip)).then_some(at)
}

/// A five-digit postal code, with its four more digits.
fn zip_end(page: &Page<'_>, at: usize) -> Option<usize> {
    let at = skip_comma(page, at);
    let token = page.at(at);
    if token.kind != Kind::Number || token.len() != 5 || token.gap > Gap::Line {
        return None;
    }
    let plus = page.at(at + 1).is_sign(b'-')
        && page.at(at + 1).gap == Gap::None
        && page.at(at + 2).len() == 4
        && page.at(at + 2).kind == Kind::Number;
    Some(at + if plus { 2 } else { 0 })
}

/// `zip 12180`, `NY 12180`, `postal code: 12180`.
pub(crate) fn zip(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 5
        && (matches!(page.at(at).kind, Kind::Sign(b':' | b'#' | b'-'))
            || page.is_any(page.at(at), ZIP_WORDS))
    {
        at += 1;
    }
    let announced = page.at(place).class.has(Class::CUE_ZIP);
    let coded = || {
        let bare = page.at(at).kind == Kind::Number && matches!(page.at(at).len(), 3..=6);
        postal::postal_end(page, at).or(bare.then_some(at))
    };
    let end = announced
        .then(coded)
        .flatten()
        .or_else(|| zip_end(page, at));
    if let Some(end) = end.filter(|_| page.at(at).gap <= Gap::Line) {
        found.push(page.finding(at, end, Label::Geo, 0.9, "zip"));
    }
}

/// Words between `zip` and its digits.
const ZIP_WORDS: &[&str] = &[
    "code",
    "is",
    "of",
    "residence",
    "home",
    "mailing",
    "billing",
];

/// `lives in 60614`, `moved to 73301`: five digits where people live.
pub(crate) fn home_code(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let near = page.at(place).gap == Gap::Space && !page.at(place + 1).class.has(Class::UNIT);
    let placed = page.is_any(page.before(place, 1), &["in", "from", "to"]);
    if near && placed && page.is_any(page.before(place, 2), DWELLING) {
        found.push(page.finding(place, place, Label::Geo, 0.7, "zip"));
    }
}

const DWELLING: &[&str] = &[
    "lives",
    "lived",
    "live",
    "living",
    "resides",
    "residing",
    "resident",
    "moved",
    "moving",
    "relocated",
    "home",
    "patients",
    "people",
    "residents",
    "families",
];

/// `P.O. Box 1187`.
pub(crate) fn post_box(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let value = page.at(place + 1);
    let mut first = place;
    while first > 0
        && place - first < 4
        && (page.before(first, 1).is_sign(b'.')
            || page.is_any(page.before(first, 1), &["p", "o", "po", "post", "office"]))
    {
        first -= 1;
    }
    let route = place - usize::from(page.before(place, 1).is_sign(b','));
    if page.before(route, 1).kind == Kind::Number
        && page.is_any(
            page.before(route, 2),
            &[
                "rr", "hc", "route", "rural", "psc", "unit", "cmr", "rte", "star", "rfd",
            ],
        )
    {
        first = route - 2;
        first -= usize::from(page.is_any(page.before(first, 1), &["rural", "star"]));
    }
    if first < place && matches!(value.kind, Kind::Number | Kind::Code) {
        let first = head(page, first);
        found.push(page.finding(first, tail(page, place + 1), Label::Geo, 0.9, "post-box"));
    }
}

/// Whether a word ends like a street of the languages that write it in one word.
pub(crate) fn is_compound_street(word: &[u8]) -> bool {
    word.len() > 6
        && ENDINGS
            .iter()
            .any(|ending| word.ends_with(ending.as_bytes()))
}

/// Letters of states that mean something else behind a word.
const AMBIGUOUS: &[&str] = &[
    "pa", "md", "ma", "me", "in", "or", "hi", "ok", "id", "pr", "do", "dc", "ct", "al", "la", "ms",
    "de", "mi",
];

/// States as they were shortened before the two letters.
const OLD_STATES: &[&str] = &[
    "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ill", "ind", "kan", "kans",
    "mass", "mich", "minn", "miss", "mont", "neb", "nebr", "nev", "okla", "ore", "oreg", "penn",
    "penna", "tenn", "tex", "wash", "wis", "wisc", "wyo",
];

const ENDINGS: &[&str] = &[
    "strasse", "straße", "str", "gasse", "platz", "allee", "weg", "damm", "ufer", "chaussee",
    "steig", "straat", "gracht", "laan", "plein", "kade", "dijk", "singel", "dreef", "katu",
    "kuja", "polku", "kaari", "tie", "vej", "gade", "stræde", "vænget", "gatan", "gata", "gränd",
    "vägen", "väg", "veien", "vegen", "terrasse", "utca", "körút", "stræti", "braut", "tänav",
    "iela", "ulica",
];

/// Further kinds of street of the US Postal Service (Publication 28, Appendix C1), which name other
/// things more often: only behind a house number and a name, with a capital.
const POSTAL_STREETS: &[&str] = &[
    "branch",
    "bridge",
    "brook",
    "brooks",
    "burg",
    "burgs",
    "bypass",
    "camp",
    "canyon",
    "cape",
    "center",
    "centers",
    "circles",
    "cliff",
    "cliffs",
    "club",
    "common",
    "corners",
    "course",
    "courts",
    "coves",
    "creek",
    "crest",
    "crossroad",
    "crossroads",
    "curve",
    "dale",
    "dam",
    "divide",
    "drives",
    "estate",
    "extensions",
    "fall",
    "flat",
    "fords",
    "forge",
    "forges",
    "forks",
    "garden",
    "gateway",
    "glens",
    "green",
    "greens",
    "groves",
    "harbors",
    "hill",
    "hills",
    "inlet",
    "islands",
    "junctions",
    "keys",
    "knolls",
    "lakes",
    "land",
    "light",
    "lights",
    "loaf",
    "lock",
    "locks",
    "manors",
    "mission",
    "mountains",
    "orchard",
    "parks",
    "passage",
    "pines",
    "points",
    "ports",
    "ramp",
    "rapid",
    "ridges",
    "river",
    "roads",
    "rue",
    "shoal",
    "shoals",
    "skyway",
    "spurs",
    "squares",
    "stravenue",
    "streets",
    "throughway",
    "trace",
    "track",
    "trafficway",
    "unions",
    "valleys",
    "via",
    "views",
    "villages",
    "walks",
    "wall",
    "ways",
    "well",
];

const FULL_STREETS: &[&str] = &[
    "street",
    "avenue",
    "boulevard",
    "road",
    "drive",
    "lane",
    "court",
    "highway",
    "parkway",
    "terrace",
    "ave",
    "blvd",
    "rd",
];
