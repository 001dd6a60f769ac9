//! Where results are made before they are shown: beside their place, moved there when all is done.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use super::inputs::{Inputs, Source};
use crate::{
    failure::Failure,
    files::{self, unwritable},
};

/// Results in the making; dropped unfinished, nothing of them is left.
#[derive(Debug)]
pub(super) struct Staging {
    /// The final place.
    output: PathBuf,
    /// Beside the final place.
    site: PathBuf,
    is_folder: bool,
    is_done: bool,
}

impl Staging {
    pub(super) fn of(inputs: &Inputs) -> Result<Self, Failure> {
        let output = inputs.output.clone();
        let folder = output
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let name = files::name_of(&output);
        let site = folder.join(format!(".{name}.{}.partial", std::process::id()));
        let make = if inputs.is_folder { &site } else { folder };
        fs::create_dir_all(make).map_err(|cause| unwritable(&output, &cause))?;
        Ok(Self {
            output,
            site,
            is_folder: inputs.is_folder,
            is_done: false,
        })
    }

    /// Where a source's result is made.
    pub(super) fn place(&self, source: &Source) -> PathBuf {
        if self.is_folder {
            self.site.join(&source.target)
        } else {
            self.site.clone()
        }
    }

    /// The name that a source's result will have.
    pub(super) fn named(&self, source: &Source) -> PathBuf {
        if self.is_folder {
            source.target.clone()
        } else {
            self.output.clone()
        }
    }

    /// Writes a source's result; one that fails leaves nothing.
    pub(super) fn write(
        &self,
        source: &Source,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        files::write_whole(&self.place(source), write)
    }

    /// Moves everything to its final place.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        if self.is_folder && self.output.is_dir() {
            // Empty, as was checked: a rename onto an empty folder is not portable.
            fs::remove_dir(&self.output).map_err(|cause| unwritable(&self.output, &cause))?;
        }
        if !self.site.exists() {
            return Ok(());
        }
        fs::rename(&self.site, &self.output).map_err(|cause| unwritable(&self.output, &cause))?;
        self.is_done = true;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        // Ours alone; when it cannot be removed the first error tells more.
        if self.is_folder {
            drop(fs::remove_dir_all(&self.site));
        } else {
            drop(fs::remove_file(&self.site));
        }
    }
}
