//! One line: its bytes, its place, and the members of its object.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::{Limits, ReadError, ReadErrorKind, encoding, json};

/// A line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'b> {
    pub(super) bytes: &'b [u8],
    /// Where it begins in the file.
    pub(super) offset: u64,
    /// Its number, counted from 1, blank lines included.
    pub(super) row: u64,
}

/// The lines of an input that are not blank.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    row: u64,
}

impl<'b> Lines<'b> {
    /// The lines from byte `at` on, `row` lines of which were read before.
    pub(super) fn resume(bytes: &'b [u8], at: usize, row: u64) -> Self {
        let at = match at {
            0 if bytes.starts_with(encoding::BOM) => encoding::BOM.len(),
            at => at,
        };
        Self { bytes, at, row }
    }

    /// Where the next line begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }
}

impl<'b> Iterator for Lines<'b> {
    type Item = Line<'b>;

    fn next(&mut self) -> Option<Line<'b>> {
        loop {
            let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let offset = self.at as u64;
            self.at = (self.at + length + 1).min(self.bytes.len());
            self.row += 1;
            let bytes = rest.get(..length).unwrap_or_default();
            if !bytes.trim_ascii().is_empty() {
                return Some(Line {
                    bytes,
                    offset,
                    row: self.row,
                });
            }
        }
    }
}

impl<'b> Line<'b> {
    pub(super) fn refusal(self, name: &str, kind: ReadErrorKind) -> ReadError {
        ReadError::new(name, kind).at(self.offset).in_row(self.row)
    }

    /// The line as text, once it is known to be one well-formed object within the limits.
    pub(super) fn object(self, name: &str, limits: &Limits) -> Result<&'b str, ReadError> {
        let limit = limits.line_bytes;
        if self.bytes.len() > limit {
            return Err(self.refusal(name, ReadErrorKind::LineTooLong { limit }));
        }
        let place = |error: ReadError| error.in_row(self.row);
        let text = encoding::text(name, self.bytes, self.offset).map_err(place)?;
        json::refuse_deep(name, self.bytes, self.offset, limits).map_err(place)?;
        if !text.trim_ascii_start().starts_with('{') {
            return Err(self.refusal(name, ReadErrorKind::NotAnObject));
        }
        serde_json::from_str::<IgnoredAny>(text)
            .map_err(|fault| place(json::malformed(name, self.bytes, self.offset, &fault)))?;
        Ok(text)
    }
}

/// The members of an object that is known to be well formed: key and value as they are written.
pub(super) struct Members<'t> {
    rest: &'t str,
}

impl<'t> Members<'t> {
    pub(super) fn of(object: &'t str) -> Self {
        let object = object.trim_ascii_start();
        Self {
            rest: object.strip_prefix('{').unwrap_or_default(),
        }
    }

    /// Takes `length` bytes off the rest, and the white space after them.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest.trim_ascii_start();
        taken
    }
}

impl<'t> Iterator for Members<'t> {
    /// The raw text of the key, quotes included, and of the value.
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        self.take(0);
        if self.rest.starts_with(',') {
            self.take(1);
        }
        if !self.rest.starts_with('"') {
            return None;
        }
        let key = self.take(span(self.rest.as_bytes()));
        self.take(1);
        let value = self.take(span(self.rest.as_bytes()));
        Some((key, value))
    }
}

/// The text of a raw string; none if an escape does not stand for a character.
pub(super) fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', raw.as_bytes()).is_some() {
        return serde_json::from_str(raw).ok().map(Cow::Owned);
    }
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    Some(Cow::Borrowed(inner))
}

/// Length of the value at the beginning of `bytes`.
fn span(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'"') => string(bytes),
        Some(b'{' | b'[') => nested(bytes),
        _ => bytes
            .iter()
            .position(|byte| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace())
            .unwrap_or(bytes.len()),
    }
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(length) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'"', b'\\', rest))
    {
        at += length + 1;
        if bytes.get(at - 1) == Some(&b'"') {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

fn nested(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = bytes.get(at..)
        && let Some(byte) = rest.first()
    {
        match byte {
            b'"' => {
                at += string(rest);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_written() {
        let object = r#" { "a" : 1 ,"b\"}":"x\\","c":[{"d":"]"}], "e":null , "f" : -1.5e3}"#;
        let members: Vec<_> = Members::of(object).collect();
        let expected = [
            (r#""a""#, "1"),
            (r#""b\"}""#, r#""x\\""#),
            (r#""c""#, r#"[{"d":"]"}]"#),
            (r#""e""#, "null"),
            (r#""f""#, "-1.5e3"),
        ];
        assert_eq!(members, expected);
        assert_eq!(unquoted(r#""b\"}""#).unwrap(), "b\"}");
        assert_eq!(Members::of("{}").count(), 0);
    }
}
