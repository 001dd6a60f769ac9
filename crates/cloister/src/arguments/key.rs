//! `cloister key …`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `cloister key …`
#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Root key, key-encryption keys, data keys, their states and dates, approvers and requests
    #[command(after_help = "Example:\n  cloister key status --json")]
    Status,
    /// Make a new key-encryption key and wrap every data key anew; no data is rewritten
    #[command(after_help = "Examples:\n  cloister key rotate\n  cloister key rotate --root")]
    Rotate {
        /// Make a new root key instead: former shares, and other services that keep it, open nothing more
        #[arg(long)]
        root: bool,
    },
    /// Go on with an interrupted rotation
    #[command(after_help = "Example:\n  cloister key rewrap")]
    Rewrap,
    /// Share the root key out among people, as words (SLIP-0039); takes a second person's approval
    #[command(
        after_help = "Example:\n  cloister key split --shares 5 --threshold 3 --output shares"
    )]
    Split(Split),
    /// Open the instance with shares of its root key and give it a new passphrase
    #[command(
        after_help = "Examples:\n  cloister key join --check share-1.txt share-4.txt share-5.txt\n  cloister key join --new-passphrase-file new.txt share-1.txt share-4.txt share-5.txt"
    )]
    Join(Join),
    /// Destroy the keys of a dataset, or a key-encryption key; takes a second person's approval
    #[command(
        after_help = "Examples:\n  cloister key destroy readmission\n  cloister key destroy --kek 0123456789abcdef"
    )]
    Destroy {
        /// The dataset
        #[arg(required_unless_present = "kek", conflicts_with = "kek")]
        dataset: Option<String>,
        /// A key-encryption key that is not active and wraps nothing any more
        #[arg(long, value_name = "KEY")]
        kek: Option<String>,
    },
    /// Suspend, resume, deactivate or revoke the data key of a dataset (NIST SP 800-57)
    #[command(
        after_help = "Examples:\n  cloister key state readmission suspended\n  cloister key state readmission compromised"
    )]
    State {
        /// The dataset
        dataset: String,
        /// What the key is from now on
        state: NewState,
    },
    /// Say until when the data key of a dataset may seal
    #[command(after_help = "Example:\n  cloister key period readmission --until 2027-12-31")]
    Period {
        /// The dataset
        dataset: String,
        /// The end of the period, UTC; no end when left out
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// Let a passphrase, an HSM or a key service keep the root key (docs/keys.md)
    #[command(
        after_help = "Examples:\n  CLOISTER_PKCS11_LIBRARY=/usr/lib/softhsm/libsofthsm2.so CLOISTER_PKCS11_PIN_FILE=pin \\\n    cloister key provider pkcs11 hospital/cloister-root --make\n  cloister key provider aws-kms alias/cloister\n  cloister key provider passphrase --new-passphrase-file new.txt"
    )]
    Provider(Provider),
    /// Register a person who may approve what others ask for, under a passphrase of their own
    #[command(
        after_help = "Example:\n  cloister key approver bob --approval-passphrase-file bob.txt\n  cloister key approver olga --role privacy-officer"
    )]
    Approver {
        /// The person's short name
        name: String,
        /// What the person answers for: the keys (administrator) or models without a guarantee
        /// (privacy-officer)
        #[arg(long, default_value = "administrator", value_parser = ["administrator", "privacy-officer"])]
        role: String,
        #[command(flatten)]
        own: OwnPassphrase,
    },
    /// Approve a request, as the second person
    #[command(
        after_help = "Example:\n  cloister key approve 0123456789abcdef --as bob --approval-passphrase-file bob.txt"
    )]
    Approve {
        /// The request, as `key destroy`, `key split` or `key status` told it
        request: String,
        /// The approver's name
        #[arg(long = "as", value_name = "NAME")]
        name: String,
        #[command(flatten)]
        own: OwnPassphrase,
    },
}

/// `cloister key split`
#[derive(Debug, Args)]
pub(crate) struct Split {
    /// How many shares to make, at most 16
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) shares: u8,
    /// How many of them it takes, at least 2
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub(crate) threshold: u8,
    /// A new folder for one file each; without it the shares are printed
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// `cloister key join`
#[derive(Debug, Args)]
pub(crate) struct Join {
    /// Files with one share a line; `-` reads lines from stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Only say whether the shares open the instance
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) new: NewPassphrase,
}

/// `cloister key provider`
#[derive(Debug, Args)]
pub(crate) struct Provider {
    /// Who keeps the root key from now on
    pub(crate) kind: ProviderKind,
    /// Which key: TOKEN/LABEL, an id, alias or ARN of KMS, MOUNT/KEY of a transit engine
    #[arg(
        required_if_eq_any([("kind", "pkcs11"), ("kind", "aws-kms"), ("kind", "transit")]),
        value_name = "KEY"
    )]
    pub(crate) key: Option<String>,
    /// Make the key in the token when it is not there (pkcs11)
    #[arg(long)]
    pub(crate) make: bool,
    /// Let whoever keeps it now keep it too, as an escrow
    #[arg(long)]
    pub(crate) keep: bool,
    #[command(flatten)]
    pub(crate) new: NewPassphrase,
}

/// Where a new passphrase comes from.
#[derive(Debug, Args)]
pub(crate) struct NewPassphrase {
    /// A file whose first line is the new passphrase (else CLOISTER_NEW_PASSPHRASE, else a prompt)
    #[arg(
        long = "new-passphrase-file",
        env = "CLOISTER_NEW_PASSPHRASE_FILE",
        value_name = "FILE"
    )]
    pub(crate) file: Option<PathBuf>,
}

/// Where an approver's own passphrase comes from.
#[derive(Debug, Args)]
pub(crate) struct OwnPassphrase {
    /// A file whose first line is the approver's own passphrase (else CLOISTER_APPROVAL_PASSPHRASE, else a prompt)
    #[arg(
        long = "approval-passphrase-file",
        env = "CLOISTER_APPROVAL_PASSPHRASE_FILE",
        value_name = "FILE"
    )]
    pub(crate) file: Option<PathBuf>,
}

/// The states a person can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewState {
    /// Resumed: seals and opens
    Active,
    /// Set aside for a while: opens only
    Suspended,
    /// Its period is over: opens only
    Deactivated,
    /// Revoked, because somebody else may know it: opens only
    Compromised,
}

/// The kinds of keepers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderKind {
    /// Argon2id
    Passphrase,
    /// A hardware security module
    Pkcs11,
    /// AWS Key Management Service
    AwsKms,
    /// The transit engine of Vault or OpenBao
    Transit,
}
