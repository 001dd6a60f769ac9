//! The digest of a table's content, before anything is encrypted or compressed.

use arrow_array::{
    ArrayRef, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::Schema;
use domain::Digest;
use seal::Hasher;

/// SHA-256 over names, types and cells of a table's columns.
///
/// The same rows give the same digest, however they come in batches and whatever writes them: a
/// cell of text is its length (32 bit, little-endian; all ones for a null) and its bytes, a number
/// a flag and eight bytes, a truth value one byte.
pub(crate) struct Content {
    columns: Vec<(String, Hasher)>,
    rows: u64,
    room: Vec<u8>,
}

impl Content {
    pub(crate) fn new(schema: &Schema) -> Self {
        let columns = schema.fields().iter().map(|field| {
            let name = format!("{} {}", field.data_type(), field.name());
            (name, Hasher::new())
        });
        Self {
            columns: columns.collect(),
            rows: 0,
            room: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, batch: &RecordBatch) {
        self.rows = self.rows.saturating_add(batch.num_rows() as u64);
        for ((_, hasher), array) in self.columns.iter_mut().zip(batch.columns()) {
            self.room.clear();
            encode(array, &mut self.room);
            hasher.update(&self.room);
        }
    }

    pub(crate) fn finish(self) -> Digest {
        let mut whole = Hasher::new();
        whole.update(&self.rows.to_le_bytes());
        for (name, hasher) in self.columns {
            whole.update(&(name.len() as u64).to_le_bytes());
            whole.update(name.as_bytes());
            whole.update(&hasher.finish().0);
        }
        whole.finish()
    }
}

fn encode(array: &ArrayRef, out: &mut Vec<u8>) {
    if let Some(texts) = array.as_string_opt::<i32>() {
        for cell in texts {
            let length = cell.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(0));
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(cell.unwrap_or_default().as_bytes());
        }
    } else if let Some(whole) = array.as_primitive_opt::<Int64Type>() {
        for cell in whole {
            number(cell.map(i64::to_le_bytes), out);
        }
    } else if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        for cell in floats {
            number(cell.map(f64::to_le_bytes), out);
        }
    } else if let Some(flags) = array.as_boolean_opt() {
        out.extend(flags.iter().map(|cell| cell.map_or(2, u8::from)));
    }
}

fn number(bytes: Option<[u8; 8]>, out: &mut Vec<u8>) {
    out.push(u8::from(bytes.is_some()));
    out.extend_from_slice(&bytes.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Int64Array, StringArray};

    use super::*;

    fn digest(batches: &[RecordBatch]) -> Digest {
        let mut content = Content::new(&batches[0].schema());
        for batch in batches {
            content.push(batch);
        }
        content.finish()
    }

    fn batch(names: Vec<Option<&str>>, ages: Vec<Option<i64>>) -> RecordBatch {
        let flags: BooleanArray = ages.iter().map(|age| age.map(|age| age > 40)).collect();
        RecordBatch::try_from_iter_with_nullable([
            ("name", Arc::new(StringArray::from(names)) as ArrayRef, true),
            ("age", Arc::new(Int64Array::from(ages)) as ArrayRef, true),
            ("old", Arc::new(flags) as ArrayRef, true),
        ])
        .unwrap()
    }

    #[test]
    fn batches_do_not_matter_and_every_cell_does() {
        let whole = batch(
            vec![Some("a"), Some("bc"), None, Some("")],
            vec![Some(1), None, Some(3), Some(44)],
        );
        let pieces = [whole.slice(0, 1), whole.slice(1, 3)];
        assert_eq!(digest(&pieces), digest(std::slice::from_ref(&whole)));
        for other in [
            batch(
                vec![Some("ab"), Some("c"), None, Some("")],
                vec![Some(1), None, Some(3), Some(44)],
            ),
            batch(
                vec![Some("a"), Some("bc"), Some(""), None],
                vec![Some(1), None, Some(3), Some(44)],
            ),
            batch(
                vec![Some("a"), Some("bc"), None, Some("")],
                vec![Some(1), Some(0), Some(3), Some(44)],
            ),
        ] {
            assert_ne!(digest(&[other]), digest(std::slice::from_ref(&whole)));
        }
    }
}
