//! What goes in: the files of the command line, each with its format and the name it gets.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use formats::Format;
use phi::text::TextEngine;

use crate::{arguments::Deid, codes, failure::Failure, files};

/// The files of one run, in the order of their paths.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) sources: Vec<Source>,
    /// What was left out under `--keep-going`, with the reason.
    pub(super) skipped: Vec<Skipped>,
    /// Where the result goes: a file, or a folder.
    pub(super) output: PathBuf,
    pub(super) is_folder: bool,
    keep_going: bool,
}

/// One file to be de-identified.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Its path below the input folder, or its name: the name of its table.
    pub(super) name: String,
    pub(super) format: Format,
    /// Its path below the output folder; empty for a single file.
    pub(super) target: PathBuf,
}

impl Source {
    /// Whether its result has another name.
    pub(super) fn is_renamed(&self) -> bool {
        !self.target.as_os_str().is_empty() && self.target.as_os_str() != self.name.as_str()
    }
}

/// A file that was left out.
#[derive(Debug)]
pub(super) struct Skipped {
    pub(super) path: PathBuf,
    pub(super) failure: Failure,
}

/// Finds the files and tells their formats.
pub(super) fn gather(input: &Path, output: &Path, deid: &Deid) -> Result<Inputs, Failure> {
    let mut inputs = Inputs {
        sources: Vec::new(),
        skipped: Vec::new(),
        output: output.to_owned(),
        is_folder: input.is_dir(),
        keep_going: deid.keep_going,
    };
    if inputs.is_folder {
        refuse_taken(output)?;
        let mut below = Vec::new();
        list(input, Path::new(""), &mut below)?;
        let engine = TextEngine::new();
        for relative in below {
            let path = input.join(&relative);
            match format_of(&path, deid) {
                Ok(format) => inputs.add(path, &relative, format, &engine),
                Err(failure) => inputs.skip(path, failure)?,
            }
        }
    } else {
        let format = format_of(input, deid)?;
        inputs.sources.push(Source {
            path: input.to_owned(),
            name: files::name_of(input),
            format,
            target: PathBuf::new(),
        });
    }
    if inputs.sources.is_empty() && inputs.skipped.is_empty() {
        return Err(Failure::new(
            codes::FILE_READ,
            format!("`{}` holds no file", input.display()),
            "name a folder with files in it",
        ));
    }
    Ok(inputs)
}

impl Inputs {
    /// Leaves a file out, or stops with its failure.
    pub(super) fn skip(&mut self, path: PathBuf, failure: Failure) -> Result<(), Failure> {
        if !self.keep_going {
            return Err(failure);
        }
        self.skipped.push(Skipped { path, failure });
        Ok(())
    }

    /// Files and folders that are called by the key of a person get that person's code.
    pub(super) fn name_by_person(&mut self, mut code: impl FnMut(&str) -> Option<String>) {
        let mut taken = BTreeSet::new();
        for (number, source) in self.sources.iter_mut().enumerate() {
            let mut target = PathBuf::new();
            for piece in source.target.iter().map(OsStr::to_string_lossy) {
                let (stem, ending) = piece.rsplit_once('.').unwrap_or((&piece, ""));
                match (code(&piece), code(stem)) {
                    (Some(code), _) => target.push(code),
                    (None, Some(code)) => target.push(format!("{code}.{ending}")),
                    (None, None) => target.push(&*piece),
                }
            }
            if !taken.insert(target.clone()) {
                target.set_file_name(format!("document-{:06}.out", number + 1));
                taken.insert(target.clone());
            }
            source.target = target;
        }
    }

    fn add(&mut self, path: PathBuf, relative: &Path, format: Format, engine: &TextEngine) {
        let number = self.sources.len() + 1;
        self.sources.push(Source {
            path,
            name: relative.display().to_string(),
            format,
            target: harmless(relative, number, engine),
        });
    }
}

fn format_of(path: &Path, deid: &Deid) -> Result<Format, Failure> {
    match &deid.format {
        Some(word) => Ok(word.parse()?),
        None => Ok(Format::detect(&files::name_of(path), &files::head(path)?)?),
    }
}

fn refuse_taken(output: &Path) -> Result<(), Failure> {
    let taken =
        output.is_file() || fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(Failure::new(
            codes::FOLDER_TAKEN,
            format!("`{}` is already there", output.display()),
            "name a new folder for the result",
        ));
    }
    Ok(())
}

/// The files below a folder, hidden ones left out.
fn list(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).map_err(|cause| files::unreadable(&folder, &cause))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| files::unreadable(&folder, &cause))?;
        names.push(entry.file_name());
    }
    names.sort();
    for name in names {
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let relative = below.join(&name);
        if root.join(&relative).is_dir() {
            list(root, &relative, found)?;
        } else {
            found.push(relative);
        }
    }
    Ok(())
}

/// The name below the output folder: the same, unless a piece of it could identify somebody.
fn harmless(relative: &Path, number: usize, engine: &TextEngine) -> PathBuf {
    let ending = relative
        .extension()
        .map(|ending| ending.to_string_lossy().into_owned())
        .filter(|ending| ending.len() <= ENDING_MAX);
    let mut target = PathBuf::new();
    let mut pieces = relative.components().peekable();
    while let Some(piece) = pieces.next() {
        let piece = piece.as_os_str().to_string_lossy();
        let is_file = pieces.peek().is_none();
        let stem = match (&ending, is_file) {
            (Some(ending), true) => piece.trim_end_matches(&format!(".{ending}")).to_owned(),
            _ => piece.clone().into_owned(),
        };
        if !could_identify(&stem, engine) {
            target.push(&*piece);
        } else if is_file {
            let ending = ending.as_deref().unwrap_or("out");
            target.push(format!("document-{number:06}.{ending}"));
        }
    }
    target
}

/// Whether a name holds an identifier, a long number, or a word that no plain name of a file has.
fn could_identify(stem: &str, engine: &TextEngine) -> bool {
    let words: String = stem
        .chars()
        .map(|letter| {
            if matches!(letter, '_' | '-' | '.') {
                ' '
            } else {
                letter
            }
        })
        .collect();
    let is_number = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MAX;
    words.split_whitespace().any(is_number)
        || !engine.scan(stem, None).is_empty()
        || !engine.scan(&words, None).is_empty()
        || words
            .split_whitespace()
            .any(|word| engine.could_be_name(word.trim_end_matches(|c: char| c.is_ascii_digit())))
}

const ENDING_MAX: usize = 8;
/// A number of so many digits may be a record number or a date.
const DIGITS_MAX: usize = 5;
