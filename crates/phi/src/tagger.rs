//! A small sequence tagger for the names, places, employers, dates and numbers that no rule decided.
//!
//! A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over hashed
//! features of a word and its neighbours. It reads only sentences with a candidate: a word that
//! looks like a name and that the rules left alone. A word is known to it by its spelling, its
//! company and its dictionary classes, never by itself if it may be a name, so that it judges
//! names it has not seen. Training lives in `examples/train_tagger`; what the weights were made
//! from stands in `data/tagger-card.md`.

mod decode;
mod features;
mod gate;
mod lesson;
pub(crate) mod sentence;
mod tag;
mod weights;

pub use decode::{Chain, exp};
pub use lesson::Lesson;
pub use tag::Tag;
pub use weights::{FEATURES, TAGS, Weights, WeightsError};

pub(crate) use lesson::lessons;

use std::ops::Range;

use crate::{
    finding::Finding,
    label::Label,
    text::{
        Page,
        token::{Gap, Kind},
    },
};

use decode::{Lattice, Powers};
use features::Sights;

/// Tags the sentences of a page with its weights.
#[derive(Debug)]
pub struct Tagger {
    weights: Weights,
    powers: Powers,
    lean: i32,
}

/// Buffers kept between pages.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    cover: Vec<Cover>,
    sights: Sights,
    features: Vec<u32>,
    lattice: Lattice,
    tags: Vec<Tag>,
}

/// What the rules say of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cover {
    #[default]
    Open,
    Name,
    Place,
    Employer,
    Other,
    Tag,
}

impl Cover {
    /// What a finding with this label says.
    pub(crate) const fn of(label: Label) -> Self {
        match label {
            Label::Name => Self::Name,
            Label::Geo => Self::Place,
            Label::Employer => Self::Employer,
            _ => Self::Other,
        }
    }
}

impl Tagger {
    /// The weights that come with the program.
    pub fn built_in() -> Option<Self> {
        Weights::read(include_bytes!("../data/tagger.bin"))
            .ok()
            .map(Self::new)
    }

    /// A tagger with these weights.
    pub fn new(weights: Weights) -> Self {
        Self::leaning(weights, LEAN)
    }

    /// A tagger that prefers an identifier to none by so many nats more than it was taught: the
    /// operating point, for measuring.
    pub fn leaning(weights: Weights, nats: f32) -> Self {
        Self {
            lean: weights.steps(nats),
            powers: Powers::of(weights.chain(), weights.step()),
            weights,
        }
    }

    /// Adds what the rules left open to `found`, which holds what they found.
    pub(crate) fn apply(&self, page: &Page<'_>, scratch: &mut Scratch, found: &mut Vec<Finding>) {
        if !sentence::has_candidate(page) {
            return;
        }
        cover(page, found, &mut scratch.cover);
        let mut place = 0;
        while place < page.tokens.len() {
            let end = sentence::end(page, place);
            if sentence::is_undecided(page, place..end, &scratch.cover) {
                self.sentence(page, place..end, scratch, found);
            }
            place = end;
        }
    }

    fn sentence(
        &self,
        page: &Page<'_>,
        places: Range<usize>,
        scratch: &mut Scratch,
        found: &mut Vec<Finding>,
    ) {
        let Scratch {
            cover,
            sights,
            features,
            lattice,
            tags,
        } = scratch;
        sights.look(page, &places, cover);
        lattice.clear();
        for place in places.clone() {
            features::of(page, sights, place, features);
            let mut scores = self.weights.score(features);
            if cover.get(place) == Some(&Cover::Tag) {
                scores[0] = -Chain::NEVER / 10;
            }
            lattice.push(scores);
        }
        lattice.best(self.weights.chain(), self.lean, tags);
        if tags.iter().all(|tag| *tag == Tag::Outside) {
            return;
        }
        lattice.posterior(&self.powers, self.weights.step());
        for (span, label) in tag::spans(tags) {
            let whole = places.start + span.start..places.start + span.end;
            let Some(last) = whole.end.checked_sub(1) else {
                continue;
            };
            if sentence::is_term(page, whole.clone(), label) {
                continue;
            }
            if !sentence::holds_candidate(page, whole.clone(), cover) {
                // `Lake Street bridge`, of which the rules found the street.
                let every = 1.0 - lattice.outside_at_most(span);
                if every >= WIDER && sentence::widens(page, whole.clone(), cover, label) {
                    let score = every * SURE;
                    found.push(page.finding(whole.start, last, label, score, "tagger"));
                }
                continue;
            }
            let sure = (1.0 - lattice.outside(span)).clamp(0.01, 1.0);
            if gate::permits(page, whole.clone(), label, sure) {
                found.push(page.finding(whole.start, last, label, sure * SURE, "tagger"));
            }
        }
    }
}

/// Marks the tags of an earlier run, `[NAME-XEXD367V]`, so that a second run changes nothing.
fn settle(page: &Page<'_>, cover: &mut [Cover]) {
    let mut place = 0;
    while place < page.tokens.len() {
        let end = tag_end(page, place);
        let tokens = cover.iter_mut().skip(place).take(end - place);
        tokens.for_each(|slot| *slot = Cover::Tag);
        place = end.max(place + 1);
    }
}

/// One past the bracket that closes the tag at `place`; `place` itself if none opens there.
fn tag_end(page: &Page<'_>, place: usize) -> usize {
    if !page.at(place).is_sign(b'[') {
        return place;
    }
    let mut at = place + 1;
    while at < place + 6 && page.at(at).gap == Gap::None {
        match page.at(at).kind {
            Kind::Sign(b']') if at > place + 1 => return at + 1,
            Kind::Upper | Kind::Code | Kind::Number | Kind::Sign(b'-' | b'_') => at += 1,
            _ => break,
        }
    }
    place
}

/// What the findings say of each token.
pub(crate) fn cover(page: &Page<'_>, found: &[Finding], cover: &mut Vec<Cover>) {
    cover.clear();
    cover.resize(page.tokens.len(), Cover::Open);
    for finding in found {
        let kind = Cover::of(finding.label);
        let first = page
            .tokens
            .partition_point(|token| (token.end as usize) <= finding.start);
        let inside = page.tokens.iter().skip(first);
        let count = inside
            .take_while(|token| (token.start as usize) < finding.end)
            .count();
        let slots = cover.iter_mut().skip(first).take(count);
        slots.for_each(|slot| *slot = kind);
    }
    settle(page, cover);
}

/// How far the tagger leans to finding, in nats; chosen on the development corpora.
const LEAN: f32 = 0.0;

/// How sure the tagger must be of every token of a span that only widens what a rule found.
const WIDER: f32 = 0.7;

/// The score of a span the tagger is certain of: below what most rules give, so that where both
/// found something the rule names it.
const SURE: f32 = 0.5;

#[cfg(test)]
mod tests;
