//! Known values found again on a page.

use crate::{
    dictionary::class::Class,
    finding::Finding,
    label::Label,
    text::{
        Page,
        token::{Gap, Kind, Token, plain_letters},
    },
};

use super::{KnownPerson, KnownValue, KnownWord, distance::is_one_slip};

impl KnownPerson {
    /// Adds what of this person stands on the page.
    pub(crate) fn find(&self, page: &Page<'_>, found: &mut Vec<Finding>) {
        let mut place = 0;
        while place < page.tokens.len() {
            self.find_values(page, place, found);
            place = self
                .find_name(page, place, found)
                .map_or(place, |last| last)
                + 1;
        }
    }

    /// A run of known name words with initials around it; gives its last token.
    fn find_name(&self, page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
        let token = page.at(place);
        if !is_name_token(token) {
            return None;
        }
        if token.kind == Kind::Initial {
            return self.find_initials(page, place, found);
        }
        self.knows(page, place)?;
        let mut last = place;
        let mut sure = u32::from(!is_everyday(page, place));
        while let Some(next) = next_word(page, last).filter(|&next| self.fits(page, next)) {
            sure += u32::from(page.at(next).kind != Kind::Initial && !is_everyday(page, next)) + 1;
            last = next
                + usize::from(
                    page.at(next).kind == Kind::Initial && page.at(next + 1).is_sign(b'.'),
                );
        }
        if sure == 0 {
            return None;
        }
        let first = self.initials_before(page, place);
        found.push(page.finding(first, last, Label::Name, 0.97, "known-name"));
        Some(last)
    }

    /// Whether the token is a known word, or an initial of a known name.
    fn fits(&self, page: &Page<'_>, place: usize) -> bool {
        if page.at(place).kind == Kind::Initial {
            let letter = page.bytes(place).first().map(u8::to_ascii_lowercase);
            return self
                .initials
                .iter()
                .any(|initials| initials.expose().bytes().any(|byte| Some(byte) == letter));
        }
        self.knows(page, place).is_some()
    }

    fn knows(&self, page: &Page<'_>, place: usize) -> Option<&KnownWord> {
        let token = page.at(place);
        if !is_name_token(token) || token.len() < 2 {
            return None;
        }
        let mut room = [0_u8; 64];
        let text = str::from_utf8(page.slice(token)).ok()?;
        let bytes = text.as_bytes();
        let ascii = bytes.is_ascii();
        let plain: &[u8] = if ascii {
            bytes
        } else {
            plain_letters(text, &mut room).unwrap_or(bytes)
        };
        self.words
            .iter()
            .find(|known| is_word(known, plain, token.class))
    }

    /// `J. ` or `J. B. ` before a known surname.
    fn initials_before(&self, page: &Page<'_>, place: usize) -> usize {
        let mut first = place;
        loop {
            let dot = usize::from(page.before(first, 1).is_sign(b'.'));
            let initial = page.before(first, 1 + dot);
            let near = page.at(first).gap <= Gap::Line;
            if initial.kind != Kind::Initial || !near || !self.fits(page, first - 1 - dot) {
                return first;
            }
            first -= 1 + dot;
        }
    }

    /// `J.S.`: all the initials of a known name, dotted.
    fn find_initials(
        &self,
        page: &Page<'_>,
        place: usize,
        found: &mut Vec<Finding>,
    ) -> Option<usize> {
        for initials in &self.initials {
            let mut at = place;
            let is_match = initials.expose().len() > 1
                && initials.expose().bytes().all(|letter| {
                    let token = page.at(at);
                    let same = token.kind == Kind::Initial
                        && page.slice(token).first().map(u8::to_ascii_lowercase) == Some(letter);
                    let dotted = page.at(at + 1).is_sign(b'.') && page.at(at + 1).gap == Gap::None;
                    at += 2;
                    same && dotted
                });
            if is_match {
                found.push(page.finding(place, at - 1, Label::Name, 0.7, "known-initials"));
                return Some(at - 1);
            }
        }
        None
    }

    fn find_values(&self, page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
        let token = page.at(place);
        if matches!(token.kind, Kind::Sign(_) | Kind::Possessive | Kind::Edge) {
            return;
        }
        let start = token.start as usize;
        let first = page.byte(start).to_ascii_lowercase();
        for value in &self.values {
            let bare = value.bare.expose().as_bytes();
            let maybe = bare.first() == Some(&first) || first >= 0x80;
            if let Some(end) = maybe.then(|| match_bare(page, start, bare)).flatten()
                && is_identifying(value, token, bare)
            {
                found.push(Finding {
                    start,
                    end,
                    label: value.label,
                    score: 0.97,
                    detector: "known-value",
                });
            }
        }
    }
}

/// A word, or letters and digits as generated records have in names.
fn is_name_token(token: &Token) -> bool {
    token.is_word() || token.kind == Kind::Code
}

/// Words alone must be capitalised: a town called Reading is not every reading.
fn is_identifying(value: &KnownValue, token: &Token, bare: &[u8]) -> bool {
    let has_digit = bare.iter().any(u8::is_ascii_digit);
    has_digit || value.label != Label::Geo || token.is_capital() || !token.class.has(Class::COMMON)
}

/// Where the value ends if its letters and digits stand at `start`, whatever separates them.
fn match_bare(page: &Page<'_>, start: usize, bare: &[u8]) -> Option<usize> {
    let mut at = start;
    let mut separators = 0;
    let mut wanted = bare.iter();
    let mut next = wanted.next();
    while let Some(&letter) = next {
        let byte = page.text.get(at)?;
        if byte.to_ascii_lowercase() == letter {
            separators = 0;
            next = wanted.next();
        } else if byte.is_ascii_alphanumeric() || *byte >= 0x80 || separators == 4 {
            return None;
        } else {
            separators += 1;
        }
        at += 1;
    }
    let goes_on = page
        .text
        .get(at)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    (!goes_on).then_some(at)
}

/// The place of the word after `last` in a name: over spaces, a line break, a comma, a hyphen.
fn next_word(page: &Page<'_>, last: usize) -> Option<usize> {
    let sign = page.at(last + 1);
    let step =
        usize::from(matches!(sign.kind, Kind::Sign(b',' | b'-' | b'.')) && sign.gap == Gap::None);
    let next = page.at(last + 1 + step);
    (is_name_token(next) && next.gap <= Gap::Line).then_some(last + 1 + step)
}

fn is_word(known: &KnownWord, word: &[u8], class: Class) -> bool {
    let wanted = known.word.expose().as_bytes();
    if word.eq_ignore_ascii_case(wanted) {
        return true;
    }
    let slips = !known.is_nickname
        && wanted.len() >= 5
        && word.len() >= 4
        && word.len().abs_diff(wanted.len()) <= 1
        && !class.has(
            Class::COMMON
                .or(Class::RARE)
                .or(Class::STOP)
                .or(Class::MEDICAL),
        );
    slips && is_one_slip(&word.to_ascii_lowercase(), wanted)
}

/// In lower case and everyday language: needs another word of the name beside it.
fn is_everyday(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let everyday = token.class.has(
        Class::COMMON
            .or(Class::RARE)
            .or(Class::STOP)
            .or(Class::MEDICAL),
    );
    everyday
        && (token.kind == Kind::Lower
            || page.opens(place) && token.class.has(Class::STOP)
            || page.is_shouted)
        || token.class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD)
}
