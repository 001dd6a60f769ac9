//! The run's span of the log, its checkpoint, and the catalogue as it stood at the run's end.

use audit::Event;
use domain::{KeyId, Timestamp};
use evidence::pack::{ControlRow, ControlState, Controls, LogCheckpoint};
use governance::{Requirement, Standing, State, catalogue, standing};

use crate::{Desk, StageError, govern::control::evidence, record::Run};

/// The lines of the log up to the last one of a run.
pub(crate) struct Span {
    /// Index of the run's first line.
    pub(crate) first: u64,
    /// Index of its last line.
    pub(crate) last: u64,
    /// When that was written.
    pub(crate) ended: Timestamp,
    events: Vec<(u64, Event)>,
}

/// Finds the run's lines.
pub(super) fn span(desk: &Desk<'_>, run: &Run) -> Result<Span, StageError> {
    let mut events = Vec::new();
    for entry in desk.store.events(0)? {
        let (position, event) = entry?;
        events.push((position.index(), event));
    }
    let own = |event: &Event| event.run.as_ref() == Some(&run.id);
    let first = events
        .iter()
        .find(|(_, event)| own(event))
        .map_or(0, |(index, _)| *index);
    let (last, ended) = events
        .iter()
        .rfind(|(_, event)| own(event))
        .map_or((0, run.started), |(index, event)| (*index, event.time));
    events.retain(|(index, _)| *index <= last);
    Ok(Span {
        first,
        last,
        ended,
        events,
    })
}

/// The catalogue's state from the evidence up to the run's last line.
pub(super) fn controls(span: &Span, now: Timestamp) -> Controls {
    let index = evidence(&span.events);
    let stands: Vec<(&Requirement, Standing)> = catalogue()
        .requirements()
        .iter()
        .map(|requirement| (requirement, standing(requirement, &index, now)))
        .collect();
    let count = |state: State| {
        stands
            .iter()
            .filter(|(_, standing)| standing.state == state)
            .count() as u64
    };
    Controls {
        catalogue: format!("{} requirements, each with its mode", stands.len()),
        holds: count(State::Holds),
        partly: count(State::Partly),
        needs_people: count(State::NeedsPeople),
        not_covered: count(State::NotCovered),
        rows: stands
            .iter()
            .filter(|(_, standing)| matches!(standing.state, State::Holds | State::Partly))
            .map(|(requirement, standing)| row(requirement, standing))
            .collect(),
    }
}

fn row(requirement: &Requirement, standing: &Standing) -> ControlRow {
    let satisfied = standing.control.map_or("", |control| control.satisfied_by);
    let limits = standing.control.map_or("", |control| control.limits);
    let evidence = if limits.is_empty() {
        satisfied.to_owned()
    } else {
        format!("{satisfied} Not covered: {limits}")
    };
    ControlRow {
        id: requirement.id.to_owned(),
        title: requirement.text.to_owned(),
        citation: requirement.citations.join("; "),
        mode: requirement.mode.to_string(),
        state: match standing.state {
            State::Holds => ControlState::Holds,
            State::Partly => ControlState::Partly,
            State::NeedsPeople => ControlState::NeedsPeople,
            State::NotCovered => ControlState::NotCovered,
        },
        evidence,
    }
}

/// The signed checkpoint that covers the run's last line.
pub(super) fn checkpoint(desk: &Desk<'_>, span: &Span) -> Result<LogCheckpoint, StageError> {
    let signed = desk
        .store
        .checkpoint_covering(span.last + 1)?
        .ok_or(StageError::Stored("a checkpoint is gone"))?;
    let key = desk.store.keyring().checkpoint_key();
    let parsed = audit::Checkpoint::parse_and_verify(&signed, &key)?;
    Ok(LogCheckpoint {
        size: parsed.size(),
        root: parsed.root(),
        at: span.ended,
        signed_by: KeyId::new(format!("ed25519-{}", key.fingerprint().short()))
            .map_err(|_| StageError::Stored("a key's name"))?,
        signature: signed
            .lines()
            .last()
            .and_then(|line| line.rsplit(' ').next())
            .unwrap_or_default()
            .to_owned(),
        public_key_pem: key.to_pem(),
        entries: Some((span.first, span.last)),
    })
}
