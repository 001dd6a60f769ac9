//! Two persons: one asks, another approves.
//!
//! What it proves: both names, the act, and the moments stand in the log, and the approval is
//! signed with a key that opens with the approver's own passphrase, registered before the request.
//! What it does not prove: that two human beings were there. Whoever holds the instance's
//! passphrase can register a name with a passphrase of their own choosing and act as both; the log
//! then shows when that name came, and that is for the officer who reads it.

use access::{DataState, Operator, Resource, ResourceKind};
use audit::Event;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Action, DatasetId, Digest, KeyId, ModelId, OperatorId, Role, Timestamp};
use seal::{ApprovalKey, Argon2Cost, Passphrase, PublicKey, Signature};
use serde::{Deserialize, Serialize};
use store::{Noun, Transaction};

use super::key::{KeyError, manage};
use crate::{Desk, StageError, desk::Cause};

/// What takes two persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Destroy the keys of a dataset, and of the models that learnt from it.
    Destroy {
        /// The dataset.
        dataset: DatasetId,
    },
    /// Destroy the keys of a model.
    DestroyModel {
        /// The model.
        model: ModelId,
        /// These keys and no others: a version that is registered later needs a request of its own.
        keys: Vec<KeyId>,
    },
    /// Destroy a key-encryption key.
    DestroyKek {
        /// Its name.
        kek: KeyId,
    },
    /// Share the root key out: its export.
    Split {
        /// How many shares it takes.
        threshold: u8,
        /// How many there are.
        count: u8,
    },
    /// Accept a model that has no privacy guarantee.
    AcceptModel {
        /// SHA-256 of the model's bytes: another model needs another word.
        model: Digest,
    },
}

impl Act {
    /// The role in which the second person gives the word.
    const fn role(&self) -> Role {
        match self {
            Self::AcceptModel { .. } => Role::PrivacyOfficer,
            _ => Role::Administrator,
        }
    }

    /// What that person does, and to what.
    fn approving(&self) -> (Action, Resource) {
        match self {
            Self::AcceptModel { model } => (Action::ApproveModel, of_model(model)),
            _ => (Action::ManageKeys, Resource::keys()),
        }
    }

    /// How long a request waits: a day for keys, thirty for a model that people have to look at.
    const fn waits_millis(&self) -> i64 {
        match self {
            Self::AcceptModel { .. } => 30 * DAY,
            _ => DAY,
        }
    }
}

/// A model by its digest: it has no name before it is registered.
fn of_model(model: &Digest) -> Resource {
    Resource::new(ResourceKind::Model, model.to_string(), DataState::NoData)
}

/// A request, and its approval once it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id: 16 hexadecimal digits.
    pub id: String,
    /// What is to be done.
    #[serde(flatten)]
    pub act: Act,
    /// Who asks.
    pub requested_by: OperatorId,
    /// When.
    pub requested: Timestamp,
    /// Until when it can be approved and done.
    pub until: Timestamp,
    /// The second person's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// When it was done; once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Timestamp>,
}

/// A second person's word for a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
    /// The signature of that person's key over the request's text.
    pub signature: Signature,
}

/// A registered approver.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Approver {
    name: OperatorId,
    registered: Timestamp,
    /// What the person answers for here.
    #[serde(default = "administrator")]
    role: Role,
    /// The approval key under the approver's own passphrase, in Base64.
    sealed: String,
    public: PublicKey,
}

const fn administrator() -> Role {
    Role::Administrator
}

/// Registers a person who may approve what others ask for, under a passphrase of their own: an
/// administrator what is asked of the keys, a privacy officer what is asked of models.
pub fn register(
    desk: &Desk<'_>,
    (name, role): (&OperatorId, Role),
    passphrase: &Passphrase,
    cost: Argon2Cost,
) -> Result<(), StageError> {
    let permit = manage(desk)?;
    let mut transaction = desk.store.begin()?;
    if transaction
        .find::<Approver>(Noun::Approver, name.as_str())?
        .is_some()
    {
        return Err(KeyError::ApproverExists { name: name.clone() }.into());
    }
    let made = ApprovalKey::create(passphrase, cost, &mut desk.entropy());
    let (key, sealed) = made.map_err(KeyError::Passphrase)?;
    let approver = Approver {
        name: name.clone(),
        registered: desk.now(),
        role,
        sealed: STANDARD.encode(sealed),
        public: key.public(),
    };
    transaction.insert(Noun::Approver, name.as_str(), &approver)?;
    let mut event = desk.event(&permit, None)?;
    event.object = audit::Object::new(audit::ObjectKind::Operator, name.as_str())
        .map_err(|_| StageError::Stored("an operator's name"))?;
    transaction.commit(event)?;
    Ok(())
}

/// Approves a request, as the second person, with that person's own passphrase.
pub fn approve(
    desk: &Desk<'_>,
    id: &str,
    name: &OperatorId,
    passphrase: &Passphrase,
) -> Result<Request, StageError> {
    let mut transaction = desk.store.begin()?;
    let found = transaction.find::<Request>(Noun::Approval, id)?;
    let found = found.filter(|record| record.body.used.is_none());
    let found = found.ok_or_else(|| KeyError::RequestUnknown {
        request: id.to_owned(),
    })?;
    let mut request = found.body;
    let approver = transaction.find::<Approver>(Noun::Approver, name.as_str())?;
    let approver = approver
        .ok_or_else(|| KeyError::ApproverUnknown { name: name.clone() })?
        .body;
    check_second(&approver, &request)?;
    check_time(&request, desk.now())?;
    let sealed = STANDARD
        .decode(&approver.sealed)
        .map_err(|_| StageError::Stored("an approver's key"))?;
    let key = ApprovalKey::open(&sealed, passphrase).map_err(KeyError::Passphrase)?;
    request.approval = Some(Approval {
        by: name.clone(),
        at: desk.now(),
        signature: key.sign(text(desk, &request).as_bytes()),
    });
    drop(transaction);
    // The permit comes before the change and outside the transaction: a refusal has its own line.
    let acting = desk.acting_as(Operator::new(name.clone(), request.act.role()));
    let (action, resource) = request.act.approving();
    let permit = acting.permit(action, resource, None)?;
    let mut transaction = desk.store.begin()?;
    transaction.replace(Noun::Approval, id, found.revision, &request)?;
    transaction.commit(acting.event(&permit, None)?)?;
    Ok(request)
}

/// The approved request for an act; when there is none, a request is made or named in the refusal.
pub(super) fn approved(desk: &Desk<'_>, act: &Act) -> Result<Request, StageError> {
    let all = open_requests(desk)?;
    let mine = all
        .into_iter()
        .filter(|request| request.act == *act && request.requested_by == desk.operator.id);
    let good: Vec<Request> = mine
        .filter(|request| check_time(request, desk.now()).is_ok())
        .collect();
    if let Some(request) = good.iter().find(|request| request.approval.is_some()) {
        verify(desk, request)?;
        return Ok(request.clone());
    }
    let waiting = match good.into_iter().next() {
        Some(request) => request,
        None => ask_of_keys(desk, act)?,
    };
    Err(KeyError::NeedsApproval {
        request: waiting.id,
    }
    .into())
}

/// Refuses a model without a guarantee that no privacy officer has accepted. The word is bound to
/// the digest and is not used up.
///
/// Without one a request is made, or the one that waits is named.
///
/// Source: 45 CFR 164.308(a)(1)(ii)(B), risk management; 164.530(a)(1), the officer.
pub(crate) fn model_accepted(
    desk: &Desk<'_>,
    model: &Digest,
    cause: &Cause,
) -> Result<(), StageError> {
    let act = Act::AcceptModel { model: *model };
    let all = desk.store.list::<Request>(Noun::Approval)?;
    let mine: Vec<Request> = all
        .into_iter()
        .map(|record| record.body)
        .filter(|request| request.act == act)
        .collect();
    if let Some(request) = mine.iter().find(|request| request.approval.is_some()) {
        return verify(desk, request);
    }
    let waiting = mine
        .into_iter()
        .find(|request| check_time(request, desk.now()).is_ok());
    let officers = desk.store.list::<Approver>(Noun::Approver)?;
    let there = officers
        .iter()
        .any(|record| second(&record.body, &act, &desk.operator.id).is_ok());
    let request = match waiting {
        Some(request) => Some(request.id),
        None if there => {
            let permit = desk.permit(Action::Validate, of_model(model), Some(cause))?;
            Some(ask(desk, &act, desk.event(&permit, Some(cause))?)?.id)
        }
        None => None,
    };
    Err(StageError::NotAccepted {
        model: model.short(),
        request,
    })
}

/// Uses a request up, in the transaction that does what it asked for.
pub(super) fn spend(
    transaction: &mut Transaction<'_>,
    request: &Request,
    now: Timestamp,
) -> Result<(), StageError> {
    let found = transaction.find::<Request>(Noun::Approval, &request.id)?;
    let found = found.filter(|record| record.body == *request);
    let found = found.ok_or_else(|| KeyError::RequestUnknown {
        request: request.id.clone(),
    })?;
    let mut used = found.body;
    used.used = Some(now);
    transaction.replace(Noun::Approval, &request.id, found.revision, &used)?;
    Ok(())
}

/// The newest request for such an act that was carried out.
pub(crate) fn newest_used(
    desk: &Desk<'_>,
    is_it: impl Fn(&Act) -> bool,
) -> Result<Option<Request>, StageError> {
    let all = desk.store.list::<Request>(Noun::Approval)?;
    let used = all.into_iter().map(|record| record.body);
    Ok(used
        .filter(|request| is_it(&request.act) && request.used.is_some())
        .max_by_key(|request| request.used))
}

/// Who may approve, by name.
pub(super) fn approvers(desk: &Desk<'_>) -> Result<Vec<OperatorId>, StageError> {
    let all = desk.store.list::<Approver>(Noun::Approver)?;
    Ok(all.into_iter().map(|record| record.body.name).collect())
}

/// What was asked for and not done, the oldest first.
pub(super) fn open_requests(desk: &Desk<'_>) -> Result<Vec<Request>, StageError> {
    let mut open: Vec<Request> = desk
        .store
        .list::<Request>(Noun::Approval)?
        .into_iter()
        .map(|record| record.body)
        .filter(|request| request.used.is_none())
        .collect();
    open.sort_by_key(|request| request.requested);
    Ok(open)
}

fn ask_of_keys(desk: &Desk<'_>, act: &Act) -> Result<Request, StageError> {
    let all = desk.store.list::<Approver>(Noun::Approver)?;
    let mut others = all.iter().map(|record| &record.body);
    if !others.any(|approver| second(approver, act, &desk.operator.id).is_ok()) {
        return Err(KeyError::NoApprover {
            operator: desk.operator.id.clone(),
        }
        .into());
    }
    let permit = manage(desk)?;
    ask(desk, act, desk.event(&permit, None)?)
}

/// Makes a request, with its line of the log.
fn ask(desk: &Desk<'_>, act: &Act, event: Event) -> Result<Request, StageError> {
    let number = domain::Entropy::next_u64(&mut desk.entropy());
    let requested = desk.now();
    let end = requested.as_millis().saturating_add(act.waits_millis());
    let request = Request {
        id: format!("{number:016x}"),
        act: act.clone(),
        requested_by: desk.operator.id.clone(),
        requested,
        until: Timestamp::from_millis(end),
        approval: None,
        used: None,
    };
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Approval, &request.id, &request)?;
    transaction.commit(event)?;
    Ok(request)
}

/// Whether a person can be the second one of an act that somebody asks for.
fn second(approver: &Approver, act: &Act, asking: &OperatorId) -> Result<(), &'static str> {
    if approver.name == *asking {
        return Err("who asks cannot be the second person");
    }
    match (approver.role == act.role(), act.role()) {
        (true, _) => Ok(()),
        (false, Role::PrivacyOfficer) => Err("a model is for a privacy officer to accept"),
        (false, _) => Err("what is asked of the keys is for an administrator to approve"),
    }
}

fn check_second(approver: &Approver, request: &Request) -> Result<(), KeyError> {
    let reason = match second(approver, &request.act, &request.requested_by) {
        Err(reason) => reason,
        Ok(()) if approver.registered > request.requested => {
            "the name was registered only after it was asked for"
        }
        Ok(()) => return Ok(()),
    };
    Err(KeyError::NotSecond {
        name: approver.name.clone(),
        reason,
    })
}

fn check_time(request: &Request, now: Timestamp) -> Result<(), KeyError> {
    if request.requested <= now && now < request.until {
        return Ok(());
    }
    Err(KeyError::NotNow {
        from: request.requested,
        until: request.until,
        now,
    })
}

fn verify(desk: &Desk<'_>, request: &Request) -> Result<(), StageError> {
    let Some(approval) = &request.approval else {
        return Ok(());
    };
    let approver = desk
        .store
        .find::<Approver>(Noun::Approver, approval.by.as_str())?;
    let approver = approver
        .ok_or_else(|| KeyError::ApproverUnknown {
            name: approval.by.clone(),
        })?
        .body;
    check_second(&approver, request)?;
    let text = text(desk, request);
    approver
        .public
        .verify(text.as_bytes(), &approval.signature)
        .map_err(|_| {
            KeyError::Forged {
                request: request.id.clone(),
                name: approval.by.clone(),
            }
            .into()
        })
}

/// What an approver signs: the instance, the request and its act, who asked and when.
fn text(desk: &Desk<'_>, request: &Request) -> String {
    let act = match &request.act {
        Act::Destroy { dataset } => format!("destroy|{dataset}"),
        Act::DestroyModel { model, keys } => {
            let keys: Vec<&str> = keys.iter().map(KeyId::as_str).collect();
            format!("destroy-model|{model}|{}", keys.join(","))
        }
        Act::DestroyKek { kek } => format!("destroy-kek|{kek}"),
        Act::Split { threshold, count } => format!("split|{threshold}|{count}"),
        Act::AcceptModel { model } => format!("accept-model|{model}"),
    };
    format!(
        "cloister approval|1|{}|{}|{act}|{}|{}|{}",
        desk.store.keyring().instance(),
        request.id,
        request.requested_by,
        request.requested,
        request.until
    )
}

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;
