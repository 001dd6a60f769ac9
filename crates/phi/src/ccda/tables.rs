//! Words of headings over columns that hold persons, numbers or addresses.

/// Whether what a cell says may hang on its column's heading.
pub(super) fn is_telling(heading: &str) -> bool {
    let heading = heading.to_ascii_lowercase();
    let has = |words: &[&str]| {
        heading
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .any(|word| words.contains(&word))
    };
    let is_part_of_name = has(&["name", "names"]) && has(PARTS);
    heading.len() <= 60 && !heading.contains("medic") && (has(TELLING) || is_part_of_name)
}

/// Beside `name`: whose, or which part.
const PARTS: &[&str] = &[
    "first",
    "last",
    "middle",
    "given",
    "family",
    "maiden",
    "full",
    "preferred",
];
const TELLING: &[&str] = &[
    "provider",
    "providers",
    "physician",
    "physicians",
    "doctor",
    "performer",
    "author",
    "attending",
    "clinician",
    "practitioner",
    "surgeon",
    "nurse",
    "recorder",
    "informant",
    "patient",
    "guardian",
    "subscriber",
    "guarantor",
    "contact",
    "phone",
    "telephone",
    "fax",
    "email",
    "mail",
    "address",
    "birth",
    "dob",
    "born",
    "mrn",
    "ssn",
    "policy",
    "member",
    "holder",
    "surname",
];
