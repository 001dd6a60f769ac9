//! Training with and without privacy on the census table: time, and accuracy over ten seeds.

mod accuracy;
mod census;
mod opacus;
mod speed;

use domain::{Delta, Epsilon};
use learn::{Privacy, TrainingPlan};
use privacy::calibrate_sigma_declared;

use crate::{Outcome, sheet::Sheet, words::Words};

/// Fills the lines of training's speed.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    speed::measure(&census::Census::load()?, words, sheet)
}

/// Fills the lines of what training reaches.
pub fn measure_accuracy(words: &Words, sheet: &mut Sheet) -> Outcome {
    accuracy::measure(&census::Census::load()?, words, sheet)
}

/// The plan with the noise that reaches an epsilon at delta 1e-5, calibrated as the program does it.
fn private(
    plan: TrainingPlan,
    epsilon: f64,
    persons: u32,
) -> Result<TrainingPlan, Box<dyn std::error::Error>> {
    let (rate, steps) = (plan.sampling_rate(persons), plan.steps(persons));
    let (epsilon, delta) = (Epsilon::new(epsilon)?, Delta::new(1e-5)?);
    let sigma = calibrate_sigma_declared(epsilon, delta, rate, steps, None)?;
    Ok(TrainingPlan {
        privacy: Some(Privacy { sigma }),
        ..plan
    })
}
