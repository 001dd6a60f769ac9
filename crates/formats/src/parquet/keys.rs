//! The keys of encrypted Parquet, and what a file says about them.
//!
//! The format is Parquet Modular Encryption (`Encryption.md` of Apache Parquet), `AES_GCM_V1` with
//! 256-bit keys: footer encrypted, every column under a key, a prefix of the associated data that
//! the file does not hold. The key metadata is key material of the type `PKMT1` whose
//! `wrappedDEK` is opaque to a reader: ours is a reference that only the catalogue can answer, so
//! that no file changes when keys are rotated or destroyed.

use std::{collections::BTreeMap, fmt, sync::Arc};

use ::parquet::{
    encryption::{
        decrypt::{FileDecryptionProperties, KeyRetriever},
        encrypt::FileEncryptionProperties,
    },
    errors::ParquetError,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::WriteError;

/// A 256-bit key of one file with the names a reader finds in the file.
#[derive(Clone)]
pub struct NamedKey {
    master: String,
    reference: String,
    bytes: Zeroizing<Vec<u8>>,
}

impl NamedKey {
    /// `master` names the key's line (`masterKeyID`), `reference` this key (`wrappedDEK`); both
    /// stand in the file, inside its encrypted footer except for those of the footer key itself.
    pub fn new(master: &str, reference: &str, bytes: &[u8; 32]) -> Self {
        Self {
            master: master.to_owned(),
            reference: reference.to_owned(),
            bytes: Zeroizing::new(bytes.to_vec()),
        }
    }

    /// The name by which a reader asks for it.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    fn of_column(&self) -> Vec<u8> {
        self.material(false)
    }

    fn of_footer(&self) -> Vec<u8> {
        self.material(true)
    }

    fn material(&self, footer: bool) -> Vec<u8> {
        let material = Material {
            key_material_type: PKMT1.to_owned(),
            internal_storage: true,
            is_footer_key: Some(footer),
            kms_instance_id: footer.then(|| DEFAULT.to_owned()),
            kms_instance_url: footer.then(|| DEFAULT.to_owned()),
            master_key_id: self.master.clone(),
            wrapped_dek: self.reference.clone(),
            double_wrapping: false,
        };
        serde_json::to_vec(&material).unwrap_or_default()
    }
}

impl fmt::Debug for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamedKey({})", self.reference)
    }
}

/// Key material as parquet-java, Arrow C++ and pyarrow write it
/// (`org.apache.parquet.crypto.keytools.KeyMaterial`).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    key_material_type: String,
    internal_storage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_footer_key: Option<bool>,
    #[serde(rename = "kmsInstanceID", skip_serializing_if = "Option::is_none")]
    kms_instance_id: Option<String>,
    #[serde(rename = "kmsInstanceURL", skip_serializing_if = "Option::is_none")]
    kms_instance_url: Option<String>,
    #[serde(rename = "masterKeyID")]
    master_key_id: String,
    #[serde(rename = "wrappedDEK")]
    wrapped_dek: String,
    double_wrapping: bool,
}

/// How a table is encrypted: where it belongs, and a key for the footer and for every column.
///
/// ```
/// use cloister_formats::{NamedKey, TableSeal};
/// let key = |class: &str| NamedKey::new("adult", &format!("cl1.adult.{class}"), &[7; 32]);
/// let seal = TableSeal::new("cloister/adult/1/people", key("footer"))
///     .column("ssn", key("direct-id"))
///     .column("age", key("quasi-id"));
/// assert_eq!(format!("{seal:?}"), "TableSeal(2 columns)");
/// ```
#[derive(Clone)]
pub struct TableSeal {
    place: String,
    stored: bool,
    footer: NamedKey,
    columns: BTreeMap<String, NamedKey>,
}

impl TableSeal {
    /// A table at `place`, which every module of the file is bound to and which is not stored: a
    /// file in another place, or an older one in this place, does not open.
    pub fn new(place: &str, footer: NamedKey) -> Self {
        Self {
            place: place.to_owned(),
            stored: false,
            footer,
            columns: BTreeMap::new(),
        }
    }

    /// Writes the place into the file, for readers elsewhere who cannot be told it (pyarrow takes
    /// no place together with keys of columns). The file then opens wherever it lies.
    #[must_use]
    pub const fn storing_place(mut self) -> Self {
        self.stored = true;
        self
    }

    /// The key of a column.
    #[must_use]
    pub fn column(mut self, column: &str, key: NamedKey) -> Self {
        self.columns.insert(column.to_owned(), key);
        self
    }

    /// The keys with which the table is read again.
    pub fn keys(&self) -> TableKeys {
        let mut keys = TableKeys::ours(&self.place).and_footer(&self.footer);
        for key in self.columns.values() {
            keys = keys.and_column(key);
        }
        keys
    }

    /// Refuses a table with a column that has no key: it would stand there in plain text.
    pub(crate) fn properties<'c>(
        &self,
        columns: impl Iterator<Item = &'c str>,
    ) -> Result<Arc<FileEncryptionProperties>, WriteError> {
        let mut builder = FileEncryptionProperties::builder(self.footer.bytes.to_vec())
            .with_footer_key_metadata(self.footer.of_footer())
            .with_aad_prefix(self.place.clone().into_bytes())
            .with_aad_prefix_storage(self.stored);
        for column in columns {
            let key = self.columns.get(column).ok_or_else(|| WriteError::NoKey {
                column: column.to_owned(),
            })?;
            builder =
                builder.with_column_key_and_metadata(column, key.bytes.to_vec(), key.of_column());
        }
        builder.build().map_err(|_| WriteError::Parquet)
    }
}

impl fmt::Debug for TableSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TableSeal({} columns)", self.columns.len())
    }
}

/// The keys with which an encrypted table is read: all of them, or those of some columns. Columns
/// whose key is not among them are refused when they are wanted.
#[derive(Clone)]
pub struct TableKeys {
    place: Option<String>,
    by: By,
}

#[derive(Clone)]
enum By {
    /// The whole key metadata, as this program writes it.
    Metadata(BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>),
    /// The field `wrappedDEK` of key metadata from elsewhere.
    Reference(BTreeMap<String, Zeroizing<Vec<u8>>>),
}

impl TableKeys {
    /// No key yet, for a table that this program wrote at `place`.
    pub fn ours(place: &str) -> Self {
        Self {
            place: Some(place.to_owned()),
            by: By::Metadata(BTreeMap::new()),
        }
    }

    /// Keys of a file from elsewhere, by the `wrappedDEK` of its key material (an empty name for a
    /// file without key material). `place` is the
    /// prefix of the associated data, if the file does not hold it. Keys have 16 or 32 bytes.
    pub fn foreign(
        place: Option<&str>,
        keys: impl IntoIterator<Item = (String, Zeroizing<Vec<u8>>)>,
    ) -> Self {
        Self {
            place: place.map(str::to_owned),
            by: By::Reference(keys.into_iter().collect()),
        }
    }

    /// The footer's key, without which nothing can be read.
    #[must_use]
    pub fn and_footer(self, key: &NamedKey) -> Self {
        self.and(key.of_footer(), key)
    }

    /// The key of some columns.
    #[must_use]
    pub fn and_column(self, key: &NamedKey) -> Self {
        self.and(key.of_column(), key)
    }

    fn and(mut self, metadata: Vec<u8>, key: &NamedKey) -> Self {
        match &mut self.by {
            By::Metadata(keys) => drop(keys.insert(metadata, key.bytes.clone())),
            By::Reference(keys) => drop(keys.insert(key.reference.clone(), key.bytes.clone())),
        }
        self
    }

    pub(crate) fn properties(&self) -> Result<Arc<FileDecryptionProperties>, ParquetError> {
        let retriever: Arc<dyn KeyRetriever> = Arc::new(self.clone());
        let mut builder = FileDecryptionProperties::with_key_retriever(retriever);
        if let Some(place) = &self.place {
            builder = builder.with_aad_prefix(place.clone().into_bytes());
        }
        builder.build()
    }

    /// Whether a key of this metadata is there.
    pub(crate) fn holds(&self, metadata: &[u8]) -> bool {
        self.find(metadata).is_some()
    }

    fn find(&self, metadata: &[u8]) -> Option<&Zeroizing<Vec<u8>>> {
        match &self.by {
            By::Metadata(keys) => keys.get(metadata),
            // Without key material there is one key, without a name.
            By::Reference(keys) if metadata.is_empty() => keys.get(""),
            By::Reference(keys) => {
                let material: Material = serde_json::from_slice(metadata).ok()?;
                let single = material.key_material_type == PKMT1 && !material.double_wrapping;
                single.then(|| keys.get(&material.wrapped_dek)).flatten()
            }
        }
    }
}

impl KeyRetriever for TableKeys {
    fn retrieve_key(&self, metadata: &[u8]) -> Result<Vec<u8>, ParquetError> {
        match self.find(metadata) {
            Some(key) => Ok(key.to_vec()),
            None => Err(ParquetError::General(NOT_GIVEN.to_owned())),
        }
    }
}

impl fmt::Debug for TableKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.by {
            By::Metadata(keys) => keys.len(),
            By::Reference(keys) => keys.len(),
        };
        write!(f, "TableKeys({count} keys)")
    }
}

const PKMT1: &str = "PKMT1";
const DEFAULT: &str = "DEFAULT";
/// What the Parquet library is told about a key that was not given.
pub(crate) const NOT_GIVEN: &str = "the key was not given";

#[cfg(test)]
mod tests {
    use super::*;

    /// As Arrow C++ writes it, so that unmodified readers ask their KMS client for the reference.
    #[test]
    fn key_material_is_pkmt1_with_a_reference() {
        let key = NamedKey::new("adult", "cl1.adult.direct-id.k1", &[1; 32]);
        assert_eq!(
            String::from_utf8(key.of_column()).unwrap(),
            r#"{"keyMaterialType":"PKMT1","internalStorage":true,"isFooterKey":false,"masterKeyID":"adult","wrappedDEK":"cl1.adult.direct-id.k1","doubleWrapping":false}"#
        );
        assert!(String::from_utf8(key.of_footer()).unwrap().contains(
            r#""isFooterKey":true,"kmsInstanceID":"DEFAULT","kmsInstanceURL":"DEFAULT""#
        ));
    }

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let key = NamedKey::new("a", "b", &[65; 32]);
        let keys = TableKeys::ours("p").and_footer(&key);
        assert_eq!(format!("{key:?} {keys:?}"), "NamedKey(b) TableKeys(1 keys)");
    }
}
