//! How much of a model's accuracy is left when somebody bends the inputs, within their bounds.

use domain::Entropy;
use serde::{Deserialize, Serialize};

use crate::{
    features::{Design, Feature},
    metrics::{Interval, wilson},
    model::{Model, ModelError},
};

/// What an adversary may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// Numbers may move by this share of their public range, and never leave it.
    pub share: f64,
    /// So many categories may be changed to another listed value.
    pub categories: usize,
    /// Columns that stay as they are (an age, a sex).
    pub fixed: Vec<String>,
}

/// Accuracy under attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robustness {
    /// What was allowed.
    pub reach: Reach,
    /// Rows tried.
    pub rows: u64,
    /// Accuracy on the rows as they are.
    pub clean: Interval,
    /// Accuracy after changes at random within the reach: the baseline.
    pub random: Interval,
    /// Accuracy after the worst changes the search found.
    pub attacked: Interval,
}

/// Attacks the first `rows` rows of a table.
///
/// The search sees scores only, so it works for every kind of model: it moves one input at a time
/// to whatever hurts most, three rounds over all inputs (coordinate search; exact for a logistic
/// model). What it does not find may still exist: the figure bounds robustness from above.
pub fn robustness(
    model: &Model,
    design: &Design,
    reach: &Reach,
    rows: usize,
    entropy: &mut dyn Entropy,
) -> Result<Robustness, ModelError> {
    let count = rows.min(design.rows);
    let (mut clean, mut random, mut attacked) = (0, 0, 0);
    for at in 0..count {
        let row = design.row(at);
        let label = design.y.get(at).copied().unwrap_or(0);
        let right = |row: &[f32]| -> Result<u64, ModelError> {
            Ok(u64::from(u8::from(model.predict_row(row)? > 0.5) == label))
        };
        clean += right(row)?;
        random += right(&stumble(model, row, reach, entropy))?;
        attacked += right(&worst(model, row, label, reach)?)?;
    }
    Ok(Robustness {
        reach: reach.clone(),
        rows: count as u64,
        clean: wilson(clean, count as u64),
        random: wilson(random, count as u64),
        attacked: wilson(attacked, count as u64),
    })
}

const ROUNDS: usize = 3;

/// A change of one feature: where it starts and what stands there then.
struct Choice {
    start: usize,
    cells: Vec<f32>,
    category: bool,
}

/// Everything a single feature may be changed to.
#[expect(
    clippy::cast_possible_truncation,
    reason = "inputs are single precision"
)]
fn choices(model: &Model, row: &[f32], reach: &Reach) -> Vec<Vec<Choice>> {
    let (mut all, mut start) = (Vec::new(), 0);
    for feature in &model.spec.features {
        let width = feature.width();
        if !reach.fixed.iter().any(|column| column == feature.column()) {
            let now = row.get(start..start + width).unwrap_or_default();
            all.push(match feature {
                Feature::Number { .. } => number(start, now, reach.share as f32),
                Feature::Category { .. } => category(start, now),
            });
        }
        start += width;
    }
    all
}

/// Both ends of the reach; a missing number stays missing.
fn number(start: usize, now: &[f32], share: f32) -> Vec<Choice> {
    let [value, missing] = now else {
        return Vec::new();
    };
    if *missing > 0.5 {
        return Vec::new();
    }
    let moved = [value - share, value + share];
    moved
        .into_iter()
        .map(|value| Choice {
            start,
            cells: vec![value.clamp(0.0, 1.0), 0.0],
            category: false,
        })
        .collect()
}

fn category(start: usize, now: &[f32]) -> Vec<Choice> {
    let others = (0..now.len()).filter(|at| now.get(*at).is_some_and(|cell| *cell < 0.5));
    others
        .map(|chosen| Choice {
            start,
            cells: (0..now.len())
                .map(|at| f32::from(u8::from(at == chosen)))
                .collect(),
            category: true,
        })
        .collect()
}

fn put(row: &mut [f32], choice: &Choice) {
    for (cell, value) in row.iter_mut().skip(choice.start).zip(&choice.cells) {
        *cell = *value;
    }
}

/// Random choices within the reach.
fn stumble(model: &Model, row: &[f32], reach: &Reach, entropy: &mut dyn Entropy) -> Vec<f32> {
    let mut moved = row.to_vec();
    let mut categories = reach.categories;
    for feature in choices(model, row, reach) {
        let chosen = usize::try_from(entropy.below(feature.len() as u64 + 1)).unwrap_or(0);
        if let Some(choice) = feature.get(chosen)
            && (!choice.category || categories > 0)
        {
            categories -= usize::from(choice.category);
            put(&mut moved, choice);
        }
    }
    moved
}

/// The search: the numbers first, then as many categories as may be changed, each the one that
/// hurts most at that moment.
fn worst(model: &Model, row: &[f32], label: u8, reach: &Reach) -> Result<Vec<f32>, ModelError> {
    let all = choices(model, row, reach);
    let hurt = |row: &[f32]| -> Result<f64, ModelError> {
        let yes = model.predict_row(row)?;
        Ok(if label == 1 { 1.0 - yes } else { yes })
    };
    let mut best = (hurt(row)?, row.to_vec());
    for _ in 0..ROUNDS {
        for feature in all
            .iter()
            .filter(|feature| feature.iter().any(|one| !one.category))
        {
            let (from, mut found) = (best.1.clone(), None);
            for choice in feature {
                found = better(&from, choice, &hurt, found)?;
            }
            if let Some(found) = found.filter(|found| found.0 > best.0) {
                best = found;
            }
        }
    }
    let mut touched = std::collections::BTreeSet::new();
    for _ in 0..reach.categories {
        let (from, mut found) = (best.1.clone(), None);
        let mut place = None;
        for choice in all.iter().flatten().filter(|choice| choice.category) {
            if touched.contains(&choice.start) {
                continue;
            }
            let before = found
                .as_ref()
                .map_or(f64::NEG_INFINITY, |one: &(f64, Vec<f32>)| one.0);
            found = better(&from, choice, &hurt, found)?;
            if found.as_ref().is_some_and(|one| one.0 > before) {
                place = Some(choice.start);
            }
        }
        match found.filter(|found| found.0 > best.0) {
            Some(next) => best = next,
            None => break,
        }
        touched.extend(place);
    }
    Ok(best.1)
}

type Found = Option<(f64, Vec<f32>)>;

fn better(
    from: &[f32],
    choice: &Choice,
    hurt: &impl Fn(&[f32]) -> Result<f64, ModelError>,
    found: Found,
) -> Result<Found, ModelError> {
    let mut moved = from.to_vec();
    put(&mut moved, choice);
    let value = hurt(&moved)?;
    Ok(match found {
        Some(known) if known.0 >= value => Some(known),
        _ => Some((value, moved)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        features::{FeatureSpec, Scale, Target},
        model::Layer,
        train::{ModelKind, tests::Stream},
    };

    /// Three numbers and one category of three, logistic, with known weights.
    fn model() -> Model {
        let number = |name: &str| Feature::Number {
            column: name.into(),
            min: 0.0,
            max: 1.0,
            scale: Scale::Linear,
        };
        let word = Feature::Category {
            column: "word".into(),
            values: vec!["a".into(), "b".into(), "c".into()],
        };
        let spec = FeatureSpec {
            features: vec![number("one"), number("two"), number("three"), word],
            target: Target {
                column: "label".into(),
                positive: "1".into(),
            },
        };
        let layer = Layer {
            inputs: 9,
            outputs: 1,
            weights: vec![2.0, 0.0, -3.0, 0.0, 1.0, 0.0, 0.5, -0.5, 1.0],
            bias: vec![0.0],
        };
        Model::of_layers(spec, ModelKind::Logistic, vec![layer])
    }

    fn table(rows: usize) -> Design {
        let model = model();
        let mut entropy = Stream::new(1);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let mut row: Vec<f32> = Vec::new();
            for _ in 0..3 {
                row.extend([entropy.below(1025) as f32 / 1024.0, 0.0]);
            }
            let value = entropy.below(3);
            row.extend((0..3).map(|at| f32::from(u8::from(at == value))));
            y.push(u8::from(model.predict_row(&row).unwrap() > 0.5));
            x.extend(row);
        }
        let count = u32::try_from(rows).unwrap();
        Design {
            targets: Vec::new(),
            rows,
            dim: 9,
            x,
            y,
            person_of_row: (0..count).collect(),
            persons: count,
            spec: model.spec,
        }
    }

    fn reach(share: f64, categories: usize) -> Reach {
        Reach {
            share,
            categories,
            fixed: Vec::new(),
        }
    }

    #[test]
    fn for_a_logistic_model_the_search_finds_the_worst_case_exactly() {
        let (model, table) = (model(), table(50));
        for row in 0..table.rows {
            let label = table.y[row];
            let found = worst(&model, table.row(row), label, &reach(0.1, 0)).unwrap();
            let sign: f32 = if label == 1 { -1.0 } else { 1.0 };
            for (at, weight) in [(0, 2.0_f32), (2, -3.0), (4, 1.0)] {
                let exact = (table.row(row)[at] + sign * weight.signum() * 0.1).clamp(0.0, 1.0);
                assert!((found[at] - exact).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn accuracy_falls_with_the_reach_and_attack_hurts_more_than_chance() {
        let (model, table) = (model(), table(300));
        let measure =
            |reach: Reach| robustness(&model, &table, &reach, 300, &mut Stream::new(2)).unwrap();
        let (none, some, more) = (
            measure(reach(0.0, 0)),
            measure(reach(0.1, 0)),
            measure(reach(0.1, 1)),
        );
        assert_eq!((none.clean.value, none.attacked.value), (1.0, 1.0));
        assert!(some.attacked.value < some.random.value && some.random.value <= 1.0);
        assert!(more.attacked.value < some.attacked.value);
    }

    #[test]
    fn what_is_fixed_stays_and_nothing_leaves_its_bounds() {
        let (model, table) = (model(), table(50));
        let reach = Reach {
            share: 0.5,
            categories: 1,
            fixed: vec!["two".into(), "word".into()],
        };
        for row in 0..table.rows {
            let found = worst(&model, table.row(row), table.y[row], &reach).unwrap();
            assert_eq!(found[2..4], table.row(row)[2..4]);
            assert_eq!(found[6..], table.row(row)[6..]);
            assert!(found.iter().all(|cell| (0.0..=1.0).contains(cell)));
        }
    }
}
