//! Drift reports that may leave the instance: noisy counts against a noisy baseline, charged.

use domain::{Delta, Entropy as _, Epsilon};
use learn::drift::Changes;
use privacy::{Account, MechanismEvent, Spending};
use serde::{Deserialize, Serialize};
use store::Noun;

use super::{Alert, Columns, DriftRow, Monitored};
use crate::{
    Desk, StageError,
    desk::Cause,
    figures,
    operate::{
        dataset,
        ledger::{self, Charge, Item},
    },
    record::Version,
    register::ModelVersion,
    serve,
    train::with_values,
};

/// What a drift report with noise cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftCharge {
    /// The epsilon, by the Rényi accountant; the baseline was charged apart.
    pub epsilon: f64,
    /// The delta of it.
    pub delta: f64,
    /// The ledger's name for the spend.
    pub spend: String,
    /// Whether a column says whose row it is; otherwise each row counts as a person of its own.
    pub by_person: bool,
}

impl DriftCharge {
    /// The guarantee in words.
    pub fn words(&self) -> String {
        let unit = if self.by_person { "person" } else { "row" };
        format!(
            "noise for epsilon {} at delta {} per {unit}, charged",
            self.epsilon, self.delta
        )
    }
}

/// Rows to compare, and whose row each is.
pub(super) struct Counted {
    pub(super) columns: Columns,
    pub(super) person_of_row: Vec<u32>,
    pub(super) persons: u32,
    pub(super) by_person: bool,
}

impl Counted {
    /// Rows of a file; `person` is the column that says whose row each is, and is no input.
    pub(super) fn of_file(mut columns: Columns, person: Option<&str>) -> Result<Self, StageError> {
        let persons = person.and_then(|person| columns.remove(person));
        let rows = columns.values().next().map_or(0, Vec::len);
        let numbered = learn::features::number_persons(persons.as_deref(), rows)?;
        Ok(Self {
            columns,
            person_of_row: numbered.0,
            persons: numbered.1,
            by_person: persons.is_some(),
        })
    }
}

/// A comparison that was reserved: it must be kept with the confirmation, or burned.
pub(super) struct Comparison<'a> {
    desk: &'a Desk<'a>,
    model: &'a ModelVersion,
    epsilon: Epsilon,
    delta: Delta,
    charge: Charge<'a>,
}

impl<'a> Comparison<'a> {
    /// The version whose budget bears it: the one that the model learnt from. The people of a newer
    /// file are taken to be of the same population.
    pub(super) fn of_population(
        desk: &Desk<'_>,
        model: &ModelVersion,
    ) -> Result<Version, StageError> {
        let newest = model.lineage.first().map(domain::VersionId::as_str);
        dataset::find(desk, newest.unwrap_or(model.dataset.as_str()))
    }

    /// Sets the cost aside.
    pub(super) fn reserve(
        desk: &'a Desk<'a>,
        (model, version): (&'a ModelVersion, &'a Version),
        cause: &Cause,
        epsilon: Epsilon,
    ) -> Result<Self, StageError> {
        if model.noisy_baseline.is_none() {
            return Err(StageError::NoNoisyBaseline {
                model: model.model.to_string(),
            });
        }
        let root = ledger::root_of_dataset(desk, &version.dataset)?;
        let account = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
        let account = account.ok_or(StageError::NoBudget { dataset: root })?;
        let delta = account.body.cap_delta;
        let item = Item {
            id: format!("drift-{:016x}", desk.entropy().next_u64()),
            spending: Spending::DriftReport,
            event: MechanismEvent::Gaussian {
                sigma: figures::sigma(epsilon, delta)?,
                releases: 1,
            },
        };
        let charge = Charge::reserve(desk, version, cause, None, std::slice::from_ref(&item))?;
        Ok(Self {
            desk,
            model,
            epsilon,
            delta,
            charge,
        })
    }

    pub(super) fn charge(&self) -> &Charge<'a> {
        &self.charge
    }

    /// Compares rows with the noisy baseline.
    pub(super) fn run(&self, rows: &Counted, against: String) -> Result<Monitored, StageError> {
        let (desk, model) = (self.desk, self.model);
        let scores = serve::scores(desk, model, &rows.columns)?;
        let baseline = model
            .noisy_baseline
            .as_ref()
            .ok_or(StageError::Stored("a noisy baseline is gone"))?;
        let persons = (rows.person_of_row.as_slice(), rows.persons);
        let sigma = figures::sigma(self.epsilon, self.delta)?;
        let drift = with_values(&rows.columns, |values| {
            Ok(baseline.compare_noisy(
                (values, Some(&scores)),
                persons,
                sigma,
                &mut desk.entropy(),
            )?)
        })?;
        let told: Vec<DriftRow> = drift
            .iter()
            .map(|it| super::stability_row(&it.column, &it.stability, model.psi_alert))
            .collect();
        let spend = self.charge.ids().first().cloned().unwrap_or_default();
        Ok(Monitored {
            against,
            rows_compared: scores.len() as u64,
            alerts: Alert::of(desk, model, &told),
            rows: told,
            within: Changes::default(),
            estimated: None,
            change_request: None,
            charged: Some(DriftCharge {
                epsilon: self.epsilon.value(),
                delta: self.delta.value(),
                spend,
                by_person: rows.by_person,
            }),
        })
    }
}
