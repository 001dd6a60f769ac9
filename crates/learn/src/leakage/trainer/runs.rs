//! The runs of an audit.

use domain::{Delta, Entropy};
use privacy::attack::{
    OneRun,
    faults::{self, Finding},
};

use super::{
    Trainer,
    canaries::{Canaries, silent, sums},
};
use crate::{
    features::Design,
    train::{FitError, ModelKind, Privacy, TrainingPlan},
};

/// A trainer on the bench.
pub(super) struct Bench<'a, 'b> {
    pub(super) trainer: &'a mut Trainer<'b>,
    pub(super) plan: &'a TrainingPlan,
    pub(super) sigma: f64,
    pub(super) entropy: &'a mut dyn Entropy,
}

/// Repetitions of a run that is pure noise.
const REPEATS: usize = 24;
/// Columns of such a run.
const COLUMNS: usize = 64;
/// Persons of the table without signal for any kind of model.
const MANY: u32 = 10_000;
/// A step so small that the gradients of the first step are those of all.
const SMALL_STEP: f64 = 1e-4;

impl Bench<'_, '_> {
    /// Noise alone: over four steps of a logistic model, and over one step of the plan's own kind.
    pub(super) fn noise(&mut self) -> Result<Vec<Finding>, FitError> {
        let plan = small(self.sigma, 2, 4.0);
        let mut releases = Vec::with_capacity(REPEATS);
        for _ in 0..REPEATS {
            releases.push(self.sums(&silent(COLUMNS, 2), &plan)?);
        }
        let own = self.own_kind()?;
        let deviation = 2.0 * self.sigma;
        let mut floor = faults::noise_floor(&releases, deviation);
        let kind = faults::noise_floor(&own, self.sigma);
        if kind.p_value < floor.p_value {
            floor = kind;
        }
        let mut independent = faults::independence(&releases);
        let kind = faults::independence(&own);
        if kind.p_value < independent.p_value {
            independent = kind;
        }
        Ok(vec![floor, independent])
    }

    /// One step of the plan's own kind of model, with a step so large that the noise hides the
    /// random weights it started from.
    fn own_kind(&mut self) -> Result<Vec<Vec<f64>>, FitError> {
        let plan = TrainingPlan {
            model: self.plan.model.clone(),
            learning_rate: HUGE / self.sigma,
            ..small(self.sigma, 1, 1.0 / f64::from(MANY))
        };
        // Of so many persons hardly ever one is drawn who has a row.
        let design = silent(COLUMNS, MANY);
        (0..REPEATS).map(|_| self.sums(&design, &plan)).collect()
    }

    /// Noise of single steps while the batch drawn varies.
    pub(super) fn scale(&mut self) -> Result<Finding, FitError> {
        let mut plan = small(self.sigma, 16, 0.25);
        plan.epochs = 0.25;
        let design = silent(200, 64);
        let everybody = everybody(&design);
        let mut releases = Vec::new();
        for _ in 0..40 {
            let mut release = self.sums(&everybody, &plan)?;
            // The rows are empty, so only the bias feels them.
            release.pop();
            releases.push(release);
        }
        Ok(faults::constant_scale(&releases))
    }

    /// How often each canary took part in a hundred steps, with noise small enough to count.
    pub(super) fn participation(&mut self) -> Result<Finding, FitError> {
        let canaries = Canaries {
            count: 200,
            own: 4,
            rows: 1,
            empty: 0,
            persons: 200,
        };
        let plan = small(0.02, 20, 10.0);
        let sums = self.sums(&canaries.design(|_| true)?, &plan)?;
        // The gradient is (p - 1) over the canary's columns and the bias, clipped.
        let norm = 0.5 * libm::sqrt(5.0);
        let along = 0.5 * libm::sqrt(4.0) / norm.max(1.0);
        let counts: Vec<f64> = canaries
            .moves(&sums)
            .iter()
            .map(|moved| moved / along)
            .collect();
        let error = libm::sqrt(100.0) * 0.02 / along;
        Ok(faults::participation(&counts, 100, 0.1, error))
    }

    /// How far a person with one row and a long gradient moves the sum.
    pub(super) fn one_row(&mut self) -> Result<Finding, FitError> {
        self.influence("clip of a row", 99, 1)
    }

    /// How far a person with eight rows does.
    pub(super) fn many_rows(&mut self) -> Result<Finding, FitError> {
        self.influence("clip of a person", 3, 8)
    }

    fn influence(&mut self, name: &str, own: usize, rows: usize) -> Result<Finding, FitError> {
        let canaries = Canaries {
            count: 1,
            own,
            rows,
            empty: 0,
            persons: 4,
        };
        let plan = small(0.1, 4, 1.0);
        let design = canaries.design(|_| true)?;
        let mut moved = Vec::new();
        for _ in 0..REPEATS {
            let sums = self.sums(&design, &plan)?;
            moved.extend(canaries.moves(&sums));
        }
        Ok(faults::influence(name, &moved, 0.1))
    }

    /// The plan under test, its learning rate and kind aside, with canaries in or out by coin.
    pub(super) fn one_run(
        &mut self,
        persons: u32,
        count: u32,
        delta: Delta,
    ) -> Result<OneRun, FitError> {
        let canaries = Canaries {
            count: count as usize,
            own: 4,
            rows: 1,
            empty: 0,
            persons: persons.max(count),
        };
        let inside: Vec<bool> = (0..count).map(|_| self.entropy.below(2) == 1).collect();
        let design = canaries.design(|canary| inside.get(canary).copied().unwrap_or(false))?;
        let plan = TrainingPlan {
            epochs: self.plan.epochs,
            ..small(self.sigma, self.plan.batch, 1.0)
        };
        let scores = canaries.moves(&self.sums(&design, &plan)?);
        OneRun::of(&scores, &inside, delta, CONFIDENCE).map_err(|_| FitError::Diverged)
    }

    fn sums(&mut self, design: &Design, plan: &TrainingPlan) -> Result<Vec<f64>, FitError> {
        let model = (self.trainer)(design, plan, self.entropy)?;
        Ok(sums(&model, plan))
    }
}

/// A logistic plan with a clip of 1 and steps that change nothing.
fn small(sigma: f64, batch: u32, epochs: f64) -> TrainingPlan {
    TrainingPlan {
        model: ModelKind::Logistic,
        epochs,
        batch,
        clip: 1.0,
        learning_rate: SMALL_STEP,
        momentum: 0.0,
        knots: 0,
        averaging: false,
        privacy: Some(Privacy { sigma }),
    }
}

/// Weights of this size hide those a network starts from, which are below 1.
const HUGE: f64 = 1e4;
/// Of both lower bounds: a sound trainer is accused once in a thousand audits at most.
const CONFIDENCE: f64 = 0.999;

/// The silent table with every person in it, by turns of either label.
fn everybody(silent: &Design) -> Design {
    let persons = silent.persons;
    let mut whole = silent.clone();
    whole.rows = persons as usize;
    whole.x = vec![0.0; silent.dim * persons as usize];
    whole.y = (0..persons)
        .map(|person| u8::from(person % 2 == 0))
        .collect();
    whole.person_of_row = (0..persons).collect();
    whole
}
