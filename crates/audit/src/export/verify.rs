//! Checking an export of any format.

use domain::Digest;
use seal::PublicKey;
use serde_json::Value;

use super::{
    ExportError, ExportFormat, Line, Trailer, VerifiedExport, cef, checkpoint_of, csv, fhir, json,
    ocsf, syslog, written,
};
use crate::{Broken, Checkpoint, Event, Tree, Verified, leaf_hash, verify_inclusion};

/// What a record says about itself.
#[derive(Debug)]
pub(super) struct Found {
    /// The log it names.
    pub(super) origin: Option<String>,
    pub(super) index: u64,
    pub(super) leaf: Digest,
    pub(super) entry: String,
    /// The record as it stands, to be compared with one written anew.
    pub(super) shown: String,
}

/// Checks an export with nothing but the public key of the log's checkpoints.
///
/// The formats of JSON may have been written anew by other tools: spaces and the order of fields
/// do not count. The others must stand byte for byte.
///
/// # Guarantee
/// Success means that every record shows exactly the event that stands in the log under its
/// number; and, where [`VerifiedExport::whole`], that none up to the checkpoint is missing.
pub fn verify_export_as(
    format: ExportFormat,
    text: &str,
    key: &PublicKey,
) -> Result<VerifiedExport, ExportError> {
    let bundle = match format {
        ExportFormat::Fhir => bundle(text)?,
        _ => Vec::new(),
    };
    let body = match format {
        ExportFormat::Csv => text
            .strip_prefix(&csv::head())
            .ok_or(ExportError::Line { line: 1 })?,
        _ => text,
    };
    let lines: Vec<&str> = match format {
        ExportFormat::Fhir => Vec::new(),
        _ => body.lines().collect(),
    };
    let count = lines.len().max(bundle.len());
    let last = count.checked_sub(1).ok_or(ExportError::NoCheckpoint)?;
    let trailer = trailer(format, lines.get(last).copied(), bundle.get(last))
        .ok_or(ExportError::NoCheckpoint)?;
    let checkpoint = checkpoint_of(&trailer, key)?;
    let mut check = Walk {
        format,
        trailer: &trailer,
        checkpoint: &checkpoint,
        tree: Tree::new(),
        records: 0,
        newest: None,
    };
    let first = if format == ExportFormat::Csv { 2 } else { 1 };
    for at in 0..last {
        let line = first + at as u64;
        let found = read(format, lines.get(at).copied(), bundle.get(at));
        check.record(line, &found.ok_or(ExportError::Line { line })?)?;
    }
    check.finish()
}

struct Walk<'a> {
    format: ExportFormat,
    trailer: &'a Trailer,
    checkpoint: &'a Checkpoint,
    tree: Tree,
    records: u64,
    newest: Option<u64>,
}

impl Walk<'_> {
    fn record(&mut self, line: u64, found: &Found) -> Result<(), ExportError> {
        let origin = self.checkpoint.origin();
        if found.origin.as_deref().is_some_and(|named| named != origin) {
            return Err(ExportError::OtherLog { line });
        }
        if self.trailer.is_whole() && found.index != self.records {
            let expected = self.records;
            return Err(ExportError::Order { line, expected });
        }
        if self.newest.is_some_and(|newest| found.index <= newest) {
            let expected = self.newest.unwrap_or_default().saturating_add(1);
            return Err(ExportError::Order { line, expected });
        }
        let leaf = leaf_hash(found.entry.as_bytes());
        if leaf != found.leaf {
            return Err(ExportError::Leaf { line });
        }
        let event = Event::decode(found.entry.as_bytes()).map_err(|source| ExportError::Event {
            index: found.index,
            source,
        })?;
        let again = Line {
            origin,
            index: found.index,
            leaf,
            entry: &found.entry,
            event: &event,
        };
        if !self.same(
            &found.shown,
            &written(self.format, &again),
            found.origin.is_none(),
        ) {
            return Err(ExportError::Fields { line });
        }
        self.prove(line, found.index, leaf)?;
        self.records += 1;
        self.newest = Some(found.index);
        Ok(())
    }

    fn prove(&mut self, line: u64, index: u64, leaf: Digest) -> Result<(), ExportError> {
        if self.trailer.is_whole() {
            self.tree.push(leaf);
            return Ok(());
        }
        let proof = self.trailer.proof(index).unwrap_or_default();
        let (size, root) = (self.checkpoint.size(), self.checkpoint.root());
        verify_inclusion(&leaf, index, size, &proof, &root).map_err(|source| ExportError::Proof {
            line,
            index,
            source,
        })
    }

    /// The formats of JSON are compared as documents, the others as texts. A line of JSON that
    /// does not name its log is one of the first release.
    fn same(&self, shown: &str, again: &str, unnamed: bool) -> bool {
        match self.format {
            ExportFormat::Ndjson | ExportFormat::Ocsf | ExportFormat::Fhir => {
                let shown: Option<Value> = serde_json::from_str(shown).ok();
                let mut again: Option<Value> = serde_json::from_str(again).ok();
                if let (true, Some(Value::Object(fields))) = (unnamed, &mut again) {
                    fields.shift_remove("origin");
                }
                shown.is_some() && shown == again
            }
            _ => shown == again,
        }
    }

    fn finish(self) -> Result<VerifiedExport, ExportError> {
        let (entries, signed) = (self.tree.size(), self.checkpoint.size());
        let whole = self.trailer.is_whole();
        if whole {
            conclude(&self.tree, self.checkpoint, entries, signed)?;
        } else if self.trailer.proofs() != self.records {
            return Err(Broken::Missing {
                entries: self.records,
                signed: self.trailer.proofs(),
            }
            .into());
        }
        Ok(VerifiedExport {
            log: Verified {
                origin: self.checkpoint.origin().to_owned(),
                size: signed,
                root: self.checkpoint.root(),
                checkpoints: 1,
                pruned: 0,
                clock_set_back: 0,
            },
            records: self.records,
            whole,
        })
    }
}

fn conclude(
    tree: &Tree,
    checkpoint: &Checkpoint,
    entries: u64,
    signed: u64,
) -> Result<(), ExportError> {
    if entries < signed {
        return Err(Broken::Missing { entries, signed }.into());
    }
    if entries > signed {
        return Err(Broken::Unsigned { first: signed }.into());
    }
    if tree.root() != checkpoint.root() {
        let last = signed.saturating_sub(1);
        return Err(Broken::Changed { first: 0, last }.into());
    }
    Ok(())
}

fn bundle(text: &str) -> Result<Vec<Value>, ExportError> {
    let mut bundle: Value =
        serde_json::from_str(text).map_err(|_| ExportError::Line { line: 1 })?;
    let is = |name: &str, word: &str| bundle.get(name).is_some_and(|found| found == word);
    let fields = bundle.as_object().map_or(0, serde_json::Map::len);
    if fields != 3 || !is("resourceType", "Bundle") || !is("type", "collection") {
        return Err(ExportError::Line { line: 1 });
    }
    match bundle.get_mut("entry").map(Value::take) {
        Some(Value::Array(entries)) => Ok(entries),
        _ => Err(ExportError::NoCheckpoint),
    }
}

fn read(format: ExportFormat, line: Option<&str>, entry: Option<&Value>) -> Option<Found> {
    match format {
        ExportFormat::Ndjson => json::read(line?),
        ExportFormat::Csv => csv::read(line?),
        ExportFormat::Cef => cef::read(line?),
        ExportFormat::Syslog => syslog::read(line?),
        ExportFormat::Ocsf => ocsf::read(line?),
        ExportFormat::Fhir => fhir::read(entry?),
    }
}

fn trailer(format: ExportFormat, line: Option<&str>, entry: Option<&Value>) -> Option<Trailer> {
    match format {
        ExportFormat::Ndjson | ExportFormat::Ocsf => Trailer::from_json(line?),
        ExportFormat::Csv => csv::read_tail(line?),
        ExportFormat::Cef => cef::read_tail(line?),
        ExportFormat::Syslog => syslog::read_tail(line?),
        ExportFormat::Fhir => fhir::read_tail(entry?),
    }
}
