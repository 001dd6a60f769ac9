use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Risk;

/// The limits a release must keep; a limit that is not set is not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Threshold {
    /// Records in the smallest class, at least.
    pub k_min: Option<u32>,
    /// Highest prosecutor risk, at most.
    pub prosecutor_max: Option<f64>,
    /// Average prosecutor risk, at most.
    pub average_max: Option<f64>,
    /// Share of records that are alone in their class, at most.
    pub uniqueness_max: Option<f64>,
}

/// What came of judging a measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Each limit with what was measured.
    pub rules: Vec<Rule>,
}

/// One limit and what was measured against it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What is limited.
    pub name: String,
    /// The limit.
    pub limit: f64,
    /// What was measured.
    pub measured: f64,
    /// Whether the limit is kept.
    pub holds: bool,
}

impl Threshold {
    /// Judges a measurement. An empty table keeps no limit: there is nothing that shows it.
    pub fn judge(&self, risk: &Risk) -> Verdict {
        let at_most = |name: &str, limit: Option<f64>, measured: f64| {
            limit.map(|limit| Rule {
                name: name.to_owned(),
                limit,
                measured,
                holds: risk.records > 0 && measured <= limit,
            })
        };
        let smallest = self.k_min.map(|limit| Rule {
            name: "smallest class".to_owned(),
            limit: f64::from(limit),
            measured: risk.k as f64,
            holds: risk.records > 0 && risk.k >= u64::from(limit),
        });
        let highest = at_most(
            "highest prosecutor risk",
            self.prosecutor_max,
            risk.prosecutor_max,
        );
        let average = at_most(
            "average prosecutor risk",
            self.average_max,
            risk.prosecutor_average,
        );
        let unique = at_most("sample uniqueness", self.uniqueness_max, risk.uniqueness);
        Verdict {
            rules: [smallest, highest, average, unique]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

impl Verdict {
    /// Whether every limit is kept; false when no limit was set, since nothing was judged.
    pub fn holds(&self) -> bool {
        !self.rules.is_empty() && self.rules.iter().all(|rule| rule.holds)
    }

    /// The limits that are not kept.
    pub fn broken(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| !rule.holds)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds { "holds" } else { "does not hold" };
        write!(
            f,
            "{} {:.4} against {:.4}: {verdict}",
            self.name, self.measured, self.limit
        )
    }
}
