//! The vault: encrypted Parquet beside the plain file, and keys by class beside one key.

use std::hint::black_box;

use arrow_array::RecordBatch;
use formats::{
    Format, Input, Limits, NamedKey, TableKeys, TableSeal, TableWriter, read_encrypted_table,
    read_table,
};
use hospital::{Hospital, Table};

use crate::{
    Outcome,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

const GROUP: &str = "vault";
const PLACE: &str = "cloister/bench/0/labs";

/// Fills the lines of encrypted tables.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    // No row stands twice: twenty thousand patients.
    let hospital = Hospital::generate(words.seed, 20_000);
    let batches = batches_of(Format::Csv, hospital.csv(Table::Labs))?;
    let first = batches.first().ok_or("an empty table")?;
    let classes = seal(first, &["direct-id", "quasi-id", "clinical", "free-text"]);
    let one = seal(first, &["clinical"]);
    let amount = batches
        .iter()
        .map(RecordBatch::get_array_memory_size)
        .sum::<usize>() as f64
        / 1e6;
    let (plain, sealed) = (write(&batches, None)?, write(&batches, Some(&classes))?);
    let sealed_by_one = write(&batches, Some(&one))?;
    let jobs = vec![
        Job::new("write plain Parquet", amount, || {
            black_box(write(&batches, None)?);
            Ok(())
        }),
        Job::new("write encrypted, keys by class", amount, || {
            black_box(write(&batches, Some(&classes))?);
            Ok(())
        }),
        Job::new("write encrypted, one key", amount, || {
            black_box(write(&batches, Some(&one))?);
            Ok(())
        }),
        Job::new("read plain Parquet", amount, || read(&plain, None)),
        Job::new("read encrypted, keys by class", amount, || {
            read(&sealed, Some(&classes.keys()))
        }),
        Job::new("read encrypted, one key", amount, || {
            read(&sealed_by_one, Some(&one.keys()))
        }),
    ];
    let laps = interleaved(words.repetitions, jobs)?;
    for laps in &laps {
        sheet.rate(GROUP, "MB/s", laps, format!("{amount:.0} MB of Arrow"));
    }
    if let [
        write,
        write_by_class,
        write_by_one,
        read,
        read_by_class,
        read_by_one,
    ] = laps.as_slice()
    {
        // Time over time: the rate of the plain file over that of the encrypted one.
        let goal = "goal: 1.10, stretch 1.03";
        let ratio = write.over(write_by_class);
        sheet.ratio(GROUP, "time to write, encrypted over plain", ratio, goal);
        let goal = "goal: 1.10, stretch 1.05";
        let ratio = read.over(read_by_class);
        sheet.ratio(GROUP, "time to read, encrypted over plain", ratio, goal);
        let goal = "goal: 1.0";
        let ratio = write_by_one.over(write_by_class);
        sheet.ratio(GROUP, "time to write, keys by class over one", ratio, goal);
        let ratio = read_by_one.over(read_by_class);
        sheet.ratio(GROUP, "time to read, keys by class over one", ratio, goal);
    }
    print_size("laboratory table", plain.len(), sealed.len());
    let notes = batches_of(Format::Jsonl, hospital.notes_jsonl())?;
    let first = notes.first().ok_or("no notes")?;
    let classes = seal(first, &["direct-id", "quasi-id", "clinical", "free-text"]);
    let (plain, sealed) = (write(&notes, None)?, write(&notes, Some(&classes))?);
    print_size("table of notes", plain.len(), sealed.len());
    Ok(())
}

fn print_size(table: &str, plain: usize, sealed: usize) {
    let size = sealed as f64 / plain as f64;
    println!(
        "vault: {table}: encrypted {sealed} bytes, plain {plain} bytes: {size:.5} (goal: 1.001)"
    );
}

fn batches_of(
    format: Format,
    text: String,
) -> Result<Vec<RecordBatch>, Box<dyn std::error::Error>> {
    let input = Input::Bytes(text.into_bytes());
    let reader = read_table("t", format, input, &Limits::default(), None)?;
    Ok(reader.collect::<Result<Vec<_>, _>>()?)
}

/// A seal whose columns take turns at the classes.
fn seal(batch: &RecordBatch, classes: &[&str]) -> TableSeal {
    let key = |class: &str| {
        let byte = class.bytes().fold(1_u8, u8::wrapping_add);
        NamedKey::new("bench", &format!("cl1.bench.{class}.0.0"), &[byte; 32])
    };
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(classes.iter().cycle());
    columns.fold(
        TableSeal::new(PLACE, key("footer")),
        |seal, (field, class)| seal.column(field.name(), key(class)),
    )
}

fn write(
    batches: &[RecordBatch],
    seal: Option<&TableSeal>,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let schema = batches.first().map(RecordBatch::schema).ok_or("no rows")?;
    let mut out = Vec::new();
    let mut writer = match seal {
        Some(seal) => TableWriter::create_encrypted(schema, &mut out, seal)?,
        None => TableWriter::create(Format::Parquet, schema, &mut out)?,
    };
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()?;
    Ok(out)
}

fn read(bytes: &[u8], keys: Option<&TableKeys>) -> Outcome {
    let input = Input::Bytes(bytes.to_vec());
    let limits = Limits::default();
    let reader = match keys {
        Some(keys) => read_encrypted_table("t", input, &limits, None, keys)?,
        None => read_table("t", Format::Parquet, input, &limits, None)?,
    };
    for batch in reader {
        black_box(batch?);
    }
    Ok(())
}
