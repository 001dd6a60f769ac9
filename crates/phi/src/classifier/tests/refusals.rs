use domain::Explain;
use proptest::prelude::*;

use crate::{
    classifier::{Classifier, ClassifierError, LabelMap, ModelFiles, TokenizerFiles},
    codes,
};

use super::{Shape, Toy, WORDS, drawn, identity, read, words};

fn with(config: &[u8], words: &[u8], weights: &[u8]) -> Result<Classifier, ClassifierError> {
    let files = ModelFiles {
        config,
        weights,
        tokenizer: TokenizerFiles {
            words: Some(words),
            ..TokenizerFiles::default()
        },
    };
    Classifier::read(&files, identity(), LabelMap::built_in()?)
}

/// The toy's configuration with one thing changed.
fn config(from: &str, to: &str) -> Vec<u8> {
    let own = String::from_utf8(drawn("bert", 1).config()).unwrap();
    assert!(own.contains(from), "{from}");
    own.replace(from, to).into_bytes()
}

#[test]
fn a_configuration_that_is_not_read_is_refused() {
    let weights = drawn("bert", 1).weights();
    for (from, to) in [
        ("{", "["),
        ("\"bert\"", "\"gpt2\""),
        ("\"gelu\"", "\"swish\""),
        ("\"hidden_size\": 16", "\"hidden_size\": 0"),
        ("\"hidden_size\": 16", "\"hidden_size\": 4000000000"),
        ("\"hidden_size\": 16", "\"hidden_size\": -16"),
        ("\"num_attention_heads\": 4", "\"num_attention_heads\": 5"),
        ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 100000"),
        (
            "\"max_position_embeddings\": 20",
            "\"max_position_embeddings\": 4",
        ),
        ("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": -1"),
        (
            "\"type_vocab_size\": 2",
            "\"type_vocab_size\": 2, \"is_decoder\": true",
        ),
        (
            "\"type_vocab_size\": 2",
            "\"type_vocab_size\": 2, \"architectures\": [\"BertModel\"]",
        ),
        (
            "\"type_vocab_size\": 2",
            "\"type_vocab_size\": 2, \"position_embedding_type\": \"relative_key\"",
        ),
        ("\"0\": \"O\"", "\"7\": \"O\""),
        ("\"0\": \"O\"", "\"zero\": \"O\""),
    ] {
        let error = with(&config(from, to), &words(), &weights).unwrap_err();
        assert_eq!(error.code(), codes::CLASSIFIER_CONFIG, "{to}: {error}");
    }
}

#[test]
fn labels_that_are_alike_or_mean_nothing_are_refused() {
    let weights = drawn("bert", 1).weights();
    for (from, to) in [("\"DATE\"", "\"HOSPITAL\""), ("\"DATE\"", "\"LABEL_3\"")] {
        let error = with(&config(from, to), &words(), &weights).unwrap_err();
        assert_eq!(error.code(), codes::CLASSIFIER_LABELS, "{error}");
    }
}

#[test]
fn weights_that_do_not_fit_the_configuration_are_refused() {
    let toy = drawn("bert", 1);
    let cut = toy.weights();
    let mut missing = toy.clone();
    missing
        .tensors
        .remove("bert.encoder.layer.1.output.dense.bias");
    let mut turned = toy.clone();
    turned
        .tensors
        .get_mut("bert.encoder.layer.0.output.dense.weight")
        .unwrap()
        .0 = vec![24, 16];
    let mut unknown = toy.clone();
    unknown.tensor("classifier.bias")[0] = f32::NAN;
    let mut endless = toy.clone();
    endless.tensor("classifier.bias")[0] = f32::INFINITY;
    let mut overflowing = toy.clone();
    overflowing
        .tensor("bert.encoder.layer.0.output.dense.weight")
        .fill(3e38);
    for weights in [
        cut[..cut.len() - 1].to_vec(),
        missing.weights(),
        turned.weights(),
        unknown.weights(),
        endless.weights(),
        overflowing.weights(),
        drawn("distilbert", 1).weights(),
        b"PK\x03\x04 a pickle in a zip archive".to_vec(),
        Vec::new(),
    ] {
        let error = read(&toy, &weights).unwrap_err();
        assert_eq!(error.code(), codes::CLASSIFIER_WEIGHTS, "{error}");
    }
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let toy = drawn("bert", 1);
    let (config, weights) = (toy.config(), toy.weights());
    let longer = [&words()[..], b"\none more"].concat();
    for words in [&longer[..], b"", b"no\nmarks", b"[UNK]", b"[UNK]\n\xFF\xFE"] {
        let error = with(&config, words, &weights).unwrap_err();
        assert_eq!(error.code(), codes::CLASSIFIER_TOKENIZER, "{error}");
    }
    for whole in [
        "[]",
        r#"{"model": {"type": "Unigram", "vocab": {}}}"#,
        r#"{"model": {"type": "WordPiece", "vocab": {"[UNK]": 1, "[CLS]": 1}}}"#,
        r#"{"model": {"type": "WordPiece", "vocab": {"[UNK]": 1}}, "pre_tokenizer": {"type": "Metaspace"}}"#,
        r#"{"model": {"type": "WordPiece", "vocab": {"[UNK]": 1}}, "normalizer": {"type": "NFKC"}}"#,
        r#"{"model": {"type": "WordPiece", "vocab": {"[UNK]": 4294967295, "[CLS]": 1, "[SEP]": 2}}}"#,
    ] {
        let tokenizer = TokenizerFiles {
            whole: Some(whole.as_bytes()),
            ..TokenizerFiles::default()
        };
        let files = ModelFiles {
            config: &config,
            weights: &weights,
            tokenizer,
        };
        let error = Classifier::read(&files, identity(), LabelMap::built_in().unwrap());
        assert_eq!(
            error.unwrap_err().code(),
            codes::CLASSIFIER_TOKENIZER,
            "{whole}"
        );
    }
}

#[test]
fn a_model_without_a_tokenizer_is_refused() {
    for family in ["bert", "roberta"] {
        let toy = drawn(family, 1);
        let (config, weights) = (toy.config(), toy.weights());
        let tokenizer = TokenizerFiles::default();
        let files = ModelFiles {
            config: &config,
            weights: &weights,
            tokenizer,
        };
        let error =
            Classifier::read(&files, identity(), LabelMap::built_in().unwrap()).unwrap_err();
        assert_eq!(error.code(), codes::CLASSIFIER_FILES);
    }
}

fn smallest() -> (Vec<u8>, Vec<u8>) {
    let shape = Shape {
        hidden: 2,
        heads: 1,
        layers: 1,
        inner: 2,
        ..Shape::tiny("bert", WORDS.len())
    };
    let toy = Toy::drawn(shape, 3, 1.0);
    (toy.config(), toy.weights())
}

proptest! {
    #[test]
    fn damage_is_refused_or_read_and_never_stops_the_program(
        part in 0..3_usize,
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
        cut in proptest::bool::weighted(0.2),
    ) {
        let (config, weights) = smallest();
        let mut parts = [config, words(), weights];
        let at = place.index(parts[part].len());
        if cut {
            parts[part].truncate(at);
        } else {
            parts[part][at] = byte;
        }
        if let Ok(classifier) = with(&parts[0], &parts[1], &parts[2]) {
            classifier.readings("Dr. Lee was seen by zorblax on Monday, 12 in Texas.");
        }
    }
}
