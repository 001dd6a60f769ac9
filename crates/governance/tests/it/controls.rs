use std::{collections::BTreeSet, path::Path};

use cloister_governance::{Coverage, Mode, catalogue, controls, referenced_tests};

#[test]
fn every_control_answers_a_requirement_and_only_one_does() {
    let mut seen = BTreeSet::new();
    for control in controls() {
        assert!(
            catalogue().get(control.requirement).is_ok(),
            "{}",
            control.requirement
        );
        assert!(seen.insert(control.requirement), "{}", control.requirement);
    }
}

#[test]
fn no_control_speaks_for_people() {
    for control in controls() {
        let mode = catalogue().get(control.requirement).unwrap().mode;
        assert_ne!(mode, Mode::Attested, "{}", control.requirement);
    }
}

#[test]
fn every_control_asks_for_evidence_and_a_partial_one_says_what_is_missing() {
    for control in controls() {
        let kinds: BTreeSet<_> = control.evidence.iter().collect();
        assert!(!kinds.is_empty(), "{}", control.requirement);
        assert_eq!(
            kinds.len(),
            control.evidence.len(),
            "{}",
            control.requirement
        );
        assert!(!control.satisfied_by.is_empty());
        assert!(control.coverage == Coverage::Full || !control.limits.is_empty());
    }
}

#[test]
fn an_enforced_requirement_names_the_test_that_tries_the_forbidden_act() {
    for control in controls() {
        let enforced = catalogue().get(control.requirement).unwrap().mode == Mode::Enforced;
        let full = control.coverage == Coverage::Full;
        assert!(
            !(enforced && full && control.tests.is_empty()),
            "{}",
            control.requirement
        );
    }
}

/// Tests named in rooms exist; those of `journeys` are checked there, through `referenced_tests`.
#[test]
fn the_tests_that_controls_name_exist() {
    let missing: Vec<_> = referenced_tests()
        .into_iter()
        .filter(|name| {
            let (room, test) = name.split_once("::").unwrap();
            room != "journeys" && !is_defined(&Path::new("..").join(room), test)
        })
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sources of the other rooms are read"
)]
fn is_defined(folder: &Path, test: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return is_defined(&path, test);
        }
        path.extension().is_some_and(|end| end == "rs")
            && std::fs::read_to_string(&path)
                .is_ok_and(|text| text.contains(&format!("fn {test}(")))
    })
}
