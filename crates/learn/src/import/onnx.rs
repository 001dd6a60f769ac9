//! A chain of dense layers out of an ONNX file.
//!
//! Read are `Gemm`, `MatMul`, `Add` of a bias, `Relu` between layers, a `Sigmoid` at the end (the
//! model's own logistic takes its place), `Flatten` and `Identity`; weights as F32 or F64 inside the
//! file. Everything else is refused by its name (ONNX IR, `onnx.proto3`, field numbers below).

use std::collections::BTreeMap;

use super::{
    ImportError, LAYERS_MAX,
    protobuf::{Fields, Value, varint},
};
use crate::model::Layer;

/// A constant tensor of the graph.
#[derive(Debug, Default)]
struct Tensor {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

#[derive(Debug, Default)]
struct Node<'a> {
    operator: &'a str,
    inputs: Vec<&'a str>,
    outputs: Vec<&'a str>,
    /// Whole numbers and floats among the attributes, by name.
    attributes: BTreeMap<&'a str, f64>,
}

/// Where the chain stands.
#[derive(Debug, Default)]
struct Chain {
    layers: Vec<Layer>,
    /// What the newest tensor of the chain is called.
    current: String,
    /// Whether the newest operator was a rectifier; a further layer must come first.
    rectified: bool,
    ended: bool,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Layer>, ImportError> {
    let graph = bytes_of(bytes, 7)?.pop().ok_or(bad("it holds no graph"))?;
    let mut constants = BTreeMap::new();
    for message in bytes_of(graph, 5)? {
        let (name, tensor) = tensor(message)?;
        if constants.insert(name, tensor).is_some() {
            return Err(bad("a tensor stands twice"));
        }
    }
    let mut inputs = Vec::new();
    for message in bytes_of(graph, 11)? {
        let name = text_of(message, 1)?.pop().unwrap_or_default();
        if !constants.contains_key(name) {
            inputs.push(name);
        }
    }
    let [input] = inputs.as_slice() else {
        return Err(bad("the graph must have one input"));
    };
    let mut chain = Chain {
        current: (*input).to_owned(),
        ..Chain::default()
    };
    for message in bytes_of(graph, 1)? {
        chain.take(&node(message)?, &constants)?;
    }
    let output = bytes_of(graph, 12)?;
    let [output] = output.as_slice() else {
        return Err(bad("the graph must have one output"));
    };
    if text_of(output, 1)?.pop() != Some(chain.current.as_str()) {
        return Err(bad("the graph's output is not the end of the chain"));
    }
    if chain.layers.is_empty() || chain.rectified {
        return Err(bad("the graph does not end in a dense layer"));
    }
    Ok(chain.layers)
}

impl Chain {
    fn take(
        &mut self,
        node: &Node<'_>,
        constants: &BTreeMap<&str, Tensor>,
    ) -> Result<(), ImportError> {
        let constant = |name: Option<&&str>| name.and_then(|name| constants.get(*name));
        if self.ended || !node.inputs.contains(&self.current.as_str()) {
            return Err(bad("the graph is not a chain"));
        }
        let first = node.inputs.first() == Some(&self.current.as_str());
        match node.operator {
            "Gemm" if first => self.gemm(
                node,
                constant(node.inputs.get(1)),
                constant(node.inputs.get(2)),
            )?,
            "MatMul" if first => self.dense(matrix(constant(node.inputs.get(1)), false)?, None)?,
            "Add" => {
                let other = node.inputs.iter().find(|name| **name != self.current);
                self.add(constant(other))?;
            }
            "Relu" if !self.rectified && !self.layers.is_empty() => self.rectified = true,
            "Relu" => {
                return Err(ImportError::Use {
                    operator: "Relu",
                    reason: "it must follow a dense layer",
                });
            }
            "Sigmoid" if !self.rectified && !self.layers.is_empty() => self.ended = true,
            "Identity" => {}
            "Flatten" if self.layers.is_empty() => {}
            other => {
                return Err(ImportError::Operator { name: plain(other) });
            }
        }
        let [output] = node.outputs.as_slice() else {
            return Err(bad("an operator has not one output"));
        };
        (*output).clone_into(&mut self.current);
        // A sigmoid ends the chain for layers; an Identity behind it changes nothing.
        Ok(())
    }

    fn gemm(
        &mut self,
        node: &Node<'_>,
        weights: Option<&Tensor>,
        bias: Option<&Tensor>,
    ) -> Result<(), ImportError> {
        let set = |name: &str, usual: f64| node.attributes.get(name).copied().unwrap_or(usual);
        let usual = |name: &str, usual: f64| (set(name, usual) - usual).abs() < 1e-12;
        if !(usual("alpha", 1.0) && usual("beta", 1.0) && usual("transA", 0.0)) {
            return Err(ImportError::Use {
                operator: "Gemm",
                reason: "alpha and beta must be 1, transA 0",
            });
        }
        if node.inputs.len() > 2 && bias.is_none() {
            return Err(ImportError::Use {
                operator: "Gemm",
                reason: "the bias must be a constant of the file",
            });
        }
        self.dense(matrix(weights, set("transB", 0.0) > 0.5)?, bias)
    }

    fn dense(&mut self, mut layer: Layer, bias: Option<&Tensor>) -> Result<(), ImportError> {
        if self.layers.len() >= LAYERS_MAX {
            return Err(bad("it has more than nine layers"));
        }
        if let Some(before) = self.layers.last() {
            if !self.rectified {
                return Err(ImportError::Use {
                    operator: "Gemm",
                    reason: "two layers need a Relu between them",
                });
            }
            if before.outputs != layer.inputs {
                return Err(bad("two layers do not fit each other"));
            }
        }
        if let Some(bias) = bias {
            add_to(&mut layer.bias, bias)?;
        }
        self.layers.push(layer);
        self.rectified = false;
        Ok(())
    }

    fn add(&mut self, bias: Option<&Tensor>) -> Result<(), ImportError> {
        match (self.layers.last_mut(), bias) {
            (Some(layer), Some(bias)) if !self.rectified => add_to(&mut layer.bias, bias),
            _ => Err(ImportError::Use {
                operator: "Add",
                reason: "it must add a constant to a dense layer",
            }),
        }
    }
}

fn add_to(bias: &mut [f32], other: &Tensor) -> Result<(), ImportError> {
    if other.numbers.len() != bias.len() {
        return Err(bad("a bias does not fit its layer"));
    }
    for (sum, number) in bias.iter_mut().zip(&other.numbers) {
        *sum += number;
    }
    Ok(())
}

/// A weight matrix, one line for each input, with no bias yet.
fn matrix(tensor: Option<&Tensor>, one_line_for_each_output: bool) -> Result<Layer, ImportError> {
    let tensor = tensor.ok_or(ImportError::Use {
        operator: "Gemm",
        reason: "the weights must be a constant of the file",
    })?;
    let &[rows, columns] = tensor.shape.as_slice() else {
        return Err(bad("a weight is not a matrix"));
    };
    let (inputs, outputs, weights) = if one_line_for_each_output {
        let weights = super::tensors::transposed(&tensor.numbers, columns);
        (columns, rows, weights)
    } else {
        (rows, columns, tensor.numbers.clone())
    };
    Ok(Layer {
        inputs,
        outputs,
        weights,
        bias: vec![0.0; outputs],
    })
}

/// `NodeProto`: input 1, output 2, op_type 4, attribute 5, domain 7.
fn node(message: &[u8]) -> Result<Node<'_>, ImportError> {
    let mut attributes = BTreeMap::new();
    for attribute in bytes_of(message, 5)? {
        let name = text_of(attribute, 1)?.pop().unwrap_or_default();
        for field in Fields::of(attribute) {
            match field? {
                (2, Value::Fixed32(bits)) => {
                    attributes.insert(name, f64::from(f32::from_bits(bits)));
                }
                (3, Value::Varint(number)) => {
                    attributes.insert(name, number as f64);
                }
                _ => {}
            }
        }
    }
    if text_of(message, 7)?.iter().any(|domain| !domain.is_empty()) {
        return Err(ImportError::Operator {
            name: plain(text_of(message, 4)?.pop().unwrap_or_default()),
        });
    }
    Ok(Node {
        operator: text_of(message, 4)?.pop().unwrap_or_default(),
        inputs: text_of(message, 1)?,
        outputs: text_of(message, 2)?,
        attributes,
    })
}

/// `TensorProto`: dims 1, data_type 2, float_data 4, name 8, raw_data 9, double_data 10,
/// data_location 14.
fn tensor(message: &[u8]) -> Result<(&str, Tensor), ImportError> {
    let mut found = Tensor::default();
    let (mut kind, mut raw, mut floats) = (0, None, Vec::new());
    for field in Fields::of(message) {
        match field? {
            (1, Value::Varint(side)) => found.shape.push(side_of(side)?),
            (1, Value::Bytes(mut packed)) => {
                while !packed.is_empty() {
                    let side = varint(&mut packed).ok_or(bad("a shape is cut off"))?;
                    found.shape.push(side_of(side)?);
                }
            }
            (2, Value::Varint(number)) => kind = number,
            (4, Value::Fixed32(bits)) => floats.push(f32::from_bits(bits)),
            (4, Value::Bytes(packed)) => floats.extend(singles(packed)),
            (9, Value::Bytes(bytes)) => raw = Some(bytes),
            (14, Value::Varint(1)) => return Err(bad("weights outside the file are not read")),
            _ => {}
        }
    }
    found.numbers = match (kind, raw) {
        (1, Some(raw)) => singles(raw).collect(),
        (1, None) => floats,
        (11, Some(raw)) => doubles(raw).collect(),
        // Constants of other types (shapes, axes) may stand in the file as long as nothing uses them.
        _ => Vec::new(),
    };
    let size = found
        .shape
        .iter()
        .try_fold(1_usize, |size, side| size.checked_mul(*side));
    if matches!(kind, 1 | 11) && size != Some(found.numbers.len()) {
        return Err(bad("a tensor's numbers do not fit its shape"));
    }
    if !matches!(kind, 1 | 11) {
        found.shape.clear();
    }
    Ok((text_of(message, 8)?.pop().unwrap_or_default(), found))
}

fn side_of(side: u64) -> Result<usize, ImportError> {
    usize::try_from(side)
        .ok()
        .filter(|side| *side <= 1 << 24)
        .ok_or(bad("a tensor is too large"))
}

fn singles(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    let fours = bytes.as_chunks::<4>().0.iter();
    fours.map(|four| f32::from_le_bytes(*four))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "models are kept in single precision; what becomes infinite is refused later"
)]
fn doubles(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    let eights = bytes.as_chunks::<8>().0.iter();
    eights.map(|eight| f64::from_le_bytes(*eight) as f32)
}

/// The fields of a number that hold bytes, in order.
fn bytes_of(message: &[u8], number: u64) -> Result<Vec<&[u8]>, ImportError> {
    let mut found = Vec::new();
    for field in Fields::of(message) {
        if let (one, Value::Bytes(bytes)) = field?
            && one == number
        {
            found.push(bytes);
        }
    }
    Ok(found)
}

fn text_of(message: &[u8], number: u64) -> Result<Vec<&str>, ImportError> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| bad("a name is not text"));
    bytes_of(message, number)?.into_iter().map(text).collect()
}

/// A name from the file, fit for a message.
fn plain(name: &str) -> String {
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    plain.take(40).collect()
}

const fn bad(reason: &'static str) -> ImportError {
    ImportError::Format { reason }
}
