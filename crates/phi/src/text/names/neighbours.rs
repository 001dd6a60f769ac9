//! What the names and words beside a name say of it: lists, things named after people, deeds.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::Context,
    weight::{Weight, weigh},
};

/// The context that names found or following in the same list lend to the word at `place`:
/// `Anna, Bob and Carla`.
pub(super) fn joined(page: &Page<'_>, place: usize, found: &[Finding]) -> Context {
    let token = page.at(place);
    if !matches!(token.kind, Kind::Title | Kind::Mixed) || token.len() < 3 {
        return Context::None;
    }
    if is_joined_back(page, place, found) {
        return if token.class.has(Class::GIVEN) || is_plain_surname(page, place) {
            Context::Strong
        } else {
            Context::Medium
        };
    }
    let (and, next) = (page.at(place + 1), page.at(place + 2));
    let joins = page.is_any(and, &["and", "or"]) && and.gap == Gap::Space;
    let unlisted = token.class == Class::NONE && page.at(place + 2).class.has(Class::SURNAME);
    if joins && next.kind == Kind::Title && (is_sure_name(page, place + 2) || unlisted) {
        return Context::Medium;
    }
    Context::None
}

/// A frequent surname, before a verb or sign if it is a word as well: `Smith and White were`.
fn is_plain_surname(page: &Page<'_>, place: usize) -> bool {
    let class = page.at(place).class;
    let next = page.at(place + 1);
    class.has(Class::SURNAME)
        && class.has(Class::FREQUENT)
        && !class.has(Class::MEDICAL.or(Class::STOP).or(Class::MONTH))
        && (next.class.has(Class::STOP.or(Class::PERSON_VERB))
            || next.is_sign(b'.')
            || next.is_sign(b','))
}

/// A comma, `and` or an opening bracket stands between a name found before and this word.
fn is_joined_back(page: &Page<'_>, place: usize, found: &[Finding]) -> bool {
    let joint = page.before(place, 1);
    let bracket = joint.is_sign(b'(') && page.at(place + 1).is_sign(b')');
    let comma = matches!(joint.kind, Kind::Sign(b',' | b'&' | b'/'));
    let and = page.is_any(joint, &["and", "or"]) && joint.kind == Kind::Lower;
    if !(bracket || comma || and) || page.at(place).gap > Gap::Line {
        return false;
    }
    let mut back = 2;
    if and && page.before(place, 2).is_sign(b',') {
        back = 3;
    }
    let end = page.before(place, back).end as usize;
    found
        .iter()
        .rev()
        .take(4)
        .any(|finding| finding.label == Label::Name && finding.end == end)
}

/// A listed name that is nothing else.
fn is_sure_name(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::EPONYM
        .or(Class::CITY)
        .or(Class::MONTH)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::MEDICAL)
        .or(Class::RARE);
    let class = page.at(place).class;
    weigh(page, place) >= Weight::Name && !class.has(ELSE)
}

/// A word that may follow a name behind an article: `the Castro novel`, `a Lopez concert`.
pub(super) fn is_named_thing(page: &Page<'_>, at: usize) -> bool {
    page.at(at).kind == Kind::Lower
        && page.at(at).gap == Gap::Space
        && page.is_any(page.at(at), THINGS)
}

/// Whether the word at a place tells what a person does, in general language.
pub(super) fn acts(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    if token.kind != Kind::Lower || token.gap != Gap::Space {
        return false;
    }
    token.class.has(Class::PERSON_VERB) && !page.is_any(token, WEAK) || page.is_any(token, DEEDS)
}

/// Whether a part in a dialogue or an address follows: `Ana: "..."`, `Ana, can you`.
pub(super) fn speaks(page: &Page<'_>, at: usize) -> bool {
    let (sign, next) = (page.at(at), page.at(at + 1));
    let quotes = sign.is_sign(b':') && next.is_sign(b'"');
    let asks = sign.is_sign(b',')
        && page.is_any(
            next,
            &[
                "can", "could", "please", "are", "do", "did", "would", "will", "have", "i", "you",
            ],
        );
    quotes || asks
}

/// Verbs that things do as well.
const WEAK: &[&str] = &[
    "and",
    "was",
    "is",
    "has",
    "had",
    "will",
    "can",
    "could",
    "may",
    "should",
    "would",
    "needs",
    "used",
    "uses",
    "did",
    "does",
    "noted",
    "notes",
    "continued",
    "continues",
    "remained",
    "remains",
    "stopped",
    "started",
    "given",
    "performed",
    "returned",
    "returns",
    "appeared",
    "appears",
    "made",
    "makes",
];

const THINGS: &[&str] = &[
    "novel",
    "novels",
    "book",
    "books",
    "song",
    "songs",
    "version",
    "concert",
    "album",
    "film",
    "films",
    "movie",
    "movies",
    "family",
    "show",
    "painting",
    "paintings",
    "residence",
    "household",
    "brothers",
    "sisters",
    "kids",
    "twins",
    "estate",
    "wedding",
    "lawsuit",
    "biography",
    "play",
    "poem",
    "essay",
    "interview",
    "speech",
    "home",
    "account",
    "invoice",
    "administration",
    "era",
    "fan",
    "fans",
    "record",
    "series",
    "documentary",
    "exhibition",
];

const DEEDS: &[&str] = &[
    "began",
    "begins",
    "wrote",
    "writes",
    "spent",
    "spends",
    "shouted",
    "shouts",
    "loves",
    "loved",
    "argues",
    "argued",
    "teaches",
    "taught",
    "runs",
    "ran",
    "plays",
    "played",
    "bought",
    "buys",
    "sold",
    "sells",
    "sent",
    "sends",
    "knows",
    "knew",
    "met",
    "meets",
    "helped",
    "helps",
    "laughed",
    "laughs",
    "cried",
    "cries",
    "smiled",
    "smiles",
    "whispered",
    "replied",
    "replies",
    "answered",
    "answers",
    "insisted",
    "claims",
    "claimed",
    "wondered",
    "wonders",
    "hopes",
    "hoped",
    "married",
    "joined",
    "retired",
    "founded",
    "won",
    "lost",
    "scored",
    "sang",
    "sings",
    "danced",
    "dances",
    "reads",
    "cooks",
    "studied",
    "studies",
    "graduated",
    "grew",
    "painted",
    "paints",
    "wore",
    "wears",
    "hates",
    "hated",
    "likes",
    "liked",
    "listed",
    "picked",
    "decided",
    "promised",
    "promises",
    "invited",
    "visits",
    "travelled",
    "traveled",
    "smells",
    "complimented",
    "yelled",
    "yells",
    "exclaimed",
    "screamed",
    "walked",
    "walks",
    "sat",
    "slept",
    "sleeps",
    "speaks",
    "spoke",
    "talks",
    "talked",
    "explains",
    "insists",
    "apologized",
    "apologised",
    "designed",
    "directed",
    "starred",
    "stars",
    "published",
    "released",
    "owns",
    "owned",
    "rents",
    "rented",
    "missed",
    "misses",
    "forgot",
    "forgets",
    "remembers",
    "remembered",
    "enjoys",
    "enjoyed",
    "weighs",
    "wakes",
    "woke",
    "eats",
    "ate",
    "fell",
    "fainted",
    "vomited",
    "coughs",
    "coughed",
    "ambulated",
    "ambulates",
    "rates",
    "rated",
    "voices",
    "voiced",
    "reiterated",
    "reiterates",
    "shared",
    "mentioned",
    "mentions",
    "resides",
    "resided",
    "attended",
    "attends",
    "earned",
    "earns",
    "owes",
    "paid",
    "pays",
    "emailed",
    "emails",
    "phoned",
    "texted",
    "texts",
    "hugged",
    "kissed",
    "kisses",
    "scrubbed",
    "assisted",
    "concurs",
    "concurred",
    "opened",
];
