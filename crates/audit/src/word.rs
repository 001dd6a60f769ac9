//! The only texts the log takes: short words that cannot hold a sentence or a person.

use std::{fmt, str::FromStr};

use domain::{Code, Digest, Explain, RunId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes;

/// A short safe word, such as an id or hex digits: 1 to 64 characters out of `a-z`, `0-9`, `-`,
/// `_` and `.`, starting with a letter or digit.
///
/// ```
/// use cloister_audit::Word;
/// assert!(Word::new("adult-2026.1").is_ok());
/// assert!(Word::new("Ada Example, 555-12-3456").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word(String);

/// An error code in an event: `CL` and four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeWord(u16);

/// Text that the log does not take.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum WordError {
    /// Not a short safe word.
    #[error(
        "the log takes words of 1 to 64 characters out of a-z, 0-9, `-`, `_` and `.` that start \
         with a letter or digit"
    )]
    Word,
    /// Not an error code.
    #[error("an error code is `CL` and four digits")]
    CodeWord,
}

impl Word {
    /// Refuses what is not a short safe word.
    pub fn new(text: impl Into<String>) -> Result<Self, WordError> {
        // The alphabet of an id, which `domain` owns.
        let id = RunId::new(text).map_err(|_| WordError::Word)?;
        Ok(Self(id.into()))
    }

    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The word for something that has no safe name of its own, a file's path for example.
impl From<Digest> for Word {
    fn from(digest: Digest) -> Self {
        Self(digest.to_string())
    }
}

impl From<Code> for CodeWord {
    fn from(code: Code) -> Self {
        Self(code.number())
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for CodeWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CL{:04}", self.0)
    }
}

impl FromStr for Word {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::new(text)
    }
}

impl FromStr for CodeWord {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let digits = text.strip_prefix("CL").ok_or(WordError::CodeWord)?;
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(WordError::CodeWord);
        }
        Ok(Self(digits.parse().map_err(|_| WordError::CodeWord)?))
    }
}

impl TryFrom<String> for Word {
    type Error = WordError;

    fn try_from(text: String) -> Result<Self, WordError> {
        Self::new(text)
    }
}

impl TryFrom<String> for CodeWord {
    type Error = WordError;

    fn try_from(text: String) -> Result<Self, WordError> {
        text.parse()
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.0
    }
}

impl From<CodeWord> for String {
    fn from(word: CodeWord) -> Self {
        word.to_string()
    }
}

impl Explain for WordError {
    fn code(&self) -> Code {
        codes::WORD
    }

    fn help(&self) -> String {
        "log an id, or the digest of what has no id".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_names_and_paths_are_refused() {
        for refused in [
            "",
            "Ada",
            "two words",
            "/home/ada/notes.txt",
            "a@b.org",
            "555 12 3456",
            "ü",
            &"a".repeat(65),
        ] {
            assert_eq!(Word::new(refused), Err(WordError::Word), "{refused}");
        }
        assert_eq!(Word::from(Digest([1; 32])).as_str().len(), 64);
    }

    #[test]
    fn codes_are_cl_and_four_digits() {
        let word: CodeWord = "CL0107".parse().unwrap();
        assert_eq!(word.to_string(), "CL0107");
        assert_eq!(CodeWord::from(codes::EVENT).to_string(), "CL3201");
        for refused in ["CL107", "cl0107", "CL01070", "CL+107", "EX0107", ""] {
            assert!(refused.parse::<CodeWord>().is_err(), "{refused}");
        }
    }
}
