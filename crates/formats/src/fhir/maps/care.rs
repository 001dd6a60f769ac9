use domain::Identifier::Date;

use crate::fhir::map::{Column, Map, concept, date, link, name, number, place, text};

pub(super) const ENCOUNTER: Map = Map {
    resource: "Encounter",
    table: "encounter",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            number("identifier_value", &["identifier.value"]),
            text("status", &["status"]),
            text("class", &["class.code"]),
        ],
        concept!("code", "code_system", "display", "code_text", "type[first]"),
        &[
            text("priority", &["priority.coding[first].code"]),
            date("start", &["period.start"]),
            date("end", &["period.end"]),
            text("length", &["length.value"]).number(),
            text("length_unit", &["length.unit"]),
        ],
        REASON,
        &[
            link("diagnosis_id", &["diagnosis.condition.reference"]),
            text(
                "admit_source",
                &["hospitalization.admitSource.coding[first].code"],
            ),
            text(
                "discharge_disposition",
                &["hospitalization.dischargeDisposition.coding[first].code"],
            ),
            link("practitioner_id", &["participant.individual.reference"]),
            name("practitioner_name", &["participant.individual.display"]),
            link("location_id", &["location.location.reference"]),
            place("location_name", &["location.location.display"]),
            link("organization_id", &["serviceProvider.reference"]),
            place("organization_name", &["serviceProvider.display"]),
            link("part_of_id", &["partOf.reference"]),
        ],
    ],
};

pub(super) const CONDITION: Map = Map {
    resource: "Condition",
    table: "condition",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("clinical_status", &["clinicalStatus.coding[first].code"]),
            text(
                "verification_status",
                &["verificationStatus.coding[first].code"],
            ),
            text("category", &["category[first].coding[first].code"]),
            text("severity", &["severity.coding[first].display"]),
        ],
        concept!("code", "code_system", "display", "code_text", "code"),
        &[
            text(
                "body_site",
                &["bodySite.coding[first].display", "bodySite.text"],
            ),
            date("onset_date", &["onsetDateTime", "onsetPeriod.start"]),
            text("onset_age", &["onsetAge.value"]).number().is(Date),
            text("onset_text", &["onsetString"]),
            date(
                "abatement_date",
                &["abatementDateTime", "abatementPeriod.end"],
            ),
            text("abatement_age", &["abatementAge.value"])
                .number()
                .is(Date),
            text("abatement_text", &["abatementString"]),
            date("recorded_date", &["recordedDate"]),
            link("recorder_id", &["recorder.reference", "asserter.reference"]),
            name("recorder_name", &["recorder.display", "asserter.display"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

pub(super) const PROCEDURE: Map = Map {
    resource: "Procedure",
    table: "procedure",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("status", &["status"]),
            text("category", &["category.coding[first].code"]),
        ],
        concept!("code", "code_system", "display", "code_text", "code"),
        &[
            date(
                "performed_start",
                &["performedDateTime", "performedPeriod.start"],
            ),
            date("performed_end", &["performedPeriod.end"]),
            text("performed_text", &["performedString"]),
            text("performed_age", &["performedAge.value"])
                .number()
                .is(Date),
        ],
        REASON,
        &[
            text("body_site", &["bodySite.coding.display", "bodySite.text"]),
            text(
                "outcome",
                &["outcome.coding[first].display", "outcome.text"],
            ),
            link("performer_id", &["performer.actor.reference"]),
            name("performer_name", &["performer.actor.display"]),
            link("location_id", &["location.reference"]),
            place("location_name", &["location.display"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

pub(super) const CARE_PLAN: Map = Map {
    resource: "CarePlan",
    table: "care_plan",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["encounter.reference"]),
            text("status", &["status"]),
            text("intent", &["intent"]),
            text("category", &["category.coding.code"]),
            text("category_text", &["category.text"]),
            text("title", &["title"]),
            text("description", &["description"]),
            date("start", &["period.start"]),
            date("end", &["period.end"]),
            date("created", &["created"]),
            link("author_id", &["author.reference"]),
            name("author_name", &["author.display"]),
            link("condition_id", &["addresses.reference"]),
            text(
                "activity_code",
                &["activity.detail.code.coding[first].code"],
            ),
            text(
                "activity_display",
                &["activity.detail.code.coding[first].display"],
            ),
            text("activity_status", &["activity.detail.status"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

/// Why it was done: a concept, or a link with its display.
const REASON: &[Column] = &[
    text("reason_code", &["reasonCode.coding[first].code"]),
    text("reason_display", &["reasonCode.coding[first].display"]),
    text(
        "reason_text",
        &["reasonCode.text", "reasonReference.display"],
    ),
    link("reason_id", &["reasonReference.reference"]),
];
