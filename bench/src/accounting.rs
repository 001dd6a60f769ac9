//! What a privacy cost takes to reckon, and a ledger's decision.
#![expect(
    clippy::disallowed_methods,
    reason = "single decisions are timed by the wall"
)]

use std::{hint::black_box, time::Instant};

use access::{DataState, Operator, Policies};
use domain::{DatasetId, Delta, Epsilon, FixedClock, OperatorId, Role, Timestamp};
use flow::{
    Desk,
    operate::ledger::{Ask, set_aside},
    study::Cap,
};
use privacy::{DeclaredPlan, MechanismEvent, Spending, calibrate_sigma_declared};
use seal::{Argon2Cost, Passphrase};
use store::Store;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "privacy";

/// The twelve plans of docs/privacy-accounting.md: sigma, sampling rate, steps, delta.
const PLANS: [(f64, f64, u64, f64); 12] = [
    (1.1, 256.0 / 60000.0, 3510, 1e-5),
    (0.6, 256.0 / 60000.0, 14040, 1e-5),
    (1.0, 0.016, 625, 1e-5),
    (2.0, 0.016, 625, 1e-5),
    (1.0, 0.001, 10000, 1e-6),
    (10.0, 0.1, 1000, 1e-6),
    (20.0, 1.0, 100, 1e-5),
    (4.0, 1.0, 1, 1e-5),
    (0.5, 0.01, 1000, 1e-5),
    (1.3, 0.01, 100_000, 1e-7),
    (1.5, 0.032, 310, 1e-4),
    (3.0, 0.5, 100, 1e-5),
];

/// Fills the lines of accounting.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    distributions(words, sheet)?;
    decisions(sheet)
}

fn distributions(words: &Words, sheet: &mut Sheet) -> Outcome {
    let mut jobs = Vec::new();
    let mut widest: f64 = 0.0;
    for (sigma, rate, steps, delta) in PLANS {
        let (plan, delta) = (
            DeclaredPlan::subsampled_gaussian(sigma, rate, steps)?,
            Delta::new(delta)?,
        );
        let bracket = plan.epsilon(delta);
        widest = widest.max((bracket.upper - bracket.lower) / bracket.upper.max(1.0));
        let name = format!("sigma {sigma}, rate {rate:.4}, {steps} steps");
        jobs.push(Job::new(name, 1.0, move || {
            black_box(plan.epsilon(delta));
            Ok(())
        }));
    }
    let laps = interleaved(words.repetitions, jobs)?;
    let each: Vec<f64> = laps
        .iter()
        .map(|laps| laps.seconds(|lap| lap.cpu).median * 1e3)
        .collect();
    for (laps, milliseconds) in laps.iter().zip(&each) {
        println!("privacy: {}: {milliseconds:.1} ms", laps.name);
    }
    sheet.push(
        GROUP,
        "epsilon by PLD, both ends",
        Spread::of(each),
        "ms",
        None,
        format!("median, least and most of the twelve plans; goal: at most 20; widest bracket {widest:.1e} (relative above 1)"),
    );
    let (epsilon, delta) = (Epsilon::new(3.0)?, Delta::new(1e-5)?);
    let jobs = vec![
        Job::new("epsilon by RDP", 1.0, || {
            let event = MechanismEvent::SubsampledGaussian {
                sigma: 1.1,
                sampling_rate: 256.0 / 60000.0,
                steps: 3510,
            };
            black_box(event.curve()?.epsilon(delta));
            Ok(())
        }),
        Job::new("find sigma for epsilon 3 by PLD", 1.0, || {
            black_box(calibrate_sigma_declared(
                epsilon,
                delta,
                1.0 / 64.0,
                640,
                None,
            )?);
            Ok(())
        }),
    ];
    for laps in &interleaved(words.repetitions, jobs)? {
        sheet.time(GROUP, ("ms", 1e3), laps, "");
    }
    Ok(())
}

/// Five hundred reservations, one after the other, each durable before the next.
fn decisions(sheet: &mut Sheet) -> Outcome {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let store = Store::create(
        &folder.path().join("instance"),
        &Passphrase::new("a benchmark's passphrase"),
        Argon2Cost::light(),
    )?;
    let policies = Policies::built_in()?;
    let clock = FixedClock(Timestamp::from_millis(0));
    let operator = Operator::new(OperatorId::new("bench")?, Role::DataScientist);
    let desk = Desk::new(&store, &policies, operator, &clock);
    let dataset = DatasetId::new("census")?;
    let cap = Cap {
        epsilon: Epsilon::new(1000.0)?,
        delta: Delta::new(1e-5)?,
    };
    let mut waits = Vec::new();
    for number in 0..DECISIONS {
        let event = MechanismEvent::SubsampledGaussian {
            sigma: 2.0,
            sampling_rate: 0.01,
            steps: 100 + number % 5,
        };
        let ask = Ask {
            dataset: &dataset,
            state: DataState::DeIdentified,
            cause: None,
            cap: Some(cap),
            id: &format!("spend-{number}"),
            spending: Spending::Training,
            event: &event,
        };
        let started = Instant::now();
        set_aside(&desk, &ask)?;
        waits.push(started.elapsed().as_secs_f64() * 1e3);
    }
    waits.sort_by(f64::total_cmp);
    let at = |part: usize| {
        let place = waits.len() * part / 100;
        waits.get(place).copied().unwrap_or(f64::NAN)
    };
    let spread = Spread {
        median: at(99),
        low: at(0),
        high: at(50),
    };
    sheet.push(
        GROUP,
        "ledger decision, 99th percentile",
        spread,
        "ms",
        None,
        format!("{DECISIONS} reservations of five kinds, durable; the other two are the least and the median; goal: at most 5"),
    );
    Ok(())
}

const DECISIONS: u64 = 500;
