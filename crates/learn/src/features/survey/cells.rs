//! Public cells for numbers of unknown size.

/// Cells to a doubling.
const PER_DOUBLING: i32 = 8;
const LOWEST: i32 = -10 * PER_DOUBLING;
const HIGHEST: i32 = 40 * PER_DOUBLING;
/// Cells of one sign.
const SIDE: i32 = HIGHEST - LOWEST;
/// Negative numbers, zero, positive numbers; from the smallest to the largest.
pub(super) const CELLS: usize = 2 * (SIDE as usize) + 1;

/// The cell of a finite number; what is too large or too near to zero falls in the last cell.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the cells"
)]
pub(super) fn cell_of(value: f64) -> usize {
    if value == 0.0 {
        return SIDE as usize;
    }
    let place = libm::floor(libm::log2(value.abs()) * f64::from(PER_DOUBLING));
    let place = place.clamp(f64::from(LOWEST), f64::from(HIGHEST - 1)) as i32 - LOWEST;
    if value > 0.0 {
        (SIDE + 1 + place) as usize
    } else {
        (SIDE - 1 - place) as usize
    }
}

/// The smallest number of a cell.
pub(super) fn lower_edge(cell: usize) -> f64 {
    edges(cell).0
}

/// The largest number of a cell.
pub(super) fn upper_edge(cell: usize) -> f64 {
    edges(cell).1
}

fn edges(cell: usize) -> (f64, f64) {
    let cell = i32::try_from(cell).unwrap_or(i32::MAX);
    let power = |place: i32| libm::exp2(f64::from(place + LOWEST) / f64::from(PER_DOUBLING));
    match cell.cmp(&SIDE) {
        std::cmp::Ordering::Equal => (0.0, 0.0),
        std::cmp::Ordering::Greater => {
            let place = cell - SIDE - 1;
            (power(place), power(place + 1))
        }
        std::cmp::Ordering::Less => {
            let place = SIDE - 1 - cell;
            (-power(place + 1), -power(place))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_lies_between_the_edges_of_its_cell() {
        for value in [-1e6, -3.0, -0.5, 0.0, 0.001, 1.0, 16.0, 99_999.0] {
            let (low, high) = edges(cell_of(value));
            assert!(
                low <= value && value <= high * (1.0 + 1e-12) + 1e-12,
                "{value}"
            );
        }
        assert!(cell_of(-2.0) < cell_of(-1.0) && cell_of(-1.0) < cell_of(0.0));
        assert!(cell_of(0.0) < cell_of(1.0) && cell_of(1.0) < cell_of(2.0));
        assert!(cell_of(f64::MAX) == CELLS - 1 && cell_of(f64::MIN) == 0);
    }
}
