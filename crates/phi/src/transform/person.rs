//! What the structured record knows about each person.

mod link;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use arrow_array::RecordBatch;

use crate::{
    age,
    columns::{Cells, FieldMap, NamePart},
    crosswalk::Drawn,
    dates,
    kind::Kind,
    known::{KnownPerson, KnownPersonBuilder},
    label::Label,
    rewrite::{Rewriter, Subject},
};

/// The persons of a dataset with their identifiers, for the search in their notes.
#[derive(Default)]
pub(crate) struct People {
    persons: Vec<Person>,
    /// The place of the person behind each key.
    keys: HashMap<Box<str>, Individual>,
    /// The resource type behind each FHIR id.
    types: HashMap<Box<str>, Box<str>>,
    /// The id behind each `fullUrl` that ends in something else.
    aliases: HashMap<Box<str>, Box<str>>,
    /// The person behind each code.
    codes: HashMap<Drawn, Individual>,
    /// Persons whose keys belonged to somebody else.
    kept_apart: u64,
    /// Persons of whom something new was learnt.
    fresh: Vec<Individual>,
    /// Changes whenever a key comes to mean something else.
    revision: u64,
}

/// One person of this run; cheap to hand around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Individual(u32);

#[derive(Default)]
struct Person {
    facts: BTreeSet<Fact>,
    subject: Subject,
    code: Option<Drawn>,
    /// The value of the person column of tables that leads here.
    row_key: Option<Box<str>>,
    is_fresh: bool,
}

/// One thing a record knows about a person, to be searched for in their texts. `Debug` shows no
/// value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The person's own name, in any order.
    Name(String),
    /// The name of a relative, guarantor or member of the household.
    Relative(String),
    /// A date of the person: birth, death, admission.
    Date(String),
    /// A postal address, its parts on lines of their own or after commas.
    Address(String),
    /// A phone, record number, e-mail address or any other number.
    Number(Label, String),
}

/// The persons of the rows of one batch.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// For each row the place of its person; nothing for a row without one.
    places: Vec<Option<u32>>,
    persons: Vec<RowPerson>,
}

#[derive(Debug)]
struct RowPerson {
    id: Box<str>,
    code: Drawn,
    over_89: bool,
    /// The days by which their dates move, where the plan moves dates.
    days: Option<i32>,
}

impl People {
    /// What is known about the person behind a key.
    pub(crate) fn person(&self, key: &str) -> Option<&Subject> {
        self.subject(*self.keys.get(key.trim())?)
    }

    /// The person behind a key, if it is known.
    pub(crate) fn known(&self, key: &str) -> Option<Individual> {
        self.keys.get(key.trim()).copied()
    }

    /// The first key of the person behind a key.
    pub(crate) fn id_of<'k>(&'k self, key: &'k str) -> &'k str {
        self.person(key).map_or(key, |subject| &subject.id)
    }

    /// What is known about a person.
    pub(crate) fn subject(&self, person: Individual) -> Option<&Subject> {
        Some(&self.persons.get(person.place())?.subject)
    }

    /// The person's code.
    pub(crate) fn code(&mut self, person: Individual, rewriter: &mut Rewriter<'_>) -> Drawn {
        let Some(person) = self.persons.get_mut(person.place()) else {
            return rewriter.bare_person_code("");
        };
        let id = &person.subject.id;
        *person
            .code
            .get_or_insert_with(|| rewriter.bare_person_code(id))
    }

    pub(crate) fn len(&self) -> u64 {
        self.persons
            .iter()
            .filter(|person| !person.subject.known.is_empty())
            .count() as u64
    }

    /// How many persons were kept apart from others with whom they share a key.
    pub(crate) const fn kept_apart(&self) -> u64 {
        self.kept_apart
    }

    pub(crate) fn over_89(&self) -> u64 {
        self.persons
            .iter()
            .filter(|person| person.subject.over_89)
            .count() as u64
    }

    /// Everything the records know of anybody.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.persons.iter().flat_map(|person| &person.facts)
    }

    /// Notes the type of a resource.
    pub(crate) fn name_type(&mut self, id: &str, name: &str) {
        if self.types.get(id).is_none_or(|known| **known != *name) {
            self.types.insert(id.into(), name.into());
            self.revision += 1;
        }
    }

    /// Notes that references call a resource by another id than its own.
    pub(crate) fn name_alias(&mut self, alias: &str, id: &str) {
        if self.resolved(alias) != id {
            self.aliases.insert(alias.into(), id.into());
            self.revision += 1;
        }
    }

    /// A number that is another one whenever a key has come to mean something else.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// The type of the resource with this id, if it was seen.
    pub(crate) fn type_of(&self, id: &str) -> Option<&str> {
        self.types.get(self.resolved(id)).map(AsRef::as_ref)
    }

    /// The resource's own id.
    pub(crate) fn resolved<'i>(&'i self, id: &'i str) -> &'i str {
        self.aliases.get(id).map_or(id, AsRef::as_ref)
    }

    /// Adds what one record knows about a person.
    pub(crate) fn learn_of(&mut self, individual: Individual, facts: Vec<Fact>, over_89: bool) {
        let Some(person) = self.persons.get_mut(individual.place()) else {
            return;
        };
        person.subject.over_89 |= over_89;
        let mut is_new = false;
        for fact in facts {
            if person.facts.len() < FACTS_MAX {
                is_new |= person.facts.insert(fact);
            }
        }
        if is_new && !std::mem::replace(&mut person.is_fresh, true) {
            self.fresh.push(individual);
        }
    }

    /// Makes a key that of another person: two records of one person were merged.
    pub(crate) fn merge(&mut self, key: &str, into: Individual, rewriter: &mut Rewriter<'_>) {
        let key = key.trim();
        self.revision += 1;
        let code = self.code(into, rewriter);
        rewriter.crosswalk().merge_person(key, code);
        let old = self.keys.insert(key.into(), into);
        let old = old.filter(|old| *old != into);
        if let Some(old) = old.and_then(|old| self.persons.get_mut(old.place())) {
            let (facts, over_89) = (std::mem::take(&mut old.facts), old.subject.over_89);
            self.learn_of(into, facts.into_iter().collect(), over_89);
        }
    }

    /// Makes ready for searching what was learnt since the last time.
    pub(crate) fn make_ready(&mut self) {
        for individual in std::mem::take(&mut self.fresh) {
            if let Some(person) = self.persons.get_mut(individual.place()) {
                person.is_fresh = false;
                person.subject.known = known(&person.facts);
                person.subject.words = words(&person.facts);
                person.subject.odd_words = odd_words(&person.facts);
            }
        }
    }

    pub(super) fn learn_table(
        &mut self,
        table: &str,
        batch: &RecordBatch,
        persons: Cells<'_>,
        map: &FieldMap,
        rewriter: &mut Rewriter<'_>,
    ) {
        let reference_year = rewriter.reference_year();
        let telling = telling_columns(table, batch, map);
        if telling.is_empty() {
            return;
        }
        for row in 0..batch.num_rows() {
            if let Some(person) = persons.written(row) {
                let over_89 = telling
                    .iter()
                    .any(|column| column.reveals(row, reference_year));
                let numbers = values_of(&telling, Kind::Mrn, row);
                let numbers: Vec<&str> = numbers.iter().map(AsRef::as_ref).collect();
                let birth_date = values_of(&telling, Kind::BirthDate, row).into_iter().next();
                if let Some(individual) =
                    self.of_row(&person, &numbers, birth_date.as_deref(), rewriter)
                {
                    self.learn_of(individual, facts_of(&telling, row), over_89);
                }
            }
        }
    }
}

impl Individual {
    const fn place(self) -> usize {
        self.0 as usize
    }
}

impl Fact {
    /// Whether it tells of an age over 89. A date of the record may be any date: only one that
    /// lies over 89 years back reveals.
    pub(crate) fn reveals(&self, reference_year: i32) -> bool {
        match self {
            Self::Date(date) => {
                dates::to_year(date).is_some_and(|year| age::year_reveals(year, reference_year))
            }
            _ => false,
        }
    }
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Name(_) => "Name",
            Self::Relative(_) => "Relative",
            Self::Date(_) => "Date",
            Self::Address(_) => "Address",
            Self::Number(..) => "Number",
        })
    }
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People")
            .field("persons", &self.persons.len())
            .finish_non_exhaustive()
    }
}

impl Rows {
    pub(super) fn of(
        persons: Cells<'_>,
        len: usize,
        people: &People,
        rewriter: &mut Rewriter<'_>,
    ) -> Self {
        let mut rows = Self {
            places: Vec::with_capacity(len),
            persons: Vec::new(),
        };
        let (mut known, mut buffer) = (HashMap::<Box<str>, u32>::new(), String::new());
        for row in 0..len {
            let place = persons
                .write(row, &mut buffer)
                .and_then(|id| match rows.last_place(id) {
                    Some(place) => Some(place),
                    None => rows.place(id, &mut known, people, rewriter),
                });
            rows.places.push(place);
        }
        rows
    }

    /// Rows of one person often follow each other.
    fn last_place(&self, id: &str) -> Option<u32> {
        let place = (*self.places.last()?)?;
        let last = self.persons.get(usize::try_from(place).ok()?)?;
        (last.id.as_ref() == id).then_some(place)
    }

    fn place(
        &mut self,
        id: &str,
        known: &mut HashMap<Box<str>, u32>,
        people: &People,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<u32> {
        if let Some(place) = known.get(id) {
            return Some(*place);
        }
        let place = u32::try_from(self.persons.len()).ok()?;
        known.insert(id.into(), place);
        let code = rewriter.bare_person_code(people.id_of(id));
        let moving = rewriter.handling();
        let days = moving
            .shifts_dates
            .then(|| rewriter.days_of_code(code, moving.moving));
        self.persons.push(RowPerson {
            id: id.into(),
            code,
            days,
            over_89: people.person(id).is_some_and(|subject| subject.over_89),
        });
        Some(place)
    }

    pub(super) fn are_known(&self) -> bool {
        !self.places.is_empty()
    }

    /// The code of the row's person; nothing for a row without a person.
    pub(super) fn code(&self, row: usize) -> Option<Drawn> {
        self.person(row).map(|person| person.code)
    }

    /// The days by which the dates of the row's person move.
    pub(super) fn days(&self, row: usize) -> Option<i32> {
        self.person(row)?.days
    }

    pub(super) fn is_over_89(&self, row: usize) -> bool {
        self.person(row).is_some_and(|person| person.over_89)
    }

    pub(super) fn subject<'p>(&self, row: usize, people: &'p People) -> Option<&'p Subject> {
        people.person(&self.person(row)?.id)
    }

    fn person(&self, row: usize) -> Option<&RowPerson> {
        let place = (*self.places.get(row)?)?;
        self.persons.get(usize::try_from(place).ok()?)
    }
}

/// More facts than this about one person are not searched for.
const FACTS_MAX: usize = 128;

/// A column that says something about a person.
struct Telling<'a> {
    kind: Kind,
    part: NamePart,
    cells: Cells<'a>,
}

impl Telling<'_> {
    fn reveals(&self, row: usize, reference_year: i32) -> bool {
        let Some(value) = self.cells.written(row) else {
            return false;
        };
        match self.kind {
            Kind::BirthDate => {
                dates::to_year(&value).is_some_and(|year| age::year_reveals(year, reference_year))
                    || value.trim() == age::NINETY_OR_OVER
            }
            Kind::Age => age::parse(&value).is_some_and(age::is_over_89),
            _ => false,
        }
    }
}

fn telling_columns<'a>(table: &str, batch: &'a RecordBatch, map: &FieldMap) -> Vec<Telling<'a>> {
    batch
        .schema_ref()
        .fields()
        .iter()
        .zip(batch.columns())
        .filter_map(|(field, column)| {
            let kind = map.finding(table, field.name())?.kind;
            let learnt = kind.category().is_some()
                && !matches!(
                    kind,
                    Kind::PersonId | Kind::RecordId | Kind::Employer | Kind::Url
                );
            let cells = Cells::of(column.as_ref()).filter(|_| learnt)?;
            Some(Telling {
                kind,
                part: NamePart::of(field.name()),
                cells,
            })
        })
        .collect()
}

/// The values of a row that are of a kind.
fn values_of<'a>(telling: &'a [Telling<'_>], kind: Kind, row: usize) -> Vec<Cow<'a, str>> {
    telling
        .iter()
        .filter(|column| column.kind == kind)
        .filter_map(|column| column.cells.written(row))
        .collect()
}

fn facts_of(telling: &[Telling<'_>], row: usize) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut parts = Vec::new();
    let mut places = Vec::new();
    for column in telling {
        let Some(value) = column
            .cells
            .written(row)
            .filter(|value| !value.trim().is_empty())
        else {
            continue;
        };
        let value = value.into_owned();
        match (column.kind, column.part) {
            (Kind::PersonName, NamePart::Part) => parts.push(value),
            (Kind::PersonName, _) => facts.push(Fact::Name(value)),
            (Kind::OtherName, _) => facts.push(Fact::Relative(value)),
            (Kind::BirthDate, _) if dates::is_finer_than_year(&value) => {
                facts.push(Fact::Date(value));
            }
            (Kind::BirthDate | Kind::Date | Kind::Age, _) => {}
            (Kind::Place | Kind::City | Kind::Zip, _) => places.push(value),
            (kind, _) => facts.extend(kind.label().map(|label| Fact::Number(label, value))),
        }
    }
    if !parts.is_empty() {
        facts.push(Fact::Name(parts.join(" ")));
    }
    if !places.is_empty() {
        facts.push(Fact::Address(places.join("\n")));
    }
    facts
}

fn known(facts: &BTreeSet<Fact>) -> KnownPerson {
    facts
        .iter()
        .fold(
            KnownPerson::builder(),
            |known: KnownPersonBuilder, fact| match fact {
                Fact::Name(name) => known.name(name),
                Fact::Relative(name) => known.relative_name(name),
                Fact::Date(date) => known.date(date),
                Fact::Address(address) => known.address(address),
                Fact::Number(Label::Phone, phone) => known.phone(phone),
                Fact::Number(label, number) => known.identifier(*label, number),
            },
        )
        .build()
}

/// The words of the person's own names, by which a name in a note is known to be theirs.
fn words(facts: &BTreeSet<Fact>) -> BTreeSet<String> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Name(name) => Some(name),
            _ => None,
        })
        .flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| word.chars().count() > 1)
        .map(str::to_lowercase)
        .collect()
}

/// Words with digits in the names of the person and of others; the engine takes those for codes.
fn odd_words(facts: &BTreeSet<Fact>) -> BTreeSet<String> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Name(name) | Fact::Relative(name) => Some(name),
            _ => None,
        })
        .flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| {
            word.chars().any(|letter| letter.is_ascii_digit())
                && word.chars().filter(|letter| letter.is_alphabetic()).count() > 2
        })
        .map(str::to_lowercase)
        .collect()
}
