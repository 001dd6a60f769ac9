//! De-identification at work: tables, documents and notes of one dataset, with one crosswalk.

mod cells;
mod error;
mod person;
mod value;

pub use error::DeidError;
pub use person::{Fact, Individual};
pub use value::{Fate, Form};

pub(crate) use person::People;

use std::{collections::BTreeMap, sync::Arc};

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema};
use domain::{Digest, Entropy};

use self::{cells::Output, person::Rows};
use crate::{
    columns::{Cells, ColumnFinding, FieldMap},
    crosswalk::{Crosswalk, Pseudonyms},
    dates, fhir,
    kind::Kind,
    label::Label,
    manifest::{ColumnRecord, Manifest},
    plan::{Action, Plan},
    positions::PositionSink,
    residual::Residual,
    rewrite::{Handling, Rewriter},
    surrogate::{Part, Surrogates},
    text::TextEngine,
    zip3::{self, Zip3Table},
};

/// De-identifies the tables, FHIR documents and notes of one dataset under a plan.
///
/// First show it every table ([`learn_people`](Self::learn_people)) and document
/// ([`learn_fhir`](Self::learn_fhir)), so that what the structured record knows about a
/// person is searched for in that person's notes; then transform them in any order;
/// [`finish`](Self::finish) gives the manifest and the crosswalk.
///
/// The same value has the same code everywhere, and a person the same surrogate in tables and
/// notes. Doing it again with the same crosswalk gives the same output; doing it to that output
/// changes nothing, unless values are invented: an invented name looks like any other and is
/// replaced again, because letting it pass would let real ones pass.
#[derive(Debug)]
pub struct Deidentifier<'a> {
    pub(crate) plan: &'a Plan,
    /// The plan's actions, by the place of their kind.
    actions: [Action; Kind::ALL.len()],
    map: &'a FieldMap,
    pub(crate) people: People,
    pub(crate) rewriter: Rewriter<'a>,
    pub(crate) manifest: Manifest,
    /// The last value that was written.
    written: String,
    /// What was met in FHIR so far.
    pub(crate) memory: fhir::Memory,
}

impl<'a> Deidentifier<'a> {
    /// A de-identifier. `reference_year` is the year against which ages are reckoned, normally
    /// the year of the run.
    ///
    /// Refused is a field map in which somebody declared an identifying column to be harmless,
    /// under a plan that is Safe Harbor.
    pub fn new(
        plan: &'a Plan,
        map: &'a FieldMap,
        engine: &'a TextEngine,
        crosswalk: Crosswalk,
        entropy: &'a mut dyn Entropy,
        reference_year: i32,
    ) -> Result<Self, DeidError> {
        if let Some((table, finding)) = map.loosened().next().filter(|_| plan.is_safe_harbor()) {
            return Err(DeidError::loosened(table, finding));
        }
        let handling = Handling::of_plan(plan);
        let mut rewriter = Rewriter::new(engine, crosswalk, entropy, reference_year, handling);
        if plan.surrogates == Surrogates::Realistic {
            rewriter.invent();
        }
        Ok(Self {
            plan,
            actions: Kind::ALL.map(|kind| plan.action(kind)),
            map,
            people: People::default(),
            written: String::new(),
            memory: fhir::Memory::default(),
            rewriter,
            manifest: Manifest {
                plan: format!("{} {}", plan.name, plan.version),
                method: plan.method(),
                reasons: plan.reasons(),
                surrogates: plan.surrogates,
                keyed: Kind::ALL
                    .into_iter()
                    .any(|kind| plan.action(kind) == Action::Pseudonym),
                dictionary: engine.dictionary_version(),
                classifier: engine
                    .classifier()
                    .map(|classifier| classifier.identity().clone()),
                engine: concat!("cloister-phi ", env!("CARGO_PKG_VERSION")).to_owned(),
                zip_table: Zip3Table::census_2020().version().to_owned(),
                reference_year,
                ..Manifest::default()
            },
        })
    }

    /// Takes the secret key for plans with [`Action::Pseudonym`]; without it such values are
    /// removed.
    #[must_use]
    pub fn with_pseudonyms(mut self, pseudonyms: &'a dyn Pseudonyms) -> Self {
        self.rewriter.set_pseudonyms(pseudonyms);
        self
    }

    /// Notes the digest of the plan's bytes in the manifest.
    #[must_use]
    pub fn with_plan_digest(mut self, digest: Digest) -> Self {
        self.manifest.plan_digest = Some(digest);
        self
    }

    /// Sends every position that is rewritten or removed to a sink; the manifest has only counts.
    #[must_use]
    pub fn with_positions(mut self, sink: &'a mut dyn PositionSink) -> Self {
        self.rewriter.set_sink(sink);
        self
    }

    /// Says where the values and texts asked about next stand: the file, the record's number, and
    /// the path inside it. Needed only with a sink for positions, free without.
    pub fn at(&mut self, source: &str, record: Option<u64>, path: &str) {
        if let Some(ledger) = self.rewriter.ledger() {
            ledger.go(source, record, path);
        }
    }

    /// Takes note of what the input holds, in any format, so that no value of it is invented.
    /// Needed for [`Surrogates::Realistic`], before anything is transformed; free otherwise.
    pub fn see(&mut self, text: &str) {
        self.rewriter.see(text);
    }

    /// Whether values are invented.
    pub const fn invents(&self) -> bool {
        self.rewriter.invents()
    }

    /// Takes in what a table knows about its persons: names, dates, numbers, addresses.
    pub fn learn_people(
        &mut self,
        table: &str,
        batch: &RecordBatch,
        person_column: &str,
    ) -> Result<(), DeidError> {
        let persons = column_of(table, batch, person_column)?;
        self.people
            .learn_table(table, batch, persons, self.map, &mut self.rewriter);
        Ok(())
    }

    /// The table without its identifiers.
    ///
    /// Rows keep their order. Columns that stay are the same arrays; columns that change are
    /// text; columns that are suppressed are dropped and listed in the manifest. A column that
    /// the field map does not have is refused.
    pub fn table(
        &mut self,
        name: &str,
        batch: &RecordBatch,
        person_column: Option<&str>,
    ) -> Result<RecordBatch, DeidError> {
        let rows = self.rows(name, batch, person_column)?;
        if let Some(ledger) = self.rewriter.ledger() {
            let done = self.manifest.tables.get(name);
            ledger.count_from(done.map_or(0, |record| record.rows_in));
        }
        let mut fields = Vec::with_capacity(batch.num_columns());
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(batch.num_columns());
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let finding = self
                .map
                .finding(name, field.name())
                .ok_or_else(|| DeidError::unmapped(name, field.name()))?;
            let kind = match person_column {
                Some(person) if person == field.name() => Kind::PersonId,
                _ => finding.kind,
            };
            if let Some(changed) = self.column(name, finding, kind, column, &rows)? {
                fields.push(Field::new(field.name(), changed.data_type().clone(), true));
                columns.push(changed);
            }
        }
        self.count_rows(name, batch.num_rows());
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options).map_err(
            |source| DeidError::Table {
                table: name.to_owned(),
                source,
            },
        )
    }

    /// The note without its identifiers; `person` is the person it is about, as the person
    /// column writes it.
    pub fn note(&mut self, text: &str, person: Option<&str>) -> String {
        self.people.make_ready();
        let known = person.and_then(|person| self.people.person(person));
        let rewritten = self.rewriter.rewrite(text, known, &mut self.manifest.text);
        rewritten.unwrap_or_else(|| text.to_owned())
    }

    /// Everything learnt about anybody that the plan takes out, to be searched for word by word in
    /// texts that are not known to be about that person: names of several words, numbers, dates and
    /// streets. `White` and `Will` stand in clinical text with every right.
    pub fn known_values(&self) -> Residual {
        let mut residual = Residual::default();
        let dates_go = matches!(
            self.plan.action(Kind::Date),
            Action::Year | Action::Code | Action::Suppress
        );
        for fact in self.people.facts() {
            match fact {
                Fact::Name(name) | Fact::Relative(name) if name.trim().contains(' ') => {
                    residual.look_for(Label::Name, name);
                }
                Fact::Date(date) if dates_go => residual.look_for(Label::Date, date),
                Fact::Number(label, number) => residual.look_for(*label, number),
                Fact::Address(address) => {
                    let has_number = |line: &&str| line.bytes().any(|byte| byte.is_ascii_digit());
                    let streets = address.lines().filter(has_number);
                    streets
                        .filter(|line| line.trim().contains(' '))
                        .for_each(|line| residual.look_for(Label::Geo, line));
                }
                _ => {}
            }
        }
        residual
    }

    /// What is invented for a value that a [`Residual`] found; nothing where tags are written.
    pub fn invented(&mut self, label: Label, value: &str) -> Option<String> {
        self.rewriter.invented(label, value, None, Part::Any)
    }

    /// Notes in the manifest what a [`Residual`] swept out of texts after
    /// they were rewritten.
    pub fn swept(&mut self, found: &BTreeMap<Label, u64>) {
        for (&label, &count) in found {
            let detectors = self.manifest.text.findings.entry(label).or_default();
            *detectors.entry(SWEEP.to_owned()).or_default() += count;
        }
    }

    /// The code of a person, such as `PERSON-7K3Q9DXM`: for file names and keys.
    pub fn person_code(&mut self, person: &str) -> String {
        self.rewriter.person_code(person)
    }

    /// The manifest of everything done, and the crosswalk to be sealed.
    pub fn finish(mut self) -> (Manifest, Crosswalk) {
        self.manifest.known_persons = self.people.len();
        self.manifest.persons_kept_apart = self.people.kept_apart();
        self.manifest.persons_over_89 = self.people.over_89();
        (self.manifest, self.rewriter.into_crosswalk())
    }

    fn rows(
        &mut self,
        table: &str,
        batch: &RecordBatch,
        person_column: Option<&str>,
    ) -> Result<Rows, DeidError> {
        let Some(person_column) = person_column else {
            return Ok(Rows::default());
        };
        let persons = column_of(table, batch, person_column)?;
        Ok(Rows::of(
            persons,
            batch.num_rows(),
            &self.people,
            &mut self.rewriter,
        ))
    }

    fn column(
        &mut self,
        table: &str,
        finding: &ColumnFinding,
        kind: Kind,
        column: &ArrayRef,
        rows: &Rows,
    ) -> Result<Option<ArrayRef>, DeidError> {
        let action = self.plan.action(kind);
        let cells = Cells::of(column.as_ref())
            .ok_or_else(|| DeidError::column_type(table, &finding.column))?;
        let present = (column.len() - column.null_count()) as u64;
        self.at(table, None, &finding.column);
        let output = match action {
            Action::Keep => Output::same(),
            Action::Suppress => Output::dropped(present),
            Action::Code => self.codes(kind, &finding.column, cells, column.len(), rows),
            Action::Year => cells::years(kind, cells, column.len(), self.rewriter.reference_year()),
            Action::Zip3 => cells::zips(cells, column.len()),
            Action::Shift => {
                let year = self.rewriter.reference_year();
                cells::shifted(kind, cells, column.len(), rows, year)
            }
            Action::Month => cells::coarse(cells, column.len(), dates::to_month),
            Action::Quarter => cells::coarse(cells, column.len(), dates::to_quarter),
            Action::Zip5 => cells::coarse(cells, column.len(), zip3::five_digits),
            Action::Age => cells::ages(cells, column.len(), rows, self.plan.ages),
            Action::AgeBand => {
                cells::age_bands(cells, column.len(), rows, self.plan.age_band_years)
            }
            Action::Pseudonym => cells::pseudonyms(kind, cells, column.len(), &mut self.rewriter),
            Action::Text => self.texts(cells, column.len(), rows),
        };
        self.note_cells(kind, action, cells, column.len(), output.column.as_ref());
        if kind == Kind::Undecided {
            self.manifest.undecided += present;
        }
        self.manifest.column(
            table,
            ColumnRecord {
                column: finding.column.clone(),
                kind,
                category: kind.category(),
                action,
                cells: present,
                changed: output.changed,
                suppressed: output.suppressed,
            },
        );
        Ok(match action {
            Action::Suppress => None,
            _ => Some(output.column.unwrap_or_else(|| Arc::clone(column))),
        })
    }

    /// Positions of the cells that changed; texts have noted theirs already.
    fn note_cells(
        &mut self,
        kind: Kind,
        action: Action,
        cells: Cells<'_>,
        len: usize,
        output: Option<&ArrayRef>,
    ) {
        let Some(ledger) = self.rewriter.ledger() else {
            return;
        };
        if matches!(action, Action::Keep | Action::Text) {
            return;
        }
        let after = output.and_then(|column| Cells::of(column.as_ref()));
        for row in 0..len {
            let before = cells.written(row);
            if before.is_some() && before != after.and_then(|after| after.written(row)) {
                ledger.go_to_row(row as u64);
                ledger.note_value(kind, action, "column");
            }
        }
    }

    fn codes(
        &mut self,
        kind: Kind,
        column: &str,
        cells: Cells<'_>,
        len: usize,
        rows: &Rows,
    ) -> Output {
        match kind {
            Kind::PersonId => cells::person_codes(cells, len, &mut self.rewriter),
            Kind::PersonName | Kind::OtherName if rows.are_known() && self.rewriter.invents() => {
                self.people.make_ready();
                let part = Part::of_column(column);
                let is_own = kind == Kind::PersonName;
                let (people, rewriter) = (&self.people, &mut self.rewriter);
                cells::names(cells, len, rows, people, rewriter, is_own, part)
            }
            Kind::PersonName if rows.are_known() => cells::surrogates(cells, len, rows),
            _ => cells::codes(kind, cells, len, &mut self.rewriter),
        }
    }

    fn texts(&mut self, cells: Cells<'_>, len: usize, rows: &Rows) -> Output {
        self.people.make_ready();
        cells::texts(
            cells,
            len,
            rows,
            &self.people,
            &mut self.rewriter,
            &mut self.manifest.text,
        )
    }

    fn count_rows(&mut self, table: &str, rows: usize) {
        let record = self.manifest.tables.entry(table.to_owned()).or_default();
        record.rows_in += rows as u64;
        record.rows_out += rows as u64;
    }
}

/// The detector of source values that stood in the note of another person.
const SWEEP: &str = "known-elsewhere";

fn column_of<'b>(
    table: &str,
    batch: &'b RecordBatch,
    column: &str,
) -> Result<Cells<'b>, DeidError> {
    let found = batch
        .column_by_name(column)
        .ok_or_else(|| DeidError::missing(table, column))?;
    Cells::of(found.as_ref()).ok_or_else(|| DeidError::column_type(table, column))
}

#[cfg(test)]
mod tests;
