//! Dates, times and ages.

use formats::fhir::{Element, Shape};

use super::{Named, Traits, Walk, is_leaf};
use crate::{
    age,
    kind::Kind,
    plan::Action,
    transform::{Fate, Form},
};

impl<'d> Walk<'_, '_, 'd, '_> {
    /// What the plan leaves of a date. What is not written as FHIR writes dates may be a number
    /// that only looks like one, so nothing finer than a year stays of it.
    pub(super) fn date(&mut self, traits: Traits, element: Element<'d>, text: &str) -> bool {
        let kind = if traits.is_birth {
            Kind::BirthDate
        } else {
            Kind::Date
        };
        let sound = match self.work.action(kind) {
            Action::Year => true,
            Action::Keep | Action::Shift | Action::Month | Action::Quarter => is_iso(text),
            _ => false,
        };
        if sound {
            return self.ask_about(kind, element, self.person);
        }
        self.removed('C')
    }

    /// A time without a date tells nothing where dates may stay.
    pub(super) fn time_of_day(&mut self, element: Element<'d>) -> bool {
        let text = element.text().unwrap_or_default();
        let sound = (1..=16).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
        if sound && matches!(self.work.action(Kind::Date), Action::Keep | Action::Shift) {
            return self.kept();
        }
        self.removed('C')
    }

    /// A number stays, unless it is an age that may not be shown.
    pub(super) fn number(&mut self, named: Named<'d>, element: Element<'d>) -> bool {
        if !named.traits.is_age {
            return self.kept();
        }
        let fate = self
            .work
            .value(Kind::Age, element.raw(), Form::Number, None);
        self.record.count(Kind::Age, &fate);
        match fate {
            Fate::Kept => true,
            Fate::Replaced(new) if new.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.writer.replace(element.start(), element.end(), new);
                true
            }
            _ => false,
        }
    }

    /// Value and unit stay; more than 89 years becomes "90 or more".
    pub(super) fn quantity(&mut self, named: Named<'d>, quantity: Element<'d>) -> bool {
        let shown = match self.shown_age(named, quantity) {
            Shown::All => None,
            Shown::From(years, sign) => Some((years, sign)),
            Shown::Nothing => return self.removed('C'),
        };
        let has_sign = quantity.get("comparator").is_some();
        let kept = self.members(quantity, |walk, member| {
            let value = member.value;
            match (member.key, shown) {
                ("value", Some((years, sign))) => {
                    let comparator = match sign {
                        Some(sign) if !has_sign => format!(",\"comparator\":\"{sign}\""),
                        _ => String::new(),
                    };
                    let new = format!("{years}{comparator}");
                    walk.writer.replace(value.start(), value.end(), &new);
                    true
                }
                ("comparator", Some((_, Some(sign)))) => {
                    walk.writer
                        .replace_with_text(value.start(), value.end(), sign);
                    true
                }
                ("value" | "unit" | "system" | "code" | "comparator" | "currency", _)
                    if is_leaf(value) =>
                {
                    walk.kept()
                }
                _ => walk.member(&member, quantity),
            }
        });
        if shown.is_some() {
            self.changed('C');
        }
        kept
    }

    /// What may be shown of a quantity that is an age, or a number of years over 89.
    fn shown_age(&self, named: Named<'d>, quantity: Element<'d>) -> Shown {
        let is_age = named.key.ends_with("Age") || named.key == "age";
        let Some((years, is_in_years)) = years_of(quantity, is_age) else {
            return Shown::All;
        };
        match self.work.action(Kind::Age) {
            // A number of years cannot stand where months are counted.
            Action::AgeBand if is_age && !is_in_years => Shown::Nothing,
            Action::Age if age::is_over_89(years) && !is_in_years => Shown::Nothing,
            Action::Age | Action::AgeBand if age::is_over_89(years) => {
                Shown::From(age::SHOWN_MAX + 1, Some(">="))
            }
            Action::AgeBand if is_age => {
                Shown::From(age::band_start(years, self.work.plan.age_band_years), None)
            }
            Action::Keep | Action::Age | Action::AgeBand => Shown::All,
            _ if is_age || age::is_over_89(years) => Shown::Nothing,
            _ => Shown::All,
        }
    }
}

/// What may be shown of an age.
enum Shown {
    All,
    /// This number of its unit, years; and the sign that goes with it.
    From(i32, Option<&'static str>),
    Nothing,
}

/// The years that a quantity means, and whether years are its unit; ages are read in every unit.
fn years_of(quantity: Element<'_>, is_age: bool) -> Option<(f64, bool)> {
    let value = quantity
        .get("value")
        .filter(|value| value.shape() == Shape::Number)?;
    let number = value.raw().parse::<f64>().ok()?;
    ["code", "unit"].into_iter().find_map(|key| {
        let unit = quantity.text_of(key)?;
        let per_year = match unit.as_ref() {
            "a" | "year" | "years" | "yr" | "yrs" | "y" => 1.0,
            "mo" | "month" | "months" if is_age => 12.0,
            "wk" | "week" | "weeks" if is_age => 52.0,
            "d" | "day" | "days" if is_age => 365.0,
            _ => return None,
        };
        Some((number / per_year, per_year < 2.0))
    })
}

/// `2021`, `2021-03`, `2021-03-14T…`.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4 || bytes.get(4) == Some(&b'-') && text.is_ascii()
}
