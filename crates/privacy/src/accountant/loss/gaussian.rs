//! The worst pair of the Poisson-subsampled Gaussian: `Q = N(0, sigma^2)` without the person,
//! `P = (1 - q) N(0, sigma^2) + q N(1, sigma^2)` with the person (Zhu, Dong, Wang 2022, section 4).
//!
//! The loss grows with the output, so a cell of losses is an interval of outputs; masses are sums of
//! positive terms (Gauss-Legendre), never differences of distribution functions.

use super::{
    Direction,
    cells::{Cell, Cells},
    spans::Spans,
};

/// The pair, by noise multiplier and sampling rate (above 0, at most 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Subsampled {
    pub(super) sigma: f64,
    pub(super) rate: f64,
}

impl Subsampled {
    /// The outputs outside of which either distribution has at most `tail` on either side.
    fn range(self, tail: f64) -> (f64, f64) {
        let z = libm::sqrt(-2.0 * libm::log(tail));
        (-self.sigma * z, 1.0 + self.sigma * z)
    }

    /// `ln(P/Q)` at an output.
    fn loss(self, output: f64) -> f64 {
        let exponent = (2.0 * output - 1.0) / (2.0 * self.sigma * self.sigma);
        if exponent > 600.0 {
            return exponent + libm::log(self.rate);
        }
        libm::log1p(self.rate * libm::expm1(exponent))
    }

    /// The largest loss, of either sign, that is told apart from an infinite one.
    pub(super) fn largest_loss(self, tail: f64) -> f64 {
        let (low, high) = self.range(tail);
        self.loss(high).max(-self.loss(low))
    }

    /// Points that stand for the distribution of the loss: trapezoid rule, for planning only.
    pub(super) fn sketch(self, direction: Direction, tail: f64) -> Vec<(f64, f64)> {
        let (low, high) = self.range(tail);
        let count = libm::ceil((high - low) / (SKETCH * self.sigma)).min(SKETCHED);
        let width = (high - low) / count;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the count lies between 1 and SKETCHED"
        )]
        let points = (0..=(count as u32)).map(|at| {
            let output = low + f64::from(at) * width;
            let loss = self.loss(output);
            let without = density(output / self.sigma) / self.sigma * width;
            match direction {
                Direction::Remove => (without * libm::exp(loss), loss),
                Direction::Add => (without, -loss),
            }
        });
        let mut points: Vec<(f64, f64)> = points.collect();
        if direction == Direction::Add {
            points.reverse();
        }
        points
    }

    /// One direction on a lattice; mass beyond the range is infinite loss.
    pub(super) fn cells(self, direction: Direction, spans: &Spans, tail: f64) -> Cells {
        let step = spans.step;
        let mut filling = Filling {
            pair: self,
            direction,
            ratio: 0.0,
            cell: Cell::new(0, 1),
        };
        let mut cells = Cells::new(step);
        let (low, high) = self.range(tail);
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
        let (first, end) = (
            libm::floor(self.loss(low) / step) as i64,
            libm::ceil(self.loss(high) / step) as i64,
        );
        let (mut place, mut left) = (first, low);
        while place < end.max(first + 1) {
            let span = spans.at(direction, place);
            let right = filling.fill(place, span, left, high, step);
            cells.list.push(filling.cell);
            place += span;
            left = right;
        }
        if direction == Direction::Add {
            cells.list.reverse();
        }
        cells.infinite = tail;
        cells
    }
}

/// One cell while it is filled.
struct Filling {
    pair: Subsampled,
    direction: Direction,
    /// `e^(span step) - 1`.
    ratio: f64,
    cell: Cell,
}

/// A cell of losses as an interval of outputs.
struct Interval {
    /// `e^loss` at the lower end of the cell.
    corner: f64,
    left: f64,
    right: f64,
    /// `e^loss` at `left` less `corner`.
    offset: f64,
    /// `q e^a` at `left`: what grows with the output.
    growth: f64,
}

impl Filling {
    /// Fills the cell at a place from the output `left` up; the output at its upper end.
    fn fill(&mut self, place: i64, span: i64, left: f64, high: f64, step: f64) -> f64 {
        let Subsampled { sigma, rate } = self.pair;
        let square = sigma * sigma;
        self.ratio = libm::expm1(span as f64 * step);
        self.cell = match self.direction {
            Direction::Remove => Cell::new(place, span),
            Direction::Add => Cell::new(-place - span, span),
        };
        let lower = libm::expm1(place as f64 * step);
        let upper = (lower + 1.0) * self.ratio + lower;
        let right = if upper + rate <= 0.0 {
            high
        } else {
            let output = square * libm::log((upper + rate) / rate) + 0.5;
            output.clamp(left, high)
        };
        let growth = rate * libm::exp((2.0 * left - 1.0) / (2.0 * square));
        self.integrate(&Interval {
            corner: 1.0 + lower,
            left,
            right,
            offset: growth - (lower + rate),
            growth,
        });
        right
    }

    /// Splits an interval until the rule is exact to rounding, and puts its points into the cell.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number of pieces is a small whole number"
    )]
    fn integrate(&mut self, whole: &Interval) {
        let sigma = self.pair.sigma;
        let width = whole.right - whole.left;
        if width <= 0.0 {
            return;
        }
        let far = whole.left.abs().max(whole.right.abs()).max(1.0) / sigma + 1.0;
        let roughness = width / sigma * far;
        let rule = rule(roughness);
        let pieces = libm::ceil(roughness / ROUGHEST).max(1.0);
        let half = width / pieces / 2.0;
        let start = density(whole.left / sigma) / sigma;
        let square = sigma * sigma;
        for piece in 0..(pieces as u32) {
            let middle = (2.0 * f64::from(piece) + 1.0) * half;
            for (place, weight) in rule {
                let moved = middle + half * place;
                let rise = exp_m1(moved / square);
                let fall = exp_m1(-moved * (2.0 * whole.left + moved) / (2.0 * square));
                let without = weight * half * start * (1.0 + fall);
                self.put(whole, rise, without);
            }
        }
    }

    #[inline]
    fn put(&mut self, whole: &Interval, rise: f64, without: f64) {
        let above = whole.offset + whole.growth * rise;
        let part = (above / (whole.corner * self.ratio)).clamp(0.0, 1.0);
        match self.direction {
            Direction::Remove => self.cell.put(part, without * whole.corner, self.ratio),
            Direction::Add => {
                // The mirrored cell runs from the reciprocal of the upper corner to that of the lower.
                let odds = whole.corner + above;
                let corner = whole.corner * (1.0 + self.ratio);
                let mirrored = (1.0 - part) / (1.0 + part * self.ratio);
                self.cell.put(mirrored, without * odds / corner, self.ratio);
            }
        }
    }
}

/// The cheapest Gauss-Legendre rule on `[-1, 1]` whose error is below rounding for a Gaussian this
/// rough in the interval.
const fn rule(roughness: f64) -> &'static [(f64, f64)] {
    if roughness < 2e-3 {
        &TWO
    } else if roughness < 0.06 {
        &THREE
    } else {
        &FIVE
    }
}

const TWO: [(f64, f64); 2] = [
    (-0.577_350_269_189_625_8, 1.0),
    (0.577_350_269_189_625_8, 1.0),
];
pub(super) const THREE: [(f64, f64); 3] = [
    (-0.774_596_669_241_483_4, 5.0 / 9.0),
    (0.0, 8.0 / 9.0),
    (0.774_596_669_241_483_4, 5.0 / 9.0),
];
const FIVE: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.906_179_845_938_664, 0.236_926_885_056_189_08),
];

/// Pieces of an interval are at most this rough: width in sigmas times distance in sigmas.
const ROUGHEST: f64 = 0.5;

/// The sketch has a point every so many sigmas, but no more than `SKETCHED` of them.
const SKETCH: f64 = 0.15;
const SKETCHED: f64 = 2000.0;

/// The standard normal density.
fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) * 0.398_942_280_401_432_7
}

/// `e^x - 1`, by its series where that is exact to rounding.
#[inline]
fn exp_m1(x: f64) -> f64 {
    if x.abs() < 0.01 {
        let tail = 1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0));
        x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * tail)))
    } else {
        libm::expm1(x)
    }
}
