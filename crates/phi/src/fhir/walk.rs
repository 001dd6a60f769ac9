//! One document, element by element.

mod ages;
mod identity;
mod people;
mod texts;

use std::borrow::Cow;

use formats::fhir::{Element, Member, Shape};

use super::{
    learn, link,
    memory::{Deed, Memory, Traits},
    rules::{self, Form},
    writer::Writer,
};
use crate::{
    dates,
    kind::Kind,
    manifest::DocumentRecord,
    plan::Action,
    transform::{self, Deidentifier, Fate, Individual},
};

/// A walk over one document; what it says of an element is whether anything of it stays.
pub(super) struct Walk<'w, 'a, 'd, 'o> {
    work: &'w mut Deidentifier<'a>,
    writer: Writer<'d, 'o>,
    memory: Memory,
    /// The type of the resource that is being walked.
    resource: Cow<'d, str>,
    /// The patient it is about.
    person: Option<Individual>,
    /// What was counted in this resource so far.
    record: DocumentRecord,
    /// Inside `Patient.contact`: the names are those of relatives.
    of_relative: bool,
    /// Elements of an unknown type: only what is coded stays.
    coded_only: bool,
    /// Where the walk is, such as `Patient.contact.name`; kept only where somebody listens.
    path: String,
}

/// The name an element stands under.
#[derive(Clone, Copy)]
struct Named<'d> {
    key: &'d str,
    traits: Traits,
}

impl<'w, 'a, 'd, 'o> Walk<'w, 'a, 'd, 'o> {
    pub(super) fn new(
        work: &'w mut Deidentifier<'a>,
        memory: Memory,
        writer: Writer<'d, 'o>,
    ) -> Self {
        Self {
            work,
            writer,
            memory,
            resource: Cow::Borrowed(""),
            person: None,
            record: DocumentRecord::default(),
            of_relative: false,
            coded_only: false,
            path: String::new(),
        }
    }

    /// Writes what is left up to the end of the document.
    pub(super) fn finish(self, end: usize) -> Memory {
        self.writer.finish(end);
        self.memory
    }

    /// A whole resource; nothing of what is none.
    pub(super) fn resource(&mut self, resource: Element<'d>) -> bool {
        let Some(name) = resource.text_of("resourceType") else {
            return self.removed('-');
        };
        let known = rules::is_known_type(&name);
        let sound = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !known && !sound {
            return self.removed('-');
        }
        let outer = (
            std::mem::replace(&mut self.resource, name),
            self.person,
            std::mem::replace(&mut self.coded_only, !known),
            std::mem::take(&mut self.record),
        );
        self.person = self.person_of(resource).or(self.person);
        let kept = self.object(resource);
        self.record.documents = 1;
        self.work.count_document(&self.resource, &self.record);
        (self.resource, self.person, self.coded_only, self.record) = outer;
        kept
    }

    /// The elements of an object that no data type claims.
    fn object(&mut self, object: Element<'d>) -> bool {
        self.members(object, |walk, member| walk.member(&member, object))
    }

    fn member(&mut self, member: &Member<'d>, parent: Element<'d>) -> bool {
        let (key, value) = (member.key, member.value);
        let traits = self.memory.of(member);
        match traits.deed {
            Deed::Remove(letter) => return self.removed(letter),
            Deed::Unknown => return self.unknown(),
            Deed::Extensions => return self.extensions(value),
            Deed::Contained => return self.list(value, Self::resource),
            Deed::Resource if value.get("resourceType").is_some() => return self.resource(value),
            Deed::Id => return self.id(value, parent),
            Deed::FullUrl => return self.reference_text(value),
            Deed::Meta => return self.meta(value),
            Deed::Request if self.resource == "Bundle" => return self.request(value),
            Deed::BundleLink if self.resource == "Bundle" => return self.removed('N'),
            Deed::Text if value.is_object() && value.get("coding").is_none() => {
                return self.removed('-');
            }
            Deed::Contact if self.resource == "Patient" => {
                self.of_relative = true;
                let kept = self.value(Named { key, traits }, value, parent);
                self.of_relative = false;
                return kept;
            }
            Deed::Uid => return self.uid(value),
            Deed::Subscriber => return self.ask(Kind::HealthPlan, value),
            Deed::TimeOfDay => return self.time_of_day(value),
            _ => {}
        }
        self.value(Named { key, traits }, value, parent)
    }

    fn value(&mut self, named: Named<'d>, value: Element<'d>, parent: Element<'d>) -> bool {
        match value.shape() {
            Shape::Null => false,
            Shape::Flag => self.kept(),
            Shape::Number => self.number(named, value),
            Shape::Text => self.text(named, value, parent),
            Shape::List => self.list(value, |walk, item| walk.value(named, item, parent)),
            Shape::Object => self.typed(named, value),
        }
    }

    fn typed(&mut self, named: Named<'d>, object: Element<'d>) -> bool {
        match rules::form(named.key, object, &mut self.memory) {
            Form::Coding => self.coding(object),
            Form::Quantity => self.quantity(named, object),
            Form::HumanName => self.human_name(object),
            Form::Address => self.address(object),
            Form::ContactPoint => self.contact_point(object),
            Form::Identifier => self.identifier(object),
            Form::Reference => self.reference(object),
            Form::Attachment => self.attachment(object),
            Form::Annotation => self.annotation(object),
            Form::Narrative => self.removed('-'),
            Form::Resource => self.resource(object),
            Form::Other => self.object(object),
        }
    }

    /// A string: a code stays, of a date stays what the plan leaves, running text is read, the
    /// rest goes.
    fn text(&mut self, named: Named<'d>, element: Element<'d>, parent: Element<'d>) -> bool {
        let traits = named.traits;
        let Some(text) = element.text().filter(|text| !text.is_empty()) else {
            return false;
        };
        if looks_dated(traits, &text) {
            return self.date(traits, element, &text);
        }
        if traits.is_code && rules::is_code(&text) {
            return self.kept();
        }
        if named.key == "name" {
            match self.resource.as_ref() {
                "Organization" | "Location" | "HealthcareService" => {
                    return self.ask(Kind::Employer, element);
                }
                "Substance" => {}
                _ if self.coded_only => {}
                _ => return self.ask(Kind::OtherName, element),
            }
        }
        if named.key == "text" && repeats_a_display(element, parent) {
            return self.kept();
        }
        if traits.is_text && !self.coded_only {
            return self.read(element, &text);
        }
        self.unknown()
    }

    /// System and code stay, and with them what the vocabulary calls it.
    fn coding(&mut self, coding: Element<'d>) -> bool {
        let of_vocabulary = coding.get("system").is_some() && coding.get("code").is_some();
        self.members(coding, |walk, member| match member.key {
            "system" | "code" | "version" | "userSelected" if is_leaf(member.value) => walk.kept(),
            "display" if of_vocabulary && member.value.is_text() => walk.kept(),
            "display" => match member.value.text() {
                Some(text) if !walk.coded_only => walk.read(member.value, &text),
                _ => walk.removed('-'),
            },
            _ => walk.member(&member, coding),
        })
    }

    /// Profiles published by HL7 stay; tags and labels may name a site.
    fn meta(&mut self, meta: Element<'d>) -> bool {
        self.members(meta, |walk, member| match member.key {
            "profile" => walk.list(member.value, |walk, profile| {
                let url = profile.text().unwrap_or_default();
                if url.starts_with("http://hl7.org/fhir/") {
                    return walk.kept();
                }
                walk.removed('N')
            }),
            "lastUpdated" => walk.removed('C'),
            "versionId" => walk.removed('R'),
            _ => walk.removed('-'),
        })
    }

    /// The method and the type of a bundle's request.
    fn request(&mut self, request: Element<'d>) -> bool {
        self.members(request, |walk, member| {
            let text = member.value.text().unwrap_or_default();
            match member.key {
                "method" if rules::is_code(&text) && !text.is_empty() => true,
                "url" => {
                    let name = text.split(['/', '?']).next().unwrap_or_default();
                    if rules::is_known_type(name) {
                        let (start, end) = (member.value.start(), member.value.end());
                        walk.writer.replace_with_text(start, end, name);
                        return true;
                    }
                    walk.removed('N')
                }
                _ => walk.removed('-'),
            }
        })
    }

    /// The extensions on the list, as codes.
    fn extensions(&mut self, extensions: Element<'d>) -> bool {
        self.list(extensions, |walk, extension| {
            let url = extension.text_of("url").unwrap_or_default();
            if rules::is_allowed_extension(&url) && walk.coded_extension(extension) {
                return walk.kept();
            }
            walk.removed('-')
        })
    }

    /// An extension with its codes and without its text.
    fn coded_extension(&mut self, extension: Element<'d>) -> bool {
        let mut is_coded = false;
        let _url = self.members(extension, |walk, member| {
            let value = member.value;
            let kept = match member.key {
                "url" => return value.is_text(),
                "valueCode" => value.text().is_some_and(|code| rules::is_code(&code)),
                "valueCoding" => walk.bare_coding(value),
                "extension" => walk.list(value, |walk, inner| {
                    let url = inner.text_of("url").unwrap_or_default();
                    rules::is_allowed_inner_extension(&url) && walk.coded_extension(inner)
                }),
                _ => false,
            };
            is_coded |= kept;
            kept
        });
        is_coded
    }

    fn bare_coding(&mut self, coding: Element<'d>) -> bool {
        let of_vocabulary = coding.get("system").is_some() && coding.get("code").is_some();
        of_vocabulary
            && self.members(coding, |_, member| {
                let known = matches!(
                    member.key,
                    "system" | "code" | "display" | "version" | "userSelected"
                );
                known && is_leaf(member.value)
            })
    }

    /// What stays of an object, member by member.
    fn members(
        &mut self,
        object: Element<'d>,
        mut walk: impl FnMut(&mut Self, Member<'d>) -> bool,
    ) -> bool {
        let mut parts = self.writer.parts();
        for member in object.members() {
            parts.before(&mut self.writer, member.start);
            let length = self.path.len();
            self.step_into(&member);
            let kept = if member.is_escaped {
                self.unknown()
            } else {
                walk(self, member)
            };
            self.path.truncate(length);
            parts.after(&mut self.writer, kept, member.value.end());
        }
        parts.any()
    }

    /// Keeps the path for those who listen for positions.
    fn step_into(&mut self, member: &Member<'d>) {
        if self.work.rewriter.ledger().is_none() {
            return;
        }
        if self.path.is_empty() {
            self.path.push_str(&self.resource);
        }
        self.path.push('.');
        // A name that no element has could be a value.
        let key = member.key;
        let is_plain = key.len() <= KEY_MAX && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.path.push_str(if is_plain { key } else { "?" });
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.step(&self.path);
        }
    }

    /// What stays of a list, item by item; nothing of what is none.
    fn list(
        &mut self,
        list: Element<'d>,
        mut walk: impl FnMut(&mut Self, Element<'d>) -> bool,
    ) -> bool {
        if list.shape() != Shape::List {
            return self.removed('-');
        }
        let mut parts = self.writer.parts();
        for item in list.items() {
            parts.before(&mut self.writer, item.start());
            let kept = walk(self, item);
            parts.after(&mut self.writer, kept, item.end());
        }
        parts.any()
    }

    /// A text that becomes what the plan says for its kind.
    fn ask(&mut self, kind: Kind, element: Element<'d>) -> bool {
        self.ask_about(kind, element, None)
    }

    fn ask_about(&mut self, kind: Kind, element: Element<'d>, person: Option<Individual>) -> bool {
        let letter = kind.category().map_or('-', domain::Identifier::letter);
        let Some(text) = element.text().filter(|text| !text.is_empty()) else {
            return self.removed(letter);
        };
        let form = match kind {
            Kind::Date | Kind::BirthDate => transform::Form::Iso,
            _ => transform::Form::Written,
        };
        let fate = self.work.value(kind, &text, form, person);
        self.record.count(kind, &fate);
        match fate {
            Fate::Kept => true,
            Fate::Replaced(new) => {
                let (start, end) = (element.start(), element.end());
                self.writer.replace_with_text(start, end, new);
                true
            }
            Fate::Removed => false,
        }
    }

    fn kept(&mut self) -> bool {
        self.record.kept += 1;
        true
    }

    /// Counts a change and tells of it.
    fn changed(&mut self, letter: char) -> bool {
        if let Some(ledger) = self.work.rewriter.ledger() {
            let transform = if letter == 'C' {
                Action::Age
            } else {
                Action::Code
            };
            ledger.note_letter(letter, transform);
        }
        self.counted(letter)
    }

    /// Counts a change that was told of where it was decided.
    fn counted(&mut self, letter: char) -> bool {
        *self.record.changed.entry(letter).or_default() += 1;
        true
    }

    fn removed(&mut self, letter: char) -> bool {
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_letter(letter, Action::Suppress);
        }
        *self.record.suppressed.entry(letter).or_default() += 1;
        false
    }

    /// What no rule knows.
    fn unknown(&mut self) -> bool {
        self.work.manifest.undecided += 1;
        self.removed('-')
    }
}

const KEY_MAX: usize = 40;

/// Dates by their form: a string that begins like an ISO date is one, whatever its name.
fn looks_dated(traits: Traits, text: &str) -> bool {
    traits.is_dated && dates::parse(text).is_some()
        || !traits.is_text && dates::is_finer_than_year(text)
}

/// Whether a concept's text says the same as one of its codings.
fn repeats_a_display(text: Element<'_>, concept: Element<'_>) -> bool {
    let codings = concept.get("coding").into_iter().flat_map(Element::items);
    codings.into_iter().any(|coding| {
        coding.get("system").is_some()
            && coding
                .get("display")
                .is_some_and(|display| display.is_text() && display.text() == text.text())
    })
}

/// Neither an object nor a list.
fn is_leaf(element: Element<'_>) -> bool {
    !matches!(element.shape(), Shape::Object | Shape::List)
}
