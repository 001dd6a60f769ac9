//! Golden files: texts we promise, reviewed as a diff.

use crate::command::{at_root, succeeds};

/// Writes the golden files anew: the tests that compare them write instead when asked.
pub(crate) fn run() -> bool {
    let arguments = [
        "test",
        "--release",
        "--workspace",
        "--all-targets",
        "--",
        "golden",
    ];
    let mut command = at_root("cargo", &arguments);
    command.env("CLOISTER_GOLDEN", "write");
    let held = succeeds(&mut command);
    println!("look at `git diff golden/` before you commit");
    held
}
