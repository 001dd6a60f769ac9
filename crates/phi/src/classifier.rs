//! A transformer token classifier that the user brings: read, checked, and asked about texts.
//!
//! Models of the form that the `transformers` library writes: BERT, DistilBERT and RoBERTa with a
//! linear classifier over every token (Devlin et al. 2019, Sanh et al. 2019, Liu et al. 2019).
//! [`files`](ModelFiles) come as bytes, are read as data and never run; [`labels`](LabelMap) say
//! what the model's labels mean here. Reading: `config`, then `tensors` and `encoder` for the
//! weights, `tokenizer` with `wordpiece` or `bytepair` for the text. Asking: `windows`, `spans`,
//! and `guard`, which holds the answers against what the rules know.

mod bytepair;
mod characters;
mod config;
mod encoder;
mod error;
mod guard;
mod labels;
mod numbers;
mod spans;
mod tensors;
mod tokenizer;
mod windows;
mod wordpiece;

pub use error::ClassifierError;
pub use labels::LabelMap;
pub use tokenizer::TokenizerFiles;

use std::ops::Range;

use domain::Digest;
use serde::{Deserialize, Serialize};

use crate::label::Label;

use config::Config;
use encoder::Encoder;
use labels::Meaning;
use tensors::Tensors;
use tokenizer::Tokenizer;

/// The files of a model, as bytes.
#[derive(Clone, Copy, Debug)]
pub struct ModelFiles<'a> {
    /// `config.json`.
    pub config: &'a [u8],
    /// `model.safetensors`.
    pub weights: &'a [u8],
    /// The files that say how text is cut into tokens.
    pub tokenizer: TokenizerFiles<'a>,
}

/// Which model it is, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelIdentity {
    /// What the user calls it.
    pub name: String,
    /// SHA-256 of the weights' file.
    pub weights: Digest,
    /// SHA-256 of the file of meanings that was given, if one was.
    #[serde(default)]
    pub labels: Option<Digest>,
}

/// A token classifier, ready to read texts.
///
/// Reading a text takes only `&self`. The same text gives the same findings on the same machine;
/// on another kind of processor the last bits of the scores may differ.
#[derive(Debug)]
pub struct Classifier {
    identity: ModelIdentity,
    config: Config,
    encoder: Encoder,
    tokenizer: Tokenizer,
    meanings: Vec<Meaning>,
    map: LabelMap,
}

/// An identifier by a classifier's reading: its place in the text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Where it stands: bytes, on character boundaries, never empty.
    pub range: Range<usize>,
    /// What it is.
    pub label: Label,
    /// The probability that its words are identifiers of any kind: the mean over its words.
    pub probability: f32,
}

impl Classifier {
    /// Reads and checks a model.
    ///
    /// # Errors
    /// Refuses another architecture than those named in the module, sizes beyond what such models
    /// have, tensors that are missing, of another shape, or not finite, a tokenizer that does not
    /// belong to the weights, and labels without a meaning in `map`.
    pub fn read(
        files: &ModelFiles<'_>,
        identity: ModelIdentity,
        map: LabelMap,
    ) -> Result<Self, ClassifierError> {
        let config = Config::read(files.config)?;
        let meanings = map.meanings(&config.labels)?;
        let tokenizer = Tokenizer::read(&config, &files.tokenizer)?;
        let encoder = Encoder::read(&config, &Tensors::read(files.weights)?)?;
        let classifier = Self {
            identity,
            config,
            encoder,
            tokenizer,
            meanings,
            map,
        };
        classifier.refuse_overflow()?;
        Ok(classifier)
    }

    /// Which model it is.
    pub const fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    /// Its architecture in a few words: `bert, 12 layers of 768, 9 labels`.
    pub fn describe(&self) -> String {
        let config = &self.config;
        format!(
            "{}, {} layers of {}, {} labels",
            config.family,
            config.layers,
            config.hidden,
            config.labels.len()
        )
    }

    /// The identifiers in a text by this model alone, in order, without overlaps.
    pub fn readings(&self, text: &str) -> Vec<Reading> {
        let pieces = self.tokenizer.pieces(text);
        let shares = windows::probabilities(&self.encoder, &self.tokenizer, &pieces);
        let words = spans::words(&pieces, &shares, &self.meanings, &self.map);
        spans::join(text, &words)
    }

    /// How many tokens the model reads for a text, for measuring its speed.
    pub fn token_count(&self, text: &str) -> usize {
        self.tokenizer.pieces(text).len()
    }

    /// Weights that are finite can still overflow: asked once, before any text is read.
    fn refuse_overflow(&self) -> Result<(), ClassifierError> {
        let pieces = self.tokenizer.pieces(PROBE);
        let shares = windows::probabilities(&self.encoder, &self.tokenizer, &pieces);
        if shares.iter().flatten().all(|share| share.is_finite()) {
            Ok(())
        } else {
            Err(ClassifierError::Weights(
                "the weights overflow when used".to_owned(),
            ))
        }
    }
}

const PROBE: &str = "Seen on Monday by the doctor, room 12: she is well.";

#[cfg(test)]
mod tests;
