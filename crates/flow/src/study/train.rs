//! The `[train]` section.

use domain::{Delta, Epsilon};
use learn::{ModelKind, TrainingPlan};
use serde::{Deserialize, Serialize};

use super::{StudyError, sense};

/// The `[train]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Train {
    /// The table to learn from.
    pub table: String,
    /// A separate table to test on; without one a share of the persons is held out.
    pub holdout_table: Option<String>,
    /// The share of persons held out when there is no such table.
    #[serde(default = "super::a_quarter")]
    pub holdout_share: f64,
    /// The column to predict and the value that counts as yes; of a number only the column. With
    /// `bounds = "charged"` the value may be left out where the column holds two: the last in
    /// alphabetical order counts as yes.
    pub target: learn::Target,
    /// For `linear`: the public range of the target, smaller number first; measured where it is left
    /// out with `bounds = "charged"`.
    pub target_range: Option<[f64; 2]>,
    /// The inputs, with public bounds and public lists of values.
    #[serde(default)]
    pub features: Vec<learn::Feature>,
    /// Where bounds and words of further inputs come from.
    #[serde(default)]
    pub bounds: Bounds,
    /// The further inputs whose bounds and words are measured. With `bounds = "charged"` and neither
    /// these nor `features`, every column but person and target.
    #[serde(default)]
    pub columns: Vec<String>,
    /// `logistic`, `linear`, `mlp`, `cnn` or `gbdt`.
    pub model: String,
    /// Width of the hidden layers of an `mlp`.
    #[serde(default)]
    pub hidden: Vec<usize>,
    /// Lines of the grid of a `cnn`; 1 is a sequence.
    pub height: Option<usize>,
    /// Side of the kernels of a `cnn`.
    pub kernel: Option<usize>,
    /// Number of the kernels of a `cnn`.
    pub channels: Option<usize>,
    /// Number of the trees of a `gbdt`.
    pub trees: Option<u32>,
    /// Depth of the trees of a `gbdt`.
    pub depth: Option<u32>,
    /// The guarantee; needed unless `without_privacy`.
    pub epsilon: Option<Epsilon>,
    /// The guarantee; needed unless `without_privacy`.
    pub delta: Option<Delta>,
    /// No guarantee: only on de-identified data, and marked wherever the model goes.
    #[serde(default)]
    pub without_privacy: bool,
    /// Further models at these epsilons, each charged to the budget, for the curve in the report.
    #[serde(default)]
    pub also_epsilons: Vec<Epsilon>,
    /// Passes over the persons.
    pub epochs: Option<f64>,
    /// Expected persons in a step: a public constant.
    pub batch: Option<u32>,
    /// L2 bound on one person's gradient.
    #[serde(default = "super::one")]
    pub clip: f64,
    /// Step size.
    pub learning_rate: Option<f64>,
    /// Momentum.
    #[serde(default = "super::momentum")]
    pub momentum: f64,
    /// Public, even knots over which a number is spread before it enters; 0 for none.
    pub knots: Option<u32>,
    /// Whether the model is the mean of the weights over the second half of the steps.
    pub averaging: Option<bool>,
    /// A column whose groups are made independent of the label before training (reweighing, Kamiran
    /// and Calders 2012); with privacy its counts are noisy and charged.
    pub reweigh: Option<String>,
    /// Whether a model without the weights is fitted too, and charged, so that validation shows
    /// before and after.
    #[serde(default = "super::yes")]
    pub reweigh_before: bool,
}

/// Where bounds and words come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bounds {
    /// From what is known beforehand: they stand in the file.
    #[default]
    Public,
    /// From noisy counts of the data, charged to the budget together with the model; without
    /// privacy from exact counts.
    Charged,
}

impl Train {
    /// The kind of model that the section asks for.
    pub fn kind(&self) -> Result<ModelKind, StudyError> {
        Ok(match self.model.as_str() {
            "logistic" => ModelKind::Logistic,
            "linear" => {
                // Until it is measured the range is the unit's.
                let measured = (self.bounds == Bounds::Charged).then_some([0.0, 1.0]);
                let [min, max] = self.target_range.or(measured).ok_or_else(|| {
                    sense("a `linear` model needs target_range = [smallest, largest], public bounds of the target")
                })?;
                ModelKind::Linear { min, max }
            }
            "mlp" if self.hidden.is_empty() => {
                return Err(sense("an `mlp` needs `hidden`, for example hidden = [32]"));
            }
            "mlp" => ModelKind::Mlp {
                hidden: self.hidden.clone(),
            },
            "cnn" => ModelKind::Cnn {
                height: self.height.unwrap_or(1),
                kernel: self.kernel.unwrap_or(3),
                channels: self.channels.unwrap_or(8),
            },
            "gbdt" => ModelKind::Gbdt {
                trees: self.trees.unwrap_or(40),
                depth: self.depth.unwrap_or(6),
            },
            _ => {
                return Err(sense(
                    "the model is `logistic`, `linear`, `mlp`, `cnn` or `gbdt`",
                ));
            }
        })
    }

    /// The plan without its noise; what the section leaves out are constants of the program, and a
    /// batch that suits the public number of persons.
    pub fn plan(&self, persons: u32) -> Result<TrainingPlan, StudyError> {
        let own = TrainingPlan::new(self.kind()?).for_persons(persons);
        // A file that says how to descend says everything: what it leaves out is off.
        let whole = self.learning_rate.is_none();
        Ok(TrainingPlan {
            epochs: self.epochs.unwrap_or(own.epochs),
            batch: self.batch.unwrap_or(own.batch),
            clip: self.clip,
            learning_rate: self.learning_rate.unwrap_or(own.learning_rate),
            momentum: self.momentum,
            knots: self.knots.unwrap_or(if whole { own.knots } else { 0 }),
            averaging: self.averaging.unwrap_or(whole && own.averaging),
            ..own
        })
    }

    /// The guarantee, unless there is none.
    pub fn guarantee(&self) -> Option<(Epsilon, Delta)> {
        self.epsilon
            .zip(self.delta)
            .filter(|_| !self.without_privacy)
    }

    pub(super) fn check(&self, budget: bool) -> Result<(), StudyError> {
        if self.without_privacy {
            if !self.also_epsilons.is_empty() {
                return Err(sense("a model without privacy has no `also_epsilons`"));
            }
        } else if self.guarantee().is_none() {
            return Err(sense(
                "[train] needs `epsilon` and `delta`, or `without_privacy = true`",
            ));
        } else if !budget {
            return Err(sense(
                "[train] needs a [budget]: what may ever be spent on this dataset",
            ));
        }
        if self.features.is_empty() && self.bounds == Bounds::Public {
            return Err(sense("[train] names no features"));
        }
        if self.bounds == Bounds::Public && !self.columns.is_empty() {
            return Err(sense(
                "`columns` are measured: they need bounds = \"charged\"",
            ));
        }
        let regression = self.kind()?.is_regression();
        let wordless = self.target.positive.trim().is_empty();
        if (regression && !wordless) || (!regression && wordless && self.bounds == Bounds::Public) {
            return Err(sense(
                "a target has the word that counts as yes (`positive`), a `linear` one has none",
            ));
        }
        if self.reweigh.is_some() && regression {
            return Err(sense(
                "`reweigh` needs a yes-or-no target: a `linear` model has none",
            ));
        }
        let given = [self.epochs, Some(self.clip), self.learning_rate];
        let positive = |number: &f64| number.is_finite() && *number > 0.0;
        if !given.iter().flatten().all(positive) || self.batch == Some(0) {
            return Err(sense(
                "epochs, batch, clip and learning_rate must be above zero",
            ));
        }
        if !(0.05..=0.9).contains(&self.holdout_share) {
            return Err(sense("holdout_share lies between 0.05 and 0.9"));
        }
        self.plan(1)?
            .check()
            .map_err(|error| sense(error.to_string()))
    }
}
