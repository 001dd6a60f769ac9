//! Prints how many megabytes of FHIR a second one core reads, learns from and rewrites:
//! `cargo run --release -p cloister-phi --example fhir_speed -- FILE...`. A file whose name ends in
//! `ndjson` holds a resource a line, any other one document.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads files and a clock"
)]

use std::{env, fs, time::Instant};

use cloister_phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use domain::Entropy;
use formats::{Format, Input, Limits, fhir};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for name in env::args().skip(1) {
        let format = if name.ends_with("ndjson") {
            Format::FhirNdjson
        } else {
            Format::FhirBundle
        };
        files.push((format, fs::read(name)?));
    }
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let (engine, plan, map) = (TextEngine::new(), Plan::safe_harbor(), FieldMap::default());
    let rounds = 40_000_000 / size.max(1) + 1;
    let (mut entropy, mut out) = (Counter(1), Vec::new());
    let (started, before) = (Instant::now(), processor_seconds());
    for _ in 0..rounds {
        let book = Crosswalk::new();
        let mut work = Deidentifier::new(&plan, &map, &engine, book, &mut entropy, 2026)?;
        for learns in [true, false] {
            for (format, bytes) in &files {
                let input = Input::Bytes(bytes.clone());
                let mut documents = fhir::documents("x", *format, input, &Limits::default())?;
                while let Some(document) = documents.next()? {
                    if learns {
                        work.learn_fhir(document)?;
                    } else {
                        out.clear();
                        work.fhir(document, &mut out)?;
                    }
                }
            }
        }
    }
    let (wall, cpu) = (
        started.elapsed().as_secs_f64(),
        processor_seconds() - before,
    );
    let megabytes = (size * rounds) as f64 / 1e6;
    println!(
        "{megabytes:.1} MB: {:.1} MB/s by processor time, {:.1} by the clock",
        megabytes / cpu,
        megabytes / wall
    );
    Ok(())
}

/// Seconds this thread was on a processor.
fn processor_seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split_whitespace().next().unwrap_or_default();
    nanos.parse::<f64>().unwrap_or_default() / 1e9
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
