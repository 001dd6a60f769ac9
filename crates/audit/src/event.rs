//! One act, as the log keeps it.

mod object;
mod person;
mod strength;

use domain::{
    Action, Code, Digest, Explain, LegalBasis, OperatorId, Purpose, Role, RunId, StudyId, Timestamp,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::{
    object::{Object, ObjectKind, Outcome},
    person::{PersonRef, PersonSet, PersonSetError},
    strength::Strength,
};
use crate::{CodeWord, Word, codes};

/// Who did what to which object, when, why, and how it ended: 45 CFR 164.312(b).
///
/// Every field is an id, a word of a fixed list, a number or a digest: there is no place for free
/// text or personal data.
///
/// ```
/// use cloister_audit::{Event, Object, ObjectKind, Outcome};
/// use domain::{Action, OperatorId, Role, Timestamp};
/// let event = Event::new(
///     Timestamp::from_millis(0),
///     OperatorId::new("ada")?,
///     Role::DataEngineer,
///     Action::Ingest,
///     Object::new(ObjectKind::Dataset, "adult")?,
///     Outcome::Done,
/// )
/// .rows(48_842);
/// let line = event.encode();
/// assert!(line.starts_with(r#"{"v":2,"time":"1970-01-01T00:00:00.000Z","actor":"ada""#));
/// assert_eq!(Event::decode(line.as_bytes())?, event);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    v: Version,
    /// When, on the instance's clock.
    pub time: Timestamp,
    /// Who.
    pub actor: OperatorId,
    /// In which role.
    pub role: Role,
    /// What was done, or tried.
    pub action: Action,
    /// To what.
    pub object: Object,
    /// In which study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyId>,
    /// In which run of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// For what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Why that is permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<LegalBasis>,
    /// How it ended.
    pub outcome: Outcome,
    /// The error or refusal, when it did not end well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeWord>,
    /// Digest of the access decision behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Digest>,
    /// Rows read or made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Persons the rows are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons: Option<u64>,
    /// Digest of what was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The store's transaction it was committed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Word>,
    /// How the actor had proved who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Strength>,
    /// Digest of the rules that the decision followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Digest>,
    /// The one person it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// Digest of the [`PersonSet`] it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Digest>,
    /// Who received what left: the id of a recipient that the instance knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Word>,
    /// From which device: a digest or a word of the one who runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Word>,
}

/// Why bytes are not an event.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// Not JSON, or not with the fields of an event.
    #[error("these bytes are not an event (position {position})")]
    Format {
        /// Where reading stopped, in bytes from the start of the line.
        position: usize,
    },
    /// An event of another version.
    #[error("the event is of a version this program does not know")]
    Version,
    /// The same event written in another way: order, spaces, numbers.
    #[error("the event is not in its canonical form")]
    NotCanonical,
}

macro_rules! details {
    ($($(#[$doc:meta])* $field:ident: $kind:ty),+ $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: $kind) -> Self {
            self.$field = Some($field);
            self
        }
    )+};
}

impl Event {
    /// An event with what every event has; details are added with the methods below.
    pub const fn new(
        time: Timestamp,
        actor: OperatorId,
        role: Role,
        action: Action,
        object: Object,
        outcome: Outcome,
    ) -> Self {
        Self {
            v: Version::Two,
            time,
            actor,
            role,
            action,
            object,
            study: None,
            run: None,
            purpose: None,
            basis: None,
            outcome,
            code: None,
            decision: None,
            rows: None,
            persons: None,
            digest: None,
            transaction: None,
            session: None,
            policy: None,
            person: None,
            set: None,
            recipient: None,
            device: None,
        }
    }

    details! {
        /// In which study.
        study: StudyId,
        /// In which run of it.
        run: RunId,
        /// For what.
        purpose: Purpose,
        /// Why that is permitted.
        basis: LegalBasis,
        /// Digest of the access decision behind it.
        decision: Digest,
        /// Rows read or made.
        rows: u64,
        /// Persons the rows are about.
        persons: u64,
        /// Digest of what was made.
        digest: Digest,
        /// The store's transaction it was committed with.
        transaction: Word,
        /// How the actor had proved who they are.
        session: Strength,
        /// Digest of the rules that the decision followed.
        policy: Digest,
        /// The one person it is about.
        person: PersonRef,
        /// Digest of the [`PersonSet`] it is about.
        set: Digest,
        /// Who received what left.
        recipient: Word,
        /// From which device.
        device: Word,
    }

    /// The version of its encoding: 1 for events of the first releases, else 2.
    pub fn version(&self) -> u8 {
        self.v.into()
    }

    /// The error or refusal behind an outcome other than done.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The canonical JSON of the event: one line without its newline, the version first, fields in
    /// a fixed order, absent ones left out. At most 2 KiB.
    pub fn encode(&self) -> String {
        json(self)
    }

    /// Reads what [`Event::encode`] wrote; refuses everything that is not exactly that.
    pub fn decode(line: &[u8]) -> Result<Self, EventError> {
        if line.strip_prefix(b"{\"v\":").is_some_and(|rest| {
            rest.first().is_some_and(u8::is_ascii_digit)
                && !rest.starts_with(b"1,")
                && !rest.starts_with(b"2,")
        }) {
            return Err(EventError::Version);
        }
        let event: Self = serde_json::from_slice(line).map_err(|error| EventError::Format {
            position: error.column(),
        })?;
        if event.encode().as_bytes() != line || (event.v == Version::One && event.is_newer()) {
            return Err(EventError::NotCanonical);
        }
        Ok(event)
    }

    /// Whether it has a field that version 1 does not know.
    const fn is_newer(&self) -> bool {
        self.session.is_some()
            || self.policy.is_some()
            || self.person.is_some()
            || self.set.is_some()
            || self.recipient.is_some()
            || self.device.is_some()
    }
}

impl Explain for EventError {
    fn code(&self) -> Code {
        codes::EVENT
    }

    fn help(&self) -> String {
        match self {
            Self::Version => "use the program that wrote the log, or a newer one",
            Self::Format { .. } | Self::NotCanonical => {
                "verify the log: its entries were written by something else"
            }
        }
        .to_owned()
    }
}

#[expect(clippy::expect_used, reason = "ids, words and numbers are always JSON")]
fn json(event: &Event) -> String {
    serde_json::to_string(event).expect("an event is JSON")
}

/// The version of the encoding; it is written and read as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
enum Version {
    /// Without session, policy, persons, recipient and device.
    One,
    Two,
}

impl From<Version> for u8 {
    fn from(version: Version) -> Self {
        match version {
            Version::One => 1,
            Version::Two => 2,
        }
    }
}

impl TryFrom<u8> for Version {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err("another version"),
        }
    }
}

#[cfg(test)]
mod tests;
