use std::{fmt, io::Read};

use crate::{Limits, ReadError, ReadErrorKind};

/// Where untrusted bytes come from.
///
/// CSV, plain text and FHIR NDJSON are read as a stream. Parquet, bundles and JSON lines (whose
/// columns are known only after the last line) are held whole, up to
/// [`Limits::input_bytes`](crate::Limits::input_bytes).
pub enum Input<'a> {
    /// Bytes as they arrive.
    Stream(Box<dyn Read + 'a>),
    /// All bytes.
    Bytes(Vec<u8>),
}

impl<'a> Input<'a> {
    pub(crate) fn into_reader(self) -> Box<dyn Read + 'a> {
        match self {
            Self::Stream(stream) => stream,
            Self::Bytes(bytes) => Box::new(std::io::Cursor::new(bytes)),
        }
    }

    pub(crate) fn into_bytes(self, name: &str, limits: &Limits) -> Result<Vec<u8>, ReadError> {
        let bytes = match self {
            Self::Stream(stream) => read_whole(name, stream, limits.input_bytes)?,
            Self::Bytes(bytes) => bytes,
        };
        if bytes.len() as u64 > limits.input_bytes {
            return Err(too_large(name, limits.input_bytes));
        }
        Ok(bytes)
    }
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(_) => f.write_str("Stream"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

fn read_whole(name: &str, stream: Box<dyn Read + '_>, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    stream
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| ReadError::new(name, ReadErrorKind::Io(cause)))?;
    Ok(bytes)
}

pub(crate) fn too_large(name: &str, limit: u64) -> ReadError {
    ReadError::new(name, ReadErrorKind::InputTooLarge { limit })
}
