//! No bytes make a parser panic: mutations of valid seeds, and the limits of the proptest runner.

use arrow_array::{ArrayRef, Float64Array, ListArray, StringArray, types::Int64Type};
use cloister_formats::{fhir, write_parquet};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

/// Everything that may be done to a seed.
#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Truncate(Index),
    Repeat(Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let special = prop_oneof![
        any::<u8>(),
        proptest::sample::select(b"\"\r\n,;{}[]:\\\0\xff\xef\xbb\xbf0-e.".to_vec()),
    ];
    prop_oneof![
        4 => (any::<Index>(), special.clone()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<Index>(), vec(special, 1..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (any::<Index>(), 1_usize..20).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => any::<Index>().prop_map(Change::Truncate),
        1 => (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Set(at, byte) => *at.get_mut(&mut bytes) = *byte,
            Change::Insert(at, more) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Remove(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..bytes.len().min(at + length));
            }
            Change::Truncate(at) => bytes.truncate(at.index(bytes.len())),
            Change::Repeat(at, length) => {
                let at = at.index(bytes.len());
                let more = bytes[at..bytes.len().min(at + length)].to_vec();
                bytes.splice(at..at, more);
            }
        }
    }
    bytes
}

fn parquet_seed() -> Vec<u8> {
    let text: ArrayRef = Arc::new(StringArray::from(vec![Some("ab"), None, Some("ab")]));
    let number: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
    let batch = RecordBatch::try_from_iter([("t", text), ("n", number)]).unwrap();
    let mut bytes = Vec::new();
    let fields = [("t", DataType::Utf8), ("n", DataType::Float64)];
    let batch = batch.with_schema(schema(&fields)).unwrap();
    write_parquet(&mut bytes, batch.schema(), [&batch]).unwrap();
    bytes
}

fn nested_parquet_seed() -> Vec<u8> {
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
    ]));
    let batch = RecordBatch::try_from_iter([("l", list)]).unwrap();
    let mut out = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

/// Reads to the end; whether it is an error does not matter here.
fn read_all(format: Format, bytes: Vec<u8>) {
    let limits = Limits {
        rows_per_batch: 4,
        input_bytes: 1 << 20,
        ..Limits::default()
    };
    let whole = Input::Bytes(bytes);
    if let Ok(table) = read_table("x", format, whole, &limits, None) {
        let schema = table.schema();
        for batch in table.flatten() {
            assert_eq!(batch.schema(), schema);
        }
    }
}

fn flatten_all(format: Format, bytes: Vec<u8>) {
    let limits = Limits::default();
    if let Ok(resources) = fhir::resources("x", format, Input::Bytes(bytes), &limits) {
        drop(fhir::flatten(resources, &limits));
    }
}

const CSV: &[u8] = b"a,\"b\",c\r\n1,\"x\"\"y\nz\",\xc3\xa9\r\n\n,,\"\"\r\n2,3,4\n";
const JSONL: &[u8] =
    b"{\"a\":1,\"b\":[{\"c\":null}],\"d\":\"x\\u00e9\"}\n{\"a\":2.5e3,\"e\":true}\n";
const BUNDLE: &[u8] = include_bytes!("../data/bundle.json");

proptest! {
    #[test]
    fn csv_never_panics(changes in vec(change(), 0..12)) {
        read_all(Format::Csv, changed(CSV, &changes));
    }

    #[test]
    fn json_lines_never_panic(changes in vec(change(), 0..12)) {
        read_all(Format::Jsonl, changed(JSONL, &changes));
    }

    #[test]
    fn text_never_panics(bytes in vec(any::<u8>(), 0..64)) {
        read_all(Format::Text, bytes);
    }

    #[test]
    fn parquet_never_panics(changes in vec(change(), 1..6), nested in any::<bool>()) {
        let seed = if nested { nested_parquet_seed() } else { parquet_seed() };
        read_all(Format::Parquet, changed(&seed, &changes));
    }

    #[test]
    fn fhir_never_panics(changes in vec(change(), 0..6)) {
        let bytes = changed(BUNDLE, &changes);
        flatten_all(Format::FhirBundle, bytes.clone());
        flatten_all(Format::FhirNdjson, bytes);
    }

    #[test]
    fn detection_never_panics_and_agrees_with_itself(changes in vec(change(), 0..12)) {
        for seed in [CSV, JSONL, BUNDLE] {
            let bytes = changed(seed, &changes);
            let once = Format::detect("x", &bytes).ok();
            prop_assert_eq!(once, Format::detect("x", &bytes).ok());
        }
    }
}
