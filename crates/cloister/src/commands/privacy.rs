//! `cloister privacy`: from noise to epsilon and back.

mod local;

use ::privacy::{MechanismEvent, RdpCurve, calibrate_sigma};
use domain::{Delta, Epsilon};
use serde_json::json;

use crate::{arguments::PrivacyVerb, codes, failure::Failure, screen::Screen};

pub(super) fn run(verb: &PrivacyVerb, screen: Screen) -> Result<(), Failure> {
    match *verb {
        PrivacyVerb::Epsilon {
            sigma,
            sampling,
            steps,
            delta,
        } => {
            let delta = self::delta(delta)?;
            let epsilon = epsilon_of(sigma, sampling, steps, delta)?;
            screen.result(
                &format!("epsilon {epsilon:.6} at delta {delta} (RDP accountant, add or remove one person)"),
                &json!({ "rdp": epsilon, "delta": delta, "pld": null }),
            );
        }
        PrivacyVerb::Perturb(ref perturb) => local::perturb(perturb, screen)?,
        PrivacyVerb::Estimate(ref estimate) => local::estimate(estimate, screen)?,
        PrivacyVerb::Sigma {
            epsilon,
            sampling,
            steps,
            delta,
        } => {
            let (epsilon, delta) = (self::epsilon(epsilon)?, self::delta(delta)?);
            let sigma = calibrate_sigma(epsilon, delta, sampling, steps)?;
            screen.result(
                &format!(
                    "sigma {sigma:.6} reaches epsilon {epsilon} at delta {delta} (RDP accountant)"
                ),
                &json!({ "sigma": sigma, "epsilon": epsilon, "delta": delta }),
            );
        }
    }
    Ok(())
}

fn epsilon_of(sigma: f64, sampling_rate: f64, steps: u64, delta: Delta) -> Result<f64, Failure> {
    let event = MechanismEvent::SubsampledGaussian {
        sigma,
        sampling_rate,
        steps,
    };
    let curve: RdpCurve = event.curve()?;
    Ok(curve.epsilon(delta).0)
}

/// An epsilon from the command line.
pub(super) fn epsilon(number: f64) -> Result<Epsilon, Failure> {
    Epsilon::new(number).map_err(|error| wrong(&error))
}

fn delta(number: f64) -> Result<Delta, Failure> {
    Delta::new(number).map_err(|error| wrong(&error))
}

fn wrong(error: &domain::BudgetError) -> Failure {
    Failure::new(
        codes::WORDS,
        error.to_string(),
        "correct the number on the command line",
    )
}
