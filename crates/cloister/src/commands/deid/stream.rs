//! `cloister deid --stdin`: a filter in front of a prompt, line by line.
//!
//! Each line stands alone: an identifier broken over two lines is not found whole. Codes are the
//! same within one run, and between runs with `--crosswalk`.

use std::{
    io::{self, BufRead, Write},
    path::Path,
};

use phi::columns::FieldMap;
use seal::SystemEntropy;

use super::{super::brought_model, crosswalk::Vault, known::Known, plan, work};
use crate::{
    arguments::{Arguments, Deid},
    codes,
    failure::Failure,
    screen::Screen,
};

pub(super) fn run(arguments: &Arguments, deid: &Deid, screen: Screen) -> Result<(), Failure> {
    if deid.format.as_deref() != Some("text") {
        return Err(Failure::new(
            codes::WORDS,
            "standard input is read as text only",
            "write `--stdin --format text`, or name a file",
        ));
    }
    let plan = plan::chosen(deid)?;
    let engine = brought_model::engine(&deid.model, screen)?;
    let mut map = FieldMap::default();
    let mut known = Known::read(deid, &engine, &mut map)?;
    let mut vault = Vault::of(arguments, deid)?;
    let mut entropy = SystemEntropy::new();
    let mut work = work::deidentifier(&plan, &map, &engine, vault.take(), &mut entropy)?;
    known.teach(&mut work)?;
    known.ready(&work);
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut line = Vec::new();
    let broken = |cause: &io::Error| {
        Failure::new(
            codes::FILE_READ,
            format!("standard input or output failed: {cause}"),
            "check the pipe",
        )
    };
    loop {
        line.clear();
        if input
            .read_until(b'\n', &mut line)
            .map_err(|cause| broken(&cause))?
            == 0
        {
            break;
        }
        let text = std::str::from_utf8(&line).map_err(|_| not_utf8())?;
        let made = work.note(text, known.person_of(Path::new("")));
        let made = known.sweep(&mut work, made);
        output
            .write_all(made.as_bytes())
            .map_err(|cause| broken(&cause))?;
        output.flush().map_err(|cause| broken(&cause))?;
    }
    vault.keep(work.finish().1, "stream")
}

fn not_utf8() -> Failure {
    Failure::new(
        codes::FILE_READ,
        "a line of standard input is not UTF-8",
        "convert it, for example with iconv -f windows-1252 -t utf-8",
    )
}
