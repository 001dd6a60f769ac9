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
