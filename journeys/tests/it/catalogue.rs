//! The catalogue names tests; each of them must exist.

use std::fs;

use crate::{house::files_below, program::root};

#[test]
fn every_journey_a_control_names_exists() {
    let source: String = files_below(&root().join("journeys/tests"))
        .iter()
        .map(|path| fs::read_to_string(path).expect("a source file"))
        .collect();
    let named: Vec<&str> = governance::referenced_tests()
        .into_iter()
        .filter_map(|name| name.strip_prefix("journeys::"))
        .collect();
    assert!(!named.is_empty());
    for name in named {
        let declared = format!("#[test]\nfn {name}()");
        assert!(
            source.contains(&declared),
            "a control names `journeys::{name}`, which is no test"
        );
    }
}
