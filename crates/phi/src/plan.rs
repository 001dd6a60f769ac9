//! What is done with each kind of column or element, as a file that can be read and signed.

mod action;
mod check;
mod diff;
mod rule;

use std::collections::BTreeMap;

use domain::{Code, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use action::Action;
pub use check::Remark;
pub use diff::{Change, Effect, diff};
pub use rule::Method;

use crate::{codes, kind::Kind, surrogate::Surrogates};

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
    /// The years of a band of [`Action::AgeBand`], at least 2.
    #[serde(default = "age_band_years")]
    pub age_band_years: u8,
    /// A date under [`Action::Shift`] moves by 1 to this many days, forwards or back.
    #[serde(default = "shift_days_max")]
    pub shift_days_max: u16,
    /// What stands in place of what is coded: see [`Surrogates`].
    #[serde(default)]
    pub surrogates: Surrogates,
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
    /// The file is no plan.
    #[error("the plan cannot be read at byte {offset}: {reason}")]
    Unreadable {
        /// Where the reading ended.
        offset: usize,
        /// What was expected there; a plan holds no data of persons.
        reason: String,
    },
    /// An action that cannot be done to values of its kind.
    #[error("`{kind} = {action}` cannot be done")]
    Unfit {
        /// The kind.
        kind: Kind,
        /// The action's word.
        action: &'static str,
    },
    /// A plan under the name of a paragraph does what the paragraph does not allow.
    #[error("`{kind} = {action}` is not allowed in a plan called `{method}`")]
    NotAsNamed {
        /// The kind.
        kind: Kind,
        /// The action's word.
        action: &'static str,
        /// The name of the plan.
        method: &'static str,
    },
    /// A number of the plan is out of its range.
    #[error("`{key}` must be {range}")]
    Range {
        /// The key.
        key: &'static str,
        /// The numbers it may be.
        range: &'static str,
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
        Self::built_in(Method::SafeHarbor)
    }

    /// The plan of 45 CFR 164.514(e)(2): a limited data set for research, public health or health
    /// care operations, under a data use agreement. It remains protected health information.
    ///
    /// The sixteen direct identifiers go as under Safe Harbor; dates, ages, towns, states and the
    /// five digits of the ZIP code stay, in running text too. Keys of records become codes, though
    /// the paragraph would let some stay: nobody can tell them from record numbers.
    pub fn limited_data_set() -> Self {
        Self::built_in(Method::LimitedDataSet)
    }

    /// A plan for an expert determination, 45 CFR 164.514(b)(1): all dates of a person move by the
    /// same random number of days, everything else is as under Safe Harbor. The program gives no
    /// determination; a qualified person has to.
    pub fn expert() -> Self {
        Self::built_in(Method::Expert)
    }

    /// The built-in plan of a name; nothing if there is none.
    ///
    /// ```
    /// use cloister_phi::plan::Plan;
    /// assert!(Plan::named("limited-data-set").unwrap().is_limited_data_set());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        METHODS
            .into_iter()
            .find(|method| method.word() == name)
            .map(Self::built_in)
    }

    fn built_in(method: Method) -> Self {
        Self {
            name: method.word().to_owned(),
            version: 1,
            ages: AgeStyle::Label,
            age_band_years: age_band_years(),
            shift_days_max: shift_days_max(),
            surrogates: Surrogates::Tags,
            actions: Kind::ALL
                .into_iter()
                .map(|kind| (kind, method.action(kind)))
                .collect(),
        }
    }

    /// Reads a plan file.
    ///
    /// Refused are unknown keys, actions that do not fit their kind, and, in a plan that bears the
    /// name of a built-in plan, whatever its paragraph does not allow.
    ///
    /// ```
    /// use cloister_phi::plan::{Method, Plan};
    /// let plan = Plan::from_toml("name = \"ours\"\nversion = 2\n[actions]\ndate = \"shift\"\n");
    /// assert_eq!(plan.unwrap().method(), Method::Expert);
    /// let lax = "name = \"safe-harbor\"\nversion = 2\n[actions]\ndate = \"shift\"\n";
    /// assert!(Plan::from_toml(lax).is_err());
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let plan: Self = toml::from_str(text).map_err(|error| PlanError::Unreadable {
            offset: error.span().map_or(0, |span| span.start),
            reason: error.message().to_owned(),
        })?;
        plan.verify()?;
        Ok(plan)
    }

    /// The plan file: every kind with its action, in the order of the rule.
    pub fn to_toml(&self) -> String {
        // Words and numbers always serialise.
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether the plan can be carried out and is what its name says.
    pub fn verify(&self) -> Result<(), PlanError> {
        for (&kind, &action) in &self.actions {
            let action_word = action.word();
            if !action.fits(kind) {
                return Err(PlanError::Unfit {
                    kind,
                    action: action_word,
                });
            }
            let method = METHODS
                .into_iter()
                .find(|method| method.word() == self.name);
            if let Some(method) = method.filter(|method| !method.allows(kind, action)) {
                return Err(PlanError::NotAsNamed {
                    kind,
                    action: action_word,
                    method: method.word(),
                });
            }
        }
        let range =
            |key, range, sound: bool| sound.then_some(()).ok_or(PlanError::Range { key, range });
        range(
            "age_band_years",
            "2 to 45",
            (2..=45).contains(&self.age_band_years),
        )?;
        range(
            "shift_days_max",
            "1 to 3650",
            (1..=3650).contains(&self.shift_days_max),
        )
    }

    /// The paragraph that the actions follow, whatever the plan is called.
    pub fn method(&self) -> Method {
        METHODS
            .into_iter()
            .find(|method| {
                Kind::ALL
                    .into_iter()
                    .all(|kind| method.allows(kind, self.action(kind)))
            })
            .unwrap_or(Method::Expert)
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
            let is_allowed = wanted.fits(kind) && self.method().allows(kind, wanted);
            if !is_allowed || !wanted.shows_no_more_than(given) {
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

    /// Whether every kind is handled at least as strictly as 45 CFR 164.514(b)(2) asks: only then
    /// may a certificate speak of Safe Harbor.
    pub fn is_safe_harbor(&self) -> bool {
        self.method() == Method::SafeHarbor
    }

    /// Whether the sixteen identifiers of 45 CFR 164.514(e)(2) go. A Safe Harbor plan, which
    /// removes them as well, is one too.
    pub fn is_limited_data_set(&self) -> bool {
        self.method() != Method::Expert
    }
}

impl Explain for PlanError {
    fn code(&self) -> Code {
        match self {
            Self::Loosened { .. } => codes::LOOSENED,
            Self::Unreadable { .. } | Self::Unfit { .. } | Self::Range { .. } => codes::PLAN,
            Self::NotAsNamed { .. } => codes::PLAN_NAME,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Loosened { .. } => {
                "leave the plan as it is, or ask for an expert determination (45 CFR 164.514(b)(1))"
            }
            Self::NotAsNamed { .. } => {
                "give the plan a name of its own: it needs an expert determination (45 CFR \
                 164.514(b)(1))"
            }
            Self::Unfit { .. } => "`suppress` and `code` can be done to every kind",
            Self::Unreadable { .. } | Self::Range { .. } => {
                "compare with `cloister deid plan show safe-harbor`"
            }
        }
        .to_owned()
    }
}

/// From the strictest to the laxest.
const METHODS: [Method; 3] = [Method::SafeHarbor, Method::LimitedDataSet, Method::Expert];

const fn age_band_years() -> u8 {
    5
}

const fn shift_days_max() -> u16 {
    365
}

#[cfg(test)]
mod tests;
