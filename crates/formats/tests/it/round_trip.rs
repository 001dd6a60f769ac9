use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray,
    types::{Float64Type, Int64Type},
};
use cloister_formats::{TableWriter, WriteError, write_csv, write_jsonl, write_parquet};
use domain::Explain;
use proptest::{collection::vec, option, prelude::*};

use super::*;

type Row = (Option<String>, Option<i64>, Option<f64>, Option<bool>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let text = prop_oneof![
        "[ -~\u{a0}-\u{2fff}\n\r\t\"',;|]{0,12}",
        Just(String::new())
    ];
    let number = prop_oneof![
        any::<f64>().prop_filter("JSON has finite numbers only", |number| number.is_finite()),
        Just(0.1),
        Just(-0.0),
        Just(1.0),
    ];
    vec(
        (
            option::of(text),
            option::of(any::<i64>()),
            option::of(number),
            option::of(any::<bool>()),
        ),
        1..40,
    )
}

/// Names that tempt the sniffing of delimiter and spacing, too.
fn names() -> impl Strategy<Value = [String; 4]> {
    ["[a-z]{1,5}1", "[ a;|\t,\"]{0,4}b2", " c3", "[d;]{1,3}4"]
}

fn batch(names: &[String; 4], rows: &[Row]) -> RecordBatch {
    let [text, int, number, flag] = names.each_ref().map(String::as_str);
    let texts: StringArray = rows.iter().map(|row| row.0.as_deref()).collect();
    let ints: Int64Array = rows.iter().map(|row| row.1).collect();
    let numbers: Float64Array = rows.iter().map(|row| row.2).collect();
    let flags: BooleanArray = rows.iter().map(|row| row.3).collect();
    let schema = schema(&[
        (text, DataType::Utf8),
        (int, DataType::Int64),
        (number, DataType::Float64),
        (flag, DataType::Boolean),
    ]);
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(texts),
        Arc::new(ints),
        Arc::new(numbers),
        Arc::new(flags),
    ];
    RecordBatch::try_new(schema, arrays).unwrap()
}

proptest! {
    #[test]
    fn parquet_gives_back_the_same_batch_and_the_same_bytes(names in names(), rows in rows()) {
        let batch = batch(&names, &rows);
        let (mut once, mut twice) = (Vec::new(), Vec::new());
        write_parquet(&mut once, batch.schema(), [&batch]).unwrap();
        write_parquet(&mut twice, batch.schema(), [&batch]).unwrap();
        prop_assert_eq!(&once, &twice);
        prop_assert_eq!(batches(Format::Parquet, &once).unwrap(), vec![batch]);
    }

    #[test]
    fn json_lines_give_back_the_same_batch(names in names(), mut rows in rows()) {
        // A column of nulls has no type in JSON.
        rows.push((Some("x".into()), Some(1), Some(0.5), Some(true)));
        let batch = batch(&names, &rows);
        let mut bytes = Vec::new();
        write_jsonl(&mut bytes, batch.schema(), [&batch]).unwrap();
        prop_assert_eq!(batches(Format::Jsonl, &bytes).unwrap(), vec![batch]);
    }

    #[test]
    fn csv_gives_back_the_same_cells_as_text(names in names(), rows in rows()) {
        let batch = batch(&names, &rows);
        let mut bytes = Vec::new();
        write_csv(&mut bytes, batch.schema(), [&batch]).unwrap();
        let read = batches(Format::Csv, &bytes).unwrap();
        let headers: Vec<String> = columns(&read[0]).into_iter().map(|column| column.0).collect();
        prop_assert_eq!(headers, names);
        let expected: Vec<Vec<Option<String>>> = rows
            .iter()
            .map(|row| vec![
                row.0.clone().filter(|text| !text.is_empty()),
                row.1.map(|value| value.to_string()),
                row.2.map(|value| value.to_string()),
                row.3.map(|value| value.to_string()),
            ])
            .collect();
        prop_assert_eq!(cells(&read), expected);
    }

    #[test]
    fn one_column_of_csv_keeps_its_nulls(texts in vec(option::of("[a-z;|\t ]{1,4}"), 1..20)) {
        let column: StringArray = texts.iter().map(Option::as_deref).collect();
        let schema = schema(&[("only", DataType::Utf8)]);
        let batch = RecordBatch::try_new(schema, vec![Arc::new(column)]).unwrap();
        let mut bytes = Vec::new();
        write_csv(&mut bytes, batch.schema(), [&batch]).unwrap();
        prop_assert_eq!(batches(Format::Csv, &bytes).unwrap(), vec![batch]);
    }

    #[test]
    fn our_csv_is_what_the_csv_library_reads(rows in rows()) {
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        let batch = batch(&names, &rows);
        let mut bytes = Vec::new();
        write_csv(&mut bytes, batch.schema(), [&batch]).unwrap();
        let mut oracle = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let theirs: Vec<Vec<Option<String>>> = oracle
            .records()
            .skip(1)
            .map(|record| {
                let fields = record.unwrap();
                fields.iter().map(|field| (!field.is_empty()).then(|| field.to_owned())).collect()
            })
            .collect();
        prop_assert_eq!(cells(&batches(Format::Csv, &bytes).unwrap()), theirs);
    }
}

#[test]
fn parquet_does_not_depend_on_how_a_stream_is_flushed() {
    let names = ["a", "b", "c", "d"].map(str::to_owned);
    let row = (Some("x".repeat(100)), Some(1), Some(0.5), Some(true));
    let batch = batch(&names, &vec![row; 5_000]);
    let mut bytes = Vec::new();
    let mut writer = TableWriter::create(Format::Parquet, batch.schema(), &mut bytes).unwrap();
    for _ in 0..300 {
        writer.write(&batch).unwrap();
    }
    writer.finish().unwrap();
    let rows: usize = batches(Format::Parquet, &bytes)
        .unwrap()
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 1_500_000);
}

#[test]
fn json_refuses_what_it_cannot_say() {
    let numbers = Arc::new(Float64Array::from(vec![0.0, f64::NAN]));
    let schema = schema(&[("n", DataType::Float64)]);
    let batch = RecordBatch::try_new(schema, vec![numbers]).unwrap();
    let error = write_jsonl(&mut Vec::new(), batch.schema(), [&batch]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 2 of column `n` is not a finite number"
    );

    let mut bytes = Vec::new();
    write_parquet(&mut bytes, batch.schema(), [&batch]).unwrap();
    let read = batches(Format::Parquet, &bytes).unwrap();
    assert!(read[0]["n"].as_primitive::<Float64Type>().value(1).is_nan());
}

#[test]
fn a_foreign_batch_and_a_foreign_type_are_refused() {
    let two = schema(&[("a", DataType::Utf8), ("b", DataType::Utf8)]);
    let one = schema(&[("a", DataType::Utf8)]);
    let batch = RecordBatch::new_empty(one);
    let error = write_csv(&mut Vec::new(), two, [&batch]).unwrap_err();
    assert!(matches!(error, WriteError::Schema));

    let small = schema(&[("a", DataType::Int8)]);
    let error = write_csv(&mut Vec::new(), small, []).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1041");
}

#[test]
fn a_full_disk_is_an_error_of_every_writer() {
    let column: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1_000));
    let batch = RecordBatch::try_from_iter([("a", column)]).unwrap();
    assert!(batch["a"].as_primitive::<Int64Type>().len() == 1_000);
    for format in [Format::Csv, Format::Jsonl, Format::Parquet] {
        let mut out = Full(50);
        let outcome =
            TableWriter::create(format, batch.schema(), &mut out).and_then(|mut writer| {
                writer.write(&batch)?;
                writer.finish()
            });
        let error = outcome.unwrap_err();
        assert!(
            error.help().starts_with("free some space"),
            "{format}: {error:?}"
        );
    }
}

/// A sink with room for so many bytes.
struct Full(usize);
impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        match taken {
            0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
            taken => Ok(taken),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
