use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

/// Why gold and predictions cannot be compared. Lines count from 1; no message shows a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A line is no JSON object of the form asked for.
    #[error("`{file}` line {line}: {reason}")]
    Line {
        /// The name of the file.
        file: String,
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An id stands twice.
    #[error("`{file}` line {line} has the id of line {first}")]
    DuplicateId {
        /// The name of the file.
        file: String,
        /// The second line of that id.
        line: usize,
        /// The first line of that id.
        first: usize,
    },
    /// A document of the gold has no prediction.
    #[error("line {line} of the gold has no prediction with its id")]
    NotPredicted {
        /// The line in the gold.
        line: usize,
    },
    /// A prediction belongs to no document of the gold.
    #[error("line {line} of the predictions has an id that is not in the gold")]
    NotInGold {
        /// The line in the predictions.
        line: usize,
    },
    /// A prediction ends beyond the text of its document.
    #[error("line {line} of the predictions has a span that ends beyond the text")]
    BeyondText {
        /// The line in the predictions.
        line: usize,
    },
}

impl Explain for EvaluateError {
    fn code(&self) -> Code {
        codes::EVALUATION
    }

    fn help(&self) -> String {
        match self {
            Self::Line { .. } => "gold lines are `{\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"label\"}]}`, predictions the same without text; offsets count Unicode code points",
            Self::DuplicateId { .. } => "give every document an id of its own",
            Self::NotPredicted { .. } => "a document in which nothing was found needs a line with no spans",
            Self::NotInGold { .. } => "compare predictions of the very documents in the gold",
            Self::BeyondText { .. } => "make predictions with `--offsets codepoints`, on the same text",
        }
        .to_owned()
    }
}
