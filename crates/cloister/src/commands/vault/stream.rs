//! Single files as sealed streams.

use std::{io, path::Path};

use seal::{DataKey, OpenError, OpenReader, SealWriter, SystemEntropy, Zeroizing};
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
