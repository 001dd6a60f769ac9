//! A small strict reader and writer of the safetensors format (Hugging Face, version 1): eight bytes
//! of length, a JSON header, raw little-endian numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Layer, Model, ModelError};

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
    let model = Model {
        spec: parse(&metadata.spec)?,
        kind: parse(&metadata.kind)?,
        layers: layers(&header, data, 8 + length)?,
    };
    check(&model)?;
    Ok(model)
}

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
    let mut expected = vec![model.spec.dimension()];
    expected.extend(model.kind.hidden());
    expected.push(1);
    let pairs = expected
        .windows(2)
        .map(|pair| (pair.first().copied(), pair.last().copied()));
    let found = model
        .layers
        .iter()
        .map(|layer| (Some(layer.inputs), Some(layer.outputs)));
    if model.spec.check().is_ok() && pairs.eq(found) {
        Ok(())
    } else {
        Err(bad("the layers do not fit the feature list", 8))
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
