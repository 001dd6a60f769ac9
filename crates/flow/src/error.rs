use std::io;

use domain::{Code, Explain, Stage};
use thiserror::Error;

use crate::codes;

/// Why a stage did not come to its end.
///
/// Errors of the engines pass through with their own message, help and code.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StageError {
    /// The study file is not taken.
    #[error(transparent)]
    Study(#[from] crate::study::StudyError),
    /// Policy says no.
    #[error(transparent)]
    Refused(#[from] access::Refusal),
    /// What is kept cannot be read or written.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A source file is not what it should be.
    #[error(transparent)]
    Read(#[from] formats::ReadError),
    /// Rows cannot be written in a format.
    #[error(transparent)]
    Write(#[from] formats::WriteError),
    /// The field map does not fit.
    #[error(transparent)]
    FieldMap(#[from] phi::columns::FieldMapError),
    /// The plan does not fit.
    #[error(transparent)]
    Plan(#[from] phi::plan::PlanError),
    /// Identifiers could not be taken out.
    #[error(transparent)]
    Deidentify(#[from] phi::transform::DeidError),
    /// The quasi-identifiers do not make a table.
    #[error(transparent)]
    Quasi(#[from] disclosure::TableError),
    /// The generalisation does not fit.
    #[error(transparent)]
    Generalise(#[from] disclosure::GeneralisationError),
    /// The privacy budget does not bear it.
    #[error(transparent)]
    Budget(#[from] privacy::BudgetExceeded),
    /// A privacy parameter is impossible.
    #[error(transparent)]
    Parameter(#[from] privacy::accountant::ParameterError),
    /// No noise reaches the epsilon asked for.
    #[error(transparent)]
    Calibrate(#[from] privacy::accountant::CalibrationError),
    /// The rows do not fit the features.
    #[error(transparent)]
    Encode(#[from] learn::EncodeError),
    /// The noisy counts show nothing.
    #[error(transparent)]
    Survey(#[from] learn::features::survey::SurveyError),
    /// The model could not be fitted.
    #[error(transparent)]
    Fit(#[from] learn::FitError),
    /// The bytes are not those of a model.
    #[error(transparent)]
    Model(#[from] learn::ModelError),
    /// The predictions cannot be judged.
    #[error(transparent)]
    Score(#[from] learn::metrics::ScoreError),
    /// Figures with noise cannot be computed.
    #[error(transparent)]
    Figures(#[from] learn::figures::FigureError),
    /// The data cannot be compared with the baseline.
    #[error(transparent)]
    Drift(#[from] learn::drift::DriftError),
    /// The attack cannot be made.
    #[error(transparent)]
    Attack(#[from] privacy::attack::AttackError),
    /// A noisy statistic cannot be planned or released.
    #[error(transparent)]
    Statistic(#[from] privacy::statistics::StatisticError),
    /// Records cannot be scored encrypted.
    #[error(transparent)]
    Homomorphic(#[from] privacy::homomorphic::HomomorphicError),
    /// A brought model is not taken.
    #[error(transparent)]
    Import(#[from] learn::ImportError),
    /// The bound on a person's rows does not fit the table.
    #[error("{reason}")]
    Contribution {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The cells of a table of counts make no sense.
    #[error("the cells of `{column}` must be words, each one once, or at least two rising edges")]
    Axis {
        /// The column.
        column: String,
    },
    /// The model answers only with noise.
    #[error("the model `{model}` has an output budget and answers only with noise")]
    NoisyOnly {
        /// The model.
        model: String,
    },
    /// The caller's output budget does not bear the answers.
    #[error(
        "the answers would cost epsilon {asked}, {spent} of the {cap} that `{model}` allows you is spent"
    )]
    OutputBudget {
        /// The model.
        model: String,
        /// What the caller's answers have cost so far.
        spent: f64,
        /// What these would cost.
        asked: f64,
        /// What they may cost together.
        cap: f64,
    },
    /// The caller has had as many encrypted answers as the model gives.
    #[error(
        "{asked} encrypted answers are asked for, {spent} of the {most} that `{model}` gives you are used"
    )]
    EncryptedAnswers {
        /// The model.
        model: String,
        /// How many the caller had.
        spent: u64,
        /// How many are asked for.
        asked: u64,
        /// How many there are.
        most: u64,
    },
    /// The model is no weighted sum.
    #[error("only linear and logistic models can score encrypted records")]
    NotLinear,
    /// The bound of noisy margins is out of range.
    #[error("the bound of noisy margins must lie between 1/256 and 1024, and its noise in reach")]
    MarginBound,
    /// The architecture file is not one.
    #[error("the architecture file does not parse, near line {line}")]
    Architecture {
        /// 1-based.
        line: usize,
    },
    /// A privacy parameter out of range.
    #[error(transparent)]
    Epsilon(#[from] domain::BudgetError),
    /// A model's signature bundle does not hold.
    #[error(transparent)]
    Bundle(#[from] seal::oms::BundleError),
    /// The evidence pack cannot be rendered.
    #[error(transparent)]
    Render(#[from] evidence::RenderError),
    /// The evidence pack does not verify.
    #[error(transparent)]
    Pack(#[from] evidence::PackError),
    /// A public key cannot be read.
    #[error(transparent)]
    Key(#[from] seal::PemError),
    /// Nothing was done with the keys.
    #[error(transparent)]
    Keys(#[from] crate::operate::key::KeyError),
    /// A checkpoint does not hold.
    #[error(transparent)]
    Checkpoint(#[from] audit::CheckpointError),
    /// A note or a key of a log or witness does not hold.
    #[error(transparent)]
    Note(#[from] audit::NoteError),
    /// The rule of retention says no.
    #[error(transparent)]
    Retention(#[from] crate::govern::log::RetentionRefusal),
    /// The pack has no signature that can be read.
    #[error("the pack has no signature, or not one that can be read")]
    Unsigned,
    /// The model is retired.
    #[error("the model `{model}` is retired and gives no predictions")]
    Retired {
        /// The model.
        model: String,
    },
    /// The model's key is destroyed.
    #[error("the model `{model}` was disposed of: nobody can open it any more")]
    ModelDisposed {
        /// The model.
        model: String,
    },
    /// A source file cannot be opened.
    #[error("the source `{name}` cannot be opened: {cause}")]
    Source {
        /// The file's name without folders.
        name: String,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A backup could not be taken, checked or restored.
    #[error(transparent)]
    Backup(#[from] store::backup::BackupError),
    /// A period, a hold or a disposal is refused.
    #[error(transparent)]
    Keeping(#[from] crate::operate::retention::RetentionError),
    /// The study names an unknown format.
    #[error("`{word}` is not a format")]
    Format {
        /// The word in the study file.
        word: String,
    },
    /// A column or table of the study is not there.
    #[error("table `{table}` has no column `{column}`")]
    ColumnMissing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// An earlier stage is missing.
    #[error("this needs the stage `{needs}` first")]
    Order {
        /// The stage.
        needs: Stage,
    },
    /// A gate did not hold.
    #[error("a gate of the stage `{stage}` did not hold: {}", broken.join("; "))]
    Gate {
        /// The stage.
        stage: Stage,
        /// What was measured against what.
        broken: Vec<String>,
    },
    /// Source identifiers are still in the output.
    #[error(
        "{leaks} source identifiers ({kinds}) are still in the de-identified output, in {places}"
    )]
    Residual {
        /// How many.
        leaks: u64,
        /// How many of which kind.
        kinds: String,
        /// Tables and columns.
        places: String,
    },
    /// Declared de-identified, but it is not.
    #[error("the data is declared `{claim}`, but identifiers were found in {columns}")]
    Basis {
        /// The legal basis that claims it.
        claim: domain::LegalBasis,
        /// Tables and columns.
        columns: String,
    },
    /// The sources belong to datasets with budgets of their own.
    #[error("the sources hold rows of datasets with separate privacy budgets, `{root}` among them")]
    TwoBudgets {
        /// One of the datasets.
        root: domain::DatasetId,
    },
    /// Several tables have the target's column.
    #[error("several tables have a column `{column}`")]
    SeveralTables {
        /// The column.
        column: String,
    },
    /// What of the target counts as yes is not clear.
    #[error(
        "what counts as yes in `{column}` is not clear: the counts do not show two words (or, for `linear`, a range)"
    )]
    Target {
        /// The column.
        column: String,
    },
    /// A model without a guarantee that no privacy officer has accepted.
    #[error(
        "the model {model} has no privacy guarantee, and no privacy officer has accepted it ({})",
        request.as_ref().map_or_else(
            || "none is registered as an approver".to_owned(),
            |request| format!("request `{request}` waits"),
        )
    )]
    NotAccepted {
        /// The first digits of its digest.
        model: String,
        /// The request that waits for the officer.
        request: Option<String>,
    },
    /// A model has no baseline with noise.
    #[error("the model `{model}` has no baseline with noise to compare with")]
    NoNoisyBaseline {
        /// The model.
        model: String,
    },
    /// A dataset has no privacy budget yet.
    #[error("the dataset `{dataset}` has no privacy budget")]
    NoBudget {
        /// The dataset.
        dataset: domain::DatasetId,
    },
    /// The budget of a study or an analyst does not bear it.
    #[error("the privacy budget of the {kind} `{name}` does not bear it: {refused}")]
    ScopeBudget {
        /// `study` or `analyst`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What its budget says.
        refused: privacy::BudgetExceeded,
    },
    /// A cap that stands would be raised.
    #[error("the cap of the {kind} `{name}` stands and is never raised")]
    CapRaised {
        /// `dataset`, `study` or `analyst`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The instance does not hold what was named.
    #[error("there is no {what} `{name}` in this instance")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// The name as given.
        name: String,
    },
    /// A record does not fit the schema of the model.
    #[error("record {row} does not fit the model's schema: {reason}")]
    Schema {
        /// 1-based.
        row: u64,
        /// Which input and why, without the value.
        reason: String,
    },
    /// What is stored contradicts itself.
    #[error("what is stored does not fit together: {0}")]
    Stored(&'static str),
    /// A result cannot be written out.
    #[error("the result cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Explain for StageError {
    fn code(&self) -> Code {
        match self {
            Self::Study(error) => error.code(),
            Self::Refused(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Read(error) => error.code(),
            Self::Write(error) => error.code(),
            Self::FieldMap(error) => error.code(),
            Self::Plan(error) => error.code(),
            Self::Deidentify(error) => error.code(),
            Self::Quasi(error) => error.code(),
            Self::Generalise(error) => error.code(),
            Self::Budget(error) => error.code(),
            Self::Parameter(error) => error.code(),
            Self::Encode(error) => error.code(),
            Self::Calibrate(error) => error.code(),
            Self::Survey(error) => error.code(),
            Self::Fit(error) => error.code(),
            Self::Model(error) => error.code(),
            Self::Checkpoint(error) => error.code(),
            Self::Note(error) => error.code(),
            Self::Retention(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Pack(error) => error.code(),
            Self::Render(error) => error.code(),
            Self::Bundle(error) => error.code(),
            Self::Attack(error) => error.code(),
            Self::Drift(error) => error.code(),
            Self::Score(error) => error.code(),
            Self::Figures(error) => error.code(),
            Self::Backup(error) => error.code(),
            Self::Keeping(error) => error.code(),
            Self::Source { .. } | Self::Format { .. } => codes::SOURCE_OPEN,
            Self::ColumnMissing { .. } => codes::COLUMN_MISSING,
            Self::Order { .. } => codes::STAGE_ORDER,
            Self::Gate { .. } => codes::GATE,
            Self::Residual { .. } => codes::RESIDUAL,
            Self::Basis { .. } => codes::BASIS,
            Self::Statistic(error) => error.code(),
            Self::Homomorphic(error) => error.code(),
            Self::Import(error) => error.code(),
            Self::NoBudget { .. } => codes::NO_BUDGET,
            Self::NotAccepted { .. } => codes::NOT_ACCEPTED,
            Self::NoNoisyBaseline { .. } => codes::NO_NOISY_BASELINE,
            Self::Contribution { .. } | Self::Axis { .. } | Self::MarginBound => codes::QUESTION,
            Self::NoisyOnly { .. } | Self::OutputBudget { .. } | Self::EncryptedAnswers { .. } => {
                codes::OUTPUT_BUDGET
            }
            Self::NotLinear => codes::NOT_LINEAR,
            Self::Architecture { .. } => codes::ARCHITECTURE,
            Self::Epsilon(_) => codes::STUDY_SENSE,
            Self::Unsigned => codes::PACK,
            Self::Retired { .. } => codes::RETIRED,
            Self::ModelDisposed { .. } => codes::MODEL_DISPOSED,
            Self::TwoBudgets { .. } => codes::TWO_BUDGETS,
            Self::SeveralTables { .. } => codes::SEVERAL_TABLES,
            Self::Target { .. } => codes::TARGET,
            Self::ScopeBudget { .. } => codes::SCOPE_BUDGET,
            Self::CapRaised { .. } => codes::CAP_RAISED,
            Self::Unknown { .. } => codes::UNKNOWN,
            Self::Schema { .. } => codes::SCHEMA,
            Self::Stored(_) => codes::STORED,
            Self::Output(_) => codes::OUTPUT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Study(error) => error.help(),
            Self::Refused(error) => error.help(),
            Self::Store(error) => error.help(),
            Self::Read(error) => error.help(),
            Self::Write(error) => error.help(),
            Self::FieldMap(error) => error.help(),
            Self::Plan(error) => error.help(),
            Self::Deidentify(error) => error.help(),
            Self::Quasi(error) => error.help(),
            Self::Generalise(error) => error.help(),
            Self::Budget(error) => error.help(),
            Self::Parameter(error) => error.help(),
            Self::Encode(error) => error.help(),
            Self::Calibrate(error) => error.help(),
            Self::Survey(error) => error.help(),
            Self::Fit(error) => error.help(),
            Self::Model(error) => error.help(),
            Self::Checkpoint(error) => error.help(),
            Self::Key(error) => error.help(),
            Self::Pack(error) => error.help(),
            Self::Render(error) => error.help(),
            Self::Bundle(error) => error.help(),
            Self::Attack(error) => error.help(),
            Self::Drift(error) => error.help(),
            Self::Score(error) => error.help(),
            Self::Figures(error) => error.help(),
            Self::Backup(error) => error.help(),
            Self::Retention(error) => error.help(),
            Self::Statistic(error) => error.help(),
            Self::Homomorphic(error) => error.help(),
            Self::Import(error) => error.help(),
            Self::Note(error) => error.help(),
            Self::Keeping(error) => error.help(),
            Self::Keys(error) => error.help(),
            other => other.own_help().to_owned(),
        }
    }
}

impl StageError {
    const fn own_help(&self) -> &'static str {
        match self {
            Self::Source { .. } => {
                "check the path in the study file; it is relative to the study file's folder"
            }
            Self::Format { .. } => "use csv, parquet, jsonl, text or fhir, or leave `format` out",
            Self::ColumnMissing { .. } => {
                "correct the name in the study file or take the column in under [[source]]"
            }
            Self::Order { .. } => "add the missing section to the study file and run it again",
            Self::Gate { .. } => {
                "look at the figures with `cloister study show`, then change the data, the plan or, with a reason, the gate"
            }
            Self::Residual { .. } => {
                "declare the column's category under [deidentify.columns], or leave the column out"
            }
            Self::Basis { .. } => "declare the true legal basis and add a [deidentify] section",
            Self::TwoBudgets { .. } => {
                "give the study a dataset of its own that holds files of one budget only"
            }
            Self::SeveralTables { .. } => "name one of them with --table",
            Self::Target { .. } => {
                "say it with --positive WORD (or, for `linear`, --range MIN,MAX); what was reserved for the counts stays spent"
            }
            Self::NotAccepted { request: None, .. } => {
                "let the privacy officer register with `cloister key approver NAME --role privacy-officer`, then run the study again: it goes on with the same model"
            }
            Self::NotAccepted { .. } => {
                "let the privacy officer look at `cloister study figures STUDY` and run `cloister model approve REQUEST --as NAME`, then run the study again: it goes on with the same model"
            }
            Self::NoNoisyBaseline { .. } => {
                "register it by a study whose [monitor] section has `figures_epsilon`, or measure without --epsilon for use in the instance"
            }
            Self::NoBudget { .. } => {
                "run a study with a [budget] section on it, or have the privacy officer set one with `cloister ledger cap`"
            }
            Self::ScopeBudget { .. } => {
                "spend is never refunded; ask the privacy officer, or plan less with `cloister ledger plan`"
            }
            Self::CapRaised { .. } => "a cap can be lowered; what was promised to persons stays",
            Self::Unknown { .. } => {
                "list what there is with `cloister study list`, `dataset list` or `model list`"
            }
            Self::Schema { .. } => {
                "send the inputs that `cloister model show` lists, with numbers as numbers"
            }
            Self::Epsilon(_) => {
                "use an epsilon above 0 and at most 1000, and a delta above 0 and below 1"
            }
            Self::Contribution { .. } => {
                "give --rows-max for tables with a person column, and leave it out for others"
            }
            Self::Axis { .. } => "give words or edges that are known without looking at the data",
            Self::NoisyOnly { .. } => "ask with --randomize or --noisy-margin",
            Self::OutputBudget { .. } => {
                "send fewer records or use a smaller epsilon; what was answered is never given back"
            }
            Self::EncryptedAnswers { .. } => {
                "have `encrypted_answers` raised in the study's [serve] section; each answer tells something of the weights"
            }
            Self::NotLinear => "score this model in the instance with `cloister model predict`",
            Self::MarginBound => "use a bound such as 4, and an epsilon that is not tiny",
            Self::Architecture { .. } => {
                "write target, inputs, hidden and layers as docs/stages/9-serve.md shows"
            }
            Self::Unsigned => "get the pack again from whoever wrote it; do not rely on this one",
            Self::Retired { .. } => {
                "use another model, or have it promoted again by the privacy officer"
            }
            Self::ModelDisposed { .. } => {
                "`cloister retention list` shows what became of it; train again under another name"
            }
            Self::Output(_) => "check the disk and its free space, then run the same command again",
            _ => "run `cloister doctor`; if it finds nothing, this is a bug worth reporting",
        }
    }
}
