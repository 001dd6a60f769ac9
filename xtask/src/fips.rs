//! The FIPS build of `seal`, with its tests.

use crate::{
    command::{at_root, present, succeeds},
    test::{Count, counted},
};

/// What the module's build needs beside a C compiler, as Debian calls it.
const TOOLS: [(&str, &str, &str); 2] = [
    ("cmake", "--version", "cmake"),
    ("go", "version", "golang-go"),
];

/// Builds `seal` on the validated module in a target folder of its own and runs its tests, the
/// self-test and the module's own word that it is in its FIPS mode among them.
pub(crate) fn run() -> Count {
    for (program, word, package) in TOOLS {
        if !present(program, &[word]) {
            let install = ["install", "-y", "-qq", package];
            let installed = succeeds(&mut at_root("apt-get", &install));
            if !installed || !present(program, &[word]) {
                println!(
                    "skipped: `{program}` is not here and {package} could not be installed; the FIPS build was not tried"
                );
                return Count::skip();
            }
        }
    }
    counted(&[
        "test",
        "--release",
        "--locked",
        "--package",
        "cloister-seal",
        "--features",
        "fips",
        "--lib",
        "--target-dir",
        "target/fips",
    ])
}

/// Installs what a test drives and skips aloud without: a token for PKCS#11.
pub(crate) fn install_token() {
    if present("softhsm2-util", &["--version"]) {
        return;
    }
    let installed = succeeds(&mut at_root(
        "apt-get",
        &["install", "-y", "-qq", "softhsm2"],
    ));
    println!(
        "softhsm2 {}",
        if installed {
            "was installed"
        } else {
            "could not be installed: PKCS#11 is not tried"
        }
    );
}
