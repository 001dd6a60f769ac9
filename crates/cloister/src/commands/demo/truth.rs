//! How much of the known truth was found: the hospital's notes say where every identifier stands.

use hospital::{Hospital, TruthSpan};
use serde_json::{Value, json};

use crate::{failure::Failure, wire::Instance};

/// Of the identifiers that were woven into the notes, how many are gone.
#[derive(Debug, Default)]
pub(super) struct Recall {
    common: Share,
    rare: Share,
    notes: u64,
}

#[derive(Debug, Default)]
struct Share {
    gone: u64,
    all: u64,
}

impl Share {
    fn count(&mut self, gone: bool) {
        self.all += 1;
        self.gone += u64::from(gone);
    }

    fn percent(&self) -> f64 {
        if self.all == 0 {
            100.0
        } else {
            100.0 * self.gone as f64 / self.all as f64
        }
    }
}

impl Recall {
    pub(super) fn told(&self) -> String {
        format!(
            "truth check   {} notes: {:.2} % of {} identifiers woven in are gone; of {} in no dictionary {:.2} %\n              \
             (invented notes whose patients are known; see SECURITY.md for notes of another make)",
            self.notes,
            self.common.percent(),
            self.common.all,
            self.rare.all,
            self.rare.percent()
        )
    }

    pub(super) fn document(&self) -> Value {
        json!({
            "notes": self.notes,
            "common": { "gone": self.common.gone, "all": self.common.all },
            "rare": { "gone": self.rare.gone, "all": self.rare.all },
        })
    }
}

/// Looks for every truth span in the de-identified text of its note.
pub(super) fn measure(instance: &Instance, hospital: &Hospital) -> Result<Recall, Failure> {
    let texts =
        flow::operate::dataset::texts(&instance.desk(), "readmission-deid", "notes", "text")?;
    let mut recall = Recall::default();
    for (note, text) in hospital.notes.iter().zip(&texts) {
        recall.notes += 1;
        for span in &note.truth {
            let gone = is_gone(&note.text, span, text);
            if span.rare {
                recall.rare.count(gone);
            } else {
                recall.common.count(gone);
            }
        }
    }
    Ok(recall)
}

/// Gone means: the words as they stood are not in the output, as words.
fn is_gone(source: &str, span: &TruthSpan, output: &str) -> bool {
    let Some(original) = source.get(span.start..span.end) else {
        return false;
    };
    !output.match_indices(original).any(|(at, found)| {
        let before = output.get(..at).and_then(|text| text.chars().next_back());
        let after = output
            .get(at + found.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
