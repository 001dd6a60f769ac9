use std::collections::BTreeSet;

use cloister_governance::{Duty, Mode, Origin, catalogue};
use domain::{Exit, Explain};

/// References to law outside 45 CFR parts 160 and 164: they have no row in the HIPAA table.
const OUTSIDE: [&str; 13] = [
    "21 CFR Part 820",
    "42 CFR Part 2",
    "45 CFR 102.3",
    "45 CFR 170.315(b)(11)",
    "45 CFR 170.315(b)(11) (certified health IT)",
    "45 CFR 170.315(b)(11)(iv)(B)",
    "45 CFR 170.315(b)(11)(vi)",
    "45 CFR 92.210",
    "45 CFR 92.210 (covered health programs)",
    "FD&C Act 515C",
    "NPRM 90 FR 898 (proposed)",
    "Pub. L. 116-321",
    "",
];

/// Paragraphs that say how the other standards bind, and ask for nothing by themselves.
const HOW_TO_READ: [&str; 2] = ["164.306(c)", "164.306(d)"];

#[test]
fn the_tables_have_their_rows() {
    let catalogue = catalogue();
    assert_eq!(catalogue.main().count(), 307);
    assert_eq!(catalogue.beyond().count(), 42);
    assert_eq!(catalogue.citations().len(), 149);
}

#[test]
fn modes_count_as_published() {
    let count = |mode| {
        catalogue()
            .main()
            .filter(|requirement| requirement.mode == mode)
            .count()
    };
    assert_eq!(Mode::ALL.map(count), [133, 83, 91]);
}

#[test]
fn ids_are_used_once_and_found_again() {
    let mut ids = BTreeSet::new();
    for requirement in catalogue().requirements() {
        assert!(ids.insert(requirement.id), "{}", requirement.id);
        assert_eq!(catalogue().get(requirement.id).unwrap(), requirement);
        assert_eq!(
            requirement.origin == Origin::Beyond,
            requirement.id.starts_with("x-")
        );
    }
    let unknown = catalogue().get("nonsense").unwrap_err();
    assert_eq!(unknown.code().exit(), Exit::Usage);
}

#[test]
fn the_security_rule_has_twenty_two_addressable_paragraphs() {
    let addressable = catalogue()
        .citations()
        .iter()
        .filter(|citation| citation.duty == Duty::Addressable);
    assert_eq!(addressable.clone().count(), 22);
    assert!(
        addressable
            .into_iter()
            .all(|citation| citation.paragraph.starts_with("164.3"))
    );
}

#[test]
fn every_reference_leads_to_a_paragraph_or_out_of_hipaa() {
    let mut outside = BTreeSet::new();
    for requirement in catalogue().requirements() {
        for reference in &requirement.citations {
            if catalogue().paragraphs(reference).next().is_none() {
                assert!(
                    OUTSIDE.contains(reference),
                    "{}: {reference}",
                    requirement.id
                );
                outside.insert(*reference);
            }
        }
    }
    assert_eq!(
        outside.len(),
        OUTSIDE.len() - 1,
        "an exception that nobody needs"
    );
}

#[test]
fn every_paragraph_of_the_security_rule_that_binds_is_answered() {
    for citation in catalogue().citations() {
        let security = citation.paragraph.starts_with("164.3");
        if security && citation.duty != Duty::Neither && !HOW_TO_READ.contains(&citation.paragraph)
        {
            assert!(
                catalogue().answering(citation).next().is_some(),
                "{}",
                citation.paragraph
            );
        }
    }
}

#[test]
fn areas_and_modes_divide_the_requirements() {
    let catalogue = catalogue();
    let by_area: usize = catalogue
        .areas()
        .iter()
        .map(|area| catalogue.of_area(area).count())
        .sum();
    let by_mode: usize = Mode::ALL
        .map(|mode| catalogue.of_mode(mode).count())
        .iter()
        .sum();
    assert_eq!((by_area, by_mode), (349, 349));
}
