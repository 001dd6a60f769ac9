//! The first pass: which columns there are, and of which kind.

use std::collections::BTreeMap;

use super::line::{Line, Lines, Members, unquoted};
use crate::{Limits, ReadError, ReadErrorKind, cells::Kind};

/// The columns of an input, in the order in which they first appear.
pub(super) struct Survey {
    names: Vec<String>,
    seen: Vec<Seen>,
    places: BTreeMap<String, usize>,
    /// The row that last held each column, to find a repeated key.
    rows: Vec<u64>,
}

impl Survey {
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.seen.iter().map(|seen| seen.kind()).collect()
    }

    /// Where column `name` stands; looked for at `hint` first.
    pub(super) fn place(&self, name: &str, hint: usize) -> Option<usize> {
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

    fn look(&mut self, name: &str, line: Line<'_>, limits: &Limits) -> Result<(), ReadError> {
        let mut hint = 0;
        for (key, value) in Members::of(line.object(name, limits)?) {
            let (Some(key), Some(seen)) = (unquoted(key), Seen::of(value)) else {
                return Err(line.refusal(name, ReadErrorKind::Json));
            };
            let place = self.place_or_add(&key, hint);
            if !self.note(place, line.row, seen) {
                return Err(line.refusal(name, ReadErrorKind::DuplicateKey));
            }
            hint = place + 1;
        }
        let limit = limits.columns;
        if self.names.len() > limit {
            return Err(line.refusal(name, ReadErrorKind::TooManyColumns { limit }));
        }
        Ok(())
    }
}

/// Looks at every line once, and finds whatever is wrong with one.
pub(super) fn survey(name: &str, bytes: &[u8], limits: &Limits) -> Result<Survey, ReadError> {
    let mut survey = Survey {
        names: Vec::new(),
        seen: Vec::new(),
        places: BTreeMap::new(),
        rows: Vec::new(),
    };
    let mut lines = 0_u64;
    for line in Lines::resume(bytes, 0, 0) {
        survey.look(name, line, limits)?;
        lines += 1;
    }
    match lines {
        0 => Err(ReadError::new(name, ReadErrorKind::Empty)),
        _ => Ok(survey),
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
    /// What a raw value is; none if it is a string with a broken escape or an infinite number.
    fn of(raw: &str) -> Option<Self> {
        match raw.as_bytes() {
            [b'n', ..] => Some(Self::Nothing),
            [b't' | b'f', ..] => Some(Self::Flags),
            [b'"', ..] => unquoted(raw).map(|_| Self::Anything),
            [b'{' | b'[', ..] => Some(Self::Anything),
            _ if raw.parse::<i64>().is_ok() => Some(Self::Integers),
            digits if !digits.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
                Some(Self::Anything)
            }
            _ => {
                let number: f64 = raw.parse().ok()?;
                number.is_finite().then_some(Self::Numbers)
            }
        }
    }

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
