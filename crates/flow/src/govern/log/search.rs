use std::collections::BTreeSet;

use access::Permit;
use audit::{PersonRef, Query, Word};
use domain::{Action, OperatorId, Timestamp};
use store::Hit;

use crate::{Desk, StageError};

/// What is asked of the log, as people ask it.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// About this person: the id as it stands in the data. It is turned into a reference and goes
    /// nowhere else.
    pub person: Option<domain::Phi<String>>,
    /// By this operator.
    pub actor: Option<OperatorId>,
    /// On this dataset, model or study.
    pub object: Option<Word>,
    /// Of this kind of act.
    pub action: Option<Action>,
    /// With this outcome.
    pub outcome: Option<audit::Outcome>,
    /// To this recipient.
    pub recipient: Option<Word>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// The events that answer, oldest first, at most `most`. The search stands in the log itself,
/// with the reference of the person it was about, before anything is shown.
///
/// Source: 45 CFR 164.308(a)(1)(ii)(D), 164.312(b).
pub fn search(
    permit: &Permit,
    desk: &Desk<'_>,
    question: &Question,
    most: usize,
) -> Result<Vec<Hit>, StageError> {
    let person = match &question.person {
        Some(id) => desk.store.person_reference(id.expose())?,
        None => None,
    };
    let mut event = desk.event(permit, None)?;
    event.person = person;
    desk.store.record(event)?;
    if question.person.is_some() && person.is_none() {
        // Nobody was ever referred to.
        return Ok(Vec::new());
    }
    let query = Query {
        person: person.map(|person| with_sets(desk, person)).transpose()?,
        actor: question.actor.clone(),
        object: question.object.clone(),
        action: question.action,
        outcome: question.outcome,
        recipient: question.recipient.clone(),
        since: question.since,
        until: question.until,
    };
    Ok(desk.store.search_log(&query, most)?)
}

fn with_sets(
    desk: &Desk<'_>,
    person: PersonRef,
) -> Result<(PersonRef, BTreeSet<domain::Digest>), StageError> {
    Ok((person, desk.store.sets_holding(&person)?))
}
