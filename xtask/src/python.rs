//! Checks by other people's programs, from the Python package index.

use std::path::PathBuf;

use crate::{
    command::{at_root, present, root, succeeds},
    test::Count,
};

/// Runs `journeys/python/*.py` in a virtual environment of our own.
pub(crate) fn run() -> Count {
    match environment() {
        Ok(python) => check(&python),
        Err(reason) => {
            println!("skipped: {reason}");
            Count::skip()
        }
    }
}

fn check(python: &str) -> Count {
    let mut command = at_root(
        python,
        &["-m", "unittest", "discover", "-v", "-s", "journeys/python"],
    );
    command.env("CLOISTER_BIN", root().join("target/release/cloister"));
    Count::of(succeeds(&mut command))
}

/// The interpreter of `.venv`, made on first use; an error says why there is none.
fn environment() -> Result<String, &'static str> {
    let home = root().join(".venv");
    let python = home.join("bin/python");
    let ready = home.join("ready");
    if !ready.exists() {
        make(&home, &python)?;
        std::fs::write(&ready, "installed\n")
            .map_err(|_| "the virtual environment cannot be written")?;
    }
    python
        .to_str()
        .map(str::to_owned)
        .ok_or("the path to the source tree is not UTF-8")
}

fn make(home: &PathBuf, python: &PathBuf) -> Result<(), &'static str> {
    if !present("python3", &["--version"]) {
        return Err(
            "no python3 here; the signature check by the model_signing package was not run",
        );
    }
    let create = || succeeds(at_root("python3", &["-m", "venv"]).arg(home));
    if !create() {
        install_venv();
        if !create() {
            return Err("python3 has no venv module and it could not be installed");
        }
    }
    let mut install = std::process::Command::new(python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    install.arg(root().join("journeys/python/requirements.txt"));
    if succeeds(&mut install) {
        Ok(())
    } else {
        Err("the Python packages could not be installed (offline?)")
    }
}

/// Debian keeps `venv` in a package of its own.
fn install_venv() {
    let install = ["install", "-y", "-qq", "python3-venv"];
    let installed = succeeds(&mut at_root("apt-get", &install));
    println!(
        "python3-venv {}",
        if installed {
            "was installed"
        } else {
            "could not be installed"
        }
    );
}
