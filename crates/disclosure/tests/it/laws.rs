use std::collections::{BTreeMap, BTreeSet};

use cloister_disclosure::{
    Classes, Generalisation, QuasiColumn, QuasiTable, Recoding, Risk, Threshold,
};
use proptest::prelude::*;

type Rows = Vec<Vec<Option<String>>>;

/// Up to 60 rows of up to 5 columns over few values, so that classes of all sizes occur.
fn rows() -> impl Strategy<Value = (usize, Rows)> {
    (1_usize..=5).prop_flat_map(|columns| {
        let value = prop::option::weighted(0.9, "[a-c0-9]{1,2}");
        let row = prop::collection::vec(value, columns);
        (Just(columns), prop::collection::vec(row, 0..60))
    })
}

fn table(columns: usize, rows: &Rows) -> QuasiTable {
    let column = |at: usize| {
        QuasiColumn::encode(
            format!("c{at}"),
            rows.iter().map(move |row| row[at].as_deref()),
        )
    };
    QuasiTable::from_columns((0..columns).map(column).collect()).unwrap()
}

/// Classes the slow way: a sorted map of whole rows.
fn sizes(rows: &Rows) -> BTreeMap<&Vec<Option<String>>, u32> {
    let mut sizes = BTreeMap::new();
    for row in rows {
        *sizes.entry(row).or_insert(0) += 1;
    }
    sizes
}

proptest! {
    #[test]
    fn classes_are_those_of_a_sorted_map((columns, rows) in rows()) {
        let expected = sizes(&rows);
        let classes = Classes::of(&table(columns, &rows));
        prop_assert_eq!(classes.len(), expected.len());
        let found: Vec<_> = classes.size_of_each_row().collect();
        let wanted: Vec<_> = rows.iter().map(|row| expected[row]).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_kept_is_k_anonymous((columns, rows) in rows(), k in 1_u32..6) {
        let keep = Classes::of(&table(columns, &rows)).suppress_small(k);
        let kept: Rows = rows.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(row, _)| row.clone()).collect();
        let risk = Risk::measure(&Classes::of(&table(columns, &kept)));
        prop_assert!(kept.is_empty() || risk.k >= u64::from(k));
        let verdict = Threshold { k_min: Some(k), ..Threshold::default() }.judge(&risk);
        prop_assert_eq!(verdict.holds(), !kept.is_empty());
    }

    #[test]
    fn coarsening_never_raises_the_risk((columns, rows) in rows()) {
        let fine = table(columns, &rows);
        let coarse = Generalisation {
            columns: BTreeMap::from([
                ("c0".to_owned(), Recoding::Prefix { characters: 1.try_into().unwrap() }),
            ]),
        };
        let before = Risk::measure(&Classes::of(&fine));
        let after = Risk::measure(&Classes::of(&coarse.apply(&fine).unwrap()));
        prop_assert!(after.k >= before.k);
        prop_assert!(after.prosecutor_average <= before.prosecutor_average);
        prop_assert!(after.sample_uniques <= before.sample_uniques);
    }

    #[test]
    fn counting_persons_never_makes_a_class_larger(
        (columns, rows) in rows(),
        persons in prop::collection::vec(0_u8..8, 60),
    ) {
        let table = table(columns, &rows);
        let names: Vec<_> = persons.iter().take(rows.len()).map(u8::to_string).collect();
        let person = QuasiColumn::encode("person", names.iter().map(|name| Some(name.as_str())));
        let by_row = Classes::of(&table);
        let by_person = Classes::of_persons(&table, &person).unwrap();
        let pairs: BTreeSet<_> = rows.iter().zip(&names).collect();
        prop_assert_eq!(Risk::measure(&by_person).records, pairs.len() as u64);
        for (person, row) in by_person.size_of_each_row().zip(by_row.size_of_each_row()) {
            prop_assert!(1 <= person && person <= row);
        }
    }
}

/// Eleven columns of more than 64 values each need more than 64 bits, so keys are renumbered.
#[test]
fn more_combinations_than_a_number_holds_are_still_told_apart() {
    let values: Vec<_> = (0..200).map(|row| (row % 100).to_string()).collect();
    let columns = (0..11).map(|at| {
        let shifted = values.iter().cycle().skip(at).take(values.len());
        QuasiColumn::encode(format!("c{at}"), shifted.map(|value| Some(value.as_str())))
    });
    let table = QuasiTable::from_columns(columns.collect()).unwrap();
    let risk = Risk::measure(&Classes::of(&table));
    assert_eq!((risk.classes, risk.k), (100, 2));
}
