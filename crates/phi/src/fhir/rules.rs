//! Which elements may stay, by name and form.

use serde_json::{Map, Value};

use crate::label::Label;

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
    Other,
}

/// What an object is, by the name it stands under and the elements it has.
pub(super) fn form(key: &str, fields: &Map<String, Value>) -> Form {
    let has = |name: &str| fields.contains_key(name);
    let text = |name: &str| fields.get(name).is_some_and(Value::is_string);
    if has("div") {
        Form::Narrative
    } else if text("reference") || is_reference_by_name(key, fields) {
        Form::Reference
    } else if has("family") || has("given") || ends(key, "HumanName") || key == "name" {
        Form::HumanName
    } else if ["line", "city", "postalCode", "district"]
        .into_iter()
        .any(has)
        || key == "address"
        || ends(key, "Address")
    {
        Form::Address
    } else if key == "telecom" || ends(key, "ContactPoint") {
        Form::ContactPoint
    } else if text("contentType") || has("data") || ends(key, "ttachment") {
        Form::Attachment
    } else if fields.get("value").is_some_and(Value::is_number) || is_quantity_without_value(fields)
    {
        Form::Quantity
    } else if text("value") {
        let system = fields
            .get("system")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if CONTACT_SYSTEMS.contains(&system) {
            Form::ContactPoint
        } else {
            Form::Identifier
        }
    } else if key == "identifier" || ends(key, "Identifier") {
        Form::Identifier
    } else if text("code") {
        Form::Coding
    } else if key == "note" && text("text") {
        Form::Annotation
    } else {
        Form::Other
    }
}

/// The label of an identifier by its type (HL7 table 0203) and system.
pub(super) fn identifier_label(identifier: &Value) -> Label {
    let codes = identifier.pointer("/type/coding").and_then(Value::as_array);
    let code = codes
        .into_iter()
        .flatten()
        .find_map(|coding| coding.get("code").and_then(Value::as_str))
        .unwrap_or_default();
    let system = identifier
        .get("system")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match code {
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

fn is_reference_by_name(key: &str, fields: &Map<String, Value>) -> bool {
    let text = |name: &str| fields.get(name).is_some_and(Value::is_string);
    let bare = fields
        .keys()
        .all(|name| matches!(name.as_str(), "display" | "type" | "identifier"));
    text("display") && bare && !matches!(key, "coding" | "class" | "valueCoding")
        || ends(key, "Reference") && fields.contains_key("identifier")
}

fn is_quantity_without_value(fields: &Map<String, Value>) -> bool {
    fields.contains_key("unit") || fields.contains_key("comparator")
}

fn ends(key: &str, with: &str) -> bool {
    key.ends_with(with)
}

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
    ("telecom", 'D'),
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
    ("valueTime", 'C'),
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
