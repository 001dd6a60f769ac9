//! How fine a lattice must be, and one direction of a plan composed on it.

use super::{
    Direction,
    bracket::Side,
    cells::Cells,
    compose::{Composed, ROUNDING, Transform},
    pair::Pair,
    saddle::{Part, Saddle, Sketch, Window},
    spans::Spans,
};

/// What is asked of a composition, which decides where its lattice must be good.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    /// Epsilon at a delta.
    Delta(f64),
    /// The best attack at a false positive rate.
    FalsePositives(f64),
}

/// One direction of a plan, ready to be composed.
pub(super) struct Lattice<'a> {
    parts: &'a [(Pair, u64)],
    window: Window,
    step: f64,
    cells: Vec<Cells>,
    transform: Transform,
}

impl<'a> Lattice<'a> {
    /// A lattice on which the answer is uncertain by about `width`; `None` where the losses are too
    /// large for one.
    ///
    /// With an `answer` from a first attempt the window is made around it and nearly without tilt:
    /// where single large losses decide, the saddle point does not show where the answer lies.
    pub(super) fn new(
        parts: &'a [(Pair, u64)],
        direction: Direction,
        question: Question,
        width: Option<f64>,
        answer: Option<f64>,
    ) -> Option<Self> {
        let times: f64 = parts.iter().map(|(_, times)| *times as f64).sum();
        let (wanted, tail) = match question {
            Question::Delta(delta) => (delta, delta * TAIL / times),
            Question::FalsePositives(rate) => (rate, rate * 1e-4 * TAIL / times),
        };
        let tail = tail.max(1e-280);
        let losses = parts.iter().map(|(pair, _)| pair.largest_loss(tail));
        let largest = losses.fold(0.0, f64::max);
        if !(largest > 0.0 && largest < LARGEST_LOSS) {
            return None;
        }
        let sketched = parts.iter().map(|(pair, times)| Part {
            points: pair.sketch(direction, tail),
            times: *times as f64,
        });
        let sketch = Sketch(sketched.collect());
        let saddle = match question {
            Question::Delta(_) => sketch.for_delta(libm::log(wanted)),
            Question::FalsePositives(_) => sketch.for_false_positives(libm::log(wanted)),
        };
        let floor = libm::log(0.3 * ROUNDING * (times + 64.0));
        let (saddle, window) = match answer {
            None => (saddle, sketch.window(saddle, libm::log(wanted), floor)),
            Some(answer) => {
                let saddle = Saddle {
                    mean: answer,
                    ..saddle
                };
                (saddle, sketch.untilted(saddle, libm::log(wanted), floor))
            }
        };
        let width = width.unwrap_or_else(|| fair_width(saddle.mean));
        // The second attempt is as fine as it may be: what is rounded down costs a whole step.
        let width = answer.map_or(width, |_| width * SECOND);
        let (step, length) = resolution(parts, saddle, window, width, largest)?;
        let cells = parts.iter().zip(&sketch.0).map(|((pair, _), part)| {
            let spans = Spans::new(step, part, saddle.tilt);
            pair.cells(direction, &spans, tail)
        });
        Some(Self {
            parts,
            window,
            step,
            cells: cells.collect(),
            transform: Transform::new(length),
        })
    }

    /// The composed distribution, from above or from below.
    pub(super) fn compose(&self, side: Side) -> Option<Composed> {
        let masses: Vec<_> = self
            .parts
            .iter()
            .zip(&self.cells)
            .map(|((_, times), cells)| {
                let masses = match side {
                    Side::Above => cells.bounded_above(),
                    Side::Below => cells.bounded_below(),
                };
                (masses, *times)
            })
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
        let first = libm::floor(self.window.low / self.step) as i64 - 2;
        self.transform.compose(&masses, &self.window, first)
    }
}

/// Step and number of places: the step from the wanted width, a power of two of places for the
/// window, within bounds of time and memory.
fn resolution(
    parts: &[(Pair, u64)],
    saddle: Saddle,
    window: Window,
    width: f64,
    largest: f64,
) -> Option<(f64, usize)> {
    let rounded = parts.iter().filter(|(pair, _)| !pair.is_exact_on_unit());
    let rounded: f64 = rounded.map(|(_, times)| *times as f64).sum();
    let curvature = rounded * (saddle.tilt + 1.0) / 4.0;
    let wanted = libm::sqrt(width / curvature.max(f64::MIN_POSITIVE));
    let span = window.high - window.low;
    if !(span > 0.0 && span < WIDEST_WINDOW) {
        return None;
    }
    let wanted = wanted.max(2.0 * largest / MOST_CELLS);
    let places = libm::exp2(libm::round(libm::log2(span / wanted))).clamp(FEWEST, MOST);
    let plain = span / (places - 8.0);
    let unit = parts.iter().find_map(|(pair, _)| pair.unit());
    if let Some(unit) = unit {
        // All atoms on the lattice: as fine as asked, or one place a unit where nothing else is there.
        let step = unit / libm::ceil(unit / if rounded > 0.0 { plain } else { unit });
        let places = power_of_two(span / step + 8.0).max(8.0);
        if places <= 2.0 * MOST {
            return Some((step, whole(places)));
        }
    }
    Some((plain, whole(places)))
}

fn power_of_two(least: f64) -> f64 {
    libm::exp2(libm::ceil(libm::log2(least)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a power of two between FEWEST and MOST"
)]
const fn whole(places: f64) -> usize {
    places as usize
}

/// The width that is aimed at: 8e-5, less for a small epsilon, in proportion for a large one.
fn fair_width(epsilon: f64) -> f64 {
    let epsilon = epsilon.abs();
    (4e-4 * epsilon).clamp(1e-9, 8e-5).max(8e-6 * epsilon)
}

/// The part of the wanted delta that all truncated tails together may have.
const TAIL: f64 = 1e-8;
/// Larger losses of a single step are not told apart; such a plan has no privacy to speak of.
const LARGEST_LOSS: f64 = 300.0;
/// A wider window would leave the range of the numbers.
const WIDEST_WINDOW: f64 = 600.0;
const MOST_CELLS: f64 = 4e6;
/// The part of the usual width that a second attempt aims at.
const SECOND: f64 = 1e-2;
const FEWEST: f64 = 512.0;
const MOST: f64 = 131_072.0;
