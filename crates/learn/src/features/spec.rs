//! What is learnt from: the feature list with its public bounds.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::EncodeError;

/// The most numbers a row may be encoded to.
pub const MAX_DIMENSION: usize = 65_536;

/// How a number is spread over 0 to 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// In proportion.
    #[default]
    Linear,
    /// By `ln(1 + value - min)`, for amounts with a long tail.
    Logarithmic,
}

/// One column and how it enters the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Feature {
    /// A number, clamped to public bounds and scaled to 0 to 1, with a second feature that is 1 when
    /// the cell is empty (the number then stands in the middle, at 0.5).
    Number {
        /// The column.
        column: String,
        /// The smallest value told apart.
        min: f64,
        /// The largest value told apart.
        max: f64,
        /// How it is spread.
        #[serde(default)]
        scale: Scale,
    },
    /// One of a public list of words, one feature each; empty and unlisted cells are all zero.
    Category {
        /// The column.
        column: String,
        /// The words, compared after trimming white space.
        values: Vec<String>,
    },
}

/// What is predicted: whether a column holds a certain word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The column.
    pub column: String,
    /// The word that counts as 1; every other one counts as 0. Empty where the target is a number.
    #[serde(default)]
    pub positive: String,
}

/// The features and the target of a model. Stored with the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSpec {
    /// In the order of the encoded row.
    pub features: Vec<Feature>,
    /// What is predicted.
    pub target: Target,
}

impl Feature {
    /// The column it reads.
    pub fn column(&self) -> &str {
        match self {
            Self::Number { column, .. } | Self::Category { column, .. } => column,
        }
    }

    /// How many numbers it is encoded to.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 2,
            Self::Category { values, .. } => values.len(),
        }
    }

    /// The names of its encoded numbers.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Number { column, .. } => vec![column.clone(), format!("{column} is missing")],
            Self::Category { column, values } => values
                .iter()
                .map(|value| format!("{column} = {value}"))
                .collect(),
        }
    }
}

impl FeatureSpec {
    /// How many numbers a row is encoded to.
    pub fn dimension(&self) -> usize {
        self.features.iter().map(Feature::width).sum()
    }

    /// The names of the encoded numbers, in order.
    pub fn names(&self) -> Vec<String> {
        self.features.iter().flat_map(Feature::names).collect()
    }

    /// Refuses an empty list, a column named twice, the target among the features, bounds that are
    /// no interval, a category without words or with a word twice, and more than
    /// [`MAX_DIMENSION`] numbers.
    pub fn check(&self) -> Result<(), EncodeError> {
        let mut columns = BTreeSet::from([self.target.column.as_str()]);
        for feature in &self.features {
            if !columns.insert(feature.column()) {
                return Err(EncodeError::Spec {
                    reason: "a column is named twice, or is the target as well",
                });
            }
            check_feature(feature)?;
        }
        if (1..=MAX_DIMENSION).contains(&self.dimension()) {
            Ok(())
        } else {
            Err(EncodeError::Spec {
                reason: "it must give between 1 and 65536 numbers a row",
            })
        }
    }
}

fn check_feature(feature: &Feature) -> Result<(), EncodeError> {
    match feature {
        Feature::Number {
            column, min, max, ..
        } => {
            if min.is_finite() && max.is_finite() && min < max {
                Ok(())
            } else {
                Err(EncodeError::Bounds {
                    column: column.clone(),
                })
            }
        }
        Feature::Category { values, .. } => {
            let words: BTreeSet<&str> = values.iter().map(|value| value.trim()).collect();
            if words.len() == values.len() && !words.is_empty() {
                Ok(())
            } else {
                Err(EncodeError::Spec {
                    reason: "a category needs words, each one once",
                })
            }
        }
    }
}
