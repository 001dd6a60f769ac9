//! Which counts a report may print.
//!
//! A cell of 1 to `threshold - 1` persons is not shown, and neither is what would give it away:
//! with the total known, one hidden cell is the total less the others, and hidden cells that
//! add up to little are known nearly as well as if they were shown.
//!
//! Source: CMS cell size suppression policy (no cell 1 to 10 shown or derivable; zero is shown).
//! This is for one list of counts with its total; counts that appear in several tables at once
//! need an audit over all of them, which is not built.

use serde::{Deserialize, Serialize};

/// A count as it may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// The count.
    Shown(u64),
    /// Hidden. Whether it is small itself or protects another is not told.
    Hidden,
}

/// A list of counts as it may be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The counts with their labels, in the order given.
    pub cells: Vec<(String, Cell)>,
    /// Their total.
    pub total: Cell,
}

impl Cell {
    /// The count, where it is shown.
    pub const fn count(self) -> Option<u64> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Hidden => None,
        }
    }
}

/// Hides every count from 1 to `threshold - 1` and as many others as it takes that no reader can
/// work one out, or tell that any single hidden cell is below `threshold`.
///
/// # Guarantee
/// Let `m` cells be hidden with sum `s`. Then either nothing is hidden; or the total is hidden
/// too; or `m >= 2` and `s - (m - 1) >= threshold`, so that every hidden cell could be any count
/// from 1 to at least `threshold`.
///
/// ```
/// use cloister_disclosure::cells::{Cell, suppress};
/// let counts = [("f", 520), ("m", 480), ("x", 3)].map(|(name, count)| (name.to_owned(), count));
/// let published = suppress(&counts, 11);
/// assert_eq!(published.cells[0].1, Cell::Shown(520));
/// assert_eq!(published.cells[1].1, Cell::Hidden); // or `x` would be 1,003 less 1,000
/// assert_eq!(published.cells[2].1, Cell::Hidden);
/// assert_eq!(published.total, Cell::Shown(1_003));
/// ```
pub fn suppress(counts: &[(String, u64)], threshold: u64) -> Published {
    let mut hidden: Vec<bool> = counts
        .iter()
        .map(|&(_, count)| is_small(count, threshold))
        .collect();
    let protected = complement(counts, &mut hidden, threshold);
    let total = counts
        .iter()
        .try_fold(0_u64, |sum, &(_, count)| sum.checked_add(count));
    Published {
        cells: counts
            .iter()
            .zip(&hidden)
            .map(|((label, count), &hidden)| (label.clone(), cell(*count, hidden)))
            .collect(),
        total: match total {
            Some(total) => cell(total, !protected || is_small(total, threshold)),
            None => Cell::Hidden,
        },
    }
}

const fn is_small(count: u64, threshold: u64) -> bool {
    count >= 1 && count < threshold
}

const fn cell(count: u64, hidden: bool) -> Cell {
    if hidden {
        Cell::Hidden
    } else {
        Cell::Shown(count)
    }
}

/// Hides further cells, the smallest first, until the guarantee holds with the total shown;
/// `false` when there are not enough of them. A zero protects nothing, so it is never hidden.
fn complement(counts: &[(String, u64)], hidden: &mut [bool], threshold: u64) -> bool {
    if !hidden.contains(&true) {
        return true;
    }
    let mut rest: Vec<_> = counts
        .iter()
        .enumerate()
        .filter(|&(_, &(_, count))| count >= threshold.max(1))
        .map(|(position, &(_, count))| (count, position))
        .collect();
    rest.sort_unstable();
    let mut rest = rest.into_iter();
    while !is_protected(counts, hidden, threshold) {
        let Some((_, position)) = rest.next() else {
            return false;
        };
        if let Some(cell) = hidden.get_mut(position) {
            *cell = true;
        }
    }
    true
}

fn is_protected(counts: &[(String, u64)], hidden: &[bool], threshold: u64) -> bool {
    let hidden = || {
        counts
            .iter()
            .zip(hidden)
            .filter(|&(_, &hidden)| hidden)
            .map(|(&(_, count), _)| count)
    };
    let cells = hidden().count() as u64;
    let sum = hidden().fold(0_u64, u64::saturating_add);
    cells >= 2 && sum.saturating_sub(cells - 1) >= threshold
}
