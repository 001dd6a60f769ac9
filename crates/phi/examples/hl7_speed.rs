//! Prints how many megabytes of HL7 v2 a second of processor time de-identifies, messages without
//! text and with: `cargo run --release -p cloister-phi --example hl7_speed`.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the processor's time"
)]

use std::{fmt::Write as _, fs};

use cloister_phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use domain::Entropy;
use formats::{Input, Limits, hl7v2};

struct Stirred(u64);

impl Entropy for Stirred {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (name, text) in [("structured", ""), ("with notes", NOTE)] {
        let bytes = file(text);
        let megabytes = bytes.len() as f64 / 1e6;
        let (plan, map, engine) = (Plan::safe_harbor(), FieldMap::default(), TextEngine::new());
        let mut entropy = Stirred(1);
        let mut work =
            Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, 2026)?;
        let mut out = Vec::with_capacity(bytes.len());
        let started = processor_seconds();
        for message in hl7v2::messages("x", Input::Bytes(bytes), &Limits::default()) {
            work.hl7v2(&message?, &mut out);
        }
        let seconds = processor_seconds() - started;
        println!(
            "{name}: {megabytes:.1} MB in {seconds:.2} s: {:.1} MB/s",
            megabytes / seconds
        );
    }
    Ok(())
}

/// Seconds this thread was on a processor.
fn processor_seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split_whitespace().next().unwrap_or_default();
    nanos.parse::<f64>().unwrap_or_default() / 1e9
}

/// Laboratory messages of 5,000 patients.
fn file(note: &str) -> Vec<u8> {
    let mut file = String::new();
    for number in 0..12_000 {
        let patient = number % 5_000;
        let _written = write!(
            file,
            "MSH|^~\\&|LAB|NORTHFEN|EHR|NORTHFEN|20210912154400||ORU^R01^ORU_R01|M{number}|P|2.5.1\r\
             PID|1||MR{patient:06}^^^NORTHFEN^MR||Fam{patient}^Giv{patient}^A||19{:02}0305|F||2106-3^White^HL70005|{patient} Mill Rd^^Eastwick^MA^02139^USA||(617)555-{:04}|||||A{patient}|\r\
             OBR|1|P{number}^LAB|F{number}^LAB|24317-0^Hemogram and platelets^LN|||20210912080000|||||||||4410^SALTMARSH^IRIS||||||20210912154000|||F\r",
            50 + patient % 50,
            patient % 10_000,
        );
        for line in 1..=20 {
            let _written = write!(
                file,
                "OBX|{line}|NM|718-{line}^Hemoglobin [Mass/volume] in Blood^LN||{}.{line}|g/dL^gram per deciliter^UCUM|12.0-16.0|N|||F|||20210912093000|||AUTO^Analyzer^L||20210912094500\r",
                8 + line % 9
            );
        }
        if !note.is_empty() {
            let _written = write!(file, "NTE|1|L|{note} Fam{patient}\r");
        }
    }
    file.into_bytes()
}

const NOTE: &str = "Specimen slightly hemolyzed; called to Dr Saltmarsh at 617-555-0199 for";
