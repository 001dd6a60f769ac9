//! Numbers spread over knots: a fixed, public first layer.

use super::{Feature, FeatureSpec};

/// How an encoded row enters a model: numbers spread over hat functions on even knots between their
/// public bounds (a linear spline), everything else as it is.
///
/// # Guarantee
/// The result depends on the row and on public constants only. Each number gives at most two values
/// that add up to 1, all multiples of 2^-12 when the row is on that grid; a missing number gives
/// only its flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    knots: u32,
    blocks: Vec<Block>,
    width: usize,
    dim: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    from: usize,
    to: usize,
    width: usize,
    number: bool,
}

impl Expansion {
    /// The expansion of a feature list with so many knots; 0 changes nothing.
    pub fn new(spec: &FeatureSpec, knots: u32) -> Self {
        let (mut from, mut to) = (0, 0);
        let mut blocks = Vec::with_capacity(spec.features.len());
        for feature in &spec.features {
            let number = knots >= 2 && matches!(feature, Feature::Number { .. });
            let block = Block {
                from,
                to,
                width: feature.width(),
                number,
            };
            from += block.width;
            to += if number {
                knots as usize + 1
            } else {
                block.width
            };
            blocks.push(block);
        }
        Self {
            knots,
            blocks,
            width: from,
            dim: to,
        }
    }

    /// How many numbers come out.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Calls `put` with column and value of everything that is not zero, in order of the columns;
    /// nothing for a row of another width.
    pub fn each(&self, row: &[f32], mut put: impl FnMut(u32, f32)) {
        if row.len() != self.width {
            return;
        }
        for block in &self.blocks {
            let cells = row
                .get(block.from..block.from + block.width)
                .unwrap_or_default();
            match cells {
                [value, missing] if block.number => {
                    self.spread(block.to, *value, *missing, &mut put);
                }
                _ => {
                    let columns = (column(block.to)..).zip(cells);
                    for (column, value) in columns.filter(|(_, value)| **value != 0.0) {
                        put(column, *value);
                    }
                }
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number between 0 and the number of knots"
    )]
    fn spread(&self, to: usize, value: f32, missing: f32, put: &mut impl FnMut(u32, f32)) {
        if missing > 0.5 {
            put(column(to + self.knots as usize), 1.0);
            return;
        }
        let last = self.knots - 1;
        let place = value.clamp(0.0, 1.0) * last as f32;
        let below = (place as u32).min(last - 1);
        let share = place - below as f32;
        let first = column(to) + below;
        if share < 1.0 {
            put(first, 1.0 - share);
        }
        if share > 0.0 {
            put(first + 1, share);
        }
    }
}

/// Columns are at most [`super::MAX_DIMENSION`] times 65.
fn column(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Scale, Target};

    fn spec() -> FeatureSpec {
        FeatureSpec {
            features: vec![
                Feature::Number {
                    column: "age".into(),
                    min: 0.0,
                    max: 90.0,
                    scale: Scale::Linear,
                },
                Feature::Category {
                    column: "sex".into(),
                    values: vec!["F".into(), "M".into()],
                },
            ],
            target: Target {
                column: "y".into(),
                positive: "1".into(),
            },
        }
    }

    fn cells(knots: u32, row: &[f32]) -> Vec<(u32, f32)> {
        let mut cells = Vec::new();
        Expansion::new(&spec(), knots).each(row, |column, value| cells.push((column, value)));
        cells
    }

    #[test]
    fn a_number_between_two_knots_is_shared_between_them() {
        assert_eq!(Expansion::new(&spec(), 5).dim(), 8);
        assert_eq!(
            cells(5, &[0.3125, 0.0, 0.0, 1.0]),
            [(1, 0.75), (2, 0.25), (7, 1.0)]
        );
        assert_eq!(cells(5, &[1.0, 0.0, 1.0, 0.0]), [(4, 1.0), (6, 1.0)]);
        assert_eq!(cells(5, &[0.5, 1.0, 0.0, 0.0]), [(5, 1.0)]);
    }

    #[test]
    fn without_knots_a_row_stays_as_it_is() {
        assert_eq!(cells(0, &[0.5, 0.0, 0.0, 1.0]), [(0, 0.5), (3, 1.0)]);
    }

    #[test]
    fn every_value_on_the_grid_stays_on_it_and_adds_up_to_one() {
        for step in 0..=4096_u16 {
            let cells = cells(24, &[f32::from(step) / 4096.0, 0.0, 0.0, 0.0]);
            let sum: f32 = cells.iter().map(|(_, value)| value).sum();
            assert_eq!(sum, 1.0);
            for (_, value) in cells {
                assert_eq!((value * 4096.0).fract(), 0.0);
            }
        }
    }
}
