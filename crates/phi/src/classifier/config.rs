use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Deserialize;

use super::{error::ClassifierError, numbers::Activation};

/// The sizes and choices of a model, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Config {
    pub(super) family: Family,
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) inner: usize,
    pub(super) vocabulary: usize,
    pub(super) positions: usize,
    /// Rows of the table of token types; 0 where the family has none.
    pub(super) types: usize,
    /// The position of the first token.
    pub(super) first_position: usize,
    pub(super) epsilon: f32,
    pub(super) activation: Activation,
    /// The labels, by class.
    pub(super) labels: Vec<String>,
}

/// How the tensors are called, and how text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Bert,
    DistilBert,
    Roberta,
}

/// The keys of `config.json` that decide something.
#[derive(Deserialize)]
struct Stated {
    model_type: Option<String>,
    architectures: Option<Vec<String>>,
    #[serde(alias = "dim")]
    hidden_size: Option<u64>,
    #[serde(alias = "n_layers")]
    num_hidden_layers: Option<u64>,
    #[serde(alias = "n_heads")]
    num_attention_heads: Option<u64>,
    #[serde(alias = "hidden_dim")]
    intermediate_size: Option<u64>,
    vocab_size: Option<u64>,
    max_position_embeddings: Option<u64>,
    type_vocab_size: Option<u64>,
    pad_token_id: Option<u64>,
    layer_norm_eps: Option<f64>,
    #[serde(alias = "activation")]
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    is_decoder: Option<bool>,
    id2label: Option<BTreeMap<String, String>>,
}

impl Config {
    /// Reads `config.json`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ClassifierError> {
        let stated: Stated = serde_json::from_slice(bytes)
            .map_err(|error| refused(format!("line {}: {}", error.line(), kind(&error))))?;
        let family = family(&stated)?;
        refuse_variants(&stated)?;
        let positions = size(
            "max_position_embeddings",
            stated.max_position_embeddings,
            1 << 16,
        )?;
        let first_position = match family {
            Family::Roberta => size("pad_token_id", stated.pad_token_id.or(Some(1)), 16)? + 1,
            Family::Bert | Family::DistilBert => 0,
        };
        let config = Self {
            family,
            hidden: size("hidden_size", stated.hidden_size, 4096)?,
            layers: size("num_hidden_layers", stated.num_hidden_layers, 64)?,
            heads: size("num_attention_heads", stated.num_attention_heads, 256)?,
            inner: size("intermediate_size", stated.intermediate_size, 1 << 14)?,
            vocabulary: size("vocab_size", stated.vocab_size, 1 << 19)?,
            positions,
            types: types(family, stated.type_vocab_size)?,
            first_position,
            epsilon: epsilon(family, stated.layer_norm_eps)?,
            activation: Activation::named(stated.hidden_act.as_deref().unwrap_or("gelu"))
                .ok_or_else(|| refused("its activation is none of gelu, gelu_new and relu"))?,
            labels: labels(stated.id2label)?,
        };
        config.refuse_misfits()?;
        Ok(config)
    }

    /// The most tokens that are read at once, marks at both ends included.
    pub(super) fn window(&self) -> usize {
        self.positions
            .saturating_sub(self.first_position)
            .min(WINDOW_MAX)
    }

    fn refuse_misfits(&self) -> Result<(), ClassifierError> {
        if !self.hidden.is_multiple_of(self.heads) {
            return Err(refused("the heads do not divide the hidden size"));
        }
        if self.window() < WINDOW_MIN {
            return Err(refused("it reads fewer than eight tokens at once"));
        }
        Ok(())
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bert => "bert",
            Self::DistilBert => "distilbert",
            Self::Roberta => "roberta",
        })
    }
}

fn family(stated: &Stated) -> Result<Family, ClassifierError> {
    let architectures = stated.architectures.as_deref().unwrap_or_default();
    let is_classifier = architectures
        .iter()
        .any(|name| name.ends_with("ForTokenClassification"));
    if !is_classifier && !architectures.is_empty() {
        return Err(refused(
            "the model is made for something else than token classification",
        ));
    }
    match stated.model_type.as_deref() {
        Some("bert") => Ok(Family::Bert),
        Some("distilbert") => Ok(Family::DistilBert),
        Some("roberta") => Ok(Family::Roberta),
        Some(_) => Err(refused(
            "its `model_type` is none of bert, distilbert and roberta",
        )),
        None => Err(refused("`model_type` is missing")),
    }
}

fn refuse_variants(stated: &Stated) -> Result<(), ClassifierError> {
    let positions = stated.position_embedding_type.as_deref();
    if positions.is_some_and(|kind| kind != "absolute") {
        return Err(refused("its positions are not absolute"));
    }
    if stated.is_decoder == Some(true) {
        return Err(refused("the model is a decoder"));
    }
    Ok(())
}

/// A number from 1 to `max`: what is larger is no model of these families.
fn size(name: &str, stated: Option<u64>, max: usize) -> Result<usize, ClassifierError> {
    let stated = stated.ok_or_else(|| refused(format!("`{name}` is missing")))?;
    usize::try_from(stated)
        .ok()
        .filter(|size| (1..=max).contains(size))
        .ok_or_else(|| refused(format!("`{name}` is not between 1 and {max}")))
}

fn types(family: Family, stated: Option<u64>) -> Result<usize, ClassifierError> {
    match family {
        Family::DistilBert => Ok(0),
        Family::Bert | Family::Roberta => size("type_vocab_size", stated.or(Some(2)), 16),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be small and positive"
)]
fn epsilon(family: Family, stated: Option<f64>) -> Result<f32, ClassifierError> {
    let own = match family {
        Family::DistilBert => DEFAULT_EPSILON,
        Family::Bert | Family::Roberta => stated.unwrap_or(DEFAULT_EPSILON),
    };
    if (0.0..=0.1).contains(&own) {
        Ok(own as f32)
    } else {
        Err(refused("`layer_norm_eps` is not between 0 and 0.1"))
    }
}

/// The labels in the order of their numbers, which must be 0, 1, 2 and so on.
fn labels(stated: Option<BTreeMap<String, String>>) -> Result<Vec<String>, ClassifierError> {
    let stated = stated.ok_or_else(|| refused("`id2label` is missing"))?;
    if !(2..=LABELS_MAX).contains(&stated.len()) {
        return Err(refused(format!(
            "`id2label` has not 2 to {LABELS_MAX} labels"
        )));
    }
    let mut numbered = BTreeMap::new();
    for (number, label) in &stated {
        let number: usize = number
            .parse()
            .map_err(|_| refused("a key of `id2label` is no number"))?;
        numbered.insert(number, label.clone());
    }
    if numbered.len() != stated.len() || numbered.keys().copied().ne(0..stated.len()) {
        return Err(refused(
            "the numbers of `id2label` are not 0, 1, 2 and so on",
        ));
    }
    let distinct: BTreeSet<&String> = stated.values().collect();
    if distinct.len() != stated.len() {
        return Err(ClassifierError::Labels(
            "two classes have the same label".to_owned(),
        ));
    }
    Ok(numbered.into_values().collect())
}

fn kind(error: &serde_json::Error) -> &'static str {
    if error.is_data() {
        "a value has another type than it should"
    } else {
        "this is no JSON"
    }
}

fn refused(what: impl Into<String>) -> ClassifierError {
    ClassifierError::Config(what.into())
}

/// What the published BERT models use.
const DEFAULT_EPSILON: f64 = 1e-12;

const LABELS_MAX: usize = 1024;

/// Longer windows cost memory by their square and were not in the training of these families.
const WINDOW_MAX: usize = 512;
const WINDOW_MIN: usize = 8;
