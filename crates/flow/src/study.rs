//! The study file: what is asked, on which data, under which limits.

// The path is said because the fuzz targets compile this file alone, from elsewhere.
#[path = "study/train.rs"]
mod train;

use std::collections::BTreeMap;

use domain::{
    Code, DatasetId, Delta, Epsilon, Explain, LegalBasis, ModelId, Purpose, Stage, StudyId,
};
use phi::{
    columns::ColumnOverride,
    plan::{AgeStyle, Plan, PlanError, Tightening},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes;

pub use train::{Bounds, Train};

/// A study as its file says it (TOML); unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields are the sections of the file"
)]
pub struct Study {
    /// Who asks, what for, and why it is permitted.
    pub study: Declaration,
    /// The files and the columns the study needs; nothing else is taken in. Without one the study
    /// works on the newest version of its `dataset`, which the instance holds already.
    #[serde(default)]
    pub source: Vec<Source>,
    /// How identifiers are taken out. Absent: the stage is not asked for.
    pub deidentify: Option<Deidentify>,
    /// Which risk is measured and where the gate stands.
    pub assess: Option<Assess>,
    /// The dataset's lifetime privacy budget.
    pub budget: Option<Cap>,
    /// What is learnt, and under which guarantee.
    pub train: Option<Train>,
    /// How the model is tested.
    pub validate: Option<Validate>,
    /// Under which name the model is registered.
    pub register: Option<Register>,
    /// What predictions look like when they leave.
    pub serve: Option<Serve>,
    /// What new data is compared with.
    pub monitor: Option<Monitor>,
}

/// Purpose, legal basis and owner: 45 CFR 164.502(a), 164.514(d), 164.530(j).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The study's id.
    pub name: StudyId,
    /// One line for people.
    pub title: String,
    /// What the data is used for.
    pub purpose: Purpose,
    /// Why that is permitted.
    pub legal_basis: LegalBasis,
    /// Who answers for the data: a team or an office, not a patient.
    pub owner: String,
    /// The dataset's id; the study's name when absent.
    pub dataset: Option<DatasetId>,
}

/// One file (or several of one shape) that becomes one or more tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Path or paths, relative to the study file; a folder stands for the files in it.
    pub path: Paths,
    /// `csv`, `parquet`, `jsonl`, `text` or `fhir`; found by content when absent.
    pub format: Option<String>,
    /// The table's name; needed for everything but `fhir`.
    pub table: Option<String>,
    /// The column that says which person a row belongs to; without one each row is its own person.
    pub person: Option<String>,
    /// Columns that must not repeat a value (record ids).
    #[serde(default)]
    pub unique: Vec<String>,
    /// The columns to take in (minimum necessary); everything else is left out and counted.
    #[serde(default)]
    pub columns: Vec<String>,
    /// For `fhir`: table name to columns.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<String>>,
}

/// One path or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Paths {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Paths {
    /// The paths in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(path) => std::slice::from_ref(path).iter(),
            Self::Many(paths) => paths.iter(),
        }
        .map(String::as_str)
    }
}

/// The `[deidentify]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deidentify {
    /// The plan that the study starts from; a study knows `safe-harbor` only.
    pub plan: String,
    /// Kinds that this study handles more strictly than the plan does: `{ date = "suppress" }`.
    /// What would show more than the plan is refused.
    #[serde(default, skip_serializing_if = "is_untightened")]
    pub tighten: Tightening,
    /// Corrections to the field map: table, column, and what the column holds. Declaring a found
    /// identifier to be harmless is refused under Safe Harbor.
    #[serde(default)]
    pub columns: BTreeMap<String, BTreeMap<String, ColumnOverride>>,
}

impl Deidentify {
    /// The plan as this study tightens it. Numeric ages stay numbers, 90 standing for "90 or older".
    pub fn plan(&self) -> Result<Plan, PlanError> {
        safe_harbor().tightened_by(&self.tighten)
    }
}

/// The plan that studies start from.
pub(crate) fn safe_harbor() -> Plan {
    Plan {
        ages: AgeStyle::TopCode,
        ..Plan::safe_harbor()
    }
}

fn is_untightened(tighten: &Tightening) -> bool {
    tighten.actions.is_empty()
}

/// The `[assess]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assess {
    /// The table to measure.
    pub table: String,
    /// The quasi-identifiers.
    pub quasi: Vec<String>,
    /// Column to band width (a number) or prefix length, applied to the released table.
    #[serde(default)]
    pub generalize: BTreeMap<String, Recoding>,
    /// Records in classes smaller than this are left out of the released table.
    pub suppress_below: Option<u32>,
    /// Gate: the smallest class must have at least this many records.
    pub k_min: Option<u32>,
    /// Gate: highest prosecutor risk.
    pub prosecutor_max: Option<f64>,
    /// Gate: average prosecutor (= marketer) risk.
    pub average_max: Option<f64>,
    /// Gate: share of records that are alone in their class.
    pub uniqueness_max: Option<f64>,
}

/// One generalisation of one quasi-identifier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Recoding {
    /// Numbers to bands of this width, aligned at zero.
    Band(u32),
    /// Text to its first characters.
    Prefix(u32),
}

/// The `[budget]` section: what may ever be spent on this dataset and all that derives from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Lifetime epsilon.
    pub epsilon: Epsilon,
    /// Lifetime delta.
    pub delta: Delta,
}

/// The `[validate]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validate {
    /// Columns whose groups are reported one by one.
    #[serde(default)]
    pub subgroups: Vec<String>,
    /// Gate.
    pub accuracy_min: Option<f64>,
    /// Gate.
    pub auc_min: Option<f64>,
    /// Shadow models of the membership attacks: 8 to 512.
    #[serde(default = "sixteen")]
    pub shadows: u32,
    /// What thresholds by group shall make equal: `demographic` or `equalized-odds`.
    pub mitigate: Option<learn::fairness::Parity>,
    /// What the figures that leave may cost: quality and fairness with noise, charged. Without it
    /// figures of identified data stay in the instance.
    pub figures_epsilon: Option<Epsilon>,
}

impl Default for Validate {
    fn default() -> Self {
        Self {
            subgroups: Vec::new(),
            accuracy_min: None,
            auc_min: None,
            shadows: sixteen(),
            mitigate: None,
            figures_epsilon: None,
        }
    }
}

/// The `[register]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The model's id.
    pub name: ModelId,
    /// For the card: what it is for.
    pub intended_use: Option<String>,
    /// For the card: where it must not be used.
    pub out_of_scope: Option<String>,
    /// For the card: what only people know, by the name of the field. What the run measured itself
    /// cannot be overwritten.
    #[serde(default)]
    pub card: BTreeMap<learn::card::CardField, String>,
}

/// The `[serve]` section: the output filter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// Decimals of a score.
    #[serde(default = "two")]
    pub decimals: u32,
    /// Randomised response on the label with this epsilon per answer; scores are then withheld.
    pub randomize_epsilon: Option<Epsilon>,
    /// What the answers to one caller may cost together; the model then answers only with noise.
    #[serde(default)]
    pub budget_epsilon: Option<Epsilon>,
    /// How many encrypted records one caller may have scored; half the model's inputs when absent.
    #[serde(default)]
    pub encrypted_answers: Option<u64>,
}

impl Default for Serve {
    /// Scores rounded to two decimals.
    fn default() -> Self {
        Self {
            decimals: two(),
            randomize_epsilon: None,
            budget_epsilon: None,
            encrypted_answers: None,
        }
    }
}

/// The `[monitor]` section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitor {
    /// A newer file with the same columns; the hold-out when absent.
    pub path: Option<String>,
    /// Alert at this population stability index.
    #[serde(default = "a_quarter")]
    pub psi_alert: f64,
    /// What the noisy baseline, and each drift report that leaves, may cost. Without it drift
    /// reports on identified data stay in the instance.
    pub figures_epsilon: Option<Epsilon>,
}

const fn a_quarter() -> f64 {
    0.25
}
const fn one() -> f64 {
    1.0
}
const fn momentum() -> f64 {
    0.9
}
const fn sixteen() -> u32 {
    16
}
const fn two() -> u32 {
    2
}
const fn yes() -> bool {
    true
}

/// Why a study file is not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Not the TOML of a study.
    #[error("the study file does not parse (line {line}): {reason}")]
    Syntax {
        /// 1-based; 0 when unknown.
        line: usize,
        /// What the parser says; study files hold no patient data.
        reason: String,
    },
    /// It parses but asks for something impossible.
    #[error("the study file asks for something impossible: {0}")]
    Sense(String),
    /// The name of its dataset is kept for keys.
    #[error(
        "a dataset cannot be called `{name}`: names that begin with `{prefix}` are kept for keys"
    )]
    Reserved {
        /// The name.
        name: DatasetId,
        /// How it begins.
        prefix: &'static str,
    },
    /// It would change the de-identification plan in a way that cannot be.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl Explain for StudyError {
    fn code(&self) -> Code {
        match self {
            Self::Syntax { .. } => codes::STUDY_SYNTAX,
            Self::Sense(_) => codes::STUDY_SENSE,
            Self::Reserved { .. } => codes::RESERVED_NAME,
            Self::Plan(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Plan(error) => return error.help(),
            Self::Reserved { .. } => "give the study another `dataset`",
            _ => "correct the study file; `examples/` holds three that run, docs/stages describes each section",
        }
        .to_owned()
    }
}

impl Study {
    /// Parses and checks a study file.
    pub fn parse(text: &str) -> Result<Self, StudyError> {
        let study: Self = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        study.check()?;
        Ok(study)
    }

    /// The dataset the sources become.
    pub fn dataset(&self) -> Result<DatasetId, StudyError> {
        let dataset = match &self.study.dataset {
            Some(dataset) => dataset.clone(),
            None => DatasetId::new(self.study.name.as_str())
                .map_err(|error| sense(error.to_string()))?,
        };
        check_name(dataset)
    }

    /// Whether the file asks for a stage.
    pub const fn asks_for(&self, stage: Stage) -> bool {
        match stage {
            Stage::Ingest | Stage::Classify | Stage::Encrypt => !self.source.is_empty(),
            Stage::Deidentify => self.deidentify.is_some(),
            Stage::Assess => self.assess.is_some(),
            Stage::Train => self.train.is_some(),
            Stage::Validate => self.validate.is_some(),
            Stage::Register => self.register.is_some(),
            Stage::Serve => self.serve.is_some(),
            Stage::Monitor => self.monitor.is_some(),
        }
    }

    fn check(&self) -> Result<(), StudyError> {
        self.dataset()?;
        if self.source.is_empty() {
            self.check_sourceless()?;
        }
        self.source.iter().try_for_each(check_source)?;
        self.check_plan()?;
        self.check_training()?;
        self.check_validation()?;
        self.check_order()
    }

    fn check_plan(&self) -> Result<(), StudyError> {
        match &self.deidentify {
            Some(section) if section.plan != "safe-harbor" => Err(sense(
                "a study de-identifies under `safe-harbor`, which `tighten` makes stricter; other \
                 plans are for files: `cloister deid --plan`",
            )),
            Some(section) => Ok(section.plan().map(drop)?),
            None => Ok(()),
        }
    }

    fn check_validation(&self) -> Result<(), StudyError> {
        let shadows = self.validate.as_ref().map_or(16, |section| section.shadows);
        if !(8..=512).contains(&shadows) {
            return Err(sense("[validate] shadows lies between 8 and 512"));
        }
        if self.charges_figures() && self.budget.is_none() {
            return Err(sense(
                "`figures_epsilon` needs a [budget]: what may ever be spent on this dataset",
            ));
        }
        Ok(())
    }

    /// Whether figures are to be computed with noise and charged.
    fn charges_figures(&self) -> bool {
        let validate = self.validate.as_ref();
        let monitor = self.monitor.as_ref();
        validate.is_some_and(|section| section.figures_epsilon.is_some())
            || monitor.is_some_and(|section| section.figures_epsilon.is_some())
    }

    /// A study on a dataset of the instance: what de-identifies and measures starts from files.
    fn check_sourceless(&self) -> Result<(), StudyError> {
        if self.study.dataset.is_none() {
            return Err(sense(
                "it names no [[source]], and no `dataset` of the instance instead",
            ));
        }
        if self.deidentify.is_some() || self.assess.is_some() {
            return Err(sense(
                "[deidentify] and [assess] need a [[source]]; without one a study uses a dataset as it is",
            ));
        }
        if self.train.is_none() {
            return Err(sense("a study without a [[source]] needs [train]"));
        }
        Ok(())
    }

    fn check_training(&self) -> Result<(), StudyError> {
        match &self.train {
            Some(train) => train.check(self.budget.is_some()),
            None => Ok(()),
        }
    }

    /// A later stage needs the ones that make what it works on.
    fn check_order(&self) -> Result<(), StudyError> {
        let needs = [
            (
                self.validate.is_some(),
                self.train.is_some(),
                "[validate] needs [train]",
            ),
            (
                self.register.is_some(),
                self.validate.is_some(),
                "[register] needs [validate]",
            ),
            (
                self.serve.is_some(),
                self.register.is_some(),
                "[serve] needs [register]",
            ),
            (
                self.monitor.is_some(),
                self.register.is_some(),
                "[monitor] needs [register]",
            ),
        ];
        match needs.iter().find(|(asked, there, _)| *asked && !*there) {
            Some((_, _, reason)) => Err(sense(*reason)),
            None => Ok(()),
        }
    }
}

/// A dataset's key stands under the dataset's name, and so do keys that are no dataset's.
fn check_name(name: DatasetId) -> Result<DatasetId, StudyError> {
    let mut reserved = RESERVED.into_iter();
    match reserved.find(|prefix| name.as_str().starts_with(prefix)) {
        Some(prefix) => Err(StudyError::Reserved { name, prefix }),
        None => Ok(name),
    }
}

/// How names begin under which the keys of models and of the log stand.
const RESERVED: [&str; 2] = ["model.", "log."];

fn check_source(source: &Source) -> Result<(), StudyError> {
    let fhir = source.format.as_deref() == Some("fhir");
    if fhir && source.tables.is_empty() {
        return Err(sense(
            "a fhir source names its tables: [source.tables] patient = [\"birth_date\"]",
        ));
    }
    if !fhir && (source.table.is_none() || source.columns.is_empty()) {
        return Err(sense(
            "a source needs `table` and `columns` (minimum necessary: only these are taken in)",
        ));
    }
    let named = source.table.iter().chain(source.tables.keys());
    if named
        .into_iter()
        .any(|table| DatasetId::new(table.as_str()).is_err())
    {
        return Err(sense(
            "a table's name has lower-case letters, digits, `-` and `_` only",
        ));
    }
    match (&source.person, fhir) {
        (Some(person), false) if !source.columns.contains(person) => {
            Err(sense("the person column must be among the columns"))
        }
        _ => Ok(()),
    }
}

fn sense(reason: impl Into<String>) -> StudyError {
    StudyError::Sense(reason.into())
}

fn syntax(text: &str, error: &toml::de::Error) -> StudyError {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map_or(0, |before| before.matches('\n').count() + 1);
    StudyError::Syntax {
        line,
        reason: error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use phi::{kind::Kind, plan::Action};

    use super::*;

    const SOUND: &str = r#"
        [study]
        name = "visits"
        title = "Visits"
        purpose = "research"
        legal_basis = "waiver"
        owner = "office"

        [[source]]
        path = "visits.csv"
        table = "visits"
        person = "patient"
        columns = ["patient", "sex", "outcome"]
    "#;

    fn reason(addition: &str) -> String {
        Study::parse(&format!("{SOUND}\n{addition}"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_small_study_is_sound_and_asks_for_three_stages() {
        let study = Study::parse(SOUND).unwrap();
        let asked = Stage::ALL
            .iter()
            .filter(|stage| study.asks_for(**stage))
            .count();
        assert_eq!(asked, 3);
        assert_eq!(study.dataset().unwrap().as_str(), "visits");
    }

    #[test]
    fn the_examples_are_sound() {
        for text in [
            include_str!("../../../examples/adult.toml"),
            include_str!("../../../examples/notes.toml"),
            include_str!("../../../examples/records.toml"),
        ] {
            Study::parse(text).unwrap();
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = Study::parse(&SOUND.replace("owner", "owned")).unwrap_err();
        assert!(
            matches!(error, StudyError::Syntax { line: 2.., .. }),
            "{error}"
        );
        assert_eq!(error.code(), codes::STUDY_SYNTAX);
    }

    #[test]
    fn a_study_without_purpose_is_refused() {
        let without = SOUND.replace("purpose = \"research\"", "");
        assert!(
            Study::parse(&without)
                .unwrap_err()
                .to_string()
                .contains("purpose")
        );
    }

    #[test]
    fn a_stage_needs_the_one_before_it() {
        assert!(reason("[validate]").contains("[validate] needs [train]"));
        assert!(reason("[deidentify]\nplan = \"blur\"").contains("safe-harbor"));
        let train = "[train]\ntable = \"visits\"\ntarget = { column = \"outcome\", positive = \"yes\" }\n\
            features = [{ kind = \"category\", column = \"sex\", values = [\"f\", \"m\"] }]\n\
            model = \"logistic\"\nepsilon = 1.0\ndelta = 1e-5\nepochs = 1.0\nbatch = 8\nlearning_rate = 0.1";
        assert!(reason(train).contains("[budget]"));
    }

    #[test]
    fn a_study_tightens_the_plan_and_never_loosens_it() {
        let with = |tighten: &str| {
            Study::parse(&format!(
                "{SOUND}\n[deidentify]\nplan = \"safe-harbor\"\ntighten = {{ {tighten} }}"
            ))
        };
        let study = with("state = \"suppress\", date = \"suppress\"").unwrap();
        let plan = study.deidentify.unwrap().plan().unwrap();
        assert_eq!(plan.action(Kind::State), Action::Suppress);
        assert_eq!(plan.action(Kind::BirthDate), Action::Year);
        assert!(plan.is_safe_harbor());
        for looser in [
            "date = \"shift\"",
            "zip = \"zip5\"",
            "person-name = \"keep\"",
        ] {
            let error = with(looser).unwrap_err();
            assert_eq!(error.code().number(), 2050, "{looser}");
        }
    }

    #[test]
    fn no_dataset_has_the_name_of_a_key() {
        for name in ["model.run.adult.1", "model.", "log.persons"] {
            let named = SOUND.replace("owner =", &format!("dataset = \"{name}\"\nowner ="));
            let error = Study::parse(&named).unwrap_err();
            assert_eq!(error.code(), codes::RESERVED_NAME, "{name}");
            let by_study =
                SOUND.replace("\"visits\"\n        title", &format!("\"{name}\"\n title"));
            let error = Study::parse(&by_study).unwrap_err();
            assert_eq!(error.code(), codes::RESERVED_NAME, "{name}");
        }
        let near = SOUND.replace("owner =", "dataset = \"models.2026\"\nowner =");
        assert!(Study::parse(&near).is_ok());
    }

    #[test]
    fn a_person_column_must_be_taken_in() {
        let other = SOUND.replace("person = \"patient\"", "person = \"mrn\"");
        assert!(
            Study::parse(&other)
                .unwrap_err()
                .to_string()
                .contains("person column")
        );
    }
}
