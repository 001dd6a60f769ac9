//! The worst pairs of output distributions that mechanisms have.

use super::{
    Direction,
    cells::{Cell, Cells},
    gaussian::Subsampled,
    spans::Spans,
};

/// A pair whose composition is its mechanism's worst case for every epsilon.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pair {
    /// The Poisson-subsampled Gaussian; at rate 1 the Gaussian.
    Subsampled(Subsampled),
    /// Laplace noise of scale `1 / epsilon` on a sensitivity of 1.
    Laplace(f64),
    /// Finitely many losses, from the lowest up, each with its mass; the same in both directions.
    Atoms {
        atoms: Vec<(f64, f64)>,
        /// All losses are multiples of it, where there is such a number.
        unit: Option<f64>,
    },
}

impl Pair {
    /// Randomised response over `categories` answers (Kairouz, Bonawitz, Ramage 2016).
    pub(super) fn response(categories: u32, epsilon: f64) -> Self {
        let others = f64::from(categories) - 1.0;
        let total = 1.0 + others * libm::exp(-epsilon);
        let lie = libm::exp(-epsilon) / total;
        let mut atoms = vec![(lie, -epsilon)];
        if categories > 2 {
            atoms.push(((others - 1.0) * lie, 0.0));
        }
        atoms.push((1.0 / total, epsilon));
        Self::Atoms {
            atoms,
            unit: Some(epsilon),
        }
    }

    /// Any `epsilon`-private mechanism is dominated by randomised response over two answers
    /// (Kairouz, Oh, Viswanath 2015, Theorem 3.1).
    pub(super) fn pure(epsilon: f64) -> Self {
        Self::response(2, epsilon)
    }

    /// The Gaussian on the integers, standard deviation parameter `sigma`, for a sum that one person
    /// moves by one step (Canonne, Kamath, Steinke 2020).
    pub(super) fn discrete_gaussian(sigma: f64, tail: f64) -> Self {
        let square = sigma * sigma;
        let reach = libm::ceil(sigma * libm::sqrt(-2.0 * libm::log(tail))) + 2.0;
        let mut outputs = Vec::new();
        let mut output = -reach;
        while output <= reach + 1.0 {
            let away = output - 1.0;
            outputs.push((
                libm::exp(-away * away / (2.0 * square)),
                (2.0 * output - 1.0) / (2.0 * square),
            ));
            output += 1.0;
        }
        let total: f64 = outputs.iter().map(|(weight, _)| weight).sum();
        Self::Atoms {
            atoms: outputs
                .into_iter()
                .map(|(weight, loss)| (weight / total, loss))
                .collect(),
            unit: Some(0.5 / square),
        }
    }

    /// Laplace noise on the integers, `P(x)` proportional to `e^(-|x| / scale)`, for a sum that one
    /// person moves by `sensitivity` steps.
    pub(super) fn discrete_laplace(scale: f64, sensitivity: u32) -> Self {
        let atoms = super::laplace_atoms(scale, sensitivity);
        Self::Atoms {
            atoms,
            unit: Some(1.0 / scale),
        }
    }

    /// Whether both directions are the same.
    pub(super) const fn is_symmetric(&self) -> bool {
        match self {
            Self::Subsampled(pair) => pair.rate >= 1.0,
            Self::Laplace(_) | Self::Atoms { .. } => true,
        }
    }

    /// A number of which the atoms' losses are multiples.
    pub(super) const fn unit(&self) -> Option<f64> {
        match self {
            Self::Subsampled(_) => None,
            Self::Laplace(epsilon) => Some(*epsilon),
            Self::Atoms { unit, .. } => *unit,
        }
    }

    /// Whether a lattice of multiples of the unit holds it without error.
    pub(super) const fn is_exact_on_unit(&self) -> bool {
        matches!(self, Self::Atoms { unit: Some(_), .. })
    }

    pub(super) fn largest_loss(&self, tail: f64) -> f64 {
        match self {
            Self::Subsampled(pair) => pair.largest_loss(tail),
            Self::Laplace(epsilon) => *epsilon,
            Self::Atoms { atoms, .. } => {
                atoms.iter().map(|(_, loss)| loss.abs()).fold(0.0, f64::max)
            }
        }
    }

    pub(super) fn sketch(&self, direction: Direction, tail: f64) -> Vec<(f64, f64)> {
        match self {
            Self::Subsampled(pair) => pair.sketch(direction, tail),
            Self::Laplace(epsilon) => laplace_sketch(*epsilon),
            Self::Atoms { atoms, .. } => atoms.clone(),
        }
    }

    pub(super) fn cells(&self, direction: Direction, spans: &Spans, tail: f64) -> Cells {
        match self {
            Self::Subsampled(pair) => pair.cells(direction, spans, tail),
            Self::Laplace(epsilon) => laplace_cells(*epsilon, spans.step),
            Self::Atoms { atoms, unit } => {
                let mut cells = Cells::new(spans.step);
                for (mass, loss) in atoms {
                    cells.put_atom(*mass, *loss);
                }
                // A discrete Gaussian is cut off where no more than `tail` is left.
                cells.infinite = if unit.is_some() { tail } else { 0.0 };
                cells
            }
        }
    }
}

/// The density of losses between the two atoms, under the first distribution.
fn laplace_density(epsilon: f64, loss: f64) -> f64 {
    0.25 * libm::exp((loss - epsilon) / 2.0)
}

fn laplace_sketch(epsilon: f64) -> Vec<(f64, f64)> {
    let width = 2.0 * epsilon / f64::from(LAPLACE_POINTS);
    let inner = (0..LAPLACE_POINTS).map(|at| {
        let loss = (f64::from(at) + 0.5) * width - epsilon;
        (laplace_density(epsilon, loss) * width, loss)
    });
    let low = (0.5 * libm::exp(-epsilon), -epsilon);
    std::iter::once(low)
        .chain(inner)
        .chain(std::iter::once((0.5, epsilon)))
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn laplace_cells(epsilon: f64, step: f64) -> Cells {
    let mut cells = Cells::new(step);
    cells.put_atom(0.5 * libm::exp(-epsilon), -epsilon);
    let ratio = libm::expm1(step);
    let first = libm::floor(-epsilon / step + 1e-9) as i64;
    let end = libm::ceil(epsilon / step - 1e-9) as i64;
    for place in first..end {
        let corner = place as f64 * step;
        let (low, high) = (corner.max(-epsilon), (corner + step).min(epsilon));
        let half = 0.5 * (high - low);
        let mut cell = Cell::new(place, 1);
        for (node, weight) in super::gaussian::THREE {
            let loss = low + half * (1.0 + node);
            let rise = libm::expm1(loss - corner);
            let mass = weight * half * laplace_density(epsilon, loss);
            cell.put((rise / ratio).clamp(0.0, 1.0), mass / (1.0 + rise), ratio);
        }
        cells.list.push(cell);
    }
    cells.put_atom(0.5, epsilon);
    cells
}

const LAPLACE_POINTS: u32 = 64;
