use std::{fmt, str::FromStr};

use crate::{ReadError, ReadErrorKind};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Comma-separated values with a header (RFC 4180); also `;`, tab and `|`.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object per line.
    Jsonl,
    /// One plain-text document, UTF-8.
    Text,
    /// One JSON document: an HL7 FHIR R4 Bundle or a single resource.
    FhirBundle,
    /// One HL7 FHIR R4 resource (or Bundle) per line.
    FhirNdjson,
    /// HL7 version 2 messages, one or many, also batches and MLLP frames.
    Hl7v2,
    /// One DICOM file (PS3.10), or its data set alone.
    Dicom,
    /// One C-CDA document: HL7 CDA release 2 in XML.
    Ccda,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Csv,
        Self::Parquet,
        Self::Jsonl,
        Self::Text,
        Self::FhirBundle,
        Self::FhirNdjson,
        Self::Hl7v2,
        Self::Dicom,
        Self::Ccda,
    ];

    /// The name in configuration files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Jsonl => "jsonl",
            Self::Text => "text",
            Self::FhirBundle => "fhir-bundle",
            Self::FhirNdjson => "fhir-ndjson",
            Self::Hl7v2 => "hl7v2",
            Self::Dicom => "dicom",
            Self::Ccda => "ccda",
        }
    }

    /// The format of an input, from its first bytes (64 KiB are plenty) and, where these leave a
    /// choice, from its name.
    ///
    /// Refused: nothing at all, NUL bytes and known binary formats, UTF-16 and other text that is
    /// not UTF-8, and formats that are known but not read here (XML other than C-CDA, JSON arrays, archives).
    ///
    /// ```
    /// use cloister_formats::Format;
    /// assert_eq!(Format::detect("x", b"{\"a\":1}\n{\"a\":2}\n").unwrap(), Format::Jsonl);
    /// assert!(Format::detect("x", b"caf\xe9 au lait").is_err());
    /// ```
    pub fn detect(name: &str, head: &[u8]) -> Result<Self, ReadError> {
        detect::detect(name, head)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| {
                ReadError::new(
                    text,
                    ReadErrorKind::Format {
                        what: "a format of this name",
                        instead: "choose csv, parquet, jsonl, text, fhir-bundle, fhir-ndjson, hl7v2, \
                                  dicom or ccda",
                    },
                )
            })
    }
}

mod detect;
