//! Words, numbers and signs of a text, with what the dictionary says of each word.

use crate::dictionary::{Dictionary, class::Class, hash};

/// One word, number or sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// What the dictionary knows of a word.
    pub(crate) class: Class,
    /// What it is made of.
    pub(crate) kind: Kind,
    /// What stands before it.
    pub(crate) gap: Gap,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters in lower case.
    Lower,
    /// A capital, then lower case.
    Title,
    /// Capitals, two or more.
    Upper,
    /// Capitals and lower case in another order, `McDonald`.
    Mixed,
    /// One capital letter.
    Initial,
    /// Digits.
    Number,
    /// Letters and digits.
    Code,
    /// `'s` after a word.
    Possessive,
    /// One other character.
    Sign(u8),
    /// Before the first and after the last token.
    Edge,
}

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing: it touches the token before.
    None,
    /// Spaces or tabs.
    Space,
    /// A line break.
    Line,
    /// An empty line, or the edge of the text.
    Blank,
}

impl Token {
    /// What a look beyond the text finds.
    pub(crate) const EDGE: Self = Self {
        start: 0,
        end: 0,
        class: Class::NONE,
        kind: Kind::Edge,
        gap: Gap::Blank,
    };

    /// The bytes it covers.
    pub(crate) const fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its length in bytes.
    pub(crate) const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Takes from a word what the lists of names and words say of it; what part it plays stays.
    pub(crate) const fn forget(&mut self) {
        self.class = self.class.without(LISTED);
    }

    /// Whether it consists of letters.
    pub(crate) const fn is_word(&self) -> bool {
        matches!(
            self.kind,
            Kind::Lower | Kind::Title | Kind::Upper | Kind::Mixed | Kind::Initial
        )
    }

    /// Whether it is a word that begins with a capital.
    pub(crate) const fn is_capital(&self) -> bool {
        matches!(
            self.kind,
            Kind::Title | Kind::Upper | Kind::Mixed | Kind::Initial
        )
    }

    /// Whether it is this sign.
    pub(crate) fn is_sign(&self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Cuts a text of less than 4 GiB into tokens; `tokens` is cleared and filled.
pub(crate) fn tokenize(dictionary: &Dictionary, text: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut gap = Gap::Blank;
    while let Some(&byte) = bytes.get(at) {
        let role = role(byte);
        if role == SPACE {
            let (next, wider) = blank(bytes, at);
            gap = gap.max(wider);
            at = next;
            continue;
        }
        let (end, kind) = match role {
            SIGN if is_possessive(bytes, at, gap, tokens) => (at + 2, Kind::Possessive),
            SIGN => (at + 1, Kind::Sign(byte)),
            _ => word(text, at),
        };
        let (end, kind) = if kind == Kind::Code {
            glued(dictionary, text, at, end)
        } else {
            (end, kind)
        };
        let class = match kind {
            Kind::Lower | Kind::Title | Kind::Upper | Kind::Mixed | Kind::Initial => {
                lookup(dictionary, text, at, end)
            }
            _ => Class::NONE,
        };
        tokens.push(Token {
            start: offset(at),
            end: offset(end),
            class,
            kind,
            gap,
        });
        gap = Gap::None;
        at = end;
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn blank(bytes: &[u8], start: usize) -> (usize, Gap) {
    let mut at = start;
    let mut lines = 0;
    while let Some(&byte) = bytes.get(at) {
        if role(byte) != SPACE {
            break;
        }
        lines += usize::from(byte == b'\n');
        at += 1;
    }
    let gap = match lines {
        0 => Gap::Space,
        1 => Gap::Line,
        _ => Gap::Blank,
    };
    (at, gap)
}

fn is_possessive(bytes: &[u8], at: usize, gap: Gap, tokens: &[Token]) -> bool {
    gap == Gap::None
        && bytes.get(at) == Some(&b'\'')
        && matches!(bytes.get(at + 1), Some(b's' | b'S'))
        && bytes.get(at + 2).is_none_or(|&next| role(next) < LOWER)
        && tokens.last().is_some_and(Token::is_word)
}

/// The end and kind of the word or number that begins at `start`.
fn word(text: &str, start: usize) -> (usize, Kind) {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut seen = 0_u8;
    let mut capitals = 0_u32;
    while let Some(&byte) = bytes.get(at) {
        let role = role(byte);
        if role < LOWER {
            let joins = byte == b'\'' && at > start && joins_letters(bytes, at);
            if !joins {
                break;
            }
        } else {
            seen |= 1 << role;
            capitals += u32::from(role == CAPITAL);
        }
        at += 1;
    }
    (at, kind(text, start, at, seen, capitals))
}

/// Letters and digits together, cut where a label is glued to its number: `MRN123`, `1950MRN`.
fn glued(dictionary: &Dictionary, text: &str, start: usize, end: usize) -> (usize, Kind) {
    const LABELS: Class = Class::CUE_RECORD
        .or(Class::CUE_ACCOUNT)
        .or(Class::CUE_LICENSE)
        .or(Class::CUE_VEHICLE)
        .or(Class::CUE_SSN)
        .or(Class::CUE_PHONE)
        .or(Class::CUE_FAX);
    let bytes = text.as_bytes().get(start..end).unwrap_or_default();
    let letters = run(bytes, u8::is_ascii_alphabetic);
    let digits = run(bytes, u8::is_ascii_digit);
    let head = bytes.get(..letters).unwrap_or_default();
    let tail = bytes.get(digits..).unwrap_or_default();
    let is_label = |word: &[u8]| {
        word.len() > 2
            && word.len() < 10
            && (word.eq_ignore_ascii_case(b"dob") || dictionary.class(hash(word)).has(LABELS))
    };
    if letters > 0 && is_label(head) {
        let (_, kind) = word(text.get(..start + letters).unwrap_or_default(), start);
        (start + letters, kind)
    } else if digits > 0 && tail.iter().all(u8::is_ascii_alphabetic) && is_label(tail) {
        (start + digits, Kind::Number)
    } else {
        (end, Kind::Code)
    }
}

fn run(bytes: &[u8], is_part: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is_part(byte)).count()
}

/// An apostrophe inside `O'Brien`, not the one of a possessive.
fn joins_letters(bytes: &[u8], at: usize) -> bool {
    let letter = |place: usize| bytes.get(place).is_some_and(|&byte| role(byte) >= LOWER);
    let possessive = matches!(bytes.get(at + 1), Some(b's' | b'S')) && !letter(at + 2);
    letter(at + 1) && !possessive
}

fn kind(text: &str, start: usize, end: usize, seen: u8, capitals: u32) -> Kind {
    const DIGITS: u8 = 1 << DIGIT;
    const CAPITALS: u8 = 1 << CAPITAL;
    const WIDES: u8 = 1 << WIDE;
    if seen & DIGITS != 0 {
        return if seen == DIGITS {
            Kind::Number
        } else {
            Kind::Code
        };
    }
    let first = text.as_bytes().get(start).copied().unwrap_or(0);
    let first_is_capital = if first < 0x80 {
        first.is_ascii_uppercase()
    } else {
        text.get(start..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(char::is_uppercase)
    };
    if seen & CAPITALS == 0 && !first_is_capital {
        return Kind::Lower;
    }
    if end - start == 1 {
        return Kind::Initial;
    }
    if seen == CAPITALS {
        return Kind::Upper;
    }
    let first_counts = u32::from(first.is_ascii_uppercase());
    if first_is_capital && capitals == first_counts {
        return Kind::Title;
    }
    if seen & (1 << LOWER) == 0 && seen & WIDES != 0 {
        return Kind::Upper;
    }
    Kind::Mixed
}

fn lookup(dictionary: &Dictionary, text: &str, start: usize, end: usize) -> Class {
    let Some(word) = text.get(start..end) else {
        return Class::NONE;
    };
    if word.is_ascii() {
        return dictionary.class(hash(word.as_bytes()));
    }
    let mut plain = [0_u8; 64];
    plain_letters(word, &mut plain).map_or(Class::NONE, |plain| dictionary.class(hash(plain)))
}

/// The word in ASCII without diacritics, as the dictionary keeps it; nothing if it does not fit.
pub(crate) fn plain_letters<'a>(word: &str, into: &'a mut [u8; 64]) -> Option<&'a [u8]> {
    let mut length = 0;
    for letter in word.chars() {
        let ascii = [u8::try_from(letter).unwrap_or(0).to_ascii_lowercase()];
        let base = match base_letter(letter).as_bytes() {
            [] if letter.is_ascii() => &ascii[..],
            [] => return None,
            base => base,
        };
        into.get_mut(length..length + base.len())?
            .copy_from_slice(base);
        length += base.len();
    }
    into.get(..length)
}

/// The ASCII base of a Latin letter; empty for ASCII itself and for what has none.
fn base_letter(letter: char) -> &'static str {
    match letter {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' | 'Ạ'..='ặ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ð' | 'ð' | 'Ď'..='đ' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ẹ'..='ệ' | 'ə' | 'Ə' => "e",
        'Ĝ'..='ģ' | 'Ǧ' | 'ǧ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ỉ'..='ị' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ' | 'ķ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ụ'..='ự' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ỳ'..='ỹ' => "y",
        'Ź'..='ž' => "z",
        _ => "",
    }
}

/// The classes of the lists of names, places and words.
const LISTED: Class = Class::GIVEN
    .or(Class::SURNAME)
    .or(Class::FREQUENT)
    .or(Class::COMMON)
    .or(Class::RARE)
    .or(Class::CITY)
    .or(Class::BIG)
    .or(Class::COUNTY)
    .or(Class::PHRASE_START)
    .or(Class::NAME_FIRST);

const SPACE: u8 = 0;
const SIGN: u8 = 1;
const LOWER: u8 = 2;
const CAPITAL: u8 = 3;
const DIGIT: u8 = 4;
const WIDE: u8 = 5;

#[inline]
fn role(byte: u8) -> u8 {
    ROLES.get(usize::from(byte)).copied().unwrap_or(SIGN)
}

/// The part each byte plays: a table, so that the loop has no branches on letters.
const ROLES: [u8; 256] = {
    let mut roles = [SIGN; 256];
    let mut byte = 0_u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a byte is within 256")]
        {
            roles[byte as usize] = match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => SPACE,
                b'a'..=b'z' => LOWER,
                b'A'..=b'Z' => CAPITAL,
                b'0'..=b'9' => DIGIT,
                0x80.. => WIDE,
                _ => SIGN,
            };
        }
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    roles
};

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let mut tokens = Vec::new();
        tokenize(&Dictionary::built_in(), text, &mut tokens);
        tokens.iter().map(|token| token.kind).collect()
    }

    #[test]
    fn shapes_of_words() {
        use Kind::{Code, Initial, Lower, Mixed, Number, Possessive, Sign, Title, Upper};
        assert_eq!(kinds("Anna's O'Brien"), [Title, Possessive, Mixed]);
        assert_eq!(kinds("MRI of B12 42"), [Upper, Lower, Code, Number]);
        assert_eq!(kinds("J. Élan MÜLLER"), [Initial, Sign(b'.'), Title, Upper]);
    }

    #[test]
    fn diacritics_do_not_hide_a_name() {
        let dictionary = Dictionary::built_in();
        let mut tokens = Vec::new();
        tokenize(&dictionary, "José Núñez", &mut tokens);
        assert!(tokens.first().unwrap().class.has(Class::GIVEN));
        assert!(tokens.last().unwrap().class.has(Class::SURNAME));
    }

    #[test]
    fn gaps_tell_lines_from_paragraphs() {
        let mut tokens = Vec::new();
        tokenize(&Dictionary::built_in(), "a b\nc\n\nd", &mut tokens);
        let gaps: Vec<_> = tokens.iter().map(|token| token.gap).collect();
        assert_eq!(gaps, [Gap::Blank, Gap::Space, Gap::Line, Gap::Blank]);
    }
}
