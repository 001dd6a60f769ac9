//! The codes of the program: CL60xx, and the list of all codes.

use domain::{Code, Exit};

/// The program stopped at a place it should never reach.
pub(crate) const CRASH: Code = Code::new(6000, Exit::Failed, "the program crashed");
/// A file that was named cannot be read.
pub(crate) const FILE_READ: Code = Code::new(6001, Exit::Failed, "a file cannot be read");
/// A file cannot be written.
pub(crate) const FILE_WRITE: Code = Code::new(6002, Exit::Failed, "a file cannot be written");
/// No passphrase was given.
pub(crate) const PASSPHRASE: Code = Code::new(6003, Exit::Usage, "no passphrase was given");
/// The command line does not fit together.
pub(crate) const WORDS: Code =
    Code::new(6004, Exit::Usage, "the command line does not fit together");
/// The folder is already there.
pub(crate) const FOLDER_TAKEN: Code = Code::new(6005, Exit::Usage, "the folder is already in use");
/// A verification did not hold.
pub(crate) const NOT_VERIFIED: Code = Code::new(6006, Exit::Gate, "a verification did not hold");
/// Numbers of the command line that are no privacy plan.
pub(crate) const PLAN: Code = Code::new(
    6010,
    Exit::Usage,
    "the numbers on the command line are no privacy plan",
);

/// Objects are damaged.
pub(crate) const VAULT_DAMAGED: Code =
    Code::new(6035, Exit::Gate, "encrypted objects are damaged").citing("45 CFR 164.312(c)(1)");
/// Rows, objects, keys and log do not fit each other.
pub(crate) const INCONSISTENT: Code = Code::new(
    6036,
    Exit::Gate,
    "rows, objects, keys and log do not fit each other",
)
.citing("45 CFR 164.312(c)(1)");
/// A file of keys that is not understood.
pub(crate) const KEY_FILE: Code =
    Code::new(6037, Exit::Usage, "the file of keys is not understood");
/// The file of `train --features` is not what it should be.
pub(crate) const FEATURES: Code = Code::new(6020, Exit::Usage, "the feature file does not parse");

/// A table on the command line lacks a column.
pub(crate) const NO_COLUMN: Code = Code::new(
    6025,
    Exit::Usage,
    "a table on the command line lacks a column",
);
/// A cell that must be a number is none.
pub(crate) const NO_NUMBER: Code =
    Code::new(6026, Exit::Failed, "a cell that must be a number is none");
/// A test of a model or a trainer did not hold.
pub(crate) const NOT_HELD: Code = Code::new(
    6027,
    Exit::Gate,
    "a test of a model or a trainer did not hold",
);

/// The folder already holds a key pair.
pub(crate) const HE_KEYS: Code = Code::new(
    6015,
    Exit::Usage,
    "the folder already holds a key pair of homomorphic scoring",
);
/// The file holds no feature list.
pub(crate) const HE_FEATURES: Code = Code::new(6016, Exit::Usage, "the file holds no feature list");
/// A bound is not a public number.
pub(crate) const STATS_BOUNDS: Code = Code::new(
    6017,
    Exit::Usage,
    "a bound is not a number that is known beforehand",
);
/// A witness cannot be reached, or answers otherwise than the protocol says.
pub(crate) const WITNESS: Code =
    Code::new(6040, Exit::Failed, "a witness cannot be reached or served");

/// What a key service needs is not there.
pub(crate) const KEEPER: Code =
    Code::new(6030, Exit::Usage, "what a key service needs is not given");
/// A share cannot be read.
pub(crate) const SHARE: Code = Code::new(6031, Exit::Gate, "a share of the root key is not taken");

const CODES: &[Code] = &[
    CRASH,
    FILE_READ,
    FILE_WRITE,
    PASSPHRASE,
    WORDS,
    FOLDER_TAKEN,
    NOT_VERIFIED,
    VAULT_DAMAGED,
    INCONSISTENT,
    KEY_FILE,
    PLAN,
    FEATURES,
    NO_COLUMN,
    NO_NUMBER,
    NOT_HELD,
    HE_KEYS,
    HE_FEATURES,
    STATS_BOUNDS,
    WITNESS,
    KEEPER,
    SHARE,
];

/// Every code of every room, in order.
pub(crate) fn all() -> Vec<Code> {
    let rooms: [&[Code]; 13] = [
        formats::CODES,
        phi::codes::CODES,
        seal::CODES,
        store::CODES,
        audit::CODES,
        access::CODES,
        privacy::CODES,
        learn::CODES,
        disclosure::CODES,
        flow::CODES,
        CODES,
        governance::CODES,
        evidence::CODES,
    ];
    let mut codes = rooms.concat();
    codes.sort_by_key(|code| code.number());
    codes
}

/// The page `golden/error-codes.md`.
pub(crate) fn page() -> String {
    let rows = all().into_iter().map(|code| {
        let exit = code.exit() as u8;
        format!(
            "| {code} | {exit} | {} | {} |\n",
            code.title(),
            code.citation().unwrap_or("")
        )
    });
    let head = "# Error codes\n\nExit: 1 failed, 2 wrong usage, 3 refused by policy, 4 a gate or a verification did not hold.\n\n| code | exit | what | source |\n|---|---|---|---|\n";
    format!("{head}{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rooms_share_a_code() {
        let codes = all();
        let numbers: std::collections::BTreeSet<u16> =
            codes.iter().map(|code| code.number()).collect();
        assert_eq!(numbers.len(), codes.len());
    }

    #[test]
    fn golden_error_codes_are_current() {
        crate::commands::golden::check("error-codes.md", &page());
    }
}
