use std::{error::Error, fmt};

use serde::Serialize;

/// How a command ends; the number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// 1: it did not work.
    Failed = 1,
    /// 2: it was asked wrongly.
    Usage = 2,
    /// 3: policy says no.
    Refused = 3,
    /// 4: a gate or a verification did not hold.
    Gate = 4,
}

/// A stable error code: `CL` and four digits, how the command ends, and the rule behind it.
///
/// Each room owns a range (see `golden/error-codes.md`) and lists its codes in a `CODES` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    number: u16,
    exit: Exit,
    title: &'static str,
    citation: Option<&'static str>,
}

impl Code {
    /// A code without a legal paragraph.
    pub const fn new(number: u16, exit: Exit, title: &'static str) -> Self {
        Self {
            number,
            exit,
            title,
            citation: None,
        }
    }

    /// The same code with the paragraph or standard it answers.
    #[must_use]
    pub const fn citing(self, citation: &'static str) -> Self {
        Self {
            citation: Some(citation),
            ..self
        }
    }

    /// The four digits.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// How the command ends.
    pub const fn exit(self) -> Exit {
        self.exit
    }

    /// One line for the list of codes.
    pub const fn title(self) -> &'static str {
        self.title
    }

    /// The paragraph or standard behind it.
    pub const fn citation(self) -> Option<&'static str> {
        self.citation
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CL{:04}", self.number)
    }
}

/// An error that tells its reader what to do.
///
/// The message (`Display`) says what is wrong, in lower case, without a value from the data.
pub trait Explain: Error {
    /// The stable code.
    fn code(&self) -> Code;

    /// What to do now, as one sentence without a full stop.
    fn help(&self) -> String;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_prints_with_four_digits() {
        assert_eq!(Code::new(7, Exit::Failed, "x").to_string(), "CL0007");
        assert_eq!(
            Code::new(2001, Exit::Refused, "x").citing("y").citation(),
            Some("y")
        );
    }
}
