use crate::{
    classifier::Classifier, columns::FieldMap, crosswalk::Crosswalk, finding::Finding,
    label::Label, plan::Plan, text::TextEngine, transform::Deidentifier,
};

use super::{Shape, Toy, WORDS, read};

/// A model that reads words alone: layers that change nothing, and a head that calls these words
/// by this label and all others `O`.
fn reader(label: &str, words: &[&str]) -> Classifier {
    let shape = Shape {
        labels: vec!["O".to_owned(), label.to_owned()],
        ..Shape::tiny("bert", WORDS.len())
    };
    let mut toy = Toy::drawn(shape, 1, 0.0);
    let hidden = toy.shape.hidden;
    let embeddings = toy.tensor("bert.embeddings.word_embeddings.weight");
    for (row, word) in embeddings.chunks_mut(hidden).zip(WORDS) {
        row[usize::from(words.contains(word))] = 1.0;
    }
    let head = toy.tensor("classifier.weight");
    (head[0], head[hidden + 1]) = (4.0, 4.0);
    read(&toy, &toy.weights()).unwrap()
}

fn found(text: &str, label: &str, words: &[&str]) -> Vec<(String, Label, &'static str)> {
    let engine = TextEngine::without_tagger().with_classifier(reader(label, words));
    let findings: Vec<Finding> = engine.scan(text, None);
    let own = findings.iter().map(|finding| {
        (
            text.get(finding.range()).unwrap().to_owned(),
            finding.label,
            finding.detector,
        )
    });
    own.collect()
}

#[test]
fn a_brought_model_finds_what_the_rules_leave() {
    let text = "Seen by zorblax on the ward.";
    assert_eq!(TextEngine::without_tagger().scan(text, None), []);
    assert_eq!(
        found(text, "PATIENT", &["zorb", "##lax"]),
        [("zorblax".to_owned(), Label::Name, "classifier")]
    );
}

#[test]
fn a_rule_keeps_its_finding_where_both_found_it() {
    let text = "Dr. Quillfeather was seen.";
    let rules = TextEngine::without_tagger().scan(text, None);
    let engine =
        TextEngine::without_tagger().with_classifier(reader("HOSPITAL", &["quillfeather"]));
    assert_eq!(rules.len(), 1);
    assert_eq!(engine.scan(text, None), rules);
}

#[test]
fn what_the_rule_lets_stay_stays_whatever_a_model_says() {
    for (text, label, words) in [
        (
            "He has Parkinson disease.",
            "PATIENT",
            &["parkinson", "disease"][..],
        ),
        ("Seen in Texas.", "LOC", &["texas"]),
        ("Seen in 1999.", "DATE", &["1999"]),
        ("Seen by 12 mg.", "ID", &["12"]),
        ("He is 12 9.", "AGE", &["12", "9"]),
        ("Seen by the.", "PATIENT", &["by", "the"]),
    ] {
        assert_eq!(found(text, label, words), [], "{text}");
    }
}

#[test]
fn an_unknown_name_in_lower_case_is_found_in_long_texts_too() {
    let text = "The ward was quiet and nothing was said of it. ".repeat(10) + "Seen by zorblax.";
    let findings = found(&text, "PATIENT", &["zorb", "##lax"]);
    assert_eq!(
        findings,
        [("zorblax".to_owned(), Label::Name, "classifier")]
    );
}

#[test]
fn odd_characters_are_found_with_their_places() {
    let text = "Seen by zor\u{200B}blax on the ward.";
    assert_eq!(
        found(text, "PATIENT", &["zorb", "##lax"]),
        [("zor\u{200B}blax".to_owned(), Label::Name, "classifier")]
    );
}

#[test]
fn the_manifest_names_the_model() {
    let engine = TextEngine::new().with_classifier(reader("PATIENT", &["zorb", "##lax"]));
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = hospital_entropy();
    let mut work =
        Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, 2024).unwrap();

    let made = work.note("Seen by zorblax on the ward.", None);
    let manifest = work.finish().0;

    assert!(!made.contains("zorblax"));
    assert_eq!(manifest.classifier.as_ref(), Some(&super::identity()));
    assert_eq!(manifest.text.findings[&Label::Name]["classifier"], 1);
    assert!(
        manifest
            .to_canonical_json()
            .windows(8)
            .any(|bytes| bytes == b"07070707")
    );
}

/// Numbers in order: codes need only be different.
fn hospital_entropy() -> impl domain::Entropy {
    struct Counting(u8);
    impl domain::Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }
    Counting(0)
}
