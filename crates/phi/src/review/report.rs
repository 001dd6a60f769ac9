//! What the verdicts say.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{Map, Value, json};

use super::{Judged, Review};
use crate::evaluate::{EvaluateError, Evaluation, Share};

impl Review {
    /// How many documents the sheet has.
    pub const fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Precision by label: findings that are identifiers, of those that may not stay or go.
    pub fn precision(&self) -> BTreeMap<String, Share> {
        let mut shares: BTreeMap<String, Share> = BTreeMap::new();
        for judged in self.complete() {
            let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
            for (label, is_right) in &judged.verdicts {
                let (hits, all) = counts.entry(label).or_default();
                *hits += u64::from(*is_right);
                *all += 1;
            }
            for (label, (hits, all)) in counts {
                shares.entry(label.to_owned()).or_default().add(hits, all);
            }
        }
        shares
    }

    /// Identifiers that nothing found, by label.
    pub fn missed(&self) -> BTreeMap<String, u64> {
        let mut missed = BTreeMap::new();
        for label in self.complete().flat_map(|judged| &judged.missed) {
            *missed.entry(label.clone()).or_default() += 1;
        }
        missed
    }

    /// Recall, leaking documents and false alarms of what was read whole.
    ///
    /// # Errors
    /// None for a sheet that was read: it has a prediction for every document.
    pub fn evaluation(&self) -> Result<Evaluation, EvaluateError> {
        let complete: Vec<&Judged> = self.complete().collect();
        let gold: Vec<_> = complete
            .iter()
            .map(|judged| judged.document.clone())
            .collect();
        let found: Vec<_> = complete.iter().map(|judged| judged.found.clone()).collect();
        Evaluation::of(&gold, &found)
    }

    /// The figures for people.
    ///
    /// # Errors
    /// As [`evaluation`](Self::evaluation).
    pub fn text(&self, target: f64) -> Result<String, EvaluateError> {
        let complete = self.complete().count();
        let mut text = format!(
            "{} documents in the sheet, {complete} read whole and judged, {} left out\n\n{:<44} {:>7} {:>6} {:>9}   95 % interval\n",
            self.documents.len(),
            self.documents.len() - complete,
            "precision, by what was found",
            "found",
            "wrong",
            "precision",
        );
        for (label, share) in self.precision() {
            let (low, high) = share.interval();
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "  {label:<42} {:>7} {:>6} {:>9.4}   {low:.4} to {high:.4}",
                share.all(),
                share.missed(),
                share.value()
            );
        }
        let missed = self.missed();
        let _ = writeln!(text, "\nmissed: {}", missed.values().sum::<u64>());
        for (label, count) in missed {
            let _ = writeln!(text, "  {label:<42} {count:>7}");
        }
        text.push('\n');
        text.push_str(&self.evaluation()?.text(target, false));
        Ok(text)
    }

    /// The figures as a document.
    ///
    /// # Errors
    /// As [`evaluation`](Self::evaluation).
    pub fn document(&self, target: f64) -> Result<Value, EvaluateError> {
        let precision = self.precision().into_iter();
        let precision: Map<_, _> = precision
            .map(|(label, share)| (label, share.document()))
            .collect();
        let complete = self.complete().count();
        Ok(json!({
            "documents": self.documents.len(), "judged": complete, "precision": precision,
            "missed": self.missed(), "evaluation": self.evaluation()?.document(target),
        }))
    }
}
