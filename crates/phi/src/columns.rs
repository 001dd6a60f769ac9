//! What the columns of a table hold.

mod map;
mod name;
mod sample;
mod shape;

pub use map::{ColumnOverride, FieldMap, FieldMapError, Loosening};
pub(crate) use name::NamePart;
pub(crate) use sample::Cells;

use arrow_array::Array;
use domain::{Identifier, Sensitivity};
use serde::{Deserialize, Serialize};

use crate::{kind::Kind, label::Label, text::TextEngine};

/// What led to a classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Words in the name of the column.
    Name,
    /// The written form of the values.
    Format,
    /// Check digits or number ranges that hold.
    Checksum,
    /// Names and places found by the text engine's dictionaries.
    Dictionary,
    /// Long values of many words.
    FreeText,
    /// How many different values there are.
    Distinct,
    /// A person said so, in the study file.
    Declared,
}

/// How many different values the sample has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distinct {
    /// Only nulls.
    None,
    /// One value.
    One,
    /// At most 32.
    Few,
    /// More, but values repeat.
    Many,
    /// Nearly every value occurs once.
    Unique,
}

/// What a column holds, without a single value of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFinding {
    /// The column's name.
    pub column: String,
    /// What it holds: decides the action of the plan.
    pub kind: Kind,
    /// The Safe Harbor category, if it is in one.
    pub category: Option<Identifier>,
    /// The label its values have in text.
    pub label: Option<Label>,
    /// How much it says about who a person is.
    pub sensitivity: Sensitivity,
    /// How sure this is, 0 to 1. Not a calibrated probability.
    pub confidence: f32,
    /// What led to it.
    pub basis: Vec<Basis>,
    /// The share of the sampled values that have the form of the kind, 0 to 1.
    pub share: f32,
    /// Nulls in the column.
    pub nulls: usize,
    /// How many different values the sample has.
    pub distinct: Distinct,
    /// What a person declared against the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loosening: Option<Loosening>,
}

/// Classifies one column by its name and a sample of its values.
///
/// At most [`SAMPLE_MAX`] non-null values are looked at, evenly spread. Strings, integers, floats
/// and booleans are understood; a column of another type is [`Kind::Undecided`]. The answer
/// depends on nothing but the arguments and holds no value of the column.
///
/// Where name and values disagree, the stricter reading wins: social security numbers in a column
/// called `comment` are social security numbers; a column called `ssn` is one even where its
/// values look odd.
///
/// ```
/// use arrow_array::StringArray;
/// use cloister_phi::{columns::classify_column, kind::Kind, text::TextEngine};
/// let zips = StringArray::from(vec!["02139", "90210", "60601-1234"]);
/// let finding = classify_column("patients", "postal_code", &zips, &TextEngine::new());
/// assert_eq!(finding.kind, Kind::Zip);
/// assert_eq!(finding.category.map(|category| category.letter()), Some('B'));
/// ```
pub fn classify_column(
    table: &str,
    name: &str,
    column: &dyn Array,
    engine: &TextEngine,
) -> ColumnFinding {
    let sample = sample::Sample::of(column, SAMPLE_MAX);
    let shape = shape::Shape::of(&sample, engine);
    let named = name::kind_named(table, name);
    let verdict = shape.verdict(named);
    ColumnFinding {
        column: name.to_owned(),
        kind: verdict.kind,
        category: verdict.kind.category(),
        label: verdict.kind.label(),
        sensitivity: verdict.kind.sensitivity(),
        confidence: verdict.confidence,
        basis: verdict.basis,
        share: verdict.share,
        nulls: column.null_count(),
        distinct: sample.distinct(),
        loosening: None,
    }
}

/// So many values of a column are looked at.
pub const SAMPLE_MAX: usize = 2_000;

#[cfg(test)]
mod tests;
