//! What a composed distribution says: delta at an epsilon, epsilon at a delta, and the best attack.

use super::compose::Composed;

/// Which side of the truth a figure must lie on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Above,
    Below,
}

impl Composed {
    /// A bound on the smallest epsilon at or above zero that keeps `delta`.
    pub(super) fn epsilon(&self, delta: f64, side: Side) -> f64 {
        let mut descent = Descent::new(self, side);
        let target = libm::exp(libm::log(delta) - descent.log_scale);
        for index in (0..self.mass.len()).rev() {
            descent.reach(index);
            if let Some(epsilon) = descent.crossing(target) {
                return epsilon.max(0.0);
            }
            if descent.loss <= 0.0 {
                return 0.0;
            }
            descent.take(index);
        }
        // The window was left without an answer: its lower end is a bound from above.
        match side {
            Side::Above => descent.loss.max(0.0),
            Side::Below => 0.0,
        }
    }

    /// An upper bound on the true positive rate of any test with this false positive rate:
    /// the least of `e^epsilon rate + delta(epsilon)` (Kairouz, Oh, Viswanath 2015, Theorem 2.1).
    pub(super) fn true_positive_rate(&self, rate: f64) -> f64 {
        let mut descent = Descent::new(self, Side::Above);
        let scale = libm::exp(descent.log_scale);
        let mut best: f64 = 1.0;
        for index in (0..self.mass.len()).rev() {
            descent.reach(index);
            best = best.min(libm::exp(descent.loss) * rate + descent.delta_here() * scale);
            descent.take(index);
        }
        best
    }
}

/// Walks a composed distribution from the largest loss down, with the sums that give delta.
///
/// Everything is relative to the loss where the answer is expected, the anchor, so that nothing overflows:
/// delta is a scaled delta times `e^log_scale`.
struct Descent<'a> {
    composed: &'a Composed,
    side: Side,
    anchor: f64,
    log_scale: f64,
    /// Where the walk is.
    loss: f64,
    /// `e^(loss - anchor)` there.
    odds: f64,
    /// `e^(-tilt (loss - anchor))` there.
    untilt: f64,
    /// Sum of masses above.
    mass: f64,
    /// Sum of masses times `e^(anchor - loss)` above.
    below: f64,
    /// The largest value of `e^(-tilt l) (1 - e^-l)`.
    worst: f64,
    /// The mass of infinite loss, scaled.
    infinite: f64,
    factors: (f64, f64),
}

impl<'a> Descent<'a> {
    fn new(composed: &'a Composed, side: Side) -> Self {
        let anchor = composed.centre;
        let tilt = composed.tilt;
        let worst = if tilt > 0.0 {
            libm::exp(-tilt * libm::log1p(1.0 / tilt)) / (1.0 + tilt)
        } else {
            1.0
        };
        let log_scale = composed.log_moment - tilt * anchor;
        Self {
            composed,
            side,
            anchor,
            log_scale,
            loss: 0.0,
            odds: 0.0,
            untilt: 0.0,
            mass: 0.0,
            below: 0.0,
            worst,
            infinite: composed.infinite * libm::exp(-log_scale),
            factors: (
                libm::exp(-composed.step),
                libm::exp(composed.step * composed.tilt),
            ),
        }
    }

    /// Goes to a place: by one step down, or afresh now and then so that rounding does not pile up.
    fn reach(&mut self, index: usize) {
        #[expect(clippy::cast_possible_wrap, reason = "a window is small")]
        let place = self.composed.first + index as i64;
        self.loss = place as f64 * self.composed.step;
        if index.is_multiple_of(AFRESH) || self.untilt < UNDERFLOW {
            let away = self.loss - self.anchor;
            self.odds = libm::exp(away);
            self.untilt = libm::exp(-self.composed.tilt * away);
        } else {
            self.odds *= self.factors.0;
            self.untilt *= self.factors.1;
        }
    }

    /// Takes in the mass at the place reached.
    fn take(&mut self, index: usize) {
        let tilted = self.composed.mass.get(index).copied().unwrap_or(0.0);
        let mass = tilted * self.untilt;
        self.mass += mass;
        self.below += mass / self.odds;
    }

    /// Delta, scaled and on the side, at an epsilon between the place reached and the one above.
    fn delta(&self, epsilon: f64) -> f64 {
        let away = epsilon - self.anchor;
        self.delta_with(libm::exp(away), libm::exp(-self.composed.tilt * away))
    }

    /// Delta at the place reached.
    fn delta_here(&self) -> f64 {
        self.delta_with(self.odds, self.untilt)
    }

    fn delta_with(&self, odds: f64, untilt: f64) -> f64 {
        let plain = (self.mass - self.below * odds).max(0.0);
        let astray = self.composed.astray * self.worst * untilt;
        match self.side {
            Side::Above => plain * (1.0 + self.composed.relative) + astray + self.infinite,
            Side::Below => plain * (1.0 - self.composed.relative) - astray,
        }
    }

    /// Where delta meets the target between the place reached and the one above, if it does there.
    fn crossing(&self, target: f64) -> Option<f64> {
        let upper = self.loss + self.composed.step;
        match self.side {
            Side::Above => {
                // A figure that is no number keeps nothing.
                let keeps = self.delta_here() <= target;
                (!keeps).then(|| {
                    // Rounding may make the place above fail by a hair, but not by more.
                    let failing = self.delta(upper) > target * (1.0 + 1e-9);
                    if failing {
                        return f64::INFINITY;
                    }
                    let epsilon = bisect(upper, self.loss, |it| self.delta(it) <= target);
                    epsilon + rounding(epsilon)
                })
            }
            Side::Below => {
                let line = (self.mass - target) / self.below;
                if !(line > 0.0 && line >= self.odds) {
                    return None;
                }
                // What is astray may weigh more than the line shows: step back until it does not.
                let start = (self.anchor + libm::log(line)).min(upper);
                let mut back = rounding(start);
                while start - back >= self.loss {
                    if self.delta(start - back) >= target {
                        return Some(start - back);
                    }
                    back *= 2.0;
                }
                None
            }
        }
    }
}

/// The end of the interval for which a test holds that holds at `holding`, to rounding.
fn bisect(mut holding: f64, mut failing: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(holding, failing);
        if holds(middle) {
            holding = middle;
        } else {
            failing = middle;
        }
    }
    holding
}

/// Losses are multiples of the step up to rounding.
fn rounding(epsilon: f64) -> f64 {
    1e-12 * (1.0 + epsilon.abs())
}

const BISECTIONS: u32 = 44;
const AFRESH: usize = 64;
/// A number this small has lost digits and is computed afresh.
const UNDERFLOW: f64 = 1e-290;
