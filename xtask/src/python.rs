//! Checks by other people's programs, from the Python package index.

use std::path::{Path, PathBuf};

use crate::{
    command::{at_root, present, root, succeeds},
    test::Count,
};

/// A virtual environment of our own, and what is installed in it.
pub(crate) struct Environment {
    pub(crate) home: PathBuf,
    /// Files of requirements, from the root of the tree, each with further words for `pip`.
    pub(crate) lists: Vec<(&'static str, &'static [&'static str])>,
}

/// Runs `journeys/python/*.py` in a virtual environment of our own.
pub(crate) fn run() -> Count {
    let environment = Environment {
        home: root().join(".venv"),
        lists: vec![("journeys/python/requirements.txt", &[])],
    };
    match ready(&environment) {
        Ok(python) => check(&python),
        Err(reason) => {
            println!("skipped: {reason}; the Python checks were not run");
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

/// The interpreter of an environment, made when it is not there or its lists changed; an error
/// says why there is none.
pub(crate) fn ready(environment: &Environment) -> Result<String, &'static str> {
    let python = environment.home.join("bin/python");
    let ready = environment.home.join("ready");
    let wanted = environment.wanted();
    if std::fs::read_to_string(&ready).ok().as_deref() != Some(wanted.as_str()) {
        environment.make(&python)?;
        std::fs::write(&ready, wanted).map_err(|_| "the virtual environment cannot be written")?;
    }
    python
        .to_str()
        .map(str::to_owned)
        .ok_or("the path to the source tree is not UTF-8")
}

impl Environment {
    /// The lists' own words: what stands in `ready` once they are installed.
    fn wanted(&self) -> String {
        let lists = self.lists.iter();
        lists
            .map(|(list, _)| std::fs::read_to_string(root().join(list)).unwrap_or_default())
            .collect()
    }

    fn make(&self, python: &Path) -> Result<(), &'static str> {
        if !present("python3", &["--version"]) {
            return Err("there is no python3 here");
        }
        let create = || succeeds(at_root("python3", &["-m", "venv"]).arg(&self.home));
        if !create() {
            install_venv();
            if !create() {
                return Err("python3 has no venv module and it could not be installed");
            }
        }
        for (list, words) in &self.lists {
            install(python, list, words)?;
        }
        Ok(())
    }
}

fn install(python: &Path, list: &str, words: &[&str]) -> Result<(), &'static str> {
    let mut install = std::process::Command::new(python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    install.args(words).arg("-r").arg(root().join(list));
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
