use std::ops::Range;

use crate::{
    dictionary::{class::Class, hash},
    text::{
        Page,
        token::{Kind, Token, plain_letters},
    },
};

use super::{Cover, weights::FEATURES};

/// What is seen of the tokens of a sentence and of those around it, computed once.
#[derive(Debug, Default)]
pub(super) struct Sights {
    first: usize,
    tokens: Vec<Sight>,
    line: Vec<u64>,
}

/// What is seen of one token.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    /// The word itself, or what stands for a word that may be a name.
    look: u64,
    /// What kind of name it may be, as hashed classes.
    nameish: u64,
    /// What part it may play, as hashed classes.
    role: u64,
    /// Its kind, and how long it is.
    shape: u64,
    /// What the rules said.
    cover: u64,
}

impl Sights {
    /// Looks at the tokens of a sentence and at [`REACH`] on either side.
    pub(super) fn look(&mut self, page: &Page<'_>, places: &Range<usize>, cover: &[Cover]) {
        self.first = places.start;
        self.tokens.clear();
        for place in places.start..places.end + 2 * REACH {
            let inside = place.checked_sub(REACH);
            let token = inside.map_or(&Token::EDGE, |place| page.at(place));
            let said = inside.and_then(|place| cover.get(place)).copied();
            self.tokens
                .push(sight(page, token, said.unwrap_or_default()));
        }
        self.line.clear();
        let mut head = 0;
        for place in places.clone() {
            if page.at(place).gap >= crate::text::token::Gap::Line || place == places.start {
                head = self.at(place, 0).look;
            }
            self.line.push(head);
        }
    }

    fn at(&self, place: usize, steps: isize) -> Sight {
        let at = (place - self.first + REACH).checked_add_signed(steps);
        at.and_then(|at| self.tokens.get(at))
            .copied()
            .unwrap_or_default()
    }

    fn line(&self, place: usize) -> u64 {
        self.line.get(place - self.first).copied().unwrap_or(0)
    }
}

fn sight(page: &Page<'_>, token: &Token, cover: Cover) -> Sight {
    let class = token.class;
    let nameish = class.and(NAMEISH).bits();
    let role = class.without(NAMEISH).without(Class::PHRASE_START).bits();
    let shape = mix(kind(token.kind), token.len().min(12) as u64);
    let may_be_a_name = class.has(NAMES) && !class.has(Class::STOP);
    let look = match token.kind {
        Kind::Number => mix(0xD161, number(page.slice(token))),
        Kind::Code => mix(0xC0DE, code(page.slice(token), false)),
        Kind::Initial | Kind::Possessive | Kind::Sign(_) | Kind::Edge => kind(token.kind),
        _ if class.without(Class::PHRASE_START) == Class::NONE || may_be_a_name && role == 0 => {
            mix(mix(0xA11, nameish), kind(token.kind))
        }
        _ => hash(page.slice(token)),
    };
    Sight {
        look,
        nameish,
        role,
        shape,
        cover: cover as u64,
    }
}

/// The features of the token at `place`, as rows of the weights.
pub(super) fn of(page: &Page<'_>, sights: &Sights, place: usize, features: &mut Vec<u32>) {
    features.clear();
    let token = page.at(place);
    let mut sheet = Sheet(features, 0);
    sheet.add(0);
    own(page, sights, place, &mut sheet);
    company(sights, place, &mut sheet);
    phrases(page, place, &mut sheet);
    if token.is_word() && token.len() > 1 {
        spelling(page, token, &mut sheet);
    } else if token.kind == Kind::Code {
        sheet.add_unordered(mix(code(page.slice(token), true), 0x1E77));
    }
}

/// How long a number is, and what it could count: a day, a month, a year, or something with zeros
/// in front.
fn number(digits: &[u8]) -> u64 {
    let value = digits.iter().take(4).fold(0_u64, |value, digit| {
        value * 10 + u64::from(digit.wrapping_sub(b'0'))
    });
    let sort = match (digits.len(), value) {
        (2.., _) if digits.starts_with(b"0") => 1,
        (1 | 2, 1..=12) => 2,
        (2, 13..=31) => 3,
        (4, 1900..=2099) => 4,
        _ => 5,
    };
    sort << 8 | digits.len().min(10) as u64
}

/// The make of a code: runs of digits by their length, a single letter or small letters behind
/// digits as they are, other letters by case and number, or, `in_full`, all letters as they are.
fn code(text: &[u8], in_full: bool) -> u64 {
    let mut state = u64::from(in_full);
    let mut rest = text;
    while let Some(first) = rest.first() {
        let same = |byte: &&u8| sort(**byte) == sort(*first);
        let count = rest.iter().take_while(same).count();
        let (run, tail) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let literal =
            sort(*first) != DIGIT && (in_full || count == 1 || sort(*first) == SMALL && count <= 3);
        state = mix(state, u64::from(sort(*first)) << 8 | count.min(6) as u64);
        if literal {
            state = mix(state, hash(run));
        }
        rest = tail;
    }
    state
}

const fn sort(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => DIGIT,
        b'a'..=b'z' => SMALL,
        b'A'..=b'Z' => 2,
        _ => 3,
    }
}

const DIGIT: u8 = 0;
const SMALL: u8 = 1;

fn own(page: &Page<'_>, sights: &Sights, place: usize, sheet: &mut Sheet<'_>) {
    let token = page.at(place);
    let me = sights.at(place, 0);
    let kind = kind(token.kind);
    let opens = u64::from(page.opens(place));
    let shouted = u64::from(page.is_shouted);
    sheet.add(me.look);
    sheet.add(me.shape);
    sheet.add(mix(me.nameish, kind));
    sheet.add(mix(mix(me.nameish, kind), opens + 2 * shouted));
    let text = u64::from(page.is_small) + 2 * u64::from(page.tokens.len() < SHORT);
    let steps = (place - sights.first).min(3) as u64;
    sheet.add(mix(mix(me.nameish, kind), 16 * text + steps));
    sheet.add(me.role);
    sheet.add(mix(me.cover, kind));
    sheet.add(mix(mix(token.gap as u64, kind), opens));
    sheet.add(mix(sights.line(place), kind));
    sheet.add(mix(sights.line(place), me.nameish));
    for bit in 0..10_u64 {
        if me.nameish >> bit & 1 == 1 {
            sheet.add(mix(0xB17 + bit, kind));
        } else {
            sheet.skip();
        }
    }
}

fn company(sights: &Sights, place: usize, sheet: &mut Sheet<'_>) {
    let me = sights.at(place, 0);
    let mine = mix(me.nameish, me.shape & 0xFF);
    for steps in [-3, -2, -1, 1, 2, 3] {
        let other = sights.at(place, steps);
        sheet.add(other.look);
        sheet.add(other.role);
        sheet.add(mix(other.cover, 1));
    }
    let (before, after) = (sights.at(place, -1), sights.at(place, 1));
    let (earlier, later) = (sights.at(place, -2), sights.at(place, 2));
    for other in [before, after] {
        sheet.add(mix(other.look, mine));
        sheet.add(mix(other.nameish, me.nameish));
        sheet.add(mix(other.shape, me.shape));
        sheet.add(mix(other.role, mine));
        sheet.add(mix(other.cover, mine));
    }
    sheet.add(mix(earlier.look, before.look));
    sheet.add(mix(after.look, later.look));
    sheet.add(mix(before.look, after.look));
    sheet.add(mix(mix(before.look, after.look), mine));
    sheet.add(mix(mix(earlier.look, before.look), mine));
    sheet.add(mix(mix(after.look, later.look), mine));
    sheet.add(mix(
        mix(earlier.look, before.look),
        sights.at(place, -3).look,
    ));
    sheet.add(mix(
        earlier.cover,
        mix(before.cover, mix(after.cover, later.cover)),
    ));
}

/// What the dictionary says of the two or three words that begin or end here.
fn phrases(page: &Page<'_>, place: usize, sheet: &mut Sheet<'_>) {
    for (first, end) in [
        (place, place + 2),
        (place.wrapping_sub(1), place + 1),
        (place, place + 3),
        (place.wrapping_sub(2), place + 1),
    ] {
        let opens = page.at(first).class.has(Class::PHRASE_START);
        let class = if opens {
            page.phrase(first, end)
        } else {
            Class::NONE
        };
        if class == Class::NONE {
            sheet.skip();
        } else {
            sheet.add(class.without(Class::PHRASE_START).bits());
        }
    }
}

/// Beginnings, endings and three-letter pieces of a word.
fn spelling(page: &Page<'_>, token: &Token, sheet: &mut Sheet<'_>) {
    let mut room = [0; 64];
    let Some(word) = str::from_utf8(page.slice(token))
        .ok()
        .and_then(|word| plain_letters(word, &mut room))
    else {
        sheet.add(0xF0E);
        return;
    };
    let kind = kind(token.kind);
    for length in 1..=4 {
        if let (Some(head), Some(tail)) = (
            word.get(..length),
            word.len().checked_sub(length).and_then(|at| word.get(at..)),
        ) {
            sheet.add(mix(hash(head), 0x4EAD));
            sheet.add(mix(mix(hash(tail), 0x7A11), kind));
        }
    }
    for piece in word.windows(3).take(10) {
        sheet.add_unordered(mix(hash(piece), 0x391));
    }
}

/// The features of one token; each template has its own number.
struct Sheet<'a>(&'a mut Vec<u32>, u64);

impl Sheet<'_> {
    #[inline]
    fn add(&mut self, value: u64) {
        self.1 += 1;
        self.0.push(row(mix(value, self.1)));
    }

    fn skip(&mut self) {
        self.1 += 1;
    }

    /// A value whose template has no order.
    fn add_unordered(&mut self, value: u64) {
        self.0.push(row(mix(value, 0xBA6)));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the high bits are few")]
fn row(hash: u64) -> u32 {
    (hash >> (64 - FEATURES.trailing_zeros())) as u32
}

#[inline]
fn mix(one: u64, other: u64) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = (one.rotate_left(27) ^ other).wrapping_mul(FACTOR);
    mixed ^ mixed >> 32
}

fn kind(kind: Kind) -> u64 {
    match kind {
        Kind::Lower => 1,
        Kind::Title => 2,
        Kind::Upper => 3,
        Kind::Mixed => 4,
        Kind::Initial => 5,
        Kind::Number => 6,
        Kind::Code => 7,
        Kind::Possessive => 8,
        Kind::Edge => 9,
        Kind::Sign(sign) => 256 + u64::from(sign),
    }
}

/// A text of fewer tokens is a query or a line.
const SHORT: usize = 60;

/// How many tokens beyond the sentence are seen.
const REACH: usize = 3;

/// Classes that tell whether a word may be a name.
const NAMES: Class = Class::GIVEN
    .or(Class::SURNAME)
    .or(Class::CITY)
    .or(Class::COUNTY);

/// Classes of the word itself, in distinction to the part it plays beside a name.
const NAMEISH: Class = NAMES
    .or(Class::FREQUENT)
    .or(Class::COMMON)
    .or(Class::RARE)
    .or(Class::MEDICAL)
    .or(Class::EPONYM)
    .or(Class::BIG)
    .or(Class::COUNTRY)
    .or(Class::STATE)
    .or(Class::MONTH)
    .or(Class::STOP)
    .or(Class::DEMONYM)
    .or(Class::NAME_FIRST);
