//! Any safetensors file: named tensors of F32 or F64.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Architecture, ImportError, Layout, misfit};
use crate::model::Layer;

#[derive(Debug, Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

/// A length, then a JSON object.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return false;
    };
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    length <= rest.len() && rest.first() == Some(&b'{')
}

/// The layers that the architecture names.
pub(super) fn read(bytes: &[u8], architecture: &Architecture) -> Result<Vec<Layer>, ImportError> {
    let file = File::open(bytes)?;
    if architecture.layers.is_empty() {
        return Err(misfit(
            "`layers` must name the tensors of a safetensors file",
        ));
    }
    architecture
        .layers
        .iter()
        .map(|names| {
            let (shape, numbers) = file.tensor(&names.weight)?;
            let ((&[outputs, inputs], Layout::OutIn) | (&[inputs, outputs], Layout::InOut)) =
                (shape.as_slice(), architecture.layout)
            else {
                return Err(misfit("a weight is not a matrix"));
            };
            let weights = match architecture.layout {
                Layout::InOut => numbers,
                Layout::OutIn => transposed(&numbers, inputs),
            };
            let bias = match &names.bias {
                None => vec![0.0; outputs],
                Some(name) => {
                    let (shape, bias) = file.tensor(name)?;
                    if shape != [outputs] {
                        return Err(misfit("a bias does not fit its layer"));
                    }
                    bias
                }
            };
            Ok(Layer {
                inputs,
                outputs,
                weights,
                bias,
            })
        })
        .collect()
}

struct File<'a> {
    entries: BTreeMap<String, serde_json::Value>,
    data: &'a [u8],
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, ImportError> {
        let (length, rest) = bytes
            .split_first_chunk::<8>()
            .ok_or(bad("it is too short"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > HEADER_MAX {
            return Err(bad("its header is too long"));
        }
        let (header, data) = rest
            .split_at_checked(length)
            .ok_or(bad("its header is cut off"))?;
        let entries =
            serde_json::from_slice(header).map_err(|_| bad("its header is not JSON of tensors"))?;
        Ok(Self { entries, data })
    }

    /// Shape and numbers of a tensor.
    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), ImportError> {
        let entry = self
            .entries
            .get(name)
            .ok_or_else(|| misfit("a tensor that `layers` names is not in the file"))?;
        let entry = Entry::deserialize(entry).map_err(|_| bad("a tensor's entry is not one"))?;
        let wide = match entry.dtype.as_str() {
            "F32" => 4,
            "F64" => 8,
            _ => return Err(bad("a tensor is neither F32 nor F64")),
        };
        let size = entry
            .shape
            .iter()
            .try_fold(wide, |size: usize, side| size.checked_mul(*side));
        let (start, end) = entry.data_offsets;
        if size.is_none() || start.checked_add(size.unwrap_or(0)) != Some(end) {
            return Err(bad("a tensor's place does not fit its shape"));
        }
        let bytes = self
            .data
            .get(start..end)
            .ok_or(bad("a tensor is cut off"))?;
        Ok((entry.shape, numbers(bytes, wide)))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "models are kept in single precision; what becomes infinite is refused later"
)]
fn numbers(bytes: &[u8], wide: usize) -> Vec<f32> {
    if wide == 4 {
        let fours = bytes.as_chunks::<4>().0.iter();
        return fours.map(|four| f32::from_le_bytes(*four)).collect();
    }
    let eights = bytes.as_chunks::<8>().0.iter();
    eights
        .map(|eight| f64::from_le_bytes(*eight) as f32)
        .collect()
}

pub(super) fn transposed(numbers: &[f32], width: usize) -> Vec<f32> {
    let lines: Vec<&[f32]> = numbers.chunks_exact(width.max(1)).collect();
    (0..width)
        .flat_map(|column| {
            let cells = lines
                .iter()
                .filter_map(move |line| line.get(column).copied());
            cells.collect::<Vec<f32>>()
        })
        .collect()
}

const fn bad(reason: &'static str) -> ImportError {
    ImportError::Format { reason }
}

const HEADER_MAX: usize = 8 << 20;
