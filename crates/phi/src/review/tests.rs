use proptest::prelude::*;

use super::*;
use crate::{
    crosswalk::tests::Stirred,
    evaluate::{Facet, read_gold},
};

fn mark(start: usize, end: usize, label: &str) -> Mark {
    Mark {
        start,
        end,
        label: label.to_owned(),
        ..Mark::default()
    }
}

fn document(id: &str, text: &str) -> Document {
    Document {
        id: id.to_owned(),
        text: text.to_owned(),
        ..Document::default()
    }
}

/// `Zoë Fen` was found short by one word, `Qwil` not at all, `noon` in vain.
fn sheet() -> Sheet {
    let mut sheet = Sheet::default();
    let text = "=Zoë Fen, \"Qwil\",\nat noon in 2019";
    let undecided = vec![Range { start: 11, end: 15 }];
    let found = [
        mark(1, 4, "NAME"),
        mark(21, 25, "DATE"),
        mark(29, 33, "DATE"),
    ];
    sheet.add(&document("n1", text), &found, &undecided);
    sheet.add(&document("n2", "nothing here"), &[], &[]);
    sheet
}

/// The sheet with some cells filled in: row of the sheet from 0, cell, word.
fn filled(form: SheetForm, cells: &[(usize, &str, &str)]) -> String {
    let mut sheet = sheet();
    for (row, cell, word) in cells {
        let row = &mut sheet.rows[*row];
        let cell = match *cell {
            "verdict" => &mut row.verdict,
            "true_start" => &mut row.true_start,
            "true_end" => &mut row.true_end,
            "true_label" => &mut row.true_label,
            "id" => &mut row.id,
            "start" => &mut row.start,
            "text" => &mut row.text,
            other => panic!("{other}"),
        };
        (*word).clone_into(cell);
    }
    sheet.write(form)
}

const JUDGED: &[(usize, &str, &str)] = &[
    (0, "verdict", "read"),
    (1, "verdict", "Short"),
    (1, "true_start", "1"),
    (1, "true_end", "8"),
    (2, "verdict", "wrong"),
    (3, "verdict", "may"),
    (4, "verdict", "identifier"),
    (4, "true_label", "NAME"),
    (5, "verdict", "read"),
];

#[test]
fn verdicts_become_precision_misses_and_gold() {
    for form in [SheetForm::Csv, SheetForm::Jsonl] {
        let review = Review::read("s", &filled(form, JUDGED)).unwrap();
        let precision = review.precision();
        assert_eq!((precision["NAME"].hits(), precision["NAME"].all()), (1, 1));
        assert_eq!((precision["DATE"].hits(), precision["DATE"].all()), (0, 1));
        assert_eq!(review.missed()["NAME"], 1);
        let evaluation = review.evaluation().unwrap();
        let names = evaluation.share(Facet::Label, "NAME");
        assert_eq!((names.hits(), names.all()), (0, 2));
        assert_eq!(evaluation.without_leak().missed(), 1);
        let gold = read_gold("g", &review.gold()).unwrap();
        assert_eq!(gold.len(), 2);
        assert_eq!(
            gold[0].spans,
            [
                mark(1, 8, "NAME"),
                mark(11, 15, "NAME"),
                mark(29, 33, "IGNORE")
            ]
        );
        let text = review.text(0.01).unwrap();
        assert!(
            text.contains("2 documents in the sheet, 2 read whole"),
            "{text}"
        );
        assert!(text.contains("1 of 1 documents leak"), "{text}");
    }
}

#[test]
fn a_document_that_nobody_read_whole_does_not_count() {
    let review = Review::read("s", &filled(SheetForm::Csv, &JUDGED[1..])).unwrap();
    assert_eq!(review.complete().count(), 1);
    let open = Review::read("s", &filled(SheetForm::Csv, &[(0, "verdict", "read")])).unwrap();
    assert_eq!(open.complete().count(), 0);
    assert_eq!(open.gold(), "");
}

#[test]
fn misses_are_added_by_place_or_by_their_words() {
    let judged = filled(SheetForm::Csv, JUDGED);
    let with = |line: &str| Review::read("s", &format!("{judged}{line}\r\n"));
    let review = with("miss,n2,0,7,NAME,,,,,,,,").unwrap();
    assert_eq!(review.missed()["NAME"], 2);
    let review = with("miss,,,,geo,,,here,,,,,").unwrap();
    assert_eq!(review.missed()["GEO"], 1);
    for (line, reason) in [
        (
            "miss,n2,0,13,NAME,,,,,,,,",
            "a place ends before it starts, or beyond the text",
        ),
        (
            "miss,n3,0,1,NAME,,,,,,,,",
            "its document does not stand above it",
        ),
        ("miss,n2,0,1,PLACE,,,,,,,,", "its label is unknown"),
        (
            "miss,n2,,,NAME,,,elsewhere,,,,,",
            "its words do not stand in the text",
        ),
        (
            "miss,n2,,,NAME,,,,,,,,",
            "a miss needs `start` and `end`, or the words in `text`",
        ),
        (
            "finding,n2,0,3,NAME,,,,right,,,,",
            "its kind, id, place, label or text is not as it was written",
        ),
        (
            "miss,n2,0,3,NAME,,,,\"right\"x,,,,",
            "letters follow a closing quotation mark",
        ),
    ] {
        let row = 8;
        let file = "s".to_owned();
        assert_eq!(
            with(line).unwrap_err(),
            ReviewError::Row { file, row, reason }
        );
    }
}

#[test]
fn changed_rows_and_unknown_verdicts_are_refused_without_a_value() {
    for (row, cell, word) in [
        (1, "id", "n2"),
        (1, "start", "0"),
        (0, "text", "another text"),
        (1, "verdict", "Zoë"),
        (1, "verdict", "short"),
        (1, "true_label", "Fen"),
        (4, "verdict", "identifier"),
        (0, "verdict", "yes"),
    ] {
        for form in [SheetForm::Csv, SheetForm::Jsonl] {
            let error = Review::read("s", &filled(form, &[(row, cell, word)])).unwrap_err();
            let shown = error.to_string();
            let number = row + if form == SheetForm::Csv { 2 } else { 1 };
            assert!(shown.contains(&format!("row {number}")), "{shown}");
            assert!(!shown.contains("Zoë") && !shown.contains("Fen"), "{shown}");
        }
    }
    let column = "detector";
    let file = "s".to_owned();
    assert_eq!(
        Review::read("s", "kind,id,start,end,label\r\n").unwrap_err(),
        ReviewError::Column { file, column }
    );
}

#[test]
fn a_formula_is_disarmed_and_comes_back() {
    let csv = sheet().write(SheetForm::Csv);
    assert!(csv.contains("\"> =Zoë"), "{csv}");
    assert!(Review::read("s", &csv).is_ok());
}

#[test]
fn a_sample_is_drawn_evenly_and_again_with_the_same_seed() {
    assert_eq!(drawn(5, 3, &mut Stirred(1)).len(), 3);
    assert_eq!(
        drawn(10, 100, &mut Stirred(4)),
        drawn(10, 100, &mut Stirred(4))
    );
    let mut counts = [0; 10];
    let mut entropy = Stirred(8);
    for _ in 0..1_000 {
        for place in drawn(3, 10, &mut entropy) {
            counts[place] += 1;
        }
    }
    assert!(
        counts.iter().all(|count| (230..370).contains(count)),
        "{counts:?}"
    );
}

proptest! {
    #[test]
    fn every_text_comes_back(text in "[ a-zA-Zé=+@\",\n\r>-]{0,40}", id in "[a-z=\",]{1,5}") {
        let mut sheet = Sheet::default();
        sheet.add(&document(&id, &text), &[], &[]);
        for form in [SheetForm::Csv, SheetForm::Jsonl] {
            let review = Review::read("s", &sheet.write(form)).unwrap();
            prop_assert_eq!(&review.documents[0].document.text, &text);
            prop_assert_eq!(&review.documents[0].document.id, &id);
        }
    }

    #[test]
    fn no_sheet_makes_it_fall(text in "(kind|id|start|end|label|detector|score|text|verdict|true_start|true_end|true_label|check|[{}\":,\n\r0-9a-z]){0,60}") {
        drop(Review::read("s", &text));
    }
}
