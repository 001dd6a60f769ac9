mod cutting;
mod engine;
mod reckoning;
mod refusals;
pub(super) mod toy;

use domain::Digest;
use proptest::prelude::*;
use safetensors::Dtype;

use super::*;
use toy::{Shape, Toy};

/// Words of a small vocabulary, with the marks that BERT needs.
const WORDS: &[&str] = &[
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "un",
    "##aff",
    "##able",
    "dr",
    ".",
    "seen",
    "by",
    "on",
    "monday",
    "the",
    "quillfeather",
    "zorb",
    "##lax",
    "parkinson",
    "disease",
    "a",
    "##a",
    "##b",
    "12",
    "##2",
    "texas",
    "1999",
    "mg",
    "born",
    "in",
    "##9",
    "9",
    "lee",
    ",",
    "tonquil",
    "east",
];

impl Toy {
    /// The tensor of a name, to change it.
    fn tensor(&mut self, name: &str) -> &mut Vec<f32> {
        &mut self.tensors.get_mut(name).unwrap().1
    }
}

fn identity() -> ModelIdentity {
    ModelIdentity {
        name: "toy".to_owned(),
        weights: Digest([7; 32]),
        labels: None,
    }
}

fn words() -> Vec<u8> {
    WORDS.join("\n").into_bytes()
}

/// Merges that make `Ġ` + `d`, `Ġd` + `r`; every byte is a word.
fn byte_pairs() -> (Vec<u8>, Vec<u8>) {
    let mut vocabulary: serde_json::Map<String, serde_json::Value> =
        ["<s>", "<pad>", "</s>", "<unk>"]
            .into_iter()
            .zip(0..)
            .map(|(word, number)| (word.to_owned(), number.into()))
            .collect();
    let plain = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let odd: Vec<u8> = (0..=255).filter(|byte| !plain(*byte)).collect();
    for byte in 0..=255_u8 {
        let letter = match odd.iter().position(|own| *own == byte) {
            None => char::from(byte),
            Some(place) => char::from_u32(256 + u32::try_from(place).unwrap()).unwrap(),
        };
        vocabulary.insert(letter.to_string(), (4 + u32::from(byte)).into());
    }
    for (word, number) in ["Ġd", "Ġdr", "ee", "lee"].into_iter().zip(260..) {
        vocabulary.insert(word.to_owned(), number.into());
    }
    let merges = "#version: 0.2\nĠ d\nĠd r\ne e\nl ee\n";
    (
        serde_json::to_vec(&vocabulary).unwrap(),
        merges.as_bytes().to_vec(),
    )
}

/// The model of these weights and files.
fn read(toy: &Toy, weights: &[u8]) -> Result<Classifier, ClassifierError> {
    let (numbers, merges) = byte_pairs();
    let words = words();
    let files = ModelFiles {
        config: &toy.config(),
        weights,
        tokenizer: TokenizerFiles {
            words: Some(&words),
            numbers: Some(&numbers),
            merges: Some(&merges),
            ..TokenizerFiles::default()
        },
    };
    Classifier::read(&files, identity(), LabelMap::built_in()?)
}

fn drawn(family: &'static str, seed: u64) -> Toy {
    let count = if family == "roberta" {
        264
    } else {
        WORDS.len()
    };
    Toy::drawn(Shape::tiny(family, count), seed, 1.0)
}

fn assert_close(classifier: &Classifier, toy: &Toy, tokens: &[u32]) {
    let found = classifier.encoder.shares(tokens);
    let wanted = reckoning::shares(toy, tokens);
    assert_eq!(found.nrows(), wanted.len());
    for (found, wanted) in found.outer_iter().zip(&wanted) {
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(
                (f64::from(*found) - wanted).abs() < 1e-5,
                "{found} is not {wanted}"
            );
        }
    }
}

#[test]
fn shares_are_those_of_a_plain_reckoning() {
    for family in ["bert", "distilbert", "roberta"] {
        for seed in 1..4 {
            let toy = drawn(family, seed);
            let classifier = read(&toy, &toy.weights()).unwrap();
            assert_close(&classifier, &toy, &[2, 17, 9, 30, 5, 5, 0, 3]);
            assert_close(&classifier, &toy, &[2, 3]);
        }
    }
}

#[test]
fn models_of_one_column_and_one_head_are_reckoned_too() {
    for (hidden, heads, inner) in [(1, 1, 3), (4, 4, 1), (2, 1, 1)] {
        let shape = Shape {
            hidden,
            heads,
            inner,
            ..Shape::tiny("bert", WORDS.len())
        };
        let toy = Toy::drawn(shape, 5, 2.0);
        let classifier = read(&toy, &toy.weights()).unwrap();
        if hidden > 1 {
            assert_close(&classifier, &toy, &[2, 17, 9, 30, 3]);
        }
    }
}

/// Drawn with seed 1, reckoned once and kept.
#[test]
fn a_drawn_model_has_the_shares_of_the_first_day() {
    let toy = drawn("bert", 1);
    let classifier = read(&toy, &toy.weights()).unwrap();
    let shares = classifier.encoder.shares(&[2, 14, 3]);
    for (found, wanted) in shares.row(1).iter().zip(FIRST_DAY) {
        assert!((found - wanted).abs() < 1e-6, "{shares:?}");
    }
}

const FIRST_DAY: [f32; 5] = [
    0.062_414_907,
    0.027_787_015,
    0.220_638_32,
    0.540_083_9,
    0.149_075_84,
];

#[test]
fn shorter_numbers_are_read_as_what_they_are() {
    let mut toy = drawn("bert", 2);
    for (_, values) in toy.tensors.values_mut() {
        for value in values {
            *value = f32::from_bits(value.to_bits() & 0xFFFF_0000);
        }
    }
    let upper = |value: f32| value.to_le_bytes()[2..].to_vec();
    let classifier = read(&toy, &toy.weights_as(Dtype::BF16, upper)).unwrap();
    assert_close(&classifier, &toy, &[2, 17, 9, 3]);
}

#[test]
fn a_long_text_is_read_in_windows() {
    let toy = drawn("bert", 3);
    let classifier = read(&toy, &toy.weights()).unwrap();
    let text = "seen by dr. lee on monday in texas, ".repeat(20);
    let pieces = classifier.tokenizer.pieces(&text);
    let shares = windows::probabilities(&classifier.encoder, &classifier.tokenizer, &pieces);
    assert!(pieces.len() > 100);
    assert_eq!(shares.len(), pieces.len());

    let ids: Vec<u32> = pieces.iter().take(18).map(|piece| piece.id).collect();
    let tokens: Vec<u32> = [2].into_iter().chain(ids).chain([3]).collect();
    let alone = reckoning::shares(&toy, &tokens);
    for (found, wanted) in shares.iter().zip(&alone[1..12]) {
        assert!((f64::from(found[0]) - wanted[0]).abs() < 1e-5);
    }
}

proptest! {
    #[test]
    fn readings_stand_in_order_on_boundaries(text in "(\\PC|[a-z. \n]|quillfeather|é|\u{200B}){0,60}", family in 0..3_usize) {
        static MODELS: std::sync::LazyLock<Vec<Classifier>> = std::sync::LazyLock::new(|| {
            let toys = ["bert", "distilbert", "roberta"].map(|family| drawn(family, 4));
            toys.iter().map(|toy| read(toy, &toy.weights()).unwrap()).collect()
        });
        let mut end = 0;
        for reading in MODELS[family].readings(&text) {
            prop_assert!(reading.range.start >= end && !reading.range.is_empty());
            prop_assert!(text.get(reading.range.clone()).is_some());
            prop_assert!((0.0..=1.0).contains(&reading.probability));
            end = reading.range.end;
        }
    }
}
