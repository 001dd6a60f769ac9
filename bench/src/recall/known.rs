//! What the patient table knows about each person.

use std::collections::BTreeMap;

use hospital::{Hospital, Patient};
use phi::{known::KnownPerson, label::Label};

/// Every patient's known identifiers, by the patient's key.
pub fn people(hospital: &Hospital) -> BTreeMap<&str, KnownPerson> {
    let patients = hospital.patients.iter();
    patients
        .map(|patient| (patient.patient_id.as_str(), known(patient)))
        .collect()
}

fn known(patient: &Patient) -> KnownPerson {
    KnownPerson::builder()
        .name(&format!("{} {}", patient.first_name, patient.last_name))
        .relative_name(&patient.emergency_contact_name)
        .date(&patient.birth_date.to_string())
        .phone(&patient.phone)
        .phone(&patient.emergency_contact_phone)
        .address(&format!(
            "{}, {}, {} {}",
            patient.street, patient.city, patient.state, patient.zip
        ))
        .identifier(Label::Mrn, &patient.mrn)
        .identifier(Label::Ssn, &patient.ssn)
        .identifier(Label::Email, &patient.email)
        .identifier(Label::HealthPlan, &patient.health_plan_id)
        .build()
}
