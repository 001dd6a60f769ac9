//! Ages over 89, and words that give one away (45 CFR 164.514(b)(2)(i)(C)).

mod words;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind},
};

use words::{BIRTHDAY, decade_start, is_bounded, is_of_somebody, owns_decade, rounded};
pub(crate) use words::{decade, decades, tenth_decade, word};

/// An age that a number opens: `92-year-old`, `aged 94`, `mother, 91,`.
pub(crate) fn number(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let digits = page.bytes(place);
    if !is_high(digits) || page.before(place, 1).is_sign(b'.') && token.gap == Gap::None {
        return;
    }
    let plus = usize::from(page.at(place + 1).is_sign(b'+'));
    if let Some(last) = years_old(page, place + 1 + plus) {
        let first = place - usize::from(page.before(place, 1).is_sign(b'>'));
        found.push(page.finding(
            age_start(page, first),
            last,
            Label::Age,
            0.95,
            "age-years-old",
        ));
    } else if let Some(last) = lifetime(page, place) {
        found.push(page.finding(age_start(page, place), last, Label::Age, 0.7, "age-years"));
    } else if let Some(last) = rounded(page, place) {
        found.push(page.finding(place, last, Label::Age, 0.8, "age-word"));
    } else if let Some(last) = aged_sex(page, place) {
        found.push(page.finding(place, last, Label::Age, 0.8, "age-sex"));
    } else if after_age_word(page, place)
        || after_death(page, place)
        || in_apposition(page, place)
        || of_a_person(page, place)
        || will_be(page, place)
        || lived_to(page, place)
        || at_age(page, place)
        || is_bounded(page, place)
            && !page.is(page.before(place, 1), "over")
            && closes_age(page, place)
            && !is_measured(page, place)
        || in_band(page, place)
        || page.is_any(page.at(place + 1), YEARS_ABROAD)
    {
        found.push(page.finding(age_start(page, place), place, Label::Age, 0.85, "age-word"));
    }
}

/// Where `aged`, `age of`, `turned` before an age begin; a label with a colon stays.
fn age_start(page: &Page<'_>, place: usize) -> usize {
    let of = usize::from(page.is(page.before(place, 1), "of"));
    let word = page.before(place, 1 + of);
    if word.class.has(Class::AGE_WORD) && page.at(place).gap <= Gap::Line {
        place - 1 - of
    } else {
        place
    }
}

/// `she is 97 and lives alone`, `She's 95 and`: the person is what has that many years.
fn of_a_person(page: &Page<'_>, place: usize) -> bool {
    let now = usize::from(page.is_any(
        page.before(place, 1),
        &[
            "now",
            "currently",
            "precisely",
            "exactly",
            "actually",
            "only",
            "already",
            "almost",
            "nearly",
            "just",
            "turning",
        ],
    ));
    let verb = page.before(place, 1 + now);
    let mut back = 2 + now;
    back += usize::from(page.before(place, back).is_sign(b','));
    let subject = page.before(place, back);
    let is_person = page.is_any(subject, &["he", "she", "who", "patient", "pt", "i"])
        || subject.class.has(Class::RELATION)
        || subject.class.has(Class::GIVEN) && !subject.class.has(Class::MEASURE);
    let contracted = page.is_any(verb, &["hes", "shes", "whos"]);
    (contracted
        || is_person && (page.is_any(verb, &["is", "was", "am"]) || verb.kind == Kind::Possessive))
        && page.at(place).gap == Gap::Space
        && closes_age(page, place)
}

/// `he'll be 94 in May`, `will turn 95 next week`.
fn will_be(page: &Page<'_>, place: usize) -> bool {
    let verb = page.before(place, 1);
    let next = page.at(place + 1);
    page.is_any(
        verb,
        &[
            "be",
            "turn",
            "turns",
            "turned",
            "turning",
            "becomes",
            "celebrated",
            "hit",
            "hits",
            "reached",
        ],
    ) && (page.is_any(next, &["in", "on", "next", "this", "soon", "last", "years"])
        || closes_age(page, place))
        && !is_measured(page, place)
        && !(2..5).any(|back| {
            page.is_any(
                page.before(place, back),
                &["temp", "fever", "sugar", "bp", "hr", "sat", "sats", "rate"],
            )
        })
}

/// `mother d. 94`, `lived to be 97`, `made it to 96`, `father: died, 91`.
fn lived_to(page: &Page<'_>, place: usize) -> bool {
    const LIVED: &[&str] = &[
        "died", "d", "dec", "passed", "deceased", "lived", "survived", "reached", "made",
        "expired", "alive", "living", "dead", "death",
    ];
    let next = page.at(place + 1);
    let counted = next.is_sign(b'%')
        || next.is_sign(b'/')
        || next.class.has(Class::UNIT) && !page.is_any(next, &["years", "year", "yrs", "yr", "y"]);
    let mut back = 1;
    while back < 6
        && (matches!(
            page.before(place, back).kind,
            Kind::Sign(b'.' | b',' | b':' | b'(')
        ) || page.is_any(
            page.before(place, back),
            &[
                "at", "to", "be", "it", "past", "aged", "until", "till", "age", "well", "about",
                "around", "over", "nearly", "almost", "and",
            ],
        ))
    {
        back += 1;
    }
    !counted
        && page.at(place).gap <= Gap::Space
        && page.is_any(page.before(place, back), LIVED)
        && (page.before(place, back).len() > 1
            || page.before(place, back + 1).class.has(Class::RELATION))
}

/// `father went blind at 94`, `her husband Maren also 104`: a relative earlier in the sentence and
/// nothing that is measured.
fn at_age(page: &Page<'_>, place: usize) -> bool {
    let (previous, next) = (page.before(place, 1), page.at(place + 1));
    let counted = next.class.has(Class::UNIT) && next.gap <= Gap::Space
        || matches!(next.kind, Kind::Sign(b'%' | b'/' | b'-' | b':')) && next.gap == Gap::None
        || next.is_sign(b'.') && page.at(place + 2).gap == Gap::None
        || page.is_any(next, &["percent", "degrees", "beats"]);
    if counted
        || !page.is_any(previous, &["at", "also", "aged"])
        || page.at(place).gap != Gap::Space
    {
        return false;
    }
    let mut back = 2;
    let mut relative = false;
    while back < 14 {
        let token = page.before(place, back);
        if matches!(token.kind, Kind::Edge | Kind::Sign(b'.' | b';'))
            || token.class.has(Class::MEASURE)
        {
            return false;
        }
        if token.class.has(Class::RELATION) {
            relative = true;
            break;
        }
        back += 1;
    }
    relative
}

/// `93 years`, `for 96 yrs`: so many years are somebody's, unless they are long ago.
fn lifetime(page: &Page<'_>, place: usize) -> Option<usize> {
    let unit = page.at(place + 1);
    let years = page.is_any(unit, &["years", "yrs"]) && unit.gap <= Gap::Space;
    let else_counted = page.is_any(
        page.at(place + 2),
        &["ago", "earlier", "later", "war", "survival", "warranty"],
    ) || page.is_any(page.before(place, 1), &["last", "next", "every"]);
    let part = page.before(place, 1);
    let ranged = matches!(part.kind, Kind::Sign(b'-' | b'/' | b'.' | b','))
        && page.at(place).gap == Gap::None;
    (years && !else_counted && !ranged).then_some(place + 1)
}

/// `age band 90-94`, `aged between 90 and 95`: both ends.
fn in_band(page: &Page<'_>, place: usize) -> bool {
    let joint = page.before(place, 1);
    let joined = joint.is_sign(b'-') || page.is_any(joint, &["to", "and"]);
    let upper = joined && page.before(place, 2).kind == Kind::Number;
    let first = if upper {
        place.saturating_sub(2)
    } else {
        place
    };
    let band = page.before(first, 1);
    page.is_any(band, &["between", "band", "group", "bracket", "range"])
        && page.before(first, 2).class.has(Class::AGE_WORD)
}

/// Something that is measured stands shortly before.
fn is_measured(page: &Page<'_>, place: usize) -> bool {
    (1..6).any(|back| {
        page.before(place, back)
            .class
            .has(Class::MEASURE.or(Class::UNIT))
    })
}

/// Whether the sentence goes on after a number as it does after an age.
fn closes_age(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    page.is_any(
        next,
        &[
            "and",
            "but",
            "now",
            "who",
            "with",
            "so",
            "last",
            "this",
            "next",
            "yesterday",
            "today",
            "tomorrow",
        ],
    ) || matches!(
        next.kind,
        Kind::Edge | Kind::Sign(b',' | b';' | b'?' | b'!')
    ) || next.is_sign(b'.') && page.at(place + 2).gap > Gap::None
}

/// `91 M with`, `95/M`, `92 / F`: age and sex. A temperature in `F` needs the stroke or more words.
fn aged_sex(page: &Page<'_>, place: usize) -> Option<usize> {
    let stroke = usize::from(page.at(place + 1).is_sign(b'/'));
    let sex = place + 1 + stroke;
    let lettered = page.at(sex).kind == Kind::Initial && page.is_any(page.at(sex), &["m", "f"]);
    let near = page.at(place + 1).gap <= Gap::Space && page.at(sex).gap <= Gap::Space;
    let ends = page.at(sex + 1).gap > Gap::None;
    let rowed = page.before(place, 1).is_sign(b'/')
        && page.at(place).gap == Gap::Space
        && page.at(sex + 1).is_sign(b'/');
    let told = rowed
        || stroke == 1 && page.at(sex).gap == Gap::None
        || page.is_any(
            page.at(sex + 1),
            &[
                "with",
                "who",
                "w",
                "here",
                "presents",
                "presenting",
                "admitted",
            ],
        ) && !page.before(place, 1).class.has(Class::MEASURE)
        || page.before(place, 1).is_sign(b',')
            && !page.before(place, 2).class.has(Class::MEASURE)
            && matches!(
                page.at(sex + 1).kind,
                Kind::Sign(b',' | b'.' | b';') | Kind::Edge
            );
    (lettered && near && ends && told).then_some(sex)
}

/// An age written together with letters: `92yo`, `94M`, `90s`, `95th birthday`.
pub(crate) fn code(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let bytes = page.bytes(place);
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let Some((number, ending)) = bytes.split_at_checked(digits) else {
        return;
    };
    if !is_high(number) {
        return;
    }
    let ending = ending.to_ascii_lowercase();
    let isotope = page.before(place, 1).is_sign(b'-') && page.at(place).gap == Gap::None;
    if isotope && ending == b"m" {
        return;
    }
    if matches!(ending.as_slice(), b"s" | b"'s")
        && (owns_decade(page, place) || is_of_somebody(page, place))
    {
        found.push(page.finding(
            decade_start(page, place),
            place,
            Label::Age,
            0.85,
            "age-decade",
        ));
        return;
    }
    let last = match ending.as_slice() {
        b"yo" | b"yom" | b"yof" | b"yrs" | b"yr" | b"m" => Some(place),
        b"f" if is_woman(page, place) || set_off(page, place) || is_listed_woman(page, place) => {
            Some(place)
        }
        b"y" => Some(years_old(page, place).unwrap_or(place)),
        b"th" | b"st" | b"nd" | b"rd" if page.is_any(page.at(place + 1), BIRTHDAY) => {
            Some(place + 1)
        }
        _ => None,
    };
    if let Some(last) = last {
        found.push(page.finding(place, last, Label::Age, 0.85, "age-code"));
    }
}

/// `ef 20, 91F, lives alone`: between commas, nothing that is measured in degrees before.
fn is_listed_woman(page: &Page<'_>, place: usize) -> bool {
    let (previous, next) = (page.before(place, 1), page.at(place + 1));
    matches!(previous.kind, Kind::Sign(b',' | b'(' | b';') | Kind::Edge)
        && matches!(next.kind, Kind::Sign(b',' | b')' | b';'))
        && !(1..5).any(|back| {
            page.is_any(
                page.before(place, back),
                &["temp", "temperature", "fever", "t", "tmax", "degrees"],
            )
        })
}

/// `Ada Quillfeather, 91F,`: set off behind a person.
fn set_off(page: &Page<'_>, place: usize) -> bool {
    let comma = usize::from(matches!(
        page.before(place, 1).kind,
        Kind::Sign(b',' | b'(')
    ));
    follows_person(page, place, 1 + comma)
}

/// `born in 1931` against the latest year of the text: a birth year that implies an age over 89.
///
/// Without another year in the text, years up to 1935 count, which is right for notes since 2025
/// and cautious for older ones.
pub(crate) fn birth_year(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 5
        && (page.is_any(
            page.at(at),
            &["in", "on", "year", "of", "about", "around", "is", "was"],
        ) || matches!(
            page.at(at).kind,
            Kind::Sign(b':' | b'(' | b'|' | b'~' | b'.')
        ))
    {
        at += 1;
    }
    let Some(year) = year(page, at).filter(|&year| (1850..2000).contains(&year)) else {
        return;
    };
    let latest = (0..page.tokens.len())
        .filter(|&other| other != at)
        .filter_map(|other| self::year(page, other).or_else(|| short_year(page, other)))
        .filter(|latest| (1990..2100).contains(latest))
        .max();
    if latest.unwrap_or(2025) - year > 89 {
        let first = if page.is(page.at(place), "born") {
            place
        } else {
            at
        };
        found.push(page.finding(first, at, Label::Age, 0.85, "birth-year"));
    }
}

/// The year of a token of four digits, or of a compact date.
fn year(page: &Page<'_>, place: usize) -> Option<u32> {
    let token = page.at(place);
    if token.kind != Kind::Number || !matches!(token.len(), 4 | 8) {
        return None;
    }
    let year = page.slice(token).get(..4)?;
    str::from_utf8(year).ok()?.parse().ok()
}

/// The year of this century that closes `3/14/21`.
fn short_year(page: &Page<'_>, place: usize) -> Option<u32> {
    let token = page.at(place);
    let closes = token.kind == Kind::Number
        && token.len() == 2
        && page.before(place, 1).is_sign(b'/')
        && page.before(place, 3).is_sign(b'/');
    if !closes {
        return None;
    }
    let year: u32 = str::from_utf8(page.slice(token)).ok()?.parse().ok()?;
    (year < 40).then_some(2000 + year)
}

/// 90 to 129: nobody has lived longer.
fn is_high(digits: &[u8]) -> bool {
    matches!(
        digits,
        [b'9', b'0'..=b'9'] | [b'1', b'0'..=b'2', b'0'..=b'9']
    )
}

/// The last token of `-year-old`, `years old`, `y/o`, `years of age` from `place` on.
fn years_old(page: &Page<'_>, place: usize) -> Option<usize> {
    let joined = |place: usize| {
        place
            + usize::from(matches!(
                page.at(place).kind,
                Kind::Sign(b'-' | b'/' | b'.')
            ))
    };
    let mut at = joined(place);
    let unit = page.at(at);
    if unit.gap > Gap::Line {
        return None;
    }
    if page.is_any(
        unit,
        &[
            "yo",
            "yom",
            "yof",
            "yro",
            "male",
            "female",
            "man",
            "woman",
            "gentleman",
            "lady",
        ],
    ) {
        return Some(at);
    }
    let is_code = unit.kind == Kind::Code && place == at;
    if !is_code && !page.is_any(unit, &["year", "years", "yr", "yrs", "y"]) {
        return None;
    }
    if page.at(at + 1).is_sign(b',') && page.at(place).is_sign(b'-') {
        return Some(at);
    }
    at = joined(at + 1);
    let next = page.at(at);
    if page.is_any(next, &["old", "o", "olds", "young"]) {
        return Some(at);
    }
    (page.is(next, "of") && page.is(page.at(at + 1), "age")).then_some(at + 1)
}

fn after_age_word(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    if next.is_sign(b'%')
        || next.is_sign(b'/')
        || next.class.has(Class::UNIT)
            && next.gap <= Gap::Space
            && !page.is_any(next, &["years", "year", "yrs", "yr", "y"])
    {
        return false;
    }
    let mut back = 1;
    while back < 6
        && (matches!(
            page.before(place, back).kind,
            Kind::Sign(b':' | b'~' | b'-' | b'|' | b'(' | b')' | b'/' | b'=' | b'>' | b'"')
        ) || page.is_any(
            page.before(place, back),
            &[
                "of",
                "is",
                "was",
                "at",
                "approximately",
                "about",
                "over",
                "years",
                "yrs",
                "sex",
                "gender",
                "to",
                "be",
            ],
        ))
    {
        back += 1;
    }
    let word = page.before(place, back);
    word.class.has(Class::AGE_WORD) || {
        // `ages 92 and 95`
        let pair = page.is(word, "and") || word.is_sign(b',');
        pair && page.before(place, back + 1).kind == Kind::Number
            && page.before(place, back + 2).class.has(Class::AGE_WORD)
    }
}

fn after_death(page: &Page<'_>, place: usize) -> bool {
    let be = usize::from(page.is(page.before(place, 1), "be"));
    let at = page.is_any(page.before(place, 1 + be), &["at", "to", "until"]);
    let next = page.at(place + 1);
    at && page.is_any(
        page.before(place, 2 + be),
        &[
            "died", "passed", "away", "deceased", "lived", "living", "death", "dead", "alive",
            "dying", "expired",
        ],
    ) && !next.is_sign(b'%')
        && !next.is_sign(b'/')
}

/// `her mother, 94,` or `grandfather (97)`, `Ada Quillfeather, 92, COPD`: set off behind a person.
fn in_apposition(page: &Page<'_>, place: usize) -> bool {
    let opens = page.before(place, 1);
    let closes = page.at(place + 1);
    let bracket = opens.is_sign(b'(')
        && (matches!(closes.kind, Kind::Sign(b')' | b','))
            || page.is_any(closes, &["on", "in", "next"]));
    let comma = opens.is_sign(b',')
        && matches!(
            closes.kind,
            Kind::Sign(b',' | b'.' | b';' | b')' | b'?' | b':') | Kind::Edge
        )
        && !(closes.is_sign(b'.') && page.at(place + 2).gap == Gap::None);
    let beside = page.before(place, 1).kind == Kind::Title
        && page.before(place, 2).class.has(Class::RELATION)
        && matches!(closes.kind, Kind::Sign(b',' | b';'))
        || opens.class.has(Class::RELATION) && closes_age(page, place);
    let of_man = page.is(opens, "of")
        && page.is_any(page.before(place, 2), PEOPLE)
        && !page.at(place + 1).class.has(Class::UNIT);
    let starts = page.opens(place)
        && opens.is_sign(b'.')
        && closes.is_sign(b',')
        && page.at(place + 2).is_word()
        && !page.before(place, 2).class.has(Class::MEASURE);
    of_man
        || starts
        || (bracket || comma) && follows_person(page, place, 2)
        || beside && follows_person(page, place, 1)
}

/// Whether the word some steps before an age is a person: a relation, or a capitalised word that
/// measures nothing and stands in no row of numbers.
fn follows_person(page: &Page<'_>, place: usize, back: usize) -> bool {
    let word = page.before(place, back);
    let named = (matches!(word.kind, Kind::Title | Kind::Mixed)
        || word.class.has(Class::GIVEN) && !word.class.has(Class::COMMON.or(Class::RARE)))
        && !word.class.has(NO_PERSON)
        && (word.class.has(Class::GIVEN.or(Class::SURNAME)) || word.class == Class::NONE)
        && page.at(place + 2).kind != Kind::Number;
    let shouted = page.is_shouted
        && word.kind == Kind::Upper
        && word.class.has(Class::GIVEN.or(Class::SURNAME))
        && !word.class.has(NO_PERSON);
    word.class.has(Class::RELATION.or(Class::PERSON))
        || named
        || shouted
        || page.is_any(word, &["him", "her", "them"])
}

const PEOPLE: &[&str] = &[
    "man",
    "woman",
    "lady",
    "gentleman",
    "widow",
    "widower",
    "veteran",
    "somebody",
    "someone",
    "person",
    "nun",
    "priest",
];

/// What a capitalised word before a number is when the number is no age.
const NO_PERSON: Class = Class::MEASURE
    .or(Class::UNIT)
    .or(Class::CODE)
    .or(Class::MEDICAL)
    .or(Class::MONTH)
    .or(Class::ROOM);

/// `94F` is a woman before these words, and a temperature otherwise.
fn is_woman(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    (page.is_any(
        next,
        &[
            "with",
            "w",
            "who",
            "here",
            "presenting",
            "presents",
            "admitted",
            "hx",
            "pmh",
            "s",
            "from",
            "brought",
        ],
    ) || page.is(next, "f")
        && page.at(place + 2).is_sign(b'/')
        && page.is(page.at(place + 3), "u"))
        && !page.is_any(
            page.before(place, 1),
            &["temp", "temperature", "of", "fever", "to", "at", "t"],
        )
}

/// Years in Spanish, French, German, Italian, Portuguese and Dutch.
const YEARS_ABROAD: &[&str] = &["años", "anos", "ans", "jahre", "jahren", "anni", "jaar"];
