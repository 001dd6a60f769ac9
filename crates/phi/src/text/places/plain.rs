//! Places and employers whose kind is written small: `the Naples clinic`, `Mercy ER`,
//! `the Chevy plant`, `Zapata street`, `Mylapore library`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// A kind of place at `place` behind words that name it.
pub(crate) fn kind(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.gap != Gap::Space || page.before(place, 1).class.has(Class::STOP) {
        return;
    }
    let Some(label) = label(page, place) else {
        return;
    };
    let (start, closes) = opening(page, place);
    let name = start.saturating_sub(1);
    if start == 0 || !is_own(page, name, closes || label == Label::Employer) {
        return;
    }
    let mut first = name;
    while first > 0 && name - first < 3 && goes_before(page, first) {
        first -= 1;
    }
    if page.before(first, 1).is_sign(b'.') && page.is_any(page.before(first, 2), SAINTS) {
        first -= 2;
    }
    first -= usize::from(page.is(page.before(first, 1), "the") && label == Label::Employer);
    found.push(page.finding(first, place, label, 0.6, "plain-kind"));
}

/// `west wing`, `North Tower`: a part of a building by its side.
pub(crate) fn side(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let previous = page.before(place, 1);
    if previous.class.has(Class::DIRECTION)
        && previous.len() > 3
        && page.at(place).gap == Gap::Space
    {
        found.push(page.finding(place - 1, place, Label::Geo, 0.6, "side"));
    }
}

/// Where the words of the kind begin (`nursing home`, `gift shop`), and whether the kind is so
/// much a place that any name before it will do.
fn opening(page: &Page<'_>, place: usize) -> (usize, bool) {
    let (token, previous) = (page.at(place), page.before(place, 1));
    let paired = page.at(place).gap == Gap::Space
        && page.is_any(
            previous,
            &[
                "nursing",
                "gift",
                "post",
                "draw",
                "group",
                "coffee",
                "credit",
                "police",
                "fire",
                "train",
                "bus",
                "steel",
                "paper",
                "auto",
                "boat",
                "funeral",
                "urgent",
                "homeless",
                "community",
                "poultry",
                "packing",
                "machine",
                "repair",
                "barber",
                "body",
                "book",
                "processing",
                "infusion",
                "dialysis",
                "satellite",
                "main",
                "branch",
                "retirement",
                "methodist",
                "baptist",
                "lutheran",
                "catholic",
                "high",
                "middle",
                "elementary",
                "primary",
                "truck",
                "distribution",
                "call",
                "rehab",
                "walk",
                "in",
                "night",
            ],
        )
        && previous.kind != Kind::Title;
    let sure = page.is_any(
        token,
        &[
            "laundry",
            "warehouse",
            "library",
            "airport",
            "nursing",
            "home",
            "shop",
            "factory",
            "jail",
            "prison",
            "mosque",
            "temple",
            "street",
            "avenue",
            "road",
            "township",
            "reservation",
            "refinery",
            "brewery",
            "mill",
            "colliery",
            "smelter",
            "substation",
            "casino",
            "ward",
            "chapel",
            "plant",
            "shipyard",
            "hospital",
            "hospice",
        ],
    );
    (place - usize::from(paired && place > 1), sure || paired)
}

/// A word before that belongs to the name: `St Charles`, `El Paso`, `Trader Joe's`.
fn goes_before(page: &Page<'_>, first: usize) -> bool {
    let (token, previous) = (page.at(first), page.before(first, 1));
    token.gap <= Gap::Space
        && previous.is_capital()
        && previous.kind != Kind::Initial
        && !page.is_shouted
        && (page.is_any(previous, SAINTS)
            || !previous.class.has(
                Class::STOP
                    .or(Class::TITLE)
                    .or(Class::PERSON)
                    .or(Class::MONTH)
                    .or(Class::WEEKDAY)
                    .or(Class::MEDICAL),
            ) && !page.opens(first - 1))
}

/// A word that names the place, and is no word of care, of medicine or of the calendar.
fn is_own(page: &Page<'_>, at: usize, sure: bool) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::GENERIC)
        .or(Class::CLINICAL)
        .or(Class::CARE)
        .or(Class::TITLE)
        .or(Class::CREDENTIAL)
        .or(Class::PERSON)
        .or(Class::PERSON_VERB)
        .or(Class::RELATION)
        .or(Class::DEMONYM)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::HOLIDAY)
        .or(Class::HEAD)
        .or(Class::DIRECTION)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::UNIT)
        .or(Class::FACILITY);
    const PLAIN: Class = Class::COMMON.or(Class::RARE).or(Class::EPONYM);
    let token = page.at(at);
    let class = token.class;
    if class.has(Class::DENOMINATION) {
        return true;
    }
    let town = class.has(Class::CITY) && !class.has(PLAIN.or(Class::STOP).or(Class::MEDICAL));
    if class.has(NEVER) && !town || token.len() < 3 {
        return false;
    }
    let listed = class.has(Class::CITY) && !class.has(Class::COMMON.or(Class::EPONYM));
    let saint = page.is_any(page.before(at, 1), SAINTS)
        || page.before(at, 1).is_sign(b'.') && page.is_any(page.before(at, 2), SAINTS);
    match token.kind {
        Kind::Title | Kind::Mixed if !page.is_shouted => {
            let inside = !page.opens(at);
            saint || listed || !class.has(PLAIN) && inside || sure && inside
        }
        Kind::Upper if page.is_shouted => class.has(Class::CITY) && !class.has(PLAIN) || saint,
        Kind::Lower => {
            let rare = class.has(Class::CITY.or(Class::SURNAME)) || class == Class::NONE && sure;
            rare && !class.has(PLAIN.or(Class::GIVEN)) && token.len() > 4
        }
        _ => false,
    }
}

const SAINTS: &[&str] = &["st", "saint", "mt", "ft"];

/// What is at a place of this kind: a place, or somebody's work; nothing if it is no kind.
fn label(page: &Page<'_>, place: usize) -> Option<Label> {
    let token = page.at(place);
    let first = page.byte(token.start as usize) | 0x20;
    if page.is_any(token, places(first)) {
        return Some(Label::Geo);
    }
    page.is_any(token, works(first)).then_some(Label::Employer)
}

/// Kinds of place that begin with a letter.
fn places(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["airport", "avenue", "ave", "apartments", "apts", "annex"],
        b'b' => &[
            "branch",
            "base",
            "building",
            "bridge",
            "beach",
            "bldg",
            "boulevard",
        ],
        b'c' => &[
            "clinic",
            "campus",
            "church",
            "cemetery",
            "convent",
            "courthouse",
            "center",
            "casino",
            "chapel",
            "coliseum",
        ],
        b'd' => &["dorm"],
        b'e' => &["er", "ed"],
        b'f' => &["ferry", "farm", "fairgrounds"],
        b'h' => &[
            "hospital", "hall", "hub", "house", "high", "home", "hotel", "highway", "hospice",
        ],
        b'i' => &["infirmary", "inn"],
        b'j' => &["jail"],
        b'l' => &["library", "lab", "lake", "lane"],
        b'm' => &[
            "mall",
            "mosque",
            "motel",
            "marina",
            "market",
            "monastery",
            "museum",
        ],
        b'n' => &["neighborhood"],
        b'o' => &["office"],
        b'p' => &[
            "pharmacy", "prison", "park", "precinct", "parish", "pier", "pool",
        ],
        b'r' => &["reservation", "road", "river", "rehab", "ranch", "rd"],
        b's' => &[
            "street",
            "station",
            "surgery",
            "sector",
            "synagogue",
            "shelter",
            "site",
            "stadium",
            "school",
            "st",
        ],
        b't' => &["temple", "terminal", "township", "tower", "trail"],
        b'u' => &["university"],
        b'v' => &["village"],
        b'w' => &["wing", "ward"],
        _ => &[],
    }
}

/// Kinds of business that begin with a letter.
fn works(first: u8) -> &'static [&'static str] {
    match first {
        b'b' => &["bakery", "brewery", "barracks"],
        b'c' => &["cannery", "childcare", "colliery"],
        b'd' => &["dealership", "daycare", "depot", "dairy", "deli", "diner"],
        b'f' => &["factory", "foundry", "firehouse"],
        b'g' => &["garage", "grocery"],
        b'l' => &["laundry"],
        b'm' => &["mine", "mill", "mills"],
        b'p' => &["plant", "preschool"],
        b'q' => &["quarry"],
        b'r' => &["refinery", "restaurant"],
        b's' => &[
            "shop",
            "store",
            "sawmill",
            "smelter",
            "substation",
            "shipyard",
            "salon",
            "supermarket",
        ],
        b't' => &["terminal"],
        b'w' => &["warehouse"],
        b'y' => &["yard"],
        _ => &[],
    }
}
