use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use domain::{Explain, Phi};

use super::*;
use crate::{codes, residual::Residual};

fn text(values: &[&str]) -> StringArray {
    StringArray::from_iter_values((0..60).map(|row| values[row % values.len()]))
}

fn kind(name: &str, column: &dyn Array) -> Kind {
    classify_column("visits", name, column, &TextEngine::new()).kind
}

#[test]
fn values_speak_where_the_name_says_nothing() {
    for (values, expected) in [
        (["219-09-9999", "457-55-5462", "078-05-1120"], Kind::Ssn),
        (
            ["(617) 555-0142", "603-555-0143", "310.555.0144"],
            Kind::Phone,
        ),
        (
            ["ada@example.org", "b.o@example.com", "cleo@example.net"],
            Kind::Email,
        ),
        (["1980-03-07", "3/7/1981", "7 Mar 1982"], Kind::Date),
        (
            [
                "https://example.org/a",
                "http://example.com",
                "www.example.net",
            ],
            Kind::Url,
        ),
        (["192.0.2.7", "2001:db8::1", "198.51.100.9"], Kind::Ip),
        (["02139", "90210-1234", "60601"], Kind::Zip),
    ] {
        assert_eq!(kind("x17", &text(&values)), expected, "{expected}");
        assert_eq!(
            kind("result", &text(&values)),
            expected,
            "a harmless name hides nothing"
        );
    }
}

#[test]
fn a_name_that_identifies_wins_over_odd_values() {
    let finding = classify_column(
        "visits",
        "ssn",
        &text(&["n/a", "see chart"]),
        &TextEngine::new(),
    );
    assert_eq!((finding.kind, finding.share), (Kind::Ssn, 0.0));
    assert_eq!(finding.basis, [Basis::Name]);
    assert_eq!(
        kind("ssn", &Int64Array::from(vec![219_099_999; 40])),
        Kind::Ssn
    );
    assert_eq!(kind("zip", &Int64Array::from(vec![2139; 40])), Kind::Zip);
}

#[test]
fn a_weak_name_needs_the_values_to_agree() {
    assert_eq!(
        kind("start", &text(&["2020-01-02", "2021-03-04"])),
        Kind::Date
    );
    assert_eq!(
        kind("time", &Float64Array::from(vec![1.5, 2.25, 7.0])),
        Kind::Clinical
    );
    assert_eq!(
        kind("period", &Int64Array::from(vec![1, 2, 3, 4])),
        Kind::Clinical
    );
}

#[test]
fn long_values_are_running_text_and_the_rest_is_undecided() {
    let prose = "the patient was seen in good spirits and will come back in some weeks for a test";
    assert_eq!(kind("x17", &text(&[prose])), Kind::Text);
    assert_eq!(kind("diagnosis", &text(&[prose])), Kind::Text);
    assert_eq!(kind("x17", &text(&["a1", "b2", "c3"])), Kind::Undecided);
    assert_eq!(
        kind("x17", &BooleanArray::from(vec![true, false])),
        Kind::Clinical
    );
}

#[test]
fn a_census_table_stays_usable() {
    let number = |step: i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(
            (0..200).map(|row| 12_285 + row * step),
        ))
    };
    let word = |value: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..200).map(|_| value)))
    };
    let table = RecordBatch::try_from_iter([
        (
            "age",
            Arc::new(Int64Array::from_iter_values(17..217)) as ArrayRef,
        ),
        ("workclass", word("State-gov")),
        ("fnlwgt", number(7_131)),
        ("education", word("Bachelors")),
        ("education-num", number(0)),
        ("marital-status", word("Never-married")),
        ("occupation", word("Adm-clerical")),
        ("relationship", word("Not-in-family")),
        ("race", word("White")),
        ("sex", word("Male")),
        ("capital-gain", number(1)),
        ("hours-per-week", number(3)),
        ("native-country", word("United-States")),
        ("income", word("<=50K")),
    ])
    .unwrap();
    let map = FieldMap::classify([("adult", &table)], &TextEngine::new());
    let kinds: Vec<_> = map.tables["adult"]
        .iter()
        .map(|finding| finding.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            Kind::Age,
            Kind::Quasi,
            Kind::Clinical,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Quasi,
            Kind::Clinical,
            Kind::Clinical,
            Kind::State,
            Kind::Quasi,
        ]
    );
}

#[test]
fn a_finding_holds_no_value() {
    let table = RecordBatch::try_from_iter([
        (
            "name",
            Arc::new(StringArray::from(vec!["Ada Quillfeather"])) as ArrayRef,
        ),
        (
            "note",
            Arc::new(StringArray::from(vec!["Quillfeather called 617-555-0142"])),
        ),
    ])
    .unwrap();
    let map = FieldMap::classify([("patients", &table)], &TextEngine::new());
    let json = serde_json::to_string(&map).unwrap();
    let originals = ["Quillfeather", "617-555-0142"].map(|value| (Label::Name, Phi::new(value)));
    assert_eq!(
        Residual::check(originals, [json.as_str()]).verdict(),
        Ok(())
    );
    assert_eq!(serde_json::from_str::<FieldMap>(&json).unwrap(), map);
}

#[test]
fn a_declaration_is_recorded_when_it_shows_more() {
    let table = RecordBatch::try_from_iter([
        ("zip", Arc::new(text(&["02139"])) as ArrayRef),
        ("weight", Arc::new(Float64Array::from(vec![70.5; 60]))),
    ])
    .unwrap();
    let map = FieldMap::classify([("patients", &table)], &TextEngine::new());
    let declared = |column: &str, kind: &str| {
        let declared = ColumnOverride {
            kind: kind.to_owned(),
            reason: "study".to_owned(),
        };
        let overrides = [(
            "patients".to_owned(),
            [(column.to_owned(), declared)].into(),
        )]
        .into();
        map.clone().declared(&overrides)
    };
    assert_eq!(declared("zip", "keep").unwrap().loosened().count(), 1);
    assert_eq!(
        declared("zip", "date").unwrap().loosened().count(),
        1,
        "a ZIP is no date"
    );
    assert_eq!(declared("zip", "place").unwrap().loosened().count(), 0);
    assert_eq!(declared("weight", "photo").unwrap().loosened().count(), 0);
    assert_eq!(
        declared("zip", "nonsense").unwrap_err().code(),
        codes::OVERRIDE
    );
    assert_eq!(
        declared("none", "keep").unwrap_err().code(),
        codes::COLUMN_MISSING
    );
}

#[test]
fn an_empty_column_and_an_empty_table_are_no_trouble() {
    let finding = classify_column(
        "visits",
        "x17",
        &StringArray::from(vec![None::<&str>; 3]),
        &TextEngine::new(),
    );
    assert_eq!((finding.kind, finding.nulls), (Kind::Undecided, 3));
    assert_eq!(finding.distinct, Distinct::None);
    assert_eq!(
        kind("mrn", &StringArray::from(Vec::<&str>::new())),
        Kind::Mrn
    );
}
