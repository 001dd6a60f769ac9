//! Training with and without privacy on the census table: time, and accuracy over ten seeds.

mod accuracy;
mod census;
mod speed;

use crate::{Outcome, sheet::Sheet, words::Words};

const GROUP: &str = "train";

/// Fills the lines of training.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let census = census::Census::load()?;
    accuracy::measure(&census, words, sheet)?;
    speed::measure(&census, words, sheet)
}
