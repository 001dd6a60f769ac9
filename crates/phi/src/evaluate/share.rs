use serde_json::{Value, json};

/// How many pieces of how many, counted document by document, with a 95 % interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    hits: u64,
    all: u64,
    /// Sums over documents of hits², hits × all and all², for the design effect.
    squares: (u128, u128, u128),
}

impl Share {
    /// Adds the pieces of one document: they stand or fall together.
    pub fn add(&mut self, hits: u64, all: u64) {
        self.hits += hits;
        self.all += all;
        let (hits, all) = (u128::from(hits), u128::from(all));
        let (hh, ha, aa) = &mut self.squares;
        *hh += hits * hits;
        *ha += hits * all;
        *aa += all * all;
    }

    /// Pieces that count.
    pub const fn hits(&self) -> u64 {
        self.hits
    }

    /// All pieces.
    pub const fn all(&self) -> u64 {
        self.all
    }

    /// Pieces that do not count.
    pub const fn missed(&self) -> u64 {
        self.all - self.hits
    }

    /// The share; 0 of nothing.
    pub fn value(&self) -> f64 {
        self.hits as f64 / (self.all as f64).max(1.0)
    }

    /// Wilson's 95 % interval (JASA 22, 1927), with the number of pieces divided by the design
    /// effect of drawing documents instead of pieces (Kish, Survey Sampling, 1965, section 5.4).
    pub fn interval(&self) -> (f64, f64) {
        let (p, n) = (self.value(), self.all as f64 / self.design_effect());
        if n <= 0.0 {
            return (0.0, 1.0);
        }
        let z2 = 1.959_964_f64 * 1.959_964;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = (z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
        ((centre - half).max(0.0), (centre + half).min(1.0))
    }

    /// The variance of the share over documents against that over independent pieces; at least 1.
    fn design_effect(&self) -> f64 {
        let (p, n) = (self.value(), self.all as f64);
        let simple = p * (1.0 - p) * n;
        let (hh, ha, aa) = self.squares;
        let clustered = hh as f64 - 2.0 * p * ha as f64 + p * p * aa as f64;
        if simple > 0.0 {
            (clustered / simple).max(1.0)
        } else {
            1.0
        }
    }

    /// Pieces, misses, share and interval under plain names.
    pub fn document(&self) -> Value {
        let (low, high) = self.interval();
        json!({
            "pieces": self.all, "missed": self.missed(),
            "share": self.value(), "low": low, "high": high,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(found: u64, all: u64, per_document: u64) -> Share {
        let mut share = Share::default();
        for first in (0..all).step_by(usize::try_from(per_document).unwrap()) {
            share.add(found.saturating_sub(first).min(per_document), per_document);
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
    fn a_whole_share_of_thirty_reaches_one() {
        // Wilson with p = 1: the lower end is n / (n + z²) = 30 / 33.8415 = 0.8865.
        let (low, high) = share(30, 30, 1).interval();
        assert!((low - 0.8865).abs() < 1e-4, "{low}");
        assert!((high - 1.0).abs() < 1e-12, "{high}");
    }

    #[test]
    fn pieces_that_fall_together_widen_the_interval() {
        let width = |share: Share| share.interval().1 - share.interval().0;
        assert!(width(share(80, 100, 10)) > 2.0 * width(share(80, 100, 1)));
    }
}
