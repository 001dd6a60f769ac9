//! The built program, started as a person starts it.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The passphrase of every instance here.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// The program with the environment of a person who set a passphrase.
pub(crate) fn command() -> Command {
    let mut command = Command::new(path());
    prepare(&mut command);
    command
}

/// Gives a command the environment of the journeys, and nothing to read.
pub(crate) fn prepare(command: &mut Command) {
    command
        .env("CLOISTER_PASSPHRASE", PASSPHRASE)
        .env("CLOISTER_TEST_LIGHT_KEYSTORE", "1")
        .env_remove("CLOISTER_HOME")
        .env_remove("CLOISTER_PASSPHRASE_FILE")
        .stdin(Stdio::null());
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Said {
    said(command().args(arguments))
}

/// Runs any command to its end.
pub(crate) fn said(command: &mut Command) -> Said {
    let output = command
        .output()
        .expect("the program starts; build it first");
    Said::of(&output)
}

/// Where the built program is.
pub(crate) fn path() -> PathBuf {
    env::var_os("CLOISTER_BIN")
        .map_or_else(|| root().join("target/release/cloister"), PathBuf::from)
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the workspace").to_owned()
}

/// A folder of data that may lie beside the workspace; a note says so when it does not.
pub(crate) fn beside(folder: &str) -> Option<PathBuf> {
    let place = root().parent()?.join("shared/data").join(folder);
    if place.is_dir() {
        return Some(place);
    }
    eprintln!("note: no data in ../shared/data/{folder}; generated data takes its place");
    None
}

/// What the program said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It did what was asked.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It ended with this exit code and this stable code, and said what is wrong and what to do.
    #[track_caller]
    pub(crate) fn ended(self, exit: i32, code: &str) -> Self {
        assert_eq!(self.code, exit, "{self:?}");
        let [what, help, last] = self.error_lines();
        assert!(what.len() > "error: ".len(), "{self:?}");
        assert!(help.len() > "  help: ".len(), "{self:?}");
        assert!(last.starts_with(&format!("  code: {code}")), "{self:?}");
        self
    }

    /// Refused by policy.
    #[track_caller]
    pub(crate) fn refused(self, code: &str) -> Self {
        self.ended(3, code)
    }

    /// A gate or a verification did not hold.
    #[track_caller]
    pub(crate) fn not_held(self, code: &str) -> Self {
        self.ended(4, code)
    }

    /// None of these words stands anywhere in what was said.
    #[track_caller]
    pub(crate) fn keeps_back<W: AsRef<str>>(self, words: &[W]) -> Self {
        for word in words.iter().map(AsRef::as_ref) {
            let told = self.stdout.contains(word) || self.stderr.contains(word);
            assert!(!told, "a value of the data was told: {self:?}");
        }
        self
    }

    /// The text stands in one of the two streams.
    #[track_caller]
    pub(crate) fn tells(self, text: &str) -> Self {
        let told = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(told, "`{text}` is not in {self:?}");
        self
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The three lines of the error: what, help, code.
    #[track_caller]
    fn error_lines(&self) -> [&str; 3] {
        let starts = ["error: ", "  help: ", "  code: CL"];
        let mut lines = self
            .stderr
            .lines()
            .skip_while(|line| !line.starts_with(starts[0]));
        starts.map(|start| {
            let line = lines.next().unwrap_or_default();
            assert!(line.starts_with(start), "three lines of error in {self:?}");
            line
        })
    }
}

/// An argument from a path.
pub(crate) fn word(path: &(impl AsRef<OsStr> + ?Sized)) -> &str {
    path.as_ref().to_str().expect("a path in UTF-8")
}
