//! Stage 5: how far records can be told apart, before and after, against the study's gate.

use access::Permit;
use arrow_array::{BooleanArray, RecordBatch};
use disclosure::{Classes, Generalisation, QuasiTable, Risk, Threshold, Verdict};
use domain::Stage;
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    ingest::{content_address, keep_dataset, keep_version},
    record::{Dataset, Table, Version, VersionRef},
    run::{Task, Told, grouped},
    study::{Assess, Recoding},
    tables::{self, Cells, Heading, classes::Chest, missing},
};
use store::Noun;

/// The risk of the release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    /// The table that was measured.
    pub table: String,
    /// Its quasi-identifiers.
    pub quasi: Vec<String>,
    /// Risk of the table as it came in.
    pub before: Risk,
    /// Risk of the table as it is released.
    pub after: Risk,
    /// Records left out because their class was too small.
    pub suppressed: u64,
    /// Columns that were generalised.
    pub generalized: Vec<String>,
    /// The gates, one by one.
    pub verdict: Verdict,
    /// The version that is released to training.
    pub version: VersionRef,
}

impl Told for Assessed {
    fn produced(&self) -> String {
        format!(
            "{} rows released, {} suppressed",
            grouped(self.after.rows),
            grouped(self.suppressed)
        )
    }

    fn proved(&self) -> String {
        format!(
            "k {} -> {}; average risk {:.3} -> {:.3}",
            self.before.k,
            self.after.k,
            self.before.prosecutor_average,
            self.after.prosecutor_average
        )
    }
}

/// Measures the risk before and after, generalises and suppresses where the study asks, and judges.
///
/// The result is kept whether or not the gate holds; a gate that does not hold stops the run.
///
/// Source: 45 CFR 164.514(b)(1), 164.308(a)(1)(ii)(A).
pub fn assess(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Assessed, StageError> {
    let section = task.study.assess.as_ref().ok_or(StageError::Order {
        needs: Stage::Assess,
    })?;
    let raw = task.raw_version(desk)?;
    let current = task.unassessed_version(desk)?;
    watch.advance(0, 3);
    let before = measure(&quasi_table(desk, &raw, section)?);
    watch.advance(1, 3);
    let (release, after, suppressed) = release(desk, task, &current, section)?;
    watch.advance(2, 3);
    let assessed = Assessed {
        table: section.table.clone(),
        quasi: section.quasi.clone(),
        before,
        verdict: threshold(section).judge(&after),
        after,
        suppressed,
        generalized: section.generalize.keys().cloned().collect(),
        version: release.place(),
    };
    keep(permit, desk, task, &current, &release, &assessed)?;
    if !assessed.verdict.rules.is_empty() && !assessed.verdict.holds() {
        let broken = assessed.verdict.broken().map(ToString::to_string).collect();
        return Err(StageError::Gate {
            stage: Stage::Assess,
            broken,
        });
    }
    Ok(assessed)
}

fn keep(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    current: &Version,
    release: &Version,
    assessed: &Assessed,
) -> Result<(), StageError> {
    let mut transaction = desk.store.begin()?;
    if release.id != current.id {
        let root = root_of(desk, current)?;
        keep_dataset(
            &mut transaction,
            desk,
            &release.dataset,
            &root,
            &task.study.study.owner,
        )?;
        keep_version(&mut transaction, release)?;
    }
    task.keep_step(&mut transaction, desk, Stage::Assess, assessed)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.rows = Some(assessed.after.rows);
    event.digest = release.id.as_str().parse().ok();
    transaction.commit(crate::govern::persons::about(desk, current, event)?)?;
    Ok(())
}

/// The dataset whose budget a version shares.
pub(crate) fn root_of(desk: &Desk<'_>, version: &Version) -> Result<domain::DatasetId, StageError> {
    let dataset = desk
        .store
        .find::<Dataset>(Noun::Dataset, version.dataset.as_str())?;
    Ok(dataset.map_or_else(|| version.dataset.clone(), |record| record.body.root))
}

const fn threshold(section: &Assess) -> Threshold {
    Threshold {
        k_min: section.k_min,
        prosecutor_max: section.prosecutor_max,
        average_max: section.average_max,
        uniqueness_max: section.uniqueness_max,
    }
}

fn measure(table: &QuasiTable) -> Risk {
    Risk::measure(&Classes::of(table))
}

/// The quasi-identifiers of a version's table. Columns that de-identification dropped tell
/// nothing any more and are left out of the "after" table.
fn quasi_table(
    desk: &Desk<'_>,
    version: &Version,
    section: &Assess,
) -> Result<QuasiTable, StageError> {
    let table = version
        .table(&section.table)
        .ok_or_else(|| missing(&section.table, "any"))?;
    let there: Vec<String> = section
        .quasi
        .iter()
        .filter(|name| table.columns.contains(name))
        .cloned()
        .collect();
    if there.is_empty() || (version.parents.is_empty() && there.len() < section.quasi.len()) {
        let absent = section
            .quasi
            .iter()
            .find(|name| !table.columns.contains(name));
        return Err(missing(
            &section.table,
            absent.map_or("any", String::as_str),
        ));
    }
    let columns = tables::columns(desk.store, version, table, &there)?;
    let texts: Vec<(String, Vec<Option<String>>)> = columns
        .iter()
        .map(|(name, cells)| (name.clone(), Cells::to_text(cells)))
        .collect();
    let borrowed = texts
        .iter()
        .map(|(name, cells)| (name.clone(), cells.iter().map(Option::as_deref).collect()))
        .collect();
    Ok(QuasiTable::new(borrowed)?)
}

/// The released version: the current one, or one with the study's generalisation and suppression.
fn release(
    desk: &Desk<'_>,
    task: &Task<'_>,
    current: &Version,
    section: &Assess,
) -> Result<(Version, Risk, u64), StageError> {
    let coarser = generalisation(section)?;
    let table = coarser.apply(&quasi_table(desk, current, section)?)?;
    let classes = Classes::of(&table);
    let mask = section.suppress_below.map(|k| classes.suppress_small(k));
    let suppressed = mask
        .as_ref()
        .map_or(0, |mask| mask.iter().filter(|keep| !**keep).count() as u64);
    if section.generalize.is_empty() && suppressed == 0 {
        return Ok((current.clone(), Risk::measure(&classes), 0));
    }
    let version = rewrite(desk, task, current, section, &coarser, mask.as_deref())?;
    let after = measure(&quasi_table(desk, &version, section)?);
    Ok((version, after, suppressed))
}

fn generalisation(section: &Assess) -> Result<Generalisation, StageError> {
    let recode = |recoding: &Recoding| match recoding {
        Recoding::Band(width) => Some(disclosure::Recoding::Band {
            width: (*width).try_into().ok()?,
            top: None,
        }),
        Recoding::Prefix(characters) => Some(disclosure::Recoding::Prefix {
            characters: usize::try_from(*characters).ok()?.try_into().ok()?,
        }),
    };
    let columns = section
        .generalize
        .iter()
        .map(|(name, recoding)| Some((name.clone(), recode(recoding)?)));
    let columns = columns
        .collect::<Option<_>>()
        .ok_or(StageError::Stored("a band or prefix of zero"))?;
    Ok(Generalisation { columns })
}

/// Writes the version anew with the measured table generalised and its small classes left out.
fn rewrite(
    desk: &Desk<'_>,
    task: &Task<'_>,
    current: &Version,
    section: &Assess,
    coarser: &Generalisation,
    mask: Option<&[bool]>,
) -> Result<Version, StageError> {
    let key = desk.store.data_key_by_id(&current.key)?;
    let chest = Chest {
        dataset: &current.dataset,
        key_id: &current.key,
        key: &key,
    };
    let mut made = Vec::new();
    for table in &current.tables {
        if table.name != section.table {
            made.push(table.clone());
            continue;
        }
        let mut offset = 0;
        let reader = tables::read(desk.store, current, table, None)?;
        let schema = recoded_schema(&reader.schema(), coarser);
        let batches = reader.map(|batch| {
            let batch = recode(&batch?, coarser)?;
            let kept = keep_rows(&batch, mask, offset)?;
            offset += batch.num_rows();
            Ok(kept)
        });
        let heading = Heading {
            table: &table.name,
            person: table.person.as_deref(),
            schema: &schema,
        };
        let written = tables::write_table(desk.store, &chest, heading, batches)?;
        made.push(Table {
            rows: written.rows,
            persons: written.persons,
            object: written.object,
            place: written.place,
            content: written.content,
            ..table.clone()
        });
    }
    let state = current.state;
    Ok(Version {
        id: content_address(state, &made),
        state,
        parents: vec![current.id.clone()],
        created: desk.now(),
        purpose: task.study.study.purpose,
        basis: task.study.study.legal_basis,
        tables: made,
        ..current.clone()
    })
}

fn recoded_schema(
    schema: &arrow_schema::SchemaRef,
    coarser: &Generalisation,
) -> arrow_schema::SchemaRef {
    let fields = schema.fields().iter().map(|field| {
        if coarser.columns.contains_key(field.name()) {
            arrow_schema::Field::new(field.name(), arrow_schema::DataType::Utf8, true)
        } else {
            field.as_ref().clone()
        }
    });
    std::sync::Arc::new(arrow_schema::Schema::new(fields.collect::<Vec<_>>()))
}

fn recode(batch: &RecordBatch, coarser: &Generalisation) -> Result<RecordBatch, StageError> {
    let schema = batch.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, array)| match coarser.columns.get(field.name()) {
            Some(recoding) => {
                let cells = tables::texts(array).into_iter();
                tables::text_array(cells.map(|cell| cell.map(|value| recoding.apply(&value))))
            }
            None => std::sync::Arc::clone(array),
        });
    let columns = columns.collect();
    RecordBatch::try_new(recoded_schema(&schema, coarser), columns)
        .map_err(|_| StageError::Stored("columns that do not fit their table"))
}

fn keep_rows(
    batch: &RecordBatch,
    mask: Option<&[bool]>,
    offset: usize,
) -> Result<RecordBatch, StageError> {
    let Some(mask) = mask else {
        return Ok(batch.clone());
    };
    let part = mask
        .get(offset..offset + batch.num_rows())
        .ok_or(StageError::Stored("a mask of another length"))?;
    let filter = BooleanArray::from(part.to_vec());
    arrow_select::filter::filter_record_batch(batch, &filter)
        .map_err(|_| StageError::Stored("rows that cannot be filtered"))
}
