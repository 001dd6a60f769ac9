//! How wide cells may be: fine where the loss has its weight, wide in the tails.

use super::{Direction, saddle::Part};

/// The step of a lattice, and from which places on cells are wider than a step.
///
/// A wide cell has ends on the lattice, so it is as valid as a narrow one; its error is that of its
/// square width times its weight.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    pub(super) step: f64,
    /// Below `low` and above `high`, cells span so many steps; wider ones later.
    levels: Vec<Level>,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    low: i64,
    high: i64,
    span: i64,
}

impl Spans {
    /// Levels that together add about an eighth to the error, by the tilted weight of the tails.
    pub(super) fn new(step: f64, part: &Part, tilt: f64) -> Self {
        // Both where the distribution has its weight and where the answer has it, cells are fine.
        let plain = weights(part, 0.0);
        let tilted = weights(part, tilt);
        let mut levels = Vec::new();
        let mut span = 2;
        while span <= WIDEST && span as f64 * step * (tilt + 1.0) < CURVED {
            let allowed = SHARE / (span * span) as f64;
            let low = edge(plain.iter(), allowed).min(edge(tilted.iter(), allowed));
            let high = edge(plain.iter().rev(), allowed).max(edge(tilted.iter().rev(), allowed));
            levels.push(Level {
                low: place(low, step),
                high: place(high, step) + 1,
                span,
            });
            span *= 2;
        }
        Self { step, levels }
    }

    /// The span of the cell that begins at a place (ends, for the mirrored direction).
    pub(super) fn at(&self, direction: Direction, place: i64) -> i64 {
        let mut span = 1;
        for level in &self.levels {
            let outside = match direction {
                Direction::Remove => place >= level.high || place + level.span <= level.low,
                Direction::Add => -place - level.span >= level.high || -place <= level.low,
            };
            if !outside {
                break;
            }
            span = level.span;
        }
        span
    }
}

/// The points with their tilted weights, which add up to 1.
fn weights(part: &Part, tilt: f64) -> Vec<(f64, f64)> {
    let top = part.points.iter().map(|(_, loss)| tilt * loss);
    let shift = top.fold(f64::NEG_INFINITY, f64::max);
    let weigh = |(mass, loss): &(f64, f64)| (mass * libm::exp(tilt * loss - shift), *loss);
    let weights: Vec<(f64, f64)> = part.points.iter().map(weigh).collect();
    let total: f64 = weights.iter().map(|(weight, _)| weight).sum();
    weights
        .into_iter()
        .map(|(weight, loss)| (weight / total, loss))
        .collect()
}

/// The loss up to which a walk has met no more than the allowed weight.
fn edge<'a>(walk: impl Iterator<Item = &'a (f64, f64)>, allowed: f64) -> f64 {
    let (mut met, mut last) = (0.0, None);
    for (weight, loss) in walk {
        met += weight;
        if met > allowed {
            return last.unwrap_or(*loss);
        }
        last = Some(*loss);
    }
    last.unwrap_or(0.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn place(loss: f64, step: f64) -> i64 {
    libm::floor(loss / step) as i64
}

/// The weight that may lie in the cells of one level, times the square of its span.
const SHARE: f64 = 0.02;
const WIDEST: i64 = 512;
/// The widest cell, times tilt plus one.
const CURVED: f64 = 0.3;
