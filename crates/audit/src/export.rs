//! The log in other people's formats, so that what they hold can be checked offline.
//!
//! Every record names the log, the entry's number and its leaf hash, and carries the entry itself;
//! a batch ends with a signed checkpoint. What a format shows in fields of its own is written
//! anew from the entry when it is verified, so that nothing in a record can be changed unseen.

mod cef;
mod csv;
mod error;
mod fhir;
mod json;
mod ocsf;
mod syslog;
mod trailer;
mod verify;

use std::{fmt, str::FromStr};

use domain::Digest;

pub use self::{error::ExportError, trailer::Trailer, verify::verify_export_as};
use crate::{Checkpoint, Event, Verified, leaf_hash};

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExportFormat {
    /// JSON lines of the events as they stand in the log.
    Ndjson,
    /// Comma separated values, RFC 4180.
    Csv,
    /// Common Event Format, version 0.
    Cef,
    /// Syslog, RFC 5424, one message a line.
    Syslog,
    /// Open Cybersecurity Schema Framework 1.9.0, JSON lines.
    Ocsf,
    /// HL7 FHIR R4 Bundle of AuditEvents; reads and disclosures follow IHE BALP 1.1.4.
    Fhir,
}

/// An entry on its way out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The name of the log.
    pub(crate) origin: &'a str,
    /// The entry's number.
    pub(crate) index: u64,
    /// Its leaf hash.
    pub(crate) leaf: Digest,
    /// The entry's text.
    pub(crate) entry: &'a str,
    /// The event it is.
    pub(crate) event: &'a Event,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 6] = [
        Self::Ndjson,
        Self::Csv,
        Self::Cef,
        Self::Syslog,
        Self::Ocsf,
        Self::Fhir,
    ];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Cef => "cef",
            Self::Syslog => "syslog",
            Self::Ocsf => "ocsf",
            Self::Fhir => "fhir",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.word() == word)
            .ok_or_else(|| "expected one of: ndjson, csv, cef, syslog, ocsf, fhir".to_owned())
    }
}

/// Writes an export piece by piece: [`Exporter::head`], one [`Exporter::record`] an entry,
/// [`Exporter::tail`].
#[derive(Clone, Debug)]
pub struct Exporter {
    format: ExportFormat,
    origin: String,
    written: u64,
}

impl Exporter {
    /// An export of the log of that name.
    pub fn new(format: ExportFormat, origin: impl Into<String>) -> Self {
        Self {
            format,
            origin: origin.into(),
            written: 0,
        }
    }

    /// What stands before the first record.
    pub fn head(&self) -> String {
        match self.format {
            ExportFormat::Csv => csv::head(),
            ExportFormat::Fhir => fhir::HEAD.to_owned(),
            _ => String::new(),
        }
    }

    /// The record of an entry. One that is not an event is refused.
    pub fn record(&mut self, index: u64, entry: &[u8]) -> Result<String, ExportError> {
        let event = Event::decode(entry).map_err(|source| ExportError::Event { index, source })?;
        let text = event.encode();
        let line = Line {
            origin: &self.origin,
            index,
            leaf: leaf_hash(entry),
            entry: &text,
            event: &event,
        };
        let record = written(self.format, &line);
        self.written += 1;
        Ok(match self.format {
            ExportFormat::Fhir if self.written > 1 => format!(",\n{record}"),
            ExportFormat::Fhir => record,
            _ => record + "\n",
        })
    }

    /// What stands after the last record: the checkpoint, and proofs where the export is not the
    /// whole log.
    pub fn tail(&self, trailer: &Trailer) -> String {
        match self.format {
            ExportFormat::Ndjson | ExportFormat::Ocsf => trailer.to_json() + "\n",
            ExportFormat::Csv => csv::tail(trailer) + "\n",
            ExportFormat::Cef => cef::tail(trailer) + "\n",
            ExportFormat::Syslog => syslog::tail(trailer) + "\n",
            ExportFormat::Fhir => fhir::tail(trailer, self.written > 0),
        }
    }
}

/// One record of a format, without its newline.
fn written(format: ExportFormat, line: &Line<'_>) -> String {
    match format {
        ExportFormat::Ndjson => json::record(line).to_string(),
        ExportFormat::Csv => csv::record(line),
        ExportFormat::Cef => cef::record(line),
        ExportFormat::Syslog => syslog::record(line),
        ExportFormat::Ocsf => ocsf::record(line).to_string(),
        ExportFormat::Fhir => fhir::record(line).to_string(),
    }
}

/// Writes a whole log as JSON lines: its entries, as [`Event::encode`] made them, and the text of
/// the newest checkpoint.
///
/// An entry that is not an event is refused; whether the checkpoint fits is for
/// [`verify_export`] to say.
pub fn export<B: AsRef<[u8]>>(
    entries: impl IntoIterator<Item = B>,
    checkpoint: &str,
) -> Result<String, ExportError> {
    let origin = checkpoint.lines().next().unwrap_or_default();
    let mut exporter = Exporter::new(ExportFormat::Ndjson, origin);
    let mut text = String::new();
    for (index, entry) in (0..).zip(entries) {
        text.push_str(&exporter.record(index, entry.as_ref())?);
    }
    text.push_str(&exporter.tail(&Trailer::whole(checkpoint)));
    Ok(text)
}

/// Checks an export of JSON lines with nothing but the public key of the log's checkpoints.
///
/// The JSON may have been written anew by other tools: spaces and the order of fields do not
/// count.
///
/// # Guarantee
/// Success means that the export holds every event of the log up to the checkpoint in it, as it
/// was logged; where the trailer says that it is a selection, that every record is an event of the
/// log. It cannot show that the log did not go on after the checkpoint.
pub fn verify_export(text: &str, key: &seal::PublicKey) -> Result<Verified, ExportError> {
    let verified = verify_export_as(ExportFormat::Ndjson, text, key)?;
    Ok(verified.log)
}

/// An export that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedExport {
    /// The checkpoint that it ends with.
    pub log: Verified,
    /// How many records there are.
    pub records: u64,
    /// Whether they are the whole log up to the checkpoint; else each has a proof of its own, and
    /// nothing says which ones were left out.
    pub whole: bool,
}

/// The word under which a value stands in the log.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// The checkpoint of a trailer, checked.
fn checkpoint_of(trailer: &Trailer, key: &seal::PublicKey) -> Result<Checkpoint, ExportError> {
    Checkpoint::parse_and_verify(&trailer.checkpoint, key)
        .map_err(|source| ExportError::Checkpoint { source })
}

#[cfg(test)]
mod tests;
