//! Files on disk: opened for `flow`, written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use flow::SourceFiles;
use formats::Input;

use crate::{codes, failure::Failure};

/// Files relative to the folder of the study file.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl SourceFiles for Folder {
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let whole = self.0.join(path);
        if !whole.is_dir() {
            return Ok(vec![path.to_owned()]);
        }
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(&whole)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_file() && !name.starts_with('.') {
                names.push(format!("{}/{name}", path.trim_end_matches('/')));
            }
        }
        names.sort();
        if names.is_empty() {
            Err(io::Error::other("the folder holds no file"))
        } else {
            Ok(names)
        }
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read>> {
        let whole = self.0.join(path);
        if whole.is_dir() {
            return Err(is_a_folder());
        }
        Ok(Box::new(io::BufReader::with_capacity(
            1 << 20,
            File::open(whole)?,
        )))
    }
}

/// The whole text of a file that is not data.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))
}

/// The whole bytes of a file.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.is_dir() {
        return Err(unreadable(path, &is_a_folder()));
    }
    fs::read(path).map_err(|cause| unreadable(path, &cause))
}

/// The name of a file, without its folders.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The first bytes of a file: enough to tell its format.
pub(crate) fn head(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::new();
    open(path)?
        .take(64 << 10)
        .read_to_end(&mut head)
        .map_err(|cause| unreadable(path, &cause))?;
    Ok(head)
}

/// A file as a stream of bytes.
pub(crate) fn stream(path: &Path) -> Result<Input<'static>, Failure> {
    Ok(Input::Stream(Box::new(open(path)?)))
}

/// A file as a stream of bytes that is no table.
pub(crate) fn reader(path: &Path) -> Result<impl Read, Failure> {
    Ok(io::BufReader::with_capacity(1 << 20, open(path)?))
}

fn open(path: &Path) -> Result<File, Failure> {
    if path.is_dir() {
        return Err(unreadable(path, &is_a_folder()));
    }
    File::open(path).map_err(|cause| unreadable(path, &cause))
}

fn is_a_folder() -> io::Error {
    io::Error::other("it is a folder where a file is meant")
}

/// Writes a file whole: beside its place first, then moved there, so that half a file is never seen.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    write_moved(path, OpenOptions::new(), write)
}

/// Writes a file whole that only its owner may read.
pub(crate) fn write_private_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    write_moved(path, options, |out| {
        out.write_all(bytes)
            .map_err(|cause| unwritable(path, &cause))
    })
}

fn write_moved(
    path: &Path,
    options: OpenOptions,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let unwritable = |cause: &io::Error| unwritable(path, cause);
    let name = path
        .file_name()
        .ok_or_else(|| unwritable(&io::Error::other("the name is missing")))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|cause| unwritable(&cause))?;
    let beside = folder.join(format!(
        ".{}.{}.partial",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = write_beside(&beside, path, options, write);
    if written.is_err() {
        // The partial file is ours alone; when it cannot be removed the first error tells more.
        drop(fs::remove_file(&beside));
    }
    written
}

fn write_beside(
    beside: &Path,
    path: &Path,
    mut options: OpenOptions,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let unwritable = |cause: io::Error| unwritable(path, &cause);
    options.write(true).create(true).truncate(true);
    let file = options.open(beside).map_err(unwritable)?;
    let mut out = io::BufWriter::with_capacity(1 << 20, file);
    write(&mut out)?;
    out.flush().map_err(unwritable)?;
    out.get_ref().sync_all().map_err(unwritable)?;
    fs::rename(beside, path).map_err(unwritable)
}

/// The failure for a place that cannot be read.
pub(crate) fn unreadable(path: &Path, cause: &io::Error) -> Failure {
    Failure::new(
        codes::FILE_READ,
        format!("`{}` cannot be read: {cause}", path.display()),
        "check the path and its permissions",
    )
}

/// The failure for a place that cannot be written to.
pub(crate) fn unwritable(path: &Path, cause: &io::Error) -> Failure {
    let help = if cause.kind() == io::ErrorKind::StorageFull {
        "the disk is full: free some space and run the same command again"
    } else {
        "check the folder and its permissions"
    };
    Failure::new(
        codes::FILE_WRITE,
        format!("`{}` cannot be written: {cause}", path.display()),
        help,
    )
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|cause| unwritable(path, &cause))
}
