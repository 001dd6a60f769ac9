//! One line: its bytes, its place, and how it becomes a row.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::survey::Survey;
use crate::{ReadError, ReadErrorKind, cells::Cells, encoding, json};

/// A line that is not blank.
pub(crate) struct Line<'b> {
    pub(crate) bytes: &'b [u8],
    /// Where it begins in the file.
    pub(crate) offset: u64,
    /// Its number, counted from 1, blank lines included.
    pub(crate) row: u64,
}

/// The lines of an input that are not blank.
pub(crate) struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    row: u64,
}

impl<'b> Lines<'b> {
    /// The lines from byte `at` on, `row` lines of which were read before.
    pub(crate) fn resume(bytes: &'b [u8], at: usize, row: u64) -> Self {
        let at = match at {
            0 if bytes.starts_with(encoding::BOM) => encoding::BOM.len(),
            at => at,
        };
        Self { bytes, at, row }
    }

    /// Where the next line begins.
    pub(crate) fn at(&self) -> usize {
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

impl Line<'_> {
    pub(crate) fn refusal(&self, name: &str, kind: ReadErrorKind) -> ReadError {
        ReadError::new(name, kind).at(self.offset).in_row(self.row)
    }

    /// Hands the object's keys and values to `visitor`, which gives none for what is no object.
    pub(crate) fn visit<'de, V>(&'de self, name: &str, visitor: V) -> Result<V::Value, ReadError>
    where
        V: Visitor<'de>,
    {
        if self.bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(self.refusal(name, ReadErrorKind::NotAnObject));
        }
        let mut parser = serde_json::Deserializer::from_slice(self.bytes);
        parser
            .deserialize_map(visitor)
            .and_then(|value| parser.end().map(|()| value))
            .map_err(|fault| {
                json::malformed(name, self.bytes, self.offset, &fault).in_row(self.row)
            })
    }
}

/// Appends one row to the columns that are taken in.
pub(crate) fn fill(
    name: &str,
    line: &Line<'_>,
    survey: &Survey,
    cells: &mut [Option<Cells>],
) -> Result<(), ReadError> {
    let row = line.visit(name, Row { survey, cells })?;
    for (cells, value) in cells.iter_mut().zip(row) {
        if let Some(cells) = cells {
            cells.push(value.as_ref());
        }
    }
    Ok(())
}

struct Row<'s> {
    survey: &'s Survey,
    cells: &'s [Option<Cells>],
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = Vec<Option<Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut row = vec![None; self.cells.len()];
        let mut hint = 0;
        while let Some(place) = map.next_key_seed(Key {
            survey: self.survey,
            hint,
        })? {
            let taken = place.filter(|place| matches!(self.cells.get(*place), Some(Some(_))));
            match taken.and_then(|place| row.get_mut(place)) {
                Some(cell) => *cell = Some(map.next_value::<Value>()?),
                None => {
                    let _: IgnoredAny = map.next_value()?;
                }
            }
            hint = place.map_or(hint, |place| place + 1);
        }
        Ok(row)
    }
}

/// Finds a key's column without copying the key; `hint` is where it stood on the last line.
struct Key<'s> {
    survey: &'s Survey,
    hint: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Self::Value, D::Error> {
        parser.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.survey.place(key, self.hint))
    }
}
