use arrow_schema::ArrowError;
use domain::{Code, Explain};
use thiserror::Error;

use crate::{codes, columns::ColumnFinding};

/// Why a table or document cannot be de-identified.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeidError {
    /// Somebody declared an identifying column to be harmless, under Safe Harbor.
    #[error("column `{table}.{column}` was found to be `{found}` and declared to be `{declared}`")]
    Loosened {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it was found to hold.
        found: &'static str,
        /// What it was declared to hold.
        declared: &'static str,
    },
    /// The field map does not have this column.
    #[error("column `{table}.{column}` was never classified")]
    Unmapped {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The person column is not in the table.
    #[error("there is no column `{table}.{column}`")]
    Missing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The column is neither text, integers, floats nor truth values.
    #[error("column `{table}.{column}` has a type that tables do not carry")]
    ColumnType {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The changed columns do not fit together.
    #[error("the de-identified table `{table}` could not be put together")]
    Table {
        /// The table.
        table: String,
        /// What arrow says.
        #[source]
        source: ArrowError,
    },
    /// The document is not a FHIR resource.
    #[error("the document has no resource type")]
    NotAResource,
    /// The document is nested more deeply than any resource.
    #[error("the document is nested more than {levels_max} levels deep")]
    TooDeep {
        /// The limit.
        levels_max: usize,
    },
    /// The pixels of an image may show identifiers, and nobody said what to do about it.
    #[error("the image may show identifiers in its pixels ({signs})")]
    BurnedIn {
        /// The signs, in words, without values.
        signs: String,
    },
    /// A region of an image cannot be blacked out.
    #[error("a region of the image cannot be blacked out: {why}")]
    Blackout {
        /// What stands in the way.
        why: &'static str,
    },
}

impl DeidError {
    pub(super) fn loosened(table: &str, finding: &ColumnFinding) -> Self {
        Self::Loosened {
            table: table.to_owned(),
            column: finding.column.clone(),
            found: finding
                .loosening
                .as_ref()
                .map_or("?", |loosening| loosening.found.word()),
            declared: finding.kind.word(),
        }
    }

    pub(super) fn unmapped(table: &str, column: &str) -> Self {
        Self::Unmapped {
            table: table.to_owned(),
            column: column.to_owned(),
        }
    }

    pub(super) fn missing(table: &str, column: &str) -> Self {
        Self::Missing {
            table: table.to_owned(),
            column: column.to_owned(),
        }
    }

    pub(super) fn column_type(table: &str, column: &str) -> Self {
        Self::ColumnType {
            table: table.to_owned(),
            column: column.to_owned(),
        }
    }
}

impl Explain for DeidError {
    fn code(&self) -> Code {
        match self {
            Self::Loosened { .. } => codes::LOOSENED,
            Self::Unmapped { .. } => codes::UNMAPPED,
            Self::Missing { .. } => codes::COLUMN_MISSING,
            Self::ColumnType { .. } => codes::COLUMN_TYPE,
            Self::Table { .. } => codes::TABLE,
            Self::NotAResource => codes::NOT_A_RESOURCE,
            Self::TooDeep { .. } => codes::TOO_DEEP,
            Self::BurnedIn { .. } => codes::BURNED_IN,
            Self::Blackout { .. } => codes::BLACKOUT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Loosened { .. } => {
                "take the declaration out of the study, or ask for an expert determination \
                 (45 CFR 164.514(b)(1))"
            }
            Self::Unmapped { .. } => "classify the dataset again, with this table",
            Self::Missing { .. } => "check the person column of the study against the table",
            Self::ColumnType { .. } => "write the column as text, integers, floats or truth values",
            Self::Table { .. } => "report this: the input is not to blame",
            Self::BurnedIn { .. } => {
                "give rules that black out the regions with text (`--dicom-regions FILE`), or look \
                 at the images and say that they show nobody (`--accept-burned-in`)"
            }
            Self::Blackout { .. } => {
                "decompress the image to explicit VR little endian with a DICOM tool first, or \
                 leave it out"
            }
            Self::NotAResource | Self::TooDeep { .. } => {
                "check that the file holds FHIR R4 resources as JSON"
            }
        }
        .to_owned()
    }
}
