//! Random work against a simple model, with restarts in between.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Noun, Record};

#[derive(Clone, Debug)]
enum Deed {
    Insert(u8, u8),
    Replace(u8, u64, u8),
    Commit,
    Forget,
    Record,
    Restart,
    Kill(bool),
}

/// Id to bodies, oldest first.
type Model = BTreeMap<String, Vec<u8>>;

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..4_u8, any::<u8>()).prop_map(|(id, body)| Deed::Insert(id, body)),
        4 => (0..4_u8, 0..4_u64, any::<u8>()).prop_map(|(id, at, body)| Deed::Replace(id, at, body)),
        4 => Just(Deed::Commit),
        1 => Just(Deed::Forget),
        2 => Just(Deed::Record),
        1 => Just(Deed::Restart),
        1 => any::<bool>().prop_map(Deed::Kill),
    ];
    prop::collection::vec(deed, 1..40)
}

/// Does the deeds of one transaction on both sides; both must agree on each.
fn apply(transaction: &mut crate::Transaction<'_>, draft: &mut Model, deed: &Deed) {
    match *deed {
        Deed::Insert(id, body) => {
            let id = format!("s{id}");
            let done = transaction.insert(Noun::Study, &id, &body);
            assert_eq!(done.is_ok(), !draft.contains_key(&id));
            draft.entry(id).or_insert_with(|| vec![body]);
        }
        Deed::Replace(id, at, body) => {
            let id = format!("s{id}");
            let done = transaction.replace(Noun::Study, &id, at, &body);
            let fits = draft.get(&id).is_some_and(|all| all.len() as u64 == at);
            assert_eq!(done.is_ok(), fits);
            if fits {
                draft.get_mut(&id).unwrap().push(body);
            }
        }
        _ => {}
    }
    let seen: Vec<Record<u8>> = transaction.list(Noun::Study).unwrap();
    assert_eq!(seen.len(), draft.len());
}

fn compare(store: &Store, model: &Model, events: u64) {
    let listed: Vec<Record<u8>> = store.list(Noun::Study).unwrap();
    let ids: Vec<&String> = listed.iter().map(|record| &record.id).collect();
    assert_eq!(ids, model.keys().collect::<Vec<_>>());
    for (id, bodies) in model {
        let history: Vec<Record<u8>> = store.history(Noun::Study, id).unwrap();
        let told: Vec<u8> = history.iter().map(|record| record.body).collect();
        assert_eq!(&told, bodies);
        let found: Record<u8> = store.find(Noun::Study, id).unwrap().unwrap();
        assert_eq!(found.revision, bodies.len() as u64);
    }
    assert_eq!(store.verify_log().unwrap().size, events);
    store.verify_rows().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_store_does_what_a_map_with_history_does(deeds in deeds()) {
        let (mut site, mut store) = Site::new();
        let mut model = Model::new();
        let mut events = 0;
        let mut pending: Vec<Deed> = Vec::new();
        for deed in deeds {
            match deed {
                Deed::Insert(..) | Deed::Replace(..) => pending.push(deed),
                Deed::Commit | Deed::Forget | Deed::Kill(_) => {
                    let mut draft = model.clone();
                    let mut transaction = store.begin().unwrap();
                    for deed in pending.drain(..) {
                        apply(&mut transaction, &mut draft, &deed);
                    }
                    match deed {
                        Deed::Forget => drop(transaction),
                        Deed::Kill(saved) => {
                            use crate::disk::Step::{EventLogged, RowsSaved};
                            site.disk.die_at(if saved { RowsSaved } else { EventLogged });
                            assert!(transaction.commit(event(0)).is_err());
                            drop(store);
                            store = site.restart();
                            events += if saved { 1 } else { 2 };
                            model = if saved { draft } else { model };
                        }
                        _ => {
                            transaction.commit(event(0)).unwrap();
                            events += 1;
                            model = draft;
                        }
                    }
                }
                Deed::Record => {
                    store.record(event(0)).unwrap();
                    events += 1;
                }
                Deed::Restart => {
                    drop(store);
                    store = site.restart();
                    assert!(store.recovery().is_empty());
                }
            }
            compare(&store, &model, events);
        }
    }
}
