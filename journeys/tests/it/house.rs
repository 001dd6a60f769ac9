//! A person's working folder with an instance in it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{self, Said, word};

/// A temporary folder; the instance is its folder `instance`.
#[derive(Debug)]
pub(crate) struct House {
    folder: TempDir,
}

impl House {
    /// A folder without an instance.
    pub(crate) fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// A new instance whose operator has this role.
    pub(crate) fn of(role: &str) -> Self {
        let house = Self::empty();
        house
            .run(&["init", "--operator", "ada", "--role", role])
            .done();
        house
    }

    /// Runs the program on this instance, in this folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        program::said(self.command().args(arguments))
    }

    /// The program on this instance, in this folder.
    pub(crate) fn command(&self) -> Command {
        let mut command = program::command();
        command
            .current_dir(self.folder.path())
            .arg("--home")
            .arg(self.home());
        command
    }

    /// The JSON document that a command ends with.
    #[track_caller]
    pub(crate) fn ask(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        self.run(&all).done().json()
    }

    /// Takes another role.
    #[track_caller]
    pub(crate) fn takes_role(&self, role: &str) {
        self.run(&["access", "role", role]).done();
    }

    /// Runs the study file of this name.
    pub(crate) fn study(&self, file: &str) -> Said {
        self.run(&["study", "run", file])
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The instance's folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.path("instance")
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// The text of a file.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// Exports a table of a dataset and gives its text.
    #[track_caller]
    pub(crate) fn export(&self, dataset: &str, table: &str, file: &str) -> String {
        self.run(&["dataset", "export", dataset, table, "-o", file])
            .done();
        self.text(file)
    }

    /// The newest events of the log, read as the auditor, whose role is kept afterwards.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<Value> {
        self.takes_role("auditor");
        let events = self.ask(&["audit", "show", "--last", "1000"]);
        events
            .as_array()
            .expect("events")
            .iter()
            .map(|line| line["event"].clone())
            .collect()
    }

    /// The log, the keys, the rows and the objects are whole.
    #[track_caller]
    pub(crate) fn is_sound(&self) {
        self.run(&["audit", "verify"]).done();
        self.run(&["doctor"]).done();
    }

    /// How many dataset versions the instance shows.
    #[track_caller]
    pub(crate) fn versions(&self) -> usize {
        self.ask(&["dataset", "list"])
            .as_array()
            .expect("versions")
            .len()
    }

    /// The sealed objects on disk.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        files_below(&self.home().join("objects"))
    }
}

/// Every file below a folder, in order.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Changes one byte in the middle of a file.
pub(crate) fn flip_middle(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x01;
    fs::write(path, bytes).expect("a file");
}

/// A file's name.
pub(crate) fn name(path: &Path) -> &str {
    word(path.file_name().expect("a name"))
}
