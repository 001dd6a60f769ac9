use ::parquet::arrow::ArrowWriter;
use arrow_array::{
    Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, Float32Array, Int8Array, Int64Array, LargeStringArray, ListArray,
    StringArray, StringViewArray, StructArray, Time32MillisecondArray, TimestampMicrosecondArray,
    UInt64Array,
    types::{Float64Type, Int32Type, Int64Type},
};
use domain::Explain;

use super::*;

/// A Parquet file with one column.
fn file(column: ArrayRef) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter([("c", column)]).unwrap();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn column(array: impl Array + 'static) -> ArrayRef {
    let batches = batches(Format::Parquet, &file(Arc::new(array))).unwrap();
    ArrayRef::clone(batches[0].column(0))
}

fn texts(array: impl Array + 'static) -> Vec<Option<String>> {
    let array = column(array);
    let texts = array.as_string::<i32>().iter();
    texts.map(|text| text.map(str::to_owned)).collect()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[test]
fn every_text_type_becomes_utf8() {
    let expected = [some("02139"), None];
    assert_eq!(
        texts(StringArray::from(vec![Some("02139"), None])),
        expected
    );
    assert_eq!(
        texts(LargeStringArray::from(vec![Some("02139"), None])),
        expected
    );
    assert_eq!(
        texts(StringViewArray::from(vec![Some("02139"), None])),
        expected
    );
    assert_eq!(
        texts(BinaryArray::from(vec![Some(&b"02139"[..]), None])),
        expected
    );
    let dictionary: DictionaryArray<Int32Type> = [Some("02139"), None].into_iter().collect();
    assert_eq!(texts(dictionary), expected);
    let values = [Some(b"02139"), None].into_iter();
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, 5).unwrap();
    assert_eq!(texts(fixed), expected);
}

#[test]
fn numbers_widen_and_decimals_keep_their_value() {
    let int = column(Int8Array::from(vec![Some(-7), None]));
    assert_eq!(int.as_primitive::<Int64Type>().value(0), -7);
    let float = column(Float32Array::from(vec![0.5]));
    assert!((float.as_primitive::<Float64Type>().value(0) - 0.5).abs() < 1e-12);
    let whole = Decimal128Array::from(vec![41])
        .with_precision_and_scale(9, 0)
        .unwrap();
    assert_eq!(column(whole).as_primitive::<Int64Type>().value(0), 41);
    let cents = Decimal128Array::from(vec![1250])
        .with_precision_and_scale(9, 2)
        .unwrap();
    assert!((column(cents).as_primitive::<Float64Type>().value(0) - 12.5).abs() < 1e-12);
}

#[test]
fn dates_and_times_become_iso_8601_in_utc() {
    assert_eq!(
        texts(Date32Array::from(vec![0, 11_016])),
        [some("1970-01-01"), some("2000-02-29")]
    );
    let local = TimestampMicrosecondArray::from(vec![951_782_400_000_000]);
    assert_eq!(texts(local.clone()), [some("2000-02-29T00:00:00")]);
    assert_eq!(
        texts(local.with_timezone("+05:00")),
        [some("2000-02-29T00:00:00Z")]
    );
    assert_eq!(
        texts(Time32MillisecondArray::from(vec![3_723_000])),
        [some("01:02:03")]
    );
}

#[test]
fn nested_values_become_json_text() {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]);
    assert_eq!(texts(list), [some("[1,null]"), None, some("[]")]);
    let group = StructArray::try_from(vec![
        ("a", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
        ("b", Arc::new(Date32Array::from(vec![0])) as ArrayRef),
    ])
    .unwrap();
    assert_eq!(texts(group), [some("{\"a\":1,\"b\":\"1970-01-01\"}")]);
}

#[test]
fn values_that_do_not_fit_are_named_by_column_and_row() {
    let large = file(Arc::new(UInt64Array::from(vec![1, u64::MAX])));
    let error = batches(Format::Parquet, &large).unwrap_err();
    assert_eq!(
        (error.code().to_string().as_str(), error.row),
        ("CL1022", Some(2))
    );
    let bytes = file(Arc::new(BinaryArray::from(vec![&b"\xff"[..]])));
    let error = batches(Format::Parquet, &bytes).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("column `c` does not fit UTF-8 text")
    );
}

#[test]
fn every_truncation_is_refused() {
    let whole = file(Arc::new(StringArray::from(vec!["a", "b", "c"])));
    for length in 0..whole.len() {
        assert!(
            batches(Format::Parquet, &whole[..length]).is_err(),
            "{length}"
        );
    }
    assert!(batches(Format::Parquet, &whole).is_ok());
}

#[test]
fn encrypted_and_foreign_files_are_told_apart() {
    for (bytes, code) in [
        (&b"PARE0123456789PARE"[..], "CL1020"),
        (b"PAR1", "CL1019"),
        (b"a,b\n1,2\n1,2\n", "CL1019"),
        (b"", "CL1001"),
    ] {
        let error = batches(Format::Parquet, bytes).unwrap_err();
        assert_eq!(error.code().to_string(), code);
    }
}

#[test]
fn unwanted_columns_are_not_decoded() {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let junk: ArrayRef = Arc::new(BinaryArray::from(vec![&b"\xff"[..]]));
    let batch = RecordBatch::try_from_iter([("junk", junk), ("id", ids)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let wanted = ["id".to_owned()];
    let input = Input::Bytes(bytes);
    let limits = Limits::default();
    let mut table = read_table("x", Format::Parquet, input, &limits, Some(&wanted)).unwrap();
    assert_eq!(table.dropped(), ["junk"]);
    assert_eq!(table.next().unwrap().unwrap().num_columns(), 1);
}
