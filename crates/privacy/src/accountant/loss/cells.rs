//! The lattice on which losses are rounded, once from above and once from below.
//!
//! A pair of distributions enters through its curve `D(x) = E_P[(1 - x e^-L)+]`, `x = e^epsilon`:
//! convex, falling, and additive in the pair. Replacing one factor of a composition by a measure
//! whose curve lies above (below) gives a curve that lies above (below) for the whole, because the
//! composed curve is an average of shifted single curves.
//!
//! * From above: the chords of `D` over the lattice ("connect the dots", Doroshenko, Ghazi, Kamath,
//!   Kumar, Manurangsi 2022). Every loss is split between the two ends of its cell so that its mass
//!   under both distributions stays.
//! * From below: neighbouring losses are merged into one whose `e^loss` is their mean under the second
//!   distribution. Merging outputs is post-processing, so the merged pair is dominated by the pair.
//!
//! Both errors are of the second order in the step.

/// What one direction of a pair puts into the cells of a lattice, from the lowest loss up.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The step of the lattice.
    pub(super) step: f64,
    /// The cells; their places never fall.
    pub(super) list: Vec<Cell>,
    /// Mass with losses beyond the last cell; it counts as infinite loss.
    pub(super) infinite: f64,
}

/// The losses from `place step` to `(place + span) step`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) place: i64,
    pub(super) span: i64,
    /// Mass that a split puts on the lower end.
    down: f64,
    /// Mass that a split puts on the upper end.
    up: f64,
}

/// Masses at the multiples of a step.
#[derive(Clone, Debug)]
pub(super) struct Masses {
    /// The width of a cell.
    pub(super) step: f64,
    /// The multiple at which the first mass sits.
    pub(super) first: i64,
    /// The masses, none below zero.
    pub(super) mass: Vec<f64>,
    /// Mass with infinite loss (zero from below).
    pub(super) infinite: f64,
}

impl Cell {
    /// An empty cell.
    pub(super) const fn new(place: i64, span: i64) -> Self {
        Self {
            place,
            span,
            down: 0.0,
            up: 0.0,
        }
    }

    /// Puts mass at the relative height `part` (0 to 1, measured in `e^loss`); `below` is its mass
    /// under the second distribution times `e^loss` at the lower end, and `ratio` is `e^loss` at the
    /// upper end over that at the lower, less 1.
    #[inline]
    pub(super) fn put(&mut self, part: f64, below: f64, ratio: f64) {
        self.down += below * (1.0 - part);
        self.up += below * part * (1.0 + ratio);
    }
}

impl Cells {
    /// No cells yet.
    pub(super) const fn new(step: f64) -> Self {
        Self {
            step,
            list: Vec::new(),
            infinite: 0.0,
        }
    }

    /// Puts an atom: its mass under the first distribution, and its loss. Atoms come in rising order.
    pub(super) fn put_atom(&mut self, mass: f64, loss: f64) {
        let place = loss / self.step;
        let whole = libm::round(place);
        let on_lattice = (place - whole).abs() < SNAP;
        let corner = if on_lattice {
            whole
        } else {
            libm::floor(place)
        };
        let inside = if on_lattice { 0.0 } else { place - corner };
        let ratio = libm::expm1(self.step);
        let grown = libm::expm1(inside * self.step);
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
        let mut cell = Cell::new(corner as i64, 1);
        cell.put((grown / ratio).min(1.0), mass / (1.0 + grown), ratio);
        self.list.push(cell);
    }

    /// The masses whose curve lies on or above the pair's.
    pub(super) fn bounded_above(&self) -> Masses {
        let mut masses = self.empty();
        for cell in &self.list {
            masses.add(cell.place, cell.down);
            masses.add(cell.place + cell.span, cell.up);
        }
        masses.infinite = self.infinite;
        masses
    }

    /// The masses whose curve lies on or below the pair's.
    ///
    /// Cells are taken from the lowest up. A place of the lattice takes cells, the last one in part,
    /// until the mean of what it took is the place itself.
    pub(super) fn bounded_below(&self) -> Masses {
        let mut gathering = Gathering {
            step: self.step,
            masses: self.empty(),
            place: 0,
            held: 0.0,
            owed: 0.0,
        };
        let (mut span, mut ratio) = (1, libm::expm1(self.step));
        for cell in &self.list {
            if cell.span != span {
                span = cell.span;
                ratio = libm::expm1(span as f64 * self.step);
            }
            let above = cell.up / (1.0 + ratio);
            let below = cell.down + above;
            if below > 0.0 {
                gathering.take(cell.place, above / below * ratio, below);
            }
        }
        gathering.release_rest();
        gathering.masses
    }

    fn empty(&self) -> Masses {
        let first = self.list.first().map_or(0, |cell| cell.place);
        let ends = self.list.iter().map(|cell| cell.place + cell.span);
        let last = ends.max().unwrap_or(first);
        let count = usize::try_from(last - first).unwrap_or(0) + 1;
        Masses {
            step: self.step,
            first,
            mass: vec![0.0; count],
            infinite: 0.0,
        }
    }
}

impl Masses {
    fn add(&mut self, place: i64, more: f64) {
        let index = usize::try_from(place - self.first).unwrap_or(0);
        if let Some(here) = self.mass.get_mut(index) {
            *here += more;
        }
    }
}

/// A place of the lattice that is being filled.
struct Gathering {
    step: f64,
    masses: Masses,
    place: i64,
    /// Mass held, under the first distribution.
    held: f64,
    /// The held mass under the second distribution, times `e^loss` at the place, less `held`.
    owed: f64,
}

impl Gathering {
    /// Takes a cell, as one mass at its mean: `e^loss` is `1 + rise` times that at the cell's place.
    fn take(&mut self, cell: i64, rise: f64, below: f64) {
        let near = SNAP * self.step;
        if cell - self.place > REACH {
            // Merging with losses so far away would cost more than rounding down.
            self.release_rest();
        }
        let mut left = below;
        while left > 0.0 {
            if self.held <= 0.0 {
                self.place = cell + self.steps_up(rise);
            }
            let corner = self.corner(cell - self.place);
            let height = (corner - 1.0) + corner * rise;
            let second = left / corner;
            if second * height <= self.owed.max(second * near) {
                self.held += left * (1.0 + rise);
                self.owed = (self.owed - second * height).max(0.0);
                return;
            }
            let taken = self.owed / height * corner;
            self.held += taken * (1.0 + rise);
            left -= taken;
            self.release();
        }
    }

    /// How many steps above a corner the nearest place at or above a height lies.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    fn steps_up(&self, rise: f64) -> i64 {
        if rise <= self.step {
            return i64::from(rise > SNAP * self.step);
        }
        libm::ceil(libm::log1p(rise) / self.step - SNAP) as i64
    }

    fn corner(&self, steps: i64) -> f64 {
        if steps == 0 {
            return 1.0;
        }
        libm::exp(steps as f64 * self.step)
    }

    fn release(&mut self) {
        self.masses.add(self.place, self.held);
        self.held = 0.0;
        self.owed = 0.0;
    }

    /// What is held and owes something has its mean under its place: it goes to the place at or under
    /// the mean, or away.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    fn release_rest(&mut self) {
        if self.held > 0.0 {
            let mean = libm::log(self.held / (self.held + self.owed)) / self.step;
            self.place -= libm::ceil(-mean - SNAP).max(0.0) as i64;
            if self.place >= self.masses.first {
                self.release();
            }
        }
    }
}

/// How many steps above a place losses are still merged into it.
const REACH: i64 = 16;

/// A loss this close to a multiple of the step, in steps, sits on it; counted in the slack.
pub(super) const SNAP: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(masses: &Masses, epsilon: f64) -> f64 {
        let places = masses.mass.iter().zip(masses.first..);
        let parts = places.map(|(mass, place)| {
            let loss = place as f64 * masses.step;
            mass * (-libm::expm1(epsilon - loss)).max(0.0)
        });
        parts.sum::<f64>() + masses.infinite
    }

    #[test]
    fn atoms_off_the_lattice_are_enclosed_at_every_epsilon() {
        let atoms: [(f64, f64); 4] = [(0.1, -0.73), (0.2, -0.11), (0.5, 0.26), (0.2, 0.94)];
        let mut cells = Cells::new(0.1);
        for (mass, loss) in atoms {
            cells.put_atom(mass, loss);
        }
        let (above, below) = (cells.bounded_above(), cells.bounded_below());
        for at in -20..20 {
            let epsilon = f64::from(at) * 0.05 + 0.003;
            let exact: f64 = atoms
                .iter()
                .map(|(mass, loss)| mass * (-libm::expm1(epsilon - loss)).max(0.0))
                .sum();
            let (low, high) = (curve(&below, epsilon), curve(&above, epsilon));
            assert!(low <= exact + 1e-12 && exact <= high + 1e-12, "{epsilon}");
        }
    }

    #[test]
    fn atoms_on_the_lattice_stay_where_they_are() {
        let mut cells = Cells::new(0.25);
        for (mass, loss) in [(0.3, -0.5), (0.7, 0.75)] {
            cells.put_atom(mass, loss);
        }
        for masses in [cells.bounded_above(), cells.bounded_below()] {
            assert!((curve(&masses, -10.0) - 1.0).abs() < 1e-4);
            assert!((masses.mass[0] - 0.3).abs() < 1e-12 && (masses.mass[5] - 0.7).abs() < 1e-12);
        }
    }
}
