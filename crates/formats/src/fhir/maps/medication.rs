use domain::Identifier::{Date, Other};

use crate::fhir::map::{Column, Map, concept, date, link, name, place, text};

pub(super) const MEDICATION_REQUEST: Map = Map {
    resource: "MedicationRequest",
    table: "medication_request",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("status", &["status"]),
            text("intent", &["intent"]),
            text("category", &["category[first].coding[first].code"]),
        ],
        concept!(
            "code",
            "code_system",
            "display",
            "code_text",
            "medicationCodeableConcept"
        ),
        &[
            link("medication_id", &["medicationReference.reference"]),
            text("medication_text", &["medicationReference.display"]),
            date("authored_on", &["authoredOn"]),
            link("requester_id", &["requester.reference"]),
            name("requester_name", &["requester.display"]),
        ],
        DOSAGE,
        &[
            text("quantity", &["dispenseRequest.quantity.value"]).number(),
            text("quantity_unit", &["dispenseRequest.quantity.unit"]),
            text(
                "repeats_allowed",
                &["dispenseRequest.numberOfRepeatsAllowed"],
            )
            .integer(),
            text("reason_code", &["reasonCode.coding[first].code"]),
            text("reason_display", &["reasonCode.coding[first].display"]),
            text(
                "reason_text",
                &["reasonCode.text", "reasonReference.display"],
            ),
            link("reason_id", &["reasonReference.reference"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

const DOSAGE: &[Column] = &[
    text(
        "dosage_text",
        &[
            "dosageInstruction.text",
            "dosageInstruction.patientInstruction",
        ],
    ),
    text("as_needed", &["dosageInstruction[first].asNeededBoolean"]).flag(),
    text(
        "route",
        &["dosageInstruction[first].route.coding[first].display"],
    ),
    text(
        "dose",
        &["dosageInstruction[first].doseAndRate[first].doseQuantity.value"],
    )
    .number(),
    text(
        "dose_unit",
        &["dosageInstruction[first].doseAndRate[first].doseQuantity.unit"],
    ),
    text(
        "frequency",
        &["dosageInstruction[first].timing.repeat.frequency"],
    )
    .integer(),
    text("period", &["dosageInstruction[first].timing.repeat.period"]).number(),
    text(
        "period_unit",
        &["dosageInstruction[first].timing.repeat.periodUnit"],
    ),
];

pub(super) const IMMUNIZATION: Map = Map {
    resource: "Immunization",
    table: "immunization",
    explode: None,
    groups: &[
        super::PATIENT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("status", &["status"]),
        ],
        concept!("code", "code_system", "display", "code_text", "vaccineCode"),
        &[
            date("occurrence_date", &["occurrenceDateTime"]),
            text("occurrence_text", &["occurrenceString"]),
            date("recorded_date", &["recorded"]),
            text("primary_source", &["primarySource"]).flag(),
            text("lot_number", &["lotNumber"]).is(Other),
            date("expiration_date", &["expirationDate"]),
            text("site", &["site.coding[first].display"]),
            text("route", &["route.coding[first].display"]),
            text("dose", &["doseQuantity.value"]).number(),
            text("dose_unit", &["doseQuantity.unit"]),
            link("location_id", &["location.reference"]),
            place("location_name", &["location.display"]),
            link("performer_id", &["performer.actor.reference"]),
            name("performer_name", &["performer.actor.display"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

pub(super) const ALLERGY_INTOLERANCE: Map = Map {
    resource: "AllergyIntolerance",
    table: "allergy_intolerance",
    explode: None,
    groups: &[
        super::PATIENT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("clinical_status", &["clinicalStatus.coding[first].code"]),
            text(
                "verification_status",
                &["verificationStatus.coding[first].code"],
            ),
            text("type", &["type"]),
            text("category", &["category"]),
            text("criticality", &["criticality"]),
        ],
        concept!("code", "code_system", "display", "code_text", "code"),
        &[
            date("onset_date", &["onsetDateTime", "onsetPeriod.start"]),
            text("onset_age", &["onsetAge.value"]).number().is(Date),
            date("recorded_date", &["recordedDate"]),
            date("last_occurrence", &["lastOccurrence"]),
            link("recorder_id", &["recorder.reference", "asserter.reference"]),
            name("recorder_name", &["recorder.display", "asserter.display"]),
            text(
                "reaction_code",
                &["reaction.manifestation.coding[first].code"],
            ),
            text(
                "reaction_display",
                &["reaction.manifestation.coding[first].display"],
            ),
            text("reaction_severity", &["reaction.severity"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};
