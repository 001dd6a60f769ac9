//! De-identifies HL7 v2 from standard input to standard output under Safe Harbor, to look at.

use std::io::{Read, Write};

use cloister_phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use domain::Entropy;
use formats::{Input, Limits, hl7v2};

/// A counter that is stirred; good enough to look at codes.
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
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let (plan, map, engine) = (Plan::safe_harbor(), FieldMap::default(), TextEngine::new());
    let mut entropy = Stirred(7);
    let mut work = Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, 2026)?;
    let mut out = Vec::new();
    for message in hl7v2::messages("stdin", Input::Bytes(bytes), &Limits::default()) {
        let message = message?;
        out.extend_from_slice(message.lead());
        work.hl7v2(&message, &mut out);
    }
    std::io::stdout().write_all(&out)?;
    Ok(())
}
