//! Bounds and words from noisy counts, for columns of which nothing is known beforehand.
//!
//! # Guarantee
//! One release is a Gaussian mechanism with the given noise multiplier, for add/remove of one person:
//! every column is counted in public or self-declared cells, each person spreads one unit of 2^20
//! evenly over at most 64 of that person's rows, the L2 norm over all columns is at most
//! `sqrt(columns)` units, and discrete Gaussian noise is added to every count.
//!
//! A word enters the list only when its noisy count lies ten deviations above one person, so that a
//! word that a single person brought shows with a probability below [`SURVEY_DELTA`], which the
//! caller takes off delta (stability-based histograms: Korolova et al. 2009; Bun, Nissim, Stemmer
//! 2016). Numbers are counted in fixed cells (eight to a doubling, from 2^-10 to 2^40, both signs,
//! and zero), all of which get noise. Everything after the counts is post-processing.

mod cells;

use std::collections::BTreeMap;

use domain::{Code, Entropy, Explain};
use privacy::DiscreteGaussian;
use thiserror::Error;

use super::{Feature, Scale};
use crate::{
    codes,
    unit::{UNIT, noise, shares},
};
use cells::{CELLS, cell_of, lower_edge, upper_edge};

/// What a survey may add to delta: 2^-60.
pub const SURVEY_DELTA: f64 = 8.673_617_379_884_035e-19;

/// A column to measure.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its cells, one for each row.
    pub cells: Cells<'a>,
}

/// The cells of a column.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// Text; an empty cell is missing.
    Text(&'a [Option<String>]),
    /// Numbers; what is not finite is missing.
    Number(&'a [Option<f64>]),
}

/// What the noisy counts show.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The columns with their bounds or words.
    pub features: Vec<Feature>,
    /// Columns in which the noise hid everything.
    pub dropped: Vec<String>,
}

/// Why nothing was found.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SurveyError {
    /// The noise multiplier is out of range.
    #[error("the noise of the counts is out of range for so many columns")]
    Noise,
    /// The noise hid every column.
    #[error("the noisy counts show no range or no words for any of the {columns} columns")]
    Nothing {
        /// How many were asked for.
        columns: usize,
    },
}

impl Explain for SurveyError {
    fn code(&self) -> Code {
        codes::BOUNDS
    }

    fn help(&self) -> String {
        "write down public bounds and words in the feature list, ask for a larger epsilon, or measure fewer columns of more persons; what was reserved for the counts stays spent".into()
    }
}

/// A word needs so many deviations above one person.
const WORD_DEVIATIONS: f64 = 10.0;
/// A cell of a number needs so many deviations above nothing.
const CELL_DEVIATIONS: f64 = 5.0;
/// The most words of a list.
const MAX_WORDS: usize = 256;

/// Counts the columns with noise of `sigma` times the bound of one person, and reads off bounds and
/// words. `persons` says whose row each row is, and how many persons there are.
///
/// Without a sigma the counts are exact and there is no guarantee; a word then needs 11 persons.
pub fn survey(
    columns: &[Column<'_>],
    persons: (&[u32], u32),
    sigma: Option<f64>,
    entropy: &mut dyn Entropy,
) -> Result<Found, SurveyError> {
    let noise = Counter(match sigma {
        Some(sigma) => {
            let noise = noise(sigma, columns.len());
            Some(noise.map_err(|_| SurveyError::Noise)?)
        }
        None => None,
    });
    let shares = shares(persons);
    let mut found = Found {
        features: Vec::new(),
        dropped: Vec::new(),
    };
    for column in columns {
        let feature = match column.cells {
            Cells::Number(cells) => number(column.name, cells, &shares, &noise, entropy),
            Cells::Text(cells) => words(column.name, cells, &shares, &noise, entropy),
        };
        match feature {
            Some(feature) => found.features.push(feature),
            None => found.dropped.push(column.name.to_owned()),
        }
    }
    if found.features.is_empty() {
        return Err(SurveyError::Nothing {
            columns: columns.len(),
        });
    }
    Ok(found)
}

/// Noisy counts, or exact ones.
struct Counter(Option<DiscreteGaussian>);

impl Counter {
    fn add_to(&self, counts: &mut [i64], entropy: &mut dyn Entropy) {
        if let Some(noise) = &self.0 {
            noise.add_to(counts, entropy);
        }
    }

    fn deviation(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |noise| noise.sigma() as f64)
    }

    /// What a word must exceed.
    fn word_bound(&self) -> f64 {
        if self.0.is_some() {
            UNIT as f64 + WORD_DEVIATIONS * self.deviation()
        } else {
            UNIT as f64 * (crate::metrics::SMALLEST_CELL as f64 - 0.5)
        }
    }
}

fn number(
    name: &str,
    cells: &[Option<f64>],
    shares: &[i64],
    noise: &Counter,
    entropy: &mut dyn Entropy,
) -> Option<Feature> {
    let mut counts = vec![0_i64; CELLS];
    for (cell, share) in cells.iter().zip(shares) {
        if let Some(value) = cell.filter(|value| value.is_finite())
            && let Some(count) = counts.get_mut(cell_of(value))
        {
            *count = count.saturating_add(*share);
        }
    }
    noise.add_to(&mut counts, entropy);
    let bound = CELL_DEVIATIONS * noise.deviation();
    let occupied = |count: &i64| *count as f64 > bound;
    let (first, last) = (
        counts.iter().position(occupied)?,
        counts.iter().rposition(occupied)?,
    );
    Some(ranged(name, lower_edge(first), upper_edge(last)))
}

fn ranged(name: &str, min: f64, max: f64) -> Feature {
    Feature::Number {
        column: name.to_owned(),
        min,
        max: if max > min { max } else { min + 1.0 },
        scale: if max - min >= 1000.0 {
            Scale::Logarithmic
        } else {
            Scale::Linear
        },
    }
}

fn words(
    name: &str,
    cells: &[Option<String>],
    shares: &[i64],
    noise: &Counter,
    entropy: &mut dyn Entropy,
) -> Option<Feature> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for (cell, share) in cells.iter().zip(shares) {
        let word = cell.as_deref().map_or("", str::trim);
        if !word.is_empty() {
            let count = counts.entry(word).or_default();
            *count = count.saturating_add(*share);
        }
    }
    let bound = noise.word_bound();
    let mut noised: Vec<i64> = counts.values().copied().collect();
    noise.add_to(&mut noised, entropy);
    let pairs = noised.into_iter().zip(counts.into_keys());
    let mut shown: Vec<(i64, &str)> = pairs.filter(|(count, _)| *count as f64 > bound).collect();
    shown.sort_by(|one, other| other.cmp(one));
    shown.truncate(MAX_WORDS);
    let mut words: Vec<String> = shown.into_iter().map(|(_, word)| word.to_owned()).collect();
    words.sort();
    if let Some((min, max)) = number_range(&words) {
        return Some(ranged(name, min, max));
    }
    (!words.is_empty()).then(|| Feature::Category {
        column: name.to_owned(),
        values: words,
    })
}

/// The range of words that are all numbers, from three words on: a column of numbers kept as text.
fn number_range(words: &[String]) -> Option<(f64, f64)> {
    let numbers: Option<Vec<f64>> = words
        .iter()
        .map(|word| word.parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    let numbers = numbers.filter(|numbers| numbers.len() >= 3)?;
    let min = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let max = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some((min, max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tests::Stream;

    fn found(columns: &[Column<'_>], persons: (&[u32], u32), sigma: f64) -> Found {
        survey(columns, persons, Some(sigma), &mut Stream::new(1)).unwrap()
    }

    #[test]
    fn frequent_words_and_the_range_of_numbers_are_found_and_rare_words_are_not() {
        let persons: Vec<u32> = (0..20_000).collect();
        let words: Vec<Option<String>> = (0..20_000)
            .map(|row| {
                let word = match row {
                    0 => "Jane Roe",
                    1..=9_000 => "yes",
                    _ => "no",
                };
                Some(word.to_owned())
            })
            .collect();
        let ages: Vec<Option<f64>> = (0..20_000)
            .map(|row| Some(f64::from(row % 60 + 20)))
            .collect();
        let columns = [
            Column {
                name: "answer",
                cells: Cells::Text(&words),
            },
            Column {
                name: "age",
                cells: Cells::Number(&ages),
            },
        ];
        let found = found(&columns, (&persons, 20_000), 12.0);
        let [
            Feature::Category { values, .. },
            Feature::Number { min, max, .. },
        ] = found.features.as_slice()
        else {
            panic!("two features");
        };
        assert_eq!(values, &["no", "yes"]);
        assert!(
            (16.0..=24.0).contains(min) && (70.0..=90.0).contains(max),
            "{min} {max}"
        );
    }

    #[test]
    fn too_few_persons_show_nothing() {
        let persons: Vec<u32> = (0..50).collect();
        let ages: Vec<Option<f64>> = (0..50).map(|row| Some(f64::from(row))).collect();
        let columns = [Column {
            name: "age",
            cells: Cells::Number(&ages),
        }];
        let refused = survey(&columns, (&persons, 50), Some(12.0), &mut Stream::new(1));
        assert_eq!(refused, Err(SurveyError::Nothing { columns: 1 }));
    }

    #[test]
    fn numbers_kept_as_text_are_numbers() {
        let words = ["30", "31.5", "90"].map(str::to_owned);
        assert_eq!(number_range(&words), Some((30.0, 90.0)));
        assert_eq!(
            number_range(&["a".to_owned(), "1".to_owned(), "2".to_owned()]),
            None
        );
    }
}
