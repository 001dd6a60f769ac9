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
pub(crate) const RESUMED_SOURCE: Code = Code::new(
    3006,
    Exit::Failed,
    "the source changed since its sealing was broken off",
);
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

pub(crate) const NO_LOCK: Code =
    Code::new(3050, Exit::Usage, "another key service keeps the root key");
pub(crate) const OTHER_ROOT: Code =
    Code::new(3051, Exit::Refused, "a root key belongs to another keyring");
pub(crate) const SERVICE_UNREACHABLE: Code =
    Code::new(3052, Exit::Failed, "a key service cannot be reached");
pub(crate) const SERVICE_REFUSED: Code =
    Code::new(3053, Exit::Refused, "a key service refused").citing("45 CFR 164.312(d)");
pub(crate) const SERVICE_DAMAGED: Code = Code::new(
    3054,
    Exit::Gate,
    "what a key service wrapped does not open there",
)
.citing("45 CFR 164.312(c)(1)");
pub(crate) const SERVICE_SETUP: Code = Code::new(3055, Exit::Usage, "a key service is not set up");
pub(crate) const SHARE_COUNT: Code = Code::new(
    3056,
    Exit::Usage,
    "a root key cannot be shared out in this way",
);
pub(crate) const SHARE_DAMAGED: Code =
    Code::new(3057, Exit::Gate, "a share of the root key is damaged");
pub(crate) const SHARE_FOREIGN: Code =
    Code::new(3058, Exit::Refused, "shares do not belong together");
pub(crate) const SHARE_MISSING: Code =
    Code::new(3059, Exit::Refused, "there are fewer shares than it takes");
pub(crate) const TRANSITION: Code = Code::new(
    3060,
    Exit::Refused,
    "a key cannot go from its state to that one",
)
.citing("NIST SP 800-57 Part 1, 7");
pub(crate) const KEY_STATE: Code =
    Code::new(3061, Exit::Refused, "a key may not be used in its state")
        .citing("NIST SP 800-57 Part 1, 7");
pub(crate) const KEY_EXPIRED: Code =
    Code::new(3062, Exit::Refused, "a key's period for sealing is over")
        .citing("NIST SP 800-57 Part 1, 5.3");
pub(crate) const CLOCK_BEHIND: Code = Code::new(
    3063,
    Exit::Refused,
    "the clock stands before a date of a key",
);
pub(crate) const SELF_TEST: Code =
    Code::new(3064, Exit::Failed, "the crypto module does not work").citing("FIPS 140-3");
pub(crate) const TLS: Code = Code::new(
    3065,
    Exit::Usage,
    "certificates or keys for TLS cannot be used",
);
pub(crate) const TLS_EXPIRED: Code = Code::new(
    3066,
    Exit::Refused,
    "a certificate for TLS is not valid now",
)
.citing("45 CFR 164.312(e)(1)");

/// All codes of this room.
pub const CODES: &[Code] = &[
    FORMAT,
    RECORD,
    SEGMENT,
    CUT,
    TRAILING,
    RESUMED_SOURCE,
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
    NO_LOCK,
    OTHER_ROOT,
    SERVICE_UNREACHABLE,
    SERVICE_REFUSED,
    SERVICE_DAMAGED,
    SERVICE_SETUP,
    SHARE_COUNT,
    SHARE_DAMAGED,
    SHARE_FOREIGN,
    SHARE_MISSING,
    TRANSITION,
    KEY_STATE,
    KEY_EXPIRED,
    CLOCK_BEHIND,
    SELF_TEST,
    TLS,
    TLS_EXPIRED,
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
