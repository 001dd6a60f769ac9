use cloister_formats::{TableWriter, read_documents, write_text};
use domain::Explain;

use super::*;

#[test]
fn a_document_is_one_row_and_comes_back_byte_for_byte() {
    let text = "Seen today.\r\n\tStable — é.\n";
    let batches = batches(Format::Text, text.as_bytes()).unwrap();
    assert_eq!(
        cells(&batches),
        [[Some("x".to_owned()), Some(text.to_owned())]]
    );
    let mut out = Vec::new();
    write_text(&mut out, batches[0].schema(), &batches).unwrap();
    assert_eq!(out, text.as_bytes());
}

#[test]
fn many_documents_are_many_rows_and_a_bad_one_is_named() {
    let documents = ["one", "two"].map(|id| (id.to_owned(), Input::Bytes(id.into())));
    let rows: Vec<RecordBatch> = read_documents(documents, &Limits::default())
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows[0].num_rows(), 2);

    let documents = [("ok", &b"fine"[..]), ("bad", b"caf\xe9")]
        .map(|(id, bytes)| (id.to_owned(), Input::Bytes(bytes.to_vec())));
    let error = read_documents(documents, &Limits::default())
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!((error.file.as_str(), error.offset), ("bad", Some(3)));
}

#[test]
fn empty_binary_and_endless_documents_are_refused() {
    for (bytes, code) in [
        (&b""[..], "CL1001"),
        (b"a\0", "CL1003"),
        (b"\xc3", "CL1002"),
    ] {
        let error = batches(Format::Text, bytes).unwrap_err();
        assert_eq!(error.code().to_string(), code);
    }
    let limits = Limits {
        field_bytes: 1000,
        ..Limits::default()
    };
    let stream = Input::Stream(Box::new(Endless(b'x')));
    let mut table = read_table("x", Format::Text, stream, &limits, None).unwrap();
    let error = table.next().unwrap().unwrap_err();
    assert_eq!(error.code().to_string(), "CL1006");
}

#[test]
fn text_needs_a_text_column() {
    let schema = schema(&[("note", DataType::Utf8)]);
    let mut out = Vec::new();
    let error = TableWriter::create(Format::Text, schema, &mut out).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1041");
}
