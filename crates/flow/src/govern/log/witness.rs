//! Witnesses: other logs that we cosign, and what others cosigned of ours.

use access::Permit;
use audit::{
    AddCheckpoint, Note, Object, ObjectKind, VerifierKey, WitnessRefusal, Witnessed, cosign,
    cosigned_at,
};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{Desk, StageError};

/// What a witness cosigned of our log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cosigned {
    /// The witness's verifier key.
    pub key: String,
    /// Where it answers.
    pub url: String,
    /// How many entries it saw.
    pub size: u64,
    /// When it cosigned.
    pub time: Timestamp,
    /// The checkpoint with its cosignature.
    pub checkpoint: String,
}

/// Judges a request to cosign another log's checkpoint. On success the new state and its line in
/// the log are durable before the cosignature is returned; two requests cannot pass each other,
/// because the transaction is open from the look at the old state to the commit of the new one.
pub fn judge(
    permit: &Permit,
    desk: &Desk<'_>,
    name: &str,
    logs: &[VerifierKey],
    request: &AddCheckpoint,
) -> Result<Result<String, WitnessRefusal>, StageError> {
    let mut transaction = desk.store.begin()?;
    let mut revision = None;
    let mut trouble = None;
    let judged = request.judge(logs, |origin| {
        match transaction.find::<Witnessed>(Noun::Witness, &seen_id(name, origin)) {
            Ok(found) => {
                revision = found.as_ref().map(|record| record.revision);
                found.map(|record| record.body)
            }
            Err(error) => {
                trouble = Some(error);
                None
            }
        }
    });
    if let Some(error) = trouble {
        return Err(error.into());
    }
    let new = match judged {
        Ok(new) => new,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let note = Note::read(&request.checkpoint)?;
    let line = cosign(&desk.store.cosigner(name), name, note.body(), desk.now())?;
    let state = Witnessed {
        origin: new.origin().to_owned(),
        size: new.size(),
        root: new.root(),
        checkpoint: format!("{}{line}", request.checkpoint),
    };
    let id = seen_id(name, new.origin());
    match revision {
        Some(revision) => transaction.replace(Noun::Witness, &id, revision, &state)?,
        None => transaction.insert(Noun::Witness, &id, &state)?,
    };
    let mut event = desk.event(permit, None)?;
    let origin = seal::digest(new.origin().as_bytes());
    event.object = Object::of_digest(ObjectKind::Log, origin);
    transaction.commit(event.rows(new.size()).digest(new.root()))?;
    Ok(Ok(line))
}

/// The newest checkpoint of another log that we cosigned, by the hex SHA-256 of its name.
pub fn seen_by(desk: &Desk<'_>, name: &str, origin: &str) -> Result<Option<Witnessed>, StageError> {
    let id = format!("{}{origin}", prefix(name));
    let found = desk.store.find::<Witnessed>(Noun::Witness, &id)?;
    Ok(found.map(|record| record.body))
}

/// Takes a witness's answer: checks its cosignature over our checkpoint and keeps it.
pub fn add_cosignature(
    permit: &Permit,
    desk: &Desk<'_>,
    (key, url): (&VerifierKey, &str),
    checkpoint: &str,
    lines: &str,
) -> Result<Cosigned, StageError> {
    let text = format!("{checkpoint}{lines}");
    let signed = audit::Checkpoint::parse_and_verify(&text, &desk.store.log_public_key())?;
    let note = Note::read(&text)?;
    let time = cosigned_at(&note, key).ok_or(audit::NoteError::Signature)?;
    let cosigned = Cosigned {
        key: key.to_string(),
        url: url.to_owned(),
        size: signed.size(),
        time,
        checkpoint: text.clone(),
    };
    let mut transaction = desk.store.begin()?;
    let id = ours_id(key);
    match transaction.find::<Cosigned>(Noun::Witness, &id)? {
        Some(kept) => transaction.replace(Noun::Witness, &id, kept.revision, &cosigned)?,
        None => transaction.insert(Noun::Witness, &id, &cosigned)?,
    };
    let mut event = desk.event(permit, None)?;
    let witness = seal::digest(key.to_string().as_bytes());
    event.object = Object::of_digest(ObjectKind::Witness, witness);
    transaction.commit(event.rows(signed.size()).digest(signed.root()))?;
    Ok(cosigned)
}

/// What the witnesses of our log cosigned last.
pub fn cosigned(desk: &Desk<'_>) -> Result<Vec<Cosigned>, StageError> {
    let all = desk.store.list::<serde_json::Value>(Noun::Witness)?;
    let ours = all
        .into_iter()
        .filter(|record| record.id.starts_with(OURS))
        .filter_map(|record| serde_json::from_value(record.body).ok());
    Ok(ours.collect())
}

/// The newest checkpoint of our log that a witness cosigned, with the cosignatures of all who saw
/// exactly that one.
pub fn cosigned_checkpoint(desk: &Desk<'_>) -> Result<Option<String>, StageError> {
    let all = cosigned(desk)?;
    let Some(size) = all.iter().map(|one| one.size).max() else {
        return Ok(None);
    };
    let mut newest = all.iter().filter(|one| one.size == size);
    let Some(first) = newest.next() else {
        return Ok(None);
    };
    let mut text = first.checkpoint.clone();
    for other in newest {
        for line in Note::read(&other.checkpoint)?.signatures().lines() {
            if !text.contains(line) {
                text = text + line + "\n";
            }
        }
    }
    Ok(Some(text))
}

fn prefix(name: &str) -> String {
    format!("seen/{}/", seal::digest(name.as_bytes()).short())
}

fn seen_id(name: &str, origin: &str) -> String {
    format!("{}{}", prefix(name), seal::digest(origin.as_bytes()))
}

fn ours_id(key: &VerifierKey) -> String {
    format!("{OURS}{}", seal::digest(key.to_string().as_bytes()))
}

const OURS: &str = "ours/";
