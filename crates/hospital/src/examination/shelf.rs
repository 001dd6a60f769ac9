use std::collections::BTreeMap;

use crate::draw::Draw;

/// Templates and phrases of one half of a family.
///
/// `=== name` starts a group. In files of one-line templates every line is a template of its group;
/// in files of notes (`@@@ notes` on the first line) the whole block is one template. `--- name`
/// starts a pool of phrases, one a line.
#[derive(Debug)]
pub(super) struct Shelf {
    templates: Vec<(&'static str, Vec<&'static str>)>,
    pools: BTreeMap<&'static str, Vec<&'static str>>,
}

pub(super) static EMPTY: Shelf = Shelf {
    templates: Vec::new(),
    pools: BTreeMap::new(),
};

impl Shelf {
    pub(super) fn read(source: &'static str) -> Self {
        let (is_notes, source) = match source.strip_prefix("@@@ notes\n") {
            Some(rest) => (true, rest),
            None => (false, source),
        };
        let mut shelf = Self {
            templates: Vec::new(),
            pools: BTreeMap::new(),
        };
        let (groups, pools) = source.split_once("\n--- ").unwrap_or((source, ""));
        for block in groups
            .split("=== ")
            .filter(|block| !block.trim().is_empty())
        {
            let (name, body) = block.split_once('\n').unwrap_or((block, ""));
            let templates = if is_notes { vec![body] } else { lines(body) };
            shelf.templates.push((name.trim(), templates));
        }
        for block in pools.split("\n--- ").filter(|block| !block.is_empty()) {
            let (name, body) = block.split_once('\n').unwrap_or((block, ""));
            shelf.pools.insert(name.trim(), lines(body));
        }
        shelf
    }

    /// The groups in turn, so that each has its share; a template of the group by chance.
    pub(super) fn template(&self, draw: &mut Draw, number: usize) -> (&'static str, &'static str) {
        let at = number.checked_rem(self.templates.len()).unwrap_or(0);
        match self.templates.get(at) {
            Some((name, templates)) if !templates.is_empty() => (name, draw.pick(templates)),
            _ => ("none", ""),
        }
    }

    pub(super) fn pool(&self, name: &str) -> &[&'static str] {
        self.pools.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every template and phrase.
    #[cfg(test)]
    pub(super) fn everything(&self) -> impl Iterator<Item = &'static str> {
        let templates = self.templates.iter().flat_map(|(_, lines)| lines);
        templates.chain(self.pools.values().flatten()).copied()
    }
}

fn lines(body: &'static str) -> Vec<&'static str> {
    body.lines()
        .filter(|line| !line.trim().is_empty())
        .collect()
}
