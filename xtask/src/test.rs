//! Everything, in the order that fails early and cheaply.

use std::time::Instant;

use crate::{
    command::{at_root, cargo, listen, present, root},
    fips, fuzz, python, tidy,
};

/// What one step counted.
#[derive(Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Count {
    /// One check that held or did not.
    pub(crate) const fn of(held: bool) -> Self {
        Self {
            passed: held as u64,
            failed: !held as u64,
            skipped: 0,
        }
    }

    /// One check that could not run here.
    pub(crate) const fn skip() -> Self {
        Self {
            passed: 0,
            failed: 0,
            skipped: 1,
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

type Step = (&'static str, fn() -> Count);

const STEPS: [Step; 9] = [
    ("format", || Count::of(cargo(&["fmt", "--all", "--check"]))),
    ("tidy", || Count::of(tidy::run(false))),
    ("lints", || Count::of(cargo(&LINTS))),
    ("build", || {
        Count::of(cargo(&[
            "build",
            "--release",
            "--workspace",
            "--all-targets",
            "--locked",
        ]))
    }),
    ("tests", tests),
    ("doc tests", || {
        counted(&["test", "--release", "--workspace", "--doc", "--locked"])
    }),
    ("Python", python::run),
    ("fuzz smoke", || {
        fuzz::run(fuzz::SECONDS).unwrap_or_else(|count| count)
    }),
    ("FIPS build", fips::run),
];

const LINTS: [&str; 8] = [
    "clippy",
    "--release",
    "--workspace",
    "--all-targets",
    "--locked",
    "--",
    "-D",
    "warnings",
];

/// Runs every step, prints what was skipped and why, and closes with the plain count.
pub(crate) fn run() -> bool {
    let mut total = Count::default();
    let mut times = Vec::new();
    for (name, step) in STEPS {
        println!("\n== {name}");
        let start = Instant::now();
        let count = step();
        times.push(format!("{name} {:.0} s", start.elapsed().as_secs_f64()));
        total = total.plus(count);
        if count.failed > 0 && matches!(name, "build") {
            println!("the build failed; the steps that need it are not run");
            break;
        }
    }
    println!("\ntimes: {}", times.join(", "));
    println!(
        "{} passed, {} failed, {} skipped",
        total.passed, total.failed, total.skipped
    );
    total.failed == 0
}

/// Unit, property, golden and journey tests; the journeys drive the program that was just built.
fn tests() -> Count {
    fips::install_token();
    if present("cargo", &["nextest", "--version"]) {
        return counted(&["nextest", "run", "--release", "--workspace", "--locked"]);
    }
    println!("cargo-nextest is not installed: `cargo test` runs the same tests, more slowly");
    counted(&[
        "test",
        "--release",
        "--workspace",
        "--all-targets",
        "--locked",
        "--no-fail-fast",
    ])
}

/// Runs cargo and reads what it counted.
pub(crate) fn counted(arguments: &[&str]) -> Count {
    let mut command = at_root("cargo", arguments);
    command.env("CLOISTER_BIN", root().join("target/release/cloister"));
    let (held, lines) = listen(command);
    let count = lines
        .iter()
        .filter_map(|line| closing(line))
        .fold(Count::default(), Count::plus);
    let silent_failure = !held && count.failed == 0;
    Count {
        failed: count.failed + u64::from(silent_failure),
        ..count
    }
}

/// Reads the closing line of `cargo test` and of nextest. A failing test's own output is indented by
/// nextest and is not counted again.
fn closing(line: &str) -> Option<Count> {
    let counts = line.strip_prefix("test result:").or_else(|| {
        let rest = line.trim_start().strip_prefix("Summary [")?;
        rest.split_once("tests run:")
            .or_else(|| rest.split_once("test run:"))
            .map(|(_, counts)| counts)
    })?;
    let number = |word: &str| {
        let before = counts
            .split(word)
            .next()
            .filter(|before| before.len() < counts.len())?;
        before
            .split([' ', ',', ';', '(', '.'])
            .rfind(|part| !part.is_empty())?
            .parse::<u64>()
            .ok()
    };
    Some(Count {
        passed: number(" passed").unwrap_or(0),
        failed: number(" failed").unwrap_or(0),
        skipped: number(" skipped")
            .or_else(|| number(" ignored"))
            .unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_closing_lines_are_read() {
        let read = |line| closing(line).map(|count| (count.passed, count.failed, count.skipped));
        assert_eq!(
            read("     Summary [   0.412s] 91 tests run: 90 passed (2 slow), 1 failed, 3 skipped"),
            Some((90, 1, 3))
        );
        assert_eq!(
            read("     Summary [   0.412s] 1 test run: 1 passed, 0 skipped"),
            Some((1, 0, 0))
        );
        assert_eq!(
            read("test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out"),
            Some((12, 2, 1))
        );
        assert_eq!(read("running 3 tests"), None);
        assert_eq!(read("    test result: FAILED. 0 passed; 1 failed"), None);
    }
}
