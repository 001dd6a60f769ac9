use std::collections::BTreeMap;

use cloister_disclosure::{
    Classes, Generalisation, GeneralisationError, PersonError, Preset, QuasiColumn, QuasiTable,
    Recoding, Risk, TableError, Threshold,
};
use domain::{Exit, Explain};

/// Ten people: three men of 34, two women of 34, four women of 71, and one whose age is missing.
fn ward() -> QuasiTable {
    let ages = [34, 34, 34, 34, 34, 71, 71, 71, 71].map(|age: i32| age.to_string());
    let ages = ages.iter().map(|age| Some(age.as_str())).chain([None]);
    let sexes = ["m", "m", "m", "f", "f", "f", "f", "f", "f", "f"].map(Some);
    QuasiTable::new(vec![
        ("age".to_owned(), ages.collect()),
        ("sex".to_owned(), sexes.to_vec()),
    ])
    .unwrap()
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-12
}

#[test]
fn ten_people_can_be_counted_by_hand() {
    let risk = Risk::measure(&Classes::of(&ward()));

    assert_eq!(
        (risk.rows, risk.records, risk.classes, risk.k),
        (10, 10, 4, 1)
    );
    assert_eq!((risk.sample_uniques, risk.incomplete_rows), (1, 1));
    assert!(close(risk.average_class, 2.5));
    assert!(close(risk.uniqueness, 0.1));
    assert!(close(risk.prosecutor_max, 1.0));
    assert!(close(risk.prosecutor_min, 0.25));
    assert!(close(risk.prosecutor_average, 0.4));
    assert!(close(risk.marketer, 0.4));
    assert_eq!(
        risk.histogram,
        BTreeMap::from([(1, 1), (2, 1), (3, 1), (4, 1)])
    );
    assert_eq!(risk.records_at_risk_above(0.33), 6);
    assert_eq!(risk.records_at_risk_above(0.34), 3);
    assert_eq!(risk.records_below(4), 6);
}

#[test]
fn a_person_with_many_rows_hides_nobody() {
    let table = QuasiTable::new(vec![("sex".to_owned(), vec![Some("f"); 5])]).unwrap();
    let person = QuasiColumn::encode("person", ["a", "a", "a", "a", "b"].map(Some));

    let by_row = Risk::measure(&Classes::of(&table));
    let by_person = Risk::measure(&Classes::of_persons(&table, &person).unwrap());

    assert_eq!((by_row.k, by_row.persons), (5, None));
    assert_eq!((by_person.k, by_person.persons), (2, Some(2)));
    assert_eq!((by_person.rows, by_person.records), (5, 2));
}

#[test]
fn persons_that_do_not_fit_are_refused() {
    let table = ward();
    let short = QuasiColumn::encode("person", ["a"].map(Some));
    let gap = QuasiColumn::encode("person", [None; 10]);
    assert_eq!(
        Classes::of_persons(&table, &short),
        Err(PersonError::Length {
            found: 1,
            expected: 10
        })
    );
    assert_eq!(
        Classes::of_persons(&table, &gap),
        Err(PersonError::Missing { rows: 10 })
    );
}

#[test]
fn columns_that_make_no_table_are_refused() {
    let column = |name: &str, rows| (name.to_owned(), vec![Some("x"); rows]);
    assert_eq!(QuasiTable::new(vec![]), Err(TableError::NoColumn));
    assert!(matches!(
        QuasiTable::new(vec![column("a", 2), column("b", 3)]),
        Err(TableError::Length {
            found: 3,
            expected: 2,
            ..
        })
    ));
    let twice = QuasiTable::new(vec![column("a", 2), column("a", 2)]).unwrap_err();
    assert_eq!(
        twice,
        TableError::Twice {
            column: "a".to_owned()
        }
    );
    assert_eq!(twice.code().exit(), Exit::Usage);
}

#[test]
fn an_empty_table_keeps_no_limit() {
    let table = QuasiTable::new(vec![("a".to_owned(), vec![])]).unwrap();
    let risk = Risk::measure(&Classes::of(&table));
    assert_eq!((risk.k, risk.classes), (0, 0));
    let lax = Threshold {
        k_min: Some(0),
        prosecutor_max: Some(1.0),
        ..Threshold::default()
    };
    assert!(!lax.judge(&risk).holds());
}

#[test]
fn a_threshold_names_what_it_measured_and_one_without_limits_holds_nothing() {
    let risk = Risk::measure(&Classes::of(&ward()));
    let threshold = Threshold {
        k_min: Some(2),
        prosecutor_max: Some(1.0),
        average_max: Some(0.4),
        uniqueness_max: Some(0.05),
    };
    let verdict = threshold.judge(&risk);
    let holds: Vec<_> = verdict.rules.iter().map(|rule| rule.holds).collect();
    assert_eq!(holds, [false, true, true, false]);
    assert_eq!(verdict.broken().count(), 2);
    assert_eq!(
        verdict.rules[0].to_string(),
        "smallest class 1.0000 against 2.0000: does not hold"
    );
    assert!(!Threshold::default().judge(&risk).holds());
}

#[test]
fn presets_have_names_and_sources_and_eleven_means_eleven() {
    for preset in Preset::ALL {
        assert_eq!(preset.name().parse(), Ok(preset));
        assert!(!preset.source().is_empty() && !preset.title().is_empty());
        assert_ne!(preset.threshold(), Threshold::default());
    }
    let cms: Preset = "cms-11".parse().unwrap();
    assert_eq!(cms.threshold().k_min, Some(11));
    assert!(
        "k-anything"
            .parse::<Preset>()
            .unwrap_err()
            .help()
            .contains("cms-11")
    );
}

#[test]
fn coarser_columns_make_larger_classes() {
    let coarse = Generalisation {
        columns: BTreeMap::from([(
            "age".to_owned(),
            Recoding::Band {
                width: 50.try_into().unwrap(),
                top: Some(70),
            },
        )]),
    };
    let table = coarse.apply(&ward()).unwrap();
    assert_eq!(table.columns()[0].cardinality(), 2);

    let alone = Generalisation {
        columns: BTreeMap::from([
            ("age".to_owned(), Recoding::Suppress),
            ("sex".to_owned(), Recoding::Suppress),
        ]),
    };
    let risk = Risk::measure(&Classes::of(&alone.apply(&ward()).unwrap()));
    // The missing age stays missing, so its row stays alone.
    assert_eq!((risk.classes, risk.k), (2, 1));
}

#[test]
fn a_generalisation_of_an_unknown_column_is_refused() {
    let unknown = Generalisation {
        columns: BTreeMap::from([("zip".to_owned(), Recoding::Suppress)]),
    };
    assert_eq!(
        unknown.apply(&ward()),
        Err(GeneralisationError::UnknownColumn {
            column: "zip".to_owned()
        })
    );
}

#[test]
fn recodings_keep_what_was_open_open_and_star_what_they_cannot_read() {
    let band = |width: u32, top| Recoding::Band {
        width: width.try_into().unwrap(),
        top,
    };
    assert_eq!(band(10, None).apply("1987"), "1980-1989");
    assert_eq!(band(1, None).apply("7"), "7");
    assert_eq!(band(10, None).apply("-3"), "-10--1");
    assert_eq!(band(10, Some(85)).apply("84"), "80-84");
    assert_eq!(band(10, Some(90)).apply("90+"), "90+");
    assert_eq!(band(10, Some(85)).apply("90+"), "85+");
    assert_eq!(band(10, None).apply("9223372036854775807"), "*");
    assert_eq!(band(10, None).apply("-9223372036854775808"), "*");
    assert_eq!(band(10, None).apply("ten"), "*");
    let prefix = Recoding::Prefix {
        characters: 3.try_into().unwrap(),
    };
    assert_eq!(prefix.apply("94110"), "941");
    assert_eq!(prefix.apply("ÄÖÜx"), "ÄÖÜ");
    assert_eq!(prefix.apply(""), "*");
    let groups = BTreeMap::from([("a".to_owned(), "vowel".to_owned())]);
    assert_eq!(
        Recoding::Map {
            groups: groups.clone()
        }
        .apply("a"),
        "vowel"
    );
    assert_eq!(Recoding::Map { groups }.apply("b"), "*");
}
