//! What a file says about its patient, and about those around them.

use formats::dicom::{DataSet, Element, Tag, Value, Vr};

use super::{first, tags};
use crate::{
    dates,
    label::Label,
    transform::{Deidentifier, Fact, Individual},
};

/// Learns the names, numbers and addresses of a file; gives back its person.
///
/// The person is known by the Patient ID; without one, by the study.
pub(super) fn learn(work: &mut Deidentifier<'_>, data: &DataSet<'_>) -> Option<Individual> {
    let birth_date = first(data, tags::BIRTH_DATE);
    let key = first(data, tags::PATIENT_ID).or_else(|| first(data, tags::STUDY_UID))?;
    let person = work.person_known_by(&[&key], birth_date.as_deref())?;
    let mut facts = Vec::new();
    gather(work, data, &mut facts);
    facts.extend(
        birth_date
            .filter(|date| dates::is_finer_than_year(date))
            .map(Fact::Date),
    );
    work.learn(person, facts);
    Some(person)
}

fn gather(work: &Deidentifier<'_>, data: &DataSet<'_>, facts: &mut Vec<Fact>) {
    for element in &data.elements {
        if let Value::Items(items) = &element.value {
            for item in items {
                gather(work, item, facts);
            }
        } else if facts.len() < FACTS_MAX {
            add(work, data, element, facts);
        }
    }
}

fn add(work: &Deidentifier<'_>, data: &DataSet<'_>, element: &Element<'_>, facts: &mut Vec<Fact>) {
    let source = SOURCES.iter().find(|(tag, _)| *tag == element.tag);
    let fact: fn(String) -> Fact = match source {
        Some((_, fact)) => *fact,
        None if element.vr == Vr::Pn => Fact::Relative,
        None => return,
    };
    let Some(text) = element.decode(data.charset) else {
        return;
    };
    for value in text.split('\\') {
        let value = value.trim_matches([' ', '\0']);
        if value.is_empty() || work.rewriter.is_own_code(value) {
            continue;
        }
        if element.vr == Vr::Pn {
            facts.extend(
                value
                    .split('=')
                    .map(spoken)
                    .filter(|name| !name.is_empty())
                    .map(fact),
            );
        } else {
            facts.push(fact(value.to_owned()));
        }
    }
}

/// `Family^Given^Middle^Prefix^Suffix` as people say it: given, middle, family.
fn spoken(name: &str) -> String {
    let mut parts = name.split('^');
    let family = parts.next().unwrap_or_default();
    let mut words: Vec<&str> = parts.take(2).collect();
    words.push(family);
    words.retain(|word| !word.trim().is_empty());
    words.join(" ")
}

/// More facts of one file are not searched for.
const FACTS_MAX: usize = 64;

/// An element and the fact that its value is.
type Source = (Tag, fn(String) -> Fact);

const SOURCES: [Source; 13] = [
    (tags::PATIENT_NAME, Fact::Name),
    (Tag(0x0010, 0x1001), Fact::Name),
    (Tag(0x0010, 0x1005), Fact::Name),
    (tags::PATIENT_ID, |id| Fact::Number(Label::Mrn, id)),
    (Tag(0x0010, 0x1000), |id| Fact::Number(Label::Mrn, id)),
    (Tag(0x0010, 0x1040), Fact::Address),
    (Tag(0x0010, 0x2154), |number| {
        Fact::Number(Label::Phone, number)
    }),
    (Tag(0x0008, 0x0094), |number| {
        Fact::Number(Label::Phone, number)
    }),
    (Tag(0x0008, 0x0050), |id| Fact::Number(Label::OtherId, id)),
    (Tag(0x0020, 0x0010), |id| Fact::Number(Label::OtherId, id)),
    (Tag(0x0038, 0x0010), |id| Fact::Number(Label::OtherId, id)),
    (Tag(0x0008, 0x0080), |name| {
        Fact::Number(Label::Employer, name)
    }),
    (Tag(0x0008, 0x0081), Fact::Address),
];
