use std::{array, ops::Range};

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
pub(super) struct Powers {
    /// From each tag, a row of all that may follow.
    from: [[f32; TAGS]; TAGS],
    /// To each tag, a row of all that may stand before.
    to: [[f32; TAGS]; TAGS],
    /// At the start of a sentence.
    start: [f32; TAGS],
}

impl Powers {
    /// Of a chain whose steps are so many nats.
    pub(super) fn of(chain: &Chain, step: f32) -> Self {
        let way = |from: usize, to: usize| power(chain.row(from, to), step);
        Self {
            from: array::from_fn(|from| array::from_fn(|to| way(from, to))),
            to: array::from_fn(|to| array::from_fn(|from| way(from, to))),
            start: array::from_fn(|to| way(TAGS, to)),
        }
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
            let (mut next, back) = if place == 0 {
                (chain.0.last().copied().unwrap_or_default(), [0; TAGS])
            } else {
                best_ways(&score, chain)
            };
            for (to, (slot, own)) in next.iter_mut().zip(own).enumerate() {
                let bonus = if to == 0 { 0 } else { lean };
                *slot = (*slot + own + bonus).max(FLOOR);
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
            let mut after = [0.0; TAGS];
            after
                .iter_mut()
                .zip(own.iter().zip(&backward))
                .for_each(|(slot, (own, back))| *slot = own * back);
            let mut before = [0.0; TAGS];
            for (ways, after) in powers.to.iter().zip(after) {
                add_times(&mut before, ways, after);
            }
            backward = normal(before);
        }
    }

    fn forward(&mut self, powers: &Powers, step: f32) {
        self.forward.clear();
        for place in 0..self.scores.len() {
            let mut arrived = [0.0; TAGS];
            match self.forward.last() {
                None => arrived = powers.start,
                Some(before) => {
                    for (ways, weight) in powers.from.iter().zip(before) {
                        add_times(&mut arrived, ways, *weight);
                    }
                }
            }
            let own = self.powers(place, step);
            arrived
                .iter_mut()
                .zip(own)
                .for_each(|(slot, own)| *slot *= own);
            self.forward.push(normal(arrived));
        }
    }

    /// The powers of a token's scores, the highest made one.
    fn powers(&self, place: usize, step: f32) -> [f32; TAGS] {
        let own = self.scores.get(place).copied().unwrap_or_default();
        let top = own.iter().copied().max().unwrap_or(0);
        own.map(|score| power(score - top, step))
    }

    /// The highest probability of being outside among some tokens.
    pub(super) fn outside_at_most(&self, places: Range<usize>) -> f32 {
        let inside = self.outside.get(places).unwrap_or_default();
        inside.iter().copied().fold(0.0, f32::max)
    }

    /// The lowest probability of being outside among some tokens.
    pub(super) fn outside(&self, places: Range<usize>) -> f32 {
        let inside = self.outside.get(places).unwrap_or_default();
        inside.iter().copied().fold(1.0, f32::min)
    }
}

/// Adds a row so many times.
#[inline]
fn add_times(sum: &mut [f32; TAGS], row: &[f32; TAGS], times: f32) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += value * times;
    }
}

/// The best score with which each tag can be reached and from which, the earlier tag at equal scores.
fn best_ways(score: &[i32; TAGS], chain: &Chain) -> ([i32; TAGS], [u8; TAGS]) {
    let (mut best, mut back) = ([i32::MIN; TAGS], [0; TAGS]);
    for (from, (score, ways)) in (0_u8..).zip(score.iter().zip(&chain.0)) {
        for ((best, back), way) in best.iter_mut().zip(&mut back).zip(ways) {
            let reached = score + way;
            *back = if reached > *best { from } else { *back };
            *best = reached.max(*best);
        }
    }
    (best, back)
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
