//! The program: a trusted environment for machine learning on protected health information.
//!
//! `main` reads the words of the command line, opens what they name and hands over to `commands/`,
//! one file a verb. Results go to stdout, progress and messages to stderr.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is where files, clock and environment come in"
)]

mod arguments;
mod codes;
mod commands;
mod crash;
mod failure;
mod files;
mod keeper;
mod machine_clock;
mod progress;
mod screen;
mod wire;

use std::process::ExitCode;

use clap::Parser;

use crate::{arguments::Arguments, screen::Screen};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let screen = Screen::new(arguments.json);
    wire::forbid_core_files();
    match crash::caught(|| {
        // Nothing is sealed, opened or signed by a crypto module that does not work.
        seal::self_test()?;
        commands::run(&arguments, screen)
    }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            screen.failure(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}
