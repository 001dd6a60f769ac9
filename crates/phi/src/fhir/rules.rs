//! Which elements may stay, by name and form.

use formats::fhir::{Element, Shape};

use super::memory::Memory;
use crate::{kind::Kind, label::Label};

/// What an object is, by the elements it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Coding,
    Quantity,
    HumanName,
    Address,
    ContactPoint,
    Identifier,
    Reference,
    Attachment,
    Annotation,
    Narrative,
    Resource,
    Other,
}

/// What an object is, by the name it stands under and the elements it has.
pub(super) fn form(key: &str, object: Element<'_>, memory: &mut Memory) -> Form {
    let seen = Seen::of(object, memory);
    let has = |names: u32| seen.names & names != 0;
    let text = |names: u32| seen.texts & names != 0;
    if has(DIV) {
        Form::Narrative
    } else if text(REFERENCE)
        || text(DISPLAY) && seen.is_bare && !matches!(key, "coding" | "class" | "valueCoding")
        || key.ends_with("Reference") && has(IDENTIFIER)
    {
        Form::Reference
    } else if has(FAMILY | GIVEN) || key.ends_with("HumanName") || key == "name" {
        Form::HumanName
    } else if has(ADDRESS) || key == "address" || key.ends_with("Address") {
        Form::Address
    } else if key == "telecom" || key.ends_with("ContactPoint") {
        Form::ContactPoint
    } else if text(CONTENT_TYPE) || has(DATA) || key.ends_with("ttachment") {
        Form::Attachment
    } else if seen.has_number_as_value || has(UNIT | COMPARATOR) {
        Form::Quantity
    } else if text(VALUE) {
        let system = object.text_of("system").unwrap_or_default();
        if CONTACT_SYSTEMS.contains(&system.as_ref()) {
            Form::ContactPoint
        } else {
            Form::Identifier
        }
    } else if key == "identifier" || key.ends_with("Identifier") {
        Form::Identifier
    } else if text(CODE) {
        Form::Coding
    } else if key == "note" && text(TEXT) {
        Form::Annotation
    } else if has(RESOURCE_TYPE) {
        Form::Resource
    } else {
        Form::Other
    }
}

/// The names an object has that tell forms apart.
struct Seen {
    names: u32,
    /// Those that hold a text.
    texts: u32,
    has_number_as_value: bool,
    /// No name but those of a reference without a target.
    is_bare: bool,
}

impl Seen {
    fn of(object: Element<'_>, memory: &mut Memory) -> Self {
        let mut seen = Self {
            names: 0,
            texts: 0,
            has_number_as_value: false,
            is_bare: true,
        };
        for member in object.members() {
            let mark = memory.of(&member).mark;
            seen.is_bare &= mark & (DISPLAY | TYPE | IDENTIFIER) != 0;
            if mark == 0 {
                continue;
            }
            seen.names |= mark;
            match member.value.shape() {
                Shape::Text => seen.texts |= mark,
                Shape::Number => seen.has_number_as_value |= mark == VALUE,
                _ => {}
            }
        }
        seen
    }
}

/// The bit of a name that tells forms apart; nothing for all others.
pub(super) fn mark(key: &str) -> u32 {
    match key {
        "div" => DIV,
        "reference" => REFERENCE,
        "display" => DISPLAY,
        "type" => TYPE,
        "identifier" => IDENTIFIER,
        "family" => FAMILY,
        "given" => GIVEN,
        "line" | "city" | "postalCode" | "district" => ADDRESS,
        "contentType" => CONTENT_TYPE,
        "data" => DATA,
        "unit" => UNIT,
        "comparator" => COMPARATOR,
        "value" => VALUE,
        "code" => CODE,
        "text" => TEXT,
        "resourceType" => RESOURCE_TYPE,
        _ => 0,
    }
}

const DIV: u32 = 1;
const REFERENCE: u32 = 1 << 1;
const DISPLAY: u32 = 1 << 2;
const TYPE: u32 = 1 << 3;
const IDENTIFIER: u32 = 1 << 4;
const FAMILY: u32 = 1 << 5;
const GIVEN: u32 = 1 << 6;
const ADDRESS: u32 = 1 << 7;
const CONTENT_TYPE: u32 = 1 << 8;
const DATA: u32 = 1 << 9;
const UNIT: u32 = 1 << 10;
const COMPARATOR: u32 = 1 << 11;
const VALUE: u32 = 1 << 12;
const CODE: u32 = 1 << 13;
const TEXT: u32 = 1 << 14;
const RESOURCE_TYPE: u32 = 1 << 15;

/// The label of an identifier by its type (HL7 table 0203) and system.
pub(super) fn identifier_label(identifier: Element<'_>) -> Label {
    let codings = identifier.get("type").and_then(|kind| kind.get("coding"));
    let code = codings
        .into_iter()
        .flat_map(Element::items)
        .find_map(|coding| coding.text_of("code"))
        .unwrap_or_default();
    let system = identifier.text_of("system").unwrap_or_default();
    match code.as_ref() {
        "SS" => Label::Ssn,
        "MR" | "MRT" | "PI" => Label::Mrn,
        "DL" | "PPN" | "NPI" | "DEA" | "LN" | "MD" | "RN" => Label::License,
        "MB" | "MC" | "MA" | "SN" | "PN" | "HC" => Label::HealthPlan,
        "AN" => Label::Account,
        _ if system.ends_with("us-ssn") => Label::Ssn,
        _ if system.ends_with("us-npi") => Label::License,
        _ => Label::OtherId,
    }
}

/// The kind whose action an identifier of a label follows.
pub(super) const fn kind_of(label: Label) -> Kind {
    match label {
        Label::Ssn => Kind::Ssn,
        Label::Mrn => Kind::Mrn,
        Label::License => Kind::License,
        Label::HealthPlan => Kind::HealthPlan,
        Label::Account => Kind::Account,
        _ => Kind::RecordId,
    }
}

/// The kind of a contact by its system.
pub(super) fn contact_kind(contact: Element<'_>) -> Kind {
    match contact.text_of("system").as_deref() {
        Some("email") => Kind::Email,
        Some("fax") => Kind::Fax,
        Some("url") => Kind::Url,
        _ => Kind::Phone,
    }
}

/// Elements whose name says that they hold a date.
pub(super) fn is_dated(key: &str) -> bool {
    DATED.iter().any(|end| key.ends_with(end))
}

/// Elements of FHIR type `code`, `uri` of a vocabulary, or a short word out of a fixed list.
pub(super) fn is_code_element(key: &str) -> bool {
    CODES.contains(&key)
}

/// Elements that hold running text about the patient.
pub(super) fn is_text_element(key: &str) -> bool {
    TEXTS.contains(&key)
}

/// Elements that are removed whatever they hold.
pub(super) fn is_removed(key: &str) -> Option<char> {
    REMOVED
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, letter)| *letter)
}

/// The resource types whose elements are known here.
pub(super) fn is_known_type(name: &str) -> bool {
    TYPES.contains(&name)
}

/// Targets whose display names a condition or a product, not a person or place.
pub(super) fn is_clinical_target(name: &str) -> bool {
    CLINICAL.contains(&name)
}

/// Extensions that stay, as codes.
pub(super) fn is_allowed_extension(url: &str) -> bool {
    EXTENSIONS.contains(&url)
}

/// Extensions inside those.
pub(super) fn is_allowed_inner_extension(url: &str) -> bool {
    matches!(url, "ombCategory" | "detailed")
}

/// A word of a vocabulary: no blanks to speak of, no digits in a row, short.
pub(super) fn is_code(value: &str) -> bool {
    value.len() <= 64 && !value.contains(char::is_whitespace) && !value.contains('@')
}

const DATED: &[&str] = &[
    "date",
    "Date",
    "DateTime",
    "time",
    "timestamp",
    "Instant",
    "issued",
    "start",
    "end",
    "created",
    "recorded",
    "authoredOn",
    "started",
    "sent",
    "received",
    "lastModified",
    "assertedDate",
];

const CONTACT_SYSTEMS: &[&str] = &["phone", "fax", "email", "pager", "url", "sms", "other"];

const CODES: &[&str] = &[
    "resourceType",
    "status",
    "use",
    "intent",
    "priority",
    "gender",
    "mode",
    "language",
    "kind",
    "comparator",
    "type",
    "code",
    "system",
    "unit",
    "currency",
    "contentType",
    "linkId",
    "criticality",
    "category",
    "verificationStatus",
    "clinicalStatus",
    "outcome",
    "method",
    "rank",
    "relationship",
    "statusReason",
    "severity",
    "lateralityCode",
    "modality",
    "durationUnit",
    "periodUnit",
    "when",
    "dayOfWeek",
    "daysOfWeek",
    "availability",
    "operationalStatus",
    "docStatus",
    "context",
    "quantityCode",
    "relationType",
    "valueCode",
    "valueUri",
    "targetCode",
    "doNotPerform",
    "direct",
    "action",
    "conclusionCode",
    "lifecycleStatus",
    "achievementStatus",
    "ageUnit",
    "participantStatus",
    "required",
    "sourceType",
    "subtype",
];

const TEXTS: &[&str] = &[
    "text",
    "comment",
    "conclusion",
    "description",
    "title",
    "note",
    "summary",
    "details",
    "patientInstruction",
    "additionalInstruction",
    "instruction",
    "reason",
    "valueString",
    "valueMarkdown",
    "contentString",
    "occurrenceString",
    "onsetString",
    "abatementString",
    "performedString",
    "deceasedString",
    "ageString",
    "bornString",
    "answerString",
    "display",
    "disposition",
    "clinicalHistory",
    "prognosis",
    "content",
    "destination",
    "name",
];

const REMOVED: &[(&str, char)] = &[
    ("photo", 'Q'),
    ("image", 'Q'),
    ("position", 'B'),
    ("udiCarrier", 'M'),
    ("udi", 'M'),
    ("distinctIdentifier", 'M'),
    ("serialNumber", 'M'),
    ("lotNumber", 'M'),
    ("deviceName", 'M'),
    ("signature", 'P'),
    ("url", 'N'),
    ("endpoint", 'N'),
    ("implicitRules", 'N'),
    ("source", 'N'),
    ("versionId", 'R'),
    ("alias", 'A'),
    ("network", 'O'),
    ("valueSignature", 'P'),
    ("valueUrl", 'N'),
    ("valueBase64Binary", 'R'),
    ("valueOid", 'R'),
    ("valueUuid", 'R'),
    ("address_", 'B'),
    ("preAuthRef", 'R'),
    ("link_", 'N'),
    ("hash", 'R'),
    ("availableTime", 'B'),
    ("hoursOfOperation", 'B'),
    ("data", 'R'),
];

const EXTENSIONS: &[&str] = &[
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex",
];

const CLINICAL: &[&str] = &[
    "AllergyIntolerance",
    "CarePlan",
    "Condition",
    "DiagnosticReport",
    "Goal",
    "Immunization",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "ServiceRequest",
    "Substance",
];

const TYPES: &[&str] = &[
    "Account",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BodyStructure",
    "Bundle",
    "CarePlan",
    "CareTeam",
    "ChargeItem",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "DetectedIssue",
    "Device",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "Group",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "List",
    "Location",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MolecularSequence",
    "NutritionOrder",
    "Observation",
    "Organization",
    "OrganizationAffiliation",
    "Patient",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchSubject",
    "RiskAssessment",
    "Schedule",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "Substance",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "VisionPrescription",
];
