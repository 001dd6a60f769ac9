//! How long the log is kept, what holds it, and the one way in which its oldest part goes.
//!
//! Source: 45 CFR 164.316(b)(2)(i) (six years); ASTM E2147-18, 4.1 (as long as the record, at least
//! ten years).

use access::Permit;
use audit::Word;
use domain::{OperatorId, Role, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Noun, Transaction};

use crate::{Desk, StageError};

/// The rule of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Years that every entry is kept at least.
    pub years: u32,
    /// What holds the whole log, whatever its age.
    pub holds: Vec<Hold>,
    /// The pruning that was approved and not done yet.
    pub approval: Option<Approval>,
}

/// A legal hold: nothing is pruned while there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its name.
    pub name: Word,
    /// Since when.
    pub since: Timestamp,
}

/// Somebody's word that the entries before a number may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The first entry that stays.
    pub minimum: u64,
    /// Who approved.
    pub by: OperatorId,
    /// In which role.
    pub role: Role,
    /// When.
    pub at: Timestamp,
}

impl Retention {
    /// 45 CFR 164.316(b)(2)(i).
    pub const YEARS_MIN: u32 = 6;
    /// ASTM E2147-18, 4.1.
    pub const YEARS_DEFAULT: u32 = 10;
    /// More is a slip of the finger.
    pub const YEARS_MAX: u32 = 200;

    /// The moment before which entries may go.
    pub fn cutoff(&self, now: Timestamp) -> Timestamp {
        let years = i64::from(self.years.max(Self::YEARS_MIN));
        // A year of 366 days: never shorter than the calendar's.
        Timestamp::from_millis(now.as_millis().saturating_sub(years * 366 * DAY))
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            years: Self::YEARS_DEFAULT,
            holds: Vec::new(),
            approval: None,
        }
    }
}

/// The rule as it stands.
pub fn retention(desk: &Desk<'_>) -> Result<Retention, StageError> {
    let found = desk.store.find::<Retention>(Noun::Retention, LOG)?;
    Ok(found.map(|record| record.body).unwrap_or_default())
}

/// Sets how long the log is kept; less than six years is refused.
pub fn set_years(permit: &Permit, desk: &Desk<'_>, years: u32) -> Result<Retention, StageError> {
    if !(Retention::YEARS_MIN..=Retention::YEARS_MAX).contains(&years) {
        return Err(StageError::Retention(RetentionRefusal::Years { years }));
    }
    change(permit, desk, |rule| {
        rule.years = years;
        rule.approval = None;
        Ok(())
    })
}

/// Holds the log: nothing is pruned until every hold is released.
pub fn hold(permit: &Permit, desk: &Desk<'_>, name: &Word) -> Result<Retention, StageError> {
    let since = desk.now();
    change(permit, desk, |rule| {
        if rule.holds.iter().all(|hold| hold.name != *name) {
            let name = name.clone();
            rule.holds.push(Hold { name, since });
        }
        rule.approval = None;
        Ok(())
    })
}

/// Releases a hold.
pub fn release(permit: &Permit, desk: &Desk<'_>, name: &Word) -> Result<Retention, StageError> {
    change(permit, desk, |rule| {
        let before = rule.holds.len();
        rule.holds.retain(|hold| hold.name != *name);
        if rule.holds.len() == before {
            return Err(StageError::Unknown {
                what: "hold",
                name: name.as_str().to_owned(),
            });
        }
        Ok(())
    })
}

/// Approves that what is older than the rule asks for is pruned; says how far. Whole compressed
/// files go only, so a little more than asked for stays.
pub fn approve_pruning(permit: &Permit, desk: &Desk<'_>) -> Result<Retention, StageError> {
    let rule = retention(desk)?;
    let minimum = desk.store.prunable(first_kept(desk, &rule)?)?;
    if minimum <= desk.store.log_standing()?.minimum {
        return Err(StageError::Retention(RetentionRefusal::Nothing));
    }
    let approval = Approval {
        minimum,
        by: desk.operator.id.clone(),
        role: desk.operator.role,
        at: desk.now(),
    };
    change(permit, desk, |rule| {
        refuse_held(rule)?;
        rule.approval = Some(approval.clone());
        Ok(())
    })
}

/// Prunes what was approved: the event first, then the entries. Returns the first entry left.
///
/// Refused under a hold, without an approval, by the role that approved, and where the clock or the
/// rule changed so that a newer entry would go.
pub fn prune(permit: &Permit, desk: &Desk<'_>) -> Result<u64, StageError> {
    let rule = retention(desk)?;
    refuse_held(&rule)?;
    let approval = rule
        .approval
        .clone()
        .ok_or(StageError::Retention(RetentionRefusal::NotApproved))?;
    if approval.role == desk.operator.role {
        return Err(StageError::Retention(RetentionRefusal::OneRole));
    }
    if approval.minimum > first_kept(desk, &rule)? {
        return Err(StageError::Retention(RetentionRefusal::TooYoung));
    }
    let event = desk.event(permit, None)?.rows(approval.minimum);
    let (_, left) = desk.store.prune_log(approval.minimum, event)?;
    change(permit, desk, |rule| {
        rule.approval = None;
        Ok(())
    })?;
    Ok(left)
}

/// The number of the first entry that is younger than the rule allows to prune. One entry whose
/// time lies behind, because a clock was set back, does not make its neighbours older.
fn first_kept(desk: &Desk<'_>, rule: &Retention) -> Result<u64, StageError> {
    let cutoff = rule.cutoff(desk.now());
    for entry in desk.store.events(0)? {
        let (position, event) = entry?;
        if event.time >= cutoff {
            return Ok(position.index());
        }
    }
    Ok(0)
}

fn refuse_held(rule: &Retention) -> Result<(), StageError> {
    match rule.holds.first() {
        Some(hold) => Err(StageError::Retention(RetentionRefusal::Held {
            name: hold.name.to_string(),
        })),
        None => Ok(()),
    }
}

fn change(
    permit: &Permit,
    desk: &Desk<'_>,
    deed: impl FnOnce(&mut Retention) -> Result<(), StageError>,
) -> Result<Retention, StageError> {
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<Retention>(Noun::Retention, LOG)?;
    let mut rule = kept
        .as_ref()
        .map(|record| record.body.clone())
        .unwrap_or_default();
    deed(&mut rule)?;
    save(&mut transaction, kept.map(|record| record.revision), &rule)?;
    transaction.commit(desk.event(permit, None)?)?;
    Ok(rule)
}

fn save(
    transaction: &mut Transaction<'_>,
    revision: Option<u64>,
    rule: &Retention,
) -> Result<(), StageError> {
    match revision {
        Some(revision) => transaction.replace(Noun::Retention, LOG, revision, rule)?,
        None => transaction.insert(Noun::Retention, LOG, rule)?,
    };
    Ok(())
}

/// Why the log is not pruned, or its rule not changed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetentionRefusal {
    /// Fewer years than the law asks for, or more than anybody means.
    #[error("the log is kept from 6 to 200 years, not {years}")]
    Years {
        /// What was asked for.
        years: u32,
    },
    /// A legal hold.
    #[error("the legal hold `{name}` keeps the log whole")]
    Held {
        /// Its name.
        name: String,
    },
    /// Nobody approved.
    #[error("nobody approved that the log is pruned")]
    NotApproved,
    /// The role that approved prunes.
    #[error("who approves that the log is pruned does not also prune it")]
    OneRole,
    /// Entries would go that are younger than the rule.
    #[error("the approval reaches entries that are younger than the rule of retention")]
    TooYoung,
    /// Nothing is old enough.
    #[error("nothing of the log is old enough to be pruned")]
    Nothing,
}

impl domain::Explain for RetentionRefusal {
    fn code(&self) -> domain::Code {
        match self {
            Self::Years { .. } => crate::codes::RETENTION_YEARS,
            Self::Held { .. } => crate::codes::RETENTION_HELD,
            Self::NotApproved | Self::OneRole => crate::codes::RETENTION_APPROVAL,
            Self::TooYoung | Self::Nothing => crate::codes::RETENTION_YOUNG,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Years { .. } => "give a number of years from 6 on; 10 is the default",
            Self::Held { .. } => {
                "have the privacy officer release it with `cloister audit retention release`"
            }
            Self::NotApproved => {
                "have the privacy officer approve it with `cloister audit retention approve`"
            }
            Self::OneRole => "prune as the administrator",
            Self::TooYoung | Self::Nothing => "wait until the oldest 65,536 entries are old enough",
        }
        .to_owned()
    }
}

const LOG: &str = "log";
const DAY: i64 = 86_400_000;
