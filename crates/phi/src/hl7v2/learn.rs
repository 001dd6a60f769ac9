//! What a message knows about its patient.

use formats::hl7v2::{Delimiters, Message, Segment, Split};

use super::ids;
use crate::{
    kind::Kind,
    label::Label,
    transform::{Deidentifier, Fact, Individual},
};

/// What PID says about who the patient is, as it is written there.
#[derive(Default)]
pub(super) struct Identity<'m> {
    /// The first record number, else the first number of any type.
    pub(super) key: &'m str,
    pub(super) birth_date: Option<&'m str>,
    /// The first name in PID-5.
    pub(super) name: &'m str,
}

impl<'m> Identity<'m> {
    pub(super) fn of(segment: Segment<'m>, delimiters: Delimiters) -> Self {
        let mut identity = Self::default();
        let mut spare = "";
        for (number, _, field) in segment.fields(delimiters.field).take(19) {
            match number {
                3 => identity.key = key(field, delimiters),
                2 | 4 | 18 | 19 if spare.is_empty() => spare = key(field, delimiters),
                5 => identity.name = first(field, delimiters.repetition),
                7 => identity.birth_date = Some(first(field, delimiters.component)),
                _ => {}
            }
        }
        if identity.key.is_empty() {
            identity.key = spare;
        }
        identity
    }
}

/// The number that a merge gives up.
pub(super) fn merged_key(segment: Segment<'_>, delimiters: Delimiters) -> &str {
    let field = segment
        .fields(delimiters.field)
        .next()
        .map_or("", |(_, _, field)| field);
    key(field, delimiters)
}

/// Takes in everything the message says about its patients.
pub(super) fn learn(work: &mut Deidentifier<'_>, message: &Message) {
    let delimiters = message.delimiters();
    let mut person = None;
    let mut facts = Vec::new();
    // What stands before the first PID belongs to the first patient.
    for segment in message.segments() {
        if segment.id == "PID" {
            if let Some(person) = person {
                work.learn(person, std::mem::take(&mut facts));
            }
            let identity = Identity::of(segment, delimiters);
            person = work.person_known_by(&[identity.key], identity.birth_date);
        }
        if let (Some(person), "MRG") = (person, segment.id) {
            merge(work, person, merged_key(segment, delimiters));
        }
        Facts {
            facts: &mut facts,
            delimiters,
        }
        .segment(segment);
    }
    if let Some(person) = person {
        work.learn(person, facts);
    }
}

fn merge(work: &mut Deidentifier<'_>, person: Individual, old: &str) {
    if !old.is_empty() {
        work.people.merge(old, person, &mut work.rewriter);
    }
}

fn key(field: &str, delimiters: Delimiters) -> &str {
    let mut found = "";
    for (_, id) in Split::of(field, delimiters.repetition) {
        let mut parts = Split::of(id, delimiters.component).map(|(_, part)| part.trim());
        let number = parts.next().unwrap_or("");
        if number.is_empty() || number == super::walk::DELETE {
            continue;
        }
        if parts.nth(3) == Some("MR") {
            return number;
        }
        if found.is_empty() {
            found = number;
        }
    }
    found
}

fn first(text: &str, delimiter: u8) -> &str {
    Split::of(text, delimiter)
        .next()
        .map_or("", |(_, part)| part)
}

/// Gathers the facts of segments.
struct Facts<'f> {
    facts: &'f mut Vec<Fact>,
    delimiters: Delimiters,
}

impl Facts<'_> {
    fn segment(&mut self, segment: Segment<'_>) {
        let Some((_, wanted)) = TELLING.iter().find(|(id, _)| *id == segment.id) else {
            return;
        };
        for (number, _, field) in segment.fields(self.delimiters.field) {
            if let Some((_, what)) = wanted.iter().find(|(wanted, _)| *wanted == number) {
                for (_, value) in Split::of(field, self.delimiters.repetition) {
                    if !value.is_empty() && value != super::walk::DELETE {
                        self.value(*what, value);
                    }
                }
            }
        }
    }

    fn value(&mut self, what: Tells, value: &str) {
        let mut parts = Split::of(value, self.delimiters.component).map(|(_, part)| part);
        match what {
            Tells::Own => {
                let name = self.name(&mut parts);
                self.add(Fact::Name, name);
            }
            Tells::Other => {
                let name = self.name(&mut parts);
                self.add(Fact::Relative, name);
            }
            Tells::Clinician => {
                let _number = parts.next();
                let name = self.name(&mut parts);
                if name.contains(' ') {
                    self.add(Fact::Relative, name);
                }
            }
            Tells::Date => {
                let date = parts.next().and_then(|date| date.get(..8));
                self.facts
                    .extend(date.map(|date| Fact::Date(date.to_owned())));
            }
            Tells::Address => {
                let lines: Vec<String> = [0, 1, 2, 4]
                    .into_iter()
                    .filter_map(|part| Split::of(value, self.delimiters.component).nth(part))
                    .map(|(_, part)| self.plain(part))
                    .filter(|part| !part.is_empty())
                    .collect();
                self.add(Fact::Address, lines.join("\n"));
            }
            Tells::Phone => {
                let number = parts.next().unwrap_or("").to_owned();
                self.number(Label::Phone, &number);
                if let Some(mail) = parts.nth(2).filter(|mail| mail.contains('@')) {
                    let mail = mail.to_owned();
                    self.number(Label::Email, &mail);
                }
                let local: Vec<&str> = Split::of(value, self.delimiters.component)
                    .map(|(_, part)| part)
                    .skip(5)
                    .take(2)
                    .collect();
                self.number(Label::Phone, &local.concat());
            }
            Tells::Id(kind) => {
                let number = parts.next().unwrap_or("");
                let kind = ids::kind_of(parts.nth(3).unwrap_or("").trim(), kind);
                let number = first(number, self.delimiters.subcomponent.unwrap_or(0)).to_owned();
                self.number(kind.label().unwrap_or(Label::OtherId), &number);
            }
            Tells::Organization => {
                let name = self.plain(parts.next().unwrap_or(""));
                if name.len() > 5 {
                    self.facts.push(Fact::Number(Label::Employer, name));
                }
            }
        }
    }

    fn number(&mut self, label: Label, number: &str) {
        if number.trim().len() > 3 {
            self.facts
                .push(Fact::Number(label, number.trim().to_owned()));
        }
    }

    fn add(&mut self, fact: fn(String) -> Fact, text: String) {
        if !text.trim().is_empty() {
            self.facts.push(fact(text));
        }
    }

    /// Family, given and second name, in the order people write.
    fn name<'v>(&self, parts: &mut impl Iterator<Item = &'v str>) -> String {
        let family = self.plain(parts.next().unwrap_or(""));
        let mut words: Vec<String> = parts.take(2).map(|part| self.plain(part)).collect();
        words.push(family);
        words.retain(|word| !word.is_empty() && word != super::walk::DELETE);
        words.join(" ")
    }

    /// Subcomponents as words.
    fn plain(&self, part: &str) -> String {
        let words: Vec<&str> = Split::at(part, self.delimiters.subcomponent)
            .map(|(_, word)| word.trim())
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ")
    }
}

/// What a field tells about the patient.
#[derive(Clone, Copy)]
enum Tells {
    Own,
    Other,
    Clinician,
    Date,
    Address,
    Phone,
    Id(Kind),
    Organization,
}

/// The telling fields of each segment, by number.
const TELLING: &[(&str, &[(usize, Tells)])] = &[
    (
        "PID",
        &[
            (2, Tells::Id(Kind::Mrn)),
            (3, Tells::Id(Kind::Mrn)),
            (4, Tells::Id(Kind::Mrn)),
            (5, Tells::Own),
            (6, Tells::Other),
            (7, Tells::Date),
            (9, Tells::Own),
            (11, Tells::Address),
            (13, Tells::Phone),
            (14, Tells::Phone),
            (18, Tells::Id(Kind::Account)),
            (19, Tells::Id(Kind::Ssn)),
            (20, Tells::Id(Kind::License)),
            (21, Tells::Id(Kind::Mrn)),
            (29, Tells::Date),
            (40, Tells::Phone),
        ],
    ),
    (
        "NK1",
        &[
            (2, Tells::Other),
            (4, Tells::Address),
            (5, Tells::Phone),
            (6, Tells::Phone),
            (13, Tells::Organization),
            (30, Tells::Other),
            (31, Tells::Phone),
            (32, Tells::Address),
        ],
    ),
    (
        "GT1",
        &[
            (3, Tells::Other),
            (4, Tells::Other),
            (5, Tells::Address),
            (6, Tells::Phone),
            (7, Tells::Phone),
            (12, Tells::Id(Kind::Ssn)),
            (16, Tells::Organization),
            (45, Tells::Other),
        ],
    ),
    (
        "IN1",
        &[
            (16, Tells::Other),
            (19, Tells::Address),
            (36, Tells::Id(Kind::HealthPlan)),
            (49, Tells::Id(Kind::HealthPlan)),
        ],
    ),
    (
        "IN2",
        &[
            (2, Tells::Id(Kind::Ssn)),
            (6, Tells::Id(Kind::HealthPlan)),
            (8, Tells::Id(Kind::HealthPlan)),
            (61, Tells::Id(Kind::HealthPlan)),
        ],
    ),
    (
        "MRG",
        &[
            (1, Tells::Id(Kind::Mrn)),
            (3, Tells::Id(Kind::Account)),
            (7, Tells::Own),
        ],
    ),
    (
        "PV1",
        &[
            (7, Tells::Clinician),
            (8, Tells::Clinician),
            (9, Tells::Clinician),
            (17, Tells::Clinician),
            (19, Tells::Id(Kind::RecordId)),
            (39, Tells::Organization),
        ],
    ),
    (
        "OBR",
        &[
            (10, Tells::Clinician),
            (16, Tells::Clinician),
            (28, Tells::Clinician),
        ],
    ),
    (
        "ORC",
        &[
            (10, Tells::Clinician),
            (11, Tells::Clinician),
            (12, Tells::Clinician),
            (21, Tells::Organization),
        ],
    ),
    (
        "TXA",
        &[
            (5, Tells::Clinician),
            (9, Tells::Clinician),
            (10, Tells::Clinician),
        ],
    ),
];
