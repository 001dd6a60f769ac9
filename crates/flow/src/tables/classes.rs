//! Classes of columns, each under a key of its own.

use std::{fmt, str::FromStr};

use arrow_array::RecordBatch;
use domain::{DatasetId, Entropy, KeyId, Sensitivity};
use formats::{NamedKey, TableKeys, TableSeal};
use phi::{columns::classify_column, text::TextEngine};
use seal::{DataKey, Zeroizing};

/// The sensitivity classes of columns. A person may be given the keys of some of them and reads
/// those columns and no others (45 CFR 164.502(b)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyClass {
    /// The eighteen identifier categories.
    DirectId,
    /// What singles people out in combination.
    QuasiId,
    /// Health content, and what says nothing about a person.
    Clinical,
    /// Running text, which may hold anything.
    FreeText,
}

impl KeyClass {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::DirectId,
        Self::QuasiId,
        Self::Clinical,
        Self::FreeText,
    ];

    /// The word in key names and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DirectId => "direct-id",
            Self::QuasiId => "quasi-id",
            Self::Clinical => "clinical",
            Self::FreeText => "free-text",
        }
    }

    const fn of(sensitivity: Sensitivity) -> Self {
        match sensitivity {
            Sensitivity::Direct => Self::DirectId,
            Sensitivity::Quasi => Self::QuasiId,
            Sensitivity::Clinical | Sensitivity::Public => Self::Clinical,
            Sensitivity::FreeText => Self::FreeText,
        }
    }
}

impl fmt::Display for KeyClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for KeyClass {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|class| class.word() == word);
        known.ok_or_else(|| "expected direct-id, quasi-id, clinical or free-text".to_owned())
    }
}

/// The class of each column, by its name and a sample of its values.
///
/// A table is sealed while it comes in, before stage 2 looks at all of it, so this is the first
/// look: it decides which key a column is under, never what may be released.
pub(crate) fn classes(table: &str, sample: &RecordBatch) -> Vec<(String, KeyClass)> {
    let engine = TextEngine::new();
    let schema = sample.schema();
    let columns = schema.fields().iter().zip(sample.columns());
    columns
        .map(|(field, array)| {
            let finding = classify_column(table, field.name(), array.as_ref(), &engine);
            (field.name().clone(), KeyClass::of(finding.sensitivity))
        })
        .collect()
}

/// The keys of one encrypted table: everything follows from the data key of its dataset.
pub(crate) struct Chest<'a> {
    pub(crate) dataset: &'a DatasetId,
    pub(crate) key_id: &'a KeyId,
    pub(crate) key: &'a DataKey,
}

impl Chest<'_> {
    /// A place that no table had before: it is drawn, because the content is not known yet.
    pub(crate) fn new_place(&self, table: &str, entropy: &mut dyn Entropy) -> String {
        let (high, low) = (entropy.next_u64(), entropy.next_u64());
        format!("{PLACE}{}/{high:016x}{low:016x}/{table}", self.dataset)
    }

    /// How a table at `place` is encrypted.
    pub(crate) fn seal(&self, place: &str, columns: &[(String, KeyClass)]) -> TableSeal {
        let seal = TableSeal::new(place, self.named(place, FOOTER));
        columns.iter().fold(seal, |seal, (column, class)| {
            seal.column(column, self.named(place, class.word()))
        })
    }

    /// The keys that read the columns of some classes of the table at `place`.
    pub(crate) fn keys(&self, place: &str, classes: &[KeyClass]) -> TableKeys {
        let keys = TableKeys::ours(place).and_footer(&self.named(place, FOOTER));
        classes.iter().fold(keys, |keys, class| {
            keys.and_column(&self.named(place, class.word()))
        })
    }

    /// The footer's key and those of some classes, by name, to be given to somebody.
    pub(crate) fn named_keys(
        &self,
        place: &str,
        classes: &[KeyClass],
    ) -> Vec<(String, Zeroizing<[u8; 32]>)> {
        let words = classes.iter().map(|class| class.word());
        std::iter::once(FOOTER)
            .chain(words)
            .map(|word| {
                (
                    self.reference(place, word),
                    self.file_key(place, word).release(),
                )
            })
            .collect()
    }

    fn named(&self, place: &str, class: &str) -> NamedKey {
        let key = self.file_key(place, class).release();
        let master = format!("{}.{class}", self.dataset);
        NamedKey::new(&master, &self.reference(place, class), &key)
    }

    /// What stands in the file instead of a wrapped key: only the catalogue can answer it, so
    /// that no file changes when keys are wrapped anew or destroyed.
    fn reference(&self, place: &str, class: &str) -> String {
        let part = place.split('/').nth(2).unwrap_or_default();
        format!("cl1.{}.{class}.{}.{part}", self.dataset, self.key_id)
    }

    /// Every file has keys of its own, so that the nonces of two files never meet.
    fn file_key(&self, place: &str, class: &str) -> DataKey {
        class_key(self.key, class).derived("cloister table file v1", place)
    }
}

/// The key of a class of columns of a dataset.
fn class_key(key: &DataKey, class: &str) -> DataKey {
    key.derived("cloister column class v1", class)
}

/// Whether an object's context says that it is an encrypted table.
pub(crate) fn is_table(context: &str) -> bool {
    context.starts_with(PLACE)
}

/// The class of the footer, which every reader needs.
const FOOTER: &str = "footer";
/// What every place begins with.
const PLACE: &str = "cloister/";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array, StringArray};
    use seal::SeededEntropy;

    use super::*;

    #[test]
    fn columns_get_the_class_that_they_look_like() {
        let text = |cells: [&str; 3]| Arc::new(StringArray::from(cells.to_vec())) as ArrayRef;
        let note = "Seen today with a cough that has not improved since the last visit in spring.";
        let batch = RecordBatch::try_from_iter([
            ("ssn", text(["078-05-1120", "219-09-9999", "457-55-5462"])),
            ("sex", text(["F", "M", "F"])),
            ("note", text([note; 3])),
            (
                "creatinine",
                Arc::new(Float64Array::from(vec![0.9, 1.1, 1.4])) as ArrayRef,
            ),
        ])
        .unwrap();
        let words: Vec<&str> = classes("patients", &batch)
            .iter()
            .map(|(_, class)| class.word())
            .collect();
        assert_eq!(words, ["direct-id", "quasi-id", "free-text", "clinical"]);
    }

    #[test]
    fn keys_differ_by_class_and_by_place_and_names_hold_no_key() {
        let key = DataKey::generate(&mut SeededEntropy::new(1));
        let (dataset, key_id) = (DatasetId::new("adult").unwrap(), KeyId::new("k1").unwrap());
        let chest = Chest {
            dataset: &dataset,
            key_id: &key_id,
            key: &key,
        };
        let place = chest.new_place("people", &mut SeededEntropy::new(2));
        let other = chest.new_place("people", &mut SeededEntropy::new(3));
        let all = |place: &str| chest.named_keys(place, &KeyClass::ALL);
        let mut bytes: Vec<_> = [all(&place), all(&other)]
            .concat()
            .into_iter()
            .map(|(_, key)| *key)
            .collect();
        bytes.sort_unstable();
        bytes.dedup();
        assert_eq!(bytes.len(), 10);
        let (reference, _) = &all(&place)[1];
        assert!(reference.starts_with("cl1.adult.direct-id.k1."));
        assert!(is_table(&place) && !is_table("model/a"));
    }
}
