//! `--positions FILE`: every position that was changed, one a line, without a value.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use phi::positions::{Position, PositionSink};

use super::inputs::Inputs;
use crate::{
    failure::Failure,
    files::{self, unwritable},
};

/// The names of results by those of their sources: the name of a source could tell a person.
pub(super) type Names = OnceCell<BTreeMap<String, String>>;

/// Positions on their way to a file; dropped unfinished, nothing of them is left.
pub(super) struct Positions<'n> {
    path: PathBuf,
    beside: PathBuf,
    out: BufWriter<File>,
    names: &'n Names,
    failed: Option<io::Error>,
    is_done: bool,
}

impl<'n> Positions<'n> {
    pub(super) fn create(path: &Path, names: &'n Names) -> Result<Self, Failure> {
        let beside = path.with_added_extension("partial");
        let file = File::create(&beside).map_err(|cause| unwritable(path, &cause))?;
        Ok(Self {
            path: path.to_owned(),
            beside,
            out: BufWriter::with_capacity(1 << 20, file),
            names,
            failed: None,
            is_done: false,
        })
    }

    /// Puts the file in its place.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let written = match self.failed.take() {
            Some(cause) => Err(cause),
            None => self.out.flush(),
        };
        written
            .and_then(|()| fs::rename(&self.beside, &self.path))
            .map_err(|cause| unwritable(&self.path, &cause))?;
        self.is_done = true;
        Ok(())
    }
}

/// The names under which positions are written.
pub(super) fn names(inputs: &Inputs) -> BTreeMap<String, String> {
    let output = files::name_of(&inputs.output);
    let named = inputs.sources.iter().map(|source| {
        let target = if inputs.is_folder {
            source.target.display().to_string()
        } else {
            output.clone()
        };
        (source.name.clone(), target)
    });
    named.collect()
}

impl PositionSink for Positions<'_> {
    fn take(&mut self, position: &Position<'_>) {
        let name = self
            .names
            .get()
            .and_then(|names| names.get(position.source));
        let position = Position {
            source: name.map_or("", String::as_str),
            ..*position
        };
        let written = serde_json::to_writer(&mut self.out, &position)
            .map_err(io::Error::other)
            .and_then(|()| self.out.write_all(b"\n"));
        if let Err(cause) = written {
            self.failed.get_or_insert(cause);
        }
    }
}

impl Drop for Positions<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // The partial file is ours alone; when it cannot be removed the first error tells more.
            drop(fs::remove_file(&self.beside));
        }
    }
}
