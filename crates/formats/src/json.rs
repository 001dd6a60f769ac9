//! JSON from outside: depth is checked before anything is parsed.

use serde_json::Value;

use crate::{Limits, ReadError, ReadErrorKind};

/// Refuses `bytes` that nest objects and arrays deeper than the limit; `base` is their place.
pub(crate) fn refuse_deep(
    name: &str,
    bytes: &[u8],
    base: u64,
    limits: &Limits,
) -> Result<(), ReadError> {
    let limit = limits.json_depth;
    match too_deep(bytes, limit) {
        Some(at) => Err(ReadError::new(name, ReadErrorKind::TooDeep { limit })
            .at(base.saturating_add(at as u64))),
        None => Ok(()),
    }
}

/// One document.
pub(crate) fn parse(
    name: &str,
    bytes: &[u8],
    base: u64,
    limits: &Limits,
) -> Result<Value, ReadError> {
    refuse_deep(name, bytes, base, limits)?;
    serde_json::from_slice(bytes).map_err(|fault| malformed(name, bytes, base, &fault))
}

/// Where `fault` stands in the file; its text is dropped, since it may quote a value.
pub(crate) fn malformed(
    name: &str,
    bytes: &[u8],
    base: u64,
    fault: &serde_json::Error,
) -> ReadError {
    let line_start = match fault.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', bytes)
            .nth(line - 2)
            .map_or(0, |at| at + 1),
    };
    let at = (line_start + fault.column().saturating_sub(1)).min(bytes.len());
    ReadError::new(name, ReadErrorKind::Json).at(base.saturating_add(at as u64))
}

fn too_deep(bytes: &[u8], limit: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Some(at);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings_only() {
        assert_eq!(too_deep(br#"{"a":[1,{"b":"[[[[\"["}]}"#, 3), None);
        assert_eq!(too_deep(br#"{"a":[1,{"b":2}]}"#, 2), Some(8));
    }

    #[test]
    fn a_fault_is_placed_by_byte_across_lines() {
        let error = parse("x", b"{\n\"a\": ?\n}", 100, &Limits::default()).unwrap_err();
        assert_eq!(error.offset, Some(107));
    }
}
