//! Single files as sealed streams.

use std::{
    fs::{self, File},
    io::{self, Seek},
    path::{Path, PathBuf},
};

use seal::{
    DataKey, OpenError, OpenReader, ResumeError, Resumed, SealWriter, SystemEntropy, Zeroizing,
};
use serde_json::json;

use super::keys;
use crate::{arguments::Stream, codes, failure::Failure, files, screen::Screen};

/// Seals a file.
pub(super) fn seal_file(work: &Stream, screen: Screen) -> Result<(), Failure> {
    let key = key_in(&work.key)?;
    let mut source = files::reader(&work.file)?;
    let context = work.context.as_bytes();
    let mut plain = 0;
    files::write_whole(&work.output, |out| {
        let told = |cause: io::Error| files::unwritable(&work.output, &cause);
        let mut writer =
            SealWriter::new(out, &key, context, &mut SystemEntropy::new()).map_err(told)?;
        plain = io::copy(&mut source, &mut writer).map_err(told)?;
        writer.finish().map_err(told)?;
        Ok(())
    })?;
    shown("sealed", plain, work, screen);
    Ok(())
}

/// Seals a file into `OUTPUT.partial`, which stays when the work is broken off: the next run looks
/// at what is there and goes on with it. At the end it is moved to its name.
pub(super) fn resume_file(work: &Stream, screen: Screen) -> Result<(), Failure> {
    let key = key_in(&work.key)?;
    let partial = partial(&work.output);
    let told = |cause: io::Error| match (OpenError::within(&cause), ResumeError::within(&cause)) {
        (Some(error), _) => first_part(&partial, error.clone().into()),
        (_, Some(error)) => first_part(&partial, error.clone().into()),
        _ => files::unwritable(&partial, &cause),
    };
    let mut source = files::reader(&work.file)?;
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&partial)
        .map_err(told)?;
    let (plain, skipped) = seal_on(work, &key, file, &mut source).map_err(told)?;
    fs::rename(&partial, &work.output).map_err(told)?;
    if skipped > 0 {
        screen.message(&format!("{skipped} bytes were there already"));
    }
    shown("sealed", plain, work, screen);
    Ok(())
}

/// Goes on behind what is there, or begins where there is less than a header; the length of the
/// source, and how much of it was there.
fn seal_on(
    work: &Stream,
    key: &DataKey,
    mut file: File,
    source: &mut dyn io::Read,
) -> io::Result<(u64, u64)> {
    let context = work.context.as_bytes();
    let (mut writer, skipped) = if file.metadata()?.len() < SHORTEST {
        file.rewind()?;
        let writer = SealWriter::new(file, key, context, &mut SystemEntropy::new())?;
        (writer, 0)
    } else {
        match SealWriter::resume(file, key, context, source)? {
            Resumed::Open { writer, skipped } => (writer, skipped),
            Resumed::Whole { length } => return Ok((length, length)),
        }
    };
    let plain = io::copy(source, &mut writer)?;
    let mut file = writer.finish()?;
    let end = file.stream_position()?;
    file.set_len(end)?;
    file.sync_all()?;
    Ok((skipped + plain, skipped))
}

fn partial(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// What is wrong with the first part, and what to do about it.
fn first_part(partial: &Path, failure: Failure) -> Failure {
    let help = format!(
        "`{}` does not go on; when key, context and source are those of the first run, remove it \
         and seal from the beginning",
        partial.display()
    );
    Failure { help, ..failure }
}

/// Opens a sealed file; what does not open leaves nothing behind.
pub(super) fn open_file(work: &Stream, screen: Screen) -> Result<(), Failure> {
    let key = key_in(&work.key)?;
    let source = files::reader(&work.file)?;
    let told = |cause: io::Error| match OpenError::within(&cause) {
        Some(error) => error.clone().into(),
        None => files::unwritable(&work.output, &cause),
    };
    let mut reader = OpenReader::new(source, &key, work.context.as_bytes()).map_err(told)?;
    let mut plain = 0;
    files::write_whole(&work.output, |out| {
        plain = io::copy(&mut reader, out).map_err(told)?;
        Ok(())
    })?;
    shown("opened", plain, work, screen);
    Ok(())
}

fn shown(what: &str, plain: u64, work: &Stream, screen: Screen) {
    screen.result(
        &format!("{plain} bytes {what} into {}", work.output.display()),
        &json!({ "bytes": plain, "file": work.output }),
    );
}

/// The key in a file; an error shows nothing of it.
fn key_in(path: &Path) -> Result<DataKey, Failure> {
    let text = Zeroizing::new(files::read_text(path)?);
    keys::bytes(text.trim())
        .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
        .map(|bytes| DataKey::from_released(Zeroizing::new(bytes)))
        .ok_or_else(|| {
            Failure::new(
                codes::KEY_FILE,
                "the file of the key is not understood",
                "it holds 64 hexadecimal digits",
            )
        })
}

/// The header of a sealed stream.
const SHORTEST: u64 = 40;
