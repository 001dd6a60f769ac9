//! Small models made on the spot, and models of any size for measuring.

use std::collections::BTreeMap;

use safetensors::{Dtype, tensor::TensorView};
use serde_json::json;

/// A model's sizes.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) family: &'static str,
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) inner: usize,
    pub(crate) vocabulary: usize,
    pub(crate) positions: usize,
    pub(crate) labels: Vec<String>,
}

/// A model: its sizes and its tensors by name, each with its shape.
#[derive(Clone, Debug)]
pub(crate) struct Toy {
    pub(crate) shape: Shape,
    pub(crate) tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Shape {
    /// Two layers of sixteen.
    pub(crate) fn tiny(family: &'static str, vocabulary: usize) -> Self {
        let labels = ["O", "B-PATIENT", "I-PATIENT", "DATE", "HOSPITAL"];
        Self {
            family,
            hidden: 16,
            layers: 2,
            heads: 4,
            inner: 24,
            vocabulary,
            positions: 20,
            labels: labels.map(str::to_owned).into(),
        }
    }
}

impl Toy {
    /// Every weight drawn between -0.5 and 0.5 times `spread`, the scales of norms around 1.
    pub(crate) fn drawn(shape: Shape, seed: u64, spread: f32) -> Self {
        let mut state = seed;
        let mut tensors = BTreeMap::new();
        for (name, size) in names(&shape) {
            let is_scale = name.to_lowercase().contains("norm.weight");
            let middle = if is_scale { 1.0 } else { 0.0 };
            let count = size.iter().product();
            let values = (0..count)
                .map(|_| middle + spread * draw(&mut state))
                .collect();
            tensors.insert(name, (size, values));
        }
        Self { shape, tensors }
    }

    /// `config.json`.
    pub(crate) fn config(&self) -> Vec<u8> {
        let shape = &self.shape;
        let labels: BTreeMap<String, &String> = (0..)
            .map(|number: usize| number.to_string())
            .zip(&shape.labels)
            .collect();
        let mut config = json!({
            "model_type": shape.family, "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions, "id2label": labels,
        });
        let own = if shape.family == "distilbert" {
            json!({ "dim": shape.hidden, "n_layers": shape.layers, "n_heads": shape.heads,
                "hidden_dim": shape.inner, "activation": "gelu",
                "architectures": ["DistilBertForTokenClassification"] })
        } else {
            json!({ "hidden_size": shape.hidden, "num_hidden_layers": shape.layers,
                "num_attention_heads": shape.heads, "intermediate_size": shape.inner,
                "hidden_act": "gelu", "type_vocab_size": 2, "layer_norm_eps": 1e-12,
                "pad_token_id": u8::from(shape.family == "roberta") })
        };
        if let (Some(config), Some(own)) = (config.as_object_mut(), own.as_object()) {
            config.extend(own.clone());
        }
        serde_json::to_vec_pretty(&config).unwrap()
    }

    /// `model.safetensors` of 32-bit numbers.
    pub(crate) fn weights(&self) -> Vec<u8> {
        self.weights_as(Dtype::F32, |value| value.to_le_bytes().to_vec())
    }

    /// `model.safetensors` of other numbers.
    pub(crate) fn weights_as(&self, dtype: Dtype, bytes: impl Fn(f32) -> Vec<u8>) -> Vec<u8> {
        let tensors: Vec<_> = self
            .tensors
            .iter()
            .map(|(name, (size, values))| {
                let bytes: Vec<u8> = values.iter().flat_map(|value| bytes(*value)).collect();
                (name, size.clone(), bytes)
            })
            .collect();
        let views = tensors.iter().map(|(name, size, bytes)| {
            (name, TensorView::new(dtype, size.clone(), bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }
}

/// The names of all tensors with their shapes.
fn names(shape: &Shape) -> Vec<(String, Vec<usize>)> {
    let Shape {
        family,
        hidden,
        inner,
        ..
    } = shape;
    let (hidden, inner) = (*hidden, *inner);
    let mut names = vec![
        (
            format!("{family}.embeddings.word_embeddings.weight"),
            vec![shape.vocabulary, hidden],
        ),
        (
            format!("{family}.embeddings.position_embeddings.weight"),
            vec![shape.positions, hidden],
        ),
        (
            "classifier.weight".to_owned(),
            vec![shape.labels.len(), hidden],
        ),
        ("classifier.bias".to_owned(), vec![shape.labels.len()]),
    ];
    if *family != "distilbert" {
        let name = format!("{family}.embeddings.token_type_embeddings.weight");
        names.push((name, vec![2, hidden]));
    }
    let mut pair = |name: String, size: Vec<usize>| {
        names.push((format!("{name}.bias"), vec![size[0]]));
        names.push((format!("{name}.weight"), size));
    };
    pair(format!("{family}.embeddings.LayerNorm"), vec![hidden]);
    let parts = parts(family);
    for layer in 0..shape.layers {
        for (part, size) in parts.iter().zip([
            vec![hidden, hidden],
            vec![hidden, hidden],
            vec![hidden, hidden],
            vec![hidden, hidden],
            vec![hidden],
            vec![inner, hidden],
            vec![hidden, inner],
            vec![hidden],
        ]) {
            let stem = if *family == "distilbert" {
                "transformer"
            } else {
                "encoder"
            };
            pair(format!("{family}.{stem}.layer.{layer}.{part}"), size);
        }
    }
    names
}

/// Query, key, value, output, norm, inner, outer, norm.
pub(crate) fn parts(family: &str) -> [&'static str; 8] {
    if family == "distilbert" {
        return [
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm",
        ];
    }
    [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm",
    ]
}

/// Between -0.5 and 0.5: SplitMix64 (Steele, Lea, Flood 2014).
fn draw(state: &mut u64) -> f32 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ mixed >> 31) >> 40) as f32 / 16_777_216.0 - 0.5
}
