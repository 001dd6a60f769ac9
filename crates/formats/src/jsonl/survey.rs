//! The first pass: which columns there are, and of which kind.

use std::{collections::BTreeMap, fmt};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::line::{Line, Lines};
use crate::{Limits, ReadError, ReadErrorKind, cells::Kind, json};

/// The columns of an input, in the order in which they first appear.
pub(crate) struct Survey {
    names: Vec<String>,
    seen: Vec<Seen>,
    places: BTreeMap<String, usize>,
    /// The row that last held each column, to find a repeated key.
    rows: Vec<u64>,
}

impl Survey {
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.seen.iter().map(|seen| seen.kind()).collect()
    }

    /// Where column `name` stands; looked for at `hint` first.
    pub(crate) fn place(&self, name: &str, hint: usize) -> Option<usize> {
        match self.names.get(hint) {
            Some(likely) if likely == name => Some(hint),
            _ => self.places.get(name).copied(),
        }
    }

    fn place_or_add(&mut self, name: &str, hint: usize) -> usize {
        self.place(name, hint).unwrap_or_else(|| {
            let place = self.names.len();
            self.names.push(name.to_owned());
            self.places.insert(name.to_owned(), place);
            self.seen.push(Seen::Nothing);
            self.rows.push(0);
            place
        })
    }

    /// Notes one value; false if this row had the column already.
    fn note(&mut self, place: usize, row: u64, seen: Seen) -> bool {
        let (Some(kind), Some(last)) = (self.seen.get_mut(place), self.rows.get_mut(place)) else {
            return false;
        };
        *kind = kind.and(seen);
        std::mem::replace(last, row) != row
    }
}

/// Looks at every line once.
pub(crate) fn survey(name: &str, bytes: &[u8], limits: &Limits) -> Result<Survey, ReadError> {
    let mut survey = Survey {
        names: Vec::new(),
        seen: Vec::new(),
        places: BTreeMap::new(),
        rows: Vec::new(),
    };
    let mut lines = 0_u64;
    for line in Lines::resume(bytes, 0, 0) {
        look(name, &line, limits, &mut survey)?;
        lines += 1;
    }
    match lines {
        0 => Err(ReadError::new(name, ReadErrorKind::Empty)),
        _ => Ok(survey),
    }
}

fn look(
    name: &str,
    line: &Line<'_>,
    limits: &Limits,
    survey: &mut Survey,
) -> Result<(), ReadError> {
    let limit = limits.line_bytes;
    if line.bytes.len() > limit {
        return Err(line.refusal(name, ReadErrorKind::LineTooLong { limit }));
    }
    crate::encoding::text(name, line.bytes, line.offset)
        .and_then(|_| json::refuse_deep(name, line.bytes, line.offset, limits))
        .map_err(|error| error.in_row(line.row))?;
    let row = line.row;
    let whole = line.visit(name, Keys { survey, row })?;
    if !whole {
        return Err(line.refusal(name, ReadErrorKind::DuplicateKey));
    }
    let limit = limits.columns;
    if survey.names.len() > limit {
        Err(line.refusal(name, ReadErrorKind::TooManyColumns { limit }))
    } else {
        Ok(())
    }
}

/// Notes the keys of one object; false if a key is repeated.
struct Keys<'s> {
    survey: &'s mut Survey,
    row: u64,
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let (mut hint, mut whole) = (0, true);
        while let Some((key, seen)) = map.next_entry::<std::borrow::Cow<'_, str>, Seen>()? {
            let place = self.survey.place_or_add(&key, hint);
            whole &= self.survey.note(place, self.row, seen);
            hint = place + 1;
        }
        Ok(whole)
    }
}

/// What the values of a column were so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Flags,
    Integers,
    Numbers,
    Anything,
}

impl Seen {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, seen) | (seen, Self::Nothing) => seen,
            (Self::Integers, Self::Numbers) | (Self::Numbers, Self::Integers) => Self::Numbers,
            (one, two) if one == two => one,
            _ => Self::Anything,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Flags => Kind::Flag,
            Self::Integers => Kind::Integer,
            Self::Numbers => Kind::Number,
            Self::Nothing | Self::Anything => Kind::Text,
        }
    }
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Self, D::Error> {
        parser.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Seen, E> {
        Ok(Seen::Nothing)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Seen, E> {
        Ok(Seen::Flags)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen::Integers)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Seen, E> {
        Ok(match i64::try_from(value) {
            Ok(_) => Seen::Integers,
            Err(_) => Seen::Anything,
        })
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen::Numbers)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Seen, E> {
        Ok(Seen::Anything)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Seen, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Seen::Anything)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Seen::Anything)
    }
}
