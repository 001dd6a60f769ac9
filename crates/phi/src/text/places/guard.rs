//! Towns that stand in medical terms: `Seattle Angina Questionnaire`, `Ann Arbor stage II`.

use crate::dictionary::class::Class;

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// Whether the place that ends at `last` names a score, a criterion or a disease. After a firm cue
/// only the next words with capitals are asked.
pub(crate) fn is_eponym(page: &Page<'_>, last: usize, is_cued: bool) -> bool {
    let reach = if is_cued { 1 } else { 4 };
    for step in 1..=reach {
        let token = page.at(last + step);
        if token.gap > Gap::Space || !token.is_word() {
            return false;
        }
        let head = token.class.has(Class::HEAD) || page.is_any(token, HEADS);
        if head && !token.class.has(Class::STREET.or(Class::FACILITY)) {
            return step == 1 || !is_cued;
        }
        if token.class.has(Class::STOP) || token.kind == Kind::Lower && step > 1 {
            return false;
        }
    }
    false
}

/// The last token of a listed phrase of medicine that holds a name: `Lake Louise`, `Marcus Gunn`.
pub(crate) fn medical_phrase(page: &Page<'_>, place: usize) -> Option<usize> {
    (2..=4).rev().find_map(|words| {
        let near = (1..words).all(|step| page.at(place + step).gap <= Gap::Space);
        (near && page.phrase(place, place + words).has(Class::EPONYM)).then_some(place + words - 1)
    })
}

const HEADS: &[&str] = &[
    "definition",
    "measure",
    "chromosome",
    "compound",
    "consensus",
    "nomenclature",
    "system",
    "task",
    "card",
    "variant",
    "trait",
    "virus",
    "variants",
    "agreement",
    "declaration",
    "statement",
    "heart",
    "modification",
    "assay",
    "category",
    "belly",
    "rules",
    "rule",
    "instrument",
    "battery",
    "checklist",
    "survey",
    "cardiomyopathy",
    "cognitive",
    "quality",
    "sleep",
    "angina",
    "depression",
    "suicide",
    "prehospital",
    "bowel",
    "naming",
    "stool",
    "triage",
    "insulin",
    "study",
    "trial",
    "cohort",
    "registry",
    "calculator",
    "nomogram",
    "regimen",
    "protocol",
    "typology",
    "infirmity",
    "handicap",
    "orthosis",
    "beta",
    "fever",
    "encephalitis",
    "scientific",
    "cream",
    "blue",
    "white",
    "ounce",
];
