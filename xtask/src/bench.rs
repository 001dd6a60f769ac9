//! Speed and size: `bench/` holds the measurements, this runs them.

use crate::{command::cargo, peers};

/// Prints medians and ratios of one run; extra words choose benchmarks by name, and `--peers`
/// measures other people's programs beside ours.
pub(crate) fn run(words: &[&str]) -> bool {
    if words.contains(&"--peers") {
        let rest: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| *word != "--peers")
            .collect();
        return peers::run(&rest);
    }
    let mut arguments = vec!["run", "--release", "--package", "bench", "--"];
    arguments.extend_from_slice(words);
    cargo(&arguments)
}
