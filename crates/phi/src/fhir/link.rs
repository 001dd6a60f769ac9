//! References, ids and addresses of resources.

/// The id at the end of a reference: of `Patient/7`, `https://x/fhir/Patient/7/_history/2`,
/// `urn:uuid:7` and `#7` it is `7`.
pub(super) fn key(reference: &str) -> &str {
    let reference = reference.strip_prefix('#').unwrap_or(reference);
    let plain = reference.split("/_history/").next().unwrap_or(reference);
    plain.rsplit(['/', ':']).next().unwrap_or(plain)
}

/// The resource type a reference names, as `Patient` of `Patient/7`.
pub(super) fn type_named(reference: &str) -> Option<&str> {
    let plain = reference.split("/_history/").next().unwrap_or(reference);
    let name = plain.rsplit('/').nth(1)?;
    let sound = name.chars().next().is_some_and(char::is_uppercase)
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    sound.then_some(name)
}

/// The reference with another id, and without the server it came from.
pub(super) fn with_key(reference: &str, code: &str) -> String {
    if reference.starts_with('#') {
        return format!("#{code}");
    }
    if reference.starts_with("urn:") {
        return format!("urn:cloister:{code}");
    }
    let root = if reference.contains("://") {
        SERVER
    } else {
        ""
    };
    match type_named(reference) {
        Some(name) => format!("{root}{name}/{code}"),
        None => format!("{root}{code}"),
    }
}

/// Stands for every server; `.invalid` never resolves (RFC 2606).
const SERVER: &str = "https://deidentified.invalid/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_keep_their_form_and_lose_their_server() {
        for (reference, expected) in [
            ("Patient/7", "Patient/X"),
            ("Patient/7/_history/2", "Patient/X"),
            (
                "https://ehr.example.org/fhir/Patient/7",
                "https://deidentified.invalid/Patient/X",
            ),
            ("urn:uuid:7", "urn:cloister:X"),
            ("#7", "#X"),
        ] {
            assert_eq!(key(reference), "7", "{reference}");
            assert_eq!(with_key(reference, "X"), expected);
            assert_eq!(with_key(expected, key(expected)), expected, "twice is once");
        }
        assert_eq!(type_named("https://x/fhir/Patient/7"), Some("Patient"));
        assert_eq!(type_named("urn:uuid:7"), None);
    }
}
