//! Prose in many registers with its names, places and employers marked: what a tagger is taught
//! with, and measured on.
//!
//! A [`Genre`] is a grammar written independently of the others and of the hospital's own notes;
//! a [`Lexicon`] lends it names and places, some of them invented letter by letter. Nobody in it is
//! real.

mod grammar;
mod invention;
mod lexicon;
mod passage;

pub use lexicon::{Lexicon, Lists};
pub use passage::{Mark, Passage, Piece};

use grammar::Grammar;

use crate::draw::Draw;

/// A family of texts: its own layout, register and phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Genre {
    /// Admission notes under headings.
    Admission,
    /// Telephone messages and portal messages.
    Message,
    /// Notes of a nursing shift, terse.
    Shift,
    /// Dictated letters between clinicians, with letterhead and copies.
    Letter,
    /// Discharge summaries.
    Discharge,
    /// Operative notes with staff lists.
    Operation,
    /// Short questions to a search box or a language model.
    Query,
    /// Notes of social workers and therapists: family, home, work.
    Social,
    /// General sentences about people, places and firms of many cultures; addresses.
    General,
    /// Nothing that identifies: eponyms, drugs, devices, tests, headings, scores.
    Clean,
    /// Short lines typed to an assistant or a colleague, mostly in small letters.
    Chat,
    /// Accounts of patients as clinicians dictate them, with family, home, work and staff.
    Account,
    /// Short general sentences: news, sport, travel, letters.
    News,
    /// Accounts of a case conference and of a home visit: held out, never trained on.
    Conference,
}

impl Genre {
    /// Every genre.
    pub const ALL: [Self; 14] = [
        Self::Admission,
        Self::Message,
        Self::Shift,
        Self::Letter,
        Self::Discharge,
        Self::Operation,
        Self::Query,
        Self::Social,
        Self::General,
        Self::Clean,
        Self::Chat,
        Self::Account,
        Self::News,
        Self::Conference,
    ];

    /// Whether it is kept out of training, so that recall on unseen writing can be measured.
    pub const fn held_out(self) -> bool {
        matches!(self, Self::Conference)
    }

    /// A word for tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Message => "message",
            Self::Shift => "shift",
            Self::Letter => "letter",
            Self::Discharge => "discharge",
            Self::Operation => "operation",
            Self::Query => "query",
            Self::Social => "social",
            Self::General => "general",
            Self::Clean => "clean",
            Self::Chat => "chat",
            Self::Account => "account",
            Self::News => "news",
            Self::Conference => "conference",
        }
    }

    /// How many texts in a hundred are retyped in small letters, and how many in capitals.
    const fn retyped(self) -> (u32, u32) {
        match self {
            Self::Chat => (55, 7),
            Self::News => (12, 4),
            _ => (7, 5),
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Admission => include_str!("../data/prose/admission.txt"),
            Self::Message => include_str!("../data/prose/message.txt"),
            Self::Shift => include_str!("../data/prose/shift.txt"),
            Self::Letter => include_str!("../data/prose/letter.txt"),
            Self::Discharge => include_str!("../data/prose/discharge.txt"),
            Self::Operation => include_str!("../data/prose/operation.txt"),
            Self::Query => include_str!("../data/prose/query.txt"),
            Self::Social => include_str!("../data/prose/social.txt"),
            Self::General => include_str!("../data/prose/general.txt"),
            Self::Clean => include_str!("../data/prose/clean.txt"),
            Self::Chat => include_str!("../data/prose/chat.txt"),
            Self::Account => include_str!("../data/prose/account.txt"),
            Self::News => include_str!("../data/prose/news.txt"),
            Self::Conference => include_str!("../data/prose/conference.txt"),
        }
    }
}

/// The grammars of all genres, read once.
#[derive(Debug)]
pub struct Prose(Vec<(Genre, Grammar)>);

impl Prose {
    /// Reads the grammars.
    pub fn new() -> Self {
        Self(
            Genre::ALL
                .iter()
                .map(|genre| (*genre, Grammar::read(&[COMMON, genre.source()])))
                .collect(),
        )
    }

    /// One text of a genre: the same lexicon, genre and seed give the same bytes.
    pub fn write(&self, genre: Genre, lexicon: &Lexicon, seed: u64) -> Passage {
        let mut draw = Draw::new(seed, 0x7072_6F73 + genre as u64);
        let grammar = self.0.iter().find(|(own, _)| *own == genre);
        grammar.map_or_else(Passage::default, |(_, grammar)| {
            grammar.write(lexicon, genre.retyped(), &mut draw)
        })
    }
}

impl Default for Prose {
    fn default() -> Self {
        Self::new()
    }
}

/// Persons, places and things that every genre may speak of.
const COMMON: &str = include_str!("../data/prose/common.txt");

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::new(&Lists {
            given: &["anna", "wei", "oluwaseun", "björn"],
            surnames: &["kowalska", "tanaka", "okonkwo", "lindqvist"],
            towns: &["springfield", "kaduna", "san pedro"],
            words: &["table", "quiet", "walk"],
            drugs: &["metoprolol", "lisinopril"],
            eponyms: &["parkinson", "foley"],
        })
    }

    #[test]
    fn every_genre_writes_marked_text_on_boundaries() {
        let (prose, lexicon) = (Prose::new(), lexicon());
        for genre in Genre::ALL {
            let mut pieces = 0;
            for seed in 0..300 {
                let passage = prose.write(genre, &lexicon, seed);
                assert!(!passage.text.is_empty(), "{genre:?}");
                let mut end = 0;
                for piece in &passage.truth {
                    assert!(piece.start >= end && piece.start < piece.end);
                    assert!(passage.text.get(piece.start..piece.end).is_some());
                    end = piece.end;
                }
                pieces += passage.truth.len();
            }
            assert_eq!(pieces > 0, genre != Genre::Clean, "{genre:?}");
        }
    }

    #[test]
    fn the_same_seed_writes_the_same_text() {
        let (prose, lexicon) = (Prose::new(), lexicon());
        for seed in 0..50 {
            let write = || prose.write(Genre::General, &lexicon, seed);
            assert_eq!(write(), write());
        }
    }

    #[test]
    fn every_rule_that_is_asked_for_exists() {
        for (genre, grammar) in &Prose::new().0 {
            let missing = grammar.missing();
            assert!(missing.is_empty(), "{genre:?}: {missing:?}");
        }
    }
}
