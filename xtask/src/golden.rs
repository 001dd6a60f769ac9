//! Golden files: texts we promise, reviewed as a diff.

use crate::command::{at_root, root, succeeds};

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
    command
        .env("CLOISTER_GOLDEN", "write")
        .env("UPDATE_GOLDEN", "1");
    let held = write_matrix() && succeeds(&mut command);
    println!("look at `git diff golden/` before you commit");
    held
}

/// The access matrix is what the program prints.
fn write_matrix() -> bool {
    let arguments = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "cloister",
        "--",
        "access",
        "matrix",
    ];
    let Ok(said) = at_root("cargo", &arguments).output() else {
        return false;
    };
    let path = root().join("golden/access-matrix.txt");
    said.status.success() && std::fs::write(path, said.stdout).is_ok()
}
