use std::{iter, ops::Range};

use cloister_phi::{label::Label, tagger::Lesson, text::TextEngine};
use hospital::{
    examination::{Examination, Half, Piece, Theme},
    prose::{Genre, Lexicon, Lists, Mark, Passage, Prose},
    written::{Sort, Written},
};

use crate::dice::Dice;

/// Generated passages over one part of the lists of names.
#[derive(Debug)]
pub(crate) struct Corpus {
    prose: Prose,
    lexicon: Lexicon,
    names: Vec<&'static str>,
    written: Vec<Written>,
    examined: Vec<Piece>,
    seed: u64,
}

impl Corpus {
    /// For training: two thirds of all names and places, the held-out genre never.
    pub(crate) fn training() -> Self {
        let examination = Examination::new();
        let pieces = EXAMINED.iter().flat_map(|(theme, count)| {
            examination.pieces(EXAMINED_SEED, *theme, Half::Development, *count)
        });
        Self {
            examined: pieces.collect(),
            ..Self::over(|share| share != 0, 0x7461_6767)
        }
    }

    /// For measuring: the other third.
    pub(crate) fn unseen() -> Self {
        Self::over(|share| share == 0, 0x6D65_6173)
    }

    fn over(keep: fn(u64) -> bool, seed: u64) -> Self {
        let part = |lists: &[&'static str]| -> Vec<&'static str> {
            let words = lists.iter().flat_map(|list| list.lines());
            words.filter(|word| keep(fnv(word) % 3)).collect()
        };
        let medical: Vec<&str> = MEDICAL.lines().next().unwrap_or("").split(' ').collect();
        let eponyms: Vec<&str> = EPONYMS.split_ascii_whitespace().collect();
        let lexicon = Lexicon::new(&Lists {
            given: &interleaved(&part(&[GIVEN]), &part(&[GIVEN_WORLD])),
            surnames: &interleaved(&part(&[SURNAMES]), &part(&[SURNAMES_WORLD])),
            towns: &interleaved(&part(&[TOWNS]), &part(&[TOWNS_WORLD])),
            words: &plain(WORDS),
            drugs: &medical,
            eponyms: &eponyms,
        });
        Self {
            prose: Prose::new(),
            lexicon,
            names: interleaved(
                &part(&[GIVEN, GIVEN_WORLD]),
                &part(&[SURNAMES, SURNAMES_WORLD]),
            ),
            written: Sort::ALL
                .iter()
                .flat_map(|sort| {
                    let times = if *sort == Sort::Notes { NOTES } else { 1 };
                    iter::repeat_n(Written::all(*sort, Half::Development), times).flatten()
                })
                .filter(|written| !left_out(&written.id))
                .collect(),
            examined: Vec::new(),
            seed,
        }
    }

    /// The passage of a genre with this number.
    pub(crate) fn passage(&self, genre: Genre, number: u32) -> Passage {
        let seed = self
            .seed
            .wrapping_add(u64::from(number))
            .wrapping_mul(0x2545_F491_4F6C_DD1D);
        self.prose.write(genre, &self.lexicon, seed)
    }

    /// The sentences of a passage whose genre turns with its number, some names forgotten by the
    /// dictionary so that the tagger learns to do without it.
    pub(crate) fn lessons(&self, engine: &TextEngine, number: u32) -> Vec<Lesson> {
        match number % EVERY {
            0 => return self.written_lessons(engine, number),
            1 => return self.examined_lessons(engine, number),
            _ => {}
        }
        let genres: Vec<Genre> = TURN
            .iter()
            .copied()
            .filter(|genre| !genre.held_out())
            .collect();
        // Numbered without the others, so that every genre has its turn.
        let turn = number / EVERY * (EVERY - 2) + number % EVERY - 2;
        let Some(&genre) = genres.get(turn as usize % genres.len()) else {
            return Vec::new();
        };
        let passage = self.passage(genre, number);
        let dice = Dice::new(u64::from(number));
        forgetful(engine, &passage.text, &with_numbers(engine, &passage), dice)
    }
}

/// The marked pieces, and the numbers and dates that the rules find, which the grammars do not mark.
fn with_numbers(engine: &TextEngine, passage: &Passage) -> Vec<(Range<usize>, Label)> {
    let mut pieces = truth(passage);
    for finding in engine.scan(&passage.text, None) {
        let text = passage.text.get(finding.range()).unwrap_or_default();
        let apart = |(piece, _): &(Range<usize>, Label)| {
            piece.end <= finding.start || finding.end <= piece.start
        };
        if text.bytes().any(|byte| byte.is_ascii_digit()) && pieces.iter().all(apart) {
            pieces.push((finding.range(), finding.label));
        }
    }
    pieces.sort_by_key(|(piece, _)| piece.start);
    pieces
}

/// The sentences of a text, some of its pieces and a few of its words unknown to the dictionary.
fn forgetful(
    engine: &TextEngine,
    text: &str,
    truth: &[(Range<usize>, Label)],
    mut dice: Dice,
) -> Vec<Lesson> {
    let forgotten: Vec<bool> = truth.iter().map(|_| dice.chance(FORGET)).collect();
    let mut forget = |word: Range<usize>| {
        let piece = truth
            .iter()
            .position(|(piece, _)| piece.contains(&word.start));
        match piece.and_then(|piece| forgotten.get(piece)) {
            Some(forgotten) => *forgotten,
            None => dice.chance(FORGET_WORD),
        }
    };
    engine.lessons(text, truth, &mut forget)
}

impl Corpus {
    /// The sentences of a text written by hand, of the writers that may be read, its names drawn anew.
    fn written_lessons(&self, engine: &TextEngine, number: u32) -> Vec<Lesson> {
        let mut dice = Dice::new(0x77_7269 + u64::from(number));
        let place = (number / EVERY) as usize % self.written.len().max(1);
        let Some(written) = self.written.get(place) else {
            return Vec::new();
        };
        let (mut text, mut truth, mut end) = (String::new(), Vec::new(), 0);
        for (range, label) in &written.spans {
            text.push_str(written.text.get(end..range.start).unwrap_or_default());
            let start = text.len();
            let piece = written.text.get(range.clone()).unwrap_or_default();
            let label = Label::ALL.into_iter().find(|one| one.word() == *label);
            match label {
                Some(Label::Name) => text.push_str(&self.renamed(piece, &mut dice)),
                _ => text.push_str(piece),
            }
            if let Some(label) = label {
                truth.push((start..text.len(), label));
            }
            end = range.end;
        }
        text.push_str(written.text.get(end..).unwrap_or_default());
        retype(&mut text, &mut dice);
        forgetful(engine, &text, &truth, dice)
    }

    /// The sentences of a text of the examination's development half.
    fn examined_lessons(&self, engine: &TextEngine, number: u32) -> Vec<Lesson> {
        let place = (number / EVERY) as usize % self.examined.len().max(1);
        let Some(piece) = self.examined.get(place) else {
            return Vec::new();
        };
        let named = piece.spans.iter().filter_map(|span| {
            let mut labels = Label::ALL.into_iter();
            let label = labels.find(|one| one.word() == span.mark.label)?;
            Some((span.start..span.end, label))
        });
        let truth: Vec<_> = named.collect();
        let mut dice = Dice::new(0x65_7861 + u64::from(number));
        let mut text = piece.text.clone();
        retype(&mut text, &mut dice);
        forgetful(engine, &text, &truth, dice)
    }

    /// A name with every longer word exchanged for another of the lists, in the same case.
    fn renamed(&self, name: &str, dice: &mut Dice) -> String {
        let words = name.split_inclusive([' ', '-', ',', '.', '\n']);
        words
            .map(|word| {
                let letters = word.trim_end_matches([' ', '-', ',', '.', '\n']);
                let plain =
                    letters.len() > 3 && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
                let other = self.names.get(
                    usize::try_from(dice.bits() % self.names.len().max(1) as u64).unwrap_or(0),
                );
                match other.filter(|_| plain) {
                    Some(other) => {
                        cased(other, letters) + word.get(letters.len()..).unwrap_or_default()
                    }
                    None => word.to_owned(),
                }
            })
            .collect()
    }
}

/// Every sixth text loses its capitals, every sixteenth has nothing else.
fn retype(text: &mut str, dice: &mut Dice) {
    if dice.chance(SMALL) {
        text.make_ascii_lowercase();
    } else if dice.chance(LARGE) {
        text.make_ascii_uppercase();
    }
}

/// A word in the case of another.
fn cased(word: &str, like: &str) -> String {
    let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    let first = like.get(..1).unwrap_or_default();
    match (upper(like), upper(first)) {
        (true, _) => word.to_uppercase(),
        (false, true) => {
            let (head, tail) = word.split_at_checked(1).unwrap_or((word, ""));
            head.to_uppercase() + tail
        }
        (false, false) => word.to_owned(),
    }
}

/// The marked pieces with the labels of the engine.
pub(crate) fn truth(passage: &Passage) -> Vec<(Range<usize>, Label)> {
    let pieces = passage.truth.iter();
    pieces
        .map(|piece| {
            let label = match piece.mark {
                Mark::Name => Label::Name,
                Mark::Place => Label::Geo,
                Mark::Employer => Label::Employer,
            };
            (piece.start..piece.end, label)
        })
        .collect()
}

/// Two lists in turn, so that the frequent names of both stand in front.
fn interleaved(one: &[&'static str], other: &[&'static str]) -> Vec<&'static str> {
    let longest = one.len().max(other.len());
    let turn = (0..longest).flat_map(|place| [one.get(place), other.get(place)]);
    turn.flatten().copied().collect()
}

/// Words of four letters and more.
fn plain(words: &'static str) -> Vec<&'static str> {
    let words = words.lines();
    words
        .filter(|word| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect()
}

fn fnv(word: &str) -> u64 {
    word.bytes().fold(0xCBF2_9CE4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    }) >> 7
}

/// Every so many passages one is a text written by hand and one of the examination.
const EVERY: u32 = 4;

/// How often a long note written by hand is read for one reading of the other texts.
const NOTES: usize = 4;

/// How many texts of the examination's development half are read.
const EXAMINED: [(Theme, usize); 5] = [
    (Theme::Query, 6_000),
    (Theme::CleanQuery, 4_000),
    (Theme::LongNote, 2_000),
    (Theme::Sentence, 5_000),
    (Theme::Adversarial, 2_000),
];

/// Another seed than the one that recall is measured with.
const EXAMINED_SEED: u64 = 77;

/// Whether a text is kept out because of `LEAVE_OUT`, which holds letters of writers: to measure on a
/// writer who was not learned from.
fn left_out(id: &str) -> bool {
    let writers = std::env::var("LEAVE_OUT").unwrap_or_default();
    id.chars()
        .next()
        .is_some_and(|writer| writers.contains(writer))
}

/// How often a piece is unknown to the dictionary while training.
const FORGET: f64 = 0.35;

/// How often a text is retyped in small letters.
const SMALL: f64 = 0.16;

/// How often one is retyped in capitals.
const LARGE: f64 = 0.06;

/// How often any other word is.
const FORGET_WORD: f64 = 0.02;

/// The genres in the order of training; what is rich or rare comes more than once.
const TURN: [Genre; 24] = [
    Genre::Admission,
    Genre::Clean,
    Genre::Message,
    Genre::General,
    Genre::Shift,
    Genre::Clean,
    Genre::Letter,
    Genre::General,
    Genre::Discharge,
    Genre::Query,
    Genre::Operation,
    Genre::Clean,
    Genre::Social,
    Genre::General,
    Genre::Query,
    Genre::Clean,
    Genre::Chat,
    Genre::Account,
    Genre::News,
    Genre::Chat,
    Genre::Account,
    Genre::News,
    Genre::Chat,
    Genre::Account,
];

const GIVEN: &str = include_str!("../../data/given-names.txt");
const GIVEN_WORLD: &str = include_str!("../../data/given-names-world.txt");
const SURNAMES: &str = include_str!("../../data/surnames.txt");
const SURNAMES_WORLD: &str = include_str!("../../data/surnames-world.txt");
const TOWNS: &str = include_str!("../../data/cities-us.txt");
const TOWNS_WORLD: &str = include_str!("../../data/cities-world.txt");
const WORDS: &str = include_str!("../../data/words-common.txt");
const MEDICAL: &str = include_str!("../../data/medical.txt");
const EPONYMS: &str = include_str!("../../data/eponyms.txt");
