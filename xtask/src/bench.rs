//! Speed and size: `bench/` holds the measurements, this runs them.

use crate::command::cargo;

/// Prints medians and ratios of one run; extra words choose benchmarks by name.
pub(crate) fn run(words: &[&str]) -> bool {
    let mut arguments = vec!["run", "--release", "--package", "bench", "--"];
    arguments.extend_from_slice(words);
    cargo(&arguments)
}
