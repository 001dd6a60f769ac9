use std::io::Write;

use ::parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use std::sync::Arc;

use super::Sink;
use crate::{TableSeal, WriteError};

/// A Parquet file; each row group goes out when it is complete.
pub(super) struct File<'a> {
    out: &'a mut dyn Write,
    writer: ArrowWriter<Vec<u8>>,
    schema: SchemaRef,
}

impl<'a> File<'a> {
    pub(super) fn create(
        schema: &Schema,
        out: &'a mut dyn Write,
        seal: Option<&TableSeal>,
    ) -> Result<Self, WriteError> {
        // Metadata of the schema would come in hash order: columns only.
        let schema: SchemaRef = Arc::new(Schema::new(schema.fields().clone()));
        let options = ArrowWriterOptions::new()
            .with_properties(properties(&schema, seal)?)
            .with_skip_arrow_metadata(true);
        let writer =
            ArrowWriter::try_new_with_options(Vec::new(), SchemaRef::clone(&schema), options)
                .map_err(failure)?;
        Ok(Self {
            out,
            writer,
            schema,
        })
    }
}

impl Sink for File<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let batch = batch
            .clone()
            .with_schema(SchemaRef::clone(&self.schema))
            .map_err(|_| WriteError::Schema)?;
        self.writer.write(&batch).map_err(failure)?;
        let done = std::mem::take(self.writer.inner_mut());
        Ok(self.out.write_all(&done)?)
    }

    fn finish(self: Box<Self>) -> Result<(), WriteError> {
        let rest = self.writer.into_inner().map_err(failure)?;
        self.out.write_all(&rest)?;
        Ok(self.out.flush()?)
    }
}

fn properties(schema: &Schema, seal: Option<&TableSeal>) -> Result<WriterProperties, WriteError> {
    let level = ZstdLevel::try_new(1).map_err(failure)?;
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_created_by(CREATOR.to_owned());
    if let Some(seal) = seal {
        let columns = schema.fields().iter().map(|field| field.name().as_str());
        builder = builder.with_file_encryption_properties(seal.properties(columns)?);
    }
    Ok(builder.build())
}

fn failure(cause: ParquetError) -> WriteError {
    match cause {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(cause) => WriteError::Io(*cause),
            Err(_) => WriteError::Parquet,
        },
        _ => WriteError::Parquet,
    }
}

/// The most rows of a page. An encrypted page costs 64 bytes beside its content, so a page of a
/// column that compresses well must not end at the library's usual 20,000 rows; no reader here skips
/// pages, and a page never exceeds 1 MiB.
const PAGE_ROWS: usize = 1 << 17;

/// Without a version or a date, so that the bytes depend on the batches only.
const CREATOR: &str = "cloister";
