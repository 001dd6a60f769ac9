//! Names and words that must not stand in the tree, and pages that must.

use std::{
    fs,
    path::{Path, PathBuf},
};

const PAGES: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    ".ci/run",
];

/// What breaks the rules of naming and wording, one sentence each.
pub(super) fn check(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let missing = PAGES.iter().filter(|page| !root.join(page).exists());
    let mut broken: Vec<String> = missing.map(|page| format!("{page} is missing")).collect();
    for file in files {
        let name = file
            .strip_prefix(root)
            .unwrap_or(file)
            .display()
            .to_string();
        broken.extend(check_name(&name));
        if let Ok(text) = fs::read_to_string(file) {
            broken.extend(check_text(&name, &text));
        }
    }
    broken
}

fn check_name(name: &str) -> Option<String> {
    let stem = name.rsplit('/').next()?.strip_suffix(".rs")?;
    match stem {
        "mod" => Some(format!("{name}: a module is `foo.rs` beside `foo/`")),
        "util" | "utils" | "common" | "helper" | "helpers" | "misc" => Some(format!(
            "{name}: a room needs a name that says what is in it"
        )),
        _ => None,
    }
}

fn check_text(name: &str, text: &str) -> Vec<String> {
    let kind = Path::new(name)
        .extension()
        .and_then(|kind| kind.to_str())
        .unwrap_or_default();
    if name.starts_with("xtask/src/tidy") || name.contains("/tests/") || kind == "lock" {
        return Vec::new();
    }
    let code = kind == "rs";
    let lowered = text.to_lowercase();
    let mut broken = Vec::new();
    for claim in ["hipaa compliant", "hipaa-compliant", "hipaa certified"] {
        if lowered
            .lines()
            .any(|line| line.contains(claim) && !line.contains("never") && !line.contains("not "))
        {
            broken.push(format!(
                "{name}: says `{claim}`; we give evidence, not certificates"
            ));
        }
    }
    if code
        && ["todo!(", "unimplemented!(", "#[ignore"]
            .iter()
            .any(|stub| text.contains(stub))
    {
        broken.push(format!("{name}: holds a stub or an ignored test"));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_of_compliance_is_named() {
        assert_eq!(
            check_text("README.md", "Cloister is HIPAA compliant.").len(),
            1
        );
        assert!(check_text("README.md", "It never says that it is HIPAA compliant.").is_empty());
    }

    #[test]
    fn rooms_without_a_name_are_named() {
        assert!(check_name("crates/phi/src/utils.rs").is_some());
        assert!(check_name("crates/phi/src/zip3.rs").is_none());
    }
}
