//! The stable codes of this room, CL32xx.

use domain::{Code, Exit};

pub(crate) const EVENT: Code = Code::new(3201, Exit::Failed, "not an event of a known version");
pub(crate) const WORD: Code = Code::new(
    3202,
    Exit::Refused,
    "text that is not a short safe word was meant for the log",
)
.citing("45 CFR 164.312(b)");
pub(crate) const CHECKPOINT_FORMAT: Code = Code::new(3203, Exit::Gate, "not a checkpoint");
pub(crate) const CHECKPOINT_SIGNATURE: Code = Code::new(
    3204,
    Exit::Gate,
    "the signature of a checkpoint does not hold",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const EDITED: Code =
    Code::new(3210, Exit::Gate, "entries of the log were changed").citing("45 CFR 164.312(c)(1)");
pub(crate) const MISSING: Code =
    Code::new(3211, Exit::Gate, "the end of the log is missing").citing("45 CFR 164.312(c)(1)");
pub(crate) const UNSIGNED: Code = Code::new(
    3212,
    Exit::Gate,
    "entries stand after the newest checkpoint",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const FRAME: Code = Code::new(3213, Exit::Gate, "an entry of the log cannot be read")
    .citing("45 CFR 164.312(c)(1)");
pub(crate) const BACKWARDS: Code =
    Code::new(3214, Exit::Gate, "the checkpoints of the log go backwards")
        .citing("45 CFR 164.312(c)(1)");
pub(crate) const OTHER_LOG: Code =
    Code::new(3215, Exit::Gate, "a checkpoint belongs to another log");
pub(crate) const NO_CHECKPOINT: Code = Code::new(3216, Exit::Gate, "the log has no checkpoint");
pub(crate) const PROOF: Code = Code::new(3217, Exit::Gate, "a proof about the log does not hold");
pub(crate) const EXPORT_FORMAT: Code = Code::new(3220, Exit::Gate, "not an export of a log");
pub(crate) const EXPORT_LEAF: Code = Code::new(
    3221,
    Exit::Gate,
    "an event of an export is not the one that was logged",
)
.citing("45 CFR 164.312(c)(1)");

pub(crate) const VERIFIER_KEY: Code =
    Code::new(3230, Exit::Usage, "not a verifier key of a log or witness");
pub(crate) const TLOG_PROOF: Code = Code::new(3231, Exit::Gate, "not a proof of an entry of a log");
pub(crate) const POLICY: Code = Code::new(3232, Exit::Usage, "not a trust policy for checkpoints");
pub(crate) const QUORUM: Code =
    Code::new(3233, Exit::Gate, "too few witnesses cosigned a checkpoint");
pub(crate) const WITNESS_REQUEST: Code = Code::new(
    3234,
    Exit::Refused,
    "a witness does not take this checkpoint",
);
pub(crate) const WITNESS_STALE: Code = Code::new(
    3235,
    Exit::Failed,
    "a witness saw another size of the log last",
);
pub(crate) const WITNESS_FORK: Code = Code::new(
    3236,
    Exit::Gate,
    "a log did not grow out of what a witness saw",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const PERSONS: Code = Code::new(
    3237,
    Exit::Gate,
    "a set of persons beside the log was changed",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const EXPORT_FIELDS: Code = Code::new(
    3238,
    Exit::Gate,
    "a record of an export shows other fields than its event",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const TILES: Code = Code::new(
    3239,
    Exit::Gate,
    "static files are not the log of their checkpoint",
)
.citing("45 CFR 164.312(c)(1)");

/// All codes of this room.
pub const CODES: &[Code] = &[
    EVENT,
    WORD,
    CHECKPOINT_FORMAT,
    CHECKPOINT_SIGNATURE,
    EDITED,
    MISSING,
    UNSIGNED,
    FRAME,
    BACKWARDS,
    OTHER_LOG,
    NO_CHECKPOINT,
    PROOF,
    EXPORT_FORMAT,
    EXPORT_LEAF,
    VERIFIER_KEY,
    TLOG_PROOF,
    POLICY,
    QUORUM,
    WITNESS_REQUEST,
    WITNESS_STALE,
    WITNESS_FORK,
    PERSONS,
    EXPORT_FIELDS,
    TILES,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_the_range_of_this_room() {
        let numbers: BTreeSet<u16> = CODES.iter().map(|code| code.number()).collect();
        assert_eq!(numbers.len(), CODES.len());
        assert!(numbers.iter().all(|number| (3200..3300).contains(number)));
    }
}
