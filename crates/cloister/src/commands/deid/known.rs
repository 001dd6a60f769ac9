//! What is known of persons from elsewhere: `--known TABLE`.
//!
//! Their identifiers are searched for in the texts about them, tolerantly, and word for word in
//! all other texts as well.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use arrow_array::RecordBatch;
use formats::{Format, Limits, read_table};
use phi::{
    columns::FieldMap, kind::Kind, residual::Residual, text::TextEngine, transform::Deidentifier,
};

use crate::{arguments::Deid, codes, failure::Failure, files};

/// The known persons, before and after the work is set up.
#[derive(Default)]
pub(super) struct Known {
    table: Option<Table>,
    residual: Residual,
    ids: BTreeSet<String>,
}

struct Table {
    path: PathBuf,
    batches: Vec<RecordBatch>,
    person: String,
}

impl Known {
    /// Reads the table that the command line names, if it does, and adds it to the field map.
    pub(super) fn read(
        deid: &Deid,
        engine: &TextEngine,
        map: &mut FieldMap,
    ) -> Result<Self, Failure> {
        let Some(path) = &deid.known else {
            return Ok(Self::default());
        };
        let batches = batches_of(path)?;
        for batch in &batches {
            map.add_table(TABLE, batch, engine);
        }
        let person = person_column(map, TABLE, deid.person.as_deref(), batches.first())
            .ok_or_else(|| no_person(path))?;
        Ok(Self {
            table: Some(Table {
                path: path.clone(),
                batches,
                person,
            }),
            ..Self::default()
        })
    }

    /// Teaches the work what the table knows.
    pub(super) fn teach(&mut self, work: &mut Deidentifier<'_>) -> Result<(), Failure> {
        let Some(table) = self.table.take() else {
            return Ok(());
        };
        for batch in &table.batches {
            work.learn_people(TABLE, batch, &table.person)?;
            self.remember(batch, &table.person);
        }
        self.table = Some(table);
        Ok(())
    }

    /// Takes the values to be searched for in every text, once everything was learnt.
    pub(super) fn ready(&mut self, work: &Deidentifier<'_>) {
        self.residual = work.known_values();
    }

    /// The text of a note without what is known of anybody.
    pub(super) fn sweep(&self, work: &mut Deidentifier<'_>, text: String) -> String {
        match self
            .residual
            .sweep_with(&text, &mut |label, value| work.invented(label, value))
        {
            Some((swept, found)) => {
                work.swept(&found);
                swept
            }
            None => text,
        }
    }

    /// Sweeps some text columns of a table.
    pub(super) fn sweep_table(
        &self,
        work: &mut Deidentifier<'_>,
        batch: RecordBatch,
        columns: &[&str],
    ) -> RecordBatch {
        let mut surrogate = |label, value: &str| work.invented(label, value);
        let swept = self
            .residual
            .sweep_table_with(&batch, columns, &mut surrogate);
        match swept {
            Ok((swept, found)) => {
                work.swept(&found);
                swept
            }
            // The columns are texts of this very batch.
            Err(_) => batch,
        }
    }

    /// Takes in the keys of a table of persons: of the known ones, or of the input itself.
    pub(super) fn remember(&mut self, batch: &RecordBatch, person: &str) {
        let persons = batch.column_by_name(person);
        let ids = persons.map(flow::record::text_cells).unwrap_or_default();
        self.ids.extend(ids.into_iter().flatten());
    }

    /// The known person whose id names a file or its folder.
    ///
    /// Where only one person is known, every text is theirs.
    pub(super) fn person_of(&self, path: &Path) -> Option<&str> {
        if self.table.is_some() && self.ids.len() == 1 {
            return self.ids.first().map(String::as_str);
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        let folder = path.parent().and_then(Path::file_name);
        let names = [stem, folder.map(|name| name.to_string_lossy())];
        names
            .into_iter()
            .flatten()
            .find_map(|name| self.person(&name))
    }

    /// The known person whose id this is.
    pub(super) fn person(&self, id: &str) -> Option<&str> {
        self.ids.get(id).map(String::as_str)
    }

    /// The table itself, which is no input: its path.
    pub(super) fn path(&self) -> Option<&Path> {
        self.table.as_ref().map(|table| table.path.as_path())
    }
}

/// The column of a table that says whose a row is: the one asked for, else the only one that holds
/// keys of persons.
pub(super) fn person_column(
    map: &FieldMap,
    table: &str,
    asked: Option<&str>,
    batch: Option<&RecordBatch>,
) -> Option<String> {
    let has = |column: &&str| batch.is_some_and(|batch| batch.column_by_name(column).is_some());
    if let Some(column) = asked.filter(has) {
        return Some(column.to_owned());
    }
    let findings = map.tables.get(table)?;
    let of = |kind: Kind| {
        let mut columns = findings.iter().filter(move |finding| finding.kind == kind);
        columns
            .next()
            .filter(|_| columns.next().is_none())
            .map(|finding| finding.column.clone())
    };
    of(Kind::PersonId).or_else(|| of(Kind::Mrn))
}

fn batches_of(path: &Path) -> Result<Vec<RecordBatch>, Failure> {
    let name = files::name_of(path);
    let format = Format::detect(&name, &files::head(path)?)?;
    let reader = read_table(
        &name,
        format,
        files::stream(path)?,
        &Limits::default(),
        None,
    )?;
    Ok(reader.collect::<Result<_, _>>()?)
}

fn no_person(path: &Path) -> Failure {
    Failure::new(
        codes::WORDS,
        format!("`{}` does not tell its persons apart", path.display()),
        "name the column of their keys with `--person`",
    )
}

const TABLE: &str = "known persons";
