//! What an element holds, by its name, its `xsi:type` and where it stands.

use formats::ccda::Element;

use crate::kind::Kind;

/// How an element is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It holds elements; text has no place in it.
    Structure,
    /// A name in its parts.
    Name,
    /// An address in its parts.
    Address,
    Telecom,
    Id,
    /// `templateId`, `typeId`.
    Template,
    Time(Kind),
    Quantity,
    /// Running text, also with markup inside.
    Text,
    /// Bytes: pictures, signatures.
    Data,
    /// A value of this kind as text.
    Of(Kind),
}

/// Whose an element is, for names inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Patient,
    Person,
    Organization,
    /// Drugs, devices, specimens: what has a name and is nobody.
    Thing,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'d> {
    /// The name of the element around it.
    pub(super) parent: &'d str,
    pub(super) owner: Owner,
    /// The rule of the element around it, for the parts of intervals.
    pub(super) rule: Rule,
    /// Numbers of identifiers here are of this kind.
    pub(super) ids: Kind,
    /// The observation around it is of an age.
    pub(super) is_age: bool,
    /// The element around it is shown by a reader: its text has a place.
    pub(super) in_picture: bool,
}

impl<'d> Context<'d> {
    pub(super) const fn top() -> Self {
        Self {
            parent: "",
            owner: Owner::Person,
            rule: Rule::Structure,
            ids: Kind::RecordId,
            is_age: false,
            in_picture: false,
        }
    }

    /// Where the elements inside `element` stand.
    pub(super) fn inside(&self, element: &Element<'d>, name: &'d str, rule: Rule) -> Self {
        let mut inner = Self {
            parent: name,
            rule,
            ..*self
        };
        inner.enter(element, name);
        inner
    }

    fn enter(&mut self, element: &Element<'d>, name: &str) {
        match name {
            "recordTarget" | "patientRole" => {
                self.owner = Owner::Patient;
                self.ids = Kind::Mrn;
            }
            "patient" if self.owner == Owner::Patient => {}
            "subject"
            | "relatedSubject"
            | "relatedEntity"
            | "guardian"
            | "assignedEntity"
            | "assignedAuthor"
            | "associatedEntity"
            | "intendedRecipient"
            | "entryRelationship"
            | "informationRecipient"
            | "subscriber"
            | "dependent" => {
                self.owner = Owner::Person;
                self.ids = Kind::RecordId;
            }
            "scopingEntity" | "place" | "location" | "healthCareFacility" | "birthplace" => {
                self.owner = Owner::Organization;
                self.ids = Kind::RecordId;
            }
            "manufacturedProduct"
            | "manufacturedMaterial"
            | "manufacturedLabeledDrug"
            | "labeledDrug"
            | "specimenPlayingEntity"
            | "specimen"
            | "specimenRole" => {
                self.owner = Owner::Thing;
            }
            "playingDevice" | "assignedAuthoringDevice" | "device" => {
                self.owner = Owner::Thing;
                self.ids = Kind::Device;
            }
            "participant" => self.take_part(element),
            "participantRole" => self.play_role(element),
            "playingEntity" => self.play(element),
            "observationMedia" | "regionOfInterest" => self.in_picture = true,
            "encompassingEncounter"
            | "observation"
            | "act"
            | "organizer"
            | "procedure"
            | "encounter"
            | "supply"
            | "substanceAdministration" => {
                self.ids = Kind::RecordId;
                self.owner = Owner::Person;
                self.is_age = is_age(element);
                self.in_picture = false;
            }
            _ if name.ends_with("Organization") => {
                self.owner = Owner::Organization;
                self.ids = Kind::RecordId;
            }
            _ if name.ends_with("Person") => {
                self.owner = Owner::Person;
                self.ids = Kind::RecordId;
            }
            _ => {}
        }
    }

    fn take_part(&mut self, element: &Element<'_>) {
        self.owner = Owner::Person;
        self.ids = match value(element, "typeCode") {
            "HLD" | "COV" => Kind::HealthPlan,
            "DEV" => Kind::Device,
            _ => Kind::RecordId,
        };
    }

    fn play_role(&mut self, element: &Element<'_>) {
        match value(element, "classCode") {
            "MANU" => {
                self.owner = Owner::Thing;
                if element.child("playingDevice").is_some() {
                    self.ids = Kind::Device;
                }
            }
            "SDLOC" | "DSDLOC" | "ISDLOC" | "SERLOC" | "LOCE" | "ASSIGNED_LOC" => {
                self.owner = Owner::Organization;
            }
            _ => {}
        }
    }

    fn play(&mut self, element: &Element<'_>) {
        match value(element, "classCode") {
            "MMAT" | "MAT" | "CHEM" | "FOOD" | "DEV" | "CONT" | "HOLD" | "MIC" | "NLIV" => {
                self.owner = Owner::Thing;
            }
            "PLC" | "ORG" | "CITY" | "COUNTY" | "STATE" | "PROVINCE" | "COUNTRY" | "PUB" => {
                self.owner = Owner::Organization;
            }
            "PSN" | "LIV" => self.owner = Owner::Person,
            _ => {}
        }
    }
}

/// The rule of an element.
pub(super) fn rule_of(element: &Element<'_>, name: &str, context: &Context<'_>) -> Rule {
    if let Some(rule) = by_type(element, name, context) {
        return rule;
    }
    match name {
        "name" | "asNamed" => match value(element, "code") {
            "" => Rule::Name,
            _ => Rule::Structure,
        },
        "addr" => Rule::Address,
        "telecom" => Rule::Telecom,
        "id" | "setId" => Rule::Id,
        "templateId" | "typeId" => Rule::Template,
        "birthTime" => Rule::Time(Kind::BirthDate),
        "effectiveTime" | "time" | "useablePeriod" | "validTime" => Rule::Time(Kind::Date),
        "width" | "period" | "frequency" | "offset" | "numerator" | "denominator" => Rule::Quantity,
        "low" | "high" | "center" | "comp" | "phase" | "translation" | "event" => within(context),
        "desc" if context.owner == Owner::Organization => Rule::Of(Kind::Employer),
        "text"
        | "title"
        | "desc"
        | "originalText"
        | "manufacturerModelName"
        | "softwareName"
        | "caption" => Rule::Text,
        "lotNumberText" | "serialNumber" | "udi" => Rule::Of(Kind::Device),
        "signatureText" | "thumbnail" | "integrityCheck" | "photo" => Rule::Data,
        "given" | "family" | "prefix" | "suffix" => Rule::Of(Kind::OtherName),
        "streetAddressLine" | "city" | "county" | "precinct" | "streetName" | "houseNumber"
        | "additionalLocator" | "unitID" | "postBox" | "censusTract" | "streetNameBase" => {
            Rule::Of(Kind::Place)
        }
        "postalCode" => Rule::Of(Kind::Zip),
        "state" | "country" => Rule::Of(Kind::State),
        "value" if context.in_picture => Rule::Data,
        "value" if value(element, "type").is_empty() => match element.attributes().count() {
            0 => Rule::Text,
            _ => within(context),
        },
        _ if name.ends_with("Time") || name.ends_with("Date") => Rule::Time(Kind::Date),
        _ if name.ends_with("Quantity") || name == "quantity" => Rule::Quantity,
        _ => Rule::Structure,
    }
}

/// The parts of an interval are what the interval is.
const fn within(context: &Context<'_>) -> Rule {
    match context.rule {
        Rule::Time(kind) => Rule::Time(kind),
        Rule::Quantity => Rule::Quantity,
        _ => Rule::Structure,
    }
}

/// By the data type, where one is said.
fn by_type(element: &Element<'_>, name: &str, context: &Context<'_>) -> Option<Rule> {
    let said = value(element, "type");
    let said = said.rsplit(':').next().filter(|said| !said.is_empty())?;
    Some(match said {
        "ST" | "ED" | "SC" if context.in_picture => Rule::Data,
        "ST" | "ED" | "SC" => Rule::Text,
        "CD" | "CE" | "CV" | "CS" | "CO" | "CR" | "BL" | "BN" => Rule::Structure,
        "PQ" | "INT" | "REAL" | "MO" => Rule::Quantity,
        "II" => Rule::Id,
        "PN" | "EN" | "ON" | "TN" => Rule::Name,
        "AD" => Rule::Address,
        "TEL" => Rule::Telecom,
        _ if said.ends_with("TS") => match name {
            "birthTime" => Rule::Time(Kind::BirthDate),
            _ => Rule::Time(Kind::Date),
        },
        _ if ["IVL_", "RTO", "GLIST", "SLIST", "SXCM_"]
            .iter()
            .any(|prefix| said.starts_with(prefix)) =>
        {
            Rule::Quantity
        }
        _ => return None,
    })
}

/// The kind of a number by who gave it out; nothing where that says nothing.
pub(super) fn kind_by_root(root: &str) -> Option<Kind> {
    Some(match root {
        "2.16.840.1.113883.4.1" => Kind::Ssn,
        "2.16.840.1.113883.4.2" => Kind::Account,
        "2.16.840.1.113883.4.6" | "2.16.840.1.113883.4.814" | "2.16.840.1.113883.4.8" => {
            Kind::License
        }
        "2.16.840.1.113883.4.572" | "2.16.840.1.113883.4.927" => Kind::HealthPlan,
        "2.16.840.1.113883.3.3719" => Kind::Device,
        _ if root.starts_with("2.16.840.1.113883.4.3.") => Kind::License,
        _ => return None,
    })
}

fn is_age(observation: &Element<'_>) -> bool {
    observation
        .child("code")
        .is_some_and(|code| AGE_CODES.contains(&value(&code, "code")))
}

/// The written value of an attribute; empty where there is none.
pub(super) fn value<'d>(element: &Element<'d>, name: &str) -> &'d str {
    element
        .attribute(name)
        .map_or("", |attribute| attribute.value)
}

/// LOINC and SNOMED CT codes of ages.
const AGE_CODES: &[&str] = &[
    "445518008",
    "397659008",
    "424144002",
    "30525-0",
    "21612-7",
    "29553-5",
    "63900-5",
    "35267-4",
];
