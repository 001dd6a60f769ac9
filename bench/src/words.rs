//! The words of the command line: names of benchmarks, and a few options.

use std::{env, path::PathBuf};

/// What was asked for.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each option")]
pub struct Words {
    names: Vec<String>,
    /// Print a document instead of a table.
    pub json: bool,
    /// Print the table in Markdown.
    pub markdown: bool,
    /// How many misses `recall` shows.
    pub misses: usize,
    /// How many false alarms `recall` shows.
    pub alarms: usize,
    /// Whether `recall` reads the examination only, without the hospital's notes.
    pub examination: bool,
    /// What is done with a folder, instead of measuring by name.
    pub task: Option<(Task, PathBuf)>,
    /// Whether `recall` shows pieces of held-out notes as well.
    pub held_out: bool,
    /// Weights of a tagger that `recall` reads with instead of the built-in ones.
    pub weights: Option<PathBuf>,
    /// The seed of the synthetic hospital.
    pub seed: u64,
    /// Counted repetitions of each measurement.
    pub repetitions: u32,
    /// The patients of the synthetic hospital that `recall` reads.
    pub patients: u32,
}

/// What can be done with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Write the examination into it.
    ExportCorpus,
    /// Write what the peers read into it.
    PeersMaterial,
    /// Read there what the peers found, and compare.
    Peers,
}

impl Task {
    const ALL: [Self; 3] = [Self::ExportCorpus, Self::PeersMaterial, Self::Peers];

    /// Its word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ExportCorpus => "export-corpus",
            Self::PeersMaterial => "peers-material",
            Self::Peers => "peers",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.word() == word)
    }
}

impl Words {
    /// The words after the program's name, or the first that means nothing.
    pub fn of_the_command_line() -> Result<Self, String> {
        let mut words = Self {
            names: Vec::new(),
            json: false,
            markdown: false,
            misses: 0,
            alarms: 0,
            held_out: false,
            examination: false,
            task: None,
            weights: None,
            seed: 20_261_122,
            repetitions: 7,
            patients: 2_000,
        };
        let mut rest = env::args().skip(1);
        while let Some(word) = rest.next() {
            match word.as_str() {
                "--json" => words.json = true,
                "--markdown" => words.markdown = true,
                "--misses" => words.misses = number(rest.next(), 20),
                "--alarms" => words.alarms = number(rest.next(), 20),
                "--examination" => words.examination = true,
                "--held-out" => words.held_out = true,
                "--seed" => words.seed = number(rest.next(), words.seed),
                "--weights" => words.weights = rest.next().map(PathBuf::from),
                "--patients" => words.patients = number(rest.next(), words.patients),
                "--repetitions" => {
                    words.repetitions = number(rest.next(), words.repetitions).max(1);
                }
                known if crate::names().contains(&known) => words.names.push(word),
                _ => {
                    let task = Task::of(&word).ok_or_else(|| word.clone())?;
                    words.task = Some((task, rest.next().ok_or(word)?.into()));
                }
            }
        }
        Ok(words)
    }

    /// Whether a benchmark was asked for by its name.
    pub fn names(&self, name: &str) -> bool {
        self.names.iter().any(|wanted| wanted == name)
    }

    /// Whether a benchmark was asked for: by its name, or because none was named.
    pub fn want(&self, name: &str) -> bool {
        self.names.is_empty() || self.names(name)
    }
}

fn number<T: std::str::FromStr>(word: Option<String>, otherwise: T) -> T {
    word.and_then(|word| word.parse().ok()).unwrap_or(otherwise)
}
