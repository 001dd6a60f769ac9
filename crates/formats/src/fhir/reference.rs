//! References between resources, reduced to the id of their target.

/// Where a reference points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'r> {
    /// The resource type, where the reference says it.
    pub(super) resource: Option<&'r str>,
    /// The id, or the whole query of a conditional reference.
    pub(super) id: &'r str,
}

/// Reads `Type/id`, a URL that ends so (with or without version), `urn:uuid:` and `urn:oid:`, and
/// conditional references (`Type?identifier=system|value`), whose id is the reference itself.
pub(super) fn target(reference: &str) -> Target<'_> {
    if let Some((resource, _)) = reference.split_once('?') {
        let resource = resource.rsplit('/').next();
        return Target {
            resource,
            id: reference,
        };
    }
    for scheme in ["urn:uuid:", "urn:oid:"] {
        if let Some(id) = reference.strip_prefix(scheme) {
            return Target { resource: None, id };
        }
    }
    let path = match reference.split_once("/_history/") {
        Some((path, _)) => path,
        None => reference,
    };
    let mut steps = path.rsplit('/');
    let id = steps.next().unwrap_or(path);
    Target {
        resource: steps.next().filter(|step| !step.is_empty()),
        id,
    }
}

/// Type and `system|value` of a conditional reference by identifier.
pub(super) fn conditional(reference: &str) -> Option<(&str, &str)> {
    let (resource, query) = reference.split_once('?')?;
    let token = query
        .split('&')
        .find_map(|part| part.strip_prefix("identifier="))?;
    Some((resource.rsplit('/').next()?, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_reduced_to_its_id() {
        for (reference, resource, id) in [
            ("Patient/p1", Some("Patient"), "p1"),
            ("urn:uuid:1c5a", None, "1c5a"),
            ("https://h.example/fhir/Patient/p1", Some("Patient"), "p1"),
            ("Patient/p1/_history/3", Some("Patient"), "p1"),
            ("#inside", None, "#inside"),
        ] {
            assert_eq!(target(reference), Target { resource, id });
        }
    }

    #[test]
    fn a_conditional_reference_gives_its_token() {
        let reference = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|99";
        assert_eq!(target(reference).resource, Some("Practitioner"));
        assert_eq!(
            conditional(reference),
            Some(("Practitioner", "http://hl7.org/fhir/sid/us-npi|99"))
        );
    }
}
