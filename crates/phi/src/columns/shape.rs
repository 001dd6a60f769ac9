//! What the values of a column look like.

use std::collections::BTreeMap;

use super::{Basis, Distinct, name::Named, sample::Sample};
use crate::{dates, kind::Kind, label::Label, text::TextEngine};

/// What the sampled values look like, as shares of the sample.
#[derive(Debug)]
pub(super) struct Shape {
    is_text: bool,
    is_number: bool,
    /// Short numbers or yes and no, kept as text: measurements, not keys.
    is_measured: bool,
    distinct: Distinct,
    forms: BTreeMap<Kind, f32>,
    whole: BTreeMap<Label, f32>,
    touched: f32,
    words_mean: f32,
    letters_mean: f32,
}

/// The decision about a column.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) kind: Kind,
    pub(super) confidence: f32,
    pub(super) basis: Vec<Basis>,
    pub(super) share: f32,
}

impl Shape {
    pub(super) fn of(sample: &Sample<'_>, engine: &TextEngine) -> Self {
        let values: Vec<&str> = sample.values.iter().map(AsRef::as_ref).collect();
        let mut shape = Self {
            is_text: sample.is_text(),
            is_number: sample.is_number(),
            distinct: sample.distinct(),
            is_measured: is_measured(&values, sample.distinct()),
            forms: forms(&values, sample.is_text()),
            whole: BTreeMap::new(),
            touched: 0.0,
            words_mean: mean(&values, |value| value.split_whitespace().count()),
            letters_mean: mean(&values, str::len),
        };
        if sample.is_text() {
            shape.listen(&values, engine);
        }
        shape
    }

    /// Lets the text engine read some values: whole cells that are identifiers, and cells that
    /// hold one.
    fn listen(&mut self, values: &[&str], engine: &TextEngine) {
        let step = values.len().div_ceil(HEARD_MAX).max(1);
        let heard: Vec<&str> = values.iter().copied().step_by(step).collect();
        let mut whole: BTreeMap<Label, usize> = BTreeMap::new();
        let mut touched = 0;
        for value in &heard {
            let findings = engine.scan_by_rules(value);
            touched += usize::from(findings.iter().any(|finding| is_telling(finding.label)));
            let covering = findings.iter().find(|finding| {
                finding.end.saturating_sub(finding.start) * 10 >= value.trim().len() * 6
            });
            if let Some(finding) = covering {
                *whole.entry(finding.label).or_default() += 1;
            }
        }
        self.touched = share(touched, heard.len());
        self.whole = whole
            .into_iter()
            .map(|(label, count)| (label, share(count, heard.len())))
            .collect();
    }

    /// Weighs the column's name against its values: the stricter reading wins.
    pub(super) fn verdict(&self, named: Option<Named>) -> Verdict {
        if !self.is_text {
            return self.verdict_on_numbers(named);
        }
        match named {
            Some(Named {
                kind: Kind::Text, ..
            }) => self.verdict_on_text(),
            Some(named) if named.kind.category().is_some() => self.verdict_on_direct(named),
            Some(named) => self.verdict_on_harmless(named.kind),
            None => self.verdict_on_values(),
        }
    }

    fn verdict_on_direct(&self, named: Named) -> Verdict {
        let share = self.form(named.kind);
        let by_form = self.strongest_form();
        if !named.strong && share < HALF {
            return self.verdict_on_values();
        }
        // Numbers of one sort are often kept in a column named for another.
        if let Some((kind, form)) = by_form
            && kind != named.kind
            && share < HALF
            && is_freer(named.kind, kind)
        {
            return Verdict {
                kind,
                confidence: form,
                basis: vec![Basis::Format],
                share: form,
            };
        }
        let agrees = share >= HALF;
        let mut basis = vec![Basis::Name];
        basis.extend(agrees.then_some(Basis::Format));
        let confidence = if agrees { 0.99 } else { 0.9 };
        Verdict {
            kind: named.kind,
            confidence,
            basis,
            share,
        }
    }

    /// A harmless name does not make harmless values.
    fn verdict_on_harmless(&self, named: Kind) -> Verdict {
        if let Some((kind, share)) = self.strongest_form() {
            return Verdict {
                kind,
                confidence: share,
                basis: vec![Basis::Format],
                share,
            };
        }
        // Names of countries and states sound like names of people and towns.
        let touched = named != Kind::State && self.touched > TOUCHED_MAX;
        let speaks = self.is_prose() || touched || self.any_form();
        if speaks {
            let basis = vec![Basis::FreeText];
            return Verdict {
                kind: Kind::Text,
                confidence: 0.7,
                basis,
                share: self.touched,
            };
        }
        Verdict {
            kind: named,
            confidence: 0.9,
            basis: vec![Basis::Name],
            share: 1.0,
        }
    }

    fn verdict_on_values(&self) -> Verdict {
        if let Some((kind, share)) = self.strongest_form() {
            return Verdict {
                kind,
                confidence: share * 0.9,
                basis: vec![Basis::Format],
                share,
            };
        }
        if self.is_prose() {
            return self.verdict_on_text();
        }
        if self.is_measured {
            return Verdict {
                kind: Kind::Clinical,
                confidence: 0.6,
                basis: vec![Basis::Distinct],
                share: 1.0,
            };
        }
        if let Some((kind, share)) = self.strongest_whole() {
            let basis = vec![Basis::Dictionary];
            return Verdict {
                kind,
                confidence: share * 0.8,
                basis,
                share,
            };
        }
        Verdict {
            kind: Kind::Undecided,
            confidence: 0.3,
            basis: vec![Basis::Distinct],
            share: self.touched,
        }
    }

    fn verdict_on_text(&self) -> Verdict {
        if let Some((kind, share)) = self.strongest_form() {
            return Verdict {
                kind,
                confidence: share,
                basis: vec![Basis::Format],
                share,
            };
        }
        let confidence = if self.is_prose() { 0.95 } else { 0.8 };
        let basis = vec![Basis::FreeText];
        Verdict {
            kind: Kind::Text,
            confidence,
            basis,
            share: self.touched,
        }
    }

    /// Numbers and truth values: the name decides, except for forms that hardly occur by chance.
    fn verdict_on_numbers(&self, named: Option<Named>) -> Verdict {
        let by_form = self
            .strongest_form()
            .filter(|(_, share)| *share >= ALL_BUT_FEW);
        let named = named.and_then(|named| self.number_named(named));
        if let Some(kind) = named.filter(|kind| self.is_number || kind.category().is_none()) {
            let basis = vec![Basis::Name];
            return Verdict {
                kind,
                confidence: 0.9,
                basis,
                share: self.form(kind),
            };
        }
        if let Some((kind, share)) = by_form.filter(|_| self.is_number) {
            return Verdict {
                kind,
                confidence: 0.6,
                basis: vec![Basis::Format],
                share,
            };
        }
        let kind = if self.is_number || self.distinct != Distinct::None {
            Kind::Clinical
        } else {
            Kind::Undecided
        };
        Verdict {
            kind,
            confidence: 0.6,
            basis: vec![Basis::Distinct],
            share: 0.0,
        }
    }

    /// The kind of a column of numbers whose name says `named`; a name in numbers is a key.
    fn number_named(&self, named: Named) -> Option<Kind> {
        match named.kind {
            Kind::PersonName | Kind::OtherName | Kind::Employer => Some(Kind::RecordId),
            Kind::Text => Some(Kind::Clinical),
            kind if named.strong || self.form(kind) >= HALF => Some(kind),
            _ => None,
        }
    }

    fn form(&self, kind: Kind) -> f32 {
        let kind = if kind == Kind::BirthDate {
            Kind::Date
        } else {
            kind
        };
        self.forms.get(&kind).copied().unwrap_or(0.0)
    }

    fn strongest_form(&self) -> Option<(Kind, f32)> {
        self.forms
            .iter()
            .map(|(kind, share)| (*kind, *share))
            .filter(|(_, share)| *share >= HALF)
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)))
    }

    fn any_form(&self) -> bool {
        self.forms.iter().any(|(kind, share)| {
            *share > 0.0
                && matches!(
                    kind,
                    Kind::Ssn | Kind::Email | Kind::Phone | Kind::Url | Kind::Ip
                )
        })
    }

    fn strongest_whole(&self) -> Option<(Kind, f32)> {
        self.whole
            .iter()
            .filter(|(_, share)| **share >= HALF)
            .max_by(|one, other| one.1.total_cmp(other.1).then(other.0.cmp(one.0)))
            .map(|(label, share)| (kind_of(*label), *share))
    }

    fn is_prose(&self) -> bool {
        let long = self.words_mean >= 12.0 || self.letters_mean >= 80.0;
        long || self.words_mean >= 5.0 && matches!(self.distinct, Distinct::Many | Distinct::Unique)
    }
}

/// So many values are read by the text engine.
const HEARD_MAX: usize = 300;
const HALF: f32 = 0.5;
const ALL_BUT_FEW: f32 = 0.98;
/// A harmless column in which the engine hears identifiers more often than this is running text.
const TOUCHED_MAX: f32 = 0.02;

/// The share of values in each form that needs no context to be known.
fn forms(values: &[&str], is_text: bool) -> BTreeMap<Kind, f32> {
    type Form = fn(&str) -> bool;
    let mut forms: Vec<(Kind, Form)> = vec![
        (Kind::Date, dates::is_finer_than_year as Form),
        (Kind::Phone, is_phone),
    ];
    if is_text {
        forms.extend([
            (Kind::Ssn, is_ssn as Form),
            (Kind::Email, is_email),
            (Kind::Url, is_url),
            (Kind::Ip, is_ip),
            (Kind::Zip, is_zip),
        ]);
    }
    forms
        .into_iter()
        .map(|(kind, form)| {
            (
                kind,
                share(
                    values.iter().filter(|value| form(value.trim())).count(),
                    values.len(),
                ),
            )
        })
        .filter(|(_, share)| *share > 0.0)
        .collect()
}

fn is_ssn(value: &str) -> bool {
    let bytes = value.as_bytes();
    let places = bytes.get(3) == bytes.get(6) && matches!(bytes.get(3), Some(b'-' | b' '));
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    bytes.len() == 11 && places && digits == 9
}

/// Ten digits of the North American plan: neither area nor exchange begins with 0 or 1.
fn is_phone(value: &str) -> bool {
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b" ()-.+/x".contains(&byte));
    let digits: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).collect();
    let national = match digits.as_slice() {
        [b'1', rest @ ..] if rest.len() == 10 => rest,
        all => all,
    };
    let [area, _, _, exchange, ..] = *national else {
        return false;
    };
    plain && national.len() == 10 && area >= b'2' && exchange >= b'2'
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !value.contains(char::is_whitespace)
    })
}

fn is_url(value: &str) -> bool {
    ["http://", "https://", "ftp://", "www."]
        .iter()
        .any(|start| value.starts_with(start))
}

/// Numbers of at most six digits, or flags. Whole numbers that are nearly all different may be keys
/// and are not taken for measurements.
fn is_measured(values: &[&str], distinct: Distinct) -> bool {
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    let number = |value: &str| value.parse::<f64>().is_ok() && digits(value) <= 6;
    let flag = |value: &str| FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(value));
    let whole = values
        .iter()
        .all(|value| value.trim().parse::<i64>().is_ok());
    if values.is_empty() || (whole && distinct == Distinct::Unique) {
        return false;
    }
    values
        .iter()
        .map(|value| value.trim())
        .all(|value| number(value) || flag(value))
}

const FLAGS: [&str; 6] = ["true", "false", "yes", "no", "y", "n"];

fn is_ip(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok()
}

fn is_zip(value: &str) -> bool {
    let (five, four) = value.split_once('-').unwrap_or((value, "0000"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    five.len() == 5 && four.len() == 4 && digits(five) && digits(four)
}

/// Whether values in the form of `form` may not be handled as the column's name says: a date in a
/// column of ages would stay.
fn is_freer(named: Kind, form: Kind) -> bool {
    matches!(named, Kind::Age | Kind::Zip | Kind::Date | Kind::BirthDate)
        && form != named
        && !(named == Kind::BirthDate && form == Kind::Date)
}

/// Labels that show the engine heard a person, not a number that looks like one.
const fn is_telling(label: Label) -> bool {
    !matches!(label, Label::Geo | Label::Employer | Label::Age)
}

const fn kind_of(label: Label) -> Kind {
    match label {
        Label::Name => Kind::OtherName,
        Label::Geo => Kind::Place,
        Label::Date => Kind::Date,
        Label::Age => Kind::Age,
        Label::Phone => Kind::Phone,
        Label::Fax => Kind::Fax,
        Label::Email => Kind::Email,
        Label::Ssn => Kind::Ssn,
        Label::Mrn => Kind::Mrn,
        Label::HealthPlan => Kind::HealthPlan,
        Label::Account => Kind::Account,
        Label::License => Kind::License,
        Label::Vehicle => Kind::Vehicle,
        Label::Device => Kind::Device,
        Label::Url => Kind::Url,
        Label::Ip => Kind::Ip,
        Label::Biometric => Kind::Biometric,
        Label::Photo => Kind::Photo,
        Label::Employer => Kind::Employer,
        Label::OtherId => Kind::RecordId,
    }
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

fn mean(values: &[&str], size: impl Fn(&str) -> usize) -> f32 {
    share(values.iter().map(|value| size(value)).sum(), values.len())
}
