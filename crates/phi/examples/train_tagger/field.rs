use cloister_phi::tagger::{FEATURES, Lesson, TAGS, Tag, Weights, exp};

use crate::dice::Dice;

type Row = [f32; TAGS];

/// A conditional random field while it learns: the gradient of the log-likelihood by
/// forward-backward (Sutton and McCallum 2012, 4.3), steps by AdaGrad (Duchi et al. 2011).
#[derive(Debug)]
pub(crate) struct Field {
    rows: Vec<Row>,
    squares: Vec<Row>,
    ways: [Row; TAGS + 1],
    way_squares: [Row; TAGS + 1],
    dice: Dice,
    loss: f64,
    tokens: f64,
}

impl Field {
    pub(crate) fn new() -> Self {
        Self {
            rows: vec![[0.0; TAGS]; FEATURES],
            squares: vec![[EASE; TAGS]; FEATURES],
            ways: [[0.0; TAGS]; TAGS + 1],
            way_squares: [[EASE; TAGS]; TAGS + 1],
            dice: Dice::new(11),
            loss: 0.0,
            tokens: 0.0,
        }
    }

    /// The quantised result.
    pub(crate) fn weights(&self) -> Weights {
        Weights::quantised(&self.rows, &self.ways)
    }

    /// The mean loss per token since the last call: one minus the probability of the true tag.
    pub(crate) fn loss(&mut self) -> f64 {
        let loss = self.loss / self.tokens.max(1.0);
        (self.loss, self.tokens) = (0.0, 0.0);
        loss
    }

    /// One step on one sentence, with some features left out.
    #[expect(
        clippy::indexing_slicing,
        reason = "tags and places are within their tables"
    )]
    pub(crate) fn learn(&mut self, lesson: &Lesson, rate: f32) {
        let features: Vec<Vec<u32>> = lesson
            .features
            .iter()
            .map(|row| {
                let kept = row.iter().copied().filter(|_| !self.dice.chance(DROP));
                kept.collect()
            })
            .collect();
        let count = features.len();
        let own: Vec<Row> = features.iter().map(|row| self.powers(row)).collect();
        let ways = self.way_powers();

        let mut forward: Vec<Row> = Vec::with_capacity(count);
        for (place, own) in own.iter().enumerate() {
            let mut now = *own;
            for (to, slot) in now.iter_mut().enumerate() {
                *slot *= match place {
                    0 => ways[TAGS][to],
                    _ => (0..TAGS)
                        .map(|from| forward[place - 1][from] * ways[from][to])
                        .sum(),
                };
            }
            forward.push(normal(now));
        }
        let mut backward = [1.0; TAGS];
        let mut way_gradient = [[0.0; TAGS]; TAGS + 1];
        for place in (0..count).rev() {
            let mut share = forward[place];
            share
                .iter_mut()
                .zip(&backward)
                .for_each(|(share, back)| *share *= back);
            let share = normal(share);
            let gold = lesson.tags[place] as usize;
            self.loss += f64::from(1.0 - share[gold]);
            self.tokens += 1.0;
            let mut gradient = share;
            gradient[gold] -= 1.0;
            for row in &features[place] {
                step(
                    &mut self.rows[*row as usize],
                    &mut self.squares[*row as usize],
                    &gradient,
                    rate,
                );
            }
            if place == 0 {
                way_gradient[TAGS]
                    .iter_mut()
                    .zip(&gradient)
                    .for_each(|(slot, g)| *slot += g);
                break;
            }
            pairs(
                &forward[place - 1],
                &ways,
                &own[place],
                &backward,
                &mut way_gradient,
            );
            way_gradient[lesson.tags[place - 1] as usize][gold] -= 1.0;
            let mut before = [0.0; TAGS];
            for (from, slot) in before.iter_mut().enumerate() {
                *slot = (0..TAGS)
                    .map(|to| ways[from][to] * own[place][to] * backward[to])
                    .sum();
            }
            backward = normal(before);
        }
        for (from, gradient) in way_gradient.iter().enumerate() {
            step(
                &mut self.ways[from],
                &mut self.way_squares[from],
                gradient,
                rate,
            );
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "features are hashed to the table's rows"
    )]
    fn powers(&self, features: &[u32]) -> Row {
        let mut scores = [0.0; TAGS];
        for row in features {
            let row = &self.rows[*row as usize];
            scores
                .iter_mut()
                .zip(row)
                .for_each(|(score, weight)| *score += weight);
        }
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        scores.map(|score| exp(score - top))
    }

    /// The powers of the ways between tags; 0 for those that tags forbid.
    fn way_powers(&self) -> [Row; TAGS + 1] {
        let mut powers = [[0.0; TAGS]; TAGS + 1];
        for (from, (row, ways)) in powers.iter_mut().zip(&self.ways).enumerate() {
            for ((slot, way), tag) in row.iter_mut().zip(ways).zip(Tag::ALL) {
                if tag.follows(Tag::ALL.get(from).copied()) {
                    *slot = exp(*way);
                }
            }
        }
        powers
    }
}

/// Adds the probability of each pair of neighbouring tags.
#[expect(clippy::indexing_slicing, reason = "tags are within their tables")]
fn pairs(before: &Row, ways: &[Row; TAGS + 1], own: &Row, after: &Row, sum: &mut [Row; TAGS + 1]) {
    let mut joint = [[0.0; TAGS]; TAGS];
    let mut total = 0.0;
    for from in 0..TAGS {
        for to in 0..TAGS {
            joint[from][to] = before[from] * ways[from][to] * own[to] * after[to];
            total += joint[from][to];
        }
    }
    for from in 0..TAGS {
        for to in 0..TAGS {
            sum[from][to] += joint[from][to] / total.max(f32::MIN_POSITIVE);
        }
    }
}

fn step(row: &mut Row, squares: &mut Row, gradient: &Row, rate: f32) {
    for ((weight, square), gradient) in row.iter_mut().zip(squares).zip(gradient) {
        *square += gradient * gradient;
        *weight -= rate * gradient / square.sqrt();
    }
}

fn normal(values: Row) -> Row {
    let total: f32 = values.iter().sum();
    values.map(|value| value / total.max(f32::MIN_POSITIVE))
}

/// The share of features left out of a token at each visit.
const DROP: f64 = 0.15;

/// Softens the first steps.
const EASE: f32 = 1.0;
