//! Nothing of the content is ever readable in the folder.

use std::fs;

use domain::DatasetId;

use super::*;
use crate::Noun;

const CANARY: &str = "CANARY-555-12-3456-Ada-Example";

/// Every file below a folder, the database's side files included.
fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn assert_secret(home: &Path, needles: &[&[u8]]) -> usize {
    let mut found = Vec::new();
    files(home, &mut found);
    for path in &found {
        let content = bytes(path);
        for needle in needles {
            let hit = content
                .windows(needle.len())
                .any(|window| window == *needle);
            assert!(!hit, "{}", path.display());
        }
    }
    found.len()
}

#[test]
fn a_canary_is_in_no_file_at_any_time() {
    let (mut site, store) = Site::new();
    let home = site.home();
    let look = || assert_secret(&home, &[CANARY.as_bytes()]);

    let mut transaction = store.begin().unwrap();
    let dataset = DatasetId::new("adult").unwrap();
    let (id, key) = transaction.create_key(&dataset).unwrap();
    transaction
        .insert(Noun::Crosswalk, "adult", &CANARY)
        .unwrap();
    let object = store
        .write_object(&key, "adult/1", |out| {
            for _ in 0..100_000 {
                out.write_all(CANARY.as_bytes())?;
            }
            look();
            Ok(())
        })
        .unwrap();
    transaction.keep_object(&object, &id, "adult/1").unwrap();
    look();
    transaction.commit(event(1)).unwrap();
    let seen = look();
    assert!(seen >= 7, "{seen}");

    let mut transaction = store.begin().unwrap();
    transaction
        .replace(Noun::Crosswalk, "adult", 1, &[CANARY, CANARY])
        .unwrap();
    transaction.commit(event(2)).unwrap();
    let store_was_open = look();
    drop(store);
    look();
    drop(site.restart());
    assert!(store_was_open > look(), "the write-ahead log was looked at");
}

#[test]
fn a_destroyed_key_leaves_not_even_its_wrapped_form() {
    let (mut site, store) = Site::new();
    let dataset = DatasetId::new("adult").unwrap();
    let mut transaction = store.begin().unwrap();
    let (id, _) = transaction.create_key(&dataset).unwrap();
    transaction.commit(event(1)).unwrap();
    drop(store);

    let mut rows = crate::rows::Rows::connect(
        &crate::rows::RowsPlace::File(site.home().join("rows.sqlite")),
        crate::rows::Seat::Writer,
    )
    .unwrap();
    let stored = crate::rows::keys::find(&mut rows, id.as_str()).unwrap();
    let wrapped = stored.unwrap().wrapped.unwrap();
    drop(rows);
    let store = site.restart();
    let mut transaction = store.begin().unwrap();
    transaction.destroy_key(&id).unwrap();
    transaction.commit(event(2)).unwrap();
    assert_secret(&site.home(), &[wrapped.as_bytes()]);
}
