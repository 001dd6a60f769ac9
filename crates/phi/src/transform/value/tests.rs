use super::*;
use crate::{
    columns::FieldMap,
    crosswalk::{Crosswalk, tests::Stirred},
    plan::Plan,
    text::TextEngine,
};

/// Runs a test with a de-identifier under Safe Harbor in 2026.
fn at_work(test: impl FnOnce(&mut Deidentifier<'_>)) {
    let (plan, map, engine) = (Plan::safe_harbor(), FieldMap::default(), TextEngine::new());
    let mut entropy = Stirred(5);
    let mut work =
        Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, 2026).unwrap();
    test(&mut work);
}

fn owned(fate: Fate<'_>) -> Option<String> {
    match fate {
        Fate::Kept => Some("(kept)".to_owned()),
        Fate::Replaced(text) => Some(text.to_owned()),
        Fate::Removed => None,
    }
}

#[test]
fn safe_harbor_leaves_the_year_in_the_form_of_the_place() {
    at_work(|work| {
        for (value, form, expected) in [
            ("198003071022+0100", Form::Hl7, Some("1980")),
            ("20210314102233.123-0500", Form::Hl7, Some("2021")),
            ("2021-03-14T10:22:33Z", Form::Iso, Some("2021")),
            ("19800307", Form::DicomDate, Some("19800101")),
            ("19800101", Form::DicomDate, Some("(kept)")),
            ("1980", Form::Hl7, Some("(kept)")),
            ("19310405", Form::Hl7, None),
            ("4/5/1931", Form::Written, Some("90+")),
            ("soon", Form::Hl7, None),
            ("", Form::Hl7, Some("(kept)")),
        ] {
            let fate = owned(work.value(Kind::BirthDate, value, form, None));
            assert_eq!(fate.as_deref(), expected, "{value}");
        }
    });
}

#[test]
fn one_person_has_one_surrogate_by_every_key() {
    at_work(|work| {
        let first = work.person_known_by(&["MR-1007", "pat-12"], None);
        let second = work.person_known_by(&["", "pat-12"], None);
        assert_eq!(first, second);
        let name = owned(work.value(Kind::PersonName, "Ada Quillfeather", Form::Written, first));
        let again = owned(work.value(Kind::PersonName, "Quillfeather", Form::Family, second));
        assert_eq!(name, again);
        let code = owned(work.value(Kind::PersonId, "pat-12", Form::Written, first)).unwrap();
        assert_eq!(code, work.code_of(first.unwrap()));
        assert_eq!(code, work.person_code("MR-1007"));
        assert_eq!(code.get(7..), name.unwrap().get(5..));
        assert_eq!(work.person_known_by(&["", " "], None), None);
    });
}

#[test]
fn values_follow_their_kind() {
    at_work(|work| {
        for (kind, value, form, expected) in [
            (Kind::Zip, "02139-4307", Form::Written, Some("021")),
            (Kind::Zip, "03601", Form::Written, Some("000")),
            (Kind::Place, "Cambridge", Form::Written, None),
            (Kind::State, "MA", Form::Written, Some("(kept)")),
            (Kind::State, "12 Elm St, MA", Form::Written, None),
            (Kind::Age, "093Y", Form::DicomAge, Some("090Y")),
            (Kind::Age, "045Y", Form::DicomAge, Some("(kept)")),
            (Kind::Age, "93", Form::Number, Some("90")),
            (Kind::Phone, "617-555-0142", Form::Written, None),
            (Kind::Clinical, "110.5", Form::Written, Some("(kept)")),
        ] {
            let fate = owned(work.value(kind, value, form, None));
            assert_eq!(fate.as_deref(), expected, "{value}");
        }
    });
}

#[test]
fn texts_are_searched_for_what_is_known_about_the_person() {
    at_work(|work| {
        let person = work.person_known_by(&["7"], None).unwrap();
        work.learn(
            person,
            vec![
                Fact::Name("Ada Quillfeather".to_owned()),
                Fact::Date("1931-04-05".to_owned()),
            ],
        );
        let text = "quillfeather stable, glucose 110.5";
        let fate = owned(work.value(Kind::Text, text, Form::Written, Some(person))).unwrap();
        assert!(fate.ends_with("stable, glucose 110.5"), "{fate}");
        assert!(!fate.contains("quill"), "{fate}");
        let again = owned(work.value(Kind::Text, &fate, Form::Written, Some(person)));
        assert_eq!(again.as_deref(), Some("(kept)"));
    });
}
