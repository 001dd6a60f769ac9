//! Links in Markdown lead somewhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every relative link of a page that leads to no file, one sentence each.
pub(super) fn check(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let pages = files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "md"));
    pages.flat_map(|page| check_page(root, page)).collect()
}

fn check_page(root: &Path, page: &Path) -> Vec<String> {
    let name = page.strip_prefix(root).unwrap_or(page).display();
    let text = fs::read_to_string(page).unwrap_or_default();
    dead(page.parent().unwrap_or(root), &text)
        .map(|target| format!("{name}: the link to `{target}` leads to no file"))
        .collect()
}

/// The targets that are not there, seen from the page's folder.
fn dead<'t>(folder: &Path, text: &'t str) -> impl Iterator<Item = &'t str> {
    let all = targets(text).into_iter();
    all.filter(|target| !folder.join(target).exists())
}

/// The relative targets of inline links and pictures, outside code, without their anchors.
fn targets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(targets_of_line(line));
        }
    }
    found
}

fn targets_of_line(line: &str) -> impl Iterator<Item = &str> {
    // Odd pieces between backticks are code.
    let prose = line.split('`').step_by(2);
    let closed = prose.flat_map(|piece| piece.split("](").skip(1));
    closed
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_pictures_are_seen_and_code_is_not() {
        let page = "See [one](a.md#top) and ![two](b/c.png \"t\"), [`three`](d.md).\n\
            `[not](this.md)` [out](https://example.org/x.md) [here](#anchor)\n\
            ```\n[nor](that.md)\n```\n[four](../e.md)\n";
        assert_eq!(targets(page), ["a.md", "b/c.png", "d.md", "../e.md"]);
    }

    #[test]
    fn a_link_to_nothing_is_named() {
        let page = "[there](Cargo.toml), [gone](no-such-page.md), [a folder](xtask/src)";
        let found: Vec<&str> = dead(&crate::command::root(), page).collect();
        assert_eq!(found, ["no-such-page.md"]);
    }
}
