//! The stable codes of this room, CL30xx.

use domain::{Code, Exit};

pub(crate) const FORMAT: Code =
    Code::new(3001, Exit::Gate, "not a sealed object of a known version");
pub(crate) const RECORD: Code =
    Code::new(3002, Exit::Gate, "a sealed record does not open").citing("45 CFR 164.312(c)(1)");
pub(crate) const SEGMENT: Code = Code::new(
    3003,
    Exit::Gate,
    "a segment of a sealed object does not open",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const CUT: Code =
    Code::new(3004, Exit::Gate, "a sealed object is cut off").citing("45 CFR 164.312(c)(1)");
pub(crate) const TRAILING: Code =
    Code::new(3005, Exit::Gate, "bytes were added after a sealed object")
        .citing("45 CFR 164.312(c)(1)");
pub(crate) const SHORT_PASSPHRASE: Code =
    Code::new(3010, Exit::Refused, "a new passphrase is too short")
        .citing("45 CFR 164.308(a)(5)(ii)(D)");
pub(crate) const WRONG_PASSPHRASE: Code = Code::new(
    3011,
    Exit::Refused,
    "the passphrase does not open the keyring",
)
.citing("45 CFR 164.312(d)");
pub(crate) const KEYRING_DAMAGED: Code = Code::new(3012, Exit::Gate, "the keyring file is damaged");
pub(crate) const KEYRING_FORMAT: Code =
    Code::new(3013, Exit::Failed, "not a keyring of a known version");
pub(crate) const COST: Code = Code::new(
    3014,
    Exit::Refused,
    "the cost of the passphrase hash is out of bounds",
)
.citing("RFC 9106");
pub(crate) const MEMORY: Code = Code::new(
    3015,
    Exit::Failed,
    "not enough memory for the passphrase hash",
);
pub(crate) const OTHER_KEYRING: Code = Code::new(
    3020,
    Exit::Refused,
    "a data key was wrapped by another keyring",
);
pub(crate) const UNWRAP: Code = Code::new(3021, Exit::Gate, "a wrapped data key does not open");
pub(crate) const WRAPPED_FORMAT: Code = Code::new(3022, Exit::Failed, "not a wrapped data key");
pub(crate) const SIGNATURE: Code =
    Code::new(3030, Exit::Gate, "a signature does not hold").citing("45 CFR 164.312(c)(2)");
pub(crate) const SIGNATURE_FORMAT: Code = Code::new(3031, Exit::Failed, "not a signature");
pub(crate) const PEM: Code = Code::new(3032, Exit::Failed, "not a public key of a known kind");
pub(crate) const BUNDLE_FORMAT: Code = Code::new(
    3040,
    Exit::Gate,
    "not a model-signing bundle of a known version",
);
pub(crate) const BUNDLE_FILES: Code = Code::new(
    3041,
    Exit::Gate,
    "the model's files are not those that were signed",
);
pub(crate) const BUNDLE_KEY: Code =
    Code::new(3042, Exit::Gate, "the model was signed with another key");

/// All codes of this room.
pub const CODES: &[Code] = &[
    FORMAT,
    RECORD,
    SEGMENT,
    CUT,
    TRAILING,
    SHORT_PASSPHRASE,
    WRONG_PASSPHRASE,
    KEYRING_DAMAGED,
    KEYRING_FORMAT,
    COST,
    MEMORY,
    OTHER_KEYRING,
    UNWRAP,
    WRAPPED_FORMAT,
    SIGNATURE,
    SIGNATURE_FORMAT,
    PEM,
    BUNDLE_FORMAT,
    BUNDLE_FILES,
    BUNDLE_KEY,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_the_range_of_this_room() {
        let numbers: BTreeSet<u16> = CODES.iter().map(|code| code.number()).collect();
        assert_eq!(numbers.len(), CODES.len());
        assert!(numbers.iter().all(|number| (3000..3100).contains(number)));
    }
}
