//! Risk of a table, access decisions, the privacy accountant, noise.

use std::{collections::BTreeMap, hint::black_box};

use access::{DataState, Operator, Policies, Request, Resource, authorize};
use disclosure::{Classes, QuasiColumn, QuasiTable, Risk};
use domain::{Action, DatasetId, Delta, Epsilon, OperatorId, Role, Timestamp};
use privacy::{DiscreteGaussian, calibrate_sigma};
use seal::SystemEntropy;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

/// Fills the lines of risk.
pub fn risk(words: &Words, sheet: &mut Sheet) -> Outcome {
    let (train, _, which) = material::census();
    let columns = columns(&train);
    let rows = train.lines().count().saturating_sub(1);
    let job = Job::new("encode, classes, risk; 5 columns", rows as f64, || {
        let quasi = ["age", "race", "sex", "marital-status", "native-country"];
        let encoded = quasi.iter().filter_map(|name| {
            let cells = columns.get(name)?.iter().map(|cell| Some(*cell));
            Some(QuasiColumn::encode(*name, cells))
        });
        let table = QuasiTable::from_columns(encoded.collect())?;
        black_box(Risk::measure(&Classes::of(&table)));
        Ok(())
    });
    for laps in &interleaved(words.repetitions, vec![job])? {
        sheet.rate("risk", "rows/s", laps, format!("{which}, {rows} rows"));
    }
    Ok(())
}

/// The columns of a table whose cells are parted by a comma and a blank.
fn columns(table: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<&str> = lines.next().unwrap_or("").split(", ").collect();
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(", ")) {
            columns.entry(name).or_default().push(cell.trim());
        }
    }
    columns
}

/// Fills the lines of access decisions.
pub fn access(words: &Words, sheet: &mut Sheet) -> Outcome {
    let policies = Policies::built_in()?;
    let ask = |role, action| -> Result<Request, Box<dyn std::error::Error>> {
        let dataset = Resource::dataset(&DatasetId::new("visits")?, DataState::Identified);
        let operator = Operator::new(OperatorId::new("ada")?, role);
        Ok(Request::new(
            operator,
            action,
            dataset,
            Timestamp::from_millis(0),
        ))
    };
    let refused = ask(Role::Researcher, Action::ReadData)?;
    let asked = ask(Role::DataEngineer, Action::Classify)?;
    let jobs = vec![
        Job::new("read the policies", 1.0, || {
            black_box(Policies::built_in()?);
            Ok(())
        }),
        Job::new("decide, data engineer classifies", 1_000.0, || {
            for _ in 0..1_000 {
                drop(black_box(authorize(&policies, asked.clone())));
            }
            Ok(())
        }),
        Job::new("decide, researcher reads PHI", 1_000.0, || {
            for _ in 0..1_000 {
                drop(black_box(authorize(&policies, refused.clone())));
            }
            Ok(())
        }),
    ];
    for laps in &interleaved(words.repetitions, jobs)? {
        let unit = if laps.amount > 1.0 {
            ("us", 1e6)
        } else {
            ("ms", 1e3)
        };
        let note = if laps.name.contains("researcher") {
            "refused"
        } else {
            ""
        };
        sheet.time("access", unit, laps, note);
    }
    Ok(())
}

/// Fills the lines of privacy.
pub fn privacy(words: &Words, sheet: &mut Sheet) -> Outcome {
    let (epsilon, delta) = (Epsilon::new(3.0)?, Delta::new(1e-5)?);
    let noise = DiscreteGaussian::new(1 << 30)?;
    let mut entropy = SystemEntropy::new();
    let mut sums = vec![0_i64; 100_000];
    let jobs = vec![
        Job::new("find sigma for epsilon 3", 1.0, || {
            black_box(calibrate_sigma(epsilon, delta, 1.0 / 64.0, 640)?);
            Ok(())
        }),
        Job::new("draw discrete Gaussian noise", 0.1, || {
            noise.add_to(&mut sums, &mut entropy);
            black_box(&sums);
            Ok(())
        }),
    ];
    let laps = interleaved(words.repetitions, jobs)?;
    if let [sigma, noise] = laps.as_slice() {
        sheet.time("privacy", ("ms", 1e3), sigma, "rate 1/64, 640 steps, RDP");
        sheet.rate(
            "privacy",
            "M draws/s",
            noise,
            "the system's random generator",
        );
    }
    crate::accounting::measure(words, sheet)
}
