//! What the rules know, held against what a classifier says.

use std::ops::Range;

use crate::{
    dictionary::class::Class,
    finding::Finding,
    label::Label,
    tagger::{self, Cover, sentence},
    text::{
        Page,
        token::{Gap, Kind},
    },
};

use super::{Classifier, Reading};

impl Classifier {
    /// Adds what the classifier reads in a page to `found`, which holds what rules found.
    ///
    /// A reading is widened to whole tokens. It counts only where it reaches beyond what was
    /// found, and where it is no term of medicine, measurement, code, state, country, year, or
    /// age under 90: what the rule lets stay, stays.
    pub(crate) fn apply(&self, page: &Page<'_>, found: &mut Vec<Finding>) {
        let Ok(text) = std::str::from_utf8(page.text) else {
            return;
        };
        let readings = self.readings(text);
        if readings.is_empty() {
            return;
        }
        let mut cover = Vec::new();
        tagger::cover(page, found, &mut cover);
        for reading in readings {
            let places = places(page, &reading.range);
            let Some(last) = places.end.checked_sub(1).filter(|_| !places.is_empty()) else {
                continue;
            };
            if admits(page, &reading, places.clone(), &cover) {
                let score = (reading.probability * SURE).max(0.01);
                found.push(page.finding(places.start, last, reading.label, score, "classifier"));
            }
        }
    }
}

/// The places of the tokens that a stretch of bytes touches, without signs at its ends.
fn places(page: &Page<'_>, range: &Range<usize>) -> Range<usize> {
    let first = page
        .tokens
        .partition_point(|token| token.end as usize <= range.start);
    let end = page
        .tokens
        .partition_point(|token| (token.start as usize) < range.end);
    let is_sign = |place: usize| matches!(page.at(place).kind, Kind::Sign(_) | Kind::Possessive);
    let first = (first..end).find(|place| !is_sign(*place)).unwrap_or(end);
    let last = (first..end).rev().find(|place| !is_sign(*place));
    first..last.map_or(first, |last| last + 1)
}

fn admits(page: &Page<'_>, reading: &Reading, places: Range<usize>, cover: &[Cover]) -> bool {
    let is_open = |place: usize| cover.get(place).is_none_or(|cover| *cover == Cover::Open);
    let is_new = places.clone().any(is_open);
    is_new
        && match reading.label {
            Label::Name | Label::Employer => may_be_named(page, places, reading.label, cover),
            Label::Geo => {
                !is_state_or_country(page, places.clone())
                    && may_be_named(page, places, reading.label, cover)
            }
            Label::Date => !is_year(page, &places) && !is_measured(page, &places),
            Label::Age => is_ninety_or_over(page, places),
            _ => !is_code(page, &places) && !is_measured(page, &places),
        }
}

/// Whether a stretch may be a name, place or employer: it holds what the tagger would take for one,
/// or a word in lower case that is no everyday word, and it is no term of medicine.
fn may_be_named(page: &Page<'_>, places: Range<usize>, label: Label, cover: &[Cover]) -> bool {
    let is_unusual = |place: usize| {
        let token = page.at(place);
        cover.get(place) == Some(&Cover::Open)
            && token.kind == Kind::Lower
            && token.len() > 2
            && !token.class.has(NO_NAME)
            && (token.class.has(NAMED) || !token.class.has(Class::COMMON.or(Class::RARE)))
    };
    (sentence::holds_candidate(page, places.clone(), cover) || places.clone().any(is_unusual))
        && !sentence::is_term(page, places.clone(), label)
        && !is_eponym_term(page, places)
}

/// `Parkinson disease`, `Foley's catheter`: an eponym and what it is said of, inside the stretch
/// or right behind it, and nothing else in it but everyday words.
fn is_eponym_term(page: &Page<'_>, places: Range<usize>) -> bool {
    let is_eponym = |place: usize| page.at(place).class.has(Class::EPONYM);
    let Some(last) = places.clone().rev().find(|place| is_eponym(*place)) else {
        return false;
    };
    let next = last + 1 + usize::from(page.at(last + 1).kind == Kind::Possessive);
    let is_plain = |place: usize| {
        let token = page.at(place);
        is_eponym(place)
            || matches!(token.kind, Kind::Sign(_) | Kind::Possessive)
            || token
                .class
                .has(Class::COMMON.or(Class::HEAD).or(Class::STOP))
    };
    page.at(next).class.has(Class::HEAD) && places.into_iter().all(is_plain)
}

const NAMED: Class = Class::GIVEN.or(Class::SURNAME).or(Class::CITY);

const NO_NAME: Class = Class::STOP
    .or(Class::UNIT)
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::MEDICAL)
    .or(Class::CODE);

/// States may stay, 45 CFR 164.514(b)(2)(i)(B), and what is larger than one.
fn is_state_or_country(page: &Page<'_>, mut places: Range<usize>) -> bool {
    const LARGE: Class = Class::STATE.or(Class::STATE_CODE).or(Class::COUNTRY);
    places.len() == 1 && places.all(|place| page.at(place).class.has(LARGE))
        || places.len() > 1 && page.phrase(places.start, places.end).has(LARGE)
}

/// Years may stay, (C).
fn is_year(page: &Page<'_>, places: &Range<usize>) -> bool {
    let token = page.at(places.start);
    places.len() == 1 && token.kind == Kind::Number && token.len() == 4
}

/// Ages under 90 may stay, (C).
fn is_ninety_or_over(page: &Page<'_>, mut places: Range<usize>) -> bool {
    places.any(|place| {
        let word = page.bytes(place).to_ascii_lowercase();
        match page.at(place).kind {
            Kind::Number | Kind::Code => {
                let digits = word.iter().take_while(|byte| byte.is_ascii_digit());
                let age = digits.fold(0_u32, |age, digit| {
                    age.saturating_mul(10)
                        .saturating_add(u32::from(digit - b'0'))
                });
                (90..=130).contains(&age)
            }
            _ => [&b"ninet"[..], b"hundred", b"centenarian"]
                .iter()
                .any(|head| word.starts_with(head)),
        }
    })
}

/// A code of a terminology: its name stands right before.
fn is_code(page: &Page<'_>, places: &Range<usize>) -> bool {
    (1..=3).any(|back| page.before(places.start, back).class.has(Class::CODE))
        || places
            .clone()
            .all(|place| page.at(place).class.has(Class::MEDICAL))
}

/// A number with a unit.
fn is_measured(page: &Page<'_>, places: &Range<usize>) -> bool {
    let next = page.at(places.end);
    let has_unit = next.is_sign(b'%') || next.gap <= Gap::Space && next.class.has(Class::UNIT);
    has_unit
        && places
            .clone()
            .all(|place| matches!(page.at(place).kind, Kind::Number | Kind::Sign(_)))
}

/// The score of what a classifier is certain of: below what most rules give, so that where both
/// found something the rule names it.
const SURE: f32 = 0.5;
