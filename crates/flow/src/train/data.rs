//! The rows of a study as its model sees them: encoded, and parted by persons.

use std::collections::BTreeMap;

use domain::Entropy;
use learn::{Design, FeatureSpec, ModelKind, Values, encode, encode_target};
use seal::SeededEntropy;

use super::section;
use crate::{
    Desk, StageError,
    record::{Table, Version},
    study::{Study, Train},
    tables::{self, Cells, missing},
};

/// Encoded rows to learn from and rows held out, with the columns of the held-out ones.
pub(crate) struct Data {
    pub(crate) learn: Design,
    pub(crate) test: Design,
    /// Text cells of the held-out rows by column: features, target and subgroups.
    pub(crate) test_columns: BTreeMap<String, Vec<Option<String>>>,
    /// Text cells of the rows learnt from.
    pub(crate) learn_columns: BTreeMap<String, Vec<Option<String>>>,
}

impl Data {
    /// Reads only the columns that features, target, person and subgroups name.
    pub(crate) fn load(
        desk: &Desk<'_>,
        version: &Version,
        study: &Study,
        split: u64,
    ) -> Result<Self, StageError> {
        let section = section(study)?;
        let whole = Loaded::read(desk, version, study, &section.table)?;
        let (learn, test) = match &section.holdout_table {
            Some(table) => (whole, Loaded::read(desk, version, study, table)?),
            None => whole.split(split, section.holdout_share)?,
        };
        Ok(Self {
            learn: learn.design,
            test: test.design,
            test_columns: test.columns,
            learn_columns: learn.columns,
        })
    }
}

/// One table, encoded.
struct Loaded {
    design: Design,
    columns: BTreeMap<String, Vec<Option<String>>>,
}

impl Loaded {
    fn read(
        desk: &Desk<'_>,
        version: &Version,
        study: &Study,
        table: &str,
    ) -> Result<Self, StageError> {
        let section = section(study)?;
        let table = version
            .table(table)
            .ok_or_else(|| missing(table, &section.target.column))?;
        let spec = spec(section);
        let mut names: Vec<String> = spec
            .features
            .iter()
            .map(|feature| feature.column().to_owned())
            .collect();
        names.push(spec.target.column.clone());
        names.extend(
            study
                .validate
                .iter()
                .flat_map(|section| section.subgroups.clone()),
        );
        names.extend(section.reweigh.clone());
        names.extend(table.person.clone());
        names.sort();
        names.dedup();
        let cells = tables::columns(desk.store, version, table, &names)?;
        let columns: BTreeMap<String, Vec<Option<String>>> = cells
            .into_iter()
            .map(|(name, cells)| (name, cells.to_text().into_iter().map(plain_age).collect()))
            .collect();
        let persons = table.person.as_ref().and_then(|person| columns.get(person));
        let design = design(section, &spec, &columns, persons.map(Vec::as_slice))?;
        Ok(Self { design, columns })
    }

    /// Parts the persons by a seeded draw.
    fn split(self, seed: u64, share: f64) -> Result<(Self, Self), StageError> {
        let held = held_out(self.design.persons, seed, share);
        let is_held = |person: u32| held.get(person as usize).copied().unwrap_or(false);
        let rows: Vec<bool> = self
            .design
            .person_of_row
            .iter()
            .map(|person| is_held(*person))
            .collect();
        let learn = Self {
            design: self.design.of_persons(|person| !is_held(person)),
            columns: part(&self.columns, &rows, false),
        };
        let test = Self {
            design: self.design.of_persons(is_held),
            columns: part(&self.columns, &rows, true),
        };
        if learn.design.rows == 0 || test.design.rows == 0 {
            return Err(StageError::Fit(learn::FitError::Empty));
        }
        Ok((learn, test))
    }
}

/// Who is held out.
fn held_out(persons: u32, seed: u64, share: f64) -> Vec<bool> {
    let mut draw = SeededEntropy::new(seed);
    (0..persons).map(|_| draw.unit() < share).collect()
}

/// How many of so many persons are learnt from.
pub(super) fn learnt_from(section: &Train, persons: u32, split: u64) -> u32 {
    if section.holdout_table.is_some() {
        return persons;
    }
    let held = held_out(persons, split, section.holdout_share);
    let count = held.iter().filter(|held| !**held).count();
    u32::try_from(count).unwrap_or(persons)
}

fn part(
    columns: &BTreeMap<String, Vec<Option<String>>>,
    rows: &[bool],
    wanted: bool,
) -> BTreeMap<String, Vec<Option<String>>> {
    let pick = |cells: &Vec<Option<String>>| {
        let kept = cells.iter().zip(rows).filter(|(_, held)| **held == wanted);
        kept.map(|(cell, _)| cell.clone()).collect()
    };
    columns
        .iter()
        .map(|(name, cells)| (name.clone(), pick(cells)))
        .collect()
}

/// The features and the target as the study names them.
fn spec(section: &Train) -> FeatureSpec {
    FeatureSpec {
        features: section.features.clone(),
        target: section.target.clone(),
    }
}

fn design(
    section: &Train,
    spec: &FeatureSpec,
    columns: &BTreeMap<String, Vec<Option<String>>>,
    persons: Option<&[Option<String>]>,
) -> Result<Design, StageError> {
    let persons: Option<Vec<Option<&str>>> =
        persons.map(|persons| persons.iter().map(Option::as_deref).collect());
    with_values(columns, |values| {
        let mut design = encode(spec, values, persons.as_deref())?;
        if let ModelKind::Linear { min, max } = section.kind()? {
            let target = values
                .get(spec.target.column.as_str())
                .ok_or_else(|| missing(&section.table, &spec.target.column))?;
            encode_target(&mut design, target, (min, max))?;
        }
        Ok(design)
    })
}

/// The columns of a table that are measured, and whose row each is.
pub(super) struct SurveyRows {
    pub(super) columns: Vec<(String, Cells)>,
    pub(super) person_of_row: Vec<u32>,
    pub(super) persons: u32,
}

/// Reads the columns to measure and the person column; a row without a person is an error.
pub(super) fn survey_rows(
    desk: &Desk<'_>,
    version: &Version,
    table: &Table,
    names: &[String],
) -> Result<SurveyRows, StageError> {
    let mut wanted = names.to_vec();
    wanted.extend(table.person.clone());
    let mut columns = tables::columns(desk.store, version, table, &wanted)?;
    let persons = match &table.person {
        Some(_) => columns.pop().map(|(_, cells)| cells.to_text()),
        None => None,
    };
    let rows = columns.first().map_or(0, |(_, cells)| cells.len());
    let (person_of_row, persons) = learn::features::number_persons(persons.as_deref(), rows)?;
    for (_, cells) in &mut columns {
        if let Cells::Text(cells) = cells {
            for cell in cells.iter_mut() {
                *cell = plain_age(cell.take());
            }
        }
    }
    Ok(SurveyRows {
        columns,
        person_of_row,
        persons,
    })
}

/// Lends owned columns to the encoder.
pub(crate) fn with_values<T>(
    columns: &BTreeMap<String, Vec<Option<String>>>,
    work: impl FnOnce(&BTreeMap<&str, Values<'_>>) -> Result<T, StageError>,
) -> Result<T, StageError> {
    let borrowed: BTreeMap<&str, Vec<Option<&str>>> = columns
        .iter()
        .map(|(name, cells)| (name.as_str(), cells.iter().map(Option::as_deref).collect()))
        .collect();
    let values: BTreeMap<&str, Values<'_>> = borrowed
        .iter()
        .map(|(name, cells)| (*name, Values::Text(cells)))
        .collect();
    work(&values)
}

/// A cell with the Safe Harbor label `90+` read as the number it stands for.
pub(crate) fn plain_age(cell: Option<String>) -> Option<String> {
    cell.map(|cell| if cell == "90+" { "90".to_owned() } else { cell })
}
