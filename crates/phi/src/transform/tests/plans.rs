use super::*;
use crate::{
    crosswalk::Pseudonyms,
    dates,
    positions::Position,
    transform::{Fate, Form},
};

fn with_plan<T>(
    plan: &Plan,
    crosswalk: Crosswalk,
    test: impl FnOnce(&mut Deidentifier<'_>) -> T,
) -> (T, Manifest, Crosswalk) {
    let engine = TextEngine::new();
    let map = FieldMap::default();
    let mut entropy = Stirred(23);
    let mut work = Deidentifier::new(plan, &map, &engine, crosswalk, &mut entropy, YEAR).unwrap();
    let result = test(&mut work);
    let (manifest, crosswalk) = work.finish();
    (result, manifest, crosswalk)
}

fn shown(fate: Fate<'_>, value: &str) -> String {
    match fate {
        Fate::Kept => value.to_owned(),
        Fate::Replaced(text) => text.to_owned(),
        Fate::Removed => "(removed)".to_owned(),
    }
}

#[test]
fn all_dates_of_a_person_move_alike_in_every_form() {
    let (days, manifest, _) = with_plan(&Plan::expert(), Crosswalk::new(), |work| {
        let person = work.person_known_by(&["7"], Some("19800307"));
        let written = [
            ("20210314102233", Form::Hl7),
            ("2021-03-14T10:22:33Z", Form::Iso),
            ("20210314", Form::DicomDate),
            ("3/14/2021", Form::Written),
            ("March 14, 2021", Form::Written),
        ];
        let moved: Vec<_> = written
            .iter()
            .map(|(date, form)| {
                let moved = shown(work.value(Kind::Date, date, *form, person), date);
                assert_ne!(&moved, date);
                dates::parse(&moved).unwrap()
            })
            .map(|date| (date.year, date.month, date.day))
            .collect();
        assert!(moved.windows(2).all(|pair| pair[0] == pair[1]), "{moved:?}");

        let note = work.note(
            "Seen on 3/14/2021, again on 2021-03-24 at 10:22.",
            Some("7"),
        );
        let in_note: Vec<_> = note
            .split([' ', ','])
            .filter_map(|word| dates::parse(word).filter(|date| date.day.is_some()))
            .collect();
        assert_eq!(in_note.len(), 2, "{note}");
        assert_eq!(
            (in_note[0].year, in_note[0].month, in_note[0].day),
            moved[0]
        );
        assert!(note.ends_with("at 10:22."), "{note}");

        // Without a person nobody's days are known: the year alone.
        assert_eq!(
            shown(work.value(Kind::Date, "20210314", Form::Hl7, None), ""),
            "2021"
        );
        let other = work.person_known_by(&["8"], None);
        let other = shown(work.value(Kind::Date, "2021-03-14", Form::Iso, other), "");
        (moved[0], other)
    });
    assert_ne!(
        dates::parse(&days.1).map(|date| (date.year, date.month, date.day)),
        Some(days.0)
    );
    assert_eq!(manifest.method, crate::plan::Method::Expert);
    assert!(
        manifest
            .reasons
            .iter()
            .any(|reason| reason.starts_with("dates: shifted"))
    );
}

#[test]
fn a_table_keeps_the_distances_between_the_dates_of_a_row() {
    let visits = || {
        batch(vec![
            ("patient_id", text(&["a", "b", "a"])),
            (
                "admission_date",
                text(&["2021-03-14", "2021-03-14", "2021-12-30"]),
            ),
            (
                "discharge_date",
                text(&["03/20/2021", "03/15/2021", "01/02/2022"]),
            ),
        ])
    };
    let ward = Ward {
        engine: TextEngine::new(),
        plan: Plan::expert(),
        map: FieldMap::classify([("visits", &visits())], &TextEngine::new()),
    };
    let first = ward.run(Crosswalk::new(), &[("visits", visits())]);
    let again = ward.run(first.crosswalk.clone(), &[("visits", visits())]);
    let number = |run: &Run, column: &str, row| {
        let date = dates::parse(&cell(&run.tables[0].1, column, row)).unwrap();
        dates::day_number(
            date.year,
            date.month.unwrap().into(),
            date.day.unwrap().into(),
        )
    };
    for (row, days) in [(0, 6), (1, 1), (2, 3)] {
        let distance =
            number(&first, "discharge_date", row) - number(&first, "admission_date", row);
        assert_eq!(distance, days);
        assert_eq!(
            number(&first, "admission_date", row),
            number(&again, "admission_date", row),
            "the days are kept in the crosswalk"
        );
    }
    let between = number(&first, "admission_date", 2) - number(&first, "admission_date", 0);
    assert_eq!(between, 291);
}

#[test]
fn a_limited_data_set_keeps_dates_and_towns_in_text_and_nothing_else() {
    let note = "Ada Quillfeather, SSN 219-09-9999, MRN 8841207, lives at 12 Elm Street, was seen on \
                3/14/2021 in Cambridge, MA and is 93 years old. Call 617-555-0142 or write to \
                ada@quill.example.com.";
    let (text, ..) = with_plan(&Plan::limited_data_set(), Crosswalk::new(), |work| {
        work.note(note, None)
    });
    for kept in ["3/14/2021", "Cambridge, MA", "93 years old"] {
        assert!(text.contains(kept), "{text}");
    }
    for gone in [
        "Quillfeather",
        "219-09",
        "8841207",
        "Elm",
        "617-555",
        "quill.example",
    ] {
        assert!(!text.contains(gone), "{text}");
    }
}

#[test]
fn values_of_a_limited_data_set_follow_the_paragraph() {
    with_plan(&Plan::limited_data_set(), Crosswalk::new(), |work| {
        for (kind, value, expected) in [
            (Kind::City, "Cambridge", "Cambridge"),
            (Kind::Zip, "02139-4307", "02139"),
            (Kind::BirthDate, "19310405", "19310405"),
            (Kind::Age, "93", "93"),
            (Kind::Place, "12 Elm Street", "(removed)"),
            (Kind::Phone, "617-555-0142", "(removed)"),
        ] {
            let fate = shown(work.value(kind, value, Form::Hl7, None), value);
            assert_eq!(fate, expected, "{kind}");
        }
    });
}

#[test]
fn generalised_values_keep_the_form_of_their_place() {
    let mut plan = Plan::expert();
    plan.actions.insert(Kind::Date, Action::Quarter);
    plan.actions.insert(Kind::BirthDate, Action::Month);
    plan.actions.insert(Kind::Age, Action::AgeBand);
    plan.actions.insert(Kind::Zip, Action::Zip5);
    with_plan(&plan, Crosswalk::new(), |work| {
        for (kind, value, form, expected) in [
            (Kind::Date, "20210514", Form::Hl7, "202104"),
            (Kind::Date, "2021-05-14", Form::Iso, "2021-04"),
            (Kind::Date, "20210514", Form::DicomDate, "20210401"),
            (Kind::Date, "5/14/2021", Form::Written, "2021-Q2"),
            (Kind::BirthDate, "5/14/2021", Form::Written, "2021-05"),
            (Kind::Age, "47", Form::Written, "45-49"),
            (Kind::Age, "45-49", Form::Written, "45-49"),
            (Kind::Age, "047Y", Form::DicomAge, "045Y"),
            (Kind::Age, "93", Form::Written, "90+"),
            (Kind::Zip, "2139", Form::Written, "02139"),
        ] {
            let once = shown(work.value(kind, value, form, None), value);
            assert_eq!(once, expected, "{kind} {value}");
            let twice = shown(work.value(kind, &once, form, None), &once);
            assert_eq!(twice, once, "a second run changes nothing");
        }
    });
}

#[test]
fn persons_who_share_a_number_and_not_a_birthday_stay_apart() {
    let (codes, manifest, crosswalk) = with_plan(&Plan::safe_harbor(), Crosswalk::new(), |work| {
        let ada = work.person_known_by(&["10007", "A-1"], Some("1980-03-07"));
        let same = work.person_known_by(&["10007"], Some("3/7/1980"));
        let unknown = work.person_known_by(&["A-1"], None);
        let other = work.person_known_by(&["10007", "B-9"], Some("19550101"));
        let again = work.person_known_by(&["B-9", "10007"], Some("1955-01-01"));
        assert_eq!([ada, ada], [same, unknown]);
        assert_eq!(other, again);
        assert_ne!(ada, other);
        [ada, other].map(|person| work.code_of(person.unwrap()))
    });
    assert_eq!(manifest.persons_kept_apart, 1);

    // The next run has new documents and the sealed crosswalk.
    let bytes = serde_json::to_vec(&crosswalk).unwrap();
    let back: Crosswalk = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(serde_json::to_vec(&back).unwrap(), bytes);
    assert_eq!(back.persons(), 2);
    with_plan(&Plan::safe_harbor(), back, |work| {
        let ada = work.person_known_by(&["10007"], Some("19800307")).unwrap();
        let other = work.person_known_by(&["10007"], Some("19550101")).unwrap();
        let by_alias = work.person_known_by(&["B-9"], None).unwrap();
        assert_eq!([work.code_of(ada), work.code_of(other)], codes);
        assert_eq!(other, by_alias);
    });
}

#[test]
fn a_row_and_a_message_about_one_person_meet() {
    let patients = batch(vec![
        ("patient_id", text(&["p1", "p2"])),
        ("mrn", text(&["884120", "884121"])),
        ("birth_date", text(&["1980-03-07", "1955-01-01"])),
    ]);
    let engine = TextEngine::new();
    let map = FieldMap::classify([("patients", &patients)], &engine);
    let plan = Plan::safe_harbor();
    let mut entropy = Stirred(3);
    let mut work =
        Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, YEAR).unwrap();
    work.learn_people("patients", &patients, "patient_id")
        .unwrap();
    let person = work.person_known_by(&["884121"], Some("19550101")).unwrap();
    let code = work.code_of(person);
    let table = work
        .table("patients", &patients, Some("patient_id"))
        .unwrap();
    assert_eq!(cell(&table, "patient_id", 1), code);
    assert_ne!(cell(&table, "patient_id", 0), code);
}

#[test]
fn a_crosswalk_of_version_1_is_read() {
    let stored = r#"{"version":1,"persons":{"p 4":"7K3Q9DXM"},"kinds":{"MRN":{"A77":"0123ABCD"}}}"#;
    let mut crosswalk: Crosswalk = serde_json::from_str(stored).unwrap();
    assert_eq!(
        *crosswalk.person_behind("PERSON-7K3Q9DXM").unwrap().expose(),
        "p 4"
    );
    let mut entropy = Stirred(1);
    assert_eq!(
        crosswalk.codes(&mut entropy).person_code("p 4"),
        "PERSON-7K3Q9DXM"
    );
    assert!(
        serde_json::to_string(&crosswalk)
            .unwrap()
            .starts_with("{\"version\":2")
    );
    let later = stored.replacen(":1", ":3", 1);
    assert!(serde_json::from_str::<Crosswalk>(&later).is_err());
}

/// A stand-in for a keyed digest.
#[derive(Debug)]
struct Keyed(u8);

impl Pseudonyms for Keyed {
    fn digest(&self, label: Label, normal: &str) -> [u8; 10] {
        let mut digest = [self.0; 10];
        for (place, byte) in label.word().bytes().chain(normal.bytes()).enumerate() {
            digest[place % 10] = digest[place % 10].wrapping_mul(31).wrapping_add(byte);
        }
        digest
    }
}

#[test]
fn pseudonyms_follow_the_key_and_are_removed_without_one() {
    let mut plan = Plan::expert();
    plan.actions.insert(Kind::Mrn, Action::Pseudonym);
    let engine = TextEngine::new();
    let map = FieldMap::default();
    let run = |key: Option<&Keyed>| {
        let mut entropy = Stirred(3);
        let mut work =
            Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, YEAR).unwrap();
        if let Some(key) = key {
            work = work.with_pseudonyms(key);
        }
        let once = shown(work.value(Kind::Mrn, "A-77", Form::Hl7, None), "");
        let twice = shown(work.value(Kind::Mrn, &once, Form::Hl7, None), &once);
        (once, twice, work.finish().0)
    };
    let (once, twice, manifest) = run(Some(&Keyed(1)));
    assert_eq!(once.len(), "MRN-".len() + 16);
    assert_eq!(once, twice);
    assert_eq!(run(Some(&Keyed(1))).0, once);
    assert_ne!(run(Some(&Keyed(2))).0, once);
    assert_eq!(run(None).0, "(removed)");
    assert!(manifest.keyed);
    assert!(
        manifest
            .reasons
            .iter()
            .any(|reason| reason.contains("164.514(c)(1)"))
    );
}

#[derive(Default)]
struct Lines(Vec<String>);

impl PositionSink for Lines {
    fn take(&mut self, position: &Position<'_>) {
        self.0.push(serde_json::to_string(position).unwrap());
    }
}

#[test]
fn positions_name_places_and_no_values() {
    let ward = Ward::new();
    let mut entropy = Stirred(11);
    let mut lines = Lines::default();
    let mut work = Deidentifier::new(
        &ward.plan,
        &ward.map,
        &ward.engine,
        Crosswalk::new(),
        &mut entropy,
        YEAR,
    )
    .unwrap()
    .with_positions(&mut lines);
    for (name, table) in ward_tables() {
        work.learn_people(name, &table, "patient_id").unwrap();
        let _table = work.table(name, &table, Some("patient_id")).unwrap();
    }
    work.at("adt.hl7", Some(4), "PID-13");
    let _fate = work.value(Kind::Phone, "617-555-0142", Form::Hl7, None);
    let (manifest, _) = work.finish();
    let has = |line: &str| {
        assert!(
            lines.0.iter().any(|known| known == line),
            "{line}\n{:#?}",
            lines.0
        );
    };
    has(
        r#"{"source":"adt.hl7","row":4,"path":"PID-13","category":"D","label":"PHONE","transform":"suppress","detector":"element","score":1.0}"#,
    );
    has(
        r#"{"source":"patients","row":0,"path":"ssn","category":"G","label":"SSN","transform":"code","detector":"column","score":1.0}"#,
    );
    assert!(
        lines
            .0
            .iter()
            .any(|line| line.starts_with(r#"{"source":"notes","row":1,"path":"note","start":"#))
    );
    for value in ["Quillfeather", "219-09", "02139", "617"] {
        assert!(lines.0.iter().all(|line| !line.contains(value)), "{value}");
    }
    assert!(manifest.dictionary.starts_with("lists-"));
    assert!(manifest.reasons.is_empty());
}

#[test]
fn words_that_nothing_decided_are_counted() {
    let (_, manifest, _) = with_plan(&Plan::safe_harbor(), Crosswalk::new(), |work| {
        work.note("the xyloflumic Zzyvqarn reading was stable", None)
    });
    assert_eq!(
        manifest.text.undecided_tokens + manifest.text.findings.len() as u64,
        1
    );
}
