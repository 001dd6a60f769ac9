use std::{error::Error, fmt, io};

use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

/// Why an input was not read: the file, the place, the reason, and never a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadError {
    /// The name the caller gave to the input.
    pub file: String,
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// The byte at which it is wrong, counted from 0.
    pub offset: Option<u64>,
    /// The record in which it is wrong, counted from 1; in CSV the header is row 1.
    pub row: Option<u64>,
}

/// What can be wrong with an input.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// No bytes, or nothing but white space.
    #[error("the input is empty")]
    Empty,
    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8{}", suspected(*.suspect))]
    Encoding {
        /// The encoding it looks like.
        suspect: Option<&'static str>,
    },
    /// NUL bytes, or the mark of a known binary format.
    #[error("the input is binary ({what}), not text")]
    Binary {
        /// What it looks like.
        what: &'static str,
    },
    /// A format that is known but not read here.
    #[error("{what} is not read here")]
    Format {
        /// The format.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// A line, or a CSV record, over the limit.
    #[error("line too long: over {limit} bytes")]
    LineTooLong {
        /// [`Limits::line_bytes`](crate::Limits::line_bytes).
        limit: usize,
    },
    /// A field, or a document, over the limit.
    #[error("field too long: over {limit} bytes")]
    FieldTooLong {
        /// [`Limits::field_bytes`](crate::Limits::field_bytes).
        limit: usize,
    },
    /// More columns than the limit.
    #[error("more than {limit} columns")]
    TooManyColumns {
        /// [`Limits::columns`](crate::Limits::columns).
        limit: usize,
    },
    /// More bytes than the limit.
    #[error("input too large: over {limit} bytes")]
    InputTooLarge {
        /// [`Limits::input_bytes`](crate::Limits::input_bytes), or what it allows unpacked.
        limit: u64,
    },
    /// JSON nested beyond the limit.
    #[error("JSON is nested more than {limit} levels deep")]
    TooDeep {
        /// [`Limits::json_depth`](crate::Limits::json_depth).
        limit: usize,
    },
    /// Two columns with one name; positions from 1.
    #[error("columns {first} and {second} have the same name")]
    DuplicateColumn {
        /// The earlier one.
        first: usize,
        /// The later one.
        second: usize,
    },
    /// A column that was asked for and is not in the file.
    #[error("there is no column `{column}`")]
    MissingColumn {
        /// The name that was asked for.
        column: String,
    },
    /// A row with more or fewer fields than the header.
    #[error("{found} fields where the header has {expected}")]
    Ragged {
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// A quote inside an unquoted field, or text after a closing quote.
    #[error("a stray quote")]
    StrayQuote,
    /// A quote that is opened and never closed.
    #[error("a quote is opened and never closed")]
    OpenQuote,
    /// A carriage return that does not end a line.
    #[error("a carriage return without a line feed")]
    StrayReturn,
    /// Malformed JSON.
    #[error("malformed JSON")]
    Json,
    /// A JSON line that is not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A JSON object with the same key twice.
    #[error("a JSON object repeats a key")]
    DuplicateKey,
    /// Malformed or truncated Parquet.
    #[error("malformed or truncated Parquet ({part})")]
    Parquet {
        /// The part that could not be read.
        part: &'static str,
    },
    /// Encrypted Parquet.
    #[error("the Parquet file is encrypted")]
    Encrypted,
    /// Encrypted Parquet whose key for a wanted part was not given.
    #[error("the key of `{column}` was not given")]
    KeyNotGiven {
        /// The column, or `footer`.
        column: String,
    },
    /// Encrypted Parquet of which a module does not authenticate.
    #[error(
        "the encrypted Parquet file does not authenticate ({part}): it was changed or moved, or \
         belongs to another key or place"
    )]
    NotAuthentic {
        /// The part.
        part: &'static str,
    },
    /// Parquet that was to be encrypted and has a part in plain text.
    #[error("the Parquet file is not encrypted throughout ({part})")]
    Unprotected {
        /// The part.
        part: String,
    },
    /// Encrypted Parquet under another cipher.
    #[error("the Parquet file is encrypted by AES-GCM-CTR, which does not authenticate its pages")]
    Cipher,
    /// A column whose type has no counterpart among the four.
    #[error("column `{column}` has a type that is not read ({found})")]
    ColumnType {
        /// The column.
        column: String,
        /// Its type.
        found: &'static str,
    },
    /// A value outside the range or the character set of its column's type.
    #[error("a value of column `{column}` does not fit {target}")]
    Range {
        /// The column.
        column: String,
        /// The type it should fit.
        target: &'static str,
    },
    /// An id that was seen before.
    #[error("the id of this row is also that of row {first_row}")]
    DuplicateId {
        /// The earlier row, counted like `row`.
        first_row: u64,
    },
    /// A row without an id.
    #[error("this row has no id")]
    MissingId,
    /// A document where one table is meant.
    #[error("a document is not one table")]
    NotATable,
    /// JSON that is not a FHIR resource or bundle.
    #[error("not a FHIR R4 resource: {why}")]
    Resource {
        /// What is missing.
        why: &'static str,
    },
    /// HL7 v2 where one table is meant.
    #[error("HL7 v2 holds messages, not a table")]
    Messages,
    /// Bytes that are not HL7 v2 messages.
    #[error("not HL7 v2: {why}")]
    Hl7v2 {
        /// What is wrong.
        why: &'static str,
    },
    /// XML that is not a sound clinical document.
    #[error("not a C-CDA document: {why}")]
    Ccda {
        /// What is wrong.
        why: &'static str,
    },
    /// Bytes that are no DICOM file or data set.
    #[error("malformed DICOM: {why}")]
    Dicom {
        /// What is wrong.
        why: &'static str,
    },
    /// The operating system said no.
    #[error("reading failed")]
    Io(#[source] io::Error),
}

impl ReadError {
    /// An error of `file` without a place.
    pub fn new(file: &str, kind: ReadErrorKind) -> Self {
        Self {
            file: file.to_owned(),
            kind,
            offset: None,
            row: None,
        }
    }

    /// The same error at byte `offset`.
    #[must_use]
    pub fn at(self, offset: u64) -> Self {
        Self {
            offset: Some(offset),
            ..self
        }
    }

    /// The same error in record `row`.
    #[must_use]
    pub fn in_row(self, row: u64) -> Self {
        Self {
            row: Some(row),
            ..self
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.kind.source()
    }
}

impl Explain for ReadError {
    fn code(&self) -> Code {
        self.kind.code()
    }

    fn help(&self) -> String {
        self.kind.help()
    }
}

impl ReadErrorKind {
    fn code(&self) -> Code {
        match self {
            Self::Empty => codes::EMPTY,
            Self::Encoding { .. } => codes::ENCODING,
            Self::Binary { .. } => codes::BINARY,
            Self::Format { .. } => codes::FORMAT,
            Self::LineTooLong { .. } => codes::LINE,
            Self::FieldTooLong { .. } => codes::FIELD,
            Self::TooManyColumns { .. } => codes::COLUMNS,
            Self::InputTooLarge { .. } => codes::INPUT,
            Self::TooDeep { .. } => codes::DEPTH,
            Self::DuplicateColumn { .. } => codes::DUPLICATE_COLUMN,
            Self::MissingColumn { .. } => codes::MISSING_COLUMN,
            Self::Ragged { .. } => codes::RAGGED,
            Self::StrayQuote => codes::STRAY_QUOTE,
            Self::OpenQuote => codes::OPEN_QUOTE,
            Self::StrayReturn => codes::STRAY_RETURN,
            Self::Json => codes::JSON,
            Self::NotAnObject => codes::NOT_AN_OBJECT,
            Self::DuplicateKey => codes::DUPLICATE_KEY,
            Self::Parquet { .. } => codes::PARQUET,
            Self::Encrypted => codes::ENCRYPTED,
            Self::KeyNotGiven { .. } => codes::KEY_NOT_GIVEN,
            Self::NotAuthentic { .. } => codes::NOT_AUTHENTIC,
            Self::Unprotected { .. } => codes::UNPROTECTED,
            Self::Cipher => codes::CIPHER,
            Self::ColumnType { .. } => codes::COLUMN_TYPE,
            Self::Range { .. } => codes::RANGE,
            Self::DuplicateId { .. } => codes::DUPLICATE_ID,
            Self::MissingId => codes::MISSING_ID,
            Self::NotATable | Self::Messages => codes::NOT_A_TABLE,
            Self::Resource { .. } => codes::RESOURCE,
            Self::Hl7v2 { .. } => codes::HL7V2,
            Self::Ccda { .. } => codes::CCDA,
            Self::Dicom { .. } => codes::DICOM,
            Self::Io(_) => codes::READ,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Empty => "check that the export wrote the file, then try again",
            Self::Encoding { suspect } => return encoding_help(*suspect),
            Self::Binary { .. } => "export it as CSV, Parquet, JSON lines, FHIR or UTF-8 text",
            Self::Format { instead, .. } => instead,
            Self::LineTooLong { .. } => {
                "look for a missing line end or an unclosed quote at this place; a larger file \
                 belongs in Parquet"
            }
            Self::FieldTooLong { .. } => "look for an unclosed quote, or split the document",
            Self::TooManyColumns { .. } => "split the table, or export only the columns needed",
            Self::InputTooLarge { .. } => "split the file into parts",
            Self::TooDeep { .. } => "flatten the document before reading it",
            Self::DuplicateColumn { .. } => "give every column its own name in the header",
            Self::MissingColumn { .. } => {
                "check the spelling and the case against the header of the file"
            }
            Self::Ragged { .. } => {
                "put fields that hold the delimiter or a line end in double quotes"
            }
            Self::StrayQuote => {
                "put the whole field in double quotes and write quotes inside it twice (RFC 4180)"
            }
            Self::OpenQuote => "close the field with a double quote",
            Self::StrayReturn => "end lines with a line feed, for example with dos2unix -c mac",
            Self::Json => "check the document with a JSON validator at this place",
            Self::NotAnObject => "write one JSON object per line, for example with jq -c",
            Self::DuplicateKey => "write every key once per object",
            Self::Parquet { .. } => "copy or export the file again and compare its size",
            Self::Encrypted => "open it with its keys (`cloister vault open-parquet`), or export it without Parquet encryption",
            Self::KeyNotGiven { .. } => {
                "leave the column out, or ask for the key of its class"
            }
            Self::NotAuthentic { .. } => {
                "check keys and place; if they are right, restore the file and find out who could write to it"
            }
            Self::Unprotected { .. } => {
                "write it with an encrypted footer and a key for every column, or open it without keys"
            }
            Self::Cipher => "write it with AES_GCM_V1",
            Self::ColumnType { .. } => "leave the column out, or export it as text",
            Self::Range { .. } => "export the column as text",
            Self::DuplicateId { .. } => "keep one of the two rows, or choose another id column",
            Self::MissingId => "fill in the id, or choose another id column",
            Self::NotATable => "flatten it to tables, or name the format of the file",
            Self::Resource { .. } => "export HL7 FHIR R4 as a JSON bundle or as NDJSON",
            Self::Messages => {
                "de-identify it with `cloister deid`, or export CSV or FHIR for a table"
            }
            Self::Hl7v2 { .. } => {
                "export messages that begin with MSH and its delimiters, one segment a line"
            }
            Self::Ccda { .. } => {
                "check the document with an XML validator at this place, or export it again without \
                 a document type"
            }
            Self::Dicom { .. } => {
                "check the file with a DICOM validator at this place, or export it again"
            }
            Self::Io(cause) if cause.kind() == io::ErrorKind::IsADirectory => {
                "name a file, not a directory"
            }
            Self::Io(_) => "check that the file can be read, then try again",
        }
        .to_owned()
    }
}

fn suspected(suspect: Option<&'static str>) -> String {
    suspect.map_or_else(String::new, |name| format!(" (it looks like {name})"))
}

fn encoding_help(suspect: Option<&'static str>) -> String {
    let from = suspect.unwrap_or("windows-1252");
    format!("convert to UTF-8, for example with iconv -f {from} -t utf-8")
}

/// Why a table was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The sink refused the bytes.
    #[error("writing failed")]
    Io(#[source] io::Error),
    /// A batch whose columns are not those of the writer.
    #[error("a batch does not have the columns of the writer")]
    Schema,
    /// A column that is not one of the four types, or not the text column that plain text needs.
    #[error("column `{column}` cannot be written in this format")]
    ColumnType {
        /// The column.
        column: String,
    },
    /// An infinite or undefined number, which JSON cannot say.
    #[error("row {row} of column `{column}` is not a finite number")]
    NotFinite {
        /// The column.
        column: String,
        /// The row, counted from 1.
        row: u64,
    },
    /// A format that is read but not written.
    #[error("tables are not written as {format}")]
    Format {
        /// The format.
        format: &'static str,
    },
    /// A column without a key in a table that is to be encrypted.
    #[error("column `{column}` has no key and would stand in plain text")]
    NoKey {
        /// The column.
        column: String,
    },
    /// The Parquet encoder failed.
    #[error("the Parquet encoder failed")]
    Parquet,
}

impl From<io::Error> for WriteError {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl Explain for WriteError {
    fn code(&self) -> Code {
        match self {
            Self::Io(_) | Self::Parquet => codes::WRITE,
            Self::Schema | Self::ColumnType { .. } => codes::WRITE_SCHEMA,
            Self::NotFinite { .. } => codes::WRITE_NUMBER,
            Self::Format { .. } => codes::WRITE_FORMAT,
            Self::NoKey { .. } => codes::NO_KEY,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => {
                "free some space, then run it again: nothing half-written is kept"
            }
            Self::Io(_) | Self::Parquet => "check that the target can be written, then try again",
            Self::Schema => "write every batch of one table with the same columns",
            Self::ColumnType { .. } => "write text, integer, number and boolean columns only",
            Self::NotFinite { .. } => "write Parquet or CSV, or replace the number by null",
            Self::Format { .. } => "choose csv, jsonl, parquet or text",
            Self::NoKey { .. } => "give the column a class whose key there is",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_error_names_file_row_and_byte() {
        let error = ReadError::new("a.csv", ReadErrorKind::StrayQuote)
            .at(17)
            .in_row(3);
        assert_eq!(error.to_string(), "`a.csv`, row 3, byte 17: a stray quote");
        assert_eq!(error.code().to_string(), "CL1013");
    }

    #[test]
    fn codes_are_unique_ordered_and_in_range() {
        let numbers: Vec<u16> = codes::CODES.iter().map(|code| code.number()).collect();
        let unique: BTreeSet<u16> = numbers.iter().copied().collect();
        assert_eq!(unique.into_iter().collect::<Vec<_>>(), numbers);
        assert!(numbers.iter().all(|number| (1000..1100).contains(number)));
    }
}
