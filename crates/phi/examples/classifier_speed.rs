//! Prints how many tokens a second one core reads with a drawn model of the size of BERT base:
//! `cargo run --release -p cloister-phi --example classifier_speed [FAMILY]`, FAMILY being `bert`
//! or `distilbert`. Where the system tells it, processor time is counted, so that other work on the
//! machine does not matter. The weights are noise, so what it finds means nothing; the work is the same.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads clocks")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement stops at the first surprise"
)]
#![expect(clippy::indexing_slicing, reason = "the sizes are its own")]

#[path = "../src/classifier/tests/toy.rs"]
mod toy;

use std::{env, fs, sync::LazyLock, time::Instant};

use cloister_phi::{
    classifier::{Classifier, LabelMap, ModelFiles, ModelIdentity, TokenizerFiles},
    text::TextEngine,
};
use domain::Digest;
use toy::{Shape, Toy};

fn main() {
    let family = match env::args().nth(1).as_deref() {
        Some("distilbert") => "distilbert",
        _ => "bert",
    };
    let shape = Shape {
        hidden: 768,
        heads: 12,
        layers: if family == "bert" { 12 } else { 6 },
        inner: 3072,
        positions: 512,
        ..Shape::tiny(family, 30_522)
    };
    let toy = Toy::drawn(shape, 1, 0.05);
    let (config, weights) = (toy.config(), toy.weights());
    drop(toy);
    let words = words();
    let files = ModelFiles {
        config: &config,
        weights: &weights,
        tokenizer: TokenizerFiles {
            words: Some(words.as_bytes()),
            ..TokenizerFiles::default()
        },
    };
    let identity = ModelIdentity {
        name: "drawn".to_owned(),
        weights: Digest([0; 32]),
        labels: None,
    };
    let started = clock();
    let map = LabelMap::built_in().unwrap();
    let classifier = Classifier::read(&files, identity, map).unwrap();
    let seconds = clock() - started;
    let size = weights.len() as f64 / 1e6;
    println!(
        "{}: {size:.0} MB read and checked in {seconds:.2} s",
        classifier.describe()
    );

    for sentences in [1, 12, 100] {
        measure(&classifier, &SENTENCE.repeat(sentences));
    }
    let text = SENTENCE.repeat(100);
    let engine = TextEngine::new().with_classifier(classifier);
    let started = clock();
    engine.scan(&text, None);
    let seconds = clock() - started;
    println!(
        "scan, rules and tagger included: {:.1} KB/s",
        text.len() as f64 / seconds / 1e3
    );
}

fn measure(classifier: &Classifier, text: &str) {
    let tokens = classifier.token_count(text);
    let rounds = (2000 / tokens).max(1);
    let started = clock();
    for _ in 0..rounds {
        classifier.readings(text);
    }
    let seconds = clock() - started;
    let read = (tokens * rounds) as f64;
    println!("texts of {tokens} tokens: {:.0} tokens/s", read / seconds);
}

/// Seconds that this thread has run, else seconds since the first look.
fn clock() -> f64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let run = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let run = run.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    run.map_or_else(|| FIRST.elapsed().as_secs_f64(), |run| run as f64 / 1e9)
}

/// Marks, and the letters that every word falls into.
fn words() -> String {
    let mut words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
        .map(str::to_owned)
        .to_vec();
    words.extend(
        SENTENCE
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned),
    );
    let letters = ('a'..='z').chain('0'..='9').chain("./-,".chars());
    words.extend(letters.flat_map(|letter| [letter.to_string(), format!("##{letter}")]));
    words.join("\n")
}

const SENTENCE: &str = "The patient is a 54 year old woman with diabetes who was last seen by Dr. Quillfeather \
on 03/14/2021 and takes metoprolol 25 mg twice daily.\n";
