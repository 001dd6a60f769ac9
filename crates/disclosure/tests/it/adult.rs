use cloister_disclosure::{Classes, QuasiTable, Risk};

/// The Adult census extract that ARX is tested with: 30,162 rows, nine quasi-identifiers.
const ADULT: &str = "../../../shared/data/adult-arx/adult.csv";

#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the reference data is optional, and a test that is not run says so"
)]
fn adult() -> Option<String> {
    let text = std::fs::read_to_string(ADULT).ok();
    if text.is_none() {
        eprintln!("note: the Adult reference data is not here; its golden figures are not checked");
    }
    text
}

fn measure(text: &str, wanted: &[&str]) -> Risk {
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap().split(';').collect();
    let rows: Vec<Vec<_>> = lines.map(|line| line.split(';').collect()).collect();
    let columns = names
        .iter()
        .enumerate()
        .filter(|(_, name)| wanted.is_empty() || wanted.contains(name))
        .map(|(at, name)| {
            let values = rows.iter().map(|row| Some(row[at])).collect();
            ((*name).to_owned(), values)
        });
    Risk::measure(&Classes::of(&QuasiTable::new(columns.collect()).unwrap()))
}

/// Figures of ARX (master aacd487) and its `TestRiskMetrics.java`.
#[test]
fn all_nine_columns_give_the_figures_of_arx() {
    let Some(text) = adult() else { return };
    let risk = measure(&text, &[]);
    assert_eq!((risk.rows, risk.classes), (30_162, 19_502));
    assert_eq!(risk.sample_uniques, 15_512);
    assert!((risk.prosecutor_average - 0.646_575_160_798_355_5).abs() < 1e-15);
    assert!((risk.uniqueness - 0.514_289_503_348_584_4).abs() < 1e-15);
    assert!((risk.prosecutor_max - 1.0).abs() < 1e-15);
    assert!((risk.prosecutor_min - 1.0 / 45.0).abs() < 1e-15);
}

#[test]
fn sex_age_and_race_give_the_reference_counts() {
    let Some(text) = adult() else { return };
    let risk = measure(&text, &["sex", "age", "race"]);
    assert_eq!((risk.classes, risk.sample_uniques), (528, 62));
    assert_eq!(risk.records_below(11), 1_085);
    let small: u64 = risk.histogram.range(..11).map(|(_, count)| count).sum();
    assert_eq!(small, 285);
}
