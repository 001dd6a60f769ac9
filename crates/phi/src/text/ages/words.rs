//! Ages in words: `ninety-two`, `nonagenarian`, `in her nineties`, `the tenth decade`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind, Token},
    },
    PEOPLE, closes_age, is_high, is_measured, years_old,
};

/// An age in words: `nineties`, `centenarian`, `ninety-two-year-old`.
pub(crate) fn word(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let last = page
        .slice(token)
        .last()
        .is_some_and(|letter| letter | 0x20 == b's');
    let word = page.slice(token);
    let single = word.get(..word.len() - usize::from(last)).unwrap_or(word);
    if [&b"centenarian"[..], b"nonagenarian", b"supercentenarian"]
        .iter()
        .any(|age| single.eq_ignore_ascii_case(age))
    {
        found.push(page.finding(place, place, Label::Age, 0.9, "age-in-words"));
    } else if page.is(token, "nineties")
        && (owns_decade(page, place) || is_of_somebody(page, place))
    {
        found.push(page.finding(
            decade_start(page, place),
            place,
            Label::Age,
            0.9,
            "age-decade",
        ));
    } else if page.is_any(token, &["ninety", "hundred"]) {
        spelled(page, place, found);
    } else if page.is_any(token, &["ninetieth", "hundredth"])
        && page.is_any(page.at(place + 1), BIRTHDAY)
    {
        found.push(page.finding(place, place + 1, Label::Age, 0.9, "age-in-words"));
    }
}

/// The day on which somebody gets older.
pub(super) const BIRTHDAY: &[&str] = &["birthday", "bday", "birthdate"];

/// `90's`, a number with a possessive: a decade somebody is in.
pub(crate) fn decade(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if page.at(place + 1).is_sign(b'\'')
        && page.is(page.at(place + 2), "s")
        && is_high(page.bytes(place))
        && owns_decade(page, place)
    {
        let first = decade_start(page, place);
        found.push(page.finding(first, place + 2, Label::Age, 0.85, "age-decade"));
    }
}

/// `in her tenth decade`, `10th decade of life`.
pub(crate) fn tenth_decade(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let ordinal = page.before(place, 1);
    let is_high = page.is_any(ordinal, &["tenth", "eleventh"])
        || matches!(page.slice(ordinal), b"10th" | b"11th");
    if is_high && page.at(place).gap <= Gap::Line {
        found.push(page.finding(place - 1, place, Label::Age, 0.85, "age-decade"));
    }
}

/// `in her 90s`, `in his late nineties`, but not oxygen `in the 90s`.
pub(super) fn owns_decade(page: &Page<'_>, place: usize) -> bool {
    if is_persons_decade(page, place) || is_set_in_decade(page, place) {
        return true;
    }
    let mut back = 1;
    while back < 3
        && (page.is_any(
            page.before(place, back),
            &["early", "mid", "late", "upper", "middle"],
        ) || page.before(place, back).is_sign(b'-'))
    {
        back += 1;
    }
    page.is_any(
        page.before(place, back),
        &["her", "his", "their", "my", "your", "our"],
    )
}

/// `Ada Quillfeather early nineties`, `widow, late 90s`: the part of a decade right behind a person.
fn is_persons_decade(page: &Page<'_>, place: usize) -> bool {
    let hyphen = usize::from(page.before(place, 1).is_sign(b'-'));
    let part = page.before(place, 1 + hyphen);
    let comma = usize::from(page.before(place, 2 + hyphen).is_sign(b','));
    let word = page.before(place, 2 + hyphen + comma);
    let person = word.class.has(
        Class::GIVEN
            .or(Class::SURNAME)
            .or(Class::PERSON)
            .or(Class::RELATION),
    ) || word.class == Class::NONE && word.is_word();
    page.is_any(part, &["early", "mid", "late"]) && person && !word.class.has(Class::MEASURE)
}

/// `a woman in the late nineties`, `she's well into the 90s`, `aged: nineties`: the nearest word that
/// is not just on the way is somebody, and nothing is measured.
fn is_set_in_decade(page: &Page<'_>, place: usize) -> bool {
    const SOMEBODY: Class = Class::PERSON.or(Class::RELATION).or(Class::AGE_WORD);
    let on_the_way = |token: &Token| {
        matches!(
            token.kind,
            Kind::Possessive | Kind::Sign(b'-' | b',' | b'(' | b':')
        ) || page.is_any(token, ON_THE_WAY)
    };
    let steps = (1..9).find(|back| !on_the_way(page.before(place, *back)));
    let word = steps.map_or(&Token::EDGE, |back| page.before(place, back));
    let somebody = word.class.has(SOMEBODY)
        || page.is_any(word, PEOPLE)
        || page.is_any(
            word,
            &[
                "he", "she", "they", "who", "female", "male", "patient", "pt",
            ],
        );
    let measured = (1..7).any(|back| {
        let token = page.before(place, back);
        !on_the_way(token) && token.class.has(Class::MEASURE)
    });
    somebody && !measured
}

const ON_THE_WAY: &[&str] = &[
    "the",
    "in",
    "into",
    "of",
    "well",
    "early",
    "mid",
    "late",
    "upper",
    "middle",
    "somewhere",
    "is",
    "was",
    "now",
    "still",
    "probably",
    "likely",
    "already",
];

/// The first token of `in her late nineties`.
pub(super) fn decade_start(page: &Page<'_>, place: usize) -> usize {
    let mut first = place;
    while first > place.saturating_sub(5)
        && (page.before(first, 1).is_sign(b'-')
            || page.is_any(
                page.before(first, 1),
                &[
                    "early", "mid", "late", "upper", "middle", "her", "his", "their", "my", "your",
                    "our", "in",
                ],
            ))
    {
        first -= 1;
        if page.is(page.at(first), "in") {
            break;
        }
    }
    first
}

fn spelled(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let mut first = place;
    while page.is(token, "hundred") && page.is_any(page.before(first, 1), &["one", "a"]) {
        first -= 1;
    }
    let mut last = place;
    while last < place + 6
        && (page.at(last + 1).is_sign(b'-') && !page.is_any(page.at(last + 2), &["year", "yr"])
            || page.is_any(page.at(last + 1), UNITS)
                && (!page.is(page.at(last + 1), "and") || page.is_any(page.at(last + 2), UNITS)))
    {
        last += 1;
    }
    let end = years_old(page, last + 1)
        .or_else(|| rounded(page, last))
        .or_else(|| counted_years(page, last));
    let feast = page.is_any(page.at(last + 1), BIRTHDAY);
    let birthday = feast && (!page.is(token, "hundred") || last > place);
    if birthday {
        found.push(page.finding(first, last + 1, Label::Age, 0.9, "age-in-words"));
    } else if end.is_some()
        || page.before(first, 1).class.has(Class::AGE_WORD)
        || is_spelled_age(page, first, last)
        || page.is(page.before(first, 1), "of") && page.is_any(page.before(first, 2), PEOPLE)
        || is_bounded(page, first) && closes_age(page, last) && !is_measured(page, first)
    {
        found.push(page.finding(first, end.unwrap_or(last), Label::Age, 0.9, "age-in-words"));
    }
}

/// `Lucille is ninety-four and on warfarin`, `ninety-two, demented`: no unit follows.
fn is_spelled_age(page: &Page<'_>, first: usize, last: usize) -> bool {
    let (verb, next) = (page.before(first, 1), page.at(last + 1));
    let stands = page.is_any(
        verb,
        &[
            "is", "was", "turned", "turns", "turning", "at", "be", "been", "reached", "hit",
            "someone", "somebody",
        ],
    ) || verb.kind == Kind::Possessive
        || verb.is_sign(b',');
    let lived = page.is_any(verb, &["to", "of"])
        && page.is_any(
            page.before(first, 2),
            &[
                "lived", "lives", "survived", "made", "age", "somebody", "someone", "person",
                "nun", "all", "soul",
            ],
        );
    let on_a_day = page.is_any(next, &["on", "in"]) && verb.is_word() && !page.is(verb, "at");
    let of_somebody = page
        .before(first, 2)
        .class
        .has(Class::RELATION.or(Class::GIVEN))
        || page.is_any(page.before(first, 2), &["he", "she", "who"]);
    (last > first || of_somebody && !verb.is_sign(b','))
        && (stands && (closes_age(page, last) || on_a_day) || lived && !next.class.has(Class::UNIT))
        && !is_measured(page, first)
}

const UNITS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "and", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth",
];

/// `ninety-something`, `90-odd years old`, `95 plus`, `90 ish`: about so old.
pub(super) fn rounded(page: &Page<'_>, last: usize) -> Option<usize> {
    let hyphen = usize::from(page.at(last + 1).is_sign(b'-'));
    let word = last + 1 + hyphen;
    let about = page.is_any(
        page.at(word),
        &["something", "somethings", "odd", "plus", "ish"],
    );
    let old = years_old(page, word + 1);
    let near = page.at(word).gap <= Gap::Space;
    let counts = old.is_none() && page.at(word + 1).class.has(Class::UNIT);
    (about && near && !counts).then(|| old.unwrap_or(word))
}

/// `more than ninety years`: so many years are somebody's, unless they are long ago.
fn counted_years(page: &Page<'_>, last: usize) -> Option<usize> {
    let unit = page.at(last + 1);
    let years = page.is_any(unit, &["years", "yrs"]) && unit.gap <= Gap::Line;
    (years && !page.is_any(page.at(last + 2), &["ago", "earlier", "later"])).then_some(last + 1)
}

/// `past ninety`, `well over ninety`, `approaching one hundred`.
pub(super) fn is_bounded(page: &Page<'_>, first: usize) -> bool {
    let word = page.before(first, 1);
    page.is_any(word, &["past", "over", "approaching", "nearing", "pushing"])
        || page.is(word, "than") && page.is(page.before(first, 2), "older")
}

/// `a 90s lady`, `nineties gentleman`: the decade is a person's who stands behind it.
pub(super) fn is_of_somebody(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    next.gap == Gap::Space
        && (page.is_any(next, PEOPLE) || page.is_any(next, &["female", "male", "patient", "pt"]))
}

/// `nine decades old`, `lived more than nine decades`, `ten decades of life`.
pub(crate) fn decades(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let count = page.before(place, 1);
    let many = page.is_any(count, &["nine", "ten", "eleven"]);
    let old = page.is(page.at(place + 1), "old");
    let of_life = page.is(page.at(place + 1), "of") && page.is(page.at(place + 2), "life");
    let lived =
        (2..6).any(|back| page.is_any(page.before(place, back), &["lived", "lives", "alive"]));
    if many && page.at(place).gap <= Gap::Line && (old || of_life || lived) {
        let last = place + usize::from(old) + 2 * usize::from(of_life);
        found.push(page.finding(place - 1, last, Label::Age, 0.85, "age-decade"));
    }
}
