//! The keys of an instance: what there is, and what an administrator does with it.
//!
//! Destroying keys and sharing the root key out take two persons, [`approval`].

mod destruction;
mod error;
mod status;

use access::{Operator, Permit, Resource};
use audit::Event;
use domain::{Action, DatasetId, KeyId, Role, Timestamp};
use seal::{KeyPeriod, KeyService, KeyState, ServiceKind, ServiceName, Share};
use store::{Opener, Opening, Store};

pub(crate) use self::destruction::destroy_of_model;
pub use self::{
    destruction::{Destroyed, destroy, destroy_kek},
    error::KeyError,
    status::{DatasetKeys, Status, status},
};
pub use super::approval::{self, Act, Request};
use crate::{Desk, StageError};

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The former key-encryption key, which only unwraps from now on.
    pub former: KeyId,
    /// The active one.
    pub kek: KeyId,
    /// Data keys that were wrapped anew.
    pub rewrapped: u64,
}

/// Makes a new key-encryption key and wraps every data key anew; nothing that was sealed is
/// rewritten. When it is interrupted every key stays readable and [`rewrap`] goes on.
pub fn rotate(desk: &Desk<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Rotated, StageError> {
    let permit = manage(desk)?;
    let now = desk.now();
    let former = desk.store.keyring().key_id();
    let event = desk.event(&permit, None)?;
    let (kek, _) = desk
        .store
        .change_keyring(event, |keyring, entropy| keyring.rotate(now, entropy))?;
    let rewrapped = rewrap_under(desk, &permit, progress)?;
    Ok(Rotated {
        former,
        kek,
        rewrapped,
    })
}

/// Wraps anew what is not wrapped under the active key-encryption key; says how many keys.
pub fn rewrap(desk: &Desk<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, StageError> {
    let permit = manage(desk)?;
    rewrap_under(desk, &permit, progress)
}

fn rewrap_under(
    desk: &Desk<'_>,
    permit: &Permit,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, StageError> {
    let line = desk.event(permit, None)?;
    let mut event = |keys: u64| Ok(line.clone().rows(keys));
    Ok(desk.store.rewrap_keys(&mut event, progress)?)
}

/// Lets a key service keep the root key from now on. Others are forgotten unless `keep` says so:
/// a second one is an escrow.
pub fn move_to(
    desk: &Desk<'_>,
    service: &dyn KeyService,
    keep: bool,
) -> Result<Vec<ServiceName>, StageError> {
    let permit = manage(desk)?;
    let kind = service.name().kind;
    desk.store
        .change_keyring(desk.event(&permit, None)?, |keyring, entropy| {
            keyring.lock_with(service, entropy)?;
            if !keep {
                for other in keyring.kept_by() {
                    if other.kind != kind {
                        keyring.forget(other.kind);
                    }
                }
            }
            Ok::<(), seal::ServiceError>(())
        })?;
    Ok(desk.store.keyring().kept_by())
}

/// A new root key that `service` alone keeps: former shares and services open nothing any more.
pub fn rotate_root(desk: &Desk<'_>, service: &dyn KeyService) -> Result<KeyId, StageError> {
    let permit = manage(desk)?;
    let event = desk.event(&permit, None)?;
    let (root, _) = desk.store.change_keyring(event, |keyring, entropy| {
        keyring.rotate_root(service, entropy)
    })?;
    Ok(root)
}

/// Shares the root key out; a second person must have approved it. The line of the log is written
/// before the shares are handed out.
pub fn split(desk: &Desk<'_>, threshold: u8, count: u8) -> Result<Vec<Share>, StageError> {
    let permit = manage(desk)?;
    let act = Act::Split { threshold, count };
    // Refused before anybody is asked to approve it.
    let shares = desk
        .store
        .keyring()
        .split(threshold, count, &mut desk.entropy())
        .map_err(KeyError::from)?;
    let request = approval::approved(desk, &act)?;
    let mut transaction = desk.store.begin()?;
    approval::spend(&mut transaction, &request, desk.now())?;
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(shares)
}

/// Gives an instance that was opened with joined shares a new keeper of its root key, usually a new
/// passphrase. The shares are the authority: it is an administrator's act whatever the operator's
/// role.
pub fn recover(desk: &Desk<'_>, service: &dyn KeyService) -> Result<(), StageError> {
    let officer = Operator::new(desk.operator.id.clone(), Role::Administrator);
    let acting = desk.acting_as(officer);
    let permit = manage(&acting)?;
    acting
        .store
        .change_keyring(acting.event(&permit, None)?, |keyring, entropy| {
            keyring.lock_with(service, entropy)
        })?;
    Ok(())
}

/// Gives a dataset's data key another state of NIST SP 800-57; destroying is [`destroy`].
pub fn set_state(desk: &Desk<'_>, dataset: &DatasetId, to: KeyState) -> Result<KeyId, StageError> {
    let permit = manage(desk)?;
    let mut transaction = desk.store.begin()?;
    let key = transaction.set_key_state(dataset, to)?;
    transaction.commit(of_key(desk, &permit, &key)?)?;
    Ok(key)
}

/// Says until when a dataset's data key may seal.
pub fn set_period(
    desk: &Desk<'_>,
    dataset: &DatasetId,
    until: Option<Timestamp>,
) -> Result<KeyPeriod, StageError> {
    let permit = manage(desk)?;
    let now = desk.now();
    let found = desk.store.keys()?.into_iter().find(|key| {
        key.dataset.as_ref() == Some(dataset)
            && key.class.is_none()
            && key.state != KeyState::Destroyed
    });
    let since = found
        .and_then(|key| key.period)
        .map_or(now, |period| period.since);
    if until.is_some_and(|until| until <= since) {
        return Err(KeyError::Period { since }.into());
    }
    let period = KeyPeriod { since, until };
    let mut transaction = desk.store.begin()?;
    let key = transaction.set_period(dataset, period)?;
    transaction.commit(of_key(desk, &permit, &key)?)?;
    Ok(period)
}

/// Opens an instance whose root key was joined from shares.
pub fn open_joined(
    home: &std::path::Path,
    shares: &[Share],
    clock: &dyn domain::Clock,
) -> Result<Store, StageError> {
    let root = seal::join(shares).map_err(KeyError::from)?;
    Ok(Store::open_with(
        home,
        Opener::Root(root),
        clock,
        Opening::default(),
    )?)
}

/// The kinds of services in words, for messages.
pub fn kinds(names: &[ServiceName]) -> Vec<ServiceKind> {
    names.iter().map(|name| name.kind).collect()
}

pub(super) fn manage(desk: &Desk<'_>) -> Result<Permit, StageError> {
    desk.permit(Action::ManageKeys, Resource::keys(), None)
}

/// The line of the log for an act on one key.
fn of_key(desk: &Desk<'_>, permit: &Permit, key: &KeyId) -> Result<Event, StageError> {
    let mut event = desk.event(permit, None)?;
    event.object = audit::Object::new(audit::ObjectKind::Key, key.as_str())
        .map_err(|_| StageError::Stored("a key's id"))?;
    Ok(event)
}
