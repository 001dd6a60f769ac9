//! A small strict reader and writer of the safetensors format (Hugging Face, version 1): eight bytes
//! of length, a JSON header, raw little-endian numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Grid, Layer, Model, ModelError, Split, Tree};
use crate::{
    features::Expansion,
    train::{MAX_KNOTS, ModelKind},
};

const MAX_HEADER: usize = 8 << 20;
const MAX_LAYERS: usize = 16;
const FORMAT: &str = "cloister-model-1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    format: String,
    kind: String,
    spec: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    knots: String,
}

/// The header; a name that stands twice is refused.
#[derive(Debug, Default)]
struct Header {
    metadata: Option<Metadata>,
    tensors: BTreeMap<String, Tensor>,
}

pub(super) fn write(model: &Model) -> Vec<u8> {
    let mut data = Vec::new();
    let mut header = serde_json::Map::new();
    let metadata = Metadata {
        format: FORMAT.into(),
        kind: json(&model.kind),
        spec: json(&model.spec),
        knots: if model.knots == 0 {
            String::new()
        } else {
            model.knots.to_string()
        },
    };
    header.insert("__metadata__".into(), value(&metadata));
    for (index, layer) in model.layers.iter().enumerate() {
        let mut put = |name: &str, shape: Vec<usize>, numbers: &[f32]| {
            let start = data.len();
            data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            let tensor = Tensor {
                dtype: "F32".into(),
                shape,
                data_offsets: (start, data.len()),
            };
            header.insert(format!("layer.{index}.{name}"), value(&tensor));
        };
        put("weight", vec![layer.inputs, layer.outputs], &layer.weights);
        put("bias", vec![layer.outputs], &layer.bias);
    }
    let mut put = |name: &str, shape: Vec<usize>, numbers: &[f32]| {
        let start = data.len();
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let tensor = Tensor {
            dtype: "F32".into(),
            shape,
            data_offsets: (start, data.len()),
        };
        header.insert(name.to_owned(), value(&tensor));
    };
    if let (Some((trees, depth)), false) = (model.kind.trees(), model.trees.is_empty()) {
        let (trees, leaves) = (trees as usize, 1_usize << depth);
        put(SPLITS, vec![trees, leaves - 1, 4], &split_numbers(model));
        put(LEAVES, vec![trees, leaves], &leaf_numbers(model));
    }
    let mut text = json(&header).into_bytes();
    text.resize(text.len().next_multiple_of(8), b' ');
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text);
    bytes.extend(data);
    bytes
}

pub(super) fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    let (length, rest) = bytes
        .split_first_chunk::<8>()
        .ok_or(bad("the file is too short", 0))?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > MAX_HEADER {
        return Err(bad("the header is too long", 0));
    }
    let (header, data) = rest
        .split_at_checked(length)
        .ok_or(bad("the header is cut off", 8))?;
    let header: Header = serde_json::from_slice(header)
        .map_err(|error| bad("the header is not ours", 8 + error.column()))?;
    let metadata = header
        .metadata
        .as_ref()
        .ok_or(bad("the metadata are missing", 8))?;
    if metadata.format != FORMAT {
        return Err(bad("the format is another one", 8));
    }
    let kind: ModelKind = parse(&metadata.kind)?;
    let trees = match kind.trees() {
        Some((trees, depth)) => {
            kind.check()
                .map_err(|_| bad("the kind is out of range", 8))?;
            self::trees(&header, data, 8 + length, (trees as usize, depth))?
        }
        None => Vec::new(),
    };
    let model = Model {
        spec: parse(&metadata.spec)?,
        layers: if trees.is_empty() {
            layers(&header, data, 8 + length)?
        } else {
            Vec::new()
        },
        kind,
        knots: knots(&metadata.knots)?,
        trees,
    };
    check(&model)?;
    Ok(model)
}

fn knots(text: &str) -> Result<u32, ModelError> {
    if text.is_empty() {
        return Ok(0);
    }
    match text.parse() {
        Ok(knots) if (2..=MAX_KNOTS).contains(&knots) => Ok(knots),
        _ => Err(bad("the number of knots is wrong", 8)),
    }
}

/// Four numbers a split: feature, width, seed, threshold. Whole numbers below 2^24 are exact.
fn split_numbers(model: &Model) -> Vec<f32> {
    let splits = model.trees.iter().flat_map(|tree| &tree.splits);
    splits
        .flat_map(|split| {
            [
                split.feature as f32,
                split.width as f32,
                split.seed as f32,
                split.threshold,
            ]
        })
        .collect()
}

fn leaf_numbers(model: &Model) -> Vec<f32> {
    let leaves = model.trees.iter().flat_map(|tree| &tree.leaves);
    leaves.copied().collect()
}

fn trees(
    header: &Header,
    data: &[u8],
    offset: usize,
    (count, depth): (usize, u32),
) -> Result<Vec<Tree>, ModelError> {
    let leaves = 1_usize << depth;
    let (splits, values) = (tensor(header, SPLITS)?, tensor(header, LEAVES)?);
    if header.tensors.len() != 2
        || splits.shape != [count, leaves - 1, 4]
        || values.shape != [count, leaves]
    {
        return Err(bad("the trees have another shape", 8));
    }
    let mut position = 0;
    let splits = numbers(splits, data, &mut position, offset)?;
    let values = numbers(values, data, &mut position, offset)?;
    if position != data.len() {
        return Err(bad("there is more than the tensors", offset + position));
    }
    let splits: Result<Vec<Split>, ModelError> =
        splits.as_chunks::<4>().0.iter().map(split).collect();
    let splits = splits?;
    let pairs = splits.chunks(leaves - 1).zip(values.chunks(leaves));
    Ok(pairs
        .map(|(splits, leaves)| Tree {
            splits: splits.to_vec(),
            leaves: leaves.to_vec(),
        })
        .collect())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and below 2^24"
)]
fn split([feature, width, seed, threshold]: &[f32; 4]) -> Result<Split, ModelError> {
    let whole = |number: &f32| {
        if number.fract() == 0.0 && (0.0..16_777_216.0).contains(number) {
            Ok(*number as u32)
        } else {
            Err(bad("a split is no whole number", 8))
        }
    };
    Ok(Split {
        feature: whole(feature)?,
        width: whole(width)?,
        seed: whole(seed)?,
        threshold: *threshold,
    })
}

/// The tensors of trees.
const SPLITS: &str = "trees.splits";
const LEAVES: &str = "trees.leaves";

fn layers(header: &Header, data: &[u8], offset: usize) -> Result<Vec<Layer>, ModelError> {
    let count = header.tensors.len() / 2;
    if !header.tensors.len().is_multiple_of(2) || !(1..=MAX_LAYERS).contains(&count) {
        return Err(bad("the number of tensors is wrong", 8));
    }
    let mut layers = Vec::with_capacity(count);
    let mut position = 0;
    for index in 0..count {
        let weight = tensor(header, &format!("layer.{index}.weight"))?;
        let bias = tensor(header, &format!("layer.{index}.bias"))?;
        let (&[inputs, outputs], &[width]) = (weight.shape.as_slice(), bias.shape.as_slice())
        else {
            return Err(bad("a shape is wrong", 8));
        };
        if width != outputs {
            return Err(bad("a bias does not fit its layer", 8));
        }
        let weights = numbers(weight, data, &mut position, offset)?;
        let bias = numbers(bias, data, &mut position, offset)?;
        layers.push(Layer {
            inputs,
            outputs,
            weights,
            bias,
        });
    }
    if position == data.len() {
        Ok(layers)
    } else {
        Err(bad(
            "there is more than the tensors",
            offset.saturating_add(position),
        ))
    }
}

fn tensor<'a>(header: &'a Header, name: &str) -> Result<&'a Tensor, ModelError> {
    header
        .tensors
        .get(name)
        .ok_or(bad("a tensor is missing", 8))
}

/// The numbers of a tensor, which must begin where the last one ended.
fn numbers(
    tensor: &Tensor,
    data: &[u8],
    position: &mut usize,
    offset: usize,
) -> Result<Vec<f32>, ModelError> {
    let (start, end) = tensor.data_offsets;
    let place = offset.saturating_add(*position);
    let size = tensor
        .shape
        .iter()
        .try_fold(4_usize, |size, side| size.checked_mul(*side));
    if tensor.dtype != "F32" {
        return Err(bad("a tensor is not F32", 8));
    }
    if start != *position || size.and_then(|size| start.checked_add(size)) != Some(end) {
        return Err(bad("a tensor's place is wrong", place));
    }
    let bytes = data
        .get(start..end)
        .ok_or(bad("a tensor is cut off", place))?;
    *position = end;
    let numbers: Vec<f32> = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| f32::from_le_bytes(*four))
        .collect();
    if numbers.iter().all(|number| number.is_finite()) {
        Ok(numbers)
    } else {
        Err(bad("a weight is not a number", place))
    }
}

/// The layers chain from the feature list over the kind's widths to one output.
fn check(model: &Model) -> Result<(), ModelError> {
    let misfit = bad("the layers do not fit the feature list", 8);
    if model.spec.check().is_err() || model.kind.check().is_err() {
        return Err(misfit);
    }
    let expected = match &model.kind {
        ModelKind::Gbdt { .. } => return check_splits(model),
        ModelKind::Cnn { .. } => {
            let grid = Grid::new(&model.spec, &model.kind).map_err(|_| misfit.clone())?;
            vec![
                (grid.kernel_inputs(), grid.channels()),
                (grid.output_inputs(), 1),
            ]
        }
        kind => chain(
            Expansion::new(&model.spec, model.knots).dim(),
            kind.hidden(),
        ),
    };
    let found = model
        .layers
        .iter()
        .map(|layer| (layer.inputs, layer.outputs));
    if expected.into_iter().eq(found) {
        Ok(())
    } else {
        Err(misfit)
    }
}

fn chain(inputs: usize, hidden: &[usize]) -> Vec<(usize, usize)> {
    let mut widths = vec![inputs];
    widths.extend(hidden);
    let outputs = hidden.iter().copied().chain([1]);
    widths.into_iter().zip(outputs).collect()
}

fn check_splits(model: &Model) -> Result<(), ModelError> {
    let dim = model.dimension();
    let mut splits = model.trees.iter().flat_map(|tree| &tree.splits);
    let inside = |split: &Split| {
        let end = (split.feature as usize).checked_add(split.width as usize);
        split.width > 0 && end.is_some_and(|end| end <= dim)
    };
    if splits.all(inside) {
        Ok(())
    } else {
        Err(bad("a split looks outside the row", 8))
    }
}

fn parse<T: de::DeserializeOwned>(text: &str) -> Result<T, ModelError> {
    serde_json::from_str(text).map_err(|_| bad("the metadata are not ours", 8))
}

fn json<T: Serialize>(thing: &T) -> String {
    value(thing).to_string()
}

/// Our own structs of strings and numbers always have a JSON form.
fn value<T: Serialize>(thing: &T) -> serde_json::Value {
    serde_json::to_value(thing).unwrap_or_default()
}

const fn bad(reason: &'static str, offset: usize) -> ModelError {
    ModelError::Format { reason, offset }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> de::Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a safetensors header")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut header = Header::default();
                while let Some(name) = map.next_key::<String>()? {
                    let twice = if name == "__metadata__" {
                        header.metadata.replace(map.next_value()?).is_some()
                    } else {
                        header.tensors.insert(name, map.next_value()?).is_some()
                    };
                    if twice {
                        return Err(de::Error::custom("a name stands twice"));
                    }
                }
                Ok(header)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}
