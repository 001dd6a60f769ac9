//! The noise that keeps the asked guarantee, over the model and what was measured for it.

use domain::{Delta, Epsilon};
use learn::{Privacy, TrainingPlan, train::CLIP_UNITS};
use privacy::{
    DeclaredPlan, MechanismEvent, RdpCurve,
    accountant::{Grid, ParameterError, SMALLEST_SIGMA, smallest_sigma},
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
    /// What the ledger is charged, by the Rényi accountant: a later study may adapt to this one.
    pub(super) charged: f64,
    before: RdpCurve,
}

/// How the noise is calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accountant {
    /// By the privacy loss distribution of the whole plan, which is declared before it begins.
    Declared,
    /// By Rényi divergences, as the ledger counts.
    Renyi,
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
    accountant: Accountant,
) -> Result<Vec<Planned>, StageError> {
    let bare = section.plan(persons)?;
    let Some((epsilon, delta)) = section.guarantee() else {
        return Ok(vec![Planned {
            plan: bare,
            event: None,
            guarantee: None,
        }]);
    };
    let taken = before.map_or(0.0, |(_, delta)| delta);
    let search = Search {
        bare,
        persons,
        before: before.map(|(event, _)| event.clone()),
        asked: delta,
        // What the survey may add to delta is taken off before anything is proved.
        left: Delta::new(delta.value() - taken)?,
    };
    std::iter::once(epsilon)
        .chain(section.also_epsilons.iter().copied())
        .map(|target| search.planned(target, accountant))
        .collect()
}

/// The search for the noise of one plan.
struct Search {
    bare: TrainingPlan,
    persons: u32,
    before: Option<MechanismEvent>,
    asked: Delta,
    left: Delta,
}

impl Search {
    fn planned(&self, target: Epsilon, accountant: Accountant) -> Result<Planned, StageError> {
        let safe = smallest_sigma(LARGEST, |sigma| Ok(self.renyi(sigma)? <= target.value()))?;
        let declared = match accountant {
            Accountant::Declared => self.declared(safe, target),
            Accountant::Renyi => None,
        };
        let (sigma, epsilon, accountant) = match declared {
            Some((sigma, epsilon)) => (sigma, epsilon, "PLD"),
            None => (safe, self.renyi(safe)?, "RDP"),
        };
        let plan = self.noised(sigma);
        Ok(Planned {
            event: plan.event(self.persons),
            guarantee: Some(Proof {
                target,
                epsilon,
                delta: self.asked.value(),
                accountant,
                charged: self.renyi(sigma)?,
                before: self.curve_before()?,
            }),
            plan,
        })
    }

    fn noised(&self, sigma: f64) -> TrainingPlan {
        TrainingPlan {
            privacy: Some(Privacy { sigma }),
            ..self.bare.clone()
        }
    }

    fn curve_before(&self) -> Result<RdpCurve, ParameterError> {
        self.before
            .as_ref()
            .map_or_else(|| Ok(RdpCurve::zero()), MechanismEvent::curve)
    }

    fn renyi(&self, sigma: f64) -> Result<f64, ParameterError> {
        match self.noised(sigma).event(self.persons) {
            Some(event) => Ok(self
                .curve_before()?
                .plus(&event.curve()?)
                .epsilon(self.left)
                .0),
            None => Ok(f64::INFINITY),
        }
    }

    /// Less noise than the Rényi accountant asks for, if the privacy loss distribution allows it,
    /// with the epsilon it proves.
    fn declared(&self, safe: f64, target: Epsilon) -> Option<(f64, f64)> {
        let proved = |sigma: f64| {
            let epsilon = self.loss(sigma, target)?;
            (epsilon <= target.value()).then_some(epsilon)
        };
        let (mut low, mut high) = (0.7 * safe, safe);
        let mut epsilon = proved(high)?;
        for _ in 0..13 {
            let middle = 0.5 * (low + high);
            if let Some(found) = proved(middle) {
                (high, epsilon) = (middle, found);
            } else {
                low = middle;
            }
        }
        (high >= SMALLEST_SIGMA).then_some((high, epsilon))
    }

    fn loss(&self, sigma: f64, target: Epsilon) -> Option<f64> {
        let event = self.noised(sigma).event(self.persons)?;
        let steps = self.bare.steps(self.persons) as f64;
        let grid = Grid {
            units: CLIP_UNITS,
            draws: COORDINATES * steps,
        };
        let delta = self.left.value() - grid.delta(sigma, target.value());
        let events: Vec<MechanismEvent> = self.before.iter().cloned().chain([event]).collect();
        let plan = DeclaredPlan::new(&events).ok()?;
        let epsilon = plan.epsilon_above(Delta::new(delta).ok()?);
        epsilon.is_finite().then_some(epsilon)
    }
}

/// More coordinates than any model of the trainer has: for the delta of the noise's grid.
const COORDINATES: f64 = 4_294_967_296.0;

/// The trainer's grid takes no more.
const LARGEST: f64 = 1000.0;
