//! Odd characters made plain, with the way back to the original offsets.

use std::ops::Range;

/// A text in which zero-width characters are gone, and odd spaces, dashes, quotes, full-width
/// letters and look-alikes inside Latin words stand in ASCII.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// Where each byte of `text` began in the original, and the original length at the end.
    origins: Vec<u32>,
    /// Where the character of each byte of `text` ended in the original.
    ends: Vec<u32>,
}

impl Folded {
    /// Folds `original` (shorter than 4 GiB) and tells whether anything changed; if nothing did,
    /// the original is to be used.
    pub(crate) fn fold(&mut self, original: &str) -> bool {
        if !is_odd(original) {
            return false;
        }
        self.text.clear();
        self.origins.clear();
        self.ends.clear();
        let mut at = 0;
        let mut latin = Latin::default();
        while let Some(letter) = original.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = original.get(at..).unwrap_or_default();
            if let Some((letter, length)) = spelled_letter(rest) {
                self.push(letter, at, at + length);
                at += length;
                continue;
            }
            let end = at + letter.len_utf8();
            match plain(letter, latin.at(original, at, letter)) {
                Plain::Gone => {}
                Plain::Mark => self.widen(end),
                Plain::Ascii(byte) => self.push(char::from(byte), at, end),
                Plain::Same => self.push(letter, at, end),
            }
            at = end;
        }
        true
    }

    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The stretch of the original that a stretch of the folded text stands for.
    pub(crate) fn original(&self, folded: &Range<usize>) -> Range<usize> {
        let at = |places: &[u32], place: usize| places.get(place).map_or(0, |&at| at as usize);
        let start = at(&self.origins, folded.start);
        start..at(&self.ends, folded.end.saturating_sub(1)).max(start)
    }

    /// Lets the last character reach to `end` in the original.
    fn widen(&mut self, end: usize) {
        let length = self.text.chars().next_back().map_or(0, char::len_utf8);
        let from = self.ends.len().saturating_sub(length);
        for place in self.ends.get_mut(from..).unwrap_or_default() {
            *place = u32::try_from(end).unwrap_or(u32::MAX);
        }
    }

    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.text.push(letter);
        for _ in 0..letter.len_utf8() {
            self.origins.push(u32::try_from(start).unwrap_or(u32::MAX));
            self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
        }
    }
}

/// Whether the word around a place has a Latin letter, worked out once a word.
#[derive(Default)]
struct Latin {
    end: usize,
    is_latin: bool,
}

impl Latin {
    fn at(&mut self, text: &str, at: usize, letter: char) -> bool {
        if at >= self.end && !letter.is_ascii() {
            let head = text.get(..at).unwrap_or_default();
            let before = head
                .chars()
                .next_back()
                .is_some_and(|letter| letter.is_ascii_alphabetic());
            let word = text.get(at..).unwrap_or_default();
            let length = word
                .find(|letter: char| !letter.is_alphanumeric())
                .unwrap_or(word.len());
            self.end = at + length;
            self.is_latin = before
                || word
                    .get(..length)
                    .is_some_and(|word| word.bytes().any(|byte| byte.is_ascii_alphabetic()));
        }
        self.is_latin && at < self.end
    }
}

/// Whether a text has anything to fold.
fn is_odd(text: &str) -> bool {
    let entity = || {
        memchr::memchr_iter(b'&', text.as_bytes()).any(|at| {
            text.get(at..)
                .is_some_and(|rest| spelled_letter(rest).is_some())
        })
    };
    if text.is_ascii() {
        return entity();
    }
    text.chars().any(|letter| {
        matches!(letter, 'Ã' | 'Â' | 'â')
            || !letter.is_ascii() && plain(letter, true) != Plain::Same
    }) || entity()
}

/// A letter written as a character reference (`&#64;`, `&nbsp;`) or as UTF-8 read in a code page
/// of one byte a letter (`Ã©`); with its length.
fn spelled_letter(rest: &str) -> Option<(char, usize)> {
    match rest.as_bytes().first()? {
        b'&' => reference(rest),
        0xC3 => misread(rest),
        _ => None,
    }
}

fn reference(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(10).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let letter = match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "ndash" | "mdash" | "minus" => '-',
        "apos" | "rsquo" | "lsquo" => '\'',
        "quot" | "ldquo" | "rdquo" => '"',
        "commat" => '@',
        "period" => '.',
        "sol" => '/',
        "colon" => ':',
        "num" => '#',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        _ => {
            let digits = name.strip_prefix('#')?;
            let point = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            let letter = char::from_u32(point.ok()?)?;
            match plain(letter, false) {
                Plain::Ascii(byte) => char::from(byte),
                Plain::Same => letter,
                Plain::Gone | Plain::Mark => return None,
            }
        }
    };
    Some((letter, end + 1))
}

/// `Ã©` for é, `Â ` for a hard blank, `â€“` for a dash.
fn misread(rest: &str) -> Option<(char, usize)> {
    let mut letters = rest.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    let length = first.len_utf8() + second.len_utf8();
    let low = u32::from(second);
    match first {
        'Ã' if (0x80..=0xBF).contains(&low) => Some((char::from_u32(low + 0x40)?, length)),
        'Â' if low == 0xA0 => Some((' ', length)),
        'â' if matches!(second, '€' | '\u{80}') => {
            let third = letters.next()?;
            let letter = match third {
                '“' | '”' | '\u{93}' | '\u{94}' | '\u{90}' | '\u{91}' | '‘' => '-',
                '˜' | '™' | '\u{98}' | '\u{99}' => '\'',
                'œ' | '\u{9C}' | '\u{9D}' => '"',
                _ => return None,
            };
            Some((letter, length + third.len_utf8()))
        }
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Plain {
    Same,
    Gone,
    /// A mark over the letter before.
    Mark,
    Ascii(u8),
}

/// What a character becomes; look-alikes of Latin letters only beside a Latin letter.
fn plain(letter: char, in_latin: bool) -> Plain {
    match letter {
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}'
        | '\u{180E}'
        | '\u{2066}'..='\u{2069}' => Plain::Gone,
        '\u{300}'..='\u{36F}' => Plain::Mark,
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            Plain::Ascii(b' ')
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' => Plain::Ascii(b'\n'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Plain::Ascii(b'-'),
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{B4}' | '\u{2BC}' => Plain::Ascii(b'\''),
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => Plain::Ascii(b'"'),
        '\u{2044}' | '\u{2215}' => Plain::Ascii(b'/'),
        '\u{2024}' => Plain::Ascii(b'.'),
        '\u{FF01}'..='\u{FF5E}' => {
            Plain::Ascii(u8::try_from(u32::from(letter) - 0xFEE0).unwrap_or(b'?'))
        }
        'А'..='я' | 'Ѕ' | 'І' | 'Ј' | 'ѕ' | 'і' | 'ј' | 'Α'..='ω' if in_latin => {
            look_alike(letter)
        }
        _ => Plain::Same,
    }
}

fn look_alike(letter: char) -> Plain {
    Plain::Ascii(match letter {
        'А' | 'Α' => b'A',
        'В' | 'Β' => b'B',
        'С' => b'C',
        'Е' | 'Ε' => b'E',
        'Н' | 'Η' => b'H',
        'І' | 'Ι' => b'I',
        'Ј' => b'J',
        'К' | 'Κ' => b'K',
        'М' | 'Μ' => b'M',
        'Ν' => b'N',
        'О' | 'Ο' => b'O',
        'Р' | 'Ρ' => b'P',
        'Ѕ' => b'S',
        'Т' | 'Τ' => b'T',
        'Х' | 'Χ' => b'X',
        'Υ' => b'Y',
        'Ζ' => b'Z',
        'а' => b'a',
        'с' => b'c',
        'е' => b'e',
        'о' | 'ο' => b'o',
        'р' => b'p',
        'х' => b'x',
        'у' => b'y',
        'ѕ' => b's',
        'і' => b'i',
        'ј' => b'j',
        _ => return Plain::Same,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        let mut folded = Folded::default();
        assert!(!folded.fold("Anna Müller, 5 mg"));
    }

    #[test]
    fn offsets_lead_back_over_what_was_removed() {
        let original = "An\u{200B}na\u{A0}555\u{2013}1234";
        let mut folded = Folded::default();
        assert!(folded.fold(original));
        assert_eq!(folded.text(), "Anna 555-1234");
        assert_eq!(
            original.get(folded.original(&(0..4))).unwrap(),
            "An\u{200B}na"
        );
        assert_eq!(
            original.get(folded.original(&(5..13))).unwrap(),
            "555\u{2013}1234"
        );
    }

    #[test]
    fn references_marks_and_misread_letters_become_plain() {
        let original = "Jose\u{301} 555&#45;1234&nbsp;JosÃ© 1â€“2 &amp &x; \u{41C}\u{420}N";
        let mut folded = Folded::default();
        assert!(folded.fold(original));
        assert_eq!(folded.text(), "Jose 555-1234 José 1-2 &amp &x; MPN");
        assert_eq!(
            original.get(folded.original(&(0..4))).unwrap(),
            "Jose\u{301}"
        );
        assert_eq!(
            original.get(folded.original(&(5..13))).unwrap(),
            "555&#45;1234"
        );
        assert_eq!(original.get(folded.original(&(14..19))).unwrap(), "JosÃ©");
    }

    #[test]
    fn look_alikes_become_latin_beside_latin() {
        let mut folded = Folded::default();
        assert!(folded.fold("J\u{43E}hn saw \u{41E}"));
        assert_eq!(folded.text(), "John saw \u{41E}");
    }
}
