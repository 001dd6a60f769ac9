//! The codes of this room: CL71xx.

use domain::{Code, Exit};

/// A file named in the manifest is not in the pack.
pub const MISSING_FILE: Code =
    Code::new(7101, Exit::Gate, "a file of the pack is missing").citing("45 CFR 164.312(c)(1)");
/// A file is in the pack that the manifest does not name.
pub const EXTRA_FILE: Code = Code::new(7102, Exit::Gate, "the pack holds a file nobody signed for")
    .citing("45 CFR 164.312(c)(1)");
/// A file is not the one that was signed.
pub const CHANGED_FILE: Code =
    Code::new(7103, Exit::Gate, "a file of the pack was changed").citing("45 CFR 164.312(c)(2)");
/// The manifest cannot be read.
pub const BAD_MANIFEST: Code = Code::new(7104, Exit::Gate, "the manifest cannot be read");
/// The manifest has a format version this program does not know.
pub const UNKNOWN_FORMAT: Code = Code::new(7105, Exit::Failed, "the pack's format is unknown");
/// The signature does not belong to the manifest and the key.
pub const BAD_SIGNATURE: Code =
    Code::new(7106, Exit::Gate, "the pack's signature does not hold").citing("FIPS 186-5");
/// The report could not be written.
pub const RENDER: Code = Code::new(7107, Exit::Failed, "the report could not be written");
/// The same file name stands twice.
pub const TWICE: Code = Code::new(7108, Exit::Gate, "a file name stands twice in the pack");

/// Every code of this room.
pub const CODES: &[Code] = &[
    MISSING_FILE,
    EXTRA_FILE,
    CHANGED_FILE,
    BAD_MANIFEST,
    UNKNOWN_FORMAT,
    BAD_SIGNATURE,
    RENDER,
    TWICE,
];
