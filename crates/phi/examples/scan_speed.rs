//! Prints how many megabytes a second one core scans: `cargo run --release --example scan_speed
//! [FILE.jsonl [--without-tagger]]`, on the `text` fields of a file or on built-in lines.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads a clock and a file"
)]

use std::{env, fs, time::Instant};

use cloister_phi::text::{Scratch, TextEngine};

fn main() {
    let started = Instant::now();
    let engine = match env::args().nth(2).as_deref() {
        Some("--without-tagger") => TextEngine::without_tagger(),
        _ => TextEngine::new(),
    };
    println!("built in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let notes = notes();
    let bytes: usize = notes.iter().map(String::len).sum();
    let rounds = (60_000_000 / bytes).max(1);
    let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
    let mut count = 0;
    let started = Instant::now();
    for _ in 0..rounds {
        for note in &notes {
            engine.scan_into(note, None, &mut scratch, &mut findings);
            count += findings.len();
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = (bytes * rounds) as f64 / 1e6;
    println!(
        "{megabytes:.1} MB in {seconds:.2} s: {:.1} MB/s, {:.2} findings per KB",
        megabytes / seconds,
        count as f64 / (megabytes * 1e3)
    );
}

/// The texts to scan.
fn notes() -> Vec<String> {
    let Some(path) = env::args().nth(1) else {
        return (0..200)
            .map(|number| BUILT_IN.replace('#', &number.to_string()))
            .collect();
    };
    let lines = fs::read_to_string(path).unwrap_or_default();
    lines
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| Some(record.get("text")?.as_str()?.to_owned()))
        .collect()
}

const BUILT_IN: &str = "The patient is a 5#-year-old woman with diabetes and hypertension who was last seen by \
Dr. Quillfeather on 03/14/2021. She takes metoprolol 25 mg twice daily and lisinopril 10 mg. Blood pressure 132/84, pulse \
72. Lungs are clear. Heart sounds S1 and S2 regular without murmur. Her daughter Maria Lopez (212-555-01#) helps with \
medications. MRN 44821#. Plan: continue current treatment, repeat HbA1c in three months, and return to clinic.\n\n";
