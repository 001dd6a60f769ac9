//! FHIR R4 resources without their identifiers.
//!
//! A document is walked once, element by element, and everything is denied that no rule allows:
//!
//! | what | becomes |
//! |---|---|
//! | codes, codings, quantities, numbers, truth values | stay, bit for bit |
//! | date, dateTime, instant, Period | the year; nothing where the year reveals an age over 89 |
//! | HumanName | one random code: the patient's own is the person's surrogate |
//! | Address | state, country and ZIP3 |
//! | ContactPoint, Narrative, photo, position, Signature, UDI | removed |
//! | Identifier | type, use and a random code |
//! | Reference, `id`, `fullUrl` | a random code, the same everywhere; display only of clinical targets |
//! | Attachment | plain text through the text engine; all other content removed |
//! | Annotation and other running text | through the text engine |
//! | Extension, `modifierExtension`, `_` siblings | removed, except US Core race, ethnicity and birth sex, as codes |
//! | an unknown resource type | its coded elements only |
//! | any other string | removed, and counted as known to no rule |
//!
//! Dates and instants that were reduced to a year are valid FHIR `date` and `dateTime`, but too
//! short for `instant`. URNs become `urn:cloister:…`, addresses of servers
//! `https://deidentified.invalid/…`, so that references within a bundle still resolve.
//!
//! Source: 45 CFR 164.514(b)(2); HL7 FHIR R4 (4.0.1), data types and resource index.

mod learn;
mod link;
mod rules;
mod walk;

use serde_json::Value;

pub(crate) use learn::learn;

use crate::transform::{DeidError, Deidentifier};

/// The document without its identifiers.
pub(crate) fn deidentify(
    work: &mut Deidentifier<'_>,
    document: &Value,
) -> Result<Value, DeidError> {
    if document
        .get("resourceType")
        .and_then(Value::as_str)
        .is_none()
    {
        return Err(DeidError::NotAResource);
    }
    check_depth(document, LEVELS_MAX)?;
    if document.get("entry").is_some() {
        learn::learn_bundle(&mut work.people, document, work.rewriter.reference_year());
    }
    Ok(walk::Walk::new(work)
        .resource(document)
        .unwrap_or(Value::Null))
}

/// More levels than any resource has, and few enough to walk without care for the stack.
const LEVELS_MAX: usize = 64;

fn check_depth(value: &Value, levels: usize) -> Result<(), DeidError> {
    let Some(levels) = levels.checked_sub(1) else {
        return Err(DeidError::TooDeep {
            levels_max: LEVELS_MAX,
        });
    };
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_depth(item, levels)),
        Value::Object(fields) => fields
            .values()
            .try_for_each(|item| check_depth(item, levels)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
