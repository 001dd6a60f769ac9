use domain::Identifier::{
    Account, Email, Fax, HealthPlan, License, MedicalRecord, Other, Phone, SocialSecurity, Url,
};

use crate::fhir::map::{Column, Map, Reading, date, link, name, number, place, text};

pub(super) const PATIENT: Map = Map {
    resource: "Patient",
    table: "patient",
    explode: None,
    groups: &[
        &[
            number("resource_id", &["id"]),
            number("patient_id", &["id"]),
            text("active", &["active"]).flag(),
        ],
        NAME,
        &[name(
            "mothers_maiden_name",
            &[
                "extension[url=http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName].valueString",
            ],
        )],
        NUMBERS,
        CONTACT,
        ADDRESS,
        BIRTH,
        PERSON,
        RELATIVES,
    ],
};

pub(super) const PRACTITIONER: Map = Map {
    resource: "Practitioner",
    table: "practitioner",
    explode: None,
    groups: &[
        super::NOBODY,
        &[text("active", &["active"]).flag()],
        NAME,
        &[
            text(
                "npi",
                &[
                    "identifier[system=http://hl7.org/fhir/sid/us-npi].value",
                    "identifier[type.coding.code=NPI].value",
                ],
            )
            .is(License),
            text("license", &["identifier[type.coding.code=MD].value"]).is(License),
            number("identifier_value", &["identifier.value"]),
            text("gender", &["gender"]),
            date("birth_date", &["birthDate"]),
            text(
                "qualification",
                &[
                    "qualification.code.coding.display",
                    "qualification.code.text",
                ],
            ),
            text("qualification_number", &["qualification.identifier.value"]).is(License),
        ],
        CONTACT,
        ADDRESS,
    ],
};

const NAME: &[Column] = &[
    name("name_family", &["name[first].family"]),
    name("name_given", &["name[first].given"]).joined(" "),
    name("name_prefix", &["name[first].prefix"]).joined(" "),
    name("name_suffix", &["name[first].suffix"]).joined(" "),
    name("name_text", &["name[first].text"]),
    name("name_other", &["name.text", "name.given", "name.family"]).joined(" "),
];

/// By type of HL7 v2 table 0203, or by the system's name.
const NUMBERS: &[Column] = &[
    text(
        "ssn",
        &[
            "identifier[type.coding.code=SS].value",
            "identifier[system=http://hl7.org/fhir/sid/us-ssn].value",
        ],
    )
    .is(SocialSecurity),
    text("mrn", &["identifier[type.coding.code=MR].value"]).is(MedicalRecord),
    text(
        "drivers_license",
        &["identifier[type.coding.code=DL].value"],
    )
    .is(License),
    text("passport", &["identifier[type.coding.code=PPN].value"]).is(Other),
    text(
        "health_plan_number",
        &[
            "identifier[type.coding.code=MB].value",
            "identifier[type.coding.code=MC].value",
            "identifier[type.coding.code=MA].value",
            "identifier[type.coding.code=SN].value",
            "identifier[system=http://hl7.org/fhir/sid/us-mbi].value",
            "identifier[system=http://hl7.org/fhir/sid/us-medicare].value",
        ],
    )
    .is(HealthPlan),
    text("account_number", &["identifier[type.coding.code=AN].value"]).is(Account),
    number("identifier_value", &["identifier.value"]),
];

pub(super) const CONTACT: &[Column] = &[
    text(
        "phone",
        &[
            "telecom[system=phone].value",
            "telecom[system=sms].value",
            "telecom[system=pager].value",
        ],
    )
    .is(Phone),
    text("fax", &["telecom[system=fax].value"]).is(Fax),
    text("email", &["telecom[system=email].value"]).is(Email),
    text("url", &["telecom[system=url].value"]).is(Url),
    text("telecom", &["telecom.value"]).is(Phone),
];

const ADDRESS: &[Column] = &[
    place("address_line", &["address[first].line"]).joined(", "),
    place("address_city", &["address[first].city"]),
    place("address_county", &["address[first].district"]),
    text("address_state", &["address[first].state"]),
    place("address_postal_code", &["address[first].postalCode"]),
    text("address_country", &["address[first].country"]),
    place("address_text", &["address[first].text"]),
    place(
        "address_latitude",
        &[
            "address[first].extension[url=http://hl7.org/fhir/StructureDefinition/geolocation].extension[url=latitude].valueDecimal",
        ],
    )
    .number(),
    place(
        "address_longitude",
        &[
            "address[first].extension[url=http://hl7.org/fhir/StructureDefinition/geolocation].extension[url=longitude].valueDecimal",
        ],
    )
    .number(),
    place(
        "address_other",
        &[
            "address.text",
            "address.line",
            "address.city",
            "address.district",
            "address.state",
            "address.postalCode",
            "address.country",
        ],
    )
    .joined(", "),
];

const BIRTH: &[Column] = &[
    date("birth_date", &["birthDate"]),
    place(
        "birth_place",
        &[
            "extension[url=http://hl7.org/fhir/StructureDefinition/patient-birthPlace].valueAddress.text",
            "extension[url=http://hl7.org/fhir/StructureDefinition/patient-birthPlace].valueAddress.city",
            "extension[url=http://hl7.org/fhir/StructureDefinition/patient-birthPlace].valueAddress.district",
            "extension[url=http://hl7.org/fhir/StructureDefinition/patient-birthPlace].valueAddress.state",
            "extension[url=http://hl7.org/fhir/StructureDefinition/patient-birthPlace].valueAddress.country",
        ],
    )
    .joined(", "),
    text("deceased", &["deceasedBoolean", "deceasedDateTime"])
        .flag()
        .read(Reading::Present),
    date("deceased_date", &["deceasedDateTime"]),
    text("multiple_birth", &["multipleBirthBoolean", "multipleBirthInteger"])
        .flag()
        .read(Reading::Present),
    text("multiple_birth_order", &["multipleBirthInteger"]).integer(),
];

const PERSON: &[Column] = &[
    text("gender", &["gender"]),
    text(
        "birth_sex",
        &[
            "extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex].valueCode",
        ],
    ),
    text(
        "race",
        &[
            "extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-race].extension[url=text].valueString",
        ],
    ),
    text(
        "race_code",
        &[
            "extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-race].extension[url=ombCategory].valueCoding.code",
        ],
    ),
    text(
        "ethnicity",
        &[
            "extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity].extension[url=text].valueString",
        ],
    ),
    text(
        "ethnicity_code",
        &[
            "extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity].extension[url=ombCategory].valueCoding.code",
        ],
    ),
    text("marital_status", &["maritalStatus.coding[first].code"]),
    text(
        "marital_status_display",
        &["maritalStatus.coding[first].display"],
    ),
    text("language", &["communication.language.coding[first].code"]),
    text("language_text", &["communication.language.text"]),
];

const RELATIVES: &[Column] = &[
    name(
        "contact_name",
        &[
            "contact.name.text",
            "contact.name.given",
            "contact.name.family",
        ],
    )
    .joined(" "),
    text("contact_phone", &["contact.telecom.value"]).is(Phone),
    place(
        "contact_address",
        &[
            "contact.address.text",
            "contact.address.line",
            "contact.address.city",
            "contact.address.state",
            "contact.address.postalCode",
        ],
    )
    .joined(", "),
    text(
        "contact_relationship",
        &[
            "contact.relationship.coding[first].display",
            "contact.relationship.text",
        ],
    ),
    link(
        "general_practitioner_id",
        &["generalPractitioner.reference"],
    ),
    name(
        "general_practitioner_name",
        &["generalPractitioner.display"],
    ),
    link("organization_id", &["managingOrganization.reference"]),
    place("organization_name", &["managingOrganization.display"]),
];
