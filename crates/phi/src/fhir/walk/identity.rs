//! Ids, references, identifiers and unique identifiers.

use formats::{dicom, fhir::Element};

use super::{Walk, learn, link, rules};
use crate::{
    kind::Kind,
    label::Label,
    plan::Action,
    transform::{Fate, Form, Individual},
};

impl<'d> Walk<'_, '_, 'd, '_> {
    /// The patient a resource is about.
    pub(super) fn person_of(&mut self, resource: Element<'d>) -> Option<Individual> {
        if self.resource == "Patient" {
            return learn::person_of_patient(self.work, resource);
        }
        ["subject", "patient", "beneficiary", "for"]
            .into_iter()
            .find_map(|key| self.person_meant(resource.get(key)?))
    }

    /// The patient a reference means: by its target, or by a medical record number that is known.
    fn person_meant(&mut self, reference: Element<'d>) -> Option<Individual> {
        let Some(target) = reference.text_of("reference") else {
            let identifier = reference.get("identifier")?;
            let is_record = rules::identifier_label(identifier) == Label::Mrn;
            let number = identifier.text_of("value").filter(|_| is_record)?;
            return self.work.people.known(&number);
        };
        let id = link::key(&target);
        if self.is_patient(id, link::type_named(&target)) {
            return self.person_with(id);
        }
        let id = self.work.people.resolved(id);
        self.work.people.known(id)
    }

    /// The person of the Patient with this id.
    fn person_with(&mut self, id: &str) -> Option<Individual> {
        if let Some(person) = self.memory.patient(id) {
            return Some(person);
        }
        let person = learn::person_of_key(self.work, id)?;
        self.memory.keep_patient(id, person);
        Some(person)
    }

    fn is_patient(&self, id: &str, name: Option<&str>) -> bool {
        name.or_else(|| self.work.people.type_of(id)) == Some("Patient")
    }

    /// The target under its new id; its display only if that names no person and no place.
    pub(super) fn reference(&mut self, reference: Element<'d>) -> bool {
        let target = reference.text_of("reference").unwrap_or_default();
        self.members(reference, |walk, member| match member.key {
            "reference" => walk.reference_text(member.value),
            "type" => match member.value.text() {
                Some(name) if rules::is_known_type(&name) => walk.kept(),
                _ => walk.removed('-'),
            },
            "display" => walk.display(member.value, &target),
            "identifier" if member.value.is_object() => walk.identifier(member.value),
            _ => walk.removed('-'),
        })
    }

    fn display(&mut self, display: Element<'d>, target: &str) -> bool {
        let known = self.work.people.type_of(link::key(target));
        let name = link::type_named(target).or(known).unwrap_or_default();
        if rules::is_clinical_target(name)
            && !self.coded_only
            && let Some(text) = display.text()
        {
            return self.read(display, &text);
        }
        if display.is_text() && self.work.action(Kind::OtherName) == Action::Keep {
            return self.kept();
        }
        self.removed('A')
    }

    /// The same place under a new id; a search in place of a target is removed.
    pub(super) fn reference_text(&mut self, element: Element<'d>) -> bool {
        let reference = element.text().unwrap_or_default();
        if let Some(new) = self.memory.reference(&reference) {
            let (start, end) = (element.start(), element.end());
            self.writer.replace_with_text(start, end, new);
            return self.counted('R');
        }
        if reference.is_empty() || reference.contains(['?', '|', ' ']) {
            return self.removed('R');
        }
        let name = link::type_named(&reference);
        let Some(code) = self.new_key(link::key(&reference), name) else {
            return self.removed('R');
        };
        let changed = link::with_key(&reference, &code);
        // Who listens for positions is told of every one.
        if changed != reference && self.work.rewriter.ledger().is_none() {
            self.memory.keep_reference(&reference, &changed);
        }
        self.write(element, &reference, &changed)
    }

    /// The id of a resource; ids of elements say nothing and are removed.
    pub(super) fn id(&mut self, element: Element<'d>, parent: Element<'d>) -> bool {
        let (Some(id), Some(name)) = (element.text(), parent.text_of("resourceType")) else {
            return self.removed('R');
        };
        match self.new_key(&id, Some(&name)) {
            Some(code) => self.write(element, &id, &code),
            None => self.removed('R'),
        }
    }

    /// The code of a resource's id: that of the person for patients; nothing where none may stay.
    fn new_key(&mut self, id: &str, name: Option<&str>) -> Option<String> {
        let (kind, person) = if self.is_patient(id, name) {
            (Kind::PersonId, self.person_with(id))
        } else {
            (Kind::RecordId, None)
        };
        let id = self.work.people.resolved(id).to_owned();
        match self.work.value(kind, &id, Form::Written, person) {
            Fate::Kept => Some(id),
            Fate::Replaced(code) => Some(code.to_owned()),
            Fate::Removed => None,
        }
    }

    /// Use and type stay, the value becomes what the plan says for its kind.
    pub(super) fn identifier(&mut self, identifier: Element<'d>) -> bool {
        let label = rules::identifier_label(identifier);
        let is_uid = identifier.text_of("system").as_deref() == Some(DICOM_UIDS);
        self.members(identifier, |walk, member| {
            let value = member.value;
            let text = || value.text().unwrap_or_default();
            match member.key {
                "use" if rules::is_code(&text()) && value.is_text() => walk.kept(),
                "type" | "period" => walk.member(&member, identifier),
                "system" if is_public(&text()) => walk.kept(),
                "value" if is_uid || text().starts_with(OID) => walk.uid(value),
                "value" => walk.ask(rules::kind_of(label), value),
                _ => walk.removed('-'),
            }
        })
    }

    /// A DICOM or other object identifier becomes the one that DICOM and C-CDA write for it.
    pub(super) fn uid(&mut self, element: Element<'d>) -> bool {
        let text = element.text().unwrap_or_default();
        let (scheme, uid) = match text.strip_prefix(OID) {
            Some(uid) => (OID, uid),
            None => ("", text.as_ref()),
        };
        let action = self.work.action(Kind::RecordId);
        if !is_uid(uid) || matches!(action, Action::Keep | Action::Suppress) {
            return self.ask(Kind::RecordId, element);
        }
        if dicom::is_standard_uid(uid) {
            return self.kept();
        }
        let new = format!("{scheme}{}", self.work.rewriter.uid(uid));
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_letter('R', Action::Code);
        }
        self.write(element, &text, &new)
    }

    /// Writes a new text for a code or key.
    fn write(&mut self, element: Element<'d>, old: &str, new: &str) -> bool {
        if new == old {
            return self.kept();
        }
        let (start, end) = (element.start(), element.end());
        self.writer.replace_with_text(start, end, new);
        self.counted('R')
    }
}

fn is_public(system: &str) -> bool {
    PUBLIC_SYSTEMS.iter().any(|start| system.starts_with(start))
}

/// Numbers with points between them (DICOM PS3.5 section 9.1).
fn is_uid(text: &str) -> bool {
    text.len() <= 64
        && text.contains('.')
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

const OID: &str = "urn:oid:";
const DICOM_UIDS: &str = "urn:dicom:uid";
const PUBLIC_SYSTEMS: &[&str] = &[
    "http://hl7.org/fhir/sid/",
    "http://terminology.hl7.org/",
    "urn:ietf:rfc:3986",
    DICOM_UIDS,
];
