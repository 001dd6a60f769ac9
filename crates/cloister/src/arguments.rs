//! The words of the command line. `cloister --help` reads like a table of contents; every verb's
//! help ends with an example that works.

mod audit;
mod backup;
mod brought_model;
mod brought_weights;
mod deid;
mod doctor;
mod he;
mod key;
mod ledger;
mod local;
mod places;
mod privacy;
mod retention;
mod scan;
mod stats;
mod train;
mod validate;
mod vault;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use audit::{AuditVerb, Disclose, RetentionVerb, Search, VerifyLog, WitnessVerb};
pub(crate) use backup::{BackupOf, BackupVerb, Restore};
pub(crate) use brought_model::BroughtModel;
pub(crate) use brought_weights::{BroughtWeights, Import};
pub(crate) use deid::{CrosswalkVerb, Deid, DeidVerb, PlanVerb, Review};
pub(crate) use doctor::Doctor;
pub(crate) use he::He;
pub(crate) use key::{
    Join, KeyVerb, NewPassphrase, NewState, OwnPassphrase, Provider, ProviderKind, Split,
};
pub(crate) use ledger::{Ledger, LedgerVerb, Planned, Whose};
pub(crate) use local::{Estimate, LocalColumns, Perturb};
pub(crate) use places::Elsewhere;
pub(crate) use privacy::{PrivacyVerb, StepPlan};
pub(crate) use retention::{KeepingVerb, Kept};
pub(crate) use scan::{Offsets, Scan};
pub(crate) use stats::{Bounded, Of, Stats};
pub(crate) use train::{Kind, Train};
pub(crate) use validate::{DriftOf, FairnessOf, PerformanceOf, Remedy, TrainerOf, ValidateVerb};
pub(crate) use vault::{Stream, VaultVerb};

/// A trusted environment for machine learning on protected health information.
#[derive(Debug, Parser)]
#[command(
    name = "cloister",
    version,
    about = "A trusted environment for machine learning on protected health information (PHI)",
    long_about = "A trusted environment for machine learning on protected health information (PHI).\n\n\
        Data comes in encrypted, only permitted people touch it, training carries a privacy guarantee,\n\
        only checked outputs leave, and every step is on a tamper-evident log.\n\n\
        Start with `cloister demo`. `scan`, `deid`, `risk` and `privacy` work on files, without an instance.",
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by policy, 4 a gate or a verification did not hold.\n\
        Cloister gives evidence, not a certificate.",
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    /// The instance's folder
    #[arg(
        long,
        global = true,
        env = "CLOISTER_HOME",
        value_name = "DIR",
        default_value = "cloister-home"
    )]
    pub(crate) home: PathBuf,
    /// A file whose first line is the passphrase (else CLOISTER_PASSPHRASE, else a prompt)
    #[arg(
        long,
        global = true,
        env = "CLOISTER_PASSPHRASE_FILE",
        value_name = "FILE"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// One JSON document on stdout, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// The verbs, in the order in which a newcomer meets them.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a synthetic hospital and run one study through all ten stages
    #[command(after_help = "Example:\n  cloister demo --patients 500")]
    Demo(Demo),
    /// Find identifiers in files (no instance needed)
    #[command(
        after_help = "Examples:\n  cloister scan notes.txt patients.csv\n  cloister scan --spans --input-format jsonl --text-field text --id-field id notes.jsonl"
    )]
    Scan(Scan),
    /// Take identifiers out of a file or a folder; plans, evaluation, review (no instance needed)
    #[command(
        after_help = "Examples:\n  cloister deid patients.csv -o patients.deid.csv --person patient_id\n  cloister deid extracts/ -o extracts.deid/ --known patients.csv\n  cloister deid plan show safe-harbor",
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true
    )]
    Deid(Box<Deid>),
    /// Measure the re-identification risk of a table (no instance needed)
    #[command(
        after_help = "Example:\n  cloister risk patients.deid.csv --quasi birth_date,sex,zip"
    )]
    Risk(Risk),
    /// Reckon with privacy parameters (no instance needed)
    #[command(
        subcommand,
        after_help = "Example:\n  cloister privacy sigma --epsilon 3 --delta 1e-5 --sampling 0.0157 --steps 640"
    )]
    Privacy(PrivacyVerb),
    /// Test models and trainers on files: fairness, drift, leakage (no instance needed)
    #[command(
        subcommand,
        after_help = "Example:\n  cloister validate fairness scored.csv --label outcome --score score --group sex"
    )]
    Validate(ValidateVerb),
    /// Make an instance: a folder with keys, rows, objects and a log
    #[command(
        after_help = "Example:\n  CLOISTER_PASSPHRASE='correct horse battery' cloister init --home ./hospital --operator ada --role data-scientist"
    )]
    Init(Init),
    /// Run a study, or see what ran
    #[command(
        subcommand,
        after_help = "Example:\n  cloister study run examples/adult.toml"
    )]
    Study(StudyVerb),
    /// See datasets and their versions; export what is de-identified
    #[command(subcommand, after_help = "Example:\n  cloister dataset list")]
    Dataset(DatasetVerb),
    /// Train a model on a dataset of the instance, under a privacy budget
    #[command(
        after_help = "Examples:\n  cloister train --dataset visits --target readmitted_30d --model logistic --epsilon 1 --delta 1e-5\n  cloister train --dataset visits --target readmitted_30d --model mlp --hidden 32 --epsilon 3 --delta 1e-5 --features features.toml --positive yes --register readmission"
    )]
    Train(Box<Train>),
    /// See, verify, promote and use registered models
    #[command(
        subcommand,
        after_help = "Example:\n  cloister model predict readmission visits.csv"
    )]
    Model(ModelVerb),
    /// Statistics of a dataset with noise, charged to its privacy budget
    #[command(
        subcommand,
        after_help = "Example:\n  cloister stats mean --dataset adult --column age --min 17 --max 90 --epsilon 0.2"
    )]
    Stats(Stats),
    /// Score encrypted records: keys, encryption and decryption need no instance
    #[command(subcommand, after_help = "Example:\n  cloister he keygen -o keys")]
    He(He),
    /// See privacy budgets, what was spent, and what a plan would leave
    #[command(
        after_help = "Examples:\n  cloister ledger\n  cloister ledger plan readmission --sigma 1.1 --sampling 0.0157 --steps 640"
    )]
    Ledger(Ledger),
    /// See who you are and what each role may do; change your role
    #[command(subcommand, after_help = "Example:\n  cloister access matrix")]
    Access(AccessVerb),
    /// Keys: status, rotation, shares of the root key, states, providers, destruction by two persons
    #[command(
        subcommand,
        after_help = "Examples:\n  cloister key status\n  cloister key rotate\n  cloister key split --shares 5 --threshold 3 --output shares"
    )]
    Key(KeyVerb),
    /// Read, verify, search, prove, export and keep the log
    #[command(subcommand, after_help = "Example:\n  cloister audit verify")]
    Audit(AuditVerb),
    /// The catalogue of requirements and its honest state
    #[command(subcommand, after_help = "Example:\n  cloister control status")]
    Control(ControlVerb),
    /// Write a study's evidence pack, or verify one offline
    #[command(
        after_help = "Examples:\n  cloister report readmission -o evidence\n  cloister report verify evidence",
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true
    )]
    Report(Report),
    /// See to the encrypted objects: verify them, find and collect orphans, hand out keys by class
    #[command(subcommand, after_help = "Example:\n  cloister vault verify")]
    Vault(VaultVerb),
    /// Check the instance: keys, rows, objects and log
    #[command(after_help = "Examples:\n  cloister doctor\n  cloister doctor --db")]
    Doctor(Doctor),
    /// Copy the whole instance, encrypted, to a backup folder; only what is new is copied
    #[command(
        after_help = "Examples:\n  cloister backup /mnt/backup\n  cloister backup list /mnt/backup\n  cloister backup verify /mnt/backup",
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true
    )]
    Backup(BackupOf),
    /// Make the instance of a backup again, in the new folder that `--home` names
    #[command(
        after_help = "Example:\n  cloister --home ./hospital-again restore /mnt/backup --verify"
    )]
    Restore(Restore),
    /// How long things are kept, legal holds, and disposal with a certificate
    #[command(
        subcommand,
        after_help = "Examples:\n  cloister retention list\n  cloister retention set dataset readmission --years 10\n  cloister retention hold dataset readmission --matter case-2027-14"
    )]
    Retention(KeepingVerb),
    /// What an error code means, and the rule behind it (no instance needed)
    #[command(after_help = "Example:\n  cloister explain CL5011")]
    Explain {
        /// A code such as CL5011; all of them when left out
        code: Option<String>,
    },
}

/// `cloister demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to build it: a new folder
    #[arg(long, value_name = "DIR", default_value = "cloister-demo")]
    pub(crate) into: PathBuf,
    /// How many patients the synthetic hospital has; with fewer than 400 the attack on the model
    /// finds too few strangers to prove anything, and the validation gate would stay shut
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(400..=1_000_000))]
    pub(crate) patients: u32,
    /// The hospital's seed: the same seed gives the same hospital
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `cloister risk`
#[derive(Debug, Args)]
pub(crate) struct Risk {
    /// A table: CSV, Parquet or JSON lines
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The quasi-identifiers, with commas between
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    pub(crate) quasi: Vec<String>,
    /// Exit 4 when the smallest class has fewer records
    #[arg(long, value_name = "K")]
    pub(crate) k_min: Option<u32>,
}

/// `cloister init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Your short name; it stands in every line of the log
    #[arg(long, default_value = "operator")]
    pub(crate) operator: String,
    /// Your role: data-engineer, data-scientist, researcher, privacy-officer, administrator or auditor
    #[arg(long, default_value = "data-scientist")]
    pub(crate) role: String,
    #[command(flatten)]
    pub(crate) elsewhere: Elsewhere,
}

/// `cloister study …`
#[derive(Debug, Subcommand)]
pub(crate) enum StudyVerb {
    /// Run a study file through the stages it asks for; an interrupted run is taken up
    #[command(after_help = "Example:\n  cloister study run examples/adult.toml -o evidence")]
    Run {
        /// The study file
        #[arg(value_name = "STUDY.toml")]
        file: PathBuf,
        /// Also write the evidence pack here
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Check a study file without running it
    #[command(after_help = "Example:\n  cloister study check examples/adult.toml")]
    Check {
        /// The study file
        #[arg(value_name = "STUDY.toml")]
        file: PathBuf,
    },
    /// The runs of this instance
    List,
    /// The stages of a study's newest run
    #[command(after_help = "Example:\n  cloister study show readmission")]
    Show {
        /// The study
        study: String,
    },
}

/// `cloister dataset …`
#[derive(Debug, Subcommand)]
pub(crate) enum DatasetVerb {
    /// Every version: state, rows, persons, parents
    List,
    /// The tables and columns of one version (or the newest of a dataset)
    #[command(after_help = "Example:\n  cloister dataset show readmission")]
    Show {
        /// A dataset, or the first digits of a version
        name: String,
    },
    /// Write a de-identified table to a file; identified data is refused
    #[command(
        after_help = "Example:\n  cloister dataset export readmission-deid patients -o patients.csv"
    )]
    Export {
        /// A dataset, or the first digits of a version
        name: String,
        /// The table
        table: String,
        /// The file: .csv, .jsonl or .parquet
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// `cloister model …`
#[derive(Debug, Subcommand)]
pub(crate) enum ModelVerb {
    /// Registered models
    List,
    /// The model card
    #[command(after_help = "Example:\n  cloister model show readmission")]
    Show {
        /// The model
        model: String,
    },
    /// Which fields of the card nobody has filled, with the rule that asks for each
    #[command(after_help = "Example:\n  cloister model open-fields readmission")]
    OpenFields {
        /// The model
        model: String,
    },
    /// Write the model, its signature bundle, its card and the public key to a folder
    #[command(after_help = "Example:\n  cloister model export readmission -o model")]
    Export {
        /// The model
        model: String,
        /// The folder
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
    },
    /// Check the signature of an exported model (no instance needed)
    #[command(after_help = "Example:\n  cloister model verify model")]
    Verify {
        /// The folder that `model export` wrote
        folder: PathBuf,
    },
    /// Move a model version to a stage: staging, production or retired
    #[command(after_help = "Example:\n  cloister model promote readmission staging")]
    Promote {
        /// The model
        model: String,
        /// The stage
        stage: String,
    },
    /// Score the records of a file
    #[command(after_help = "Example:\n  cloister model predict readmission visits.csv")]
    Predict {
        /// The model
        model: String,
        /// Records with the model's input columns
        file: PathBuf,
        /// Write the answers here, as CSV, instead of to stdout
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Randomised response on the label with this epsilon for each answer; scores are withheld
        #[arg(long, value_name = "EPSILON")]
        randomize: Option<f64>,
        /// The log-odds, clipped, with Laplace noise of this epsilon for each answer
        #[arg(long, value_name = "EPSILON", conflicts_with = "randomize")]
        noisy_margin: Option<f64>,
        /// Where the log-odds are clipped
        #[arg(long, value_name = "BOUND", default_value_t = 4.0)]
        margin_bound: f64,
    },
    /// Change requests that drift opened; nothing is retrained by itself
    #[command(after_help = "Example:\n  cloister model changes readmission")]
    Changes {
        /// The model
        model: String,
    },
    /// Test a model that was trained elsewhere on a table of the instance, and register it
    #[command(
        after_help = "Example:\n  cloister model import model.onnx --architecture arch.toml --name triage --dataset visits --table visits"
    )]
    Import(Import),
    /// Read a model that was trained elsewhere and say what it is (no instance needed)
    #[command(
        after_help = "Example:\n  cloister model check model.safetensors --architecture arch.toml"
    )]
    Check(BroughtWeights),
    /// Compare a file with the data the model was trained on
    #[command(after_help = "Example:\n  cloister model drift readmission visits.csv")]
    Drift {
        /// The model
        model: String,
        /// Records with the model's input columns
        file: PathBuf,
    },
}

/// `cloister access …`
#[derive(Debug, Subcommand)]
pub(crate) enum AccessVerb {
    /// Who you are and in which role
    Whoami,
    /// What each role may do, as a table
    Matrix,
    /// Take another role
    #[command(after_help = "Example:\n  cloister access role researcher")]
    Role {
        /// data-engineer, data-scientist, researcher, privacy-officer, administrator or auditor
        role: String,
    },
}

/// `cloister control …`
#[derive(Debug, Subcommand)]
pub(crate) enum ControlVerb {
    /// Every requirement with its mode and state
    List {
        /// Only this area
        #[arg(long)]
        area: Option<String>,
        /// Only this state: holds, partly, needs-people or not-covered
        #[arg(long)]
        state: Option<String>,
    },
    /// One requirement: text, sources, what satisfies it, what is missing
    #[command(after_help = "Example:\n  cloister control show deid-safe-harbor")]
    Show {
        /// The requirement's id
        id: String,
    },
    /// The table of counts
    Status,
}

/// `cloister report …`
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The study
    #[arg(required = true)]
    pub(crate) study: Option<String>,
    /// Where to write it: a new folder (default: reports/STUDY in the instance's folder)
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) verb: Option<ReportVerb>,
}

/// `cloister report verify`
#[derive(Debug, Subcommand)]
pub(crate) enum ReportVerb {
    /// Check an evidence pack offline (no instance needed)
    #[command(
        after_help = "Example:\n  cloister report verify evidence --key officer-kept-key.pem"
    )]
    Verify {
        /// The pack's folder
        folder: PathBuf,
        /// A public key you trust; without it the pack's own is used, which proves only that it is whole
        #[arg(long, value_name = "PEM")]
        key: Option<PathBuf>,
    },
}
