//! Untrusted bytes in, record batches or documents out, and back.
//!
//! The currency is Arrow's `RecordBatch` whose columns have only four types, all nullable: `Utf8`,
//! `Int64`, `Float64` and `Boolean`. Whatever a file brings beyond these is normalised at the door
//! (see [`read_table`]) or refused with a [`ReadError`] that names the place and never the value.
//!
//! ```
//! use cloister_formats::{Format, Input, Limits, read_table};
//!
//! let bytes = b"zip,age\n02139,41\n".to_vec();
//! let format = Format::detect("people.csv", &bytes)?;
//! assert_eq!(format, Format::Csv);
//!
//! let mut table = read_table("people.csv", format, Input::Bytes(bytes), &Limits::default(), None)?;
//! assert_eq!(table.next().unwrap()?.num_rows(), 1);
//! # Ok::<(), cloister_formats::ReadError>(())
//! ```

mod table;

mod format;
mod input;
mod limits;

mod cells;
mod columns;
mod encoding;
mod json;
mod lines;

mod csv;
mod jsonl;
mod parquet;
mod text;

pub mod ccda;
pub mod dicom;
pub mod fhir;
pub mod hl7v2;

mod duplicate;
mod write;

mod codes;
mod error;

pub use codes::CODES;
pub use duplicate::DuplicateFinder;
pub use error::{ReadError, ReadErrorKind, WriteError};
pub use format::Format;
pub use input::Input;
pub use limits::Limits;
pub use lines::{StreamLine, StreamLines};
pub use parquet::keys::{NamedKey, TableKeys, TableSeal};
pub use table::{TableReader, read_encrypted_table, read_table};
pub use text::{read_documents, read_text};
pub use write::{TableWriter, write_csv, write_jsonl, write_parquet, write_text};
