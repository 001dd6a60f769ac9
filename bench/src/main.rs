//! Speed, size and recall, measured: `cargo xtask bench [names...]`.
//!
//! Nothing here is asserted. A run prints one table; `--json` prints a document instead.
#![expect(
    clippy::print_stdout,
    reason = "a benchmark speaks to the person who runs it"
)]
#![expect(
    unreachable_pub,
    reason = "a program has no public items; `pub` marks what a module offers to the others"
)]

mod recall;
mod words;

use std::process::ExitCode;

use words::Words;

fn main() -> ExitCode {
    let words = Words::of_the_command_line();
    if words.want("recall") {
        recall::print(&words);
    }
    ExitCode::SUCCESS
}
