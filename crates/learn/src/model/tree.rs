//! Trees of one depth with public or greedy splits.

use serde::{Deserialize, Serialize};

/// One question to an encoded row.
///
/// Over one number: is it at least the threshold? Over the numbers of a category (`width` above 1):
/// each word, and none of them, is given a side by a hash of the seed, so that a share of
/// `1 - threshold` of the words goes right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The first encoded number it looks at.
    pub feature: u32,
    /// How many encoded numbers: 1, or those of a category.
    pub width: u32,
    /// The seed of the words' sides, below 2^24; 0 for a number.
    pub seed: u32,
    /// The threshold.
    pub threshold: f32,
}

/// A complete binary tree: `2^depth - 1` splits in level order and `2^depth` leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Level after level from the root.
    pub splits: Vec<Split>,
    /// What a row that ends here adds to the log-odds.
    pub leaves: Vec<f32>,
}

impl Split {
    /// Whether the row goes right.
    pub fn goes_right(&self, row: &[f32]) -> bool {
        let first = self.feature as usize;
        if self.width <= 1 {
            return row.get(first).copied().unwrap_or(0.0) >= self.threshold;
        }
        let words = row
            .get(first..first.saturating_add(self.width as usize))
            .unwrap_or_default();
        let word = words.iter().position(|cell| *cell > 0.5);
        side(self.seed, word.unwrap_or(self.width as usize)) >= self.threshold
    }
}

impl Tree {
    /// The number of the leaf a row ends in, counted from the left.
    pub fn leaf(&self, row: &[f32]) -> usize {
        let mut node = 0;
        while let Some(split) = self.splits.get(node) {
            node = 2 * node + 1 + usize::from(split.goes_right(row));
        }
        node - self.splits.len()
    }

    /// What a row gets.
    pub fn value(&self, row: &[f32]) -> f32 {
        self.leaves.get(self.leaf(row)).copied().unwrap_or(0.0)
    }
}

/// A number in `[0, 1)` from a seed and a word's place (`SplitMix64`'s finish).
fn side(seed: u32, word: usize) -> f32 {
    let mut z = (u64::from(seed) << 32 | word as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 40) as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(feature: u32, threshold: f32) -> Split {
        Split {
            feature,
            width: 1,
            seed: 0,
            threshold,
        }
    }

    #[test]
    fn a_row_goes_where_its_numbers_say() {
        let tree = Tree {
            splits: vec![number(0, 0.5), number(1, 0.5), number(1, 0.25)],
            leaves: vec![1.0, 2.0, 3.0, 4.0],
        };
        assert_eq!(tree.value(&[0.0, 0.0]), 1.0);
        assert_eq!(tree.value(&[0.0, 0.5]), 2.0);
        assert_eq!(tree.value(&[0.5, 0.2]), 3.0);
        assert_eq!(tree.value(&[0.5, 0.25]), 4.0);
    }

    #[test]
    fn about_half_the_words_go_right_at_one_half() {
        let right = (0..200).filter(|seed| side(*seed, 3) >= 0.5).count();
        assert!((70..130).contains(&right), "{right}");
    }
}
