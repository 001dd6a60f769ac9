use safetensors::{
    Dtype,
    tensor::{Metadata, TensorInfo},
};

use super::error::ClassifierError;

/// The tensors of a safetensors file.
///
/// The file is eight bytes with the length of a JSON header, the header, and the numbers. The
/// library checks the header against itself; that it fits the file is checked here, before
/// anything is added up.
#[derive(Debug)]
pub(super) struct Tensors<'a> {
    header: Metadata,
    numbers: &'a [u8],
}

impl<'a> Tensors<'a> {
    /// Reads the header.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ClassifierError> {
        let foreign = || refused("this is no safetensors file");
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(foreign)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| foreign())?;
        if length > HEADER_MAX {
            return Err(foreign());
        }
        let (header, numbers) = rest.split_at_checked(length).ok_or_else(foreign)?;
        let header: Metadata = serde_json::from_slice(header).map_err(|_| foreign())?;
        if header.data_len() != numbers.len() {
            return Err(refused(
                "the file is cut short, or longer than its header says",
            ));
        }
        Ok(Self { header, numbers })
    }

    /// Whether there is a tensor of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.header.info(name).is_some()
    }

    /// The numbers of the tensor of this name, which must have this shape and be finite.
    pub(super) fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ClassifierError> {
        let info = self
            .header
            .info(name)
            .ok_or_else(|| refused(format!("the tensor `{name}` is missing")))?;
        if info.shape != shape {
            return Err(refused(format!(
                "the tensor `{name}` has another shape than config.json says"
            )));
        }
        let values = self
            .bytes(info)
            .and_then(|bytes| decode(info.dtype, bytes))
            .ok_or_else(|| refused(format!("the tensor `{name}` is not F32, F16 or BF16")))?;
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(refused(format!(
                "the tensor `{name}` holds what is no finite number"
            )))
        }
    }

    fn bytes(&self, info: &TensorInfo) -> Option<&'a [u8]> {
        self.numbers.get(info.data_offsets.0..info.data_offsets.1)
    }
}

fn decode(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let four = || bytes.as_chunks::<4>().0.iter();
    let two = || bytes.as_chunks::<2>().0.iter();
    match dtype {
        Dtype::F32 => Some(four().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        Dtype::F16 => Some(
            two()
                .map(|bytes| half(u16::from_le_bytes(*bytes)))
                .collect(),
        ),
        Dtype::BF16 => Some(
            two()
                .map(|bytes| brain(u16::from_le_bytes(*bytes)))
                .collect(),
        ),
        _ => None,
    }
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 0x1F);
    let fraction = u32::from(bits & 0x3FF);
    match exponent {
        0 => {
            let size = fraction as f32 * (1.0 / 16_777_216.0);
            f32::from_bits(size.to_bits() | sign)
        }
        0x1F => f32::from_bits(sign | 0x7F80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// The upper half of a binary32.
fn brain(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

fn refused(what: impl Into<String>) -> ClassifierError {
    ClassifierError::Weights(what.into())
}

/// Some thousand tensors have a header of a few hundred kilobytes.
const HEADER_MAX: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_floats_have_their_values() {
        let cases = [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x03FF, 6.097_555e-5),
            (0x7BFF, 65504.0),
            (0x8000, -0.0),
        ];
        for (bits, value) in cases {
            assert_eq!(half(bits).to_bits(), f32::to_bits(value));
        }
        assert!(half(0x7C00).is_infinite() && half(0x7C01).is_nan());
        assert_eq!(brain(0x3F80).to_bits(), 1.0_f32.to_bits());
    }

    #[test]
    fn a_header_that_declares_more_than_there_is_is_refused() {
        let header = r#"{"a":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,1152921504606846976]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        assert!(Tensors::read(&bytes).is_err());
        assert!(Tensors::read(&u64::MAX.to_le_bytes()).is_err());
        assert!(Tensors::read(b"\x80\x02}q").is_err());
    }
}
