//! Finding events: what is asked, and an index of 65,536 events that answers without reading them.
//!
//! The index is derived from the log and can be made anew from it alone; whatever it points to is
//! read from the log and compared with the question again.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use domain::{Action, Digest, OperatorId, Timestamp};

use crate::{Event, Outcome, PersonRef, Word};

/// A question to the log; everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// About this person, alone or in one of these sets.
    pub person: Option<(PersonRef, BTreeSet<Digest>)>,
    /// By this operator.
    pub actor: Option<OperatorId>,
    /// On the object of this id: a dataset, a model, a study.
    pub object: Option<Word>,
    /// Of this kind of act.
    pub action: Option<Action>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// To this recipient.
    pub recipient: Option<Word>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl Query {
    /// Whether an event is an answer.
    pub fn matches(&self, event: &Event) -> bool {
        let person = self.person.as_ref().is_none_or(|(person, sets)| {
            event.person == Some(*person) || event.set.is_some_and(|set| sets.contains(&set))
        });
        let is = |asked: &Option<Word>, found: &Word| asked.as_ref().is_none_or(|id| id == found);
        person
            && self
                .actor
                .as_ref()
                .is_none_or(|actor| *actor == event.actor)
            && is(&self.object, &event.object.id)
            && self.action.is_none_or(|action| action == event.action)
            && self.outcome.is_none_or(|outcome| outcome == event.outcome)
            && (self.recipient.is_none() || self.recipient == event.recipient)
            && self.since.is_none_or(|since| since <= event.time)
            && self.until.is_none_or(|until| event.time < until)
    }

    /// Whether an event between these moments can be an answer.
    pub fn overlaps(&self, first: Timestamp, last: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= last) && self.until.is_none_or(|until| first < until)
    }

    /// The terms of the index: one of each group must be there.
    fn groups(&self) -> Vec<Vec<u64>> {
        let mut groups = Vec::new();
        if let Some((person, sets)) = &self.person {
            let sets = sets.iter().map(|set| term(Field::Set, &set.0));
            groups.push(sets.chain([term(Field::Person, &person.0)]).collect());
        }
        if let Some(actor) = &self.actor {
            groups.push(vec![term(Field::Actor, actor.as_str().as_bytes())]);
        }
        if let Some(object) = &self.object {
            groups.push(vec![term(Field::Object, object.as_str().as_bytes())]);
        }
        if let Some(recipient) = &self.recipient {
            groups.push(vec![term(Field::Recipient, recipient.as_str().as_bytes())]);
        }
        if let Some(action) = self.action {
            groups.push(vec![term(Field::Action, action.word().as_bytes())]);
        }
        groups
    }
}

/// What the index knows of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Person = 1,
    Set,
    Actor,
    Object,
    Recipient,
    Action,
}

/// The first eight bytes of a digest: two terms may share them, so answers are read again.
fn term(field: Field, value: &[u8]) -> u64 {
    let digest = seal::digest(&[&[field as u8], value].concat());
    u64::from_be_bytes(digest.0.first_chunk().copied().unwrap_or_default())
}

/// Collects the terms of up to 65,536 events.
///
/// Bytes: `cloister-index/1`, then the number of the first event, how many there are, the first and
/// the last time in milliseconds, how many terms (8 bytes each, little endian), 8 zeros; the terms,
/// ascending, with where their list begins and how long it is (8, 4 and 4 bytes); the lists, two
/// bytes an event.
#[derive(Clone, Debug)]
pub struct IndexBuilder {
    base: u64,
    count: u32,
    first: i64,
    last: i64,
    terms: BTreeMap<u64, Vec<u16>>,
    known: BTreeMap<(u8, Vec<u8>), u64>,
}

impl IndexBuilder {
    /// The most events of one index.
    pub const EVENTS: u32 = 1 << 16;

    /// An index whose first event has this number.
    pub const fn new(base: u64) -> Self {
        Self {
            base,
            count: 0,
            first: i64::MAX,
            last: i64::MIN,
            terms: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }

    /// Adds the next event; `false` when the index is full.
    #[must_use]
    pub fn push(&mut self, event: &Event) -> bool {
        let Ok(at) = u16::try_from(self.count) else {
            return false;
        };
        self.count += 1;
        let millis = event.time.as_millis();
        self.first = self.first.min(millis);
        self.last = self.last.max(millis);
        if let Some(person) = &event.person {
            self.add(at, term(Field::Person, &person.0));
        }
        if let Some(set) = &event.set {
            self.add_known(at, Field::Set, &set.0);
        }
        if let Some(recipient) = &event.recipient {
            self.add_known(at, Field::Recipient, recipient.as_str().as_bytes());
        }
        self.add_known(at, Field::Actor, event.actor.as_str().as_bytes());
        self.add_known(at, Field::Object, event.object.id.as_str().as_bytes());
        self.add_known(at, Field::Action, event.action.word().as_bytes());
        true
    }

    fn add_known(&mut self, at: u16, field: Field, value: &[u8]) {
        let key = (field as u8, value.to_vec());
        let term = *self.known.entry(key).or_insert_with(|| term(field, value));
        self.add(at, term);
    }

    fn add(&mut self, at: u16, term: u64) {
        self.terms.entry(term).or_default().push(at);
    }

    /// The bytes of the index.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let terms = self.terms.len() as u64;
        bytes.extend(self.base.to_le_bytes());
        bytes.extend(u64::from(self.count).to_le_bytes());
        bytes.extend(self.first.to_le_bytes());
        bytes.extend(self.last.to_le_bytes());
        bytes.extend(terms.to_le_bytes());
        bytes.extend([0; 8]);
        let mut begin = 0_u32;
        for (term, list) in &self.terms {
            let length = u32::try_from(list.len()).unwrap_or(u32::MAX);
            bytes.extend(term.to_le_bytes());
            bytes.extend(begin.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            begin = begin.saturating_add(length);
        }
        bytes.extend(
            self.terms
                .values()
                .flatten()
                .flat_map(|at| at.to_le_bytes()),
        );
        bytes
    }
}

/// Bytes that are read piece by piece: a file, or a slice.
pub trait Pages {
    /// Fills the buffer from an offset on; an end that comes too early is an error.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl Pages for [u8] {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let begin = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = begin.saturating_add(buffer.len());
        let bytes = self.get(begin..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

/// An index that is read where it lies: about twenty small reads a term.
#[derive(Debug)]
pub struct Index<'a, P: ?Sized> {
    pages: &'a P,
    base: u64,
    count: u64,
    first: Timestamp,
    last: Timestamp,
    terms: u64,
}

impl<'a, P: Pages + ?Sized> Index<'a, P> {
    /// Reads the head of an index.
    pub fn open(pages: &'a P) -> io::Result<Self> {
        let mut head = [0; HEAD];
        pages.read_at(0, &mut head)?;
        let numbers = head.strip_prefix(MAGIC).ok_or(io::ErrorKind::InvalidData)?;
        let (numbers, _) = numbers.as_chunks::<8>();
        let [base, count, first, last, terms, _] = numbers else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let count = u64::from_le_bytes(*count);
        if count > u64::from(IndexBuilder::EVENTS) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            pages,
            base: u64::from_le_bytes(*base),
            count,
            first: Timestamp::from_millis(i64::from_le_bytes(*first)),
            last: Timestamp::from_millis(i64::from_le_bytes(*last)),
            terms: u64::from_le_bytes(*terms),
        })
    }

    /// The number of its first event.
    pub const fn base(&self) -> u64 {
        self.base
    }

    /// How many events it knows.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The numbers of the events that may be answers, ascending. A question without a term of the
    /// index gets all of them.
    pub fn candidates(&self, query: &Query) -> io::Result<Vec<u64>> {
        if !query.overlaps(self.first, self.last) {
            return Ok(Vec::new());
        }
        let mut found: Option<BTreeSet<u16>> = None;
        for group in query.groups() {
            let mut any = BTreeSet::new();
            for term in group {
                any.extend(self.list(term)?);
            }
            found = Some(match found {
                None => any,
                Some(found) => found.intersection(&any).copied().collect(),
            });
        }
        let all = || (0..self.count).collect();
        let locals: Vec<u64> =
            found.map_or_else(all, |found| found.into_iter().map(u64::from).collect());
        Ok(locals
            .into_iter()
            .map(|at| self.base.saturating_add(at))
            .collect())
    }

    fn list(&self, wanted: u64) -> io::Result<Vec<u16>> {
        let (mut low, mut high) = (0, self.terms);
        while low < high {
            let middle = low + (high - low) / 2;
            let (term, begin, length) = self.term(middle)?;
            match term.cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.postings(begin, length),
            }
        }
        Ok(Vec::new())
    }

    fn term(&self, number: u64) -> io::Result<(u64, u32, u32)> {
        let (mut term, mut place) = ([0; 8], [0; 8]);
        let offset = number.saturating_mul(16).saturating_add(HEAD as u64);
        let mut bytes = [0; 16];
        self.pages.read_at(offset, &mut bytes)?;
        let (first, second) = bytes.split_at(8);
        term.copy_from_slice(first);
        place.copy_from_slice(second);
        let [a, b, c, d, length @ ..] = place;
        let begin = u32::from_le_bytes([a, b, c, d]);
        Ok((u64::from_le_bytes(term), begin, u32::from_le_bytes(length)))
    }

    fn postings(&self, begin: u32, length: u32) -> io::Result<Vec<u16>> {
        if u64::from(length) > self.count {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut bytes = vec![0; length as usize * 2];
        let lists = self.terms.saturating_mul(16).saturating_add(HEAD as u64);
        let offset = lists.saturating_add(u64::from(begin) * 2);
        self.pages.read_at(offset, &mut bytes)?;
        let (pairs, _) = bytes.as_chunks::<2>();
        Ok(pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect())
    }
}

/// Whether a person is in a set that is read where it lies. References are uniform numbers, so the
/// place of one is reckoned and little around it is read.
pub fn set_holds<P: Pages + ?Sized>(set: &P, length: u64, person: &PersonRef) -> io::Result<bool> {
    let head = crate::PersonSet::HEADER.len() as u64;
    let width = crate::PersonSet::WIDTH as u64;
    let count = length.saturating_sub(head) / width;
    let at = |number: u64| -> io::Result<PersonRef> {
        let mut bytes = [0; 16];
        set.read_at(head + number * width, &mut bytes)?;
        Ok(PersonRef(bytes))
    };
    let (mut low, mut high) = (0, count);
    let guess = ((u128::from_be_bytes(person.0) >> 64) * u128::from(count)) >> 64;
    let mut probe = u64::try_from(guess).unwrap_or(0);
    let mut step = WINDOW;
    while low < high {
        let middle = if probe < low || probe >= high {
            low + (high - low) / 2
        } else {
            probe
        };
        match at(middle)?.cmp(person) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => {
                low = middle + 1;
                probe = middle.saturating_add(step);
            }
            std::cmp::Ordering::Greater => {
                high = middle;
                probe = middle.saturating_sub(step);
            }
        }
        step = step.saturating_mul(2);
        if high - low <= WINDOW {
            return scan(set, head + low * width, high - low, person);
        }
    }
    Ok(false)
}

fn scan<P: Pages + ?Sized>(
    set: &P,
    offset: u64,
    count: u64,
    person: &PersonRef,
) -> io::Result<bool> {
    let mut bytes = vec![0; usize::try_from(count).unwrap_or(0) * crate::PersonSet::WIDTH];
    set.read_at(offset, &mut bytes)?;
    let (persons, _) = bytes.as_chunks::<16>();
    Ok(persons.contains(&person.0))
}

const MAGIC: &[u8] = b"cloister-index/1";
const HEAD: usize = 64;
/// References read at once: a page of 4 KiB.
const WINDOW: u64 = 256;

#[cfg(test)]
mod tests {
    use domain::Role;
    use proptest::prelude::*;

    use super::*;
    use crate::{Object, ObjectKind, PersonSet};

    fn event(number: u64) -> Event {
        let actors = ["ada", "ben", "cyd"];
        let mut event = Event::new(
            Timestamp::from_millis(1_000 * i64::try_from(number).unwrap()),
            OperatorId::new(actors[(number % 3) as usize]).unwrap(),
            Role::DataEngineer,
            [Action::ReadData, Action::Train][(number % 2) as usize],
            Object::new(ObjectKind::Dataset, format!("d{}", number % 5)).unwrap(),
            Outcome::Done,
        );
        if number.is_multiple_of(7) {
            event.person = Some(PersonRef([(number % 4) as u8; 16]));
        }
        if number.is_multiple_of(11) {
            event.set = Some(Digest([(number % 3) as u8; 32]));
        }
        event
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_walk_finds(
            count in 0_u64..300, person in prop::option::of(0_u8..5), set in 0_u8..4,
            actor in prop::option::of(0_usize..3), object in prop::option::of(0_u8..6),
            since in prop::option::of(0_i64..300_000), until in prop::option::of(0_i64..300_000),
        ) {
            let base = 1_000;
            let mut builder = IndexBuilder::new(base);
            let events: Vec<Event> = (0..count).map(event).collect();
            for event in &events {
                prop_assert!(builder.push(event));
            }
            let bytes = builder.encode();
            let index = Index::open(bytes.as_slice()).unwrap();
            let query = Query {
                person: person.map(|person| {
                    (PersonRef([person; 16]), BTreeSet::from([Digest([set; 32])]))
                }),
                actor: actor.map(|at| OperatorId::new(["ada", "ben", "cyd"][at]).unwrap()),
                object: object.map(|at| Word::new(format!("d{at}")).unwrap()),
                since: since.map(Timestamp::from_millis),
                until: until.map(Timestamp::from_millis),
                ..Query::default()
            };
            let walk: Vec<u64> = (base..).zip(&events)
                .filter(|(_, event)| query.matches(event)).map(|(at, _)| at).collect();
            let mut found = index.candidates(&query).unwrap();
            found.retain(|at| query.matches(&events[usize::try_from(at - base).unwrap()]));
            prop_assert_eq!(found, walk);
        }

        #[test]
        fn a_damaged_index_never_panics(bytes: Vec<u8>, cut: usize) {
            let mut whole = IndexBuilder::new(0);
            (0..20).for_each(|at| assert!(whole.push(&event(at))));
            let mut damaged = whole.encode();
            damaged.truncate(cut % damaged.len());
            damaged.extend(bytes);
            let query = Query { actor: Some(OperatorId::new("ada").unwrap()), ..Query::default() };
            if let Ok(index) = Index::open(damaged.as_slice()) {
                drop(index.candidates(&query));
            }
        }

        #[test]
        fn a_set_on_disk_holds_who_is_in_it(seeds: Vec<u64>, other: u64) {
            let person = |seed: u64| {
                let digest = seal::digest(&seed.to_le_bytes());
                PersonRef(digest.0[..16].try_into().unwrap())
            };
            let set = PersonSet::of(seeds.iter().copied().map(person));
            let bytes = set.encode();
            let holds = |seed| {
                set_holds(bytes.as_slice(), bytes.len() as u64, &person(seed)).unwrap()
            };
            prop_assert!(seeds.iter().all(|seed| holds(*seed)));
            prop_assert_eq!(holds(other), seeds.contains(&other));
        }
    }

    #[test]
    fn a_large_set_is_searched_with_few_reads() {
        let persons = (0..100_000_u64).map(|seed| {
            PersonRef(
                seal::digest(&seed.to_le_bytes()).0[..16]
                    .try_into()
                    .unwrap(),
            )
        });
        let persons: Vec<PersonRef> = persons.collect();
        let bytes = PersonSet::of(persons.iter().copied()).encode();
        let length = bytes.len() as u64;
        for person in persons.iter().step_by(997) {
            assert!(set_holds(bytes.as_slice(), length, person).unwrap());
        }
        let stranger = PersonRef([0x55; 16]);
        assert!(!set_holds(bytes.as_slice(), length, &stranger).unwrap());
    }
}
