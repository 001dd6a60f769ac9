//! Writes a generated table of the shape of UCI Adult: `adult.data` and `adult.test`.
#![expect(clippy::disallowed_methods, reason = "an example writes files")]

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "adult".to_owned()));
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("adult.data"),
        cloister_hospital::census(1, 32_561),
    )?;
    fs::write(
        folder.join("adult.test"),
        cloister_hospital::census(2, 16_281),
    )
}
