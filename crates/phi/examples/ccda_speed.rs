//! Prints how many megabytes of C-CDA a second one core de-identifies: `cargo run --release -p
//! cloister-phi --example ccda_speed [FILE.xml]`. With `--show` it prints the document instead.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads a clock and a file"
)]

use std::{env, error::Error, fs, time::Instant};

use cloister_phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use domain::Entropy;
use formats::{Input, Limits, ccda::Document};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let shows = arguments.first().is_some_and(|first| first == "--show");
    if shows {
        arguments.remove(0);
    }
    let mut files = Vec::new();
    for path in &arguments {
        files.push(fs::read(path)?);
    }
    if files.is_empty() {
        files.push(BUILT_IN.to_vec());
    }
    let (engine, plan, map) = (TextEngine::new(), Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Counter(1);
    let book = Crosswalk::new();
    let mut work = Deidentifier::new(&plan, &map, &engine, book, &mut entropy, 2026)?;
    let size: usize = files.iter().map(Vec::len).sum();
    let rounds = if shows { 1 } else { (40_000_000 / size).max(1) };
    let started = Instant::now();
    let mut written = 0;
    for _ in 0..rounds {
        for file in &files {
            let input = Input::Bytes(file.clone());
            let document = Document::read("x.xml", input, &Limits::default())?;
            let out = work.ccda(&document);
            written += out.len();
            if shows {
                println!("{}", String::from_utf8_lossy(&out));
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = (size * rounds) as f64 / 1e6;
    if !shows {
        println!(
            "{megabytes:.1} MB in, {:.1} MB out, in {seconds:.2} s: {:.1} MB/s",
            written as f64 / 1e6,
            megabytes / seconds
        );
    }
    Ok(())
}

/// Distinct draws, enough for a measurement.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

const BUILT_IN: &[u8] = include_bytes!("../tests/data/ccda/summary.xml");
