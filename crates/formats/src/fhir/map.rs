//! The words in which the maps are written.

use domain::Identifier;

use crate::cells::Kind;

/// How one resource type becomes one table.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) resource: &'static str,
    pub(super) table: &'static str,
    /// The element whose repetitions become rows of their own.
    pub(super) explode: Option<&'static str>,
    pub(super) groups: &'static [&'static [Column]],
}

impl Map {
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.groups.iter().flat_map(|group| group.iter())
    }
}

/// One column: where its values come from and what they reveal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) identifier: Option<Identifier>,
    /// Stands between several values of one row.
    pub(super) separator: &'static str,
    pub(super) reading: Reading,
    /// Keys joined by points; `key[first]` is the first of an array, `key[path=value]` the ones
    /// whose `path` has that value, `key[path^=value]` the ones where it begins so. The first
    /// that fits wins, in the order of the maps.
    pub(super) paths: &'static [&'static str],
}

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As it is.
    Plain,
    /// The id inside a reference.
    Reference,
    /// The id inside a reference to a patient; other targets are left out.
    Patient,
    /// The text inside base64.
    Base64,
    /// A boolean as it is; anything else means true.
    Present,
    /// Counted while rows are made, not read.
    Counter,
}

impl Column {
    /// Marks the Safe Harbor category.
    pub(super) const fn is(self, identifier: Identifier) -> Self {
        Self {
            identifier: Some(identifier),
            ..self
        }
    }

    pub(super) const fn number(self) -> Self {
        Self {
            kind: Kind::Number,
            ..self
        }
    }

    pub(super) const fn integer(self) -> Self {
        Self {
            kind: Kind::Integer,
            ..self
        }
    }

    pub(super) const fn flag(self) -> Self {
        Self {
            kind: Kind::Flag,
            ..self
        }
    }

    pub(super) const fn joined(self, separator: &'static str) -> Self {
        Self { separator, ..self }
    }

    pub(super) const fn read(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }
}

/// A text column without identifiers.
pub(super) const fn text(name: &'static str, paths: &'static [&'static str]) -> Column {
    Column {
        name,
        kind: Kind::Text,
        identifier: None,
        separator: "; ",
        reading: Reading::Plain,
        paths,
    }
}

/// A column that names persons.
pub(super) const fn name(name: &'static str, paths: &'static [&'static str]) -> Column {
    text(name, paths).is(Identifier::Name)
}

/// A column of places smaller than a state.
pub(super) const fn place(name: &'static str, paths: &'static [&'static str]) -> Column {
    text(name, paths).is(Identifier::Geography)
}

/// A column of dates.
pub(super) const fn date(name: &'static str, paths: &'static [&'static str]) -> Column {
    text(name, paths).is(Identifier::Date)
}

/// A column of ids of other resources.
pub(super) const fn link(name: &'static str, paths: &'static [&'static str]) -> Column {
    text(name, paths)
        .is(Identifier::Other)
        .read(Reading::Reference)
}

/// A column of ids of the patient.
pub(super) const fn patient(paths: &'static [&'static str]) -> Column {
    text("patient_id", paths)
        .is(Identifier::Other)
        .read(Reading::Patient)
}

/// A column of other unique numbers.
pub(super) const fn number(name: &'static str, paths: &'static [&'static str]) -> Column {
    text(name, paths).is(Identifier::Other)
}

/// Code, system, display and text of a CodeableConcept: column names, then its path.
macro_rules! concept {
    ($code:literal, $system:literal, $display:literal, $text:literal, $path:literal) => {
        &[
            text($code, &[concat!($path, ".coding[first].code")]),
            text($system, &[concat!($path, ".coding[first].system")]),
            text($display, &[concat!($path, ".coding[first].display")]),
            text($text, &[concat!($path, ".text")]),
        ]
    };
}

pub(super) use concept;
