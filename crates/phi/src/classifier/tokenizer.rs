use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    bytepair::BytePair,
    config::{Config, Family},
    error::ClassifierError,
    wordpiece::WordPiece,
};

/// The files that say how text is cut into tokens: `tokenizer.json`, or those it is made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerFiles<'a> {
    /// `tokenizer.json`; where it is given the vocabulary is taken from it.
    pub whole: Option<&'a [u8]>,
    /// `vocab.txt`, a word a line (BERT, DistilBERT).
    pub words: Option<&'a [u8]>,
    /// `vocab.json`, words with their numbers (RoBERTa).
    pub numbers: Option<&'a [u8]>,
    /// `merges.txt`, a pair a line (RoBERTa).
    pub merges: Option<&'a [u8]>,
    /// `tokenizer_config.json`: whether capitals and accents count.
    pub choices: Option<&'a [u8]>,
}

/// A piece of a text that the model knows by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) id: u32,
    /// Where it stands in the text, in bytes; what was dropped between letters belongs to it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of the word it belongs to.
    pub(super) word: usize,
}

/// Cuts texts as the model's training did.
#[derive(Debug)]
pub(super) struct Tokenizer {
    cutter: Cutter,
    /// What stands before and after every window.
    pub(super) opening: u32,
    pub(super) closing: u32,
}

#[derive(Debug)]
enum Cutter {
    WordPiece(Box<WordPiece>),
    BytePair(Box<BytePair>),
}

/// Words with their numbers.
pub(super) type Vocabulary = HashMap<String, u32>;

/// The parts of `tokenizer.json` that decide something.
#[derive(Deserialize)]
pub(super) struct Whole {
    pub(super) normalizer: Option<Value>,
    pub(super) pre_tokenizer: Option<Value>,
    pub(super) model: Model,
}

/// The part `model` of `tokenizer.json`.
#[derive(Deserialize)]
pub(super) struct Model {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) vocab: Vocabulary,
    pub(super) merges: Option<Vec<Merge>>,
    pub(super) continuing_subword_prefix: Option<String>,
}

/// A merge, in either form that is written.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Merge {
    Joined(String),
    Pair(String, String),
}

impl Tokenizer {
    /// Reads the files that a model of this family needs.
    pub(super) fn read(
        config: &Config,
        files: &TokenizerFiles<'_>,
    ) -> Result<Self, ClassifierError> {
        let whole = files.whole.map(whole).transpose()?;
        let made = match config.family {
            Family::Bert | Family::DistilBert => WordPiece::read(whole, files).map(|cutter| {
                let ends = (cutter.number("[CLS]"), cutter.number("[SEP]"));
                (ends, cutter.highest(), Cutter::WordPiece(Box::new(cutter)))
            }),
            Family::Roberta => BytePair::read(whole, files).map(|cutter| {
                let ends = (cutter.number("<s>"), cutter.number("</s>"));
                (ends, cutter.highest(), Cutter::BytePair(Box::new(cutter)))
            }),
        };
        let ((opening, closing), highest, cutter) = made?;
        if highest as usize >= config.vocabulary {
            return Err(refused("it has more words than the weights"));
        }
        let missing = || refused("the marks at the ends of a text are not among its words");
        Ok(Self {
            cutter,
            opening: opening.ok_or_else(missing)?,
            closing: closing.ok_or_else(missing)?,
        })
    }

    /// The pieces of a text, in order.
    pub(super) fn pieces(&self, text: &str) -> Vec<Piece> {
        match &self.cutter {
            Cutter::WordPiece(cutter) => cutter.pieces(text),
            Cutter::BytePair(cutter) => cutter.pieces(text),
        }
    }
}

fn whole(bytes: &[u8]) -> Result<Whole, ClassifierError> {
    serde_json::from_slice(bytes).map_err(|error| {
        refused(format!(
            "tokenizer.json, line {}, is not of its form",
            error.line()
        ))
    })
}

/// Words with their numbers, none of which are alike.
pub(super) fn refuse_shared_numbers(vocabulary: &Vocabulary) -> Result<(), ClassifierError> {
    let mut numbers: Vec<u32> = vocabulary.values().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Err(refused("it has no words"));
    }
    if numbers.len() == vocabulary.len() {
        Ok(())
    } else {
        Err(refused("two words have one number"))
    }
}

/// The highest number of a word.
pub(super) fn highest(vocabulary: &Vocabulary) -> u32 {
    vocabulary.values().copied().max().unwrap_or(0)
}

pub(super) fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, ClassifierError> {
    std::str::from_utf8(bytes).map_err(|_| refused(format!("{name} is not UTF-8")))
}

pub(super) fn refused(what: impl Into<String>) -> ClassifierError {
    ClassifierError::Tokenizer(what.into())
}
