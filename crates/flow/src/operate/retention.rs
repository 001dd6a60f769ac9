//! How long things are kept: schedules, legal holds, and what is due.

mod error;

use std::collections::{BTreeMap, BTreeSet};

use access::{DataState, Resource, ResourceKind};
use domain::{Action, Timestamp};
use serde::{Deserialize, Serialize};
use store::Noun;

pub use error::RetentionError;

use super::disposal::Signed;
use crate::{
    Desk, StageError,
    model_key::Sealings,
    record::{Dataset, Run},
};

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A dataset with all its versions.
    Dataset,
    /// A registered model.
    Model,
    /// Documentation: studies with their runs, certificates and reports.
    Document,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 3] = [Self::Dataset, Self::Model, Self::Document];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Model => "model",
            Self::Document => "document",
        }
    }

    /// The class of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// Years that hold where nobody said otherwise.
    ///
    /// Source: 45 CFR 164.316(b)(2)(i) and 164.530(j)(2), six years for documentation. HIPAA sets
    /// no period for the records themselves; six years is our choice for them.
    pub const fn years_default(self) -> u16 {
        match self {
            Self::Dataset | Self::Model | Self::Document => 6,
        }
    }

    /// The fewest years that can be set.
    pub const fn years_min(self) -> u16 {
        match self {
            Self::Document => 6,
            Self::Dataset | Self::Model => 0,
        }
    }

    fn resource(self, name: &str) -> Resource {
        let kind = match self {
            Self::Dataset => ResourceKind::Dataset,
            Self::Model => ResourceKind::Model,
            Self::Document => ResourceKind::Report,
        };
        Resource::new(kind, name, DataState::NoData)
    }
}

/// How long something is kept, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// What kind of thing.
    pub class: Class,
    /// Which; `*` for all of the class.
    pub name: String,
    /// Whole years from its making.
    pub years: u16,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A legal hold: nothing it covers is disposed of while it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// What kind of thing.
    pub class: Class,
    /// Which.
    pub name: String,
    /// The matter, as a short word such as a case number; never a person's name.
    pub matter: String,
    /// Who placed it.
    pub placed_by: String,
    /// When.
    pub placed: Timestamp,
    /// Who lifted it and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<(String, Timestamp)>,
}

/// What is kept, since when, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What kind of thing.
    pub class: Class,
    /// Which.
    pub name: String,
    /// When it came to be.
    pub since: Timestamp,
    /// The years that hold for it.
    pub years: u16,
    /// When they end.
    pub until: Timestamp,
    /// Whether they have ended.
    pub due: bool,
    /// Matters of the holds on it.
    pub holds: Vec<String>,
    /// Whether its keys are destroyed.
    pub disposed: bool,
}

/// Sets how long a thing, or all things of a class (`*`), are kept.
pub fn schedule(
    desk: &Desk<'_>,
    class: Class,
    name: &str,
    years: u16,
) -> Result<Schedule, StageError> {
    if years < class.years_min() {
        let min = class.years_min();
        return Err(RetentionError::TooShort { class, years, min }.into());
    }
    if name != ALL {
        check_known(desk, class, name)?;
    }
    let permit = desk.permit(Action::Retain, class.resource(object_name(name)), None)?;
    let schedule = Schedule {
        class,
        name: name.to_owned(),
        years,
        by: desk.operator.id.to_string(),
        at: desk.now(),
    };
    let id = id(class, object_name(name));
    let mut transaction = desk.store.begin()?;
    match transaction.find::<Schedule>(Noun::Schedule, &id)? {
        Some(found) => transaction.replace(Noun::Schedule, &id, found.revision, &schedule)?,
        None => transaction.insert(Noun::Schedule, &id, &schedule)?,
    };
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(schedule)
}

/// Places a legal hold.
pub fn hold(desk: &Desk<'_>, class: Class, name: &str, matter: &str) -> Result<Hold, StageError> {
    check_known(desk, class, name)?;
    check_matter(matter)?;
    let permit = desk.permit(Action::Retain, class.resource(name), None)?;
    let hold = Hold {
        class,
        name: name.to_owned(),
        matter: matter.to_owned(),
        placed_by: desk.operator.id.to_string(),
        placed: desk.now(),
        lifted: None,
    };
    let id = format!("{}/{matter}", id(class, name));
    let mut transaction = desk.store.begin()?;
    match transaction.find::<Hold>(Noun::Hold, &id)? {
        Some(found) if found.body.lifted.is_none() => {
            return Err(RetentionError::HoldExists {
                matter: matter.to_owned(),
            }
            .into());
        }
        Some(found) => transaction.replace(Noun::Hold, &id, found.revision, &hold)?,
        None => transaction.insert(Noun::Hold, &id, &hold)?,
    };
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(hold)
}

/// Lifts a legal hold; that it stood, and who lifted it, stays on record.
pub fn lift(desk: &Desk<'_>, class: Class, name: &str, matter: &str) -> Result<Hold, StageError> {
    let permit = desk.permit(Action::Retain, class.resource(name), None)?;
    let id = format!("{}/{matter}", id(class, name));
    let mut transaction = desk.store.begin()?;
    let found = transaction.find::<Hold>(Noun::Hold, &id);
    let found = found?.filter(|found| found.body.lifted.is_none());
    let found = found.ok_or_else(|| RetentionError::HoldMissing {
        matter: matter.to_owned(),
    })?;
    let hold = Hold {
        lifted: Some((desk.operator.id.to_string(), desk.now())),
        ..found.body
    };
    transaction.replace(Noun::Hold, &id, found.revision, &hold)?;
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(hold)
}

/// Everything that is kept, by class and name.
pub fn standings(desk: &Desk<'_>) -> Result<Vec<Standing>, StageError> {
    let schedules: Vec<Schedule> = bodies(desk, Noun::Schedule)?;
    let holds: Vec<Hold> = bodies(desk, Noun::Hold)?;
    let disposed = disposed(desk)?;
    let now = desk.now();
    let mut standings = Vec::new();
    for (class, name, since) in things(desk)? {
        let years = years(&schedules, class, &name);
        let until = after(since, years);
        let matters = holds
            .iter()
            .filter(|hold| hold.class == class && hold.name == name && hold.lifted.is_none());
        standings.push(Standing {
            holds: matters.map(|hold| hold.matter.clone()).collect(),
            disposed: disposed.contains(&(class, name.clone())),
            class,
            since,
            years,
            until,
            due: until <= now,
            name,
        });
    }
    Ok(standings)
}

/// Refuses to let a thing go while it is held, or before its time when that is not asked for.
pub(crate) fn check_disposable(
    desk: &Desk<'_>,
    class: Class,
    name: &str,
    early: bool,
) -> Result<Standing, StageError> {
    let standing = standings(desk)?
        .into_iter()
        .find(|standing| standing.class == class && standing.name == name);
    let standing = standing.ok_or_else(|| unknown(class, name))?;
    check_held(desk, class, name)?;
    if !standing.due && !early {
        return Err(RetentionError::NotDue {
            name: name.to_owned(),
            until: standing.until,
        }
        .into());
    }
    Ok(standing)
}

/// Refuses while a legal hold stands on a thing.
pub(crate) fn check_held(desk: &Desk<'_>, class: Class, name: &str) -> Result<(), StageError> {
    let holds: Vec<Hold> = bodies(desk, Noun::Hold)?;
    let standing = holds
        .into_iter()
        .find(|hold| hold.class == class && hold.name == name && hold.lifted.is_none());
    match standing {
        None => Ok(()),
        Some(hold) => Err(RetentionError::Held {
            name: name.to_owned(),
            matter: hold.matter,
        }
        .into()),
    }
}

fn check_known(desk: &Desk<'_>, class: Class, name: &str) -> Result<(), StageError> {
    let known = things(desk)?;
    if known
        .iter()
        .any(|(of, found, _)| *of == class && found == name)
    {
        Ok(())
    } else {
        Err(unknown(class, name))
    }
}

fn check_matter(matter: &str) -> Result<(), RetentionError> {
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !matter.is_empty() && matter.len() <= 40 && matter.bytes().all(safe) {
        Ok(())
    } else {
        Err(RetentionError::Matter)
    }
}

fn unknown(class: Class, name: &str) -> StageError {
    StageError::Unknown {
        what: class.word(),
        name: name.to_owned(),
    }
}

/// Everything that has a time of its own.
fn things(desk: &Desk<'_>) -> Result<Vec<(Class, String, Timestamp)>, StageError> {
    let mut things = Vec::new();
    for dataset in bodies::<Dataset>(desk, Noun::Dataset)? {
        things.push((Class::Dataset, dataset.id.to_string(), dataset.created));
    }
    for (model, made) in crate::register::first_made(desk)? {
        things.push((Class::Model, model, made));
    }
    let mut studies = BTreeMap::new();
    for run in bodies::<Run>(desk, Noun::Run)? {
        // The period of a document runs from when it was last in effect, 164.316(b)(2)(i).
        let last: &mut Timestamp = studies.entry(run.study.to_string()).or_insert(run.started);
        *last = (*last).max(run.started);
    }
    let documents = studies.into_iter();
    things.extend(documents.map(|(study, last)| (Class::Document, study, last)));
    Ok(things)
}

/// What has a certificate of sanitisation, and models that nobody can open any more.
fn disposed(desk: &Desk<'_>) -> Result<BTreeSet<(Class, String)>, StageError> {
    let mut disposed = BTreeSet::new();
    for record in desk.store.list::<Signed>(Noun::Sanitisation)? {
        let subject = record.body.certificate()?.subject;
        disposed.insert((subject.class(), subject.name().to_owned()));
    }
    for model in Sealings::read(desk)?.models_gone() {
        disposed.insert((Class::Model, model.to_string()));
    }
    Ok(disposed)
}

fn bodies<T: serde::de::DeserializeOwned>(
    desk: &Desk<'_>,
    noun: Noun,
) -> Result<Vec<T>, StageError> {
    let all = desk.store.list::<T>(noun)?;
    Ok(all.into_iter().map(|record| record.body).collect())
}

/// The schedule of the thing, else that of its class, else the default.
fn years(schedules: &[Schedule], class: Class, name: &str) -> u16 {
    let of = |wanted: &str| {
        schedules
            .iter()
            .find(|schedule| schedule.class == class && schedule.name == wanted)
    };
    of(name)
        .or_else(|| of(ALL))
        .map_or(class.years_default(), |schedule| schedule.years)
}

/// The same moment so many years later; leap days make it at most a day late, never early.
fn after(since: Timestamp, years: u16) -> Timestamp {
    let days = i64::from(years) * 365
        + i64::from(years).div_euclid(4)
        + i64::from(!years.is_multiple_of(4));
    Timestamp::from_millis(since.as_millis().saturating_add(days * DAY))
}

fn id(class: Class, name: &str) -> String {
    format!("{}/{name}", class.word())
}

/// `*` is not in the alphabet of ids.
fn object_name(name: &str) -> &str {
    if name == ALL { "all" } else { name }
}

/// The name that stands for all things of a class.
pub const ALL: &str = "*";
const DAY: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_never_ends_early() {
        for (from, years, to) in [
            ("2020-02-29T00:00:00.000Z", 6, "2026-02-28T00:00:00.000Z"),
            ("2023-03-01T12:00:00.000Z", 1, "2024-03-01T00:00:00.000Z"),
            ("2026-11-27T00:00:00.000Z", 10, "2036-11-27T00:00:00.000Z"),
        ] {
            let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
            let end = after(from, years);
            assert!(end >= to, "{end}");
            assert!(end.as_millis() - to.as_millis() <= 2 * DAY, "{end}");
        }
        assert_eq!(after(Timestamp::from_millis(5), 0).as_millis(), 5);
    }
}
