//! What a rule can say about a field, and about a part of one.

use crate::kind::Kind;

/// What is done with a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Delimiters and character sets: stays.
    Structure,
    /// A number, amount or sequence number: stays if it is one.
    Number,
    /// A value of an administrative table: stays if it looks like one or names its table.
    Table,
    /// A clinical code: stays, with what its vocabulary calls it.
    Coded,
    /// A range of normal values: stays unless it is long.
    Range,
    /// A short key within the message: stays if short, else it becomes a code.
    Key,
    /// Running text.
    Text,
    /// The result of an observation, whose data type is in OBX-2.
    Result,
    /// A number of somebody (CX); this kind where its type does not say.
    Id(Kind),
    /// The name of a person (XPN): the patient's own, or somebody's.
    Name(Kind),
    /// A clinician or other person with a number (XCN).
    Person,
    /// One part after the other.
    Parts(&'static [Part]),
}

/// What is done with one component of a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// A short word of a table: stays if it is one.
    Type,
    /// A code that may be long or come in subcomponents.
    Table,
    /// A code of a vocabulary.
    Coded,
    /// A number.
    Number,
    /// Running text.
    Text,
    /// What the plan does with this kind.
    Of(Kind),
    /// A state or country: stays if it is the name of one.
    State,
    /// Removed, whatever the plan says: check digits, authorities, words about an identifier.
    Gone,
}

/// The first and the last number of fields under one rule.
pub(super) type Row = (u16, u16, Rule);
