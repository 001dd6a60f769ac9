use crate::fhir::map::{Column, Map, date, link, name, number, place, text};

pub(super) const CLAIM: Map = Map {
    resource: "Claim",
    table: "claim",
    explode: None,
    groups: &[
        super::PATIENT,
        CORE,
        &[
            text("priority", &["priority.coding[first].code"]),
            text("total", &["total.value"]).number(),
            text("currency", &["total.currency"]),
            link("prescription_id", &["prescription.reference"]),
        ],
    ],
};

pub(super) const EXPLANATION_OF_BENEFIT: Map = Map {
    resource: "ExplanationOfBenefit",
    table: "explanation_of_benefit",
    explode: None,
    groups: &[
        super::PATIENT,
        CORE,
        &[
            link("claim_id", &["claim.reference"]),
            text("outcome", &["outcome"]),
            text("disposition", &["disposition"]),
            text("total", &["total[first].amount.value"]).number(),
            text(
                "total_category",
                &["total[first].category.coding[first].code"],
            ),
            text("currency", &["total[first].amount.currency"]),
            text("payment", &["payment.amount.value"]).number(),
        ],
    ],
};

const CORE: &[Column] = &[
    number("identifier_value", &["identifier.value"]),
    text("status", &["status"]),
    text("use", &["use"]),
    text("type", &["type.coding[first].code"]),
    date("created", &["created"]),
    date("billable_start", &["billablePeriod.start"]),
    date("billable_end", &["billablePeriod.end"]),
    link("provider_id", &["provider.reference"]),
    name("provider_name", &["provider.display"]),
    link("facility_id", &["facility.reference"]),
    place("facility_name", &["facility.display"]),
    link("insurer_id", &["insurer.reference"]),
    place("insurer_name", &["insurer.display"]),
    place("coverage_name", &["insurance.coverage.display"]),
    link("encounter_id", &["item[first].encounter.reference"]),
    link("diagnosis_id", &["diagnosis.diagnosisReference.reference"]),
    text(
        "diagnosis_code",
        &["diagnosis.diagnosisCodeableConcept.coding[first].code"],
    ),
    link("procedure_id", &["procedure.procedureReference.reference"]),
    text("item_code", &["item.productOrService.coding[first].code"]),
    text(
        "item_display",
        &["item.productOrService.coding[first].display"],
    ),
];
