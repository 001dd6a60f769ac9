//! Keys: states, classes, rotation that is interrupted anywhere, keystores that are put back.

use domain::{DatasetId, Explain, KeyId};
use seal::{KeyClass, KeyPeriod, KeyState, UseError};

use super::*;
use crate::{
    Opener,
    disk::{
        Step,
        faults::{Fault, Faulty},
    },
};

fn dataset(name: &str) -> DatasetId {
    DatasetId::new(name).unwrap()
}

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn make_keys(store: &Store, count: u32) -> Vec<DatasetId> {
    let mut transaction = store.begin().unwrap();
    let names: Vec<DatasetId> = (0..count).map(|n| dataset(&format!("d{n}"))).collect();
    for name in &names {
        transaction.create_key(name).unwrap();
    }
    transaction.commit(event(1)).unwrap();
    names
}

fn rotate(store: &Store, now: i64) -> Result<KeyId, StoreError> {
    let changed = store.change_keyring(event(2), |keyring, entropy| {
        keyring.rotate(at(now), entropy)
    });
    changed.map(|(kek, _)| kek)
}

fn rewrap(store: &Store) -> Result<u64, StoreError> {
    store.rewrap_keys(&mut |keys| Ok(event(keys)), &mut |_, _| {})
}

fn fingerprints(store: &Store, names: &[DatasetId]) -> Vec<[u8; 16]> {
    names
        .iter()
        .map(|name| store.data_key(name).unwrap().1.fingerprint())
        .collect()
}

#[test]
fn a_rotation_wraps_every_key_anew_and_changes_no_key() {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 50);
    let before = fingerprints(&store, &names);
    let former = store.keyring().key_id();

    let kek = rotate(&store, 10).unwrap();
    assert_eq!(
        store.keys_outdated().unwrap(),
        51,
        "the key of the records too"
    );
    assert_eq!(fingerprints(&store, &names), before, "readable in between");
    assert_eq!(rewrap(&store).unwrap(), 51);
    assert_eq!(rewrap(&store).unwrap(), 0);

    let keys = store.keys().unwrap();
    assert!(
        keys.iter()
            .all(|key| key.kek.as_deref() == Some(kek.as_str()))
    );
    store.verify_rows().unwrap();
    store
        .change_keyring(event(3), |keyring, _| {
            keyring.change_kek(&former, KeyState::Destroyed, at(11))
        })
        .unwrap();
    drop(store);
    let store = site.restart();
    assert_eq!(fingerprints(&store, &names), before);
    store.verify_rows().unwrap();
    store.verify_log().unwrap();
}

/// The process dies at every write, sync, rename and step of a rotation: afterwards each key is
/// there, everything verifies, and the rotation goes on.
#[test]
fn a_rotation_that_is_interrupted_anywhere_loses_no_key() {
    let turn = |store: &Store| rotate(store, 10).and_then(|_| rewrap(store));
    let calls = {
        let (site, store) = Site::new();
        make_keys(&store, 3);
        let before = site.disk.seen();
        turn(&store).unwrap();
        site.disk.seen() - before
    };
    assert!(calls > 10, "{calls}");
    for left in 0..calls {
        interrupted(&turn, |disk| disk.plan(Fault::Crash, left));
    }
    for step in [Step::EventLogged, Step::RowsSaved] {
        interrupted(&turn, |disk| disk.die_at(step));
    }
    for fault in [Fault::Full, Fault::Short, Fault::Sync] {
        for left in 0..6 {
            interrupted(&turn, |disk| disk.plan(fault, left));
        }
    }
}

fn interrupted(turn: &dyn Fn(&Store) -> Result<u64, StoreError>, plan: impl FnOnce(&Faulty)) {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 3);
    let before = fingerprints(&store, &names);
    plan(&site.disk);
    drop(turn(&store));
    drop(store);

    let store = site.restart();
    assert_eq!(fingerprints(&store, &names), before);
    store.verify_rows().unwrap();
    store.verify_log().unwrap();
    rewrap(&store).unwrap();
    assert_eq!(store.keys_outdated().unwrap(), 0);
    drop(store);
    let store = site.restart();
    assert_eq!(fingerprints(&store, &names), before);
}

#[test]
fn a_keystore_that_was_put_back_is_refused_and_named() {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 1);
    rotate(&store, 10).unwrap();
    let older = bytes(&site.home().join("keystore"));
    store
        .change_keyring(event(3), |keyring, entropy| {
            keyring.lock_with(&service(), entropy)
        })
        .unwrap();
    let newest = bytes(&site.home().join("keystore"));
    drop(store);

    write(&site.home().join("keystore"), &older);
    let error = site.open().unwrap_err();
    assert!(
        matches!(error, StoreError::KeystoreRolledBack { .. }),
        "{error}"
    );
    assert_eq!(error.code().number(), 3131);

    write(&site.home().join("keystore"), &newest);
    assert!(site.restart().data_key(&names[0]).is_ok());
}

#[test]
fn a_keystore_without_the_key_that_wraps_is_named() {
    let (site, store) = Site::new();
    let oldest = bytes(&site.home().join("keystore"));
    rotate(&store, 10).unwrap();
    rewrap(&store).unwrap();
    drop(store);
    write(&site.home().join("keystore"), &oldest);
    let error = site.open().unwrap_err();
    assert!(matches!(error, StoreError::KekMissing { .. }), "{error}");
}

#[test]
fn a_key_begins_with_its_event_and_seals_in_its_period_only() {
    let (_site, store) = Site::new();
    let mut transaction = store.begin().unwrap();
    let adult = dataset("adult");
    transaction.create_key(&adult).unwrap();
    let mut told = event(1);
    told.time = at(5_000);
    transaction.commit(told).unwrap();

    assert!(store.sealing_key(&adult, at(5_000)).is_ok());
    let error = store.sealing_key(&adult, at(4_999)).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::KeyUse {
                source: UseError::ClockBehind { .. },
                ..
            }
        ),
        "{error}"
    );
    assert!(
        store.data_key(&adult).is_ok(),
        "nothing is lost by a wrong clock"
    );

    let mut transaction = store.begin().unwrap();
    let period = KeyPeriod {
        since: at(5_000),
        until: Some(at(6_000)),
    };
    transaction.set_period(&adult, period).unwrap();
    transaction.commit(event(2)).unwrap();
    assert!(store.sealing_key(&adult, at(5_999)).is_ok());
    let error = store.sealing_key(&adult, at(6_000)).unwrap_err();
    assert_eq!(error.code().number(), 3062);
    assert!(store.data_key(&adult).is_ok());
    store.verify_rows().unwrap();
}

#[test]
fn a_suspended_or_revoked_key_opens_and_does_not_seal() {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 2);
    let set = |store: &Store, to| {
        let mut transaction = store.begin()?;
        transaction.set_key_state(&names[0], to)?;
        transaction.commit(event(2))
    };
    set(&store, KeyState::Suspended).unwrap();
    assert!(store.data_key(&names[0]).is_ok());
    assert_eq!(
        store
            .sealing_key(&names[0], at(9))
            .unwrap_err()
            .code()
            .number(),
        3061
    );
    set(&store, KeyState::Active).unwrap();
    assert!(store.sealing_key(&names[0], at(9)).is_ok());
    set(&store, KeyState::Compromised).unwrap();
    assert!(store.data_key(&names[0]).is_ok());
    let error = set(&store, KeyState::Active).unwrap_err();
    assert!(matches!(error, StoreError::KeyTransition { .. }), "{error}");
    store.verify_rows().unwrap();

    drop(store);
    let store = site.restart();
    let error = store.sealing_key(&names[0], at(9)).unwrap_err();
    assert!(error.to_string().contains("was revoked"), "{error}");
}

/// The state is part of what the wrapped key is bound to: a row that was changed by hand does not
/// unwrap.
#[test]
fn a_revoked_key_cannot_be_made_active_in_the_database() {
    let (site, store) = Site::new();
    let names = make_keys(&store, 1);
    let mut transaction = store.begin().unwrap();
    transaction
        .set_key_state(&names[0], KeyState::Compromised)
        .unwrap();
    transaction.commit(event(2)).unwrap();
    drop(store);

    let place = crate::rows::RowsPlace::File(site.home().join("rows.sqlite"));
    let mut rows = crate::rows::Rows::connect(&place, crate::rows::Seat::Writer).unwrap();
    rows.script("UPDATE keys SET stage = 'active' WHERE dataset IS NOT NULL")
        .unwrap();
    drop(rows);

    let store = Store::open_to_verify(&site.home(), &passphrase()).unwrap();
    assert!(matches!(
        store.data_key(&names[0]),
        Err(StoreError::KeyDamaged { .. })
    ));
    assert!(store.verify_rows().is_err());
}

#[test]
fn classes_have_keys_of_their_own_that_go_with_the_data_key() {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 1);
    let mut transaction = store.begin().unwrap();
    let made = transaction.create_class_keys(&names[0]).unwrap();
    assert_eq!(made.len(), KeyClass::ALL.len());
    transaction.commit(event(2)).unwrap();
    let prints = |store: &Store| -> Vec<(KeyClass, [u8; 16])> {
        let keys = store.class_keys(&names[0]).unwrap();
        keys.iter()
            .map(|(class, _, key)| (*class, key.fingerprint()))
            .collect()
    };
    let before = prints(&store);
    rotate(&store, 10).unwrap();
    assert_eq!(
        rewrap(&store).unwrap(),
        2,
        "classes stand under the data key"
    );
    drop(store);
    let store = site.restart();
    assert_eq!(prints(&store).len(), 5);
    for (class, print) in prints(&store) {
        assert!(before.contains(&(class, print)));
    }
    store.verify_rows().unwrap();

    let (key, _) = store.data_key(&names[0]).unwrap();
    let mut transaction = store.begin().unwrap();
    transaction.destroy_key(&key).unwrap();
    transaction.commit(event(3)).unwrap();
    assert!(matches!(
        store.class_keys(&names[0]),
        Err(StoreError::KeyDestroyed { .. })
    ));
    let keys = store.keys().unwrap();
    let left = keys
        .iter()
        .filter(|key| key.dataset.is_some() && key.state.opens());
    assert_eq!(left.count(), 0);
    store.verify_rows().unwrap();
}

#[test]
fn an_instance_opens_with_joined_shares_and_not_with_too_few() {
    let (site, store) = Site::new();
    make_keys(&store, 1);
    let shares = store
        .keyring()
        .split(2, 3, &mut seal::SystemEntropy::new())
        .unwrap();
    drop(store);
    assert!(seal::join(&shares[..1]).is_err());
    let root = seal::join(&shares[1..]).unwrap();
    let store =
        Store::open_with(&site.home(), Opener::Root(root), &CLOCK, Opening::default()).unwrap();
    store.verify_rows().unwrap();
}

#[test]
fn a_keystore_that_cannot_be_written_stops_the_store_and_leaves_the_old_one() {
    let (mut site, store) = Site::new();
    let names = make_keys(&store, 1);
    let generation = store.keyring().generation();
    site.disk.plan(Fault::Full, 0);
    let error = rotate(&store, 10).unwrap_err();
    assert!(matches!(error, StoreError::NoSpace { .. }), "{error}");
    assert!(store.begin().is_err());
    drop(store);
    let store = site.restart();
    assert_eq!(store.keyring().generation(), generation);
    assert!(store.data_key(&names[0]).is_ok());
}
