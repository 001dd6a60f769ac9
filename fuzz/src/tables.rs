//! Tables, documents and FHIR resources.

use std::panic;

use formats::{
    Format, Input, Limits, TableKeys, TableWriter, fhir, read_encrypted_table, read_table,
};

/// What was read, written and read again is the same.
pub(crate) fn csv(data: &[u8]) {
    again(Format::Csv, data);
}

/// What was read, written and read again is the same.
pub(crate) fn jsonl(data: &[u8]) {
    again(Format::Jsonl, data);
}

/// The Parquet library may panic: the reader makes an error of it, and only what gets past the
/// reader is a finding. So the fuzzer's own hook, which ends the process at once, is taken out.
pub(crate) fn parquet(data: &[u8]) {
    panic::set_hook(Box::new(|_| {}));
    read(Format::Parquet, data);
}

/// Encrypted Parquet with keys at hand: anything but a whole file is refused, without a panic that
/// gets out. The seeds are under the key and in the place of this target.
pub(crate) fn parquet_encrypted(data: &[u8]) {
    panic::set_hook(Box::new(|_| {}));
    let names = ["cl1.fuzz.footer", "cl1.fuzz.column", ""];
    let keys = names.map(|name| (name.to_owned(), vec![7; 32].into()));
    let keys = TableKeys::foreign(Some("fuzz"), keys);
    let input = Input::Bytes(data.to_vec());
    if let Ok(table) = read_encrypted_table("x", input, &limits(), None, &keys) {
        let schema = table.schema();
        for batch in table.flatten() {
            assert_eq!(batch.schema(), schema);
        }
    }
}

/// Any bytes have a format or a refusal; the reader of that format does not panic.
pub(crate) fn text(data: &[u8]) {
    read(Format::Text, data);
    for name in ["note.txt", "x.csv", "x.json", "x"] {
        if let Ok(format) = Format::detect(name, data)
            && format != Format::Parquet
        {
            read(format, data);
        }
    }
}

/// Resources of a bundle, flattened.
pub(crate) fn fhir_bundle(data: &[u8]) {
    flatten(Format::FhirBundle, data);
}

/// Resources line by line, flattened.
pub(crate) fn fhir_ndjson(data: &[u8]) {
    flatten(Format::FhirNdjson, data);
}

fn read(format: Format, data: &[u8]) {
    let input = Input::Bytes(data.to_vec());
    if let Ok(table) = read_table("x", format, input, &limits(), None) {
        let schema = table.schema();
        for batch in table.flatten() {
            assert_eq!(batch.schema(), schema);
        }
    }
}

fn again(format: Format, data: &[u8]) {
    let whole = |bytes: Vec<u8>| -> Result<Vec<_>, formats::ReadError> {
        read_table("x", format, Input::Bytes(bytes), &limits(), None)?.collect()
    };
    let Ok(batches) = whole(data.to_vec()) else {
        return;
    };
    let Some(first) = batches.first() else { return };
    if first.num_columns() == 0 {
        return;
    }
    let mut bytes = Vec::new();
    let mut writer = TableWriter::create(format, first.schema(), &mut bytes).expect("a writer");
    for batch in &batches {
        writer.write(batch).expect("a batch of the same columns");
    }
    writer.finish().expect("room in memory");
    let same = whole(bytes).expect("what was written can be read");
    assert!(batches == same, "reading, writing and reading again");
}

fn flatten(format: Format, data: &[u8]) {
    let input = Input::Bytes(data.to_vec());
    let Ok(resources) = fhir::resources("x", format, input, &limits()) else {
        return;
    };
    if let Ok(tables) = fhir::flatten(resources, &limits()) {
        for (name, batches) in &tables.tables {
            for batch in batches {
                assert_eq!(Some(batch.schema()), fhir::schema(name));
            }
        }
    }
}

fn limits() -> Limits {
    Limits {
        columns: 512,
        input_bytes: 1 << 20,
        ..Limits::default()
    }
}
