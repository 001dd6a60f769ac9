use domain::{
    Code,
    Exit::{Failed, Gate, Refused},
};

pub(crate) const EMPTY: Code = Code::new(1001, Failed, "the input is empty");
pub(crate) const ENCODING: Code = Code::new(1002, Failed, "the input is not UTF-8 text");
pub(crate) const BINARY: Code = Code::new(1003, Failed, "the input is binary");
pub(crate) const FORMAT: Code = Code::new(1004, Failed, "the format is not read");
pub(crate) const LINE: Code = Code::new(1005, Failed, "a line is too long");
pub(crate) const FIELD: Code = Code::new(1006, Failed, "a field is too long");
pub(crate) const COLUMNS: Code = Code::new(1007, Failed, "there are too many columns");
pub(crate) const INPUT: Code = Code::new(1008, Failed, "the input is too large");
pub(crate) const DEPTH: Code = Code::new(1009, Failed, "JSON is nested too deeply");
pub(crate) const DUPLICATE_COLUMN: Code = Code::new(1010, Failed, "two columns have the same name");
pub(crate) const MISSING_COLUMN: Code = Code::new(1011, Failed, "a wanted column is not there");
pub(crate) const RAGGED: Code = Code::new(1012, Failed, "a row has a different number of fields");
pub(crate) const STRAY_QUOTE: Code = Code::new(1013, Failed, "a quote stands inside a field");
pub(crate) const OPEN_QUOTE: Code = Code::new(1014, Failed, "a quoted field is never closed");
pub(crate) const STRAY_RETURN: Code =
    Code::new(1015, Failed, "a carriage return stands without a line feed");
pub(crate) const JSON: Code = Code::new(1016, Failed, "JSON is malformed").citing("RFC 8259");
pub(crate) const NOT_AN_OBJECT: Code = Code::new(1017, Failed, "a line is not a JSON object");
pub(crate) const DUPLICATE_KEY: Code = Code::new(1018, Failed, "a JSON object repeats a key");
pub(crate) const PARQUET: Code = Code::new(1019, Failed, "Parquet is malformed or truncated");
pub(crate) const ENCRYPTED: Code = Code::new(1020, Failed, "Parquet is encrypted");
pub(crate) const COLUMN_TYPE: Code =
    Code::new(1021, Failed, "a column has a type that is not read");
pub(crate) const RANGE: Code = Code::new(1022, Failed, "a value does not fit its column's type");
pub(crate) const DUPLICATE_ID: Code = Code::new(1023, Failed, "two rows have the same id");
pub(crate) const MISSING_ID: Code = Code::new(1024, Failed, "a row has no id");
pub(crate) const NOT_A_TABLE: Code = Code::new(1025, Failed, "the input is not one table");
pub(crate) const RESOURCE: Code =
    Code::new(1026, Failed, "a FHIR resource is malformed").citing("HL7 FHIR R4");
pub(crate) const READ: Code = Code::new(1027, Failed, "reading failed");
pub(crate) const HL7V2: Code =
    Code::new(1030, Failed, "an HL7 v2 file is malformed").citing("HL7 v2, chapter 2");
pub(crate) const CCDA: Code =
    Code::new(1031, Failed, "a C-CDA document is malformed").citing("HL7 CDA release 2");
pub(crate) const DICOM: Code =
    Code::new(1032, Failed, "a DICOM file is malformed").citing("DICOM PS3.10");
pub(crate) const WRITE: Code = Code::new(1040, Failed, "writing failed");
pub(crate) const WRITE_SCHEMA: Code = Code::new(1041, Failed, "a batch does not fit the writer");
pub(crate) const WRITE_NUMBER: Code = Code::new(1042, Failed, "a number has no JSON form");
pub(crate) const WRITE_FORMAT: Code = Code::new(1043, Failed, "the format is not written");

pub(crate) const KEY_NOT_GIVEN: Code = Code::new(
    1060,
    Refused,
    "the key of an encrypted column was not given",
)
.citing("45 CFR 164.502(b)");
pub(crate) const NOT_AUTHENTIC: Code =
    Code::new(1061, Gate, "encrypted Parquet does not authenticate").citing("45 CFR 164.312(c)(1)");
pub(crate) const UNPROTECTED: Code =
    Code::new(1062, Gate, "Parquet is not encrypted throughout").citing("45 CFR 164.312(a)(2)(iv)");
pub(crate) const CIPHER: Code = Code::new(
    1063,
    Failed,
    "Parquet is encrypted by a cipher that is not read",
);
pub(crate) const NO_KEY: Code =
    Code::new(1064, Failed, "a column has no key").citing("45 CFR 164.312(a)(2)(iv)");

/// Every code of this room, in order.
pub const CODES: &[Code] = &[
    EMPTY,
    ENCODING,
    BINARY,
    FORMAT,
    LINE,
    FIELD,
    COLUMNS,
    INPUT,
    DEPTH,
    DUPLICATE_COLUMN,
    MISSING_COLUMN,
    RAGGED,
    STRAY_QUOTE,
    OPEN_QUOTE,
    STRAY_RETURN,
    JSON,
    NOT_AN_OBJECT,
    DUPLICATE_KEY,
    PARQUET,
    ENCRYPTED,
    COLUMN_TYPE,
    RANGE,
    DUPLICATE_ID,
    MISSING_ID,
    NOT_A_TABLE,
    RESOURCE,
    READ,
    HL7V2,
    CCDA,
    DICOM,
    WRITE,
    WRITE_SCHEMA,
    WRITE_NUMBER,
    WRITE_FORMAT,
    KEY_NOT_GIVEN,
    NOT_AUTHENTIC,
    UNPROTECTED,
    CIPHER,
    NO_KEY,
];
