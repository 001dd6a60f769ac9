//! Speed, size and recall, measured: `cargo xtask bench [names...]`.
//!
//! Nothing here is asserted. A run prints one table; `--json` prints a document instead. Rates are
//! by processor time, so per core, and other programs disturb them little; times that wait for the
//! medium are by the wall. Names: `text`, `tables`, `documents`, `seal`, `vault`, `keys`, `log`, `risk`,
//! `access`, `privacy`, `he`, `train`, `accuracy`, `attack`, `demo`, `recall`. `export-corpus DIR` writes the texts of `recall` with
//! their truth. `peers-material DIR` and `peers DIR` belong to `cargo xtask bench --peers`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark speaks to the person who runs it"
)]
#![expect(
    unreachable_pub,
    reason = "a program has no public items; `pub` marks what a module offers to the others"
)]

mod material;
mod sheet;
mod stopwatch;
mod words;

mod accounting;
mod attack;
mod demo;
mod documents;
mod encrypted;
mod keys;
mod logging;
mod peers;
mod recall;
mod sealing;
mod small;
mod tables;
mod text;
mod training;
mod vault;

use std::{path::Path, process::ExitCode};

use sheet::Sheet;
use words::{Task, Words};

/// What became of a measurement.
type Outcome = Result<(), Box<dyn std::error::Error>>;

type Measurement = fn(&Words, &mut Sheet) -> Outcome;

const MEASUREMENTS: [(&str, Measurement); 15] = [
    ("text", text::measure),
    ("tables", tables::measure),
    ("documents", documents::measure),
    ("seal", sealing::measure),
    ("vault", vault::measure),
    ("keys", keys::measure),
    ("log", logging::measure),
    ("risk", small::risk),
    ("access", small::access),
    ("privacy", small::privacy),
    ("he", encrypted::measure),
    ("train", training::measure),
    ("accuracy", training::measure_accuracy),
    ("attack", attack::measure),
    ("demo", demo::measure),
];

fn main() -> ExitCode {
    let words = match Words::of_the_command_line() {
        Ok(words) => words,
        Err(word) => {
            eprintln!(
                "there is no benchmark `{word}`; there are: {}",
                names().join(", ")
            );
            return ExitCode::from(2);
        }
    };
    if let Some((task, folder)) = &words.task {
        return match task.run(folder, &words) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{}: {error}", task.word());
                ExitCode::FAILURE
            }
        };
    }
    let mut sheet = Sheet::default();
    let mut failed = false;
    for (name, measure) in MEASUREMENTS.iter().filter(|(name, _)| words.want(name)) {
        if let Err(error) = measure(&words, &mut sheet) {
            eprintln!("{name}: {error}");
            failed = true;
        }
    }
    let recall = words
        .want("recall")
        .then(|| recall::measure(&words))
        .transpose();
    let recall = match recall {
        Ok(recall) => recall,
        Err(error) => {
            eprintln!("recall: {error}");
            return ExitCode::FAILURE;
        }
    };
    if words.json {
        let recall = recall.map(|recall| recall.document());
        println!(
            "{}",
            serde_json::json!({"lines": sheet.document(), "recall": recall})
        );
    } else {
        if words.markdown {
            sheet.print_markdown();
        } else {
            sheet.print();
        }
        if let Some(recall) = recall {
            recall.print(words.names("recall"));
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

impl Task {
    fn run(self, folder: &Path, words: &Words) -> Outcome {
        match self {
            Self::ExportCorpus => recall::export(folder, words, |_| true),
            Self::PeersMaterial => peers::write_material(folder, words),
            Self::Peers => peers::compare(folder, words),
        }
    }
}

fn names() -> Vec<&'static str> {
    let names = MEASUREMENTS.iter().map(|(name, _)| *name);
    names.chain(["recall"]).collect()
}
