//! Keys: wrapping anew, in memory and in the database; sharing the root key out; disposal.
//!
//! `CLOISTER_BENCH_KEYS` says how many data keys the large instance has; a million without it, which
//! takes minutes to make.

mod disposal;

use std::hint::black_box;

use audit::{Event, Object, ObjectKind, Outcome as Result_};
use domain::{Action, DatasetId, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, DataKey, Keyring, Passphrase, SystemEntropy};
use store::Store;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

const GROUP: &str = "keys";

/// Fills the lines of keys.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark's size comes from the environment"
)]
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    in_memory(words, sheet)?;
    disposal::measure(sheet)?;
    in_the_database(words, sheet, 10_000, "rotate and re-wrap 10,000 datasets")?;
    let asked = std::env::var("CLOISTER_BENCH_KEYS").ok();
    let many = asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let name = format!("rotate and re-wrap {many} data keys");
    in_the_database(words, sheet, many, &name)
}

fn in_memory(words: &Words, sheet: &mut Sheet) -> Outcome {
    let mut entropy = SystemEntropy::new();
    let passphrase = Passphrase::new("a benchmark's passphrase");
    let (keyring, _) = Keyring::create(&passphrase, Argon2Cost::light(), &mut entropy)?;
    let key = DataKey::generate(&mut entropy);
    let wrapped = keyring.wrap(&key, "place", &mut entropy);
    let keyring = &keyring;
    let mut other = SystemEntropy::new();
    let jobs = vec![
        Job::new("unwrap and wrap anew, in memory", 10_000.0, move || {
            for _ in 0..10_000 {
                black_box(keyring.rewrap(&wrapped, "place", "place", &mut entropy)?);
            }
            Ok(())
        }),
        Job::new(
            "share a root key out, 3 of 5, and join it",
            10.0,
            move || {
                for _ in 0..10 {
                    let shares = keyring.split(3, 5, &mut other)?;
                    black_box(seal::join(shares.get(..3).unwrap_or_default())?);
                }
                Ok(())
            },
        ),
    ];
    for laps in &interleaved(words.repetitions, jobs)? {
        sheet.rate(GROUP, "1/s", laps, "no database, no disk");
    }
    Ok(())
}

/// The whole of `cloister key rotate` with an open instance: the keystore replaced, every key
/// wrapped anew, log lines and checkpoints on the medium.
fn in_the_database(words: &Words, sheet: &mut Sheet, count: u32, name: &str) -> Outcome {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let store = Store::create(
        &folder.path().join("instance"),
        &Passphrase::new("a benchmark's passphrase"),
        Argon2Cost::light(),
    )?;
    let event = event()?;
    let mut made = 0_u32;
    while made < count {
        let mut transaction = store.begin()?;
        let end = count.min(made.saturating_add(20_000));
        for number in made..end {
            transaction.create_key(&DatasetId::new(format!("d{number}"))?)?;
        }
        made = end;
        transaction.commit(event.clone())?;
    }
    let mut turns = 0_i64;
    let rotate = Job::new(name, 1.0, || {
        turns += 1;
        let now = Timestamp::from_millis(turns);
        store.change_keyring(event.clone(), |keyring, entropy| {
            keyring.rotate(now, entropy)
        })?;
        let line = event.clone();
        store.rewrap_keys(&mut |keys| Ok(line.clone().rows(keys)), &mut |_, _| {})?;
        Ok(())
    });
    // One turn over a million keys is long enough to need no middle of many.
    let repetitions = if count > 100_000 {
        3
    } else {
        words.repetitions
    };
    for laps in &interleaved(repetitions, vec![rotate])? {
        sheet.time(GROUP, ("s", 1.0), laps, "no data rewritten");
    }
    Ok(())
}

fn event() -> Result<Event, Box<dyn std::error::Error>> {
    Ok(Event::new(
        Timestamp::from_millis(0),
        OperatorId::new("ada")?,
        Role::Administrator,
        Action::ManageKeys,
        Object::new(ObjectKind::Key, "keys")?,
        Result_::Done,
    ))
}
