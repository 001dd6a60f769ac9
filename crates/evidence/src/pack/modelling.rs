use domain::DatasetId;
use serde::{Deserialize, Serialize};

/// How a model was fitted and the privacy cost that was proved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The estimator, such as `logistic regression`.
    pub estimator: String,
    /// The target column.
    pub target: String,
    /// Feature columns.
    pub features: Vec<String>,
    /// Rows trained on.
    pub rows: u64,
    /// Persons trained on; the unit whose influence is bounded.
    pub persons: u64,
    /// Passes over the data.
    pub epochs: f64,
    /// Expected batch size.
    pub batch: f64,
    /// Learning rate.
    pub learning_rate: f64,
    /// Clipping norm.
    pub clip_norm: f64,
    /// Noise multiplier sigma; zero only when trained without privacy.
    pub sigma: f64,
    /// Poisson sampling rate.
    pub sampling_rate: f64,
    /// Gradient steps.
    pub steps: u64,
    /// Epsilon proved; absent when trained without privacy.
    pub epsilon: Option<f64>,
    /// Delta it is proved for.
    pub delta: Option<f64>,
    /// Neighbouring relation, such as `add or remove one person`.
    pub adjacency: String,
    /// Unit of privacy: `person` or `row`.
    pub unit: String,
    /// The accountant, such as `RDP`.
    pub accountant: String,
    /// Where the noise comes from.
    pub noise: String,
    /// Accuracy against epsilon, one point a trained model; absent unless several were trained.
    pub accuracy_against_epsilon: Option<Vec<EpsilonPoint>>,
}

/// One trained model of the accuracy-against-epsilon series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpsilonPoint {
    /// Epsilon; absent for the model trained without privacy.
    pub epsilon: Option<f64>,
    /// Accuracy on held-out rows.
    pub accuracy: f64,
    /// Whether this is the model that was registered.
    pub chosen: bool,
}

/// The privacy budget of a dataset and what was spent of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The dataset whose persons the budget protects.
    pub dataset: DatasetId,
    /// Epsilon allowed in all.
    pub cap_epsilon: f64,
    /// Delta allowed in all.
    pub cap_delta: f64,
    /// Spends in order.
    pub spends: Vec<BudgetSpend>,
    /// Epsilon left.
    pub remaining_epsilon: f64,
    /// Delta left.
    pub remaining_delta: f64,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetSpend {
    /// What it was spent on.
    pub what: String,
    /// Epsilon.
    pub epsilon: f64,
    /// Delta.
    pub delta: f64,
    /// `reserved`, `committed` or `inherited`.
    pub state: String,
    /// Index of its entry in the audit log.
    pub log_index: Option<u64>,
}

/// How good the model is, for whom, and what it leaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// How the figures were made, and how far they may go; empty in older packs.
    #[serde(default)]
    pub basis: String,
    /// Rows held out.
    pub rows: u64,
    /// Accuracy on them; absent where it is not shown.
    pub accuracy: Option<Measure>,
    /// Accuracy of always saying the more frequent class.
    pub majority_accuracy: Option<f64>,
    /// Area under the ROC curve.
    pub auc: Option<Measure>,
    /// Per-subgroup rows; small cells are suppressed.
    pub subgroups: Vec<SubgroupRow>,
    /// Cells below this size are suppressed.
    pub smallest_cell: u64,
    /// Membership attack against the model.
    pub membership: Option<AttackResult>,
    /// The same attack against an overfit twin, which it must catch.
    pub positive_control: Option<AttackResult>,
    /// Stronger attacks, at a false positive rate of one in a thousand.
    #[serde(default)]
    pub attacks: Vec<AttackRow>,
    /// The audit of the trainer, attribute inference, inversion, robustness.
    #[serde(default)]
    pub probes: Vec<ProbeRow>,
    /// Fairness between groups.
    #[serde(default)]
    pub fairness: Vec<FairnessRow>,
    /// Gates in the order they were tried.
    pub gates: Vec<GateRow>,
}

/// One attack at a false positive rate of one in a thousand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttackRow {
    /// The attack.
    pub attack: String,
    /// Members and non-members tried, over all models.
    pub trials: u64,
    /// The share of members found among models trained as this one was.
    pub found: Measure,
    /// The share of members of this very model, where it was attacked on its own.
    pub found_in_model: Option<Measure>,
    /// The share found where training overfits on purpose.
    pub found_in_control: Measure,
    /// The largest share that the guarantee, or an officer, allows.
    pub limit: f64,
    /// `held`, `leaks` or `no evidence`.
    pub verdict: String,
}

/// One further test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeRow {
    /// What was tested.
    pub probe: String,
    /// What was measured.
    pub measured: String,
    /// What it is held against.
    pub against: String,
    /// Whether it held; absent where there is no limit.
    pub holds: Option<bool>,
}

/// One measure of fairness over the groups of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FairnessRow {
    /// The column that makes the groups.
    pub attribute: String,
    /// The measure.
    pub measure: String,
    /// Its value; absent when it would show small cells.
    pub value: Option<Measure>,
    /// The value where nothing differs: 0 for differences, 1 for ratios.
    pub equality: f64,
}

/// A measured value with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The value.
    pub value: f64,
    /// Its interval.
    pub interval: Option<Interval>,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level, such as 0.95.
    pub level: f64,
}

/// The model's quality in one subgroup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubgroupRow {
    /// The column that makes the group.
    pub attribute: String,
    /// The group's value of that column, after de-identification.
    pub group: String,
    /// Rows; absent when suppressed.
    pub rows: Option<u64>,
    /// Accuracy; absent when suppressed.
    pub accuracy: Option<Measure>,
    /// Area under the ROC curve; absent when suppressed or undefined.
    pub auc: Option<Measure>,
    /// Share predicted positive; absent when suppressed.
    pub selection_rate: Option<f64>,
    /// Share of true positives found; absent when suppressed.
    pub true_positive_rate: Option<f64>,
    /// Why the row is suppressed, when it is.
    pub suppressed: Option<String>,
}

/// One membership-inference attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttackResult {
    /// The attack's name.
    pub attack: String,
    /// Members and non-members tried.
    pub trials: u64,
    /// AUC of telling members from non-members; 0.5 is guessing.
    pub auc: Measure,
    /// True-positive rate at 1 % false positives, where computed.
    pub tpr_at_one_percent: Option<f64>,
    /// The least epsilon this attack proves, where computed.
    pub epsilon_lower_bound: Option<f64>,
}

/// One gate and whether it held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRow {
    /// What the gate asks for.
    pub gate: String,
    /// The bound in words, such as `at least 0.84`.
    pub bound: String,
    /// What was measured.
    pub measured: String,
    /// Whether it held.
    pub holds: bool,
}
