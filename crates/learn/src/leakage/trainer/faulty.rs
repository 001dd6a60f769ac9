//! Trainers with one fault each, rebuilt in plain floating point: what the audit must find.

use domain::Entropy;

use crate::{
    features::Design,
    model::{Layer, Model},
    train::{TrainingPlan, tests::Stream},
};

/// What is wrong with a trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// The bias gets no noise.
    SilentBias,
    /// Persons are drawn twice as often as billed.
    WrongRate,
    /// The mean gradient of the batch is clipped, not each person's.
    ClipAfterSum,
    /// The noise of every run comes from one seed.
    ReusedSeed,
    /// The noise of every step of a run is the same.
    SameNoiseEveryStep,
    /// The step divides by the batch drawn.
    ByBatchDrawn,
    /// Persons are shuffled into batches, each once an epoch.
    Shuffled,
    /// Each row is clipped, not each person.
    RowsUnbundled,
}

/// Logistic regression by noisy gradients, with a fault.
pub(super) fn fit_with(
    fault: Fault,
    design: &Design,
    plan: &TrainingPlan,
    entropy: &mut dyn Entropy,
) -> Model {
    let mut fixed = Stream::new(42);
    let sigma = plan.privacy.map_or(0.0, |privacy| privacy.sigma) * plan.clip;
    let mut weights = vec![0.0; design.dim + 1];
    let rows = design.rows_of_persons();
    let mut order = Vec::new();
    for _ in 0..plan.steps(design.persons) {
        let drawn = draw(fault, design, plan, &mut order, entropy);
        let mut sum = vec![0.0; design.dim + 1];
        for person in &drawn {
            add_person(fault, design, &rows[*person], &weights, plan.clip, &mut sum);
        }
        if fault == Fault::ClipAfterSum {
            let share = f64::from(plan.batch);
            scale(&mut sum, 1.0 / share);
            clip(&mut sum, plan.clip);
            scale(&mut sum, share);
        }
        if fault == Fault::SameNoiseEveryStep {
            // One seed for all steps of the run.
            fixed = Stream::new(drawn_seed(&mut order, entropy));
        }
        let noise: &mut dyn Entropy = match fault {
            Fault::ReusedSeed | Fault::SameNoiseEveryStep => &mut fixed,
            _ => &mut *entropy,
        };
        let last = sum.len() - 1;
        for (at, value) in sum.iter_mut().enumerate() {
            if !(fault == Fault::SilentBias && at == last) {
                *value += sigma * normal(noise);
            }
        }
        let by = if fault == Fault::ByBatchDrawn {
            drawn.len().max(1) as f64
        } else {
            f64::from(plan.batch)
        };
        for (weight, value) in weights.iter_mut().zip(&sum) {
            *weight -= plan.learning_rate * value / by;
        }
    }
    model(design, plan, &weights)
}

/// The run's own seed: the first call draws it and keeps it in the (otherwise unused) order.
fn drawn_seed(order: &mut Vec<usize>, entropy: &mut dyn Entropy) -> u64 {
    if order.is_empty() {
        order.push(usize::try_from(entropy.below(u64::from(u32::MAX))).unwrap());
    }
    order[0] as u64
}

fn draw(
    fault: Fault,
    design: &Design,
    plan: &TrainingPlan,
    order: &mut Vec<usize>,
    entropy: &mut dyn Entropy,
) -> Vec<usize> {
    let persons = design.persons as usize;
    if fault == Fault::Shuffled {
        let batch = (plan.batch as usize).min(persons);
        if order.len() < batch {
            *order = (0..persons).collect();
            for last in (1..persons).rev() {
                let other = usize::try_from(entropy.below(last as u64 + 1)).unwrap();
                order.swap(last, other);
            }
        }
        return order.split_off(order.len() - batch);
    }
    let rate = plan.sampling_rate(design.persons);
    let rate = if fault == Fault::WrongRate {
        (2.0 * rate).min(1.0)
    } else {
        rate
    };
    (0..persons).filter(|_| entropy.unit() < rate).collect()
}

fn add_person(
    fault: Fault,
    design: &Design,
    rows: &[u32],
    weights: &[f64],
    bound: f64,
    sum: &mut [f64],
) {
    let mut own = vec![0.0; sum.len()];
    for row in rows {
        let row = *row as usize;
        let cells: Vec<f64> = design
            .row(row)
            .iter()
            .map(|value| f64::from(*value))
            .chain([1.0])
            .collect();
        let logit: f64 = cells.iter().zip(weights).map(|(x, w)| x * w).sum();
        let delta = 1.0 / (1.0 + libm::exp(-logit)) - f64::from(design.y[row]);
        let mut gradient: Vec<f64> = cells.iter().map(|x| delta * x).collect();
        if fault == Fault::RowsUnbundled {
            clip(&mut gradient, bound);
        }
        own.iter_mut().zip(&gradient).for_each(|(own, g)| *own += g);
    }
    if !matches!(fault, Fault::RowsUnbundled | Fault::ClipAfterSum) {
        clip(&mut own, bound);
    }
    sum.iter_mut().zip(&own).for_each(|(sum, own)| *sum += own);
}

fn clip(vector: &mut [f64], bound: f64) {
    let norm = libm::sqrt(vector.iter().map(|value| value * value).sum::<f64>());
    if norm > bound {
        scale(vector, bound / norm);
    }
}

fn normal(entropy: &mut dyn Entropy) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - entropy.unit()));
    radius * libm::cos(2.0 * std::f64::consts::PI * entropy.unit())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "weights are single precision"
)]
fn model(design: &Design, plan: &TrainingPlan, weights: &[f64]) -> Model {
    let (bias, weights) = weights.split_last().unwrap();
    Model {
        knots: 0,
        trees: Vec::new(),
        spec: design.spec.clone(),
        kind: plan.model.clone(),
        layers: vec![Layer {
            inputs: design.dim,
            outputs: 1,
            weights: weights.iter().map(|weight| *weight as f32).collect(),
            bias: vec![*bias as f32],
        }],
    }
}

fn scale(vector: &mut [f64], factor: f64) {
    for value in vector {
        *value *= factor;
    }
}
