use domain::{DatasetId, KeyId, ModelId};
use seal::KeyState;
use store::{KeyInfo, StoreError, Transaction};

use super::{
    KeyError,
    approval::{self, Act, Request},
    manage, of_key,
};
use crate::{
    Desk, StageError,
    model_key::{Sealings, is_of_model},
    operate::retention::{self, Class},
};

/// What destroying a dataset's keys took away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// The data key of the dataset.
    pub key: KeyId,
    /// The names of the keys of models that learnt from it.
    pub models: Vec<DatasetId>,
}

/// Destroys a dataset's data key, those of its classes and those of the models that learnt from it,
/// in one transaction, once a second person approved it: what they sealed cannot be read by anybody
/// any more. Refused while a legal hold stands on the dataset or on one of those models.
pub fn destroy(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Destroyed, StageError> {
    let permit = manage(desk)?;
    // A dataset without a key is told before anybody is asked to approve.
    let there = there(desk, dataset)?;
    let sealings = Sealings::read(desk)?;
    check_free(&sealings, &there, dataset)?;
    check_holds(desk, &sealings, dataset)?;
    let act = Act::Destroy {
        dataset: dataset.clone(),
    };
    let request = approval::approved(desk, &act)?;
    let mut transaction = desk.store.begin()?;
    transaction.destroy_key(&there.id)?;
    // Nobody else changes anything while the transaction is open: no model is missed.
    let models = destroy_learnt_from(desk, &mut transaction, dataset)?;
    approval::spend(&mut transaction, &request, desk.now())?;
    transaction.commit(of_key(desk, &permit, &there.id)?)?;
    Ok(Destroyed {
        key: there.id,
        models,
    })
}

/// Destroys the keys of a model, once a second person approved these very keys.
pub(crate) fn destroy_of_model(
    desk: &Desk<'_>,
    model: &ModelId,
    keys: &[KeyId],
) -> Result<Request, StageError> {
    let permit = manage(desk)?;
    retention::check_held(desk, Class::Model, model.as_str())?;
    let act = Act::DestroyModel {
        model: model.clone(),
        keys: keys.to_vec(),
    };
    let request = approval::approved(desk, &act)?;
    let mut transaction = desk.store.begin()?;
    for key in keys {
        transaction.destroy_key(key)?;
    }
    approval::spend(&mut transaction, &request, desk.now())?;
    let mut event = desk.event(&permit, None)?;
    event.object = audit::Object::new(audit::ObjectKind::Model, model.as_str())
        .map_err(|_| StageError::Stored("a model's name"))?;
    transaction.commit(event)?;
    Ok(request)
}

/// Destroys a key-encryption key that is not active and wraps nothing any more, once a second
/// person approved it.
pub fn destroy_kek(desk: &Desk<'_>, kek: &KeyId) -> Result<(), StageError> {
    let permit = manage(desk)?;
    let keks = desk.store.keyring().keks();
    let known = keks.iter().find(|known| known.id == *kek);
    let known = known.ok_or_else(|| KeyError::UnknownKek { kek: kek.clone() })?;
    if matches!(known.state, KeyState::Active | KeyState::Destroyed) {
        return Err(KeyError::KekState { state: known.state }.into());
    }
    let left = desk.store.keys_outdated()?;
    if left > 0 {
        return Err(KeyError::StillWraps { left }.into());
    }
    let request = approval::approved(desk, &Act::DestroyKek { kek: kek.clone() })?;
    let now = desk.now();
    desk.store
        .change_keyring(of_key(desk, &permit, kek)?, |keyring, _| {
            keyring.change_kek(kek, KeyState::Destroyed, now)
        })?;
    let mut transaction = desk.store.begin()?;
    approval::spend(&mut transaction, &request, now)?;
    transaction.commit(of_key(desk, &permit, kek)?)?;
    Ok(())
}

/// The newest data key of a dataset, which is not destroyed.
fn there(desk: &Desk<'_>, dataset: &DatasetId) -> Result<KeyInfo, StoreError> {
    let found = desk
        .store
        .keys()?
        .into_iter()
        .rfind(|key| key.dataset.as_ref() == Some(dataset) && key.class.is_none());
    let dataset = dataset.clone();
    match found {
        None => Err(StoreError::KeyMissing { dataset }),
        Some(key) if key.state == KeyState::Destroyed => Err(StoreError::KeyDestroyed { dataset }),
        Some(key) => Ok(key),
    }
}

/// The key of a registered model is destroyed with the model and its certificate; that of a run
/// which registered nothing has no other way.
fn check_free(sealings: &Sealings, key: &KeyInfo, name: &DatasetId) -> Result<(), KeyError> {
    if !is_of_model(name) {
        return Ok(());
    }
    match sealings.sealed_by(&key.id).next() {
        None => Ok(()),
        Some(version) => Err(KeyError::OfModel {
            name: name.clone(),
            model: version.model.clone(),
        }),
    }
}

/// A hold on a model holds the dataset whose destruction would take it.
fn check_holds(
    desk: &Desk<'_>,
    sealings: &Sealings,
    dataset: &DatasetId,
) -> Result<(), StageError> {
    retention::check_held(desk, Class::Dataset, dataset.as_str())?;
    for model in sealings.models_learnt_from(dataset) {
        retention::check_held(desk, Class::Model, model.as_str())?;
    }
    Ok(())
}

fn destroy_learnt_from(
    desk: &Desk<'_>,
    transaction: &mut Transaction<'_>,
    dataset: &DatasetId,
) -> Result<Vec<DatasetId>, StageError> {
    let sealings = Sealings::read(desk)?;
    let keys = sealings.keys_learnt_from(dataset).into_iter();
    let mut names = Vec::new();
    for key in keys.filter(|key| key.state != KeyState::Destroyed) {
        transaction.destroy_key(&key.id)?;
        names.extend(key.dataset.clone());
    }
    Ok(names)
}
