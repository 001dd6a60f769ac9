use std::ops::Range;

use super::{tag::Tag, weights::TAGS};

/// What it costs to go from one tag to another, in steps of the weights; the last row is the
/// start of a sentence. Forbidden ways cost [`Chain::NEVER`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain(pub(super) [[i32; TAGS]; TAGS + 1]);

impl Chain {
    /// The score of a way that does not exist.
    pub const NEVER: i32 = -1_000_000;

    /// The score of `tag` behind `previous`, or at the start of a sentence.
    pub fn way(&self, previous: Option<Tag>, tag: Tag) -> i32 {
        self.row(previous.map_or(TAGS, |tag| tag as usize), tag as usize)
    }

    fn row(&self, from: usize, to: usize) -> i32 {
        let row = self.0.get(from);
        row.and_then(|row| row.get(to))
            .copied()
            .unwrap_or(Self::NEVER)
    }
}

/// The chain as probabilities that need not add up to 1: `e` to each way.
#[derive(Clone, Debug)]
pub(super) struct Powers([[f32; TAGS]; TAGS + 1]);

impl Powers {
    /// Of a chain whose steps are so many nats.
    pub(super) fn of(chain: &Chain, step: f32) -> Self {
        Self(chain.0.map(|row| row.map(|way| power(way, step))))
    }

    /// From one tag to another; [`TAGS`] is the start of a sentence.
    fn way(&self, from: usize, to: usize) -> f32 {
        let row = self.0.get(from);
        row.and_then(|row| row.get(to)).copied().unwrap_or(0.0)
    }
}

/// The scores of a sentence, token by token, and what was computed from them.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    scores: Vec<[i32; TAGS]>,
    back: Vec<[u8; TAGS]>,
    forward: Vec<[f32; TAGS]>,
    outside: Vec<f32>,
}

impl Lattice {
    pub(super) fn clear(&mut self) {
        self.scores.clear();
    }

    pub(super) fn push(&mut self, scores: [i32; TAGS]) {
        self.scores.push(scores);
    }

    /// The best sequence of tags, when everything but outside is worth `lean` more (Viterbi 1967).
    /// At equal scores the earlier tag wins.
    pub(super) fn best(&mut self, chain: &Chain, lean: i32, tags: &mut Vec<Tag>) {
        let mut score = [Chain::NEVER; TAGS];
        self.back.clear();
        for (place, own) in self.scores.iter().enumerate() {
            let mut next = [Chain::NEVER; TAGS];
            let mut back = [0; TAGS];
            for (to, slot) in next.iter_mut().enumerate() {
                let (from, way) = if place == 0 {
                    (0, chain.row(TAGS, to))
                } else {
                    best_way(&score, chain, to)
                };
                let bonus = if to == 0 { 0 } else { lean };
                *slot = (way + own.get(to).copied().unwrap_or(0) + bonus).max(FLOOR);
                if let Some(back) = back.get_mut(to) {
                    *back = from;
                }
            }
            self.back.push(back);
            score = next;
        }
        let last = (0..TAGS).rev().max_by_key(|&tag| score.get(tag).copied());
        self.trace(last.unwrap_or(0), tags);
    }

    fn trace(&self, last: usize, tags: &mut Vec<Tag>) {
        tags.clear();
        let mut at = last;
        for back in self.back.iter().rev() {
            tags.push(Tag::ALL.get(at).copied().unwrap_or(Tag::Outside));
            at = back.get(at).copied().map_or(0, usize::from);
        }
        tags.reverse();
    }

    /// The probability of each token to be outside, by the forward-backward recursions.
    pub(super) fn posterior(&mut self, powers: &Powers, step: f32) {
        self.forward(powers, step);
        self.outside.clear();
        self.outside.resize(self.scores.len(), 0.0);
        let mut backward = [1.0_f32; TAGS];
        for place in (0..self.scores.len()).rev() {
            let forward = self.forward.get(place).copied().unwrap_or([0.0; TAGS]);
            let pairs = forward.iter().zip(&backward);
            let total: f32 = pairs.map(|(forward, backward)| forward * backward).sum();
            if let Some(slot) = self.outside.get_mut(place) {
                *slot = forward[0] * backward[0] / total.max(f32::MIN_POSITIVE);
            }
            let own = self.powers(place, step);
            let mut before = [0.0; TAGS];
            for (from, slot) in before.iter_mut().enumerate() {
                for (to, (own, backward)) in own.iter().zip(&backward).enumerate() {
                    *slot += powers.way(from, to) * own * backward;
                }
            }
            backward = normal(before);
        }
    }

    fn forward(&mut self, powers: &Powers, step: f32) {
        self.forward.clear();
        for place in 0..self.scores.len() {
            let before = self.forward.last().copied();
            let mut now = self.powers(place, step);
            for (to, slot) in now.iter_mut().enumerate() {
                *slot *= match before {
                    None => powers.way(TAGS, to),
                    Some(before) => {
                        let ways = before.iter().enumerate();
                        ways.map(|(from, weight)| weight * powers.way(from, to))
                            .sum()
                    }
                };
            }
            self.forward.push(normal(now));
        }
    }

    /// The powers of a token's scores, the highest made one.
    fn powers(&self, place: usize, step: f32) -> [f32; TAGS] {
        let own = self.scores.get(place).copied().unwrap_or_default();
        let top = own.iter().copied().max().unwrap_or(0);
        own.map(|score| power(score - top, step))
    }

    /// The lowest probability of being outside among some tokens.
    pub(super) fn outside(&self, places: Range<usize>) -> f32 {
        let inside = self.outside.get(places).unwrap_or_default();
        inside.iter().copied().fold(1.0, f32::min)
    }
}

/// The best way to a tag and its score, the earlier tag at equal scores.
fn best_way(score: &[i32; TAGS], chain: &Chain, to: usize) -> (u8, i32) {
    let mut best = (0, i32::MIN);
    for (from, score) in (0_u8..).zip(score) {
        let way = score.saturating_add(chain.row(usize::from(from), to));
        if way > best.1 {
            best = (from, way);
        }
    }
    best
}

fn power(score: i32, step: f32) -> f32 {
    if score <= Chain::NEVER / 2 {
        return 0.0;
    }
    exp(score as f32 * step)
}

fn normal(values: [f32; TAGS]) -> [f32; TAGS] {
    let total: f32 = values.iter().sum();
    values.map(|value| value / total.max(f32::MIN_POSITIVE))
}

/// e to the x from additions and multiplications only, so that it is the same on every machine:
/// halved ten times, a short series, squared ten times. Below -30 it is 0.
pub fn exp(x: f32) -> f32 {
    if x < -30.0 {
        return 0.0;
    }
    let small = x.min(30.0) / 1024.0;
    let series = 1.0 + small * (1.0 + small / 2.0 * (1.0 + small / 3.0));
    (0..10).fold(series, |power, _| power * power)
}

/// Scores of impossible ways do not sink further than this.
const FLOOR: i32 = Chain::NEVER * 100;
