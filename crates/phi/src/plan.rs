//! What is done with each kind of column, as a file that can be signed.

use std::collections::BTreeMap;

use domain::{Code, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{codes, kind::Kind};

/// What happens to every value of a kind, from the laxest to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The value stays, bit for bit.
    Keep,
    /// The text engine rewrites what identifies somebody; the rest stays.
    Text,
    /// A ZIP code becomes its first three digits, or `000`: see [`crate::zip3`].
    Zip3,
    /// A date becomes its year, or `90+` where the year reveals an age over 89.
    Year,
    /// An age over 89 becomes `90+`.
    Age,
    /// A random code, the same for the same value everywhere: see [`crate::crosswalk`].
    Code,
    /// The value is removed; a whole column is dropped.
    Suppress,
}

impl Action {
    /// The word for plans and manifests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Text => "text",
            Self::Zip3 => "zip3",
            Self::Year => "year",
            Self::Age => "age",
            Self::Code => "code",
            Self::Suppress => "suppress",
        }
    }
}

/// How ages are written once those over 89 are drawn together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgeStyle {
    /// As text, `90+` for the oldest.
    #[default]
    Label,
    /// As numbers where the column holds numbers, 90 standing for "90 or older".
    TopCode,
}

/// A de-identification plan: one action for every kind of column or element.
///
/// It reads and writes as TOML or JSON; unknown keys are refused. A kind that a plan does not
/// name is suppressed.
///
/// ```
/// use cloister_phi::{kind::Kind, plan::{Action, Plan}};
/// let plan = Plan::safe_harbor();
/// assert_eq!(plan.action(Kind::Zip), Action::Zip3);
/// assert_eq!(plan.action(Kind::Photo), Action::Suppress);
/// ```
///
/// Source: 45 CFR 164.514(b)(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The name, as in `safe-harbor`.
    pub name: String,
    /// The edition of this plan; the caller records the digest of its bytes as well.
    pub version: u32,
    /// How ages are written.
    #[serde(default)]
    pub ages: AgeStyle,
    /// The action for each kind.
    pub actions: BTreeMap<Kind, Action>,
}

/// Stricter actions for some kinds, from a study file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tightening {
    /// The action for each kind to be handled more strictly.
    pub actions: BTreeMap<Kind, Action>,
}

/// Why a plan cannot be changed as asked.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// The change would show more than the plan does.
    #[error("`{kind} = {wanted}` shows more than `{kind} = {given}` of the plan")]
    Loosened {
        /// The kind to be changed.
        kind: Kind,
        /// What the plan does.
        given: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
}

impl Plan {
    /// The plan of 45 CFR 164.514(b)(2).
    ///
    /// Names and numbers become random codes, states stay, ZIP codes become ZIP3, finer geography
    /// goes, dates become years, ages over 89 become `90+`, running text goes through the text
    /// engine, addresses of every sort, photographs and biometrics go. Sex, race and other
    /// quasi-identifiers stay: the rule does not list them, the risk assessment measures them.
    pub fn safe_harbor() -> Self {
        Self {
            name: "safe-harbor".to_owned(),
            version: 1,
            ages: AgeStyle::Label,
            actions: Kind::ALL
                .into_iter()
                .map(|kind| (kind, safe_harbor_action(kind)))
                .collect(),
        }
    }

    /// What is done with a kind; a kind the plan does not name is suppressed.
    pub fn action(&self, kind: Kind) -> Action {
        self.actions.get(&kind).copied().unwrap_or(Action::Suppress)
    }

    /// The plan with some kinds handled more strictly.
    ///
    /// An action that shows more, or shows other things, is refused: Safe Harbor has no room for
    /// exceptions.
    pub fn tightened_by(&self, tightening: &Tightening) -> Result<Self, PlanError> {
        let mut plan = self.clone();
        for (&kind, &wanted) in &tightening.actions {
            let given = self.action(kind);
            if !is_stricter(given, wanted) {
                return Err(PlanError::Loosened {
                    kind,
                    given: given.word(),
                    wanted: wanted.word(),
                });
            }
            plan.actions.insert(kind, wanted);
        }
        Ok(plan)
    }

    /// Whether every kind is handled at least as strictly as the rule asks: only then may a
    /// certificate speak of Safe Harbor.
    pub fn is_safe_harbor(&self) -> bool {
        Kind::ALL
            .into_iter()
            .all(|kind| is_stricter(safe_harbor_action(kind), self.action(kind)))
    }
}

impl Explain for PlanError {
    fn code(&self) -> Code {
        match self {
            Self::Loosened { .. } => codes::LOOSENED,
        }
    }

    fn help(&self) -> String {
        "leave the plan as it is, or ask for an expert determination (45 CFR 164.514(b)(1))"
            .to_owned()
    }
}

const fn safe_harbor_action(kind: Kind) -> Action {
    match kind {
        Kind::State | Kind::Quasi | Kind::Clinical => Action::Keep,
        Kind::Text | Kind::Undecided => Action::Text,
        Kind::Zip => Action::Zip3,
        Kind::BirthDate | Kind::Date => Action::Year,
        Kind::Age => Action::Age,
        Kind::PersonName
        | Kind::OtherName
        | Kind::Ssn
        | Kind::Mrn
        | Kind::HealthPlan
        | Kind::Account
        | Kind::License
        | Kind::Vehicle
        | Kind::Device
        | Kind::PersonId
        | Kind::RecordId
        | Kind::Employer => Action::Code,
        Kind::Place
        | Kind::Phone
        | Kind::Fax
        | Kind::Email
        | Kind::Url
        | Kind::Ip
        | Kind::Biometric
        | Kind::Photo => Action::Suppress,
    }
}

/// The same action, the removal of the value, or anything where the value stood as it was.
fn is_stricter(given: Action, wanted: Action) -> bool {
    given == wanted || wanted == Action::Suppress || given == Action::Keep
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_of_the_rule_is_acted_on() {
        let plan = Plan::safe_harbor();
        for kind in Kind::ALL
            .into_iter()
            .filter(|kind| kind.category().is_some())
        {
            assert_ne!(plan.action(kind), Action::Keep, "{kind}");
        }
        assert!(plan.is_safe_harbor());
    }

    #[test]
    fn a_plan_tightens_and_never_loosens() {
        let plan = Plan::safe_harbor();
        let drop_states = Tightening {
            actions: [(Kind::State, Action::Suppress)].into(),
        };
        let tight = plan.tightened_by(&drop_states).unwrap();
        assert_eq!(tight.action(Kind::State), Action::Suppress);
        assert!(tight.is_safe_harbor());

        let keep_zip = Tightening {
            actions: [(Kind::Zip, Action::Keep)].into(),
        };
        let refused = plan.tightened_by(&keep_zip).unwrap_err();
        assert_eq!(refused.code(), codes::LOOSENED);
        assert_eq!(
            refused.to_string(),
            "`zip = keep` shows more than `zip = zip3` of the plan"
        );
    }

    #[test]
    fn a_plan_reads_back_and_refuses_unknown_keys() {
        let plan = Plan::safe_harbor();
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
        let odd = json.replacen("\"version\"", "\"verison\"", 1);
        assert!(serde_json::from_str::<Plan>(&odd).is_err());
    }

    #[test]
    fn a_plan_that_keeps_a_category_is_not_safe_harbor() {
        let mut plan = Plan::safe_harbor();
        plan.actions.insert(Kind::Zip, Action::Keep);
        assert!(!plan.is_safe_harbor());
        plan.actions.remove(&Kind::Zip);
        assert!(plan.is_safe_harbor(), "an absent kind is suppressed");
    }
}
