//! How a command ends when it does not end well.

use domain::{Code, Exit, Explain};

/// What is wrong, what to do, and the code: the three lines that a person sees.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) what: String,
    pub(crate) help: String,
    pub(crate) code: Code,
}

impl<E: Explain> From<E> for Failure {
    fn from(error: E) -> Self {
        let code = error.code();
        let mut what = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            let text = deeper.to_string();
            if !what.contains(&text) {
                what = format!("{what}: {text}");
            }
            cause = deeper.source();
        }
        Self {
            exit: code.exit(),
            what,
            help: error.help(),
            code,
        }
    }
}

impl Failure {
    /// A failure that starts in the program itself.
    pub(crate) fn new(code: Code, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit: code.exit(),
            what: what.into(),
            help: help.into(),
            code,
        }
    }
}
