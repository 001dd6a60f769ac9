//! Names in lower case: `dr. smith`, `my name is ana`, `discuss case of smith, robert j.`

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::{Context, before},
    logins, neighbours, script, titled,
    weight::{is_contraction, likeness_at},
};

/// The name that the word in lower case at `place` opens; gives its last token.
pub(crate) fn lower(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const GATE: Class = Class::GIVEN.or(Class::SURNAME).or(Class::TITLE);
    let token = page.at(place);
    if !token.class.has(GATE) && (token.class != Class::NONE || token.len() < 4) {
        return None;
    }
    if is_contraction(page.bytes(place)) || page.is(token, "self") {
        return None;
    }
    if token.class == Class::NONE
        && let Some(last) = script::foreign(page, place, found)
    {
        return Some(last);
    }
    if page.is_any(token, &["dr", "mr", "mrs", "ms", "drs"]) {
        return titled(page, place, found);
    }
    let mut first = Part::of(page, place);
    let cue = Cue::of(page, place);
    if cue == Cue::Told && first == Part::Doubtful {
        first = Part::Listed;
    }
    if matches!(first, Part::Doubtful | Part::Listed) && is_vouched(page, place, cue) {
        first = Part::Surname;
    }
    if cue == Cue::Told && first == Part::None && token.class == Class::NONE {
        first = Part::Built;
    }
    if let Some(letter) = initial_before(page, place) {
        found.push(page.finding(letter, place, Label::Name, 0.55, "lower-case-name"));
        return Some(place);
    }
    if first <= Part::Built && logins::is_tailed(page, place) {
        found.push(page.finding(place, place, Label::Name, 0.5, "login"));
        return Some(place);
    }
    let last = extent(page, place, first, cue)?;
    let last = initial_behind(page, last);
    found.push(page.finding(place, last, Label::Name, 0.6, "lower-case-name"));
    Some(last)
}

/// `d. banks`: the place of the letter before a listed surname.
fn initial_before(page: &Page<'_>, place: usize) -> Option<usize> {
    const ELSE: Class = Class::MEDICAL
        .or(Class::STOP)
        .or(Class::UNIT)
        .or(Class::HEAD);
    let (token, dot, letter) = (page.at(place), page.before(place, 1), page.before(place, 2));
    let shaped = dot.is_sign(b'.')
        && dot.gap == Gap::None
        && letter.kind == Kind::Lower
        && letter.len() == 1
        && letter.gap == Gap::Space
        && token.gap == Gap::Space;
    let earlier = page.before(place, 3);
    let told = page.is_any(
        earlier,
        &[
            "for", "on", "to", "from", "by", "with", "if", "and", "pt", "dr", "patient", "see",
            "tell", "ask", "is", "was", "of",
        ],
    );
    let surname = token.class.has(Class::SURNAME) && token.len() > 2 && !token.class.has(ELSE);
    (shaped && told && surname).then(|| place - 2)
}

/// `bev o.`: one past a name in small letters its initial and dot.
fn initial_behind(page: &Page<'_>, last: usize) -> usize {
    let (letter, dot) = (page.at(last + 1), page.at(last + 2));
    let shaped = letter.kind == Kind::Lower
        && letter.len() == 1
        && letter.gap == Gap::Space
        && dot.is_sign(b'.')
        && dot.gap == Gap::None;
    if shaped { last + 2 } else { last }
}

/// A surname that is an eponym or a word as well, of a person spoken of: `pt jones ama`, `nurse
/// comfort says`, `my daughter haven says`.
fn is_vouched(page: &Page<'_>, place: usize, cue: Cue) -> bool {
    const ELSE: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::PERSON_VERB)
        .or(Class::HEAD)
        .or(Class::UNIT)
        .or(Class::PERSON);
    let (token, next) = (page.at(place), page.at(place + 1));
    let told = page
        .before(place, 1)
        .class
        .has(Class::PERSON.or(Class::RELATION));
    if !told || cue < Cue::Person || token.class.has(ELSE) || token.len() < 4 {
        return false;
    }
    let frequent = token.class.has(Class::SURNAME) && token.class.has(Class::FREQUENT);
    let acts = neighbours::acts(page, place + 1)
        || next.class.has(Class::PERSON_VERB) && next.gap == Gap::Space;
    let plain =
        token.class.has(Class::COMMON.or(Class::RARE)) && !token.class.has(Class::NAME_FIRST);
    let patient = page.is_any(
        page.before(place, 1),
        &["pt", "patient", "dr", "nurse", "rn"],
    );
    frequent && !plain && patient && !next.class.has(Class::HEAD)
        || acts && token.class.has(Class::FREQUENT.or(Class::GIVEN))
        || frequent && (next.is_sign(b'(') || next.is_sign(b','))
}

/// Where the name ends, if there is one.
fn extent(page: &Page<'_>, place: usize, first: Part, cue: Cue) -> Option<usize> {
    if page.at(place).class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD) {
        return None;
    }
    if let Some(last) = inverted(page, place, first, cue) {
        return Some(last);
    }
    let (second, last) = following(page, place);
    let pair = match (first, second) {
        (Part::Given | Part::Frequent, Part::Surname | Part::Given | Part::Frequent) => true,
        (Part::Listed | Part::Surname, Part::Surname | Part::Frequent | Part::Given) => {
            cue > Cue::None || is_recorded(page, last + 1)
        }
        (Part::Given | Part::Frequent, Part::Built | Part::Listed)
        | (Part::Built, Part::Surname | Part::Given | Part::Frequent) => {
            cue > Cue::None || page.opens(place)
        }
        (Part::Built, Part::Built) => {
            cue > Cue::None || page.opens(place) && page.at(last + 1).gap >= Gap::Line
        }
        (Part::Listed, Part::Built) => cue == Cue::Told,
        (Part::Given | Part::Frequent, Part::Doubtful) => {
            is_frequent_surname(page, last) || is_closed_surname(page, last)
        }
        (Part::Listed, Part::Listed | Part::Doubtful) => {
            is_recorded(page, last + 1) && page.at(last).class.has(Class::SURNAME)
        }
        _ => false,
    };
    if pair {
        return Some(last);
    }
    let owns = page.at(place + 1).kind == Kind::Possessive && page.at(place).len() > 3;
    let does = owns
        || page.opens(place) && neighbours::acts(page, place + 1)
        || page.is_any(page.at(place + 1), &["had", "has", "is", "can"]) && page.opens(place);
    let alone = match first {
        Part::Frequent | Part::Given if does || is_only_a_name(page, place) => true,
        Part::Frequent => cue > Cue::None || is_in_list(page, place),
        Part::Given => {
            cue > Cue::Weak || cue > Cue::None && ends(page, place) || is_in_list(page, place)
        }
        Part::Surname => {
            cue > Cue::Weak
                || is_in_list(page, place) && cue > Cue::None
                || cue == Cue::Weak && is_surname_built(page, place)
        }
        Part::Listed => cue == Cue::Told || is_in_list(page, place),
        Part::Built => {
            cue == Cue::Told
                || cue == Cue::Kin
                || cue == Cue::Person && matches!(page.at(place + 1).kind, Kind::Sign(b',' | b'('))
        }
        Part::Doubtful | Part::None => false,
    };
    alone.then_some(place)
}

/// `intubated kelechi w/ 7.5`: in a text as short as a query, or all in small letters, a word that only
/// the lists of names have is a name, whatever stands around it.
fn is_only_a_name(page: &Page<'_>, place: usize) -> bool {
    const NAMES: Class = Class::GIVEN
        .or(Class::SURNAME)
        .or(Class::FREQUENT)
        .or(Class::PHRASE_START);
    let (token, next) = (page.at(place), page.at(place + 1));
    let joined = |token: &super::super::token::Token| {
        token.gap == Gap::None && matches!(token.kind, Kind::Sign(b'-' | b'/' | b'@' | b'_'))
    };
    let coded = matches!(next.kind, Kind::Number | Kind::Code) && next.gap == Gap::Space;
    (page.tokens.len() < QUERY || page.is_small && token.class.has(Class::GIVEN))
        && token.len() > 3
        && token.class.without(NAMES) == Class::NONE
        && !next.class.has(Class::HEAD)
        && !coded
        && !joined(next)
        && !(token.gap == Gap::None && place > 0)
}

/// A query is shorter than so many tokens.
const QUERY: usize = 60;

/// `dob`, `mrn` or an age follows, as behind nobody but a person.
fn is_recorded(page: &Page<'_>, at: usize) -> bool {
    let comma = usize::from(page.at(at).is_sign(b','));
    let next = page.at(at + comma);
    let bytes = page.bytes(at + comma);
    let aged = next.kind == Kind::Code
        && bytes.len() <= 5
        && (bytes.ends_with(b"yo") || bytes.ends_with(b"m") || bytes.ends_with(b"f"))
        && bytes.first().is_some_and(u8::is_ascii_digit);
    next.gap <= Gap::Space && (aged || page.is_any(next, &["dob", "mrn", "acct", "ssn"]))
}

/// An eponym that is a frequent surname and no everyday word: `robert rogers`.
fn is_frequent_surname(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::HEAD)
        .or(Class::PERSON_VERB);
    let class = page.at(place).class;
    class.has(Class::SURNAME)
        && class.has(Class::FREQUENT)
        && !class.has(ELSE)
        && !page.at(place + 1).class.has(Class::HEAD)
}

/// A surname that is a word as well, `rosie frost, yr 4`, where only names have no capital and a sign or
/// a word about a person follows.
fn is_closed_surname(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::HEAD)
        .or(Class::UNIT)
        .or(Class::PERSON_VERB)
        .or(Class::RELATION)
        .or(Class::PERSON);
    let (token, next) = (page.at(place), page.at(place + 1));
    let closed = matches!(
        next.kind,
        Kind::Sign(b',' | b'(' | b';' | b'-') | Kind::Possessive
    ) || page.is_any(
        next,
        &["who", "dob", "mrn", "going", "called", "rang", "wants"],
    );
    page.is_small
        && token.class.has(Class::SURNAME)
        && token.class.has(Class::FREQUENT)
        && !token.class.has(ELSE)
        && closed
}

/// A surname built like one, in no other list, before a word or sign that leaves it alone.
fn is_surname_built(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.len() > 3
        && !token
            .class
            .has(Class::CITY.or(Class::COUNTY).or(Class::COUNTRY))
        && likeness_at(page, place) > BUILT
        && !page.at(place + 1).class.has(Class::MEDICAL.or(Class::HEAD))
}

/// `smith, robert j.`
fn inverted(page: &Page<'_>, place: usize, first: Part, cue: Cue) -> Option<usize> {
    let comma = page.at(place + 1);
    if !comma.is_sign(b',') || comma.gap != Gap::None || page.at(place + 2).gap != Gap::Space {
        return None;
    }
    let given = Part::of(page, place + 2);
    let initial = page.at(place + 3).kind == Kind::Lower
        && page.at(place + 3).len() == 1
        && page.at(place + 3).gap == Gap::Space
        && !page.is_any(page.at(place + 3), &["a"])
        || page.at(place + 3).len() == 1
            && page.at(place + 3).is_word()
            && page.at(place + 4).is_sign(b'.');
    let last = if initial {
        place
            + 3
            + usize::from(page.at(place + 4).is_sign(b'.') && page.at(place + 4).gap == Gap::None)
    } else {
        place + 2
    };
    let named = matches!(given, Part::Given | Part::Frequent | Part::Built)
        || given == Part::Listed && initial;
    let fits = first >= Part::Listed && first != Part::Doubtful && named;
    // `gaines, a.`: a surname that is nothing else and an initial with its dot.
    let short = first >= Part::Surname
        && page.at(place + 2).kind == Kind::Lower
        && page.at(place + 2).len() == 1
        && page.at(place + 3).is_sign(b'.')
        && page.at(place + 3).gap == Gap::None;
    if short {
        return Some(place + 3);
    }
    (fits && (initial || cue > Cue::None && !is_in_list(page, place))).then_some(last)
}

/// The word in lower case behind the one at `place`, over a hyphen or a particle.
fn following(page: &Page<'_>, place: usize) -> (Part, usize) {
    let mut at = place + 1;
    if page.at(at).kind == Kind::Lower
        && page.at(at).len() == 1
        && (page.at(at + 1).kind == Kind::Lower || page.at(at + 1).is_sign(b'.'))
    {
        at += 1 + usize::from(page.at(at + 1).is_sign(b'.'));
    }
    while page.at(at).class.has(Class::PARTICLE)
        && page.at(at).gap == Gap::Space
        && page.at(at).len() > 1
        && at < place + 4
        && page.at(at + 1).kind == Kind::Lower
        && !page.is_any(page.at(at), &["los", "ten", "st", "do", "as", "y", "e"])
    {
        at += 1;
    }
    let token = page.at(at);
    if token.gap != Gap::Space || token.kind != Kind::Lower {
        return (Part::None, place);
    }
    let part = Part::of(page, at);
    let mut last = at;
    while page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).kind == Kind::Lower
        && page.at(last + 2).gap == Gap::None
    {
        last += 2;
    }
    (part, last)
}

/// What a word in lower case may be in a name, from nothing to a frequent given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    None,
    /// A name and a word at once.
    Doubtful,
    /// In no list, but built like a name.
    Built,
    /// A name that is more often one than the word it is too.
    Listed,
    Surname,
    Given,
    Frequent,
}

impl Part {
    fn of(page: &Page<'_>, place: usize) -> Self {
        const WORD: Class = Class::COMMON.or(Class::RARE);
        const NEVER: Class = Class::STOP
            .or(Class::MEDICAL)
            .or(Class::MONTH)
            .or(Class::WEEKDAY)
            .or(Class::UNIT)
            .or(Class::TITLE)
            .or(Class::CREDENTIAL)
            .or(Class::PERSON)
            .or(Class::RELATION)
            .or(Class::HEAD)
            .or(Class::PERSON_VERB);
        let token = page.at(place);
        let class = token.class;
        if token.kind != Kind::Lower || token.len() < 2 {
            return Self::None;
        }
        if class == Class::NONE {
            let built = token.len() > 3 && likeness_at(page, place) > BUILT;
            return if built { Self::Built } else { Self::None };
        }
        if !class.has(Class::GIVEN.or(Class::SURNAME))
            || class.has(NEVER) && !class.has(Class::NAME_FIRST)
        {
            return Self::None;
        }
        if class.has(WORD.or(Class::EPONYM)) {
            let first = class.has(Class::NAME_FIRST)
                || class.has(Class::GIVEN)
                    && class.has(Class::FREQUENT)
                    && !class.has(Class::COMMON);
            return if first { Self::Listed } else { Self::Doubtful };
        }
        match (class.has(Class::GIVEN), class.has(Class::FREQUENT)) {
            _ if token.len() < 3 => Self::Doubtful,
            (true, true) => Self::Frequent,
            (true, false) => Self::Given,
            (false, _) => Self::Surname,
        }
    }
}

/// How firmly the words before announce a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    None,
    /// `for`, `about`, `of`.
    Weak,
    /// `patient`, `nurse`.
    Person,
    /// `my son`, `husband`.
    Kin,
    /// `name is`, `named`, `name:`.
    Told,
}

impl Cue {
    fn of(page: &Page<'_>, place: usize) -> Self {
        let (previous, earlier) = (page.before(place, 1), page.before(place, 2));
        if page.at(place).gap > Gap::Line {
            return Self::None;
        }
        let named = page.is_any(earlier, &["name", "names", "called"]);
        if page.is_any(previous, &["is", "was"]) && named
            || page.is_any(previous, &["named", "nicknamed", "aka"])
            || previous.kind == Kind::Possessive && named
            || page.is(previous, "name")
                && page.is_any(earlier, &["my", "his", "her", "pt", "patient"])
        {
            return Self::Told;
        }
        let bedded = page.is_any(page.at(place + 1), &["in"])
            && page.at(place + 2).class.has(Class::ROOM)
            && matches!(page.at(place + 3).kind, Kind::Number | Kind::Code);
        if bedded
            && page.is_any(
                previous,
                &[
                    "if", "is", "does", "did", "has", "can", "on", "for", "see", "why", "with",
                ],
            )
        {
            return Self::Told;
        }
        if previous.class.has(Class::RELATION)
            && !page.is_any(
                previous,
                &["parents", "parent", "children", "kids", "child"],
            )
        {
            return Self::Kin;
        }
        let this = page.is_any(previous, &["is"])
            && page.is_any(earlier, &["this", "it", "pt", "patient"])
            || page.is_any(previous, &["am", "i'm", "im"]);
        if this || previous.class.has(Class::PERSON.or(Class::GREETING)) {
            return Self::Person;
        }
        if previous.class.has(Class::CONTACT)
            || page.is_any(
                previous,
                &[
                    "for",
                    "of",
                    "about",
                    "re",
                    "regarding",
                    "to",
                    "from",
                    "results",
                    "notes",
                    "chart",
                    "on",
                    "tell",
                    "ask",
                    "call",
                    "w",
                ],
            )
        {
            return Self::Weak;
        }
        match before(page, place) {
            Context::Strong => Self::Told,
            Context::Medium => Self::Person,
            Context::None => Self::None,
        }
    }
}

/// A member of a list of given names: `ana, ben and carla`.
fn is_in_list(page: &Page<'_>, place: usize) -> bool {
    let sure = |at: usize| {
        matches!(
            Part::of(page, at),
            Part::Frequent | Part::Given | Part::Listed
        )
    };
    let joins = |at: usize| page.at(at).is_sign(b',') || page.is_any(page.at(at), &["and"]);
    let ahead =
        usize::from(page.at(place + 1).is_sign(b',') && page.is_any(page.at(place + 2), &["and"]));
    let behind = place >= 3
        && page.before(place, 2).is_sign(b',')
        && page.is_any(page.before(place, 1), &["and"]);
    let next = joins(place + 1) && sure(place + 2 + ahead);
    let previous = place >= 2 && joins(place - 1) && sure(place - 2 - usize::from(behind));
    sure(place) && (next || previous)
}

/// A sign, the end of the line or a word of grammar follows.
fn ends(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    !next.is_word() || next.gap >= Gap::Line || next.class.has(Class::STOP.or(Class::PERSON_VERB))
}

/// Above it, three names in four and one word in twenty that no list holds.
const BUILT: i32 = 10;

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn names(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let names = findings.iter().filter(|one| one.label.word() == "NAME");
        names.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn names_in_small_letters_that_are_nothing_else_are_found_in_queries() {
        assert_eq!(names("intubated kelechi w/ 7.5, cuff blown"), ["kelechi"]);
        assert_eq!(
            names("robert rogers dob 1948-01-23 wants refill"),
            ["robert rogers"]
        );
        assert_eq!(
            names("can you check if thalshawell in room 214 is due"),
            ["thalshawell"]
        );
    }
}
