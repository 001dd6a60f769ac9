//! The work: every file read three times. First what its columns hold, then what it knows about its
//! persons, then it is rewritten.

use std::io::Write;

use arrow_array::RecordBatch;
use domain::{Clock, Entropy};
use formats::{
    Format, Limits, TableReader, TableWriter, ccda, dicom::DicomFile, fhir, hl7v2, read_table,
    read_text,
};
use phi::{
    columns::FieldMap,
    crosswalk::Crosswalk,
    dicom::{Imaging, RegionRules},
    manifest::Manifest,
    plan::{Action, Plan},
    text::TextEngine,
    transform::{DeidError, Deidentifier},
};
use seal::SystemEntropy;

use super::{
    crosswalk::{Signed, Vault},
    inputs::{Inputs, Source},
    known::{self, Known},
    positions::{self, Names, Positions},
    staging::Staging,
};
use crate::{
    arguments::Deid,
    codes,
    failure::Failure,
    files::{self, unwritable},
    machine_clock::MachineClock,
};

/// What was made.
pub(super) struct Made {
    pub(super) manifest: Manifest,
    pub(super) signed: Signed,
}

/// De-identifies every file and shows all results at once, or none.
pub(super) fn transform(
    inputs: &mut Inputs,
    deid: &Deid,
    plan: &Plan,
    engine: &TextEngine,
    mut vault: Vault,
) -> Result<Made, Failure> {
    let imaging = imaging(deid)?;
    let mut map = FieldMap::default();
    let mut known = Known::read(deid, engine, &mut map)?;
    each(inputs, |source| survey(source, engine, &mut map))?;
    refuse_missing_person(inputs, deid, &known)?;
    let mut entropy = SystemEntropy::new();
    let names = Names::new();
    let mut positions = deid
        .positions
        .as_deref()
        .map(|path| Positions::create(path, &names))
        .transpose()?;
    let mut work = deidentifier(plan, &map, engine, vault.take(), &mut entropy)?;
    if let Some(positions) = positions.as_mut() {
        work = work.with_positions(positions);
    }
    known.teach(&mut work)?;
    if work.invents() {
        each(inputs, |source| see(source, &mut work))?;
    }
    each(inputs, |source| {
        learn(source, deid, &map, &mut work, &mut known)
    })?;
    known.ready(&work);
    inputs.name_by_person(|id| known.person(id).map(|person| work.person_code(person)));
    let _first = names.set(positions::names(inputs));
    let staging = Staging::of(inputs)?;
    let job = Job {
        deid,
        plan,
        map: &map,
        known: &known,
        staging: &staging,
        imaging: &imaging,
    };
    each(inputs, |source| job.rewrite(source, &mut work))?;
    let (manifest, crosswalk) = work.finish();
    let signed = vault.sign(&manifest.to_canonical_json())?;
    // Codes first: a result whose codes are lost could never be joined to a later one.
    vault.keep(crosswalk, "deid")?;
    staging.finish()?;
    if let Some(positions) = positions {
        positions.finish()?;
    }
    Ok(Made { manifest, signed })
}

/// A de-identifier of this program's year.
pub(super) fn deidentifier<'a>(
    plan: &'a Plan,
    map: &'a FieldMap,
    engine: &'a TextEngine,
    crosswalk: Crosswalk,
    entropy: &'a mut dyn Entropy,
) -> Result<Deidentifier<'a>, Failure> {
    let year = i32::from(MachineClock.now().year());
    let work = Deidentifier::new(plan, map, engine, crosswalk, entropy, year)?;
    Ok(work.with_plan_digest(seal::digest(plan.to_toml().as_bytes())))
}

/// Does something with every source; one that fails is left out, or stops the run.
fn each(
    inputs: &mut Inputs,
    mut deed: impl FnMut(&Source) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for source in std::mem::take(&mut inputs.sources) {
        match deed(&source) {
            Ok(()) => inputs.sources.push(source),
            Err(failure) => inputs.skip(source.path, failure)?,
        }
    }
    Ok(())
}

fn table_of<'a>(source: &Source) -> Result<TableReader<'a>, Failure> {
    Ok(read_table(
        &source.name,
        source.format,
        files::stream(&source.path)?,
        &Limits::default(),
        None,
    )?)
}

/// Reads a file whole once: what its columns hold, and whether it can be read at all.
fn survey(source: &Source, engine: &TextEngine, map: &mut FieldMap) -> Result<(), Failure> {
    match source.format {
        Format::Csv | Format::Parquet | Format::Jsonl => {
            for batch in table_of(source)? {
                map.add_table(&source.name, &batch?, engine);
            }
            Ok(())
        }
        Format::Text => note_of(source).map(drop),
        Format::FhirBundle | Format::FhirNdjson => check_documents(source),
        Format::Ccda => clinical_document_of(source).map(drop),
        Format::Hl7v2 => {
            for message in messages_of(source)? {
                message?;
            }
            Ok(())
        }
        Format::Dicom => {
            let bytes = files::read_bytes(&source.path)?;
            DicomFile::parse(&source.name, &bytes)?;
            Ok(())
        }
    }
}

fn refuse_missing_person(inputs: &Inputs, deid: &Deid, known: &Known) -> Result<(), Failure> {
    let Some(column) = deid.person.as_deref().filter(|_| known.path().is_none()) else {
        return Ok(());
    };
    let mut tables = inputs
        .sources
        .iter()
        .filter(|source| is_table(source.format))
        .peekable();
    if tables.peek().is_none() {
        return Ok(());
    }
    for source in tables {
        if table_of(source)?
            .schema()
            .column_with_name(column)
            .is_some()
        {
            return Ok(());
        }
    }
    Err(Failure::new(
        codes::WORDS,
        format!("there is no column `{column}`"),
        "name a column of the input with `--person`",
    ))
}

const fn is_table(format: Format) -> bool {
    matches!(format, Format::Csv | Format::Parquet | Format::Jsonl)
}

/// Takes note of everything a file holds, so that nothing of it is invented.
fn see(source: &Source, work: &mut Deidentifier<'_>) -> Result<(), Failure> {
    if source.format == Format::Parquet {
        for batch in table_of(source)? {
            for column in batch?.columns() {
                for cell in flow::record::text_cells(column).into_iter().flatten() {
                    work.see(&cell);
                }
            }
        }
        return Ok(());
    }
    let mut rest: &[u8] = &files::read_bytes(&source.path)?;
    while !rest.is_empty() {
        // A piece ends with a line, so that no word is cut.
        let piece = rest.get(..SEEN_AT_ONCE).unwrap_or(rest);
        let end = piece
            .iter()
            .rposition(|byte| *byte == b'\n' || *byte == b'\r');
        let length = end.filter(|_| piece.len() < rest.len());
        let (piece, tail) = rest.split_at(length.map_or(piece.len(), |end| end + 1));
        work.see(&String::from_utf8_lossy(piece));
        rest = tail;
    }
    Ok(())
}

const SEEN_AT_ONCE: usize = 1 << 20;

/// Takes in what a file knows about its persons.
fn learn(
    source: &Source,
    deid: &Deid,
    map: &FieldMap,
    work: &mut Deidentifier<'_>,
    known: &mut Known,
) -> Result<(), Failure> {
    match source.format {
        format if is_table(format) => {
            let asked = deid.person.as_deref();
            for batch in table_of(source)? {
                let batch = batch?;
                if let Some(person) = known::person_column(map, &source.name, asked, Some(&batch)) {
                    work.learn_people(&source.name, &batch, &person)?;
                    known.remember(&batch, &person);
                }
            }
            Ok(())
        }
        Format::FhirBundle | Format::FhirNdjson => {
            let mut documents = documents_of(source)?;
            while let Some(document) = documents.next()? {
                work.learn_fhir(document)?;
            }
            Ok(())
        }
        Format::Ccda => {
            work.learn_ccda(&clinical_document_of(source)?);
            Ok(())
        }
        Format::Hl7v2 => {
            for message in messages_of(source)? {
                work.learn_hl7v2(&message?);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What the rewriting of one file needs.
struct Job<'a> {
    deid: &'a Deid,
    plan: &'a Plan,
    map: &'a FieldMap,
    known: &'a Known,
    staging: &'a Staging,
    imaging: &'a Imaging,
}

impl Job<'_> {
    fn rewrite(&self, source: &Source, work: &mut Deidentifier<'_>) -> Result<(), Failure> {
        self.staging.write(source, |out| match source.format {
            Format::Csv | Format::Parquet | Format::Jsonl => self.table(source, work, out),
            Format::Text => self.note(source, work, out),
            Format::FhirBundle | Format::FhirNdjson => documents(source, work, out),
            Format::Hl7v2 => messages(source, work, out),
            Format::Dicom => self.image(source, work, out),
            Format::Ccda => {
                work.at(&source.name, None, "");
                let made = work.ccda(&clinical_document_of(source)?);
                out.write_all(&made)
                    .map_err(|cause| unwritable(&source.target, &cause))
            }
        })
    }

    fn table(
        &self,
        source: &Source,
        work: &mut Deidentifier<'_>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let reader = table_of(source)?;
        let empty = RecordBatch::new_empty(reader.schema());
        let asked = self.deid.person.as_deref();
        let person = known::person_column(self.map, &source.name, asked, Some(&empty));
        let person = person.as_deref();
        let schema = work.table(&source.name, &empty, person)?.schema();
        let texts = self.text_columns(&source.name);
        let mut writer = TableWriter::create(self.written_as(source), schema, out)?;
        for batch in reader {
            let made = work.table(&source.name, &batch?, person)?;
            writer.write(&self.known.sweep_table(work, made, &texts))?;
        }
        Ok(writer.finish()?)
    }

    fn image(
        &self,
        source: &Source,
        work: &mut Deidentifier<'_>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let bytes = files::read_bytes(&source.path)?;
        let file = DicomFile::parse(&source.name, &bytes)?;
        work.at(&source.name, None, "");
        let made = work.dicom(file, self.imaging)?;
        out.write_all(&made.bytes)
            .map_err(|cause| unwritable(&source.target, &cause))
    }

    fn text_columns(&self, table: &str) -> Vec<&str> {
        let findings = self.map.tables.get(table).into_iter().flatten();
        findings
            .filter(|finding| self.plan.action(finding.kind) == Action::Text)
            .map(|finding| finding.column.as_str())
            .collect()
    }

    /// A table is written in the format that the output's name says, else in that of the input.
    fn written_as(&self, source: &Source) -> Format {
        let target = self.staging.named(source);
        match target.extension().and_then(|kind| kind.to_str()) {
            Some("csv") => Format::Csv,
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("parquet") => Format::Parquet,
            _ => source.format,
        }
    }

    fn note(
        &self,
        source: &Source,
        work: &mut Deidentifier<'_>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let text = note_of(source)?;
        work.at(&source.name, None, "");
        let made = work.note(&text, self.known.person_of(&source.path));
        let made = self.known.sweep(work, made);
        out.write_all(made.as_bytes())
            .map_err(|cause| unwritable(&source.path, &cause))
    }
}

/// One document after the other, each on lines of its own.
fn documents(
    source: &Source,
    work: &mut Deidentifier<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut documents = documents_of(source)?;
    let (mut made, mut number) = (Vec::new(), 0);
    while let Some(document) = documents.next()? {
        made.clear();
        work.at(&source.name, Some(number), "");
        work.fhir(document, &mut made)?;
        number += 1;
        made.push(b'\n');
        out.write_all(&made)
            .map_err(|cause| unwritable(&source.target, &cause))?;
    }
    Ok(())
}

/// Messages in their frames, one after the other.
fn messages(
    source: &Source,
    work: &mut Deidentifier<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let broken = |cause: &std::io::Error| unwritable(&source.target, cause);
    let mut messages = messages_of(source)?;
    let mut made = Vec::new();
    for (number, message) in messages.by_ref().enumerate() {
        let message = message?;
        work.at(&source.name, Some(number as u64), "");
        made.clear();
        made.extend_from_slice(message.lead());
        work.hl7v2(&message, &mut made);
        out.write_all(&made).map_err(|cause| broken(&cause))?;
    }
    out.write_all(messages.trailing())
        .map_err(|cause| broken(&cause))
}

fn clinical_document_of(source: &Source) -> Result<ccda::Document, Failure> {
    let input = files::stream(&source.path)?;
    Ok(ccda::Document::read(
        &source.name,
        input,
        &Limits::default(),
    )?)
}

fn messages_of(source: &Source) -> Result<hl7v2::Messages<'static>, Failure> {
    let input = files::stream(&source.path)?;
    Ok(hl7v2::messages(&source.name, input, &Limits::default()))
}

/// What the command line says about images.
fn imaging(deid: &Deid) -> Result<Imaging, Failure> {
    let regions = match &deid.dicom_regions {
        Some(path) => toml::from_str(&files::read_text(path)?).map_err(|error| {
            Failure::new(
                codes::WORDS,
                format!(
                    "`{}` holds no rules for regions: {}",
                    path.display(),
                    error.message()
                ),
                "see docs/stages/4-deidentify.md for the form of a rule",
            )
        })?,
        None => RegionRules::default(),
    };
    Ok(Imaging {
        regions,
        burned_in_accepted: deid.accept_burned_in,
        ..Imaging::default()
    })
}

fn note_of(source: &Source) -> Result<String, Failure> {
    let limits = Limits::default();
    Ok(read_text(
        &source.name,
        files::stream(&source.path)?,
        &limits,
    )?)
}

/// A bundle or resource is one document; NDJSON is one a line.
fn documents_of(source: &Source) -> Result<fhir::Documents<'static>, Failure> {
    let input = files::stream(&source.path)?;
    Ok(fhir::documents(
        &source.name,
        source.format,
        input,
        &Limits::default(),
    )?)
}

/// Whether every document of a file can be read and is a resource.
fn check_documents(source: &Source) -> Result<(), Failure> {
    let mut documents = documents_of(source)?;
    while let Some(document) = documents.next()? {
        if document.root().text_of("resourceType").is_none() {
            return Err(DeidError::NotAResource.into());
        }
    }
    Ok(())
}
