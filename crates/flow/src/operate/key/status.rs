use access::Resource;
use domain::{Action, DatasetId, KeyId, OperatorId};
use seal::{KekInfo, KeyClass, KeyPeriod, KeyState, ServiceName};
use serde::Serialize;

use crate::operate::approval::{self, Request};
use crate::{Desk, StageError, model_key};

/// What keys there are, without any key.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The instance's name, bound into every wrapped key.
    pub instance: KeyId,
    /// The root key's name.
    pub root: KeyId,
    /// The keystore's generation: one more with every change.
    pub generation: u64,
    /// Which services keep the root key.
    pub kept_by: Vec<ServiceName>,
    /// Whether the long-lived secrets stand in locked memory.
    pub locked: bool,
    /// The key-encryption keys, oldest first.
    pub keks: Vec<KekInfo>,
    /// Data keys that are not wrapped under the active one.
    pub outdated: u64,
    /// The data keys, by dataset.
    pub datasets: Vec<DatasetKeys>,
    /// Who may approve.
    pub approvers: Vec<OperatorId>,
    /// What waits for an approval or was approved and not done yet.
    pub requests: Vec<Request>,
}

/// The keys of one dataset.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetKeys {
    /// The dataset, or the name under which a key of models or of the log stands.
    pub dataset: DatasetId,
    /// Whether it is the key of models.
    pub of_model: bool,
    /// The data key.
    pub key: KeyId,
    /// Counted from 1.
    pub version: u32,
    /// Its state.
    pub state: KeyState,
    /// When it may seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<KeyPeriod>,
    /// What is wrong with sealing now, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Which classes of columns have a key of their own.
    pub classes: Vec<KeyClass>,
}

/// Lists the keys; everybody may, as with checking the log: no data and no key is shown.
pub fn status(desk: &Desk<'_>) -> Result<Status, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let keyring = desk.store.keyring();
    let keys = desk.store.keys()?;
    let classes = |dataset: &DatasetId| {
        keys.iter()
            .filter(|key| key.dataset.as_ref() == Some(dataset) && key.state.opens())
            .filter_map(|key| key.class)
            .collect()
    };
    let datasets = keys
        .iter()
        .filter(|key| key.class.is_none())
        .filter_map(|key| {
            let dataset = key.dataset.clone()?;
            let since = key.period.map_or_else(|| desk.now(), |period| period.since);
            let until = key.period.and_then(|period| period.until);
            let sealing = key
                .state
                .check_sealing(KeyPeriod { since, until }, desk.now());
            Some(DatasetKeys {
                classes: classes(&dataset),
                of_model: model_key::is_of_model(&dataset),
                dataset,
                key: key.id.clone(),
                version: key.version,
                state: key.state,
                period: key.period,
                refused: sealing.err().map(|error| error.to_string()),
            })
        })
        .collect();
    Ok(Status {
        instance: keyring.instance().clone(),
        root: keyring.root_id(),
        generation: keyring.generation(),
        kept_by: keyring.kept_by(),
        locked: keyring.is_locked(),
        keks: keyring.keks(),
        outdated: desk.store.keys_outdated()?,
        datasets,
        approvers: approval::approvers(desk)?,
        requests: approval::open_requests(desk)?,
    })
}
