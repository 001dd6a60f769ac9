//! A share with its 95 % interval.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// How many pieces of how many were found, counted by note.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// Found and all pieces of each note: pieces of one note stand or fall together.
    notes: BTreeMap<String, (u64, u64)>,
}

impl Share {
    pub(super) fn count(&mut self, note: &str, found: bool) {
        let (hits, all) = self.notes.entry(note.to_owned()).or_default();
        *hits += u64::from(found);
        *all += 1;
    }

    pub(super) fn hits(&self) -> u64 {
        self.notes.values().map(|(hits, _)| hits).sum()
    }

    pub(super) fn all(&self) -> u64 {
        self.notes.values().map(|(_, all)| all).sum()
    }

    pub(super) fn value(&self) -> f64 {
        self.hits() as f64 / (self.all() as f64).max(1.0)
    }

    /// Wilson's interval (JASA 22, 1927), with the number of pieces divided by the design effect
    /// of drawing notes instead of pieces (Kish, Survey Sampling, 1965, section 5.4).
    pub(super) fn interval(&self) -> (f64, f64) {
        let (p, n) = (self.value(), self.all() as f64 / self.design_effect());
        if n <= 0.0 {
            return (0.0, 1.0);
        }
        let z2 = 1.959_964_f64 * 1.959_964;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = (z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
        ((centre - half).max(0.0), (centre + half).min(1.0))
    }

    /// The variance of the share over notes against that over independent pieces; at least 1.
    fn design_effect(&self) -> f64 {
        let (p, n) = (self.value(), self.all() as f64);
        let simple = p * (1.0 - p) * n;
        let squares = |(hits, all): &(u64, u64)| (*hits as f64 - p * *all as f64).powi(2);
        let clustered: f64 = self.notes.values().map(squares).sum();
        if simple > 0.0 {
            (clustered / simple).max(1.0)
        } else {
            1.0
        }
    }

    pub(super) fn print(&self, name: &str) {
        let (low, high) = self.interval();
        println!(
            "  {name:<34} {:>7} {:>6}  {:>7.2} %   {:>6.2} to {:>6.2}",
            self.all(),
            self.all() - self.hits(),
            self.value() * 100.0,
            low * 100.0,
            high * 100.0
        );
    }

    pub(super) fn document(&self) -> Value {
        let (low, high) = self.interval();
        json!({
            "pieces": self.all(), "missed": self.all() - self.hits(),
            "recall": self.value(), "low": low, "high": high,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(found: u64, all: u64, per_note: u64) -> Share {
        let mut share = Share::default();
        for at in 0..all {
            share.count(&(at / per_note).to_string(), at < found);
        }
        share
    }

    #[test]
    fn independent_pieces_give_wilsons_interval() {
        // 8 of 10: 0.4902 to 0.9433 (Newcombe 1998 writes 0.490 to 0.943).
        let (low, high) = share(8, 10, 1).interval();
        assert!(
            (low - 0.490).abs() < 1e-3 && (high - 0.943).abs() < 1e-3,
            "{low} {high}"
        );
    }

    #[test]
    fn pieces_that_fall_together_widen_the_interval() {
        let width = |share: Share| share.interval().1 - share.interval().0;
        assert!(width(share(80, 100, 10)) > 2.0 * width(share(80, 100, 1)));
    }
}
