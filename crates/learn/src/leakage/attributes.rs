//! Attribute inference: does the model tell more of a person's hidden attribute than guessing does?

use serde::{Deserialize, Serialize};

use crate::{
    features::{Design, Feature},
    metrics::{Interval, wilson},
    model::Model,
    train::FitError,
};

/// What an attacker reaches who knows all of a person's inputs but one, and the label.
///
/// The attacker weighs each value by an imputer that has never seen the model (naive Bayes, fitted
/// on persons who are not members, label included) and by the model's probability of the label with
/// that value put in (Fredrikson et al. 2014; Yeom et al. 2018, section 5). That the attacker beats
/// the imputer is learning; that the attacker does so better for members than for others is leakage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeInference {
    /// The hidden column.
    pub column: String,
    /// The imputer on members, without the model.
    pub imputer: Interval,
    /// The attacker on members.
    pub members: Interval,
    /// The attacker on persons who are not members.
    pub outsiders: Interval,
}

impl AttributeInference {
    /// Whether members are hit more often than others, beyond both intervals.
    pub fn leaks(&self) -> bool {
        self.members.low > self.outsiders.high
    }
}

/// Attacks the categorical feature `column`.
///
/// Outsiders are parted in two: rows with even numbers fit the imputer, the others are attacked.
/// Refuses a column that is no category, and tables without rows.
pub fn infer_attribute(
    model: &Model,
    column: &str,
    members: &Design,
    outsiders: &Design,
) -> Result<AttributeInference, FitError> {
    let hidden = Hidden::find(model, column).ok_or(FitError::Shape)?;
    if members.dim != model.dimension() || outsiders.dim != model.dimension() {
        return Err(FitError::Shape);
    }
    if members.rows == 0 || outsiders.rows < 2 {
        return Err(FitError::Empty);
    }
    let imputer = Imputer::fit(outsiders, hidden);
    let attacked = Attacked {
        model,
        hidden,
        imputer: &imputer,
    };
    Ok(AttributeInference {
        column: column.to_owned(),
        imputer: attacked.hits(members, 0..members.rows, false)?,
        members: attacked.hits(members, 0..members.rows, true)?,
        outsiders: attacked.hits(
            outsiders,
            (0..outsiders.rows).filter(|row| row % 2 == 1),
            true,
        )?,
    })
}

/// Where the hidden column stands in an encoded row.
#[derive(Clone, Copy, Debug)]
struct Hidden {
    start: usize,
    width: usize,
}

impl Hidden {
    fn find(model: &Model, column: &str) -> Option<Self> {
        let mut start = 0;
        for feature in &model.spec.features {
            let width = feature.width();
            if feature.column() == column && matches!(feature, Feature::Category { .. }) {
                return Some(Self { start, width });
            }
            start += width;
        }
        None
    }

    /// Which value a row has; `None` for empty and unlisted ones.
    fn of(self, row: &[f32]) -> Option<usize> {
        let cells = row.iter().skip(self.start).take(self.width);
        cells.into_iter().position(|cell| *cell > 0.5)
    }

    fn put(self, row: &mut [f32], value: usize) {
        for (at, cell) in row.iter_mut().skip(self.start).take(self.width).enumerate() {
            *cell = f32::from(u8::from(at == value));
        }
    }

    const fn holds(self, column: usize) -> bool {
        column >= self.start && column < self.start + self.width
    }
}

/// Naive Bayes over the other encoded inputs, cut at one half, and the label.
struct Imputer {
    /// By value: logarithm of its share.
    prior: Vec<f64>,
    /// By value and input: logarithms of the chances of a low and a high input; the label is last.
    chances: Vec<Vec<(f64, f64)>>,
}

impl Imputer {
    fn fit(design: &Design, hidden: Hidden) -> Self {
        let mut counts = vec![1.0; hidden.width];
        let mut high = vec![vec![1.0; design.dim + 1]; hidden.width];
        for row in (0..design.rows).step_by(2) {
            let cells = design.row(row);
            let Some(value) = hidden.of(cells) else {
                continue;
            };
            let label = design.y.get(row).copied().map_or(0.0, f32::from);
            if let (Some(count), Some(high)) = (counts.get_mut(value), high.get_mut(value)) {
                *count += 1.0;
                for (sum, cell) in high.iter_mut().zip(cells.iter().chain([&label])) {
                    *sum += f64::from(u8::from(*cell > 0.5));
                }
            }
        }
        let all: f64 = counts.iter().sum();
        let logs = |(high, count): (&Vec<f64>, &f64)| {
            let chance = |high: &f64| high / (count + 1.0);
            high.iter()
                .map(|high| (libm::log1p(-chance(high)), libm::log(chance(high))))
                .collect()
        };
        Self {
            prior: counts.iter().map(|count| libm::log(count / all)).collect(),
            chances: high.iter().zip(&counts).map(logs).collect(),
        }
    }

    /// The logarithm of each value's weight, up to a constant; with or without the label.
    fn weights(&self, hidden: Hidden, cells: &[f32], label: Option<u8>) -> Vec<f64> {
        let values = self.prior.iter().zip(&self.chances);
        values
            .map(|(prior, chances)| {
                let mut sum = *prior;
                for (column, (cell, (low, high))) in cells.iter().zip(chances).enumerate() {
                    if !hidden.holds(column) {
                        sum += if *cell > 0.5 { high } else { low };
                    }
                }
                let last = chances.last().zip(label);
                sum + last.map_or(
                    0.0,
                    |((no, yes), label)| if label == 1 { *yes } else { *no },
                )
            })
            .collect()
    }
}

struct Attacked<'a> {
    model: &'a Model,
    hidden: Hidden,
    imputer: &'a Imputer,
}

impl Attacked<'_> {
    /// The share of rows whose hidden value is the one with the largest weight.
    fn hits(
        &self,
        design: &Design,
        rows: impl Iterator<Item = usize>,
        with_model: bool,
    ) -> Result<Interval, FitError> {
        let (mut hits, mut tried) = (0, 0);
        for row in rows {
            let cells = design.row(row);
            let Some(truth) = self.hidden.of(cells) else {
                continue;
            };
            let label = design.y.get(row).copied().unwrap_or(0);
            let guess = if with_model {
                self.with_model(cells, label)?
            } else {
                self.imputer.weights(self.hidden, cells, Some(label))
            };
            tried += 1;
            hits += u64::from(largest(&guess) == Some(truth));
        }
        Ok(wilson(hits, tried))
    }

    fn with_model(&self, cells: &[f32], label: u8) -> Result<Vec<f64>, FitError> {
        let mut weights = self.imputer.weights(self.hidden, cells, None);
        let mut row = cells.to_vec();
        for (value, weight) in weights.iter_mut().enumerate() {
            self.hidden.put(&mut row, value);
            let yes = self.model.predict_row(&row).map_err(|_| FitError::Shape)?;
            let chance = if label == 1 { yes } else { 1.0 - yes };
            *weight += libm::log(chance.max(1e-12));
        }
        Ok(weights)
    }
}

fn largest(weights: &[f64]) -> Option<usize> {
    let numbered = weights.iter().enumerate();
    numbered
        .max_by(|one, two| one.1.total_cmp(two.1))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::{
        features::{FeatureSpec, Target},
        train::{
            ModelKind, TrainingPlan, fit,
            tests::{Stream, plan},
        },
    };

    /// Rows of six random bits and a hidden one of three values; the label is a coin.
    fn table(rows: usize, entropy: &mut Stream) -> Design {
        let words = |name: &str, count: usize| Feature::Category {
            column: name.into(),
            values: (0..count).map(|value| value.to_string()).collect(),
        };
        let spec = FeatureSpec {
            features: vec![words("known", 6), words("hidden", 3)],
            target: Target {
                column: "label".into(),
                positive: "1".into(),
            },
        };
        let mut x = Vec::new();
        for _ in 0..rows {
            x.extend((0..6).map(|_| entropy.below(2) as f32));
            let value = entropy.below(3);
            x.extend((0..3).map(|at| f32::from(u8::from(at == value))));
        }
        Design {
            targets: Vec::new(),
            rows,
            dim: 9,
            x,
            y: (0..rows).map(|_| u8::from(entropy.below(2) == 1)).collect(),
            person_of_row: (0..u32::try_from(rows).unwrap()).collect(),
            persons: u32::try_from(rows).unwrap(),
            spec,
        }
    }

    #[test]
    fn a_model_that_knows_its_rows_by_heart_gives_their_attributes_away() {
        let mut entropy = Stream::new(1);
        let (members, outsiders) = (table(150, &mut entropy), table(3000, &mut entropy));
        let greedy = TrainingPlan {
            model: ModelKind::Mlp { hidden: vec![64] },
            epochs: 600.0,
            batch: 16,
            learning_rate: 0.1,
            ..plan(None)
        };
        let model = fit(&members, &greedy, &mut entropy, &mut |_, _| ()).unwrap();
        let found = infer_attribute(&model, "hidden", &members, &outsiders).unwrap();
        assert!(found.leaks(), "{found:?}");
        assert!(
            (found.outsiders.value - 1.0 / 3.0).abs() < 0.06,
            "{found:?}"
        );
    }

    #[test]
    fn a_modest_model_helps_as_much_with_strangers_as_with_members() {
        let mut entropy = Stream::new(2);
        let (members, outsiders) = (table(1500, &mut entropy), table(1500, &mut entropy));
        let model = fit(&members, &plan(None), &mut entropy, &mut |_, _| ()).unwrap();
        let found = infer_attribute(&model, "hidden", &members, &outsiders).unwrap();
        assert!(!found.leaks(), "{found:?}");
        assert!(infer_attribute(&model, "absent", &members, &outsiders).is_err());
    }
}
