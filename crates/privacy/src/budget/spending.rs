use serde::{Deserialize, Serialize};

/// What leaves for a spend: everything that was computed from rows of persons and leaves has one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Spending {
    /// A model.
    #[default]
    Training,
    /// The best of several models or settings, by private selection.
    HyperparameterSearch,
    /// When to stop, decided by noisy scores.
    EarlyStopping,
    /// Counts, sums, means, quantiles, histograms.
    Statistics,
    /// Noisy predictions about persons of the dataset.
    OutputRandomization,
    /// Rows whose values were randomised one by one.
    LocalPerturbation,
    /// How new data differs from old.
    DriftReport,
    /// How a model treats groups.
    FairnessReport,
    /// Figures of a model card.
    ModelCard,
    /// Synthetic rows.
    SyntheticData,
}

impl Spending {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 10] = [
        Self::Training,
        Self::HyperparameterSearch,
        Self::EarlyStopping,
        Self::Statistics,
        Self::OutputRandomization,
        Self::LocalPerturbation,
        Self::DriftReport,
        Self::FairnessReport,
        Self::ModelCard,
        Self::SyntheticData,
    ];

    /// Its word, as it stands in records and documents.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::HyperparameterSearch => "hyperparameter-search",
            Self::EarlyStopping => "early-stopping",
            Self::Statistics => "statistics",
            Self::OutputRandomization => "output-randomization",
            Self::LocalPerturbation => "local-perturbation",
            Self::DriftReport => "drift-report",
            Self::FairnessReport => "fairness-report",
            Self::ModelCard => "model-card",
            Self::SyntheticData => "synthetic-data",
        }
    }
}
