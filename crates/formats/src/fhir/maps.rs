//! The fixed tables, one map per resource type.

mod care;
mod claims;
mod documents;
mod medication;
mod observation;
mod people;
mod places;

use super::map::{Column, Map, Reading, name, number, patient};

/// Every map, in the order in which tables are given out.
pub(super) const MAPS: &[&Map] = &[
    &people::PATIENT,
    &care::ENCOUNTER,
    &care::CONDITION,
    &observation::OBSERVATION,
    &care::PROCEDURE,
    &medication::MEDICATION_REQUEST,
    &medication::IMMUNIZATION,
    &medication::ALLERGY_INTOLERANCE,
    &documents::DIAGNOSTIC_REPORT,
    &documents::DOCUMENT_REFERENCE,
    &care::CARE_PLAN,
    &claims::CLAIM,
    &claims::EXPLANATION_OF_BENEFIT,
    &people::PRACTITIONER,
    &places::ORGANIZATION,
    &places::LOCATION,
];

/// Of a resource whose `subject` is the patient.
const SUBJECT: &[Column] = &[
    number("resource_id", &["id"]),
    patient(&["subject.reference"]),
    name("patient_name", &["subject.display"]),
];

/// Of a resource that calls it `patient`.
const PATIENT: &[Column] = &[
    number("resource_id", &["id"]),
    patient(&["patient.reference"]),
    name("patient_name", &["patient.display"]),
];

/// Of a resource that belongs to no patient.
const NOBODY: &[Column] = &[
    number("resource_id", &["id"]),
    patient(&[]).read(Reading::Counter),
];
