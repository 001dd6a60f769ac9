//! How much a word by itself looks like part of a name.

use crate::dictionary::class::Class;

use super::super::{
    likeness::likeness,
    page::Page,
    token::{Kind, plain_letters},
};

/// From no name at all to a frequent one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Cannot be in a name.
    None,
    /// An English word that is not listed as a name.
    Word,
    /// In no list, of the shape of a name.
    Unknown,
    /// A name that is also an everyday word.
    Ambiguous,
    /// In no list, but built of the letters that names are built of.
    Likely,
    /// A listed name.
    Name,
    /// A frequent name.
    Frequent,
}

/// Weighs the word at a place.
pub(super) fn weigh(page: &Page<'_>, place: usize) -> Weight {
    const NAME: Class = Class::GIVEN.or(Class::SURNAME);
    const PART: Class = Class::TITLE
        .or(Class::WEEKDAY)
        .or(Class::CREDENTIAL)
        .or(Class::STOP);
    const NEVER: Class = Class::MEDICAL.or(PART);
    const NOT_UNKNOWN: Class = NEVER
        .or(Class::COMMON)
        .or(Class::RARE)
        .or(Class::MONTH)
        .or(Class::DEMONYM)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::UNIT)
        .or(Class::FACILITY)
        .or(Class::COMPANY)
        .or(Class::EPONYM);
    let token = page.at(place);
    let class = token.class;
    if !token.is_capital() || token.len() < 2 {
        return Weight::None;
    }
    if class.has(NAME) {
        let medical = class.has(Class::MEDICAL) && (token.len() > 3 || token.kind == Kind::Upper);
        let everyday = class.has(
            Class::COMMON
                .or(PART)
                .or(Class::MONTH)
                .or(Class::FACILITY)
                .or(Class::RELATION),
        ) && !class.has(Class::NAME_FIRST)
            || medical;
        if medical && !class.has(Class::FREQUENT) || token.kind == Kind::Upper && token.len() < 3 {
            return Weight::None;
        }
        return match (everyday, class.has(Class::FREQUENT)) {
            (true, _) => Weight::Ambiguous,
            (false, false) => Weight::Name,
            (false, true) => Weight::Frequent,
        };
    }
    if class.has(NEVER) {
        return Weight::None;
    }
    if !class.has(NOT_UNKNOWN) {
        return unlisted(page, place);
    }
    Weight::Word
}

/// The weight of a word that stands in no list, by its letters alone.
fn unlisted(page: &Page<'_>, place: usize) -> Weight {
    let token = page.at(place);
    if token.len() < 3 || token.len() == 3 && token.kind == Kind::Upper {
        return Weight::None;
    }
    let likeness = likeness_at(page, place);
    if token.kind == Kind::Mixed && is_abbreviation(page.bytes(place)) {
        return Weight::None;
    }
    if is_contraction(page.bytes(place)) {
        return Weight::None;
    }
    if likeness > LIKELY && token.len() > 3 && !is_clinical(page.bytes(place)) {
        Weight::Likely
    } else if token.len() == 3 && likeness < 0 {
        Weight::None
    } else if likeness < UNLIKELY || is_clinical(page.bytes(place)) {
        Weight::Word
    } else {
        Weight::Unknown
    }
}

/// `CrCl`, `aPTT`, `iView`, `euDKA`: capitals inside that no particle of a name explains.
fn is_abbreviation(word: &[u8]) -> bool {
    const LOWER: &[&[u8]] = &[
        b"van", b"von", b"de", b"di", b"da", b"del", b"la", b"le", b"mac", b"mc", b"al",
    ];
    const CAPITAL: &[&[u8]] = &[
        b"Mc", b"Mac", b"De", b"Di", b"Da", b"Du", b"La", b"Le", b"Lo", b"Van", b"Von", b"Fitz",
        b"St", b"Ma", b"Mu",
    ];
    let inner = word.iter().skip(1).position(u8::is_ascii_uppercase);
    let Some(inner) = inner.map(|at| at + 1).filter(|_| !word.contains(&b'\'')) else {
        return false;
    };
    let head = word.get(..inner).unwrap_or_default();
    if word.first().is_some_and(u8::is_ascii_lowercase) {
        return !LOWER.contains(&head);
    }
    let capitals = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    word.len() < 6 && !CAPITAL.contains(&head) || capitals * 2 > word.len()
}

/// `You're`, `I've`, `They'll`.
pub(super) fn is_contraction(word: &[u8]) -> bool {
    [&b"'re"[..], b"'ve", b"'ll", b"'d", b"'m", b"n't"]
        .iter()
        .any(|tail| word.len() < 12 && word.ends_with(tail))
}

/// How much the word at a place looks like a name, whatever the lists say of it.
pub(super) fn likeness_at(page: &Page<'_>, place: usize) -> i32 {
    let word = page.bytes(place);
    if word.is_ascii() {
        return likeness(word);
    }
    let mut plain = [0_u8; 64];
    str::from_utf8(word)
        .ok()
        .and_then(|word| plain_letters(word, &mut plain))
        .map_or(0, likeness)
}

/// Above it, six names in seven and one word in eleven that no list holds.
const LIKELY: i32 = -20;
/// Below it, one name in fifty and three words in four.
const UNLIKELY: i32 = -96;

/// Endings of the words of medicine.
fn is_clinical(word: &[u8]) -> bool {
    const ENDINGS: &[&str] = &[
        "ectomy", "itis", "osis", "emia", "pathy", "ology", "graphy", "scopy", "plasty", "otomy",
        "ostomy", "uria", "algia", "oma", "pril", "sartan", "statin", "olol", "azole", "mycin",
        "cillin", "cycline", "oxacin", "tidine", "prazole", "dipine", "zepam", "zolam", "mab",
        "nib", "vir", "amine", "azine", "olone", "asone", "gram", "genic", "ation", "tion", "ical",
        "ated", "ism", "ous", "ide", "ium", "phil", "phobia", "plegia", "paresis", "cele",
        "centesis", "rrhea", "rrhage", "megaly", "penia", "cytosis", "lysis", "ility", "ness",
        "ment", "xaban", "gliptin", "glutide", "flozin", "setron", "triptan", "caine", "barbital",
        "parin", "platin", "rubicin", "taxel", "ectomies", "oscopic", "opathic", "emic", "otic",
        "etic", "stasis", "trophy", "plasia", "esthesia", "opsy", "meter",
    ];
    ENDINGS.iter().any(|ending| {
        word.len() > ending.len() + 1
            && word
                .get(word.len() - ending.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
    })
}
