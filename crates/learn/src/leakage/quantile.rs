//! The quantile attack: no shadow models, one regression on persons who were not in the data.

use domain::Entropy;
use privacy::attack::{Attack, Trials};

use super::shadows::{signals, some_of};
use crate::{features::Design, model::Model, train::FitError};

/// Membership by how far a person's log-odds lie above what is usual for such a person outside
/// (Bertran et al. 2023, with their normal parametrisation: mean and logarithm of the variance are
/// linear in inputs and label).
///
/// The regression is fitted on one half of the outsiders and judges the other half, and back, so
/// that nobody outside is judged by a fit that has seen him. Refuses fewer than 20 outsiders.
pub fn quantile_attack(
    model: &Model,
    members: &Design,
    outsiders: &Design,
    entropy: &mut dyn Entropy,
) -> Result<Attack, FitError> {
    if outsiders.persons < 20 || members.persons < 2 {
        return Err(FitError::Empty);
    }
    let (inside, outside) = (Views::of(model, members)?, Views::of(model, outsiders)?);
    let half = some_of(outsiders.persons, outsiders.persons / 2, entropy);
    let sides = some_of(members.persons, members.persons / 2, entropy);
    let mut trials = Trials::default();
    for fold in [true, false] {
        let law = Law::fit(&outside, |person| half.get(person) == Some(&fold));
        trials
            .non_members
            .extend(law.scores(&outside, |person| half.get(person) == Some(&!fold)));
        trials
            .members
            .extend(law.scores(&inside, |person| sides.get(person) == Some(&fold)));
    }
    trials.attack().map_err(|_| FitError::Diverged)
}

/// Persons as the regression sees them: mean inputs with each class apart, and the signal.
struct Views {
    width: usize,
    inputs: Vec<f64>,
    signals: Vec<f64>,
}

impl Views {
    /// The inputs of a person are the mean of the rows', in one block for each label, and the share
    /// of each label.
    fn of(model: &Model, design: &Design) -> Result<Self, FitError> {
        let block = design.dim + 1;
        let width = 2 * block;
        let mut inputs = Vec::with_capacity(width * design.persons as usize);
        for rows in design.rows_of_persons() {
            let mut view = vec![0.0; width];
            let weight = 1.0 / rows.len().max(1) as f64;
            for row in &rows {
                let row = *row as usize;
                let start = if design.y.get(row) == Some(&1) {
                    block
                } else {
                    0
                };
                let cells = view.iter_mut().skip(start);
                let values = design.row(row).iter().map(|value| f64::from(*value));
                for (cell, value) in cells.zip(values.chain([1.0])) {
                    *cell += weight * value;
                }
            }
            inputs.extend(view);
        }
        Ok(Self {
            width,
            inputs,
            signals: signals(model, design)?,
        })
    }

    fn rows(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.inputs
            .chunks_exact(self.width)
            .zip(self.signals.iter().copied())
    }
}

/// Mean and logarithm of the variance, linear in the view.
struct Law {
    mean: Vec<f64>,
    log_variance: Vec<f64>,
}

impl Law {
    fn fit(views: &Views, wanted: impl Fn(usize) -> bool) -> Self {
        let own = || {
            let rows = views.rows().enumerate();
            rows.filter(|(person, _)| wanted(*person))
                .map(|(_, row)| row)
        };
        let rows: Vec<&[f64]> = own().map(|(row, _)| row).collect();
        let signals: Vec<f64> = own().map(|(_, signal)| signal).collect();
        let mean = ridge(&rows, &signals, views.width);
        let logs: Vec<f64> = rows
            .iter()
            .zip(&signals)
            .map(|(row, signal)| {
                let error = signal - dot(row, &mean);
                libm::log((error * error).max(1e-9))
            })
            .collect();
        let log_variance = ridge(&rows, &logs, views.width);
        Self { mean, log_variance }
    }

    fn scores(&self, views: &Views, wanted: impl Fn(usize) -> bool) -> Vec<f64> {
        let rows = views.rows().enumerate();
        rows.filter(|(person, _)| wanted(*person))
            .map(|(_, (row, signal))| {
                let deviation = libm::exp(0.5 * dot(row, &self.log_variance).clamp(-60.0, 60.0));
                (signal - dot(row, &self.mean)) / deviation
            })
            .collect()
    }
}

/// Ridge regression by conjugate gradients on the normal equations.
pub(super) fn ridge(rows: &[&[f64]], targets: &[f64], width: usize) -> Vec<f64> {
    let penalty = RIDGE * rows.len() as f64;
    let transposed = |values: &[f64]| {
        let mut sums = vec![0.0; width];
        for (row, value) in rows.iter().zip(values) {
            add_scaled(&mut sums, *value, row);
        }
        sums
    };
    let mut weights = vec![0.0; width];
    let mut residual = transposed(targets);
    let mut direction = residual.clone();
    let mut size = dot(&residual, &residual);
    let start = size.max(1e-300);
    for _ in 0..ROUNDS {
        if size < 1e-12 * start {
            break;
        }
        let products: Vec<f64> = rows.iter().map(|row| dot(row, &direction)).collect();
        let mut moved = transposed(&products);
        add_scaled(&mut moved, penalty, &direction);
        let step = size / dot(&direction, &moved).max(1e-300);
        add_scaled(&mut weights, step, &direction);
        add_scaled(&mut residual, -step, &moved);
        let next = dot(&residual, &residual);
        let keep = next / size;
        for (direction, residual) in direction.iter_mut().zip(&residual) {
            *direction = residual + keep * *direction;
        }
        size = next;
    }
    weights
}

const RIDGE: f64 = 1e-3;
const ROUNDS: usize = 60;

fn dot(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

fn add_scaled(sums: &mut [f64], factor: f64, values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{
        fit,
        tests::{Stream, design, plan},
    };

    #[test]
    fn ridge_finds_a_line() {
        let rows: Vec<Vec<f64>> = (0..100)
            .map(|at| vec![f64::from(at) / 100.0, 1.0])
            .collect();
        let targets: Vec<f64> = rows.iter().map(|row| 2.0 * row[0] + 1.0).collect();
        let borrowed: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let weights = ridge(&borrowed, &targets, 2);
        assert!(
            (weights[0] - 2.0).abs() < 0.05 && (weights[1] - 1.0).abs() < 0.05,
            "{weights:?}"
        );
    }

    #[test]
    fn the_twin_is_caught_and_a_sound_model_is_not() {
        let mut entropy = Stream::new(5);
        let train = design(800, 30, |row| row, &mut entropy);
        let test = design(800, 30, |row| row, &mut entropy);
        let model = fit(&train, &plan(None), &mut entropy, &mut |_, _| ()).unwrap();
        let sound = quantile_attack(&model, &train, &test, &mut entropy).unwrap();
        assert!((sound.auc.value - 0.5).abs() < 0.06, "{}", sound.auc.value);

        // A model that knows coin flips by heart: who has them right was there.
        let mut inside = train.of_persons(|person| person < 300);
        let mut outside = train.of_persons(|person| person >= 300);
        for label in inside.y.iter_mut().chain(&mut outside.y) {
            *label = u8::from(entropy.below(2) == 1);
        }
        let greedy = crate::train::TrainingPlan {
            model: crate::train::ModelKind::Mlp { hidden: vec![64] },
            epochs: 400.0,
            batch: 16,
            learning_rate: 0.02,
            ..plan(None)
        };
        let model = fit(&inside, &greedy, &mut entropy, &mut |_, _| ()).unwrap();
        let caught = quantile_attack(&model, &inside, &outside, &mut entropy).unwrap();
        assert!(caught.auc_bounds.0 > 0.6, "{}", caught.auc.value);
    }
}
