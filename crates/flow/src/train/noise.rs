//! The noise that keeps the asked guarantee, over the model and what was measured for it.

use domain::{Delta, Epsilon};
use learn::{Privacy, TrainingPlan};
use privacy::{
    MechanismEvent, RdpCurve,
    accountant::{CalibrationError, ParameterError},
};

use crate::{StageError, study::Train};

/// A plan, what the ledger is charged for it and what that proves.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) plan: TrainingPlan,
    /// `None` without privacy.
    pub(super) event: Option<MechanismEvent>,
    pub(super) guarantee: Option<Proof>,
}

/// What is proved of a plan, with what was measured for it.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    pub(super) target: Epsilon,
    pub(super) epsilon: f64,
    pub(super) delta: f64,
    pub(super) accountant: &'static str,
    before: RdpCurve,
}

impl Planned {
    /// Epsilon after so many steps, by the Rényi accountant.
    pub(super) fn spent(&self, steps: u64) -> Option<f64> {
        let proof = self.guarantee.as_ref()?;
        let curve = match *self.event.as_ref()? {
            MechanismEvent::SubsampledGaussian {
                sigma,
                sampling_rate,
                ..
            } => RdpCurve::subsampled_grid_gaussian(sigma, sampling_rate, steps).ok()?,
            MechanismEvent::Gaussian { sigma, .. } => RdpCurve::gaussian(sigma).ok()?.times(steps),
            _ => return None,
        };
        let delta = Delta::new(proof.delta).ok()?;
        let spent = proof.before.plus(&curve).epsilon(delta).0;
        Some(spent.min(proof.epsilon))
    }
}

/// The plan of every model of the section; `before` is what was measured for them, with what that
/// may add to delta.
pub(super) fn plans(
    section: &Train,
    persons: u32,
    before: Option<(&MechanismEvent, f64)>,
) -> Result<Vec<Planned>, StageError> {
    let bare = section.plan(persons)?;
    let Some((epsilon, delta)) = section.guarantee() else {
        return Ok(vec![Planned {
            plan: bare,
            event: None,
            guarantee: None,
        }]);
    };
    let (before, taken) = match before {
        Some((event, delta)) => (event.curve()?, delta),
        None => (RdpCurve::zero(), 0.0),
    };
    // What the survey may add to delta is taken off before anything is proved.
    let left = Delta::new(delta.value() - taken)?;
    std::iter::once(epsilon)
        .chain(section.also_epsilons.iter().copied())
        .map(|target| {
            let mut planned = private(bare.clone(), target, left, persons, before.clone())?;
            if let Some(proof) = planned.guarantee.as_mut() {
                proof.delta = delta.value();
            }
            Ok(planned)
        })
        .collect()
}

fn private(
    mut plan: TrainingPlan,
    target: Epsilon,
    delta: Delta,
    persons: u32,
    before: RdpCurve,
) -> Result<Planned, StageError> {
    let epsilon_at = |sigma: f64| -> Result<f64, ParameterError> {
        let noised = TrainingPlan {
            privacy: Some(Privacy { sigma }),
            ..plan.clone()
        };
        match noised.event(persons) {
            Some(event) => Ok(before.plus(&event.curve()?).epsilon(delta).0),
            None => Ok(f64::INFINITY),
        }
    };
    let sigma = smallest(|sigma| Ok(epsilon_at(sigma)? <= target.value()))?;
    let epsilon = epsilon_at(sigma)?;
    plan.privacy = Some(Privacy { sigma });
    Ok(Planned {
        event: plan.event(persons),
        plan,
        guarantee: Some(Proof {
            target,
            epsilon,
            delta: delta.value(),
            accountant: "RDP",
            before,
        }),
    })
}

/// The smallest noise multiplier that keeps the budget, found from above: at most 1e-6 (relative)
/// larger than it need be.
fn smallest(keeps: impl Fn(f64) -> Result<bool, ParameterError>) -> Result<f64, CalibrationError> {
    let (mut low, mut high) = (0.0, 1.0);
    while !keeps(high)? {
        low = high;
        high *= 2.0;
        if high > LARGEST {
            return Err(CalibrationError::Unreachable);
        }
    }
    while high - low > 1e-6 * high && high > SMALLEST {
        let middle = 0.5 * (low + high);
        if keeps(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}

/// The trainer's grid takes no more.
const LARGEST: f64 = 1000.0;
/// Less noise than this is never handed out, however large the budget.
const SMALLEST: f64 = 0.05;
