//! Who the rows of a version are about, so that the log can say whose records were touched.
//!
//! The log holds no id of a person: a version's persons are a set of keyed references that is kept
//! beside the log, and every event that reads identified rows names the set by its digest.
//! De-identified versions have none: nobody is to be found in them, by this way neither.

use std::collections::HashSet;

use access::DataState;
use audit::{Event, PersonRef, PersonSet};
use domain::Digest;
use serde::{Deserialize, Serialize};
use store::{Noun, Transaction};

use crate::{Desk, StageError, record::Version};

/// The committed persons of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Persons {
    /// The digest of their set.
    pub(crate) set: Digest,
    /// How many.
    pub(crate) count: u64,
}

/// Commits the persons of a version that is being kept: the set first, then its record. Nothing
/// where no column says whose rows they are, or where the key of references was destroyed.
pub(crate) fn keep(
    transaction: &mut Transaction<'_>,
    desk: &Desk<'_>,
    version: &Version,
    ids: &HashSet<String>,
) -> Result<Option<Digest>, StageError> {
    if ids.is_empty() {
        return Ok(None);
    }
    let key = match transaction.person_key() {
        Err(store::StoreError::KeyDestroyed { .. }) => return Ok(None),
        found => found?,
    };
    let references = ids.iter().map(|id| PersonRef(key.reference(id)));
    let set = PersonSet::of(references);
    let persons = Persons {
        set: desk.store.keep_persons(&set)?,
        count: set.len() as u64,
    };
    let id = version.place().key();
    if transaction.find::<Persons>(Noun::Persons, &id)?.is_none() {
        transaction.insert(Noun::Persons, &id, &persons)?;
    }
    Ok(Some(persons.set))
}

/// The event with the persons of the version it reads, where the version says more of them than
/// a de-identified one may.
pub(crate) fn about(
    desk: &Desk<'_>,
    version: &Version,
    mut event: Event,
) -> Result<Event, StageError> {
    if matches!(version.state, DataState::DeIdentified | DataState::NoData) {
        return Ok(event);
    }
    let own = version.place().key();
    let parents = version.parents.iter().map(|parent| {
        let dataset = &version.dataset;
        format!("{dataset}/{parent}")
    });
    for id in std::iter::once(own).chain(parents) {
        if let Some(found) = desk.store.find::<Persons>(Noun::Persons, &id)? {
            event.persons = event.persons.or(Some(found.body.count));
            event.set = Some(found.body.set);
            return Ok(event);
        }
    }
    Ok(event)
}
