//! What was met before: what the names of elements say, and what became of references.

use formats::fhir::Member;

use super::rules;
use crate::transform::Individual;

/// What is done with an element because of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Its value decides.
    Value,
    /// It goes, under this category.
    Remove(char),
    /// It goes, because its name is none of an element.
    Unknown,
    Extensions,
    Contained,
    Resource,
    Id,
    FullUrl,
    Meta,
    Request,
    /// It goes from a bundle.
    BundleLink,
    Text,
    Contact,
    Uid,
    Subscriber,
    TimeOfDay,
}

/// What the name of an element says.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "lists of names overlap: each is a property of its own"
)]
pub(super) struct Traits {
    pub(super) deed: Deed,
    /// One bit for each name that tells forms apart: see [`rules::form`].
    pub(super) mark: u32,
    pub(super) is_code: bool,
    pub(super) is_text: bool,
    pub(super) is_dated: bool,
    pub(super) is_age: bool,
    pub(super) is_birth: bool,
}

/// What was met so far, a few thousand things of each sort: a place that is taken by another is
/// taken over.
#[derive(Default)]
pub(crate) struct Memory {
    names: Vec<Option<(Box<str>, Traits)>>,
    references: Vec<Option<(Box<str>, Box<str>)>>,
    patient: Option<(Box<str>, Individual)>,
    revision: u64,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    /// What the name of a member says.
    pub(super) fn of(&mut self, member: &Member<'_>) -> Traits {
        if member.is_escaped {
            return UNKNOWN;
        }
        if self.names.is_empty() {
            self.names.resize(PLACES, None);
        }
        let place = self.names.get_mut(member.hash as usize % PLACES);
        match place {
            Some(Some((name, traits))) if **name == *member.key => *traits,
            Some(place) => {
                let traits = traits_of(member.key);
                if member.key.len() <= NAME_MAX {
                    *place = Some((member.key.into(), traits));
                }
                traits
            }
            None => UNKNOWN,
        }
    }
}

impl Memory {
    /// Forgets whose keys are whose where that has changed since.
    pub(super) fn keep_if_of(&mut self, revision: u64) {
        if std::mem::replace(&mut self.revision, revision) != revision {
            self.references.clear();
            self.patient = None;
        }
    }

    /// What became of a reference.
    pub(super) fn reference(&self, reference: &str) -> Option<&str> {
        let place = self.references.get(place_of(reference))?.as_ref();
        place
            .filter(|(known, _)| **known == *reference)
            .map(|(_, new)| new.as_ref())
    }

    /// Keeps what became of a reference.
    pub(super) fn keep_reference(&mut self, reference: &str, new: &str) {
        if self.references.is_empty() {
            self.references.resize(PLACES, None);
        }
        if let Some(place) = self.references.get_mut(place_of(reference)) {
            *place = Some((reference.into(), new.into()));
        }
    }

    /// The person of the patient that was asked about last.
    pub(super) fn patient(&self, id: &str) -> Option<Individual> {
        let (_, person) = self.patient.as_ref().filter(|(known, _)| **known == *id)?;
        Some(*person)
    }

    /// Keeps the person of a patient.
    pub(super) fn keep_patient(&mut self, id: &str, person: Individual) {
        self.patient = Some((id.into(), person));
    }
}

/// By its last letters, which differ.
fn place_of(reference: &str) -> usize {
    let last = reference.as_bytes().last_chunk::<8>();
    let number = last.map_or(0, |last| u64::from_le_bytes(*last));
    let hash = (number ^ reference.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(hash >> 40).unwrap_or(0) % PLACES
}

fn traits_of(key: &str) -> Traits {
    if !key.starts_with('_') && !is_sound(key) {
        return UNKNOWN;
    }
    Traits {
        deed: deed_of(key),
        mark: rules::mark(key),
        is_code: rules::is_code_element(key),
        is_text: rules::is_text_element(key),
        is_dated: rules::is_dated(key),
        is_age: key == "age" || key.ends_with("Age"),
        is_birth: key.starts_with("birth") || key.starts_with("born"),
    }
}

fn deed_of(key: &str) -> Deed {
    if key.starts_with('_') {
        return Deed::Remove('-');
    }
    match key {
        "extension" | "modifierExtension" => Deed::Extensions,
        "contained" => Deed::Contained,
        "resource" => Deed::Resource,
        "id" => Deed::Id,
        "fullUrl" => Deed::FullUrl,
        "meta" => Deed::Meta,
        "request" => Deed::Request,
        "response" | "link" => Deed::BundleLink,
        "text" => Deed::Text,
        "contact" => Deed::Contact,
        "uid" => Deed::Uid,
        "subscriberId" => Deed::Subscriber,
        "valueTime" => Deed::TimeOfDay,
        _ => rules::is_removed(key).map_or(Deed::Value, Deed::Remove),
    }
}

/// Names of elements are letters, and few digits; what else stands there may be a value.
fn is_sound(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    key.len() <= NAME_MAX
        && digits <= DIGITS_MAX
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

const UNKNOWN: Traits = Traits {
    deed: Deed::Unknown,
    mark: 0,
    is_code: false,
    is_text: false,
    is_dated: false,
    is_age: false,
    is_birth: false,
};
const PLACES: usize = 2_048;
const NAME_MAX: usize = 64;
/// `valueBase64Binary` has two.
const DIGITS_MAX: usize = 2;
