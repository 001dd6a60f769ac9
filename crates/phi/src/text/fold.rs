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
        if original.is_ascii()
            || !original
                .chars()
                .any(|letter| plain(letter, true) != Plain::Same)
        {
            return false;
        }
        self.text.clear();
        self.origins.clear();
        self.ends.clear();
        let mut latin = false;
        let mut letters = original.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next_latin = letters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_alphabetic());
            let end = at + letter.len_utf8();
            match plain(letter, latin || next_latin) {
                Plain::Gone => {}
                Plain::Ascii(byte) => self.push(char::from(byte), at, end),
                Plain::Same => self.push(letter, at, end),
            }
            latin = letter.is_ascii_alphabetic();
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

    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.text.push(letter);
        for _ in 0..letter.len_utf8() {
            self.origins.push(u32::try_from(start).unwrap_or(u32::MAX));
            self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Plain {
    Same,
    Gone,
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
    fn look_alikes_become_latin_beside_latin() {
        let mut folded = Folded::default();
        assert!(folded.fold("J\u{43E}hn saw \u{41E}"));
        assert_eq!(folded.text(), "John saw \u{41E}");
    }
}
