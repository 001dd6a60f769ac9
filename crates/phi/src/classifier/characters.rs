use std::collections::BTreeMap;

/// What the tokenizers of BERT models ask about characters beyond ASCII.
#[derive(Debug)]
pub(super) struct Characters {
    marks: Ranges,
    punctuation: Ranges,
    format: Ranges,
    bare: BTreeMap<char, String>,
}

type Ranges = Vec<(u32, u32)>;

impl Characters {
    /// From the facts of the Unicode Character Database that come with the program.
    pub(super) fn built_in() -> Self {
        let mut characters = Self {
            marks: Ranges::new(),
            punctuation: Ranges::new(),
            format: Ranges::new(),
            bare: BTreeMap::new(),
        };
        for line in include_str!("../../data/bert-characters.txt").lines() {
            match line.split_once(' ') {
                Some(("marks", rest)) => characters.marks = ranges(rest),
                Some(("punctuation", rest)) => characters.punctuation = ranges(rest),
                Some(("format", rest)) => characters.format = ranges(rest),
                Some(("bare", rest)) => characters.learn_bare(rest),
                _ => {}
            }
        }
        characters
    }

    fn learn_bare(&mut self, line: &str) {
        let Some((bare, whole)) = line.split_once(" of ") else {
            return;
        };
        let bare: String = bare.split(' ').filter_map(letter).collect();
        let whole = whole.split(' ').filter_map(letter);
        self.bare.extend(whole.map(|whole| (whole, bare.clone())));
    }

    /// The letter without its marks: decomposed (Unicode NFD), nonspacing marks left out.
    pub(super) fn push_bare(&self, letter: char, out: &mut impl FnMut(char)) {
        if letter.is_ascii() {
            out(letter);
        } else if let Some(bare) = self.bare.get(&letter) {
            bare.chars().for_each(out);
        } else if ('\u{AC00}'..='\u{D7A3}').contains(&letter) {
            syllable(letter).into_iter().flatten().for_each(out);
        } else if !has(&self.marks, letter) {
            out(letter);
        }
    }

    /// ASCII signs, and what Unicode calls punctuation.
    pub(super) fn is_punctuation(&self, letter: char) -> bool {
        letter.is_ascii_punctuation() || has(&self.punctuation, letter)
    }

    /// What is dropped before reading: control, format and private characters.
    pub(super) fn is_dropped(&self, letter: char) -> bool {
        let is_blank = matches!(letter, '\t' | '\n' | '\r');
        letter == '\u{FFFD}' || letter.is_control() && !is_blank || has(&self.format, letter)
    }

    /// Characters that stand as words of their own: the blocks that the models were trained with.
    pub(super) fn is_ideograph(letter: char) -> bool {
        matches!(
            u32::from(letter),
            0x4E00..=0x9FFF
                | 0x3400..=0x4DBF
                | 0x20000..=0x2A6DF
                | 0x2A700..=0x2B73F
                | 0x2B740..=0x2B81F
                | 0x2B920..=0x2CEAF
                | 0xF900..=0xFAFF
                | 0x2F800..=0x2FA1F
        )
    }
}

fn has(ranges: &Ranges, letter: char) -> bool {
    let letter = u32::from(letter);
    let place = ranges.partition_point(|(_, last)| *last < letter);
    ranges.get(place).is_some_and(|(first, _)| *first <= letter)
}

fn ranges(text: &str) -> Ranges {
    let number = |text: &str| u32::from_str_radix(text, 16).ok();
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((number(first)?, number(last)?))
    };
    text.split(' ').filter_map(range).collect()
}

fn letter(hex: &str) -> Option<char> {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

/// A Hangul syllable as its letters: The Unicode Standard, section 3.12.
fn syllable(letter: char) -> [Option<char>; 3] {
    let place = u32::from(letter).saturating_sub(0xAC00);
    let tail = place % 28;
    [
        char::from_u32(0x1100 + place / 588),
        char::from_u32(0x1161 + place % 588 / 28),
        char::from_u32(0x11A7 + tail).filter(|_| tail > 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off() {
        let characters = Characters::built_in();
        let mut bare = String::new();
        for letter in "Ångström Nguyễn İzmir naïve e\u{301} й 각".chars() {
            characters.push_bare(letter, &mut |letter| bare.push(letter));
        }
        assert_eq!(
            bare,
            "Angstrom Nguyen Izmir naive e и \u{1100}\u{1161}\u{11A8}"
        );
    }

    #[test]
    fn signs_beyond_ascii_are_punctuation() {
        let characters = Characters::built_in();
        for (letter, answer) in [
            ('$', true),
            ('—', true),
            ('«', true),
            ('é', false),
            ('€', false),
        ] {
            assert_eq!(characters.is_punctuation(letter), answer);
        }
        assert!(characters.is_dropped('\u{200B}') && !characters.is_dropped('\n'));
        assert!(Characters::is_ideograph('医') && !Characters::is_ideograph('ひ'));
    }
}
