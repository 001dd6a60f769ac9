//! `cloister audit …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `cloister audit …`
#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Recompute the log and check it against its signed checkpoints
    #[command(
        after_help = "Examples:\n  cloister audit verify\n  cloister audit verify --incremental\n  cloister audit verify --tiles log-tiles --key log-tiles/key.vkey"
    )]
    Verify(VerifyLog),
    /// The newest lines
    Show {
        /// How many
        #[arg(long, default_value_t = 20)]
        last: usize,
    },
    /// Find events: about a person, by an operator, on a dataset, in a time
    #[command(
        after_help = "Examples:\n  cloister audit search --person 4711\n  cloister audit search --actor ada --outcome refused --since 2026-01-01"
    )]
    Search(Search),
    /// Write the proof that an entry stands in the log (C2SP tlog-proof)
    #[command(after_help = "Example:\n  cloister audit prove 17 -o entry-17.tlog-proof")]
    Prove {
        /// The entry's number
        entry: u64,
        /// The file
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Check a proof offline (no instance needed)
    #[command(
        after_help = "Examples:\n  cloister audit verify-proof entry-17.tlog-proof --key log.vkey\n  cloister audit verify-proof entry-17.tlog-proof --policy trust.policy"
    )]
    VerifyProof {
        /// The proof
        file: PathBuf,
        /// The log's key: a PEM file, a file with a verifier key, or the verifier key itself
        #[arg(long, value_name = "KEY", required_unless_present = "policy")]
        key: Option<String>,
        /// A trust policy (C2SP tlog-policy): logs, witnesses and how many must agree
        #[arg(long, value_name = "FILE", conflicts_with = "key")]
        policy: Option<PathBuf>,
        /// The entry's bytes, where the proof does not carry them
        #[arg(long, value_name = "FILE")]
        entry: Option<PathBuf>,
    },
    /// Write the log with its checkpoint to a file that verifies offline
    #[command(
        after_help = "Examples:\n  cloister audit export -o log.ndjson\n  cloister audit export --format fhir -o log.json"
    )]
    Export {
        /// The file; the public key is written beside it
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// ndjson, csv, cef, syslog, ocsf or fhir
        #[arg(long, default_value = "ndjson")]
        format: ::audit::ExportFormat,
        /// The first entry; with a proof of its own for each entry where not all are written
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// The entry after the last one
        #[arg(long)]
        to: Option<u64>,
    },
    /// Check an exported log offline (no instance needed)
    #[command(
        after_help = "Example:\n  cloister audit verify-export log.ndjson --key log.ndjson.pem"
    )]
    VerifyExport {
        /// The exported log
        file: PathBuf,
        /// The log's key: a PEM file, a file with a verifier key, or the verifier key itself
        #[arg(long, value_name = "KEY")]
        key: String,
        /// ndjson, csv, cef, syslog, ocsf or fhir
        #[arg(long, default_value = "ndjson")]
        format: ::audit::ExportFormat,
    },
    /// Write the log as static files that clients of transparency logs read (C2SP tlog-tiles)
    #[command(after_help = "Example:\n  cloister audit tiles -o log-tiles")]
    Tiles {
        /// The folder
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
    },
    /// Account for the disclosures of a person's records (45 CFR 164.528)
    #[command(after_help = "Example:\n  cloister audit accounting --person 4711")]
    Accounting {
        /// The person's id, as it stands in the data
        #[arg(long, value_name = "ID")]
        person: String,
        /// From this day on; six years back when left out
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// Until before this day
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// text, json or fhir
        #[arg(long, default_value = "text", value_parser = ["text", "json", "fhir"])]
        format: String,
    },
    /// Write down that records of a person were disclosed (45 CFR 164.528)
    #[command(
        after_help = "Example:\n  cloister audit disclose --person 4711 --recipient registry --name 'State registry' --purpose public-health --description 'case report'"
    )]
    Disclose(Disclose),
    /// Witnesses: have this log cosigned, or cosign others (C2SP tlog-witness)
    #[command(
        subcommand,
        after_help = "Example:\n  cloister audit witness add --url http://127.0.0.1:7777 --key witness.vkey"
    )]
    Witness(WitnessVerb),
    /// How long the log is kept, legal holds, and pruning by two roles
    #[command(subcommand, after_help = "Example:\n  cloister audit retention show")]
    Retention(RetentionVerb),
}

/// `cloister audit verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyLog {
    /// Only what was appended since the last verification
    #[arg(long)]
    pub(crate) incremental: bool,
    /// Static files of a log, on any machine (no instance needed)
    #[arg(
        long,
        value_name = "DIR",
        requires = "key",
        conflicts_with = "incremental"
    )]
    pub(crate) tiles: Option<PathBuf>,
    /// The log's key: a PEM file, a file with a verifier key, or the verifier key itself
    #[arg(long, value_name = "KEY", requires = "tiles")]
    pub(crate) key: Option<String>,
    /// Entries before this one may have been pruned
    #[arg(long, value_name = "ENTRY", requires = "tiles", default_value_t = 0)]
    pub(crate) minimum: u64,
}

/// `cloister audit search`
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// About this person: the id as it stands in the data
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// By this operator
    #[arg(long)]
    pub(crate) actor: Option<String>,
    /// On this dataset, model or study
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
    /// Of this kind of act, such as read-data
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// done, refused, failed or abandoned
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    /// To this recipient
    #[arg(long, value_name = "ID")]
    pub(crate) recipient: Option<String>,
    /// From this day or moment on, UTC
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Before this day or moment, UTC
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 1_000)]
    pub(crate) limit: usize,
    /// Make the index anew from the log first
    #[arg(long)]
    pub(crate) rebuild_index: bool,
}

/// `cloister audit disclose`
#[derive(Debug, Args)]
pub(crate) struct Disclose {
    /// The person's id, as it stands in the data
    #[arg(long, value_name = "ID")]
    pub(crate) person: String,
    /// A short word for the recipient; it stands in the log
    #[arg(long, value_name = "ID")]
    pub(crate) recipient: String,
    /// The recipient's name, the first time; kept sealed
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The recipient's address, if known; kept sealed
    #[arg(long, requires = "name")]
    pub(crate) address: Option<String>,
    /// treatment, payment, operations, research or public-health
    #[arg(long)]
    pub(crate) purpose: String,
    /// What was disclosed, in brief; kept sealed
    #[arg(long)]
    pub(crate) description: String,
    /// When; now, when left out
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
}

/// `cloister audit witness …`
#[derive(Debug, Subcommand)]
pub(crate) enum WitnessVerb {
    /// Cosign the checkpoints of other logs over HTTP
    #[command(
        after_help = "Example:\n  cloister audit witness serve --name hospital.example/witness --log log.vkey"
    )]
    Serve {
        /// The address; a port of 0 takes a free one and tells it
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
        listen: String,
        /// The name to cosign under; it has a key of its own
        #[arg(long)]
        name: String,
        /// The key of a log to cosign: a file with a verifier key, or the verifier key itself
        #[arg(long, required = true, value_name = "KEY")]
        log: Vec<String>,
        /// Stop after so many requests
        #[arg(long, value_name = "COUNT")]
        requests: Option<u64>,
    },
    /// The key under which this instance cosigns by a name
    #[command(after_help = "Example:\n  cloister audit witness key hospital.example/witness")]
    Key {
        /// The name
        name: String,
    },
    /// Have the newest checkpoint cosigned by a witness, and keep its cosignature
    #[command(
        after_help = "Example:\n  cloister audit witness add --url http://127.0.0.1:7777 --key witness.vkey"
    )]
    Add {
        /// Where the witness answers: http://host:port/prefix
        #[arg(long)]
        url: String,
        /// The witness's key: a file with a verifier key, or the verifier key itself
        #[arg(long, value_name = "KEY")]
        key: String,
    },
    /// What the witnesses cosigned last
    List,
}

/// `cloister audit retention …`
#[derive(Debug, Subcommand)]
pub(crate) enum RetentionVerb {
    /// The rule, the holds, the approval, and the sizes of the log
    Show,
    /// Keep every entry so many years: 6 at least (45 CFR 164.316(b)(2)(i))
    #[command(after_help = "Example:\n  cloister audit retention set --years 10")]
    Set {
        /// Years
        #[arg(long)]
        years: u32,
    },
    /// Hold the log: nothing is pruned until the hold is released
    #[command(after_help = "Example:\n  cloister audit retention hold case-2026-4")]
    Hold {
        /// A short word for the hold
        name: String,
    },
    /// Release a hold
    #[command(after_help = "Example:\n  cloister audit retention release case-2026-4")]
    Release {
        /// The hold
        name: String,
    },
    /// Approve that what is older than the rule is pruned (privacy officer)
    Approve,
    /// Prune what was approved (administrator)
    Prune,
}
