mod invented;
mod plans;

use std::{borrow::Cow, sync::Arc};

use arrow_array::{BooleanArray, Float64Array, Int64Array, StringArray};
use domain::{Explain, Phi};
use proptest::prelude::*;

use super::*;
use crate::{
    codes, columns::ColumnOverride, crosswalk::tests::Stirred, label::Label, plan::AgeStyle,
    residual::Residual,
};

const YEAR: i32 = 2026;

fn text(cells: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(cells.to_vec()))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn patients() -> RecordBatch {
    batch(vec![
        ("patient_id", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("first_name", text(&["Ada", "Benedikt", "Cleo"])),
        (
            "last_name",
            text(&["Quillfeather", "Oystercatcher", "Wagtailer"]),
        ),
        ("ssn", text(&["219-09-9999", "457-55-5462", "078-05-1120"])),
        (
            "birth_date",
            text(&["1931-04-05", "1980-03-07", "not known"]),
        ),
        ("zip", text(&["02139", "03601", "90210-1234"])),
        ("state", text(&["MA", "NH", "CA"])),
        ("city", text(&["Cambridge", "Acworth", "Beverly Hills"])),
        (
            "phone",
            text(&["617-555-0142", "603-555-0143", "310-555-0144"]),
        ),
        ("age", Arc::new(Int64Array::from(vec![95, 46, 30]))),
        ("sex", text(&["F", "M", "F"])),
        ("icd10_code", text(&["E11.9", "I10", "G20"])),
        (
            "glucose",
            Arc::new(Float64Array::from(vec![110.5, 90.25, 101.0])),
        ),
        (
            "smoker",
            Arc::new(BooleanArray::from(vec![true, false, true])),
        ),
    ])
}

fn notes() -> RecordBatch {
    batch(vec![
        ("patient_id", Arc::new(Int64Array::from(vec![1, 2]))),
        (
            "note",
            text(&[
                "Ada Quillfeather was seen on 3/14/2021 with poor glucose control and will call \
                 back from 617-555-0142 if the symptoms return before the next visit.",
                "Mr. Oystercatcher, SSN 457-55-5462, was discharged in a stable condition after \
                 the procedure and takes metformin 500 mg twice a day.",
            ]),
        ),
    ])
}

struct Ward {
    engine: TextEngine,
    plan: Plan,
    map: FieldMap,
}

impl Ward {
    fn new() -> Self {
        let engine = TextEngine::new();
        let (patients, notes) = (patients(), notes());
        let map = FieldMap::classify([("patients", &patients), ("notes", &notes)], &engine);
        Self {
            engine,
            plan: Plan::safe_harbor(),
            map,
        }
    }

    fn run(&self, crosswalk: Crosswalk, tables: &[(&'static str, RecordBatch)]) -> Run {
        let mut entropy = Stirred(11);
        let mut work = Deidentifier::new(
            &self.plan,
            &self.map,
            &self.engine,
            crosswalk,
            &mut entropy,
            YEAR,
        )
        .unwrap();
        for (name, table) in tables {
            work.learn_people(name, table, "patient_id").unwrap();
        }
        let tables: Vec<_> = tables
            .iter()
            .map(|(name, table)| (*name, work.table(name, table, Some("patient_id")).unwrap()))
            .collect();
        let (manifest, crosswalk) = work.finish();
        Run {
            tables,
            manifest,
            crosswalk,
        }
    }
}

struct Run {
    tables: Vec<(&'static str, RecordBatch)>,
    manifest: Manifest,
    crosswalk: Crosswalk,
}

fn ward_tables() -> [(&'static str, RecordBatch); 2] {
    [("patients", patients()), ("notes", notes())]
}

impl Ward {
    fn run_all(&self) -> Run {
        self.run(Crosswalk::new(), &ward_tables())
    }
}

fn cell(table: &RecordBatch, column: &str, row: usize) -> String {
    let column = table
        .column_by_name(column)
        .unwrap_or_else(|| panic!("{column}"));
    Cells::of(column.as_ref())
        .unwrap()
        .written(row)
        .map_or("null".to_owned(), Cow::into_owned)
}

#[test]
fn a_table_of_patients_comes_out_as_the_rule_asks() {
    let run = Ward::new().run_all();
    let table = &run.tables[0].1;
    let columns: Vec<_> = table
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(
        columns,
        [
            "patient_id",
            "first_name",
            "last_name",
            "ssn",
            "birth_date",
            "zip",
            "state",
            "age",
            "sex",
            "icd10_code",
            "glucose",
            "smoker"
        ],
        "city and phone are dropped"
    );
    let row = |row| {
        ["birth_date", "zip", "state", "age", "sex", "icd10_code"]
            .map(|column| cell(table, column, row))
            .join(" ")
    };
    assert_eq!(row(0), "90+ 021 MA 90+ F E11.9");
    assert_eq!(row(1), "1980 000 NH 46 M I10");
    assert_eq!(row(2), "null 902 CA 30 F G20");
    assert!(cell(table, "ssn", 0).starts_with("SSN-"));
    assert_eq!(
        run.manifest.dropped_columns(),
        ["patients.city", "patients.phone"]
    );
    assert_eq!(run.manifest.tables["patients"].rows_in, 3);
    assert_eq!(run.manifest.persons_over_89, 1);
    assert!(run.manifest.by_category()[&'G'] >= 3);
}

#[test]
fn clinical_columns_are_the_same_arrays() {
    let (ward, input) = (Ward::new(), patients());
    let mut entropy = Stirred(5);
    let mut work = Deidentifier::new(
        &ward.plan,
        &ward.map,
        &ward.engine,
        Crosswalk::new(),
        &mut entropy,
        YEAR,
    )
    .unwrap();
    let output = work.table("patients", &input, Some("patient_id")).unwrap();
    for column in ["sex", "icd10_code", "glucose", "smoker"] {
        let (before, after) = (input.column_by_name(column), output.column_by_name(column));
        assert!(Arc::ptr_eq(before.unwrap(), after.unwrap()), "{column}");
    }
}

#[test]
fn one_person_has_one_surrogate_in_tables_and_notes() {
    let run = Ward::new().run_all();
    let (patients, notes) = (&run.tables[0].1, &run.tables[1].1);
    for row in 0..2 {
        let person = cell(patients, "patient_id", row);
        let bare = person.strip_prefix("PERSON-").unwrap().to_owned();
        assert_eq!(cell(patients, "first_name", row), format!("NAME-{bare}"));
        assert_eq!(cell(patients, "last_name", row), format!("NAME-{bare}"));
        assert_eq!(cell(notes, "patient_id", row), person);
        assert!(
            cell(notes, "note", row).contains(&format!("[NAME-{bare}]")),
            "row {row}"
        );
    }
    assert_eq!(
        *run.crosswalk
            .person_behind(&cell(patients, "patient_id", 1))
            .unwrap()
            .expose(),
        "2"
    );
}

#[test]
fn notes_lose_their_identifiers_and_keep_their_medicine() {
    let run = Ward::new().run_all();
    let notes = &run.tables[1].1;
    let (first, second) = (cell(notes, "note", 0), cell(notes, "note", 1));
    assert!(
        first.contains("was seen on 2021 with poor glucose control"),
        "{first}"
    );
    assert!(first.contains("[PHONE]"), "{first}");
    assert!(second.contains("[SSN-"), "{second}");
    assert!(
        second.contains("takes metformin 500 mg twice a day."),
        "{second}"
    );
}

#[test]
fn no_source_identifier_is_left() {
    let run = Ward::new().run_all();
    let input = patients();
    let mut residual = Residual::default();
    for (column, label) in [
        ("first_name", Label::Name),
        ("last_name", Label::Name),
        ("ssn", Label::Ssn),
        ("birth_date", Label::Date),
        ("zip", Label::Geo),
        ("city", Label::Geo),
        ("phone", Label::Phone),
    ] {
        for row in 0..input.num_rows() {
            residual.look_for(label, &cell(&input, column, row));
        }
    }
    for (name, table) in &run.tables {
        residual.table(name, table, &[]);
    }
    residual.text(str::from_utf8(&run.manifest.to_canonical_json()).unwrap());
    residual.text(&serde_json::to_string(&Ward::new().map).unwrap());
    assert_eq!(residual.report().verdict(), Ok(()));
}

#[test]
fn doing_it_twice_changes_nothing() {
    let ward = Ward::new();
    let once = ward.run_all();
    let mut entropy = Stirred(99);
    let mut work = Deidentifier::new(
        &ward.plan,
        &ward.map,
        &ward.engine,
        once.crosswalk,
        &mut entropy,
        YEAR,
    )
    .unwrap();
    for (name, table) in &once.tables {
        let twice = work.table(name, table, Some("patient_id")).unwrap();
        assert_eq!(&twice, table, "{name}");
    }
}

#[test]
fn a_loosened_map_is_refused_under_safe_harbor() {
    let ward = Ward::new();
    let keep = ColumnOverride {
        kind: "keep".to_owned(),
        reason: "needed".to_owned(),
    };
    let overrides = [("patients".to_owned(), [("zip".to_owned(), keep)].into())].into();
    let map = ward.map.clone().declared(&overrides).unwrap();
    let mut entropy = Stirred(1);
    let refused = Deidentifier::new(
        &ward.plan,
        &map,
        &ward.engine,
        Crosswalk::new(),
        &mut entropy,
        YEAR,
    )
    .unwrap_err();
    assert_eq!(refused.code(), codes::LOOSENED);
    assert_eq!(
        refused.to_string(),
        "column `patients.zip` was found to be `zip` and declared to be `clinical`"
    );
}

#[test]
fn an_unclassified_column_is_refused() {
    let ward = Ward::new();
    let mut entropy = Stirred(1);
    let mut work = Deidentifier::new(
        &ward.plan,
        &ward.map,
        &ward.engine,
        Crosswalk::new(),
        &mut entropy,
        YEAR,
    )
    .unwrap();
    let odd = batch(vec![("extra", text(&["x"]))]);
    assert_eq!(
        work.table("patients", &odd, None).unwrap_err().code(),
        codes::UNMAPPED
    );
    let missing = work
        .table("patients", &odd, Some("patient_id"))
        .unwrap_err();
    assert_eq!(missing.code(), codes::COLUMN_MISSING);
}

#[test]
fn ages_can_stay_numbers_that_stop_at_ninety() {
    let mut ward = Ward::new();
    ward.plan.ages = AgeStyle::TopCode;
    let run = ward.run_all();
    let ages = run.tables[0].1.column_by_name("age").unwrap();
    assert_eq!(
        ages.as_any().downcast_ref::<Int64Array>().unwrap().values(),
        &[90, 46, 30]
    );
}

#[test]
fn a_batch_of_no_rows_comes_out_with_no_rows() {
    let ward = Ward::new();
    let run = ward.run(Crosswalk::new(), &[("patients", patients().slice(0, 0))]);
    assert_eq!(run.tables[0].1.num_rows(), 0);
    assert!(run.crosswalk.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_invented_person_survives(
        people in prop::collection::vec(
            ("[A-Z][a-z]{5,9}x", "[A-Z][a-z]{5,9}q", 0_u32..1_000_000, 1900_i32..2020, 1_u32..13, 1_u32..29),
            1..8,
        )
    ) {
        let dates: Vec<String> =
            people.iter().map(|(.., y, m, d)| format!("{m:02}/{d:02}/{y}")).collect();
        let mrns: Vec<String> = people.iter().map(|(_, _, n, ..)| format!("MR{n:07}")).collect();
        let table = batch(vec![
            ("patient_id", Arc::new(Int64Array::from_iter_values((0_i64..).take(people.len())))),
            ("first_name", Arc::new(StringArray::from_iter_values(people.iter().map(|p| &p.0)))),
            ("last_name", Arc::new(StringArray::from_iter_values(people.iter().map(|p| &p.1)))),
            ("mrn", Arc::new(StringArray::from_iter_values(&mrns))),
            ("dob", Arc::new(StringArray::from_iter_values(&dates))),
        ]);
        let engine = TextEngine::new();
        let (plan, map) = (Plan::safe_harbor(), FieldMap::classify([("patients", &table)], &engine));
        let mut entropy = Stirred(3);
        let mut work =
            Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, YEAR).unwrap();
        work.learn_people("patients", &table, "patient_id").unwrap();
        let output = work.table("patients", &table, Some("patient_id")).unwrap();

        let originals = people.iter().zip(dates.iter().zip(&mrns)).flat_map(|(p, (date, mrn))| [
            (Label::Name, Phi::new(p.0.as_str())),
            (Label::Name, Phi::new(p.1.as_str())),
            (Label::Date, Phi::new(date.as_str())),
            (Label::Mrn, Phi::new(mrn.as_str())),
        ]);
        let mut residual = Residual::of(originals);
        residual.table("patients", &output, &[]);
        prop_assert_eq!(residual.report().verdict(), Ok(()));
        for (row, (.., year, _, _)) in people.iter().enumerate() {
            let expected = if YEAR - year > 89 { "90+".to_owned() } else { year.to_string() };
            prop_assert_eq!(cell(&output, "dob", row), expected);
        }
    }
}
