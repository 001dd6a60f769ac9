use super::people::CONTACT;
use crate::fhir::map::{Column, Map, concept, link, number, place, text};

pub(super) const ORGANIZATION: Map = Map {
    resource: "Organization",
    table: "organization",
    explode: None,
    groups: &[
        super::NOBODY,
        &[
            text("active", &["active"]).flag(),
            place("name", &["name"]),
            place("alias", &["alias"]),
            number("identifier_value", &["identifier.value"]),
            link("part_of_id", &["partOf.reference"]),
        ],
        concept!(
            "type_code",
            "type_system",
            "type_display",
            "type_text",
            "type[first]"
        ),
        CONTACT,
        &[
            place("address_line", &["address[first].line"]).joined(", "),
            place("address_city", &["address[first].city"]),
            place("address_county", &["address[first].district"]),
            text("address_state", &["address[first].state"]),
            place("address_postal_code", &["address[first].postalCode"]),
            text("address_country", &["address[first].country"]),
        ],
    ],
};

pub(super) const LOCATION: Map = Map {
    resource: "Location",
    table: "location",
    explode: None,
    groups: &[
        super::NOBODY,
        &[
            text("status", &["status"]),
            place("name", &["name"]),
            place("alias", &["alias"]),
            place("description", &["description"]),
            number("identifier_value", &["identifier.value"]),
            link("organization_id", &["managingOrganization.reference"]),
            place("organization_name", &["managingOrganization.display"]),
        ],
        concept!(
            "type_code",
            "type_system",
            "type_display",
            "type_text",
            "type[first]"
        ),
        CONTACT,
        ADDRESS,
    ],
};

const ADDRESS: &[Column] = &[
    place("address_line", &["address.line"]).joined(", "),
    place("address_city", &["address.city"]),
    place("address_county", &["address.district"]),
    text("address_state", &["address.state"]),
    place("address_postal_code", &["address.postalCode"]),
    text("address_country", &["address.country"]),
    place("latitude", &["position.latitude"]).number(),
    place("longitude", &["position.longitude"]).number(),
];
