use domain::Explain;

use super::*;

fn rows(bytes: &[u8]) -> Vec<Vec<Option<String>>> {
    cells(&batches(Format::Csv, bytes).unwrap())
}

fn row(cells: &[&str]) -> Vec<Option<String>> {
    cells
        .iter()
        .map(|cell| (!cell.is_empty()).then(|| (*cell).to_owned()))
        .collect()
}

/// Code, row and byte of the refusal.
fn refusal(bytes: &[u8]) -> (String, Option<u64>, Option<u64>) {
    let error = batches(Format::Csv, bytes).unwrap_err();
    (error.code().to_string(), error.row, error.offset)
}

#[test]
fn edge_cases_read_as_in_rfc_4180() {
    let golden: &[(&str, &[&[&str]])] = &[
        ("a,b\n1,2\n", &[&["1", "2"]]),
        ("a,b\n1,2", &[&["1", "2"]]),
        ("a,b\r\n1,2\r\n", &[&["1", "2"]]),
        ("a,b\n\"x,y\",\"q\"\"r\"\"\"\n", &[&["x,y", "q\"r\""]]),
        (
            "a,b\n\"line\nend\",\"c\r\nd\"\n",
            &[&["line\nend", "c\r\nd"]],
        ),
        ("a,b\n,\n\"\",x\n", &[&["", ""], &["", "x"]]),
        ("\u{feff}a,b\n02139,007\n", &[&["02139", "007"]]),
        ("\n\na,b\n\n1,2\n\r\n3,4\n\n", &[&["1", "2"], &["3", "4"]]),
        ("a;b\n1,5;2,5\n", &[&["1,5", "2,5"]]),
        ("a\tb\n1 2\t3\n", &[&["1 2", "3"]]),
        ("a|b\n1|\"2|3\"\n", &[&["1", "2|3"]]),
        ("a, b\n1, \"2, 3\"\n", &[&["1", "2, 3"]]),
        ("a,b\n1, 2 \n", &[&["1", " 2 "]]),
        ("a\n1\n\"\"\n2\n", &[&["1"], &[""], &["2"]]),
        ("a,b\n=1+1,é—ü\n", &[&["=1+1", "é—ü"]]),
    ];
    for (text, expected) in golden {
        let expected: Vec<_> = expected.iter().map(|cells| row(cells)).collect();
        assert_eq!(rows(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn faults_are_named_by_code_row_and_byte() {
    for (text, code, row, offset) in [
        (&b""[..], "CL1001", None, None),
        (b" \n ", "CL1001", None, None),
        (b"a,b\n1,2\n1,2,3\n", "CL1012", Some(3), Some(8)),
        (b"a,b\n1\n", "CL1012", Some(2), Some(4)),
        (b"a,b\n1,x\"y\n", "CL1013", Some(2), Some(7)),
        (b"a,b\n1,\"x\"y\n", "CL1013", Some(2), Some(8)),
        (b"a,b\n1,\"x\n3,4\n", "CL1014", Some(2), Some(6)),
        (b"a,b\r1,2\r", "CL1015", Some(1), Some(3)),
        (b"a,b\n1,\xe9\n", "CL1002", Some(2), Some(6)),
        (b"a,b\n1,\0\n", "CL1003", None, Some(6)),
        (b"\xff\xfea\0", "CL1002", None, Some(0)),
        (b"a,b,a\n1,2,3\n", "CL1010", Some(1), None),
    ] {
        let expected = (code.to_owned(), row, offset);
        assert_eq!(refusal(text), expected, "{}", text.escape_ascii());
    }
}

#[test]
fn messages_never_show_a_value() {
    for text in [
        "name,name\nMallory,1\n",
        "Mallory,Mallory\n1,2\n",
        "name,b\nMallory\n",
        "name,b\n1,Mal\"lory\n",
        "name,b\n1,\"Mallory\n",
    ] {
        let error = batches(Format::Csv, text.as_bytes()).unwrap_err();
        assert!(!error.to_string().contains("Mallory"));
        assert!(!error.help().contains("Mallory"));
    }
}

#[test]
fn unwanted_columns_never_become_arrays() {
    let wanted = ["age".to_owned()];
    let input = Input::Bytes(b"name,age\nMallory,41\n".to_vec());
    let limits = Limits::default();
    let mut table = read_table("x", Format::Csv, input, &limits, Some(&wanted)).unwrap();
    assert_eq!(table.dropped(), ["name"]);
    let batch = table.next().unwrap().unwrap();
    assert_eq!(columns(&batch), [("age".to_owned(), DataType::Utf8)]);
    assert_eq!(batch.schema(), table.schema());
}

#[test]
fn a_wanted_column_that_is_absent_is_named() {
    let wanted = ["Age".to_owned()];
    let input = Input::Bytes(b"name,age\nM,41\n".to_vec());
    let error = read_table("x", Format::Csv, input, &Limits::default(), Some(&wanted)).unwrap_err();
    assert_eq!(error.to_string(), "`x`, row 1: there is no column `Age`");
}

#[test]
fn an_endless_line_is_refused_at_the_limit() {
    let limits = Limits {
        field_bytes: 1 << 20,
        line_bytes: 2 << 20,
        ..Limits::default()
    };
    for (byte, code) in [(b'x', "CL1006"), (b'"', "CL1005"), (b',', "CL1007")] {
        let head = if byte == b'"' { &b"a\n\""[..] } else { b"" };
        let stream = Input::Stream(Box::new(head.chain(Endless(byte))));
        let outcome: Result<Vec<RecordBatch>, ReadError> =
            read_table("x", Format::Csv, stream, &limits, None).and_then(Iterator::collect);
        let error = outcome.unwrap_err();
        let code = if byte == b'"' { "CL1006" } else { code };
        assert_eq!(error.code().to_string(), code);
    }
}

#[test]
fn a_line_of_100_mb_is_refused_by_default() {
    let line = Read::take(Endless(b'x'), 100 << 20);
    let stream = Input::Stream(Box::new((&b"a,b\n1,2\n"[..]).chain(line)));
    let outcome: Result<Vec<RecordBatch>, ReadError> =
        read_table("x", Format::Csv, stream, &Limits::default(), None).and_then(Iterator::collect);
    let error = outcome.unwrap_err();
    assert_eq!((error.row, error.offset), (Some(3), Some(8)));
}

#[test]
fn records_may_cross_every_chunk_of_the_stream() {
    let text = "a,b\r\n\"x\"\"y\r\nz\",é\r\n3,4\r\n";
    let stream = Input::Stream(Box::new(Drip(text.as_bytes())));
    let dripped: Result<Vec<RecordBatch>, ReadError> =
        read_table("x", Format::Csv, stream, &Limits::default(), None)
            .unwrap()
            .collect();
    assert_eq!(cells(&dripped.unwrap()), rows(text.as_bytes()));

    let long = format!("a,b\n{}", "\"0123456789,\n\",éé\r\n".repeat(40_000));
    let read = rows(long.as_bytes());
    assert_eq!(read.len(), 40_000);
    assert!(
        read.iter()
            .all(|cells| *cells == row(&["0123456789,\n", "éé"]))
    );
}

#[test]
fn batches_keep_within_the_row_limit() {
    let limits = Limits {
        rows_per_batch: 3,
        ..Limits::default()
    };
    let input = Input::Bytes(b"a\n1\n2\n3\n4\n5\n6\n7\n".to_vec());
    let sizes: Vec<usize> = read_table("x", Format::Csv, input, &limits, None)
        .unwrap()
        .map(|batch| batch.unwrap().num_rows())
        .collect();
    assert_eq!(sizes, [3, 3, 1]);
}

#[test]
fn a_fault_ends_the_table() {
    let input = Input::Bytes(b"a,b\n1\n3,4\n".to_vec());
    let mut table = read_table("x", Format::Csv, input, &Limits::default(), None).unwrap();
    assert!(table.next().unwrap().is_err());
    assert!(table.next().is_none());
}

#[test]
fn a_directory_says_so() {
    let stream = Input::Stream(Box::new(Directory));
    let error = read_table("x", Format::Csv, stream, &Limits::default(), None).unwrap_err();
    assert_eq!(error.help(), "name a file, not a directory");
}

/// One byte at a time.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let one = out.len().min(1);
        Read::read(&mut self.0, &mut out[..one])
    }
}

/// What reading a directory gives.
struct Directory;

impl Read for Directory {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::IsADirectory.into())
    }
}
