/// How much an untrusted input may ask for before it is refused.
///
/// ```
/// use cloister_formats::Limits;
/// let limits = Limits { columns: 16, ..Limits::default() };
/// assert_eq!(limits.json_depth, 64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one CSV field, or of one plain-text document. Default 16 MiB.
    pub field_bytes: usize,
    /// Bytes of one line of JSON, or of one CSV record. Default 64 MiB.
    pub line_bytes: usize,
    /// Columns of one table. Default 4,096.
    pub columns: usize,
    /// Nesting of objects and arrays in one JSON document. Default 64, at most 127.
    pub json_depth: usize,
    /// Rows of one record batch. Default 65,536.
    pub rows_per_batch: usize,
    /// Bytes of text after which a batch is closed early. Default 32 MiB.
    pub batch_bytes: usize,
    /// Bytes of one whole input. Default 4 GiB.
    pub input_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            field_bytes: 16 << 20,
            line_bytes: 64 << 20,
            columns: 4_096,
            json_depth: 64,
            rows_per_batch: 65_536,
            batch_bytes: 32 << 20,
            input_bytes: 4 << 30,
        }
    }
}

impl Limits {
    /// The same limits, held within what Arrow's 32-bit text offsets and the JSON parser can bear.
    pub(crate) fn bounded(&self) -> Self {
        Self {
            field_bytes: self.field_bytes.min(HALF_GIB),
            line_bytes: self.line_bytes.min(HALF_GIB),
            json_depth: self.json_depth.min(PARSER_DEPTH),
            rows_per_batch: self.rows_per_batch.clamp(1, HALF_GIB),
            batch_bytes: self.batch_bytes.min(HALF_GIB),
            ..*self
        }
    }
}

const HALF_GIB: usize = 512 << 20;
const PARSER_DEPTH: usize = 127;
