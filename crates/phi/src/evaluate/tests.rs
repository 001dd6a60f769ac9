use super::*;

fn mark(start: usize, end: usize, label: &str) -> Mark {
    Mark {
        start,
        end,
        label: label.to_owned(),
        ..Mark::default()
    }
}

fn document(text: &str, spans: Vec<Mark>) -> Document {
    Document {
        line: 1,
        id: "a".to_owned(),
        text: text.to_owned(),
        spans,
        group: None,
    }
}

/// Two of three identifiers are wholly covered, one drug is touched, one word is taken in vain.
fn example() -> (Evaluation, Verdict) {
    let text = "Zoë Q. saw Dr. Fen on 3/4/22 for warfarin in 2019 at noon";
    let gold = document(
        text,
        vec![
            mark(0, 6, "NAME"),
            mark(15, 18, "NAME"),
            mark(22, 28, "DATE"),
            mark(33, 41, KEEP),
            mark(45, 49, IGNORE),
        ],
    );
    let found = [
        mark(0, 5, "NAME"),
        mark(11, 18, "NAME"),
        mark(22, 25, "DATE"),
        mark(33, 41, "NAME"),
        mark(45, 49, "DATE"),
        mark(53, 57, "TIME"),
    ];
    let mut evaluation = Evaluation::default();
    let verdict = evaluation.add(&gold, &found);
    (evaluation, verdict)
}

#[test]
fn a_piece_counts_when_every_letter_and_digit_is_covered() {
    let (evaluation, verdict) = example();
    // The full stop after Q may stay outside; 22 of the date may not.
    assert_eq!(verdict.missed, [(2, Cover::Part)]);
    assert_eq!(
        (evaluation.recall().hits(), evaluation.recall().all()),
        (2, 3)
    );
    assert_eq!(evaluation.share(Facet::Label, "DATE").missed(), 1);
    assert_eq!(evaluation.share(Facet::Category, "A names").hits(), 2);
}

#[test]
fn what_must_stay_is_a_false_alarm_and_what_may_go_is_none() {
    let (evaluation, verdict) = example();
    assert_eq!(verdict.false_alarms, [3, 5]);
    // Right: two names and a part of the date; wrong: warfarin and noon; 2019 is neither.
    assert_eq!(
        (evaluation.precision().hits(), evaluation.precision().all()),
        (3, 5)
    );
    // Thirteen words, two alarms.
    assert!((evaluation.alarms_per_thousand_words() - 2_000.0 / 13.0).abs() < 1e-9);
    assert_eq!(evaluation.kept()[KEEP].hits(), 1);
}

#[test]
fn letters_outside_of_the_marks_are_counted() {
    let (evaluation, _) = example();
    // Outside: saw 3, Dr 2, on 2, for 3, warfarin 8, in 2, at 2, noon 4 = 26;
    // taken: Dr 2, warfarin 8, noon 4 = 14.
    assert!((evaluation.letters_lost_share() - 14.0 / 26.0).abs() < 1e-9);
}

#[test]
fn documents_that_leak_and_documents_without_identifiers_are_told_apart() {
    let mut evaluation = example().0;
    evaluation.add(&document("nothing here", Vec::new()), &[mark(0, 7, "NAME")]);
    evaluation.add(&document("all is well", Vec::new()), &[]);
    evaluation.add(&document("in 2019", Vec::new()), &[mark(3, 7, "DATE")]);
    assert_eq!(
        (
            evaluation.without_leak().hits(),
            evaluation.without_leak().all()
        ),
        (0, 1)
    );
    assert_eq!(
        (evaluation.touched().hits(), evaluation.touched().all()),
        (1, 3)
    );
}

#[test]
fn unknown_labels_count_under_their_own_name() {
    let mut evaluation = Evaluation::default();
    evaluation.add(
        &document("unit 7", vec![mark(0, 6, "Ward")]),
        &[mark(0, 6, "X")],
    );
    assert_eq!(evaluation.share(Facet::Label, "Ward").hits(), 1);
    assert_eq!(evaluation.shares(Facet::Category).count(), 0);
    assert_eq!(
        (
            evaluation.same_label().hits(),
            evaluation.same_label().all()
        ),
        (0, 1)
    );
}

#[test]
fn gold_that_says_so_is_told_apart_by_lists() {
    let mut evaluation = Evaluation::default();
    let mut piece = mark(0, 6, "NAME");
    piece.listed = Some(false);
    evaluation.add(&document("Qwerto", vec![piece]), &[]);
    assert_eq!(
        evaluation.share(Facet::Lists, "NAME, in no list").missed(),
        1
    );
}

#[test]
fn ids_are_checked_with_their_lines() {
    let gold = |text| read_gold("g", text);
    let twice =
        "{\"id\":\"a\",\"text\":\"\",\"spans\":[]}\n\n{\"id\":\"a\",\"text\":\"\",\"spans\":[]}";
    let file = "g".to_owned();
    assert_eq!(
        gold(twice),
        Err(EvaluateError::DuplicateId {
            file,
            line: 3,
            first: 1
        })
    );
    for bad in [
        r#"{"text":"","spans":[]}"#,
        r#"{"id":1.5,"text":"","spans":[]}"#,
        r#"{"id":1,"spans":[]}"#,
        r#"{"id":1,"text":"ab"}"#,
        r#"{"id":1,"text":"ab","spans":[{"start":1,"end":1,"label":"X"}]}"#,
        r#"{"id":1,"text":"ab","spans":[{"start":1,"end":3,"label":"X"}]}"#,
        r#"{"id":1,"text":"ab","spans":[{"start":0,"end":1}]}"#,
        "[",
    ] {
        assert!(
            matches!(gold(bad), Err(EvaluateError::Line { line: 1, .. })),
            "{bad}"
        );
    }
}

#[test]
fn a_document_without_prediction_and_a_prediction_without_document_are_refused() {
    let gold = read_gold(
        "g",
        r#"{"id":1,"text":"ab","spans":[{"start":0,"end":2,"type":"X"}]}"#,
    )
    .unwrap();
    let found = |text| read_predictions("p", text).unwrap();
    let compare =
        |text| Evaluation::of(&gold, &found(text)).map(|evaluation| evaluation.recall().hits());
    assert_eq!(
        compare(r#"{"id":"1","spans":[{"start":0,"end":2,"label":"Y"}]}"#),
        Ok(1)
    );
    assert_eq!(compare(""), Err(EvaluateError::NotPredicted { line: 1 }));
    let both = "{\"id\":1,\"spans\":[]}\n{\"id\":2,\"spans\":[]}";
    assert_eq!(compare(both), Err(EvaluateError::NotInGold { line: 2 }));
    let far = r#"{"id":1,"spans":[{"start":0,"end":3,"label":"Y"}]}"#;
    assert_eq!(compare(far), Err(EvaluateError::BeyondText { line: 1 }));
}

#[test]
fn the_report_says_what_the_sample_can_prove() {
    let mut evaluation = Evaluation::default();
    for _ in 0..299 {
        evaluation.add(
            &document("Ada", vec![mark(0, 3, "NAME")]),
            &[mark(0, 3, "NAME")],
        );
    }
    let text = evaluation.text(0.01, true);
    assert!(
        text.contains("0 of 299 documents leak: at most 0.997 %"),
        "{text}"
    );
    assert!(
        text.contains("to show at most 1 %: 299 documents"),
        "{text}"
    );
    let json = evaluation.document(0.01);
    assert_eq!(json["recall"]["label"]["NAME"]["pieces"], 299);
    assert_eq!(json["sample"]["documents needed without a leak"], 299);
}
