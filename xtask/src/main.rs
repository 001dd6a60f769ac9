//! The project's own tasks: `cargo xtask test | tidy | golden | bench | faults | fips |
//! fuzz-smoke | train-tagger`.
#![expect(
    clippy::print_stdout,
    reason = "a task speaks to the person who runs it"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a task works on the source tree and its own clock"
)]

mod bench;
mod command;
mod faults;
mod fips;
mod fuzz;
mod golden;
mod peers;
mod python;
mod tagger;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask TASK

  test         everything: format, tidy, lints, unit, property, golden, journey, Python, fuzz smoke and the FIPS build
  tidy         the floors and the house rules alone   (--sizes lists long files)
  golden       write the golden files anew
  bench        speed and size, as medians and ratios of one run
               (--peers measures other people's programs on the same files; installs them first)
  fips         builds and tests `seal` on the validated module, with cmake and go; part of test
  python       the checks by other people's programs from the Python index; part of test
  fuzz-smoke   each fuzz target for a few seconds      (--seconds N)
  faults       the fault tests at 20,000 points, for the night  (--points N)
  train-tagger write crates/phi/data/tagger.bin anew, then measure it  (--keep measures only)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let held = match words.as_slice() {
        ["test"] => test::run(),
        ["tidy", rest @ ..] => tidy::run(rest.contains(&"--sizes")),
        ["fips"] => fips::run().failed == 0,
        ["python"] => python::run().failed == 0,
        ["golden"] => golden::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["train-tagger", rest @ ..] => tagger::run(rest),
        ["faults", rest @ ..] => faults::run(number(rest, "--points")),
        ["fuzz-smoke", rest @ ..] => fuzz::run(seconds(rest)).is_ok(),
        _ => {
            println!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn seconds(words: &[&str]) -> u32 {
    number(words, "--seconds").unwrap_or(fuzz::SECONDS)
}

/// The number that follows a word.
fn number<N: std::str::FromStr>(words: &[&str], word: &str) -> Option<N> {
    let at = words.iter().position(|found| *found == word)?;
    words.get(at + 1)?.parse().ok()
}
