//! Model inversion: inputs that the model likes best, and whether they are somebody's.

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::shadows::some_of;
use crate::{
    features::{Design, Feature},
    metrics::{Interval, wilson},
    model::Model,
    train::FitError,
};

/// Whether inputs that were made from the model alone lie nearer to members than to strangers.
///
/// From random starts the attacker changes one input at a time to whatever makes the model surest
/// of a class (Fredrikson et al. 2015, by search in place of a gradient, so that it works for any
/// model). If the results are no nearer to members than to as many strangers, the model gave away
/// what is true of the population and not of those it learnt from: chance is one half.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inversion {
    /// Inputs that were made.
    pub starts: u64,
    /// The share whose nearest row is a member's; random inputs stay near one half.
    pub nearer_to_members: Interval,
    /// The same for the random starts, before any search: the baseline.
    pub baseline: Interval,
}

impl Inversion {
    /// Whether the search ends nearer to members than chance, and than its own starts.
    pub fn leaks(&self) -> bool {
        self.nearer_to_members.low > 0.5 && self.nearer_to_members.low > self.baseline.value
    }
}

/// Makes `starts` inputs, by turns for either class, and looks for the nearest rows.
///
/// As many persons of either side are compared with; at most [`COMPARED`] of each.
pub fn invert(
    model: &Model,
    members: &Design,
    outsiders: &Design,
    starts: u32,
    entropy: &mut dyn Entropy,
) -> Result<Inversion, FitError> {
    let fits = members.dim == model.dimension() && outsiders.dim == model.dimension();
    let each = members.persons.min(outsiders.persons).min(COMPARED);
    if !fits || each == 0 || starts == 0 {
        return Err(FitError::Empty);
    }
    let mut some = |design: &Design| {
        let chosen = some_of(design.persons, each, entropy);
        design.of_persons(|person| chosen.get(person as usize).copied().unwrap_or(false))
    };
    let (inside, outside) = (some(members), some(outsiders));
    let (mut before, mut after) = (0, 0);
    for start in 0..starts {
        let mut row = random_row(model, entropy);
        before += u64::from(nearer(&row, &inside, &outside, entropy));
        climb(model, &mut row, start % 2 == 0)?;
        after += u64::from(nearer(&row, &inside, &outside, entropy));
    }
    Ok(Inversion {
        starts: u64::from(starts),
        nearer_to_members: wilson(after, u64::from(starts)),
        baseline: wilson(before, u64::from(starts)),
    })
}

/// Persons of either side that results are compared with.
pub const COMPARED: u32 = 2000;
const ROUNDS: usize = 3;
const LEVELS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

fn random_row(model: &Model, entropy: &mut dyn Entropy) -> Vec<f32> {
    let mut row = Vec::with_capacity(model.dimension());
    for feature in &model.spec.features {
        match feature {
            Feature::Number { .. } => row.extend([level(entropy), 0.0]),
            Feature::Category { values, .. } => {
                let chosen = entropy.below(values.len() as u64);
                let one_hot = (0..values.len() as u64).map(|at| f32::from(u8::from(at == chosen)));
                row.extend(one_hot);
            }
        }
    }
    row
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "inputs are single precision"
)]
fn level(entropy: &mut dyn Entropy) -> f32 {
    entropy.unit() as f32
}

/// One input after the other to the value that the model likes best, three times over.
fn climb(model: &Model, row: &mut [f32], positive: bool) -> Result<(), FitError> {
    for _ in 0..ROUNDS {
        let mut start = 0;
        for feature in &model.spec.features {
            let choices = choices(feature);
            let mut best = (f64::NEG_INFINITY, Vec::new());
            for choice in choices {
                write(row, start, &choice);
                let yes = model.predict_row(row).map_err(|_| FitError::Shape)?;
                let liked = if positive { yes } else { 1.0 - yes };
                if liked > best.0 {
                    best = (liked, choice);
                }
            }
            write(row, start, &best.1);
            start += feature.width();
        }
    }
    Ok(())
}

fn choices(feature: &Feature) -> Vec<Vec<f32>> {
    match feature {
        Feature::Number { .. } => LEVELS.iter().map(|level| vec![*level, 0.0]).collect(),
        Feature::Category { values, .. } => (0..values.len())
            .map(|chosen| {
                let one_hot = (0..values.len()).map(|at| f32::from(u8::from(at == chosen)));
                one_hot.collect()
            })
            .collect(),
    }
}

fn write(row: &mut [f32], start: usize, values: &[f32]) {
    for (cell, value) in row.iter_mut().skip(start).zip(values) {
        *cell = *value;
    }
}

/// Whether a member's row is nearer; a coin decides ties.
fn nearer(row: &[f32], inside: &Design, outside: &Design, entropy: &mut dyn Entropy) -> bool {
    let (one, two) = (nearest(row, inside), nearest(row, outside));
    if (one - two).abs() < 1e-9 {
        entropy.below(2) == 1
    } else {
        one < two
    }
}

fn nearest(row: &[f32], design: &Design) -> f64 {
    let rows = design.x.chunks(design.dim.max(1));
    let distance = |other: &[f32]| {
        let cells = row.iter().zip(other);
        cells
            .map(|(one, two)| f64::from((one - two) * (one - two)))
            .sum::<f64>()
    };
    rows.map(distance).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        features::{FeatureSpec, Scale, Target},
        train::{
            ModelKind, TrainingPlan, fit,
            tests::{Stream, plan},
        },
    };

    /// Ten numbers a row, uniform; the label is a coin.
    fn table(rows: u32, entropy: &mut Stream) -> Design {
        let number = |at: usize| Feature::Number {
            column: format!("n{at}"),
            min: 0.0,
            max: 1.0,
            scale: Scale::Linear,
        };
        let mut x = Vec::new();
        for _ in 0..rows {
            for _ in 0..10 {
                x.extend([entropy.below(4097) as f32 / 4096.0, 0.0]);
            }
        }
        Design {
            targets: Vec::new(),
            rows: rows as usize,
            dim: 20,
            x,
            y: (0..rows).map(|_| u8::from(entropy.below(2) == 1)).collect(),
            person_of_row: (0..rows).collect(),
            persons: rows,
            spec: FeatureSpec {
                features: (0..10).map(number).collect(),
                target: Target {
                    column: "label".into(),
                    positive: "1".into(),
                },
            },
        }
    }

    #[test]
    fn a_plain_model_leads_to_nobody() {
        let mut entropy = Stream::new(1);
        let (members, outsiders) = (table(500, &mut entropy), table(500, &mut entropy));
        let model = fit(&members, &plan(None), &mut entropy, &mut |_, _| ()).unwrap();
        let found = invert(&model, &members, &outsiders, 200, &mut entropy).unwrap();
        assert!(!found.leaks(), "{found:?}");
    }

    #[test]
    fn the_search_moves_to_what_the_model_likes() {
        let mut entropy = Stream::new(2);
        let members = table(40, &mut entropy);
        let greedy = TrainingPlan {
            model: ModelKind::Mlp { hidden: vec![64] },
            epochs: 300.0,
            batch: 8,
            learning_rate: 0.1,
            ..plan(None)
        };
        let model = fit(&members, &greedy, &mut entropy, &mut |_, _| ()).unwrap();
        let mut row = random_row(&model, &mut entropy);
        let before = model.predict_row(&row).unwrap();
        climb(&model, &mut row, true).unwrap();
        assert!(model.predict_row(&row).unwrap() >= before.max(0.9));
    }

    #[test]
    fn inputs_that_are_members_count_as_found() {
        let mut entropy = Stream::new(3);
        let (members, outsiders) = (table(50, &mut entropy), table(50, &mut entropy));
        let row = members.row(7).to_vec();
        assert!(nearer(&row, &members, &outsiders, &mut entropy));
        assert!(!nearer(&row, &outsiders, &members, &mut entropy));
    }
}
