//! What was done to every column and document, without a single value.

use std::collections::BTreeMap;

use domain::{Digest, Identifier};
use serde::{Deserialize, Serialize};

use crate::{
    classifier::ModelIdentity,
    kind::Kind,
    label::Label,
    plan::{Action, Method},
    surrogate::Surrogates,
};

/// The record of a de-identification run: counts and names of columns, never a value.
///
/// Two runs over the same input give the same bytes. [`Manifest::to_canonical_json`] gives the
/// bytes to be signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The plan's name and edition, such as `safe-harbor 1`.
    pub plan: String,
    /// The digest of the plan's bytes, as the caller computed it.
    #[serde(default)]
    pub plan_digest: Option<Digest>,
    /// The paragraph that the plan's actions follow.
    #[serde(default)]
    pub method: Method,
    /// Why this is not the Safe Harbor method, one sentence for each kind of value.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Whether some codes are computed with a secret key.
    #[serde(default)]
    pub keyed: bool,
    /// Whether codes and tags or invented values stand in place of what was coded.
    #[serde(default)]
    pub surrogates: Surrogates,
    /// Version of this program.
    pub engine: String,
    /// Version of the word lists.
    #[serde(default)]
    pub dictionary: String,
    /// The token classifier that the user brought, if one read the texts too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classifier: Option<ModelIdentity>,
    /// Version of the ZIP3 table.
    pub zip_table: String,
    /// The year against which ages were reckoned.
    pub reference_year: i32,
    /// Every table, with its columns.
    pub tables: BTreeMap<String, TableRecord>,
    /// Every FHIR resource type, with its elements.
    pub documents: BTreeMap<String, DocumentRecord>,
    /// Running text, wherever it stood.
    pub text: TextRecord,
    /// Cells and elements that no rule decided by their kind: they went through the text engine,
    /// or out.
    pub undecided: u64,
    /// Persons whose own identifiers were searched for in their notes.
    pub known_persons: u64,
    /// Persons whose records reveal an age over 89.
    pub persons_over_89: u64,
    /// Persons who share a key with somebody born on another day, and were kept apart.
    #[serde(default)]
    pub persons_kept_apart: u64,
}

/// What was done to one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRecord {
    /// Rows that came in.
    pub rows_in: u64,
    /// Rows that went out.
    pub rows_out: u64,
    /// The columns, in the order of the table.
    pub columns: Vec<ColumnRecord>,
}

/// What was done to one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRecord {
    /// The column's name.
    pub column: String,
    /// What it was taken to hold.
    pub kind: Kind,
    /// The Safe Harbor category.
    pub category: Option<Identifier>,
    /// What was done.
    pub action: Action,
    /// Cells that had a value.
    pub cells: u64,
    /// Cells that were rewritten.
    pub changed: u64,
    /// Cells that were removed because they could not be read as their kind, or with the column.
    pub suppressed: u64,
}

/// What was done to the documents of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRecord {
    /// Documents of this type.
    pub documents: u64,
    /// Primitive values that stayed bit for bit.
    pub kept: u64,
    /// Values that were rewritten, by category letter.
    pub changed: BTreeMap<char, u64>,
    /// Values that were removed, by category letter; `-` for what no rule knew.
    pub suppressed: BTreeMap<char, u64>,
}

/// What the text engine found, by label and detector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextRecord {
    /// Texts that were scanned.
    pub texts: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Words that no list has and no rule decided, though they could be names or codes.
    #[serde(default)]
    pub undecided_tokens: u64,
    /// Findings that were rewritten, by label, then by detector.
    pub findings: BTreeMap<Label, BTreeMap<String, u64>>,
}

impl Manifest {
    /// The bytes to be signed: JSON without blanks, keys in the order of this page.
    pub fn to_canonical_json(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Values that were rewritten or removed, for each of the eighteen categories.
    pub fn by_category(&self) -> BTreeMap<char, u64> {
        let mut counts: BTreeMap<char, u64> = Identifier::ALL
            .into_iter()
            .map(|category| (category.letter(), 0))
            .collect();
        let columns = self.tables.values().flat_map(|table| &table.columns);
        for column in columns {
            if let Some(category) = column.category {
                add(
                    &mut counts,
                    category.letter(),
                    column.changed.saturating_add(column.suppressed),
                );
            }
        }
        for document in self.documents.values() {
            for (&letter, &count) in document.changed.iter().chain(&document.suppressed) {
                add(&mut counts, letter, count);
            }
        }
        for (label, detectors) in &self.text.findings {
            add(
                &mut counts,
                label.identifier().letter(),
                detectors.values().sum(),
            );
        }
        counts
    }

    /// The columns that were dropped, as `table.column`.
    pub fn dropped_columns(&self) -> Vec<String> {
        self.tables
            .iter()
            .flat_map(|(table, record)| {
                record
                    .columns
                    .iter()
                    .filter(|column| column.action == Action::Suppress)
                    .map(move |column| format!("{table}.{}", column.column))
            })
            .collect()
    }

    pub(crate) fn column(&mut self, table: &str, record: ColumnRecord) {
        let columns = &mut self.tables.entry(table.to_owned()).or_default().columns;
        match columns
            .iter_mut()
            .find(|known| known.column == record.column)
        {
            Some(known) => {
                known.cells += record.cells;
                known.changed += record.changed;
                known.suppressed += record.suppressed;
            }
            None => columns.push(record),
        }
    }
}

impl TextRecord {
    pub(crate) fn found(&mut self, label: Label, detector: &str) {
        let detectors = self.findings.entry(label).or_default();
        match detectors.get_mut(detector) {
            Some(count) => *count += 1,
            None => {
                detectors.insert(detector.to_owned(), 1);
            }
        }
    }
}

/// JSON without blanks, in the order of the fields; the maps inside are sorted.
pub(crate) fn canonical(record: &impl Serialize) -> Vec<u8> {
    // Strings, numbers and maps with string keys always serialise.
    serde_json::to_vec(record).unwrap_or_default()
}

fn add(counts: &mut BTreeMap<char, u64>, letter: char, more: u64) {
    if let Some(count) = counts.get_mut(&letter) {
        *count = count.saturating_add(more);
    }
}
