//! The paths of a map as a tree, walked together with a resource.

use serde_json::Value;

use super::map::Map;

/// What stands at one place of a path.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    key: &'static str,
    test: Option<Test>,
    /// The columns that take the value found here.
    pub(super) columns: Vec<usize>,
    children: Vec<Node>,
}

/// What an element must be for a node to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    First,
    Equals(&'static str, &'static str),
    Begins(&'static str, &'static str),
}

impl Node {
    /// The tree of all paths of `map`.
    pub(super) fn of(map: &Map) -> Self {
        let mut root = Self::default();
        for (index, column) in map.columns().enumerate() {
            for path in column.paths {
                root.insert(path, index);
            }
        }
        root.inherit();
        root
    }

    /// The node for the `index`th element under `key`; a node with a test comes before one without.
    pub(super) fn choose(&self, key: &str, element: &Value, index: usize) -> Option<&Self> {
        let mut plain = None;
        for child in self.children.iter().filter(|child| child.key == key) {
            match child.test {
                None => plain = Some(child),
                Some(test) if test.holds(element, index) => return Some(child),
                Some(_) => {}
            }
        }
        plain
    }

    /// The node under `key` without a test.
    pub(super) fn child(&self, key: &str) -> Option<&Self> {
        self.children
            .iter()
            .find(|child| child.key == key && child.test.is_none())
    }

    /// Whether the value under `key` served to choose this node.
    pub(super) fn chosen_by(&self, key: &str) -> bool {
        match self.test {
            Some(Test::Equals(path, _)) => path == key,
            Some(Test::Begins(..) | Test::First) | None => false,
        }
    }

    /// Lets a node with a test take what its plain sibling takes, where it says nothing itself.
    fn inherit(&mut self) {
        self.children.iter_mut().for_each(Self::inherit);
        let plain: Vec<Self> = self
            .children
            .iter()
            .filter(|child| child.test.is_none())
            .cloned()
            .collect();
        for child in self
            .children
            .iter_mut()
            .filter(|child| child.test.is_some())
        {
            if let Some(plain) = plain.iter().find(|plain| plain.key == child.key) {
                child.graft(plain);
            }
        }
    }

    fn graft(&mut self, plain: &Self) {
        for branch in &plain.children {
            let same = |child: &&mut Self| child.key == branch.key && child.test == branch.test;
            match self.children.iter_mut().find(same) {
                Some(child) => child.graft(branch),
                None => self.children.push(branch.clone()),
            }
        }
    }

    fn insert(&mut self, path: &'static str, column: usize) {
        let Some((step, rest)) = split(path) else {
            self.columns.push(column);
            return;
        };
        let (key, test) = parse(step);
        let place = self
            .children
            .iter()
            .position(|child| child.key == key && child.test == test);
        let place = place.unwrap_or_else(|| {
            self.children.push(Self {
                key,
                test,
                ..Self::default()
            });
            self.children.len() - 1
        });
        if let Some(child) = self.children.get_mut(place) {
            child.insert(rest, column);
        }
    }
}

impl Test {
    fn holds(self, element: &Value, index: usize) -> bool {
        match self {
            Self::First => index == 0,
            Self::Equals(path, wanted) => any(element, path, &|text| text == wanted),
            Self::Begins(path, wanted) => any(element, path, &|text| text.starts_with(wanted)),
        }
    }
}

/// Whether some text under `path` passes `test`.
fn any(value: &Value, path: &str, test: &dyn Fn(&str) -> bool) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| any(item, path, test));
    }
    match path.split_once('.') {
        _ if path.is_empty() => value.as_str().is_some_and(test),
        Some((key, rest)) => value.get(key).is_some_and(|inner| any(inner, rest, test)),
        None => value.get(path).is_some_and(|inner| any(inner, "", test)),
    }
}

/// The first step of a path and the rest; points inside brackets do not count.
fn split(path: &'static str) -> Option<(&'static str, &'static str)> {
    if path.is_empty() {
        return None;
    }
    let mut depth = 0_u32;
    let end = path.bytes().position(|byte| {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b'.' && depth == 0
    });
    match end {
        Some(end) => Some((path.get(..end)?, path.get(end + 1..)?)),
        None => Some((path, "")),
    }
}

fn parse(step: &'static str) -> (&'static str, Option<Test>) {
    let Some((key, test)) = step.strip_suffix(']').and_then(|step| step.split_once('[')) else {
        return (step, None);
    };
    let test = match (test.split_once("^="), test.split_once('=')) {
        (Some((path, wanted)), _) => Test::Begins(path, wanted),
        (None, Some((path, wanted))) => Test::Equals(path, wanted),
        (None, None) => Test::First,
    };
    (key, Some(test))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_step_with_a_url_stays_whole() {
        assert_eq!(
            split("extension[url=http://a.b/c].valueCode"),
            Some(("extension[url=http://a.b/c]", "valueCode"))
        );
        assert_eq!(
            parse("identifier[type.coding.code=SS]"),
            ("identifier", Some(Test::Equals("type.coding.code", "SS")))
        );
    }

    #[test]
    fn a_test_looks_through_arrays() {
        let element = json!({"type": {"coding": [{"code": "X"}, {"code": "SS"}]}});
        assert!(Test::Equals("type.coding.code", "SS").holds(&element, 3));
        assert!(!Test::Equals("type.coding.code", "MR").holds(&element, 3));
    }
}
