//! What a fitted model guarantees, to whom, and what it does not.

use serde::{Deserialize, Serialize};

use super::Trained;

/// The statement that goes with a model: every word that a guarantee needs to mean something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrivacyStatement {
    /// Whether there is a guarantee at all.
    pub private: bool,
    /// Proved epsilon; none without a guarantee.
    pub epsilon: Option<f64>,
    /// Its delta.
    pub delta: Option<f64>,
    /// Which data sets are neighbours.
    pub adjacency: String,
    /// Who is protected.
    pub unit: String,
    /// How persons enter a step.
    pub sampling: String,
    /// How the epsilon was computed.
    pub accountant: String,
    /// The noise and its grid.
    pub noise: String,
    /// What the guarantee covers.
    pub covers: Vec<String>,
    /// What it does not.
    pub not_covered: Vec<String>,
}

impl PrivacyStatement {
    pub(super) fn of(trained: &Trained) -> Self {
        let model = &trained.model;
        let Some((epsilon, delta)) = model.guarantee() else {
            return Self::none(trained);
        };
        let trees = model.plan.model.trees().is_some();
        let sigma = model.plan.privacy.map_or(0.0, |privacy| privacy.sigma);
        let mut covers = vec!["the model's weights and every prediction made from them".to_owned()];
        if model.loss.is_some() {
            covers.push("the noisy loss shown while training".to_owned());
        }
        if trained.survey.is_some() {
            covers.push("the bounds and words measured for its inputs".to_owned());
        }
        if let Some(weights) = &trained.reweighed {
            covers.push(format!(
                "the weights by `{}` and label that it was trained with",
                weights.column
            ));
        }
        Self {
            private: true,
            epsilon: Some(epsilon),
            delta: Some(delta),
            adjacency: "add or remove one person; the number of persons is public".to_owned(),
            unit: unit(trained),
            sampling: if trees {
                format!("none: everybody in each of {} rounds", model.steps)
            } else {
                format!(
                    "Poisson: each person with probability {:.6} in each of {} steps",
                    model.sampling_rate, model.steps
                )
            },
            accountant: accountant(&model.accountant, model.charged),
            noise: format!(
                "discrete Gaussian, sigma {sigma:.6} times the bound of one person, on a grid of 2^-30 of the bound; its statistical distance from the exact law is below 2^-1000"
            ),
            covers,
            not_covered: not_covered(trained),
        }
    }

    fn none(trained: &Trained) -> Self {
        Self {
            private: false,
            epsilon: None,
            delta: None,
            adjacency: "none".to_owned(),
            unit: unit(trained),
            sampling: "no noise".to_owned(),
            accountant: "none".to_owned(),
            noise: "none".to_owned(),
            covers: Vec::new(),
            not_covered: vec![
                "everything: the model was trained without privacy on de-identified data and may reveal single rows of it".to_owned(),
            ],
        }
    }
}

fn unit(trained: &Trained) -> String {
    if trained.by_person {
        "person: all rows of one person together".to_owned()
    } else {
        "row: the table names no person column, so each row counts as a person of its own; somebody with several rows is protected less".to_owned()
    }
}

fn accountant(word: &str, charged: Option<f64>) -> String {
    match word {
        "PLD" => format!(
            "PLD (privacy loss distribution of the whole plan, declared beforehand; upper end of the bracket); the ledger, to which later studies may adapt, is charged by RDP{}",
            charged.map_or_else(String::new, |charged| format!(": epsilon {charged:.4}"))
        ),
        "RDP" => "RDP (Mironov 2017; Mironov, Talwar, Zhang 2019), which overstates epsilon and does not understate it".to_owned(),
        other => other.to_owned(),
    }
}

fn not_covered(trained: &Trained) -> Vec<String> {
    let mut gaps = vec![
        "the number of persons and rows, the column names and their types".to_owned(),
        "exact figures on persons: accuracy, subgroups, attacks, drift; those of data that is not de-identified stay in the instance, noisy ones are charged apart (`figures_epsilon`)".to_owned(),
        "the time that training took".to_owned(),
        "what is learnt about groups and about the world".to_owned(),
        "the refusal of a table whose labels are all the same".to_owned(),
    ];
    let others = trained.others.len() + usize::from(trained.unweighted.is_some());
    if others > 0 {
        gaps.push(format!(
            "the {others} further models of this run, which have statements and spends of their own; together they compose"
        ));
    }
    gaps
}
