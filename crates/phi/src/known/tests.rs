use std::sync::LazyLock;

use super::*;
use crate::text::TextEngine;

static ENGINE: LazyLock<TextEngine> = LazyLock::new(TextEngine::new);

fn person() -> KnownPerson {
    KnownPerson::builder()
        .name("William J. Quillfeather")
        .relative_name("Young, Grace")
        .date("1956-03-04")
        .phone("+1 (212) 555-0147")
        .address("123 N Oak Street, Reading, PA 19601")
        .identifier(Label::Mrn, "AB-44821")
        .identifier(Label::Email, "wq@example.org")
        .build()
}

fn found(text: &str) -> Vec<String> {
    ENGINE
        .scan(text, Some(&person()))
        .iter()
        .map(|finding| text.get(finding.range()).unwrap().to_owned())
        .collect()
}

#[test]
fn names_in_any_shape() {
    for name in [
        "quillfeather",
        "QUILLFEATHER",
        "Quillfeather, William",
        "W. J. Quillfeather",
        "W. Quillfeather",
        "Bill Quillfeather",
        "will quillfeather",
        "Quilfeather",
        "Qiullfeather",
        "grace young",
        "William\nQuillfeather",
    ] {
        assert_eq!(found(&format!("then {name} slept")), [name], "{name}");
    }
}

#[test]
fn everyday_words_of_a_name_stay_in_lower_case() {
    assert!(found("he will grow; a young man with grace").is_empty());
}

#[test]
fn numbers_in_any_layout() {
    for value in [
        "03/04/1956",
        "3-4-56",
        "19560304",
        "March 4th, 1956",
        "4 Mar 1956",
        "04MAR1956",
        "2125550147",
        "212.555.0147",
        "555 0147",
        "ab44821",
        "AB 44821",
        "WQ@example.org",
        "123 N. Oak St",
        "123 n oak street",
    ] {
        let text = format!("noted {value} again");
        assert_eq!(found(&text), [value], "{value}");
    }
    assert_eq!(found("in Reading twice"), ["Reading"]);
    assert!(found("he likes reading twice").is_empty());
}

#[test]
fn generated_names_with_digits_are_names() {
    let person = KnownPerson::builder().name("Sunny31 Zyblin204").build();
    let findings = ENGINE.scan("# History\nSunny31 is a 1 year-old girl", Some(&person));
    assert_eq!(findings.len(), 1);
}

#[test]
fn debug_shows_counts_only() {
    let debug = format!("{:?}", person());
    assert!(
        !debug.contains("uill") && !debug.contains("1956"),
        "{debug}"
    );
}
