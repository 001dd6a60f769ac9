use std::collections::BTreeMap;

use crate::draw::Draw;

use super::{
    lexicon::Lexicon,
    passage::{Mark, Passage, Scroll},
};

/// Rules of one genre. A source holds rules `= name`, each followed by its alternatives, one a line.
///
/// In an alternative `{rule}` is expanded, `{#3}` stands for three digits, `<a|b>` for one of two,
/// `\n` for a new line, and `[N ...]`, `[G ...]`, `[E ...]` mark a name, a place, an employer.
#[derive(Debug)]
pub(super) struct Grammar(BTreeMap<&'static str, Vec<&'static str>>);

impl Grammar {
    pub(super) fn read(sources: &[&'static str]) -> Self {
        let mut rules: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for source in sources {
            let mut name = "";
            for line in source.lines().filter(|line| !line.trim().is_empty()) {
                match line.strip_prefix("= ") {
                    Some(rule) => name = rule.trim(),
                    None => rules.entry(name).or_default().push(line),
                }
            }
        }
        Self(rules)
    }

    /// One text, from the rule `text`, sometimes retyped without capitals or with odd words.
    pub(super) fn write(&self, lexicon: &Lexicon, retyped: (u32, u32), draw: &mut Draw) -> Passage {
        let mut scroll = Scroll::default();
        self.rule("text", lexicon, draw, &mut scroll, 0);
        scroll.retype(lexicon, retyped, draw);
        scroll.passage()
    }

    fn rule(
        &self,
        name: &str,
        lexicon: &Lexicon,
        draw: &mut Draw,
        scroll: &mut Scroll,
        depth: u32,
    ) {
        if depth > DEEPEST {
            return;
        }
        if let Some(count) = name.strip_prefix('#').and_then(|count| count.parse().ok()) {
            scroll.push(&draw.digits(count));
        } else if let Some(lines) = self.0.get(name) {
            self.expand(draw.pick(lines), lexicon, draw, scroll, depth + 1);
        } else if let Some((word, is_made)) = lexicon.draw(name, draw) {
            scroll.push_name(&word, is_made);
        }
    }

    fn expand(
        &self,
        line: &str,
        lexicon: &Lexicon,
        draw: &mut Draw,
        scroll: &mut Scroll,
        depth: u32,
    ) {
        let mut rest = line;
        while let Some(at) = rest.find(['{', '<', '[', ']', '\\']) {
            let (plain, special) = rest.split_at(at);
            scroll.push(plain);
            rest = if let Some(body) = special.strip_prefix('{') {
                let (name, rest) = body.split_once('}').unwrap_or((body, ""));
                self.rule(name, lexicon, draw, scroll, depth);
                rest
            } else if let Some(body) = special.strip_prefix('<') {
                let (choices, rest) = body.split_once('>').unwrap_or((body, ""));
                let choices: Vec<&str> = choices.split('|').collect();
                self.expand(draw.pick(&choices), lexicon, draw, scroll, depth);
                rest
            } else if let Some(body) = special.strip_prefix("\\n") {
                scroll.push("\n");
                body
            } else if let Some(body) = special.strip_prefix(']') {
                scroll.close();
                body
            } else {
                let (mark, rest) = opening(special);
                match mark {
                    Some(mark) => scroll.open(mark),
                    None => scroll.push(special.get(..1).unwrap_or_default()),
                }
                rest
            };
        }
        scroll.push(rest);
    }

    /// Names asked for that neither a rule nor the lexicon knows.
    #[cfg(test)]
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let lines = self.0.values().flatten();
        let asked = lines.flat_map(|line| line.split('{').skip(1));
        let asked = asked.filter_map(|rest| Some(rest.split_once('}')?.0));
        asked
            .filter(|name| {
                !name.starts_with('#') && !self.0.contains_key(name) && !Lexicon::knows(name)
            })
            .collect()
    }
}

/// What `[N ` and its like open, and the rest.
fn opening(special: &str) -> (Option<Mark>, &str) {
    let marks = [
        ("[N ", Mark::Name),
        ("[G ", Mark::Place),
        ("[E ", Mark::Employer),
    ];
    let hit = marks
        .iter()
        .find_map(|(sign, mark)| Some((Some(*mark), special.strip_prefix(sign)?)));
    hit.unwrap_or((None, special.get(1..).unwrap_or_default()))
}

/// No rule of ours nests deeper; one that calls itself ends here.
const DEEPEST: u32 = 24;
