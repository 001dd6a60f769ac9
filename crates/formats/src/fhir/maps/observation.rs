use domain::Identifier::Device;

use crate::fhir::map::{Column, Map, Reading, date, link, name, text};

pub(super) const OBSERVATION: Map = Map {
    resource: "Observation",
    table: "observation",
    explode: Some("component"),
    groups: &[
        super::SUBJECT,
        &[
            text("component", &[]).integer().read(Reading::Counter),
            link("encounter_id", &["encounter.reference"]),
            text("status", &["status"]),
            text("category", &["category[first].coding[first].code"]),
        ],
        CODE,
        &[
            date(
                "effective_date",
                &[
                    "effectiveDateTime",
                    "effectiveInstant",
                    "effectivePeriod.start",
                ],
            ),
            date("effective_end", &["effectivePeriod.end"]),
            date("issued", &["issued"]),
        ],
        QUANTITY,
        OTHER_VALUES,
        RANGE,
        &[
            text(
                "body_site",
                &["bodySite.coding[first].display", "bodySite.text"],
            ),
            text("method", &["method.coding[first].display", "method.text"]),
            link("specimen_id", &["specimen.reference"]),
            link("device_id", &["device.reference"]),
            text("device_name", &["device.display"]).is(Device),
            link("performer_id", &["performer.reference"]),
            name("performer_name", &["performer.display"]),
            text("note", &["note.text"]).joined("\n"),
        ],
    ],
};

const CODE: &[Column] = &[
    text(
        "code",
        &[
            "code.coding[first].code",
            "component.code.coding[first].code",
        ],
    ),
    text(
        "code_system",
        &[
            "code.coding[first].system",
            "component.code.coding[first].system",
        ],
    ),
    text(
        "display",
        &[
            "code.coding[first].display",
            "component.code.coding[first].display",
        ],
    ),
    text("code_text", &["code.text", "component.code.text"]),
];

const QUANTITY: &[Column] = &[
    text(
        "value",
        &[
            "valueQuantity.value",
            "valueInteger",
            "component.valueQuantity.value",
            "component.valueInteger",
        ],
    )
    .number(),
    text(
        "comparator",
        &[
            "valueQuantity.comparator",
            "component.valueQuantity.comparator",
        ],
    ),
    text(
        "unit",
        &["valueQuantity.unit", "component.valueQuantity.unit"],
    ),
    text(
        "unit_code",
        &["valueQuantity.code", "component.valueQuantity.code"],
    ),
    text(
        "value_low",
        &["valueRange.low.value", "component.valueRange.low.value"],
    )
    .number(),
    text(
        "value_high",
        &["valueRange.high.value", "component.valueRange.high.value"],
    )
    .number(),
    text(
        "value_numerator",
        &[
            "valueRatio.numerator.value",
            "component.valueRatio.numerator.value",
        ],
    )
    .number(),
    text(
        "value_denominator",
        &[
            "valueRatio.denominator.value",
            "component.valueRatio.denominator.value",
        ],
    )
    .number(),
];

const OTHER_VALUES: &[Column] = &[
    text(
        "value_code",
        &[
            "valueCodeableConcept.coding[first].code",
            "component.valueCodeableConcept.coding[first].code",
        ],
    ),
    text(
        "value_code_system",
        &[
            "valueCodeableConcept.coding[first].system",
            "component.valueCodeableConcept.coding[first].system",
        ],
    ),
    text(
        "value_display",
        &[
            "valueCodeableConcept.coding[first].display",
            "component.valueCodeableConcept.coding[first].display",
        ],
    ),
    text(
        "value_text",
        &[
            "valueString",
            "valueTime",
            "valueCodeableConcept.text",
            "component.valueString",
            "component.valueTime",
            "component.valueCodeableConcept.text",
        ],
    ),
    text("value_flag", &["valueBoolean", "component.valueBoolean"]).flag(),
    date(
        "value_date",
        &[
            "valueDateTime",
            "valuePeriod.start",
            "component.valueDateTime",
            "component.valuePeriod.start",
        ],
    ),
    text(
        "absent_reason",
        &[
            "dataAbsentReason.coding[first].code",
            "component.dataAbsentReason.coding[first].code",
        ],
    ),
];

const RANGE: &[Column] = &[
    text(
        "interpretation",
        &[
            "interpretation.coding[first].code",
            "component.interpretation.coding[first].code",
        ],
    ),
    text(
        "reference_low",
        &[
            "referenceRange[first].low.value",
            "component.referenceRange[first].low.value",
        ],
    )
    .number(),
    text(
        "reference_high",
        &[
            "referenceRange[first].high.value",
            "component.referenceRange[first].high.value",
        ],
    )
    .number(),
];
