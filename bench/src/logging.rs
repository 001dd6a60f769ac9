//! The log: appends, commits, verification, proofs, search, size. What waits for the medium goes by
//! the wall, the rest by processor time.
//!
//! `CLOISTER_BENCH_LOG_EVENTS` says how many events the long log has; one million without it.
#![expect(
    clippy::disallowed_methods,
    reason = "latencies are taken by the clock, call by call"
)]

use std::{
    hint::black_box,
    io::{self, Write as _},
    sync::Mutex,
    time::{Duration, Instant},
};

use audit::{
    Event, Object, ObjectKind, Outcome as Result_, PersonRef, Query, Strength, Word,
    verify_inclusion,
};
use domain::{Action, Digest, LegalBasis, OperatorId, Purpose, Role, RunId, StudyId, Timestamp};
use seal::{Argon2Cost, Passphrase};
use store::{Noun, Store};

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "log";

/// Fills the lines of the log.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let new = |name: &str| {
        Store::create(
            &folder.path().join(name),
            &Passphrase::new("a benchmark's passphrase"),
            Argon2Cost::light(),
        )
    };
    appends(words, sheet, &new("instance")?)?;
    groups(words, sheet, &new("groups")?)?;
    long(words, sheet, &new("long")?)
}

fn appends(words: &Words, sheet: &mut Sheet, store: &Store) -> Outcome {
    let (event, mut number) = (event(0)?, 0_u64);
    let batch = vec![event.clone(); 1_000];
    let event = &event;
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
    Ok(())
}

/// Eight threads, each with groups of its own: they share the waits.
fn groups(words: &Words, sheet: &mut Sheet, store: &Store) -> Outcome {
    let batch: Vec<Event> = (0..GROUP_EVENTS).map(event).collect::<Result<_, _>>()?;
    let bytes = batch
        .iter()
        .map(|event| event.encode().len())
        .sum::<usize>()
        / batch.len();
    let latencies = Mutex::new(Vec::new());
    let amount = (THREADS * ROUNDS) as f64 * batch.len() as f64;
    let job = Job::new("append in groups, 8 threads", amount, || {
        let failed = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| scope.spawn(|| appender(store, &batch, &latencies)))
                .collect();
            threads.into_iter().find_map(|thread| thread.join().ok()?)
        });
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    });
    let place = material::root().join("target");
    let mut bare = tempfile::tempfile_in(place)?;
    let together = vec![b'x'; bytes * batch.len() * THREADS];
    let medium = Job::new("the medium alone, the same bytes", amount, || {
        for _ in 0..ROUNDS {
            bare.write_all(&together)?;
            bare.sync_data()?;
        }
        Ok(())
    });
    let all = interleaved(words.repetitions, vec![job, medium])?;
    let note = format!("{bytes} bytes each, groups of {GROUP_EVENTS}, durable");
    let notes = [note, "written and waited for, nothing else".to_owned()];
    for (laps, note) in all.iter().zip(notes) {
        sheet.rate_by_the_wall(GROUP, "1/s", laps, note);
    }
    let mut latencies = latencies.into_inner()?;
    latencies.sort_unstable();
    for (name, share) in [("group latency, p50", 50), ("group latency, p99", 99)] {
        let at = latencies.len() * share / 100;
        let millis = latencies.get(at).map_or(f64::NAN, Duration::as_secs_f64) * 1e3;
        sheet.push(
            GROUP,
            name,
            Spread::of([millis]),
            "ms",
            None,
            "until durable",
        );
    }
    Ok(())
}

fn appender(store: &Store, batch: &[Event], latencies: &Mutex<Vec<Duration>>) -> Option<String> {
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        if let Err(error) = store.record_all(batch) {
            return Some(error.to_string());
        }
        let took = begun.elapsed();
        if let Ok(mut all) = latencies.lock() {
            all.push(took);
        }
    }
    None
}

/// A long log: verified, searched, proven, exported, weighed.
fn long(words: &Words, sheet: &mut Sheet, store: &Store) -> Outcome {
    let asked = std::env::var("CLOISTER_BENCH_LOG_EVENTS").ok();
    let count: u64 = asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let mut written = 0;
    while written < count {
        let end = (written + 4_096).min(count);
        let batch: Vec<Event> = (written..end).map(event).collect::<Result<_, _>>()?;
        store.record_all(&batch)?;
        written = end;
    }
    let plain = store.log_standing()?.bytes as f64 / count as f64;
    let spread = |value: f64| Spread::of([value]);
    sheet.push(
        GROUP,
        "size, not compressed",
        spread(plain),
        "B/event",
        None,
        "hashes included",
    );
    verification(words, sheet, store, "verify, not compressed", count)?;
    store.pack_log()?;
    let standing = store.log_standing()?;
    let packed = standing.bytes as f64 / count as f64;
    let index = standing.index_bytes as f64 / count as f64;
    let note = format!("hashes included; the search index beside it takes {index:.1} B/event");
    sheet.push(
        GROUP,
        "size, compressed",
        spread(packed),
        "B/event",
        None,
        note,
    );
    verification(words, sheet, store, "verify, compressed", count)?;
    proofs_and_search(words, sheet, store, count)
}

fn verification(
    words: &Words,
    sheet: &mut Sheet,
    store: &Store,
    name: &str,
    count: u64,
) -> Outcome {
    let job = Job::new(name, count as f64, || {
        black_box(store.verify_log()?);
        Ok(())
    });
    for laps in &interleaved(words.repetitions.min(3), vec![job])? {
        let seconds = 1e7 / laps.rate(crate::stopwatch::cpu).median;
        let note = format!("{count} events; 10 million take {seconds:.1} s of processor time");
        sheet.rate(GROUP, "events/s", laps, note);
    }
    Ok(())
}

fn proofs_and_search(words: &Words, sheet: &mut Sheet, store: &Store, count: u64) -> Outcome {
    let proof = store.prove_entry(count / 3, None)?;
    let key = store.log_public_key();
    let checkpoint = audit::Checkpoint::parse_and_verify(&proof.checkpoint, &key)?;
    let entry = proof.entry.clone().unwrap_or_default();
    let person = person_of(count / 7 * 7);
    let query = Query {
        person: Some((person, store.sets_holding(&person)?)),
        ..Query::default()
    };
    let found = store.search_log(&query, usize::MAX)?.len();
    let jobs = vec![
        Job::new("check a proof, without signature", 1.0, || {
            let leaf = audit::leaf_hash(&entry);
            let root = checkpoint.root();
            verify_inclusion(&leaf, proof.index, checkpoint.size(), &proof.hashes, &root)?;
            Ok(())
        }),
        Job::new("make a proof", 1.0, || {
            black_box(store.prove_entry(count / 3, None)?);
            Ok(())
        }),
        Job::new("search a person", 1.0, || {
            black_box(store.search_log(&query, usize::MAX)?);
            Ok(())
        }),
    ];
    let notes = [
        format!("{} hashes", proof.hashes.len()),
        "reads one block".to_owned(),
        format!("{found} events of {count}, indexed"),
    ];
    let units = [("us", 1e6), ("us", 1e6), ("ms", 1e3)];
    let all = interleaved(words.repetitions, jobs)?;
    for ((laps, note), unit) in all.iter().zip(notes).zip(units) {
        sheet.time(GROUP, unit, laps, note);
    }
    let job = Job::new("export as OCSF", count as f64, || {
        let mut sink = |piece: &str| -> io::Result<()> {
            black_box(piece.len());
            Ok(())
        };
        store.export_log_as(audit::ExportFormat::Ocsf, 0, u64::MAX, &mut sink)?;
        Ok(())
    });
    for laps in &interleaved(1, vec![job])? {
        sheet.rate(GROUP, "events/s", laps, format!("{count} events"));
    }
    Ok(())
}

/// Every person has about thirty events.
fn person_of(number: u64) -> PersonRef {
    let digest = seal::digest(&(number % 300_007).to_le_bytes());
    PersonRef(digest.0.first_chunk().copied().unwrap_or_default())
}

/// An event of about 500 bytes with every field that a read of a person's rows has. Every decision
/// is another one, because its time is in it; persons are many; operators, studies and rules few.
fn event(number: u64) -> Result<Event, Box<dyn std::error::Error>> {
    let mut event = Event::new(
        Timestamp::from_millis(1_795_000_000_000 + i64::try_from(number)? * 37),
        OperatorId::new(format!("operator-{}", number * 7_919 % 1_500))?,
        Role::DataScientist,
        Action::ReadData,
        Object::new(ObjectKind::Dataset, format!("dataset-{}", number % 211))?,
        Result_::Done,
    )
    .study(StudyId::new(format!("study-{}", number % 53))?)
    .run(RunId::new(format!(
        "study-{}.{}",
        number % 53,
        number % 400
    ))?)
    .purpose(Purpose::Research)
    .basis(LegalBasis::Waiver)
    .decision(seal::digest(&number.to_le_bytes()))
    .rows(number % 977)
    .persons(1)
    .session(Strength::Passphrase)
    .policy(Digest([7; 32]))
    .device(Word::new(format!("host-{}", number % 40))?);
    event.person = Some(person_of(number));
    Ok(event)
}

const THREADS: usize = 8;
const ROUNDS: usize = 12;
const GROUP_EVENTS: u64 = 512;
