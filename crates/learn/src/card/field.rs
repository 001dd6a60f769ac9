//! The fields of the card, with their names in CHAI v0.2 and their paragraphs in HTI-1:
//! `HTI-1 (4)(ii)` is 45 CFR 170.315(b)(11)(iv)(B)(4)(ii), source attributes of predictive decision
//! support.

use serde::{Deserialize, Serialize};

/// A part of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Who made it and when.
    Identity,
    /// What it is for.
    Uses,
    /// What it is not for.
    Warnings,
    /// How it was made.
    Development,
    /// What was measured.
    Measures,
    /// How privacy was kept, which neither list asks for.
    Privacy,
    /// How it is looked after.
    Maintenance,
}

impl Section {
    /// In the card's order.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Uses,
        Self::Warnings,
        Self::Development,
        Self::Measures,
        Self::Privacy,
        Self::Maintenance,
    ];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Identity => "Identity and release",
            Self::Uses => "Uses and directions",
            Self::Warnings => "Warnings",
            Self::Development => "Development",
            Self::Measures => "Measures",
            Self::Privacy => "Privacy",
            Self::Maintenance => "Maintenance and resources",
        }
    }
}

macro_rules! fields {
    ($($variant:ident, $section:ident, $title:literal, $source:literal;)+) => {
        /// A field of the card.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum CardField {
            $(#[doc = concat!($title, " (", $source, ").")] $variant,)+
        }

        impl CardField {
            /// In the card's order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The part it stands in.
            pub const fn section(self) -> Section {
                match self { $(Self::$variant => Section::$section),+ }
            }

            /// The name for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// Where the field comes from.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),+ }
            }
        }
    };
}

fields! {
    ModelName, Identity, "Model name", "CHAI BasicInfo";
    ModelDeveloper, Identity, "Developer", "CHAI BasicInfo, HTI-1 (1)(i)";
    DeveloperContact, Identity, "Contact", "CHAI BasicInfo, HTI-1 (1)(i)";
    Funding, Identity, "Funding source", "CHAI TransparencyInformation, HTI-1 (1)(ii)";
    Stage, Identity, "Stage", "CHAI ReleaseInfo";
    Date, Identity, "Date", "CHAI ReleaseInfo";
    Version, Identity, "Version", "CHAI ReleaseInfo";
    RegulatoryApproval, Identity, "Regulatory approval", "CHAI ReleaseInfo";
    Summary, Uses, "Summary", "CHAI ModelSummary";
    IntendedUse, Uses, "Intended use and workflow", "CHAI UsesAndDirections, HTI-1 (2)(i)";
    IntendedUsers, Uses, "Intended users", "CHAI UsesAndDirections, HTI-1 (2)(iii)";
    HowToUse, Uses, "How to use", "CHAI UsesAndDirections";
    TargetPopulation, Uses, "Target population", "CHAI UsesAndDirections, HTI-1 (2)(ii)";
    DecisionRole, Uses, "Role in the decision", "HTI-1 (2)(iv)";
    OutOfScope, Warnings, "Out of scope", "CHAI UsesAndDirections, HTI-1 (3)(i)";
    KnownRisks, Warnings, "Known risks and limitations", "CHAI Warnings, HTI-1 (3)(ii)";
    KnownBiases, Warnings, "Known biases or ethical considerations", "CHAI Warnings";
    ClinicalRisk, Warnings, "Clinical risk level", "CHAI Warnings";
    Output, Development, "Outcome and output", "CHAI AISystemFacts, HTI-1 (1)(iii)";
    OutputKind, Development, "Kind of output", "HTI-1 (1)(iv)";
    ModelType, Development, "Model type", "CHAI AISystemFacts";
    InputDataSource, Development, "Source of the input data", "CHAI AISystemFacts";
    InputFeatures, Development, "Input features", "CHAI AISystemFacts, HTI-1 (4)(ii)";
    DevelopmentData, Development, "Development data", "CHAI AISystemFacts";
    InclusionCriteria, Development, "Inclusion and exclusion", "HTI-1 (4)(i)";
    SensitiveVariables, Development, "Use of race, ethnicity, language, sex, age and social factors", "HTI-1 (4)(ii)";
    Representativeness, Development, "Representativeness of the training data", "HTI-1 (4)(iii)";
    Relevance, Development, "Relevance of the training data to the setting", "HTI-1 (4)(iv)";
    FairnessApproach, Development, "How the output is made fair", "HTI-1 (5)(i)";
    BiasMitigation, Development, "Bias mitigation", "CHAI AISystemFacts, HTI-1 (5)(ii)";
    TrainingProcedure, Development, "Training procedure", "CHAI AISystemFacts";
    Lineage, Development, "Lineage from source to model", "CHAI Transparency";
    TestData, Measures, "Test data", "CHAI KeyMetrics";
    Validity, Measures, "Validity in test data", "CHAI KeyMetrics, HTI-1 (7)(i)";
    Calibration, Measures, "Calibration", "CHAI KeyMetrics";
    Fairness, Measures, "Fairness in test data", "CHAI KeyMetrics, HTI-1 (7)(ii)";
    ExternalData, Measures, "External validation: data and setting", "HTI-1 (6)(i)";
    ExternalParty, Measures, "External validation: who did it", "HTI-1 (6)(ii)";
    ExternalRepresentativeness, Measures, "External validation: representativeness", "HTI-1 (6)(iii)";
    ExternalValidation, Measures, "External validation: process", "HTI-1 (6)(iv)";
    ExternalValidity, Measures, "Validity in external data", "HTI-1 (7)(iii)";
    ExternalFairness, Measures, "Fairness in external data", "HTI-1 (7)(iv)";
    OutcomeReferences, Measures, "References on outcomes", "CHAI Resources, HTI-1 (7)(v)";
    PrivacyGuarantee, Privacy, "Privacy guarantee", "Cloister";
    PrivacyUnit, Privacy, "Unit and adjacency", "Cloister";
    PrivacySpend, Privacy, "Privacy spend of the dataset", "Cloister";
    LeakageTests, Privacy, "Leakage tests", "Cloister";
    Robustness, Privacy, "Robustness against bent inputs", "Cloister";
    Deidentification, Privacy, "De-identification of the inputs", "Cloister";
    Security, Privacy, "Security", "CHAI AISystemFacts";
    PatientConsent, Privacy, "Patient consent or disclosure", "CHAI Resources";
    Monitoring, Maintenance, "Monitoring of validity", "CHAI OngoingMaintenance, HTI-1 (8)(i)";
    LocalValidity, Maintenance, "Validity in local data", "HTI-1 (8)(ii)";
    FairnessMonitoring, Maintenance, "Monitoring of fairness", "HTI-1 (8)(iii)";
    LocalFairness, Maintenance, "Fairness in local data", "HTI-1 (8)(iv)";
    UpdateSchedule, Maintenance, "Update schedule", "HTI-1 (9)(i)";
    CorrectionProcess, Maintenance, "Correction of poor performance", "HTI-1 (9)(ii)";
    Stakeholders, Maintenance, "Stakeholders consulted", "CHAI TransparencyInformation";
    Evaluations, Maintenance, "Evaluations and publications", "CHAI Resources";
}
