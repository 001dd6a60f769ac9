//! Scores of encrypted records.

use std::hint::black_box;

use domain::Entropy as _;
use privacy::homomorphic::{
    Batch, FixedWeights, Kind, Pad, PublicKey, Scorer, SecretKey, fixed_record, records_in_one,
};
use seal::{SeededEntropy, SystemEntropy};

use crate::{
    Outcome,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

const GROUP: &str = "he";

/// One model with records for it.
struct Case {
    inputs: usize,
    key: SecretKey,
    public: PublicKey,
    scorer: Scorer,
    one: Vec<Vec<i64>>,
    full: Vec<Vec<i64>>,
    sent: Batch,
    packed: Batch,
}

/// Fills the lines of homomorphic scoring.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    for inputs in [10, 100, 1_000] {
        one_width(words, sheet, &Case::new(inputs)?)?;
    }
    Ok(())
}

fn one_width(words: &Words, sheet: &mut Sheet, case: &Case) -> Outcome {
    let Case { inputs, .. } = case;
    let waiting = std::cell::RefCell::new(Vec::new());
    let first = case.sent.ciphers.first().ok_or("no ciphertext")?;
    let jobs = vec![
        Job::new(format!("{inputs} inputs: encrypt one record"), 1.0, || {
            black_box(
                case.key
                    .encrypt([0; 32], &case.one, &mut SystemEntropy::new())?,
            );
            Ok(())
        }),
        Job::new(format!("{inputs} inputs: make a pad, before"), 1.0, || {
            let pad = Pad::draw(&case.public, *inputs, 1, &mut SystemEntropy::new())?;
            waiting.replace(vec![pad]);
            Ok(())
        }),
        Job::new(
            format!("{inputs} inputs: score one record, pad ready"),
            1.0,
            || {
                let pad = waiting.borrow().first().cloned().ok_or("no pad")?;
                black_box(case.scorer.score(first, pad)?);
                Ok(())
            },
        ),
        Job::new(
            format!("{inputs} inputs: read, score with a new pad, write"),
            1.0,
            || {
                let bytes = case.sent.to_bytes();
                let sent = Batch::from_bytes(Kind::Records, &bytes)?;
                let mut entropy = SystemEntropy::new();
                let scores = case.scorer.score_batch(&sent, &case.public, &mut entropy)?;
                black_box(scores.to_bytes());
                Ok(())
            },
        ),
        Job::new(
            format!("{inputs} inputs: score {} records, packed", case.full.len()),
            case.full.len() as f64,
            || {
                let mut entropy = SystemEntropy::new();
                black_box(
                    case.scorer
                        .score_batch(&case.packed, &case.public, &mut entropy)?,
                );
                Ok(())
            },
        ),
        Job::new(
            format!("{inputs} inputs: end to end, one record"),
            1.0,
            || {
                let mut entropy = SystemEntropy::new();
                let sent = case
                    .key
                    .encrypt([0; 32], &case.one, &mut entropy)?
                    .to_bytes();
                let sent = Batch::from_bytes(Kind::Records, &sent)?;
                let scores = case.scorer.score_batch(&sent, &case.public, &mut entropy)?;
                let scores = Batch::from_bytes(Kind::Scores, &scores.to_bytes())?;
                black_box(case.key.decrypt(&scores)?);
                Ok(())
            },
        ),
    ];
    for laps in &interleaved(words.repetitions, jobs)? {
        let note = if laps.name.contains("packed") {
            "us a record, all of it".to_owned()
        } else if laps.name.contains("pad ready") {
            "goal: at most 100 us".to_owned()
        } else if laps.name.contains("end to end") {
            format!(
                "goal: at most 15000 us; {} bytes sent",
                case.sent.to_bytes().len()
            )
        } else {
            String::new()
        };
        sheet.time(GROUP, ("us", 1e6), laps, note);
    }
    Ok(())
}

impl Case {
    fn new(inputs: usize) -> Result<Self, Box<dyn std::error::Error>> {
        let mut draws = SeededEntropy::new(inputs as u64);
        let weights: Vec<f64> = (0..inputs).map(|_| (draws.unit() - 0.5) / 4.0).collect();
        let mut record = || -> Result<Vec<i64>, Box<dyn std::error::Error>> {
            let mut inputs_of_one = Vec::with_capacity(inputs);
            for _ in 0..inputs {
                inputs_of_one.push(f32::from(u16::try_from(draws.below(257))?) / 256.0);
            }
            Ok(fixed_record(&inputs_of_one)?)
        };
        let one = vec![record()?];
        let full: Result<Vec<Vec<i64>>, _> =
            (0..records_in_one(inputs)).map(|_| record()).collect();
        let full = full?;
        let mut entropy = SystemEntropy::new();
        let key = SecretKey::generate(&mut entropy);
        Ok(Self {
            inputs,
            public: key.public(&mut entropy)?,
            scorer: Scorer::new(&FixedWeights::new(0.1, &weights)?)?,
            sent: key.encrypt([0; 32], &one, &mut entropy)?,
            packed: key.encrypt([0; 32], &full, &mut entropy)?,
            key,
            one,
            full,
        })
    }
}
