//! Figures about persons: computed with noise and charged, or kept in the instance.
//!
//! What validation and monitoring measure on rows of persons is exact, for those who work in the
//! instance. What leaves it (the evidence pack, the model card, an exported model) shows the exact
//! figures of de-identified data, the noisy figures where the study has them charged, and of other
//! data nothing: [`Reach`].

use std::collections::BTreeMap;

use access::DataState;
use domain::{Delta, Entropy, Epsilon};
use learn::{
    drift::Baseline,
    figures::{self, FIGURES_DELTA, GroupFigures, Judged, Quality},
};
use privacy::{MechanismEvent, Spending, calibrate_sigma};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError,
    operate::ledger::{Charge, Item},
    record::Version,
    run::Task,
    study::Study,
    train::Data,
};

/// How far the figures of a run may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Exact figures of de-identified data may leave; no epsilon covers them.
    Exact,
    /// The noisy figures may leave: they were charged. The exact ones stay.
    Charged,
    /// Exact figures of data that is not de-identified stay in the instance.
    Inside,
}

impl Reach {
    /// How far figures of data in this state may go, where they were or were not charged.
    pub const fn of(charged: bool, state: DataState) -> Self {
        match (charged, state) {
            (true, _) => Self::Charged,
            (false, DataState::DeIdentified | DataState::NoData) => Self::Exact,
            (false, _) => Self::Inside,
        }
    }

    /// What a reader has to know of figures that may go so far.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact, of de-identified data; no epsilon covers them",
            Self::Charged => "with noise, charged to the dataset's budget",
            Self::Inside => {
                "not shown: exact figures of data that is not de-identified stay in the instance"
            }
        }
    }
}

/// Noisy figures of a validation, and what they cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charged {
    /// What quality and fairness cost together, by the Rényi accountant.
    pub epsilon: f64,
    /// The delta of it.
    pub delta: f64,
    /// The ledger's names for the spends.
    pub spends: Vec<String>,
    /// How good the model is.
    pub quality: Quality,
    /// The groups of each subgroup column.
    pub groups: BTreeMap<String, GroupFigures>,
}

impl Charged {
    /// The guarantee in words.
    pub fn words(&self) -> String {
        format!(
            "noise for epsilon {} at delta {} per person, charged",
            self.epsilon, self.delta
        )
    }
}

/// The noise of the figures that a study has charged, known before a row is read.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    validation: Option<Validation>,
    /// The noise multiplier of the drift baseline.
    drift: Option<f64>,
}

/// The noise of quality and fairness.
#[derive(Clone, Debug)]
struct Validation {
    epsilon: Epsilon,
    delta: Delta,
    columns: Vec<String>,
    /// The noise multiplier of all tables together.
    sigma: f64,
}

impl Plan {
    /// The plan of a study; `None` where nothing is charged.
    pub(crate) fn of(study: &Study) -> Result<Option<Self>, StageError> {
        let (Some(section), Some(budget)) = (&study.validate, study.budget) else {
            return Ok(None);
        };
        let validation = match section.figures_epsilon {
            None => None,
            Some(epsilon) => Some(Validation {
                epsilon,
                delta: budget.delta,
                columns: section.subgroups.clone(),
                sigma: sigma(epsilon, budget.delta)?,
            }),
        };
        let drift = match study.monitor.as_ref().and_then(|it| it.figures_epsilon) {
            None => None,
            Some(epsilon) => Some(sigma(epsilon, budget.delta)?),
        };
        Ok((validation.is_some() || drift.is_some()).then_some(Self { validation, drift }))
    }

    /// What the ledger is charged.
    pub(crate) fn items(&self, run: &str) -> Vec<Item> {
        let item = |name: &str, spending: Spending, sigma: f64| Item {
            id: format!("{run}.figures.{name}"),
            spending,
            event: MechanismEvent::Gaussian { sigma, releases: 1 },
        };
        let mut items = Vec::new();
        if let Some(validation) = &self.validation {
            items.push(item("card", Spending::ModelCard, validation.of_quality()));
            if let Some(sigma) = validation.of_groups() {
                items.push(item("fairness", Spending::FairnessReport, sigma));
            }
        }
        items.extend(
            self.drift
                .map(|sigma| item("baseline", Spending::DriftReport, sigma)),
        );
        items
    }

    /// Sets the cost aside, before a row is read.
    pub(crate) fn reserve<'a>(
        &self,
        desk: &Desk<'_>,
        task: &Task<'_>,
        version: &'a Version,
    ) -> Result<Charge<'a>, StageError> {
        let items = self.items(task.run.as_str());
        Charge::reserve(desk, version, &task.cause, task.study.budget, &items)
    }

    /// Judges the held-out persons with noise, after the cost was reserved.
    pub(crate) fn judge(
        &self,
        desk: &Desk<'_>,
        charge: &Charge<'_>,
        data: &Data,
        scores: &[f64],
    ) -> Result<Option<Charged>, StageError> {
        let Some(validation) = &self.validation else {
            return Ok(None);
        };
        let mut entropy = desk.entropy();
        let judged = Judged {
            scores,
            labels: &data.test.y,
            persons: (&data.test.person_of_row, data.test.persons),
        };
        let quality = figures::quality(&judged, validation.of_quality(), &mut entropy)?;
        Ok(Some(Charged {
            epsilon: validation.epsilon.value(),
            delta: validation.delta.value(),
            spends: charge.ids().to_vec(),
            quality,
            groups: validation.groups(data, &judged, &mut entropy)?,
        }))
    }

    /// The baseline that later drift reports compare with, with noise.
    pub(crate) fn baseline(
        &self,
        desk: &Desk<'_>,
        data: &Data,
        predictions: &[f64],
    ) -> Result<Option<Baseline>, StageError> {
        let Some(sigma) = self.drift else {
            return Ok(None);
        };
        let persons = (data.learn.person_of_row.as_slice(), data.learn.persons);
        crate::train::with_values(&data.learn_columns, |values| {
            Ok(Some(Baseline::noisy(
                &data.learn.spec,
                (values, Some(predictions)),
                persons,
                sigma,
                &mut desk.entropy(),
            )?))
        })
    }
}

impl Validation {
    /// One table of quality and one for each column, equal noise in all of them.
    fn tables(&self) -> f64 {
        1.0 + self.columns.len() as f64
    }

    fn of_quality(&self) -> f64 {
        self.sigma * self.tables().sqrt()
    }

    /// The noise multiplier of all columns together.
    fn of_groups(&self) -> Option<f64> {
        let columns = self.columns.len() as f64;
        (columns > 0.0).then(|| self.sigma * (self.tables() / columns).sqrt())
    }

    fn groups(
        &self,
        data: &Data,
        judged: &Judged<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<BTreeMap<String, GroupFigures>, StageError> {
        let Some(sigma) = self.of_groups() else {
            return Ok(BTreeMap::new());
        };
        let mut columns = Vec::new();
        for column in &self.columns {
            let cells = data.test_columns.get(column);
            let cells = cells.ok_or(StageError::Stored("a subgroup column was not read"))?;
            let words: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
            columns.push((column.as_str(), words));
        }
        Ok(figures::groups(judged, &columns, sigma, entropy)?)
    }
}

/// The noise multiplier that keeps an epsilon at a budget's delta, as the ledger counts; what a word
/// of one person may add is taken off delta.
pub(crate) fn sigma(epsilon: Epsilon, delta: Delta) -> Result<f64, StageError> {
    let left = Delta::new(delta.value() - FIGURES_DELTA)?;
    Ok(calibrate_sigma(epsilon, left, 1.0, 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"
        [study]
        name = "visits"
        title = "Visits"
        purpose = "research"
        legal_basis = "waiver"
        owner = "office"

        [[source]]
        path = "visits.csv"
        table = "visits"
        person = "patient"
        columns = ["patient", "sex", "site", "outcome"]

        [budget]
        epsilon = 8.0
        delta = 1e-5

        [train]
        table = "visits"
        target = { column = "outcome", positive = "yes" }
        features = [{ kind = "category", column = "sex", values = ["f", "m"] }]
        model = "logistic"
        epsilon = 1.0
        delta = 1e-5

        [validate]
        subgroups = ["sex", "site"]
        figures_epsilon = 1.0

        [register]
        name = "visits"

        [monitor]
        figures_epsilon = 0.5
    "#;

    #[test]
    fn exact_figures_leave_only_of_de_identified_data_and_charged_ones_of_any() {
        use DataState::{DeIdentified, Identified, LimitedDataSet, NoData};
        for state in [Identified, LimitedDataSet, DeIdentified, NoData] {
            assert_eq!(Reach::of(true, state), Reach::Charged);
        }
        assert_eq!(Reach::of(false, Identified), Reach::Inside);
        assert_eq!(Reach::of(false, LimitedDataSet), Reach::Inside);
        assert_eq!(Reach::of(false, DeIdentified), Reach::Exact);
    }

    #[test]
    fn the_figures_together_cost_what_was_asked() {
        let study = Study::parse(STUDY).unwrap();
        let delta = Delta::new(1e-5).unwrap();
        let items = Plan::of(&study).unwrap().unwrap().items("visits.1");
        let named: Vec<(&str, &str)> = items
            .iter()
            .map(|item| (item.id.as_str(), item.spending.word()))
            .collect();
        assert_eq!(
            named,
            [
                ("visits.1.figures.card", "model-card"),
                ("visits.1.figures.fairness", "fairness-report"),
                ("visits.1.figures.baseline", "drift-report"),
            ]
        );
        let [card, fairness, drift] = items.as_slice() else {
            panic!("three items");
        };
        let both = card
            .event
            .curve()
            .unwrap()
            .plus(&fairness.event.curve().unwrap());
        let cost = both.epsilon(delta).0;
        assert!(cost <= 1.0 && cost > 0.999, "{cost}");
        let drift = drift.event.curve().unwrap().epsilon(delta).0;
        assert!(drift <= 0.5 && drift > 0.499, "{drift}");
    }

    #[test]
    fn a_study_that_asks_for_none_is_charged_none() {
        let plain = STUDY
            .replace("figures_epsilon = 1.0", "")
            .replace("figures_epsilon = 0.5", "");
        assert!(Plan::of(&Study::parse(&plain).unwrap()).unwrap().is_none());
        let unpaid = STUDY.replace(
            "[budget]\n        epsilon = 8.0\n        delta = 1e-5\n",
            "",
        );
        let unpaid = unpaid.replace(
            "epsilon = 1.0\n        delta = 1e-5",
            "without_privacy = true",
        );
        let refused = Study::parse(&unpaid).unwrap_err().to_string();
        assert!(refused.contains("[budget]"), "{refused}");
    }
}
