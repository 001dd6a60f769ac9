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

use super::{KnownPerson, KnownValue, KnownWord, distance::is_one_slip, letters};

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
        if initial(page, token).is_some() {
            return self.find_initials(page, place, found);
        }
        if self.knows(page, place).is_none() {
            return self
                .find_broken(page, place, found)
                .or_else(|| self.find_glued(page, place, found));
        }
        let mut last = place;
        let mut sure = u32::from(!is_everyday(page, place));
        while let Some(next) = self.next_part(page, last) {
            let is_initial = initial(page, page.at(next)).is_some();
            sure += u32::from(!is_initial && !is_everyday(page, next)) + 1;
            let dotted = is_initial || page.at(next).len() == 1;
            last = next + usize::from(dotted && page.at(next + 1).is_sign(b'.'));
        }
        let first = self.parts_before(page, place);
        if sure == 0 && first == place {
            return None;
        }
        found.push(page.finding(first, last, Label::Name, 0.97, "known-name"));
        Some(last)
    }

    /// The place of the next word of the name, over its particles.
    fn next_part(&self, page: &Page<'_>, last: usize) -> Option<usize> {
        let mut next = next_word(page, last)?;
        let first = next;
        let mut steps = 0;
        while steps < 4 && self.is_particle(page, next) {
            match next_word(page, next) {
                Some(after) => next = after,
                None => return Some(next),
            }
            steps += 1;
        }
        if self.fits(page, next) {
            return Some(next);
        }
        let closes = self.is_particle(page, first) && page.at(first).is_capital();
        closes.then_some(first)
    }

    fn is_particle(&self, page: &Page<'_>, place: usize) -> bool {
        let token = page.at(place);
        token.is_word()
            && token.len() < 5
            && self
                .particles
                .iter()
                .any(|particle| page.is(token, particle.expose()))
    }

    /// Whether the token is a known word, also with a slip where another word of the name stands
    /// beside it, or an initial of a known name.
    fn fits(&self, page: &Page<'_>, place: usize) -> bool {
        let token = page.at(place);
        let small = token.kind == Kind::Lower
            && token.len() == 1
            && page.before(place, 1).is_sign(b',')
            && page.at(place + 1).is_sign(b'.');
        let small = page.slice(token).first().copied().filter(|_| small);
        if let Some(letter) = initial(page, token).or(small) {
            return self
                .initials
                .iter()
                .any(|initials| initials.expose().bytes().any(|byte| byte == letter));
        }
        self.knows(page, place).is_some() || self.nearly_knows(page, place)
    }

    /// A word of four letters or more with one slip, whatever else it may mean.
    fn nearly_knows(&self, page: &Page<'_>, place: usize) -> bool {
        let token = page.at(place);
        if !token.is_word() || token.len() < 3 || token.class.has(Class::STOP) {
            return false;
        }
        let mut room = [0_u8; 64];
        let Some(word) = lower(page.slice(token), &mut room) else {
            return false;
        };
        let set = letters(word);
        self.words.iter().any(|known| {
            let wanted = known.word.expose().as_bytes();
            wanted.len() >= 4
                && (set ^ known.letters).count_ones() <= 2
                && is_one_slip(word, wanted)
        })
    }

    /// `Quill-` at the end of a line and `feather` on the next.
    fn find_broken(
        &self,
        page: &Page<'_>,
        place: usize,
        found: &mut Vec<Finding>,
    ) -> Option<usize> {
        let (sign, rest) = (page.at(place + 1), page.at(place + 2));
        if !sign.is_sign(b'-') || sign.gap != Gap::None || rest.gap != Gap::Line {
            return None;
        }
        let (head, tail) = (page.bytes(place), page.slice(rest));
        let is_known = self.words.iter().any(|known| {
            let wanted = known.word.expose().as_bytes();
            wanted.len() == head.len() + tail.len()
                && wanted
                    .iter()
                    .zip(head.iter().chain(tail))
                    .all(|(a, b)| a.eq_ignore_ascii_case(b))
        });
        is_known.then(|| {
            found.push(page.finding(place, place + 2, Label::Name, 0.9, "known-name"));
            place + 2
        })
    }

    /// A long word that no dictionary knows with a known word inside: `SMITHJOHN04121950M`.
    fn find_glued(&self, page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
        let token = page.at(place);
        let odd = !token.class.has(EVERYDAY);
        if token.len() < 7 || !odd {
            return None;
        }
        let mut room = [0_u8; 64];
        let bytes = lower(page.bytes(place), &mut room)?;
        let set = letters(bytes);
        let holds = |known: &KnownWord, least: usize| {
            let wanted = known.word.expose().as_bytes();
            wanted.len() >= least
                && known.letters & !set == 0
                && bytes
                    .windows(wanted.len())
                    .any(|part| part.eq_ignore_ascii_case(wanted))
        };
        let one = self
            .words
            .iter()
            .any(|known| !known.is_nickname && holds(known, 5));
        let two = || {
            self.words
                .iter()
                .filter(|known| holds(known, 3))
                .take(2)
                .count()
                > 1
        };
        (one || two()).then(|| {
            found.push(page.finding(place, place, Label::Name, 0.8, "known-name-glued"));
            place
        })
    }

    fn knows(&self, page: &Page<'_>, place: usize) -> Option<&KnownWord> {
        let token = page.at(place);
        if !is_name_token(token) || token.len() < 2 {
            return None;
        }
        let bytes = page.slice(token);
        let first = bytes.first().copied().unwrap_or(0);
        let exact = token.class.has(EVERYDAY);
        if first < 0x80 && !exact && !self.index.has_length(token.len()) && bytes.is_ascii()
            || exact && !self.index.opens_word(first)
        {
            return None;
        }
        let mut room = [0_u8; 64];
        let plain = lower(bytes, &mut room).unwrap_or(bytes);
        let set = letters(plain);
        self.words
            .iter()
            .find(|known| is_word(known, plain, set, exact))
    }

    /// The first token of what stands before a known word and belongs to it: initials, particles,
    /// a word with a slip.
    fn parts_before(&self, page: &Page<'_>, place: usize) -> usize {
        let mut first = place;
        loop {
            let sign = usize::from(matches!(
                page.before(first, 1).kind,
                Kind::Sign(b'.' | b',' | b'-')
            ));
            let word = page.before(first, 1 + sign);
            let near = page.at(first).gap <= Gap::Line && word.is_word() && first > sign;
            let at = first.saturating_sub(1 + sign);
            let dotted = sign == 1 && page.before(first, 1).is_sign(b'.');
            let belongs = near
                && (initial(page, word).is_some() && self.fits(page, at)
                    || !dotted && self.is_particle(page, at)
                    || !dotted && self.nearly_knows(page, at));
            if !belongs {
                return first;
            }
            first = at;
        }
    }

    /// `J.S.`: all the initials of a known name, dotted.
    fn find_initials(
        &self,
        page: &Page<'_>,
        place: usize,
        found: &mut Vec<Finding>,
    ) -> Option<usize> {
        let mut letters = Vec::with_capacity(4);
        let mut at = place;
        while let Some(letter) = initial(page, page.at(at)).filter(|_| letters.len() < 6) {
            let dot = page.at(at + 1);
            if !dot.is_sign(b'.') || dot.gap != Gap::None {
                break;
            }
            letters.push(letter);
            at += 2;
        }
        let is_known = self.initials.iter().any(|initials| {
            let initials = initials.expose().as_bytes();
            let ends = [initials.first().copied(), initials.last().copied()];
            letters == initials
                || letters.len() > 2 && initials.starts_with(&letters)
                || letters.iter().copied().map(Some).eq(ends)
        });
        if letters.is_empty() && self.is_middle_initial(page, place) {
            found.push(page.finding(place, place, Label::Name, 0.7, "known-initials"));
            return Some(place);
        }
        if letters.len() > 1 && is_known {
            found.push(page.finding(place, at - 1, Label::Name, 0.7, "known-initials"));
            return Some(at - 1);
        }
        None
    }

    /// `Middle initial: Q`, `MI Q`: the field of a form with a letter of the name.
    fn is_middle_initial(&self, page: &Page<'_>, place: usize) -> bool {
        let colon = usize::from(matches!(
            page.before(place, 1).kind,
            Kind::Sign(b':' | b'=')
        ));
        let label = page.before(place, 1 + colon);
        let told = page.is(label, "initial") || colon == 1 && page.is_any(label, &["mi", "middle"]);
        let letter = initial(page, page.at(place));
        let known = letter.is_some_and(|letter| {
            let mut all = self.initials.iter();
            all.any(|initials| initials.expose().bytes().any(|byte| byte == letter))
        });
        told && known && page.at(place).gap <= Gap::Space
    }

    fn find_values(&self, page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
        let token = page.at(place);
        if matches!(token.kind, Kind::Sign(_) | Kind::Possessive | Kind::Edge) {
            return;
        }
        let start = token.start as usize;
        self.find_values_at(page, token, start, found);
        if token.kind == Kind::Code || token.kind == Kind::Number && token.len() > 8 {
            for inner in start + 1..token.end as usize {
                let turns =
                    page.byte(inner).is_ascii_digit() != page.byte(inner - 1).is_ascii_digit();
                if turns || token.len() > 8 {
                    self.find_values_at(page, token, inner, found);
                }
            }
        }
    }

    /// The values that may begin with a byte: all of them where it is not ASCII.
    fn values_from(&self, first: u8) -> &[KnownValue] {
        if first >= 0x80 {
            return &self.values;
        }
        let start = self.values.partition_point(|value| value.first() < first);
        let rest = self.values.get(start..).unwrap_or_default();
        let count = rest.partition_point(|value| value.first() == first);
        rest.get(..count).unwrap_or_default()
    }

    fn find_values_at(
        &self,
        page: &Page<'_>,
        token: &Token,
        start: usize,
        found: &mut Vec<Finding>,
    ) {
        let first = page.byte(start).to_ascii_lowercase();
        if !self.index.opens_value(first) {
            return;
        }
        let inner = start > token.start as usize;
        for value in self.values_from(first) {
            let bare = value.bare.expose().as_bytes();
            let maybe = !inner || is_long(bare);
            if let Some(end) = maybe.then(|| match_bare(page, start, value)).flatten()
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

/// Long enough and of enough digits to be met inside another word.
fn is_long(bare: &[u8]) -> bool {
    bare.len() >= 6 && bare.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4
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

/// Where the value ends if its letters and digits stand at `start`, whatever separates them. Of an
/// identifier with a number the first two thirds are enough.
fn match_bare(page: &Page<'_>, start: usize, value: &KnownValue) -> Option<usize> {
    let bare = value.bare.expose().as_bytes();
    let mut at = start;
    let mut end = start;
    let mut matched = 0;
    let mut separators = 0;
    while let Some(&letter) = bare.get(matched) {
        let Some(&byte) = page.text.get(at) else {
            break;
        };
        if byte.to_ascii_lowercase() == letter {
            separators = 0;
            matched += 1;
            end = at + 1;
        } else if byte.is_ascii_alphanumeric() || byte >= 0x80 || separators == 4 {
            break;
        } else {
            separators += 1;
        }
        at += 1;
    }
    let next = page.byte(end);
    let goes_on = next.is_ascii_alphanumeric() || next >= 0x80;
    let glued = goes_on && next.is_ascii_alphabetic() && page.byte(end - 1).is_ascii_digit();
    let whole = matched == bare.len() && (!goes_on || glued && is_long(bare));
    let is_number = !matches!(
        value.label,
        Label::Date | Label::Geo | Label::Phone | Label::Fax
    );
    let prefix =
        is_number && !goes_on && matched >= 6 && matched * 3 >= bare.len() * 2 && is_long(bare);
    (end > start && (whole || prefix)).then_some(end)
}

/// The place of the word after `last` in a name: over spaces, a line break, a comma, a hyphen.
fn next_word(page: &Page<'_>, last: usize) -> Option<usize> {
    let sign = page.at(last + 1);
    let step =
        usize::from(matches!(sign.kind, Kind::Sign(b',' | b'-' | b'.')) && sign.gap == Gap::None);
    let next = page.at(last + 1 + step);
    (is_name_token(next) && next.gap <= Gap::Line).then_some(last + 1 + step)
}

fn is_word(known: &KnownWord, word: &[u8], set: u32, is_everyday: bool) -> bool {
    let wanted = known.word.expose().as_bytes();
    word == wanted
        || !is_everyday
            && !known.is_nickname
            && wanted.len() >= 5
            && word.len() >= 4
            && (set ^ known.letters).count_ones() <= 2
            && is_one_slip(word, wanted)
}

/// The letter of a capital that stands alone, in lower case without its mark.
fn initial(page: &Page<'_>, token: &Token) -> Option<u8> {
    if token.kind == Kind::Initial {
        return page.slice(token).first().map(u8::to_ascii_lowercase);
    }
    if token.len() != 2 || !token.is_capital() || page.slice(token).is_ascii() {
        return None;
    }
    let mut room = [0_u8; 64];
    match lower(page.slice(token), &mut room)? {
        [letter] => Some(*letter),
        _ => None,
    }
}

/// A word in lower case without diacritics; nothing for one too long to be a name.
fn lower<'a>(word: &[u8], room: &'a mut [u8; 64]) -> Option<&'a [u8]> {
    if !word.is_ascii() {
        return plain_letters(str::from_utf8(word).ok()?, room);
    }
    let room = room.get_mut(..word.len())?;
    for (to, from) in room.iter_mut().zip(word) {
        *to = from.to_ascii_lowercase();
    }
    Some(room)
}

/// Words of everyday and clinical language.
const EVERYDAY: Class = Class::COMMON
    .or(Class::RARE)
    .or(Class::STOP)
    .or(Class::MEDICAL);

/// In lower case and everyday language: needs another word of the name beside it.
fn is_everyday(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.class.has(EVERYDAY)
        && (token.kind == Kind::Lower
            || page.opens(place) && token.class.has(Class::STOP)
            || page.is_shouted)
        || token.class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD)
}
