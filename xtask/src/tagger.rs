//! The weights of the text engine's tagger, made from nothing but this repository.

use crate::command::cargo;

/// Trains the tagger and prints what it finds of names it has not seen.
pub(crate) fn run(words: &[&str]) -> bool {
    let mut arguments = vec!["run", "--release", "--package", "cloister-phi"];
    arguments.extend(["--example", "train_tagger", "--"]);
    arguments.extend_from_slice(words);
    cargo(&arguments)
}
