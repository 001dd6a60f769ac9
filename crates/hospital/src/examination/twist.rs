use super::{Theme, piece::Segment};
use crate::draw::Draw;

/// A disturbance of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twist {
    ZeroWidth,
    Homoglyph,
    Ocr,
    LineBreak,
    Capitals,
    Lower,
    Concatenated,
    Spaces,
    Invisible,
}

impl Twist {
    const ALL: [Self; 9] = [
        Self::ZeroWidth,
        Self::Homoglyph,
        Self::Ocr,
        Self::LineBreak,
        Self::Capitals,
        Self::Lower,
        Self::Concatenated,
        Self::Spaces,
        Self::Invisible,
    ];

    /// The disturbances in turn.
    pub(super) fn all(number: usize) -> Self {
        let at = number % Self::ALL.len();
        Self::ALL.get(at).copied().unwrap_or(Self::ZeroWidth)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::ZeroWidth => "zero-width",
            Self::Homoglyph => "homoglyph",
            Self::Ocr => "ocr",
            Self::LineBreak => "line-break",
            Self::Capitals => "capitals",
            Self::Lower => "lower-case",
            Self::Concatenated => "concatenated",
            Self::Spaces => "odd-spaces",
            Self::Invisible => "soft-hyphen",
        }
    }

    /// How a query or a note is typed without any disturbance: some in lower case, some in
    /// capitals, some carelessly.
    pub(super) fn register(draw: &mut Draw, theme: Theme, segments: Vec<Segment>) -> Vec<Segment> {
        let (lower, capitals, careless) = match theme {
            Theme::Query | Theme::CleanQuery => (0.35, 0.03, 0.25),
            Theme::LongNote => (0.03, 0.06, 0.2),
            _ => (0.0, 0.0, 0.05),
        };
        let segments = if draw.chance(careless) {
            misspelt(draw, segments)
        } else {
            segments
        };
        if draw.chance(lower) {
            Self::Lower.apply(draw, segments)
        } else if draw.chance(capitals) {
            Self::Capitals.apply(draw, segments)
        } else {
            segments
        }
    }

    pub(super) fn apply(self, draw: &mut Draw, mut segments: Vec<Segment>) -> Vec<Segment> {
        if self == Self::Concatenated {
            concatenate(draw, &mut segments);
            return segments;
        }
        for segment in &mut segments {
            let marked = segment.identifies();
            segment.text = match self {
                Self::Capitals => segment.text.to_uppercase(),
                Self::Lower => segment.text.to_lowercase(),
                Self::ZeroWidth if marked => between(draw, &segment.text, &ZERO_WIDTH, 0.25),
                Self::Invisible if marked => between(draw, &segment.text, &['\u{AD}'], 0.2),
                Self::Homoglyph if marked => mapped(draw, &segment.text, LOOKALIKES, 0.4),
                Self::Ocr => mapped(draw, &segment.text, MISREAD, 0.06),
                Self::LineBreak if marked => {
                    blank(draw, &segment.text, &["\n", "\n", " \n", "\r\n"])
                }
                Self::Spaces if marked => {
                    blank(draw, &segment.text, &["\u{A0}", "  ", "\t", "\u{2009}"])
                }
                _ => continue,
            };
        }
        segments
    }
}

/// Signs put between letters.
fn between(draw: &mut Draw, text: &str, signs: &[char], share: f64) -> String {
    let mut made = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && draw.chance(share) {
            made.push(draw.pick(signs));
        }
        made.push(letter);
    }
    made
}

fn mapped(draw: &mut Draw, text: &str, table: &[(char, &str)], share: f64) -> String {
    let mut made = String::new();
    for letter in text.chars() {
        let other = table.iter().find(|(from, _)| *from == letter);
        match other {
            Some((_, to)) if draw.chance(share) => made.push_str(to),
            _ => made.push(letter),
        }
    }
    made
}

/// The first blank, or the place after the first hyphen, becomes something else.
fn blank(draw: &mut Draw, text: &str, with: &[&str]) -> String {
    if text.contains(' ') {
        text.replacen(' ', draw.pick(with), 1)
    } else if text.contains('-') && text.chars().any(|letter| letter.is_ascii_digit()) {
        text.replacen('-', &format!("-{}", draw.pick(with)), 1)
    } else {
        text.to_owned()
    }
}

/// Blanks around identifiers that begin or end with a digit, and inside names, are lost.
fn concatenate(draw: &mut Draw, segments: &mut [Segment]) {
    for segment in segments.iter_mut() {
        let is_name = segment.mark.is_some_and(|mark| mark.label == "NAME");
        if is_name && draw.chance(0.3) {
            segment.text.retain(|letter| letter != ' ');
        }
    }
    let facts: Vec<Option<(bool, bool)>> = segments.iter().map(edges).collect();
    for (at, segment) in segments.iter_mut().enumerate() {
        if segment.mark.is_some() {
            continue;
        }
        let before = at
            .checked_sub(1)
            .and_then(|at| facts.get(at).copied().flatten());
        let after = facts.get(at + 1).copied().flatten();
        let ends_label = segment.text.trim_end().ends_with([':', '#']);
        if after.is_some_and(|(digit_first, _)| digit_first || ends_label) {
            segment.text.truncate(segment.text.trim_end().len());
        }
        let opens = segment
            .text
            .trim_start()
            .starts_with(|letter: char| letter.is_ascii_uppercase());
        if before.is_some_and(|(_, digit_last)| digit_last) && opens {
            segment.text = segment.text.trim_start().to_owned();
        }
    }
}

/// Whether an identifier begins and ends with a digit; nothing for other text.
fn edges(segment: &Segment) -> Option<(bool, bool)> {
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let (first, last) = (
        segment.text.chars().next(),
        segment.text.chars().next_back(),
    );
    segment.identifies().then(|| (digit(first), digit(last)))
}

/// One word in twenty of the unmarked text has two letters in the wrong order.
fn misspelt(draw: &mut Draw, mut segments: Vec<Segment>) -> Vec<Segment> {
    for segment in segments.iter_mut().filter(|segment| segment.mark.is_none()) {
        let words = segment.text.split_inclusive(' ');
        let made: String = words
            .map(|word| {
                if draw.below(20) == 0 {
                    swapped(draw, word)
                } else {
                    word.to_owned()
                }
            })
            .collect();
        segment.text = made;
    }
    segments
}

fn swapped(draw: &mut Draw, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let lower = letters
        .iter()
        .take_while(|letter| letter.is_ascii_lowercase())
        .count();
    if lower >= 5 {
        let at = 1 + draw.below(lower as u32 - 2) as usize;
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

const ZERO_WIDTH: [char; 4] = ['\u{200B}', '\u{200C}', '\u{200D}', '\u{FEFF}'];

/// Letters and digits that look alike in other scripts.
const LOOKALIKES: &[(char, &str)] = &[
    ('a', "а"),
    ('e', "е"),
    ('o', "о"),
    ('p', "р"),
    ('c', "с"),
    ('x', "х"),
    ('i', "і"),
    ('A', "А"),
    ('B', "В"),
    ('E', "Е"),
    ('H', "Н"),
    ('K', "К"),
    ('M', "М"),
    ('O', "О"),
    ('P', "Р"),
    ('T', "Т"),
    ('C', "С"),
    ('0', "０"),
    ('1', "１"),
    ('2', "２"),
    ('5', "５"),
    ('8', "８"),
    ('-', "‐"),
    ('@', "＠"),
    ('.', "．"),
];

/// What a scanner makes of letters and digits.
const MISREAD: &[(char, &str)] = &[
    ('0', "O"),
    ('1', "l"),
    ('5', "S"),
    ('8', "B"),
    ('O', "0"),
    ('l', "1"),
    ('I', "l"),
    ('m', "rn"),
    ('S', "5"),
    ('g', "q"),
    ('h', "b"),
    (':', ";"),
    ('d', "cl"),
];
