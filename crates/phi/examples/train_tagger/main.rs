//! Trains the tagger from nothing but this repository: `cargo xtask train-tagger [--passages N]
//! [--keep]`. The same source gives the same bytes of `data/tagger.bin`. With `--keep` nothing is
//! trained, the weights that are there are measured.
#![expect(
    clippy::print_stdout,
    reason = "a task speaks to the person who runs it"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a task for development writes a file and reads its arguments"
)]

mod corpus;
mod dice;
mod field;
mod report;

use std::{env, fs, path::Path};

use cloister_phi::{
    tagger::{Tagger, Weights},
    text::TextEngine,
};

use corpus::Corpus;
use field::Field;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |name: &str, otherwise: u32| {
        let at = words.iter().position(|word| word == name);
        at.and_then(|at| words.get(at + 1)?.parse().ok())
            .unwrap_or(otherwise)
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tagger.bin");
    if !words.iter().any(|word| word == "--keep") {
        let weights = train(number("--passages", PASSAGES));
        println!("digest {:016x}", weights.digest());
        fs::write(&path, weights.bytes())?;
    }
    let weights = Weights::read(&fs::read(&path)?)?;
    report::print(&Corpus::unseen(), &weights);
    Ok(())
}

/// Reads one passage after another and learns from each sentence once.
fn train(passages: u32) -> Weights {
    let engine = TextEngine::without_tagger();
    let corpus = Corpus::training();
    let mut field = Field::new();
    let (mut sentences, mut tokens) = (0, 0);
    for number in 0..passages {
        let rate = RATE * (1.0 - 0.9 * number as f32 / passages as f32);
        for lesson in corpus.lessons(&engine, number) {
            sentences += 1;
            tokens += lesson.tags.len();
            field.learn(&lesson, rate);
        }
        if number % 50_000 == 49_999 {
            println!(
                "{} passages, loss {:.4} per token",
                number + 1,
                field.loss()
            );
        }
    }
    println!("{passages} passages, {sentences} sentences, {tokens} tokens");
    field.weights()
}

/// A tagger at another operating point.
fn leaning(weights: &Weights, nats: f32) -> TextEngine {
    TextEngine::without_tagger().with_tagger(Tagger::leaning(weights.clone(), nats))
}

const PASSAGES: u32 = 1_000_000;
const RATE: f32 = 0.12;
