//! The study file.

/// All of `flow` would bring the database and the policy engine: its parser is compiled here.
#[path = "../../crates/flow/src/study.rs"]
#[allow(dead_code, missing_docs, unused_imports)]
mod parser;

/// A study file that is not UTF-8 never reaches the parser.
pub(crate) fn study(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(study) = parser::Study::parse(text)
    {
        drop(study.dataset());
    }
}
