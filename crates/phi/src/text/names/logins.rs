//! Names of accounts, `user jkowal2`, and the letters by which a typist signs: what a login is made
//! of tells who it is.

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::super::{
    likeness::likeness,
    page::Page,
    token::{Gap, Kind},
};

/// The accounts named behind the cue at `place`: `user`, `login`, `username`.
pub(crate) fn login(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 4 && is_filler(page, at) {
        at += 1;
    }
    let mut first = true;
    while at < place + 16 {
        let Some(last) = handle(page, at, first) else {
            return;
        };
        found.push(page.finding(at, last, Label::Name, 0.75, "login"));
        let joins = page.at(last + 1).is_sign(b',') || page.is_any(page.at(last + 1), &["and"]);
        if !joins {
            return;
        }
        at = last + 2;
        first = false;
    }
}

/// The account behind `reset`, `unlock` and `by`, which other things follow as well.
pub(crate) fn handled(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let at = place + 1 + usize::from(page.is_any(page.at(place + 1), &["me", "my"]));
    let Some(last) = handle(page, at, true) else {
        return;
    };
    let made = last > at || page.at(at).kind == Kind::Code;
    let (token, next) = (page.at(at), page.at(last + 1));
    let by = page.is(page.at(place), "by");
    let closes = next.is_sign(b':') || next.gap >= Gap::Line || next.kind == Kind::Number;
    let tailed =
        token.kind == Kind::Lower && is_tailed_surname(page, at) && token.class == Class::NONE;
    let typed = token.class == Class::NONE && token.len() > 4 && likeness(page.bytes(at)) > LIKELY;
    let writes = by && token.class == Class::NONE && token.len() > 4 && next.is_sign(b':');
    let plain = by || page.is(page.at(place), "account");
    if made || writes || tailed && !by || typed && (closes || !plain) {
        found.push(page.finding(at, last, Label::Name, 0.65, "login"));
    }
}

/// `hlarsen` behind `for`, `by`, `as` or a sign: an initial and a listed surname run together.
pub(super) fn is_tailed(page: &Page<'_>, place: usize) -> bool {
    let (token, previous) = (page.at(place), page.before(place, 1));
    let told = page.is_any(
        previous,
        &[
            "for", "by", "as", "under", "from", "of", "login", "user", "tech", "id",
        ],
    ) || matches!(previous.kind, Kind::Sign(b':' | b'>' | b'=' | b'/'));
    if !told || token.class != Class::NONE || !(6..=20).contains(&token.len()) {
        return false;
    }
    is_tailed_surname(page, place)
}

/// A listed surname behind the first letter: `dprince`, `hlarsen`.
fn is_tailed_surname(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::CITY)
        .or(Class::EPONYM);
    let tail = page.bytes(place).get(1..).unwrap_or_default();
    let class = page.dictionary.class(hash(tail));
    tail.len() > 3 && class.has(Class::SURNAME) && !class.has(ELSE)
}

/// `Transcribed: kp 11/06`.
pub(crate) fn typist(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let colon = page.at(place + 1);
    let at = place + 2;
    let token = page.at(at);
    let short = token.kind == Kind::Lower && (2..=3).contains(&token.len());
    let plain = token.class.has(Class::COMMON.or(Class::STOP));
    if colon.is_sign(b':') && token.gap <= Gap::Space && short && !plain {
        found.push(page.finding(at, at, Label::Name, 0.6, "typist"));
    }
}

/// `PTR/jbw` alone on its line: who dictated and who typed.
pub(super) fn dictation(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let (own, slash, other) = (page.at(place), page.at(place + 1), page.at(place + 2));
    let letters = own.kind == Kind::Upper
        && (2..=3).contains(&own.len())
        && other.kind == Kind::Lower
        && (2..=3).contains(&other.len());
    let alone = own.gap >= Gap::Line && page.at(place + 3).gap >= Gap::Line;
    let joined = slash.is_sign(b'/') && slash.gap == Gap::None && other.gap == Gap::None;
    if !(letters && alone && joined) || other.class.has(Class::STOP.or(Class::UNIT)) {
        return None;
    }
    found.push(page.finding(place, place + 2, Label::Name, 0.6, "typist"));
    Some(place + 2)
}

fn is_filler(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.gap <= Gap::Space
        && (matches!(token.kind, Kind::Sign(b':' | b'=' | b'#' | b'"' | b'('))
            || page.is_any(
                token,
                &[
                    "name", "id", "is", "was", "like", "as", "account", "of", "for",
                ],
            ))
}

/// The last token of the account that begins at `at`: one word, or parts joined by `.` and `_`.
fn handle(page: &Page<'_>, at: usize, is_first: bool) -> Option<usize> {
    let token = page.at(at);
    if token.gap > Gap::Space || !token.is_word() && token.kind != Kind::Code {
        return None;
    }
    let mut last = at;
    while last < at + 6
        && matches!(page.at(last + 1).kind, Kind::Sign(b'.' | b'_' | b'-'))
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && (page.at(last + 2).is_word()
            || matches!(page.at(last + 2).kind, Kind::Code | Kind::Number))
    {
        last += 2;
    }
    let fits = if last > at {
        is_joined(page, at, last)
    } else if token.kind == Kind::Code {
        is_numbered(page.bytes(at))
    } else {
        is_first && is_run_together(page, at)
    };
    fits.then_some(last)
}

/// `j.smith`, `tessa_m88`: parts that are not all everyday words, no file and no host.
fn is_joined(page: &Page<'_>, at: usize, last: usize) -> bool {
    let end = page.at(last);
    let file = page.is_any(
        end,
        &[
            "txt", "pdf", "csv", "log", "exe", "dll", "xml", "json", "doc", "docx", "zip",
        ],
    );
    let small = (at..=last)
        .filter(|part| page.at(*part).is_word())
        .all(|part| !matches!(page.at(part).kind, Kind::Upper));
    let telling = (at..=last).any(|part| {
        let token = page.at(part);
        let plain = Class::COMMON.or(Class::STOP).or(Class::MEDICAL);
        token.kind == Kind::Code && is_numbered(page.bytes(part))
            || token.is_word() && token.len() > 2 && !token.class.has(plain)
    });
    !file && small && telling && !end.class.has(Class::DOMAIN)
}

/// Letters, then digits: `bhernandez1`.
fn is_numbered(word: &[u8]) -> bool {
    let letters = word
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let digits = word.iter().skip(letters).all(u8::is_ascii_digit);
    letters >= 4 && digits && word.len() <= 20
}

/// An initial and a surname run together: a word of small letters that no list of words holds.
fn is_run_together(page: &Page<'_>, at: usize) -> bool {
    const WORDS: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::STOP)
        .or(Class::PERSON_VERB)
        .or(Class::UNIT);
    let token = page.at(at);
    let signed = matches!(page.before(at, 1).kind, Kind::Sign(b':' | b'='));
    let loud = token.kind == Kind::Upper && token.class == Class::NONE && token.len() > 5;
    (token.kind == Kind::Lower || loud || signed && token.kind == Kind::Upper)
        && token.len() > 3
        && !token.class.has(WORDS)
}

/// Above it, four names in five and one word in nine that no list holds.
const LIKELY: i32 = -20;

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn names(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let names = findings
            .iter()
            .filter(|one| one.detector == "login" || one.detector == "typist");
        names.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn accounts_behind_their_cue_are_found() {
        assert_eq!(
            names("user tmkozlowska is locked out again"),
            ["tmkozlowska"]
        );
        assert_eq!(
            names("failed logins like rquintana and rquintana3, block?"),
            ["rquintana", "rquintana3"]
        );
        assert_eq!(names("Username: linh.vo7"), ["linh.vo7"]);
        assert_eq!(names("can you reset me linh.vo7 please"), ["linh.vo7"]);
        assert_eq!(names("Dictated by Dr. X. Transcribed: qd 11/06"), ["qd"]);
    }

    #[test]
    fn plain_words_behind_the_same_cues_stay() {
        for text in [
            "user interface is slow and the login screen froze",
            "end user training, login page error",
            "reset the monitor, unlock the cabinet",
            "complicated by hypotension: fluids given",
            "user guide.pdf was sent",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }
}
