//! A facility and where it is, made one: `the Kroger on Poplar Ave`, `Gentle Hands of Macon`,
//! `the Golden Carp in Flushing`, `VA clinic in Cheyenne`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// Widens each finding of a place to the left over what lies there, when a preposition links
/// them. The findings are sorted and do not overlap; they may afterwards.
pub(crate) fn join(page: &Page<'_>, found: &mut [Finding]) {
    let mut before = None;
    for at in 0..found.len() {
        let Some(finding) = found.get(at).copied() else {
            break;
        };
        let place = matches!(finding.label, Label::Geo | Label::Employer) && finding.score < 0.95;
        if place
            && let Some(start) = opening(page, &finding, before.as_ref())
            && let Some(finding) = found.get_mut(at)
        {
            finding.start = start;
        }
        before = Some(finding);
    }
}

/// Where the facility begins that lies at the found place.
fn opening(page: &Page<'_>, finding: &Finding, before: Option<&Finding>) -> Option<usize> {
    let place = page
        .tokens
        .partition_point(|token| (token.start as usize) < finding.start);
    if is_chain(page, place)
        && page.is(page.before(place, 1), "the")
        && page.is_any(page.at(place + 1), &["on", "in", "at", "near"])
        && (page.at(place + 1).end as usize) < finding.end
    {
        return Some(page.before(place, 1).start as usize);
    }
    let the = usize::from(page.is(page.before(place, 1), "the"));
    let link = place.checked_sub(1 + the)?;
    if page.at(link + 1).gap > Gap::Line
        || !page.is_any(
            page.at(link),
            &["on", "in", "at", "of", "near", "off", "by"],
        )
    {
        return None;
    }
    let last = link.checked_sub(1)?;
    if page.at(link).gap > Gap::Line {
        return None;
    }
    if let Some(before) = before.filter(|before| before.end == page.at(last).end as usize) {
        let facility = matches!(before.label, Label::Geo | Label::Employer)
            && !matches!(before.detector, "town" | "country" | "zip" | "cued-place");
        if facility {
            let first = page
                .tokens
                .partition_point(|token| (token.start as usize) < before.start);
            return Some(with_article(page, first));
        }
        if before.label == Label::Name {
            return None;
        }
    }
    let first = named(page, last, link)?;
    Some(page.at(first).start as usize)
}

/// The start of a word, or of the article before it.
fn with_article(page: &Page<'_>, first: usize) -> usize {
    let article = page.before(first, 1);
    if page.is(article, "the") && page.at(first).gap == Gap::Space {
        article.start as usize
    } else {
        page.at(first).start as usize
    }
}

/// The first token of a name in capitals, a house of a chain or a kind of house right before the
/// link: `Gentle Hands`, `the Walgreens`, `the convent`.
fn named(page: &Page<'_>, last: usize, link: usize) -> Option<usize> {
    let token = page.at(last);
    let article =
        |first: usize| first - usize::from(first > 0 && page.is(page.before(first, 1), "the"));
    if is_chain(page, last) {
        let pair = page.is_any(token, &["aid", "depot", "general", "pharmacy"]);
        return Some(article(last - usize::from(pair && last > 0)));
    }
    let of = page.is(page.at(link), "of");
    if !of
        && page.is_any(token, HOUSES)
        && let Some(first) = noun_phrase(page, last)
    {
        return Some(first);
    }
    if page.is(page.at(link), "on")
        && !page.is_any(token, GROUND)
        && (last.saturating_sub(2)..=last).any(|at| is_house_word(page, at))
        && let Some(first) = noun_phrase(page, last)
    {
        return Some(first);
    }
    let mut first = last + 1;
    let (mut words, mut own) = (0, false);
    while first > 0 && last + 1 - first < 6 && fits(page, first - 1) {
        first -= 1;
        words += usize::from(page.at(first).is_capital());
        own |= is_own(page, first);
        if page.at(first).gap > Gap::Space {
            break;
        }
    }
    while first <= last && (!page.at(first).is_capital() || page.opens(first) && words == 1) {
        first += 1;
    }
    let the = first > 0 && page.is(page.before(first, 1), "the");
    let veterans = page.is(page.at(first), "va") && words >= 2;
    let enough = words >= 2 || the && !of;
    let named = !page.is_shouted && enough && own;
    (first <= last && (named || veterans)).then(|| if the && !of { first - 1 } else { first })
}

fn fits(page: &Page<'_>, at: usize) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::TITLE)
        .or(Class::PERSON)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::CREDENTIAL)
        .or(Class::RELATION)
        .or(Class::PERSON_VERB);
    let token = page.at(at);
    let veterans = page.is_any(token, &["va", "clinic", "hospital"]);
    let capital = token.is_capital() && token.kind != Kind::Initial && !token.class.has(NEVER);
    capital || veterans || token.is_sign(b'&')
}

/// A word that is not of medicine nor of every hospital.
fn is_own(page: &Page<'_>, at: usize) -> bool {
    const PLAIN: Class = Class::GENERIC
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::FACILITY)
        .or(Class::HEAD)
        .or(Class::CARE)
        .or(Class::EPONYM)
        .or(Class::DEMONYM)
        .or(Class::STATE)
        .or(Class::MEASURE)
        .or(Class::COUNTRY);
    let token = page.at(at);
    matches!(token.kind, Kind::Title | Kind::Mixed) && token.len() > 2 && !token.class.has(PLAIN)
}

/// The article before a noun of up to four words.
fn noun_phrase(page: &Page<'_>, last: usize) -> Option<usize> {
    let first = (1..=4)
        .map_while(|back| last.checked_sub(back))
        .find(|at| page.is(page.at(*at), "the"))?;
    let plain = |at: usize| {
        let token = page.at(at);
        token.is_word() && token.gap == Gap::Space && !token.class.has(Class::STOP)
    };
    (first + 1..=last).all(plain).then_some(first)
}

/// A word that is no everyday language, or belongs to the names of houses: `the kwik trip`.
fn is_house_word(page: &Page<'_>, at: usize) -> bool {
    const PLAIN: Class = Class::COMMON
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::STOP)
        .or(Class::PERSON)
        .or(Class::RELATION)
        .or(Class::HEAD);
    let token = page.at(at);
    token.is_word()
        && (!token.class.has(PLAIN) && token.len() > 3
            || page.is_any(token, &["va", "sisters", "brothers", "general", "depot"]))
}

/// Words of the ground, on which a street's name tells nothing more of a house.
const GROUND: &[&str] = &[
    "corner",
    "ramp",
    "sidewalk",
    "bus",
    "accident",
    "crash",
    "collision",
    "traffic",
    "house",
    "apartment",
    "way",
    "curb",
    "lane",
    "ice",
    "wreck",
];

/// A shop, bank or restaurant of which there are many: with its street or town it is one.
pub(super) fn is_chain(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    page.is_any(token, CHAINS)
        || page.at(at).gap == Gap::Space
            && (page.is(token, "aid") && page.is(page.before(at, 1), "rite")
                || page.is(token, "general") && page.is(page.before(at, 1), "dollar")
                || page.is(token, "pharmacy") && is_chain(page, at.saturating_sub(1))
                || page.is(token, "depot") && page.is_any(page.before(at, 1), &["home", "office"]))
}

/// Houses of which a town has one or few.
const HOUSES: &[&str] = &[
    "convent",
    "monastery",
    "abbey",
    "jail",
    "prison",
    "shelter",
    "mosque",
    "synagogue",
    "temple",
    "casino",
    "refinery",
    "sawmill",
    "cannery",
    "reservation",
    "fairgrounds",
    "shipyard",
    "seminary",
    "orphanage",
    "courthouse",
    "firehouse",
    "raceway",
    "marina",
    "clinic",
    "rectory",
    "trailer",
    "parsonage",
    "bodega",
    "deli",
    "diner",
    "motel",
    "pharmacy",
    "laundromat",
    "station",
    "office",
    "va",
    "room",
    "shop",
    "bar",
    "pub",
    "tavern",
    "market",
    "church",
    "daycare",
    "store",
    "mission",
    "sro",
];

/// Chains of shops and restaurants.
const CHAINS: &[&str] = &[
    "walgreens",
    "walgreen",
    "cvs",
    "kroger",
    "walmart",
    "target",
    "costco",
    "safeway",
    "publix",
    "aldi",
    "wegmans",
    "meijer",
    "albertsons",
    "heb",
    "starbucks",
    "mcdonald's",
    "mcdonalds",
    "wendy's",
    "subway",
    "chipotle",
    "ikea",
    "lowe's",
    "lowes",
    "kohl's",
    "macy's",
    "sears",
    "winco",
    "sheetz",
    "wawa",
    "marriott",
    "hilton",
    "hyatt",
    "sheraton",
    "amazon",
    "fedex",
    "ups",
    "tesco",
    "sainsbury's",
    "asda",
    "lidl",
    "boots",
    "superdrug",
    "marshalls",
    "petsmart",
    "autozone",
    "winn-dixie",
    "dunkin",
    "shoprite",
    "conoco",
    "shell",
    "chevron",
    "exxon",
    "sunoco",
    "citgo",
    "texaco",
    "kaiser",
    "quest",
    "labcorp",
    "davita",
    "fresenius",
    "sonic",
    "arby's",
    "popeyes",
    "wingstop",
    "hardee's",
    "whataburger",
    "denny's",
    "ihop",
    "applebee's",
    "7-eleven",
    "usps",
    "goodwill",
];
