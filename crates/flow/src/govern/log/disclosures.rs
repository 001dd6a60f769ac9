//! Disclosures of a person's records, and the account that the person may ask for.
//!
//! Source: 45 CFR 164.528.

use std::collections::BTreeSet;

use access::Permit;
use audit::{Object, ObjectKind, PersonRef, Query, Word};
use domain::{Action, Digest, Phi, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{Desk, StageError};

/// Somebody who receives records: 164.528(b)(2)(ii).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Their name.
    pub name: String,
    /// Their address, if known.
    pub address: Option<String>,
}

/// What is written down of a disclosure; kept sealed, named by its digest in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureNote {
    /// When it happened: 164.528(b)(2)(i).
    pub date: Timestamp,
    /// What was disclosed, in brief: (iii).
    pub description: String,
    /// Why: (iv).
    pub purpose: Purpose,
}

/// One line of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accounted {
    /// The entry of the log.
    pub entry: u64,
    /// Its leaf hash.
    pub leaf: Digest,
    /// When it happened.
    pub date: Timestamp,
    /// To whom.
    pub recipient: String,
    /// Where they are, if known.
    pub address: Option<String>,
    /// What was disclosed.
    pub description: String,
    /// Why.
    pub purpose: Option<Purpose>,
}

/// The account of a person's disclosures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accounting {
    /// The person, by reference.
    pub person: Option<PersonRef>,
    /// From when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The disclosures, oldest first.
    pub disclosures: Vec<Accounted>,
}

/// Writes down a disclosure of a person's records: one sealed note, one line of the log with the
/// person's reference, the recipient's id and the digest of the note.
pub fn disclose(
    permit: &Permit,
    desk: &Desk<'_>,
    person: &Phi<String>,
    (id, recipient): (&Word, Option<&Recipient>),
    note: &DisclosureNote,
) -> Result<u64, StageError> {
    let mut transaction = desk.store.begin()?;
    match (
        transaction.find::<Recipient>(Noun::Recipient, id.as_str())?,
        recipient,
    ) {
        (None, None) => {
            return Err(StageError::Unknown {
                what: "recipient",
                name: id.as_str().to_owned(),
            });
        }
        (None, Some(recipient)) => {
            transaction.insert(Noun::Recipient, id.as_str(), recipient)?;
        }
        (Some(kept), Some(recipient)) if kept.body != *recipient => {
            transaction.replace(Noun::Recipient, id.as_str(), kept.revision, recipient)?;
        }
        _ => {}
    }
    let key = transaction.person_key()?;
    let person = PersonRef(key.reference(person.expose()));
    let digest = digest(note, &person, id)?;
    let record = digest.to_string();
    if transaction
        .find::<DisclosureNote>(Noun::Disclosure, &record)?
        .is_none()
    {
        transaction.insert(Noun::Disclosure, &record, note)?;
    }
    let mut event = desk.event(permit, None)?;
    event.object = Object {
        kind: ObjectKind::Recipient,
        id: id.clone(),
    };
    event.purpose = Some(note.purpose);
    event.person = Some(person);
    event.recipient = Some(id.clone());
    event.digest = Some(digest);
    Ok(transaction.commit(event)?.index())
}

/// The disclosures of a person's records between two moments: those that were written down, and
/// the exports that named a recipient and held the person.
pub fn account(
    permit: &Permit,
    desk: &Desk<'_>,
    person: &Phi<String>,
    (since, until): (Timestamp, Timestamp),
) -> Result<Accounting, StageError> {
    let reference = desk.store.person_reference(person.expose())?;
    let mut event = desk.event(permit, None)?;
    event.person = reference;
    desk.store.record(event)?;
    let mut disclosures = Vec::new();
    if let Some(person) = reference {
        for action in [Action::Disclose, Action::ExportData] {
            disclosures.extend(of_action(desk, person, action)?);
        }
    }
    disclosures.retain(|line| (since..until).contains(&line.date));
    disclosures.sort_by_key(|line| (line.date, line.entry));
    Ok(Accounting {
        person: reference,
        since,
        until,
        disclosures,
    })
}

fn of_action(
    desk: &Desk<'_>,
    person: PersonRef,
    action: Action,
) -> Result<Vec<Accounted>, StageError> {
    let sets: BTreeSet<Digest> = desk.store.sets_holding(&person)?;
    let query = Query {
        person: Some((person, sets)),
        action: Some(action),
        outcome: Some(audit::Outcome::Done),
        ..Query::default()
    };
    let mut lines = Vec::new();
    for hit in desk.store.search_log(&query, usize::MAX)? {
        let Some(id) = hit.event.recipient.clone() else {
            continue;
        };
        let recipient = desk
            .store
            .find::<Recipient>(Noun::Recipient, id.as_str())?
            .map(|record| record.body);
        let note = match hit.event.digest {
            Some(digest) => desk
                .store
                .find::<DisclosureNote>(Noun::Disclosure, &digest.to_string())?
                .map(|record| record.body),
            None => None,
        };
        let dataset = format!("records of {}", hit.event.object.id);
        lines.push(Accounted {
            entry: hit.index,
            leaf: hit.leaf,
            date: note.as_ref().map_or(hit.event.time, |note| note.date),
            address: recipient.as_ref().and_then(|known| known.address.clone()),
            recipient: recipient.map_or_else(|| id.to_string(), |known| known.name),
            purpose: note.as_ref().map(|note| note.purpose).or(hit.event.purpose),
            description: note.map_or(dataset, |note| note.description),
        });
    }
    Ok(lines)
}

/// SHA-256 over the note, the person and the recipient: two equal notes about two persons are two.
fn digest(note: &DisclosureNote, person: &PersonRef, id: &Word) -> Result<Digest, StageError> {
    let note =
        serde_json::to_vec(note).map_err(|_| StageError::Stored("a note that is not JSON"))?;
    let bytes = [person.to_string().as_bytes(), id.as_str().as_bytes(), &note].concat();
    Ok(seal::digest(&bytes))
}
