//! Material for an examination: short queries, long notes, sentences of many cultures, and all of
//! them disturbed, with everything that identifies somebody marked.
//!
//! Written independently of the notes of the hospital and of every detector. Each family has a
//! development half, which may be read by those who write rules, and a held-out half with other
//! templates, other names, other places and other forms of dates. A third of all persons and places
//! carry words made of syllables, which no list can hold.

mod cast;
mod culture;
mod days;
mod piece;
mod places;
mod scene;
mod shelf;
mod slots;
mod twist;
mod values;

pub use piece::{IGNORE, KEEP, Mark, Piece, Span};

use self::{culture::Atlas, piece::Draft, scene::Scene, shelf::Shelf, twist::Twist};
use crate::draw::Draw;

/// What kind of text is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// What people type into a search box or ask a language model, with identifiers in it.
    Query,
    /// The same without any identifier, full of words that look like one.
    CleanQuery,
    /// Notes of 300 to 1,500 words in eleven layouts.
    LongNote,
    /// Sentences about people all over the world, outside of medicine.
    Sentence,
    /// Pieces of the other families, disturbed: see [`Piece::group`] for the disturbance.
    Adversarial,
}

/// Which half of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// May be read by those who write rules.
    Development,
    /// Must not be: it measures what they have not seen.
    HeldOut,
}

/// All templates and lists, read once.
#[derive(Debug)]
pub struct Examination {
    atlas: Atlas,
    shelves: Vec<(Theme, Half, Shelf)>,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Query,
        Self::CleanQuery,
        Self::LongNote,
        Self::Sentence,
        Self::Adversarial,
    ];

    /// A word for tables and file names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Query => "queries",
            Self::CleanQuery => "clean-queries",
            Self::LongNote => "long-notes",
            Self::Sentence => "sentences",
            Self::Adversarial => "adversarial",
        }
    }
}

impl Half {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Development, Self::HeldOut];

    /// A word for tables and file names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::HeldOut => "held-out",
        }
    }
}

impl Default for Examination {
    fn default() -> Self {
        Self::new()
    }
}

impl Examination {
    /// Reads the templates and lists.
    pub fn new() -> Self {
        let shelves = SOURCES
            .iter()
            .map(|(theme, half, source)| (*theme, *half, Shelf::read(source)))
            .collect();
        Self {
            atlas: Atlas::read(),
            shelves,
        }
    }

    /// `count` pieces; the same seed gives the same pieces.
    pub fn pieces(&self, seed: u64, theme: Theme, half: Half, count: usize) -> Vec<Piece> {
        (0..count)
            .map(|number| {
                let salt = salt(theme, half).wrapping_add(number as u64 * 16);
                let mut draw = Draw::new(seed, salt);
                let draft = self.draft(&mut draw, theme, half, number);
                let id = format!("{}-{}-{number:05}", theme.word(), half.word());
                Piece::of(id, theme, half, draft)
            })
            .collect()
    }

    fn draft(&self, draw: &mut Draw, theme: Theme, half: Half, number: usize) -> Draft {
        if theme == Theme::Adversarial {
            return self.disturbed(draw, half, number);
        }
        let shelf = self.shelf(theme, half);
        let (group, template) = shelf.template(draw, number);
        let mut scene = Scene::new(draw, &self.atlas, half, theme);
        scene.write(shelf, template);
        let (patient, segments) = scene.finish();
        Draft {
            group,
            patient,
            segments: Twist::register(draw, theme, segments),
        }
    }

    fn disturbed(&self, draw: &mut Draw, half: Half, number: usize) -> Draft {
        let of = draw.weighted(DISTURBED);
        let other = draw.below(10_000) as usize;
        let draft = self.draft(draw, of, half, other);
        let twist = Twist::all(number);
        Draft {
            group: twist.word(),
            segments: twist.apply(draw, draft.segments),
            ..draft
        }
    }

    fn shelf(&self, theme: Theme, half: Half) -> &Shelf {
        let found = self
            .shelves
            .iter()
            .find(|(of, which, _)| (*of, *which) == (theme, half));
        found.map_or(&shelf::EMPTY, |(_, _, shelf)| shelf)
    }
}

fn salt(theme: Theme, half: Half) -> u64 {
    let theme = 1 + theme as u64;
    let half = 1 + half as u64;
    (theme << 40) ^ (half << 48)
}

const DISTURBED: &[(u32, Theme)] = &[
    (5, Theme::Query),
    (3, Theme::Sentence),
    (1, Theme::LongNote),
];

macro_rules! source {
    ($name:literal) => {
        include_str!(concat!("../data/examination/", $name, ".txt"))
    };
}

const SOURCES: [(Theme, Half, &str); 8] = [
    (
        Theme::Query,
        Half::Development,
        source!("queries-development"),
    ),
    (Theme::Query, Half::HeldOut, source!("queries-held-out")),
    (
        Theme::CleanQuery,
        Half::Development,
        source!("clean-development"),
    ),
    (Theme::CleanQuery, Half::HeldOut, source!("clean-held-out")),
    (
        Theme::LongNote,
        Half::Development,
        source!("notes-development"),
    ),
    (Theme::LongNote, Half::HeldOut, source!("notes-held-out")),
    (
        Theme::Sentence,
        Half::Development,
        source!("sentences-development"),
    ),
    (
        Theme::Sentence,
        Half::HeldOut,
        source!("sentences-held-out"),
    ),
];

#[cfg(test)]
mod tests;
