use domain::Identifier::Url;

use crate::fhir::map::{Map, Reading, concept, date, link, name, number, place, text};

pub(super) const DIAGNOSTIC_REPORT: Map = Map {
    resource: "DiagnosticReport",
    table: "diagnostic_report",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["encounter.reference"]),
            number("identifier_value", &["identifier.value"]),
            text("status", &["status"]),
            text("category", &["category[first].coding[first].code"]),
        ],
        concept!("code", "code_system", "display", "code_text", "code"),
        &[
            date(
                "effective_date",
                &["effectiveDateTime", "effectivePeriod.start"],
            ),
            date("effective_end", &["effectivePeriod.end"]),
            date("issued", &["issued"]),
            link("performer_id", &["performer.reference"]),
            name("performer_name", &["performer.display"]),
            link("result_id", &["result.reference"]),
            text("result_display", &["result.display"]),
            text("conclusion", &["conclusion"]),
            text("conclusion_code", &["conclusionCode.coding[first].code"]),
            text("content_type", &["presentedForm.contentType"]),
            text("text", &["presentedForm[contentType^=text/].data"])
                .joined("\n")
                .read(Reading::Base64),
        ],
    ],
};

pub(super) const DOCUMENT_REFERENCE: Map = Map {
    resource: "DocumentReference",
    table: "document_reference",
    explode: None,
    groups: &[
        super::SUBJECT,
        &[
            link("encounter_id", &["context.encounter.reference"]),
            number(
                "identifier_value",
                &["masterIdentifier.value", "identifier.value"],
            ),
            text("status", &["status"]),
            text("doc_status", &["docStatus"]),
            text("category", &["category[first].coding[first].code"]),
        ],
        concept!("code", "code_system", "display", "code_text", "type"),
        &[
            date("date", &["date"]),
            date("start", &["context.period.start"]),
            date("end", &["context.period.end"]),
            link("author_id", &["author.reference"]),
            name("author_name", &["author.display"]),
            name("authenticator_name", &["authenticator.display"]),
            place("custodian_name", &["custodian.display"]),
            text("description", &["description"]),
            text("title", &["content.attachment.title"]),
            text("attachment_url", &["content.attachment.url"]).is(Url),
            text("content_type", &["content.attachment.contentType"]),
            text("text", &["content.attachment[contentType^=text/].data"])
                .joined("\n")
                .read(Reading::Base64),
        ],
    ],
};
