//! The log: appends, commits, full verification. Waits for the medium, so the wall counts.

use std::hint::black_box;

use audit::{Event, Object, ObjectKind, Outcome as Result_};
use domain::{Action, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, Passphrase};
use store::{Noun, Store};

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

const GROUP: &str = "log";

/// Fills the lines of the log.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let store = Store::create(
        &folder.path().join("instance"),
        &Passphrase::new("a benchmark's passphrase"),
        Argon2Cost::light(),
    )?;
    let (event, mut number) = (event()?, 0_u64);
    let batch = vec![event.clone(); 1_000];
    let (store, event) = (&store, &event);
    let jobs = vec![
        Job::new("append one by one", 20.0, || {
            for _ in 0..20 {
                store.record(event.clone())?;
            }
            Ok(())
        }),
        Job::new("append in batches of 1,000", 2_000.0, || {
            for _ in 0..2 {
                store.record_all(&batch)?;
            }
            Ok(())
        }),
        Job::new("commit a record with its event", 20.0, || {
            for _ in 0..20 {
                let mut transaction = store.begin()?;
                number += 1;
                transaction.insert(Noun::Run, &format!("run-{number}"), &number)?;
                transaction.commit(event.clone())?;
            }
            Ok(())
        }),
    ];
    for laps in &interleaved(words.repetitions, jobs)? {
        sheet.rate_by_the_wall(GROUP, "1/s", laps, "each waits for the medium");
    }
    let entries = store.verify_log()?.size as f64;
    let verify = Job::new("verify the whole log", entries, || {
        black_box(store.verify_log()?);
        Ok(())
    });
    for laps in &interleaved(words.repetitions, vec![verify])? {
        sheet.rate(GROUP, "entries/s", laps, format!("{entries} entries"));
    }
    Ok(())
}

fn event() -> Result<Event, Box<dyn std::error::Error>> {
    let event = Event::new(
        Timestamp::from_millis(0),
        OperatorId::new("ada")?,
        Role::DataEngineer,
        Action::Ingest,
        Object::new(ObjectKind::Dataset, "bench")?,
        Result_::Done,
    );
    Ok(event.rows(1))
}
