use arrow_array::{
    Array,
    types::{Float64Type, Int64Type},
};
use domain::Explain;

use super::*;

fn one(text: &str) -> RecordBatch {
    let batches = batches(Format::Jsonl, text.as_bytes()).unwrap();
    assert_eq!(batches.len(), 1);
    batches[0].clone()
}

#[test]
fn columns_are_the_union_of_keys_with_the_widest_type() {
    let batch = one(concat!(
        "{\"s\":\"x\",\"i\":1,\"f\":1,\"b\":true,\"m\":1,\"n\":{\"a\":[1,2]},\"z\":null}\n",
        "\n",
        "{\"b\":false,\"s\":null,\"f\":2.5,\"m\":\"two\",\"late\":7}\r\n",
    ));
    let expected = [
        ("s", DataType::Utf8),
        ("i", DataType::Int64),
        ("f", DataType::Float64),
        ("b", DataType::Boolean),
        ("m", DataType::Utf8),
        ("n", DataType::Utf8),
        ("z", DataType::Utf8),
        ("late", DataType::Int64),
    ];
    assert_eq!(batch.schema(), schema(&expected));
    assert_eq!(
        batch["f"].as_primitive::<Float64Type>().values().as_ref(),
        [1.0, 2.5]
    );
    assert!(batch["late"].is_null(0));
    assert_eq!(batch["late"].as_primitive::<Int64Type>().value(1), 7);
    let text = |column: &str, row| batch[column].as_string::<i32>().value(row).to_owned();
    assert_eq!(text("m", 0), "1");
    assert_eq!(text("m", 1), "two");
    assert_eq!(text("n", 0), "{\"a\":[1,2]}");
}

#[test]
fn a_type_that_changes_after_the_first_batch_changes_the_whole_column() {
    let limits = Limits {
        rows_per_batch: 1,
        ..Limits::default()
    };
    let input = Input::Bytes(b"{\"a\":1}\n{\"a\":\"x\"}\n".to_vec());
    let table = read_table("x", Format::Jsonl, input, &limits, None).unwrap();
    let batches: Vec<RecordBatch> = table.map(Result::unwrap).collect();
    assert_eq!(batches.len(), 2);
    assert!(
        batches
            .iter()
            .all(|batch| batch.schema() == schema(&[("a", DataType::Utf8)]))
    );
    assert_eq!(
        cells(&batches),
        [[Some("1".to_owned())], [Some("x".to_owned())]]
    );
}

#[test]
fn integers_beyond_64_bits_are_kept_as_text() {
    let batch = one("{\"a\":18446744073709551615}\n{\"a\":1}\n");
    assert_eq!(
        batch["a"].as_string::<i32>().value(0),
        "18446744073709551615"
    );
}

#[test]
fn faults_are_named_by_code_row_and_byte() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(64), "]".repeat(64));
    for (text, code, row, offset) in [
        ("", "CL1001", None, None),
        ("\n \n", "CL1001", None, None),
        ("{\"a\":1}\n[1]\n", "CL1017", Some(2), Some(8)),
        ("{\"a\":1}\n{\"a\":?}\n", "CL1016", Some(2), Some(13)),
        ("{\"a\":1}\n{\"a\":1}x\n", "CL1016", Some(2), Some(15)),
        ("{\"a\":1,\"a\":2}\n", "CL1018", Some(1), Some(0)),
        (&deep, "CL1009", Some(1), Some(68)),
    ] {
        let error = batches(Format::Jsonl, text.as_bytes()).unwrap_err();
        assert_eq!(error.code().to_string(), code, "{text}");
        assert_eq!((error.row, error.offset), (row, offset), "{text}");
    }
}

#[test]
fn a_million_brackets_are_refused_and_do_not_overflow_the_stack() {
    let text = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let error = batches(Format::Jsonl, text.as_bytes()).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1009");
}

#[test]
fn a_line_over_the_limit_is_refused() {
    let limits = Limits {
        line_bytes: 10,
        ..Limits::default()
    };
    let input = Input::Bytes(b"{\"a\":1}\n{\"a\":\"0123456789\"}\n".to_vec());
    let error = read_table("x", Format::Jsonl, input, &limits, None).unwrap_err();
    assert_eq!((error.row, error.offset), (Some(2), Some(8)));
}

#[test]
fn an_endless_input_is_refused_at_the_limit() {
    let limits = Limits {
        input_bytes: 1 << 20,
        ..Limits::default()
    };
    let stream = Input::Stream(Box::new(Endless(b' ')));
    let error = read_table("x", Format::Jsonl, stream, &limits, None).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1008");
}

#[test]
fn unwanted_keys_are_dropped() {
    let wanted = ["b".to_owned()];
    let input = Input::Bytes(b"{\"a\":1,\"b\":2}\n".to_vec());
    let limits = Limits::default();
    let mut table = read_table("x", Format::Jsonl, input, &limits, Some(&wanted)).unwrap();
    assert_eq!(table.dropped(), ["a"]);
    let batch = table.next().unwrap().unwrap();
    assert_eq!(columns(&batch), [("b".to_owned(), DataType::Int64)]);
}
