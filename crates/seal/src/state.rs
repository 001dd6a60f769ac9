//! The states of a key, NIST SP 800-57 Part 1 Revision 5, section 7.

use std::{fmt, str::FromStr};

use domain::{Code, Explain, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes;

/// What a key may be used for now.
///
/// | state | seals | opens | goes on to |
/// |---|---|---|---|
/// | pre-active | no | no | active, deactivated, compromised, destroyed |
/// | active | yes | yes | suspended, deactivated, compromised, destroyed |
/// | suspended | no | yes | active, deactivated, compromised, destroyed |
/// | deactivated | no | yes | compromised, destroyed |
/// | compromised | no | yes, to move the data away from it | destroyed |
/// | destroyed | no | no | |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// Made, not in use yet (7.1).
    PreActive,
    /// In use (7.2).
    Active,
    /// Set aside for a while (7.3).
    Suspended,
    /// Its period is over: it opens what it sealed and seals nothing more (7.4).
    Deactivated,
    /// Somebody else may know it (7.5).
    Compromised,
    /// Gone; what is known about it stays (7.6).
    Destroyed,
}

/// A change of state that the standard does not know.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a key that is {from} cannot become {to}")]
pub struct TransitionError {
    /// What it is.
    pub from: KeyState,
    /// What it was to become.
    pub to: KeyState,
}

/// Why a key may not be used now.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UseError {
    /// Its state does not allow it.
    #[error("the key is {state} and {}", state.says())]
    State {
        /// The state.
        state: KeyState,
    },
    /// Its period is over though nobody deactivated it.
    #[error("the key's period for sealing ended at {until}")]
    Expired {
        /// When.
        until: Timestamp,
    },
    /// The machine's clock stands before the moment the key was activated.
    #[error("the machine's clock says {now}, but the key was activated at {since}")]
    ClockBehind {
        /// What the clock says.
        now: Timestamp,
        /// What the key says.
        since: Timestamp,
    },
}

/// When a key may seal: the originator-usage period of SP 800-57 Part 1, 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPeriod {
    /// From when on.
    pub since: Timestamp,
    /// Until when; without an end nobody is told to rotate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl KeyState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::PreActive,
        Self::Active,
        Self::Suspended,
        Self::Deactivated,
        Self::Compromised,
        Self::Destroyed,
    ];

    /// The word that is stored and shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PreActive => "pre-active",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether new data may be sealed.
    pub const fn seals(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether what was sealed may be opened.
    pub const fn opens(self) -> bool {
        matches!(
            self,
            Self::Active | Self::Suspended | Self::Deactivated | Self::Compromised
        )
    }

    /// The state after a change; refuses what the standard does not know.
    pub const fn become_state(self, to: Self) -> Result<Self, TransitionError> {
        let known = match self {
            Self::PreActive => !matches!(to, Self::PreActive | Self::Suspended),
            Self::Active => !matches!(to, Self::PreActive | Self::Active),
            Self::Suspended => !matches!(to, Self::PreActive | Self::Suspended),
            Self::Deactivated => matches!(to, Self::Compromised | Self::Destroyed),
            Self::Compromised => matches!(to, Self::Destroyed),
            Self::Destroyed => false,
        };
        if known {
            Ok(to)
        } else {
            Err(TransitionError { from: self, to })
        }
    }

    /// Whether a key in this state, of that period, may seal now. A clock that stands before the
    /// key's own date is refused: whoever can turn it back could use a key beyond its period.
    pub fn check_sealing(self, period: KeyPeriod, now: Timestamp) -> Result<(), UseError> {
        if !self.seals() {
            return Err(UseError::State { state: self });
        }
        if now < period.since {
            return Err(UseError::ClockBehind {
                now,
                since: period.since,
            });
        }
        match period.until {
            Some(until) if now >= until => Err(UseError::Expired { until }),
            _ => Ok(()),
        }
    }

    /// Whether a key in this state may open what it sealed; dates do not matter for that, so that
    /// a wrong clock loses nothing.
    pub const fn check_opening(self) -> Result<(), UseError> {
        if self.opens() {
            Ok(())
        } else {
            Err(UseError::State { state: self })
        }
    }

    const fn says(self) -> &'static str {
        match self {
            Self::PreActive => "is not in use yet",
            Self::Active => "is in use",
            Self::Suspended => "seals nothing until it is resumed",
            Self::Deactivated => "only opens what it sealed",
            Self::Compromised => "was revoked: it only opens what it sealed",
            Self::Destroyed => "is gone",
        }
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for KeyState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.word() == word).ok_or(())
    }
}

impl Explain for TransitionError {
    fn code(&self) -> Code {
        codes::TRANSITION
    }

    fn help(&self) -> String {
        "see docs/keys.md for the states of a key and the ways between them".to_owned()
    }
}

impl Explain for UseError {
    fn code(&self) -> Code {
        match self {
            Self::State { .. } => codes::KEY_STATE,
            Self::Expired { .. } => codes::KEY_EXPIRED,
            Self::ClockBehind { .. } => codes::CLOCK_BEHIND,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::State { .. } => "look at `cloister key status`; a suspended key can be resumed",
            Self::Expired { .. } => "bring the data in as a new dataset, or lengthen the period with `cloister key period`",
            Self::ClockBehind { .. } => {
                "set the machine's clock; nothing was changed and nothing is lost"
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    /// Figure 5 of SP 800-57 Part 1 Revision 5; a pair that is not here is refused.
    #[test]
    fn only_the_transitions_of_the_standard_are_known() {
        use KeyState::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};
        let known = [
            (PreActive, Active),
            (PreActive, Deactivated),
            (PreActive, Compromised),
            (PreActive, Destroyed),
            (Active, Suspended),
            (Active, Deactivated),
            (Active, Compromised),
            (Active, Destroyed),
            (Suspended, Active),
            (Suspended, Deactivated),
            (Suspended, Compromised),
            (Suspended, Destroyed),
            (Deactivated, Compromised),
            (Deactivated, Destroyed),
            (Compromised, Destroyed),
        ];
        for from in KeyState::ALL {
            for to in KeyState::ALL {
                let is_known = known.contains(&(from, to));
                assert_eq!(from.become_state(to).is_ok(), is_known, "{from} to {to}");
            }
        }
    }

    #[test]
    fn only_an_active_key_in_its_period_seals() {
        let period = KeyPeriod {
            since: at(100),
            until: Some(at(200)),
        };
        for state in KeyState::ALL {
            let seals = state.check_sealing(period, at(150)).is_ok();
            assert_eq!(seals, state == KeyState::Active);
        }
        let active = KeyState::Active;
        assert_eq!(
            active.check_sealing(period, at(99)),
            Err(UseError::ClockBehind {
                now: at(99),
                since: at(100)
            })
        );
        assert_eq!(
            active.check_sealing(period, at(200)),
            Err(UseError::Expired { until: at(200) })
        );
        assert!(active.check_opening().is_ok());
        assert!(KeyState::Destroyed.check_opening().is_err());
    }

    #[test]
    fn every_word_is_read_back() {
        for state in KeyState::ALL {
            assert_eq!(state.word().parse(), Ok(state));
            assert_eq!(
                serde_json::to_string(&state).unwrap(),
                format!("\"{state}\"")
            );
        }
    }
}
