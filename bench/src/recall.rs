//! What the text engine finds of what stands in texts whose truth is known: the examination and the
//! notes of the synthetic hospital. The arithmetic is that of [`phi::evaluate`].
//!
//! Development and held-out halves are told apart. Misses and alarms are shown of the development
//! half only unless asked for, because whoever has read the others cannot write rules that are
//! measured on them any more.

mod corpus;
mod export;
mod known;
mod samples;

pub use corpus::{Places, marks};
use hospital::examination::Half;
pub use known::people;
use std::{error::Error, fs};

use phi::{
    evaluate::{Cover, Document, Evaluation, Facet, Mark, Share, Verdict},
    tagger::{Tagger, Weights},
    text::{Scratch, TextEngine},
};
use serde_json::{Map, Value, json};

pub use self::export::export;
use self::{
    corpus::Corpus,
    samples::{Samples, shown},
};
use crate::words::Words;

/// The figures of every corpus.
#[derive(Debug)]
pub struct Recall {
    seed: u64,
    read: Vec<Read>,
    halves: [Evaluation; 2],
    misses: Samples,
    alarms: Samples,
}

/// One corpus, read.
#[derive(Debug)]
struct Read {
    name: String,
    is_held_out: bool,
    evaluation: Evaluation,
}

/// Reads every corpus.
pub fn measure(words: &Words) -> Result<Recall, Box<dyn Error>> {
    let engine = engine(words)?;
    let mut corpora = Corpus::examination(words.seed, &engine);
    let examined = corpora.len();
    for half in Half::ALL {
        corpora.push(Corpus::known(words.seed, half, &engine));
    }
    if !words.examination {
        for with_known in [false, true] {
            corpora.extend(Corpus::hospital(words.seed, words.patients, with_known));
        }
    }
    let mut recall = Recall {
        seed: words.seed,
        read: Vec::new(),
        halves: <[Evaluation; 2]>::default(),
        misses: Samples::new(words.misses),
        alarms: Samples::new(words.alarms),
    };
    for (at, corpus) in corpora.iter().enumerate() {
        recall.read(&engine, corpus, at < examined, words);
    }
    Ok(recall)
}

/// The engine as it comes, or with the weights that were asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the weights it is given"
)]
fn engine(words: &Words) -> Result<TextEngine, Box<dyn Error>> {
    let Some(path) = &words.weights else {
        return Ok(TextEngine::new());
    };
    let weights = Weights::read(&fs::read(path)?)?;
    Ok(TextEngine::without_tagger().with_tagger(Tagger::new(weights)))
}

impl Recall {
    fn read(&mut self, engine: &TextEngine, corpus: &Corpus, counts: bool, words: &Words) {
        let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
        let mut evaluation = Evaluation::default();
        for (document, known) in corpus.documents.iter().zip(&corpus.known) {
            engine.scan_into(&document.text, known.as_ref(), &mut scratch, &mut findings);
            let found = marks(&document.text, &findings);
            let verdict = evaluation.add(document, &found);
            if counts {
                let [development, held_out] = &mut self.halves;
                let half = if corpus.is_held_out {
                    held_out
                } else {
                    development
                };
                half.add(document, &found);
            }
            if !corpus.is_held_out || words.held_out {
                self.keep(corpus, document, &found, &verdict);
            }
        }
        self.read.push(Read {
            name: corpus.name.clone(),
            is_held_out: corpus.is_held_out,
            evaluation,
        });
    }

    fn keep(&mut self, corpus: &Corpus, document: &Document, found: &[Mark], verdict: &Verdict) {
        for (at, cover) in &verdict.missed {
            let Some(piece) = document.spans.get(*at) else {
                continue;
            };
            let part = if *cover == Cover::Part {
                "part of "
            } else {
                ""
            };
            let kind = piece.kind.as_deref().unwrap_or("");
            let group = document.group.as_deref().unwrap_or("");
            let sort = format!("{part}{} {kind} | {} {group}", piece.label, corpus.name);
            self.misses
                .keep(sort, || shown(&document.text, piece.start..piece.end));
        }
        for mark in verdict.false_alarms.iter().filter_map(|at| found.get(*at)) {
            let detector = mark.detector.as_deref().unwrap_or("");
            let sort = format!("{} by {detector} | {}", mark.label, corpus.name);
            self.alarms
                .keep(sort, || shown(&document.text, mark.start..mark.end));
        }
    }

    /// Prints the figures; in full also those of each kind of identifier and of each detector.
    pub fn print(&self, in_full: bool) {
        println!(
            "\nrecall of the text engine, whole cover, seed {}",
            self.seed
        );
        println!(
            "  {:<38} {:>7} {:>6} {:>8}  {:<17} {:>7} {:>7} {:>8} {:>7}",
            "",
            "pieces",
            "missed",
            "recall",
            "95 % interval",
            "no leak",
            "alarms",
            "touched",
            "prec."
        );
        for read in &self.read {
            read.print();
        }
        println!(
            "  (no leak: documents, %; alarms: per 1,000 words; touched: documents without identifiers, %)"
        );
        for (half, evaluation) in Half::ALL.iter().zip(&self.halves) {
            println!(
                "\nexamination, {} half\n{}",
                half.word(),
                evaluation.text(0.01, in_full)
            );
        }
        self.misses.print("misses");
        self.alarms.print("false alarms");
    }

    /// The figures as a document.
    pub fn document(&self) -> Value {
        let corpora = self.read.iter();
        let corpora: Map<String, Value> = corpora
            .map(|read| (read.title(), read.evaluation.document(0.01)))
            .collect();
        let halves = Half::ALL.iter().zip(&self.halves);
        let halves: Map<String, Value> = halves
            .map(|(half, evaluation)| (half.word().to_owned(), evaluation.document(0.01)))
            .collect();
        json!({"seed": self.seed, "halves": halves, "corpora": corpora})
    }
}

impl Read {
    fn title(&self) -> String {
        let half = if self.is_held_out { ", held out" } else { "" };
        format!("{}{half}", self.name)
    }

    fn print(&self) {
        let evaluation = &self.evaluation;
        let recall = evaluation.recall();
        let (low, high) = recall.interval();
        println!(
            "  {:<38} {:>7} {:>6} {:>8} {:>7.2} to {:>6.2} {:>7} {:>7.2} {:>8} {:>7}",
            self.title(),
            recall.all(),
            recall.missed(),
            percent(&recall),
            low * 100.0,
            high * 100.0,
            percent(evaluation.without_leak()),
            evaluation.alarms_per_thousand_words(),
            percent(evaluation.touched()),
            percent(evaluation.precision()),
        );
        for (name, share) in evaluation
            .shares(Facet::Label)
            .filter(|_| self.name == "known persons")
        {
            println!(
                "    {name:<36} {:>7} {:>6} {:>8}",
                share.all(),
                share.missed(),
                percent(share)
            );
        }
    }
}

fn percent(share: &Share) -> String {
    if share.all() == 0 {
        return "-".to_owned();
    }
    format!("{:.2}", share.value() * 100.0)
}
