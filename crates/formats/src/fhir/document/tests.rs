use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

fn read<'d>(tape: &'d mut Tape, text: &'d str) -> Result<Document<'d>, ReadError> {
    tape.read("x", text, 0, &Limits::default())
}

fn refusal(text: &str) -> (u64, ReadErrorKind) {
    let error = read(&mut Tape::default(), text).unwrap_err();
    (error.offset.unwrap(), error.kind)
}

/// The element as a tree, for comparison.
fn tree(element: Element<'_>) -> Value {
    match element.shape() {
        Shape::Object => {
            let members = element.members().map(|member| {
                let quoted = format!("\"{}\"", member.key);
                (serde_json::from_str(&quoted).unwrap(), tree(member.value))
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Shape::List => element.items().map(tree).collect(),
        Shape::Text => Value::String(element.text().unwrap().into_owned()),
        _ => serde_json::from_str(element.raw()).unwrap(),
    }
}

#[test]
fn a_document_is_found_in_its_parts() {
    let text =
        r#" {"a": [1, -2.5e3, "x\"y", {"b": null}], "long key": {"c": true}, "e": {}, "f": []} "#;
    let mut tape = Tape::default();
    let document = read(&mut tape, text).unwrap();
    assert_eq!(
        tree(document.root()),
        serde_json::from_str::<Value>(text).unwrap()
    );
    let inner = document.root().get("long key").unwrap();
    assert_eq!(inner.raw(), r#"{"c": true}"#);
    assert_eq!(text.get(inner.start()..inner.end()), Some(inner.raw()));
    assert!(document.root().get("nothing").is_none());
}

#[test]
fn what_is_malformed_is_refused_at_its_place() {
    for (text, at) in [
        (r#"{"a":1"#, 6),
        (r#"{"a" 1}"#, 5),
        (r#"{"a":1,}"#, 7),
        (r"[1,]", 3),
        (r"[1 2]", 3),
        (r"[01]", 3),
        (r"[1.]", 3),
        (r"[tru]", 1),
        (r#"["a"]]"#, 5),
        (r#"["\x"]"#, 2),
        (r#"["\ud800"]"#, 2),
        ("[\"a\nb\"]", 3),
        (r#"["abc"#, 5),
        (r"[1}", 2),
    ] {
        assert!(
            matches!(refusal(text), (found, ReadErrorKind::Json) if found == at),
            "{text}"
        );
    }
}

#[test]
fn repeated_keys_are_refused_however_they_are_written() {
    for text in [r#"{"id":1,"b":2,"id":3}"#, r#"{"id":1,"\u0069d":3}"#] {
        assert!(
            matches!(refusal(text).1, ReadErrorKind::DuplicateKey),
            "{text}"
        );
    }
    let many: Vec<String> = (0..60)
        .map(|key| format!("\"k{key}\":{{\"k\":1}}"))
        .collect();
    let sound = format!("{{{}}}", many.join(","));
    read(&mut Tape::default(), &sound).unwrap();
    let repeated = format!("{{{},\"k7\":1}}", many.join(","));
    assert!(matches!(refusal(&repeated).1, ReadErrorKind::DuplicateKey));
}

#[test]
fn deep_nesting_is_refused_without_a_deep_stack() {
    let deep = "[".repeat(100_000);
    assert!(matches!(
        refusal(&deep),
        (64, ReadErrorKind::TooDeep { limit: 64 })
    ));
}

#[test]
fn an_empty_file_has_no_document() {
    let input = Input::Bytes(b"\xef\xbb\xbf \n".to_vec());
    let mut documents = documents("x", Format::FhirBundle, input, &Limits::default()).unwrap();
    assert!(matches!(
        documents.next().unwrap_err().kind,
        ReadErrorKind::Empty
    ));
}

#[test]
fn lines_are_told_with_their_place() {
    let input = Input::Bytes(b"{}\n{\"a\":}\n".to_vec());
    let mut documents = documents("x", Format::FhirNdjson, input, &Limits::default()).unwrap();
    assert!(documents.next().unwrap().is_some());
    let error = documents.next().unwrap_err();
    assert_eq!((error.row, error.offset), (Some(2), Some(8)));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        "\\PC{0,20}|[\"\\\\\n\u{7}a]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("[a-z\"]{0,4}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_document_reads_as_the_tree_it_is(value in json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value).unwrap()
        } else {
            value.to_string()
        };
        let mut tape = Tape::default();
        prop_assert_eq!(tree(read(&mut tape, &text).unwrap().root()), value);
    }

    #[test]
    fn what_is_read_is_what_another_parser_reads(text in "[\\[\\]{}:,\"\\\\a01.e\\-u tn]{0,24}") {
        let mut tape = Tape::default();
        let other = serde_json::from_str::<Value>(&text);
        match read(&mut tape, &text) {
            Ok(document) => prop_assert_eq!(tree(document.root()), other.unwrap()),
            Err(error) => prop_assert!(
                other.is_err() || matches!(error.kind, ReadErrorKind::DuplicateKey)
            ),
        }
    }
}
