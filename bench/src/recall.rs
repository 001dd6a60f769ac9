//! What the text engine finds of what stands in the synthetic hospital's notes.
//!
//! A piece of truth counts as found when every letter and digit of it lies inside findings,
//! whatever their label (a leading article aside): what is covered is rewritten, and nothing of it
//! is left to read. Known persons are known from their row of the patient table and nothing else.

mod known;
mod share;
mod tally;

pub use known::people;

use std::ops::Range;

use hospital::{Hospital, Note, TruthSpan};
use phi::{
    finding::Finding,
    text::{Scratch, TextEngine},
};
use serde_json::{Value, json};

use self::tally::Tally;
use crate::words::Words;

/// The figures of one hospital, without and with known persons.
#[derive(Debug)]
pub struct Recall {
    seed: u64,
    patients: u32,
    runs: [(&'static str, Tally); 2],
}

/// Reads every note twice: as a stranger's, and as a known person's.
pub fn measure(words: &Words) -> Recall {
    let hospital = Hospital::generate(words.seed, words.patients);
    let engine = TextEngine::new();
    let people = people(&hospital);
    let read = |with_known: bool| {
        let mut tally = Tally::new(words.misses, words.alarms, words.held_out);
        let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
        for note in &hospital.notes {
            let person = people.get(note.patient_id.as_str()).filter(|_| with_known);
            engine.scan_into(&note.text, person, &mut scratch, &mut findings);
            judge(note, &findings, &mut tally);
        }
        tally
    };
    Recall {
        seed: words.seed,
        patients: words.patients,
        runs: [
            ("without known persons", read(false)),
            ("with known persons", read(true)),
        ],
    }
}

fn judge(note: &Note, findings: &[Finding], tally: &mut Tally) {
    let mut leaks = false;
    for truth in &note.truth {
        let cover = cover(&note.text, truth, findings);
        leaks |= cover != Cover::Whole;
        tally.piece(note, truth, cover);
    }
    tally.note(note, leaks);
    for finding in findings {
        let is_true = note
            .truth
            .iter()
            .any(|truth| touches(truth, &finding.range()));
        let text = note.text.get(finding.range()).unwrap_or("");
        if !is_true && !is_year(text) {
            tally.alarm(note, finding);
        }
    }
}

/// How much of a piece lies inside findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every letter and digit, a leading article aside.
    Whole,
    /// Some of it.
    Part,
    /// Nothing.
    Nothing,
}

fn cover(text: &str, truth: &TruthSpan, findings: &[Finding]) -> Cover {
    let piece = text.get(truth.start..truth.end).unwrap_or("");
    let article = piece.to_ascii_lowercase().starts_with("the ");
    let start = truth.start + if article { "the ".len() } else { 0 };
    let (mut inside, mut outside) = (0, 0);
    for (at, letter) in text.get(start..truth.end).unwrap_or("").char_indices() {
        let at = start + at;
        let is_inside = findings.iter().any(|finding| finding.range().contains(&at));
        let side = if is_inside { &mut inside } else { &mut outside };
        *side += u32::from(letter.is_alphanumeric());
    }
    match (inside, outside) {
        (_, 0) => Cover::Whole,
        (0, _) => Cover::Nothing,
        _ => Cover::Part,
    }
}

fn touches(truth: &TruthSpan, range: &Range<usize>) -> bool {
    truth.start < range.end && range.start < truth.end
}

/// A year may stay: finding one costs nothing, it is rewritten to itself.
fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Recall {
    /// Prints the figures; in full also those of each kind of identifier and of each detector.
    pub fn print(&self, in_full: bool) {
        println!(
            "\nrecall of the text engine: {} synthetic patients, seed {}",
            self.patients, self.seed
        );
        for (name, tally) in &self.runs {
            println!("\n{name}");
            tally.print(in_full);
        }
    }

    /// The figures as a document.
    pub fn document(&self) -> Value {
        let runs = self.runs.iter();
        let runs: serde_json::Map<String, Value> = runs
            .map(|(name, tally)| ((*name).to_owned(), tally.document()))
            .collect();
        json!({"seed": self.seed, "patients": self.patients, "runs": runs})
    }
}
