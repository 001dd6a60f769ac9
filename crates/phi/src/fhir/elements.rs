//! What the names of elements say, looked up once for each name.

use formats::fhir::Member;

use super::rules;

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

/// The names met so far.
#[derive(Default)]
pub(crate) struct Elements(Vec<Option<(Box<str>, Traits)>>);

impl std::fmt::Debug for Elements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Elements").finish_non_exhaustive()
    }
}

impl Elements {
    /// What the name of a member says.
    pub(super) fn of(&mut self, member: &Member<'_>) -> Traits {
        if member.is_escaped {
            return UNKNOWN;
        }
        if self.0.is_empty() {
            self.0.resize(PLACES, None);
        }
        let place = self.0.get_mut(member.hash as usize % PLACES);
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
