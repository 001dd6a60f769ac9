use crate::draw::Draw;

use super::lexicon::Lexicon;

/// A text with everything in it that the tagger is to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The text, UTF-8.
    pub text: String,
    /// The marked pieces, in ascending order, never overlapping.
    pub truth: Vec<Piece>,
}

/// One marked piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub mark: Mark,
    /// Whether a part of it was invented letter by letter, so that no list has it.
    pub invented: bool,
}

/// What a marked piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A person's name.
    Name,
    /// A place smaller than a state, a facility or an address.
    Place,
    /// An employer or another organisation of somebody.
    Employer,
}

/// A text while it is written: stretches, each marked or not.
#[derive(Debug, Default)]
pub(super) struct Scroll {
    parts: Vec<Part>,
    open: Option<Mark>,
}

#[derive(Debug, Default)]
struct Part {
    text: String,
    mark: Option<Mark>,
    invented: bool,
}

impl Scroll {
    pub(super) fn open(&mut self, mark: Mark) {
        self.open = Some(mark);
        self.parts.push(Part {
            mark: Some(mark),
            ..Part::default()
        });
    }

    pub(super) fn close(&mut self) {
        self.open = None;
        self.parts.push(Part::default());
    }

    pub(super) fn push(&mut self, text: &str) {
        self.push_name(text, false);
    }

    pub(super) fn push_name(&mut self, text: &str, invented: bool) {
        if self.parts.is_empty() {
            self.parts.push(Part::default());
        }
        if let Some(part) = self.parts.last_mut() {
            part.text.push_str(text);
            part.invented |= invented;
        }
    }

    /// Now and then everything in lower case or in capitals, or some plain words exchanged for
    /// others, so that nothing is learned by heart. `small` and `large` of a hundred texts lose or
    /// get all capitals.
    pub(super) fn retype(
        &mut self,
        lexicon: &Lexicon,
        (small, large): (u32, u32),
        draw: &mut Draw,
    ) {
        let hand = draw.below(100);
        if hand < 30 {
            for part in self.parts.iter_mut().filter(|part| part.mark.is_none()) {
                part.text = with_odd_words(&part.text, lexicon, draw);
            }
        }
        let case = draw.below(100);
        for part in &mut self.parts {
            if case < small {
                part.text = part.text.to_lowercase();
            } else if case < small + large {
                part.text = part.text.to_uppercase();
            }
        }
    }

    pub(super) fn passage(self) -> Passage {
        let mut passage = Passage::default();
        for part in self.parts {
            let start = passage.text.len();
            passage.text.push_str(&part.text);
            if let Some(mark) = part.mark.filter(|_| !part.text.is_empty()) {
                passage.truth.push(Piece {
                    start,
                    end: passage.text.len(),
                    mark,
                    invented: part.invented,
                });
            }
        }
        passage
    }
}

/// One lower-case word in ten becomes another.
fn with_odd_words(text: &str, lexicon: &Lexicon, draw: &mut Draw) -> String {
    let words = text.split(' ').map(|word| {
        let plain = word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let other = (plain && draw.chance(0.1)).then(|| lexicon.draw("word", draw));
        other
            .flatten()
            .map_or_else(|| word.to_owned(), |(word, _)| word)
    });
    words.collect::<Vec<_>>().join(" ")
}
