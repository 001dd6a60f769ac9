use std::fmt;

use serde::{Serialize, Serializer};

/// A calendar day; prints as `2023-04-02`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

impl Date {
    /// The day from year, month 1-12 and day 1-31; days beyond the month's end run over.
    pub const fn new(year: i32, month: u32, day: u32) -> Self {
        // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (month as i32 + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self {
            days: era * 146_097 + day_of_era - 719_468,
        }
    }

    /// Year, month and day.
    pub const fn civil(self) -> (i32, u32, u32) {
        let days = self.days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month as u32, day as u32)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.civil().0
    }

    /// The day `days` later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self {
            days: self.days + days,
        }
    }

    /// Days from `earlier` to this day.
    pub const fn since(self, earlier: Self) -> i32 {
        self.days - earlier.days
    }

    /// Whole years from `birth` to this day.
    pub const fn age_since(self, birth: Self) -> u32 {
        let (year, month, day) = self.civil();
        let (birth_year, birth_month, birth_day) = birth.civil();
        let before = month < birth_month || (month == birth_month && day < birth_day);
        let age = year - birth_year - before as i32;
        if age < 0 { 0 } else { age as u32 }
    }

    /// Monday is 0, Sunday is 6.
    pub const fn weekday(self) -> u32 {
        (self.days + 3).rem_euclid(7) as u32
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_convert_both_ways_over_four_centuries() {
        let mut date = Date::new(1800, 1, 1);
        for _ in 0..146_097 {
            let (year, month, day) = date.civil();
            assert_eq!(Date::new(year, month, day), date);
            date = date.plus(1);
        }
        assert_eq!(date, Date::new(2200, 1, 1));
    }

    #[test]
    fn known_days_print_and_fall_on_their_weekday() {
        assert_eq!(Date::new(2024, 2, 29).to_string(), "2024-02-29");
        assert_eq!(Date::new(2026, 11, 22).weekday(), 6);
        assert_eq!(Date::new(2020, 2, 29).age_since(Date::new(1930, 3, 1)), 89);
    }
}
