use super::*;
use crate::{
    surrogate::Surrogates,
    transform::{Fate, Form},
};

/// Two persons, their notes, and a message about one of them.
fn run(crosswalk: Crosswalk, seed: u64) -> (String, String, Manifest, Crosswalk) {
    let ward = Ward::new();
    let plan = Plan {
        surrogates: Surrogates::Realistic,
        ..Plan::safe_harbor()
    };
    let mut entropy = Stirred(seed);
    let mut work = Deidentifier::new(
        &plan,
        &ward.map,
        &ward.engine,
        crosswalk,
        &mut entropy,
        YEAR,
    )
    .unwrap();
    for (_, table) in ward_tables() {
        for column in table.columns() {
            let cells = Cells::of(column.as_ref()).unwrap();
            for row in 0..table.num_rows() {
                work.see(&cells.written(row).unwrap_or_default());
            }
        }
    }
    let mut written = String::new();
    for (name, table) in ward_tables() {
        work.learn_people(name, &table, "patient_id").unwrap();
    }
    for (name, table) in ward_tables() {
        let made = work.table(name, &table, Some("patient_id")).unwrap();
        for column in made.columns() {
            let cells = Cells::of(column.as_ref()).unwrap();
            for row in 0..made.num_rows() {
                written.push_str(&cells.written(row).unwrap_or_default());
                written.push('\n');
            }
        }
    }
    let person = work.person_known_by(&["1"], None);
    let mut message = String::new();
    for (form, name) in [(Form::Family, "QUILLFEATHER"), (Form::Given, "ADA")] {
        if let Fate::Replaced(name) = work.value(Kind::PersonName, name, form, person) {
            message.push_str(name);
            message.push('^');
        }
    }
    let (manifest, crosswalk) = work.finish();
    (written, message, manifest, crosswalk)
}

#[test]
fn nothing_of_the_input_is_invented_and_a_second_run_invents_the_same() {
    let (written, message, manifest, crosswalk) = run(Crosswalk::new(), 3);
    assert_eq!(manifest.surrogates, Surrogates::Realistic);
    for value in [
        "Quillfeather",
        "QUILLFEATHER",
        "219-09-9999",
        "[NAME",
        "NAME-",
    ] {
        assert!(
            !written.contains(value) && !message.contains(value),
            "{value}: {written}"
        );
    }
    let family = message.split('^').next().unwrap().to_lowercase();
    assert!(family.len() > 2, "{message}");
    let told = written.to_lowercase().matches(&family).count();
    assert_eq!(
        told, 2,
        "the name in table, text and message: {family}\n{written}"
    );
    let again = run(crosswalk, 99);
    assert_eq!((again.0, again.1), (written, message));
}
