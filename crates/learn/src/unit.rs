//! One person's unit in tables of counts, and the noise that hides it.
//!
//! # Guarantee
//! Each person spreads one unit of 2^20 evenly over at most 64 of that person's rows, and a row
//! stands in at most one cell of a table: a person moves a table by at most one unit in the L1 norm,
//! so `tables` tables together by at most `sqrt(tables)` units in the L2 norm. With the noise of
//! [`noise`] on every cell they are one Gaussian mechanism with the noise multiplier `sigma`.

use privacy::{DiscreteGaussian, mechanism::SigmaError};

/// One person's unit.
pub(crate) const UNIT: i64 = 1 << 20;

/// Rows of a person that are counted.
const ROWS: usize = 64;

/// Noise of `sigma` times what one person moves so many tables by.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be positive and below 2^40"
)]
pub(crate) fn noise(sigma: f64, tables: usize) -> Result<DiscreteGaussian, SigmaError> {
    let units = libm::ceil(sigma * libm::sqrt(tables.max(1) as f64) * UNIT as f64);
    if !(units >= 1.0 && units <= privacy::mechanism::LARGEST_SIGMA as f64) {
        return Err(SigmaError);
    }
    DiscreteGaussian::new(units as u64)
}

/// What each row counts: a person's unit over that person's rows, nothing beyond the 64th.
pub(crate) fn shares((person_of_row, persons): (&[u32], u32)) -> Vec<i64> {
    let mut rows = vec![0_usize; persons as usize];
    for person in person_of_row {
        if let Some(rows) = rows.get_mut(*person as usize) {
            *rows += 1;
        }
    }
    let mut seen = vec![0_usize; persons as usize];
    let share = |person: &u32| {
        let (Some(rows), Some(seen)) = (rows.get(*person as usize), seen.get_mut(*person as usize))
        else {
            return 0;
        };
        *seen += 1;
        if *seen > ROWS {
            return 0;
        }
        i64::try_from((*rows).clamp(1, ROWS)).map_or(0, |rows| UNIT / rows)
    };
    person_of_row.iter().map(share).collect()
}

/// Counts in units as persons.
pub(crate) fn in_persons(units: i64) -> f64 {
    units as f64 / UNIT as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_once_however_many_rows_there_are() {
        let persons = vec![0_u32; 1000];
        let shares = shares((&persons, 1));
        assert!(shares.iter().sum::<i64>() <= UNIT);
        assert!(shares.iter().map(|share| share * share).sum::<i64>() <= UNIT * UNIT);
        assert_eq!(shares.iter().filter(|share| **share > 0).count(), ROWS);
    }

    #[test]
    fn noise_that_is_out_of_range_is_refused() {
        assert!(noise(0.0, 1).is_err() && noise(f64::NAN, 1).is_err() && noise(1e9, 1).is_err());
        assert_eq!(noise(2.0, 4).unwrap().sigma(), 4 << 20);
    }
}
