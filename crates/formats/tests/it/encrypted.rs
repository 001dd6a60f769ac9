//! Parquet with modular encryption, as a caller sees it.

use arrow_array::{Float64Array, StringArray};
use cloister_formats::{
    NamedKey, TableKeys, TableSeal, TableWriter, read_encrypted_table, write_parquet,
};
use domain::{Exit, Explain};

use super::*;

const PLACE: &str = "cloister/adult/0123/people";
const CLASSES: [(&str, &str); 4] = [
    ("social_security_number", "direct-id"),
    ("occupation_title", "quasi-id"),
    ("creatinine_level", "clinical"),
    ("progress_note_text", "free-text"),
];

fn key(class: &str) -> NamedKey {
    let byte = class.bytes().fold(1_u8, u8::wrapping_add);
    NamedKey::new("adult", &format!("cl1.adult.{class}.k1"), &[byte; 32])
}

fn seal(place: &str) -> TableSeal {
    CLASSES.iter().fold(
        TableSeal::new(place, key("footer")),
        |seal, (column, class)| seal.column(column, key(class)),
    )
}

fn people() -> RecordBatch {
    let rows = 0..500_i64;
    let texts = |word: &str| -> StringArray {
        rows.clone()
            .map(|row| Some(format!("{word} VALUE {row}")))
            .collect()
    };
    let levels: Float64Array = rows.clone().map(|row| Some(row as f64 / 7.0)).collect();
    RecordBatch::try_from_iter_with_nullable([
        (
            CLASSES[0].0,
            Arc::new(texts("SSN")) as arrow_array::ArrayRef,
            true,
        ),
        (CLASSES[1].0, Arc::new(texts("JOB")) as _, true),
        (CLASSES[2].0, Arc::new(levels) as _, true),
        (CLASSES[3].0, Arc::new(texts("NOTE")) as _, true),
    ])
    .unwrap()
}

fn sealed(seal: &TableSeal) -> Vec<u8> {
    let (batch, mut out) = (people(), Vec::new());
    let mut writer = TableWriter::create_encrypted(batch.schema(), &mut out, seal).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    out
}

fn open(
    bytes: &[u8],
    keys: &TableKeys,
    wanted: Option<&[&str]>,
) -> Result<Vec<RecordBatch>, ReadError> {
    let wanted: Option<Vec<String>> =
        wanted.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let input = Input::Bytes(bytes.to_vec());
    read_encrypted_table("x", input, &Limits::default(), wanted.as_deref(), keys)?.collect()
}

#[test]
fn what_was_encrypted_is_read_with_its_keys_in_its_place() {
    let seal = seal(PLACE);
    let bytes = sealed(&seal);
    assert_eq!(open(&bytes, &seal.keys(), None).unwrap(), [people()]);
}

#[test]
fn without_keys_there_is_neither_a_column_nor_a_value_to_see() {
    let bytes = sealed(&seal(PLACE));
    assert_eq!(
        (&bytes[..4], &bytes[bytes.len() - 4..]),
        (&b"PARE"[..], &b"PARE"[..])
    );
    let seen = |word: &str| {
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    };
    for (column, _) in CLASSES {
        assert!(!seen(column), "{column}");
    }
    for word in [
        "SSN VALUE",
        "JOB VALUE",
        "NOTE VALUE",
        "ARROW:schema",
        PLACE,
        "direct-id",
    ] {
        assert!(!seen(word), "{word}");
    }
    // The one name that stands outside: the reference of the footer's key.
    assert!(seen("cl1.adult.footer.k1"));

    let error = batches(Format::Parquet, &bytes).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1020");
    let nothing = TableKeys::ours(PLACE);
    let error = open(&bytes, &nothing, None).unwrap_err();
    assert_eq!(error.code().exit(), Exit::Refused, "{error}");
}

#[test]
fn keys_of_some_classes_read_their_columns_and_no_others() {
    let bytes = sealed(&seal(PLACE));
    let keys = TableKeys::ours(PLACE)
        .and_footer(&key("footer"))
        .and_column(&key("quasi-id"))
        .and_column(&key("clinical"));
    let two = ["occupation_title", "creatinine_level"];
    assert_eq!(
        open(&bytes, &keys, Some(&two)).unwrap(),
        [people().project(&[1, 2]).unwrap()]
    );
    for (wanted, missing) in [
        (None, "social_security_number"),
        (
            Some(&["creatinine_level", "progress_note_text"][..]),
            "progress_note_text",
        ),
    ] {
        let error = open(&bytes, &keys, wanted).unwrap_err();
        assert!(error.to_string().contains(missing), "{error}");
        assert_eq!(error.code().to_string(), "CL1060");
    }
}

#[test]
fn a_file_in_another_place_or_under_another_key_does_not_open() {
    let bytes = sealed(&seal(PLACE));
    for keys in [
        seal("cloister/adult/0124/people").keys(),
        TableKeys::ours(PLACE).and_footer(&NamedKey::new("adult", "cl1.adult.footer.k1", &[9; 32])),
    ] {
        let error = open(&bytes, &keys, None).unwrap_err();
        assert_eq!(error.code().to_string(), "CL1061", "{error}");
        assert_eq!(error.code().exit(), Exit::Gate);
    }
    // A place that stands in the file need not be told, and holds all the same.
    let stored = sealed(&seal(PLACE).storing_place());
    let named = CLASSES
        .map(|(_, class)| class)
        .into_iter()
        .chain(["footer"]);
    let keys = TableKeys::foreign(
        None,
        named.map(|class| {
            let byte = class.bytes().fold(1_u8, u8::wrapping_add);
            (key(class).reference().to_owned(), vec![byte; 32].into())
        }),
    );
    assert_eq!(open(&stored, &keys, None).unwrap(), [people()]);
    assert!(open(&bytes, &keys, None).is_err());
}

/// An error, or the same rows. Not everything is looked at: four bytes of length before some
/// modules say again what the footer says, and the page indexes are not used by this reader.
#[test]
fn a_flipped_byte_never_changes_what_is_read() {
    let seal = seal(PLACE);
    let (bytes, keys) = (sealed(&seal), seal.keys());
    let mut refused = 0;
    let step = 7;
    for at in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        match open(&changed, &keys, None) {
            Ok(read) => assert_eq!(read, [people()], "byte {at}"),
            Err(error) => {
                refused += 1;
                let number = error.code().number();
                assert!((1060..=1063).contains(&number), "byte {at}: {error}");
            }
        }
    }
    let tried = bytes.len().div_ceil(step);
    assert!(refused * 100 > tried * 80, "{refused} of {tried}");
    for length in (0..bytes.len()).step_by(101) {
        assert!(open(&bytes[..length], &keys, None).is_err(), "{length}");
    }
}

#[test]
fn a_column_without_a_key_is_neither_written_nor_read() {
    let batch = people();
    let short = TableSeal::new(PLACE, key("footer")).column(CLASSES[0].0, key("direct-id"));
    let mut out = Vec::new();
    let error = TableWriter::create_encrypted(batch.schema(), &mut out, &short).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1064");
    drop(out);

    let mut plain = Vec::new();
    write_parquet(&mut plain, batch.schema(), [&batch]).unwrap();
    let error = open(&plain, &seal(PLACE).keys(), None).unwrap_err();
    assert_eq!(error.code().to_string(), "CL1062", "{error}");
}

#[test]
fn two_files_of_the_same_rows_have_nothing_in_common() {
    let (one, other) = (sealed(&seal(PLACE)), sealed(&seal(PLACE)));
    let same = one.iter().zip(&other).filter(|(a, b)| a == b).count();
    assert!(one.len() > 3_000 && same < one.len() / 10, "{same} bytes");
}
