use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A moment in UTC, in milliseconds since 1970; prints as RFC 3339 with milliseconds.
///
/// ```
/// use cloister_domain::Timestamp;
/// assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// Not an RFC 3339 date and time.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected a date and time such as 2026-11-22T15:00:00.000Z")]
pub struct TimestampError;

impl Timestamp {
    /// A moment from milliseconds since 1970, UTC; moments outside the years -9999 to 9999 are
    /// drawn to the edge.
    pub const fn from_millis(millis: i64) -> Self {
        const EDGE: i64 = 253_402_207_200_000;
        Self(if millis > EDGE {
            EDGE
        } else if millis < -EDGE {
            -EDGE
        } else {
            millis
        })
    }

    /// Milliseconds since 1970, UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The calendar year, UTC.
    pub fn year(self) -> i16 {
        self.civil().date().year()
    }

    fn civil(self) -> jiff::civil::DateTime {
        let moment =
            jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        jiff::tz::Offset::UTC.to_datetime(moment)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
            civil.millisecond()
        )
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| TimestampError)?;
        Ok(Self::from_millis(moment.as_millisecond()))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;

    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(moment: Timestamp) -> Self {
        moment.to_string()
    }
}

/// Where the time comes from: a parameter everywhere, the machine's clock only in the program.
pub trait Clock: fmt::Debug {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A clock that stands still, for tests and for reproducible output.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_prints_and_parses_back() {
        let moment = Timestamp::from_millis(1_795_359_604_123);
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert_eq!(moment.year(), 2026);
        assert_eq!("yesterday".parse::<Timestamp>(), Err(TimestampError));
    }

    #[test]
    fn moments_beyond_the_calendar_stay_printable() {
        assert!(
            Timestamp::from_millis(i64::MAX)
                .to_string()
                .starts_with("9999-")
        );
        assert!(
            Timestamp::from_millis(i64::MIN)
                .to_string()
                .starts_with('-')
        );
    }
}
