//! Encryption: the bare cipher, sealed streams, and objects on the medium.

use std::{
    hint::black_box,
    io::{self, BufRead as _, Write as _},
    process::Command,
};

use domain::DatasetId;
use seal::{Argon2Cost, DataKey, OpenReader, Passphrase, SealWriter, SystemEntropy};
use store::Store;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "seal";
const SIZE: usize = 64 << 20;
const SEGMENT: usize = 1 << 20;

/// Fills the lines of encryption.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let store = Store::create(
        &folder.path().join("instance"),
        &Passphrase::new("a benchmark's passphrase"),
        Argon2Cost::light(),
    )?;
    let mut transaction = store.begin()?;
    let (_, key) = transaction.create_key(&DatasetId::new("bench")?)?;
    drop(transaction);
    let plain = vec![7_u8; SIZE];
    let sealed = seal_stream(&key, &plain, Vec::new())?;
    let object = store.write_object(&key, "bench", |out| out.write_all(&plain))?;
    let (mut buffer, amount) = (plain.clone(), SIZE as f64 / 1e6);
    let jobs = vec![
        Job::new("bare AES-256-GCM, in place", amount, || {
            seal::measure::aes_gcm_in_place(&mut buffer, SEGMENT);
            Ok(())
        }),
        Job::new("bare SHA-256", amount, || {
            black_box(seal::digest(&plain));
            Ok(())
        }),
        Job::new("seal a stream", amount, || {
            seal_stream(&key, &plain, io::sink())?;
            Ok(())
        }),
        Job::new("open a stream", amount, || {
            let mut reader = OpenReader::new(sealed.as_slice(), &key, b"bench")?;
            loop {
                let ready = black_box(reader.fill_buf()?).len();
                if ready == 0 {
                    return Ok(());
                }
                reader.consume(ready);
            }
        }),
        Job::new("write an object", amount, || {
            black_box(store.write_object(&key, "bench", |out| out.write_all(&plain))?);
            Ok(())
        }),
        Job::new("read an object", amount, || {
            black_box(store.read_object(&object, &key, "bench")?);
            Ok(())
        }),
    ];
    let laps = interleaved(words.repetitions, jobs)?;
    for laps in &laps {
        let note = match laps.name.as_str() {
            "write an object" => "hashed, sealed, on the medium",
            "read an object" => "hashed and opened",
            "open a stream" => "64 MiB, left in the reader's buffer",
            _ => "64 MiB",
        };
        sheet.rate(GROUP, "MB/s", laps, note);
    }
    if let [bare, _, rest @ ..] = laps.as_slice() {
        for laps in rest {
            let name = format!("{} over bare AES", laps.name);
            let goal = if laps.name.contains("stream") {
                "goal: 0.5"
            } else {
                ""
            };
            sheet.ratio(GROUP, &name, laps.over(bare), goal);
        }
    }
    openssl(words, sheet);
    Ok(())
}

/// What `openssl speed` says of AES-256-GCM in blocks of 1 MiB, by its own clock; no line where the
/// program is not installed.
fn openssl(words: &Words, sheet: &mut Sheet) {
    let once = || {
        let words = "speed -mr -evp aes-256-gcm -bytes 1048576 -seconds 1";
        let said = Command::new("openssl")
            .args(words.split(' '))
            .output()
            .ok()?;
        let said = String::from_utf8(said.stdout).ok()?;
        let last = said.trim_end().rsplit(':').next()?;
        last.parse::<f64>().ok().map(|rate| rate / 1e6)
    };
    let found: Vec<f64> = (0..words.repetitions).map_while(|_| once()).collect();
    if found.is_empty() {
        println!("seal: `openssl` is not here; its speed was not measured");
        return;
    }
    let note = "processor time by its own clock; goal: not above sealing";
    let name = "openssl speed, blocks of 1 MiB";
    sheet.push(GROUP, name, Spread::of(found), "MB/s", None, note);
}

fn seal_stream<W: io::Write>(key: &DataKey, plain: &[u8], out: W) -> io::Result<W> {
    let mut writer = SealWriter::new(out, key, b"bench", &mut SystemEntropy::new())?;
    for piece in plain.chunks(PIECE) {
        writer.write_all(piece)?;
    }
    writer.finish()
}

/// What a writer of tables hands over at a time.
const PIECE: usize = 256 << 10;
