use super::Half;
use crate::draw::Draw;

/// Names, places and forms of the cultures of `data/examination/cultures.txt`.
#[derive(Debug)]
pub(super) struct Atlas(Vec<Culture>);

/// What is usual in one culture. Words with an underscore in the file hold a blank.
#[derive(Debug, Default)]
pub(super) struct Culture {
    female: Vec<String>,
    male: Vec<String>,
    surnames: Vec<String>,
    towns: Vec<String>,
    streets: Vec<String>,
    onsets: Vec<String>,
    nuclei: Vec<String>,
    links: Vec<String>,
    endings: Vec<String>,
    /// `[...]` is an identifier, `#` a digit, `{s}` a street, `{t}` a town.
    pub(super) addresses: Vec<String>,
    pub(super) phones: Vec<String>,
}

impl Atlas {
    pub(super) fn read() -> Self {
        let blocks = include_str!("../../data/examination/cultures.txt").split("=== ");
        Self(blocks.skip(1).map(Culture::read).collect())
    }

    /// The first culture is that of the hospital.
    pub(super) fn home(&self) -> &Culture {
        self.0.first().unwrap_or(&NOWHERE)
    }

    pub(super) fn any(&self, draw: &mut Draw) -> &Culture {
        if self.0.is_empty() {
            &NOWHERE
        } else {
            draw.one_of(&self.0)
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Culture {
    fn read(block: &str) -> Self {
        let mut culture = Self::default();
        for line in block.lines() {
            let (key, rest) = line.split_once(": ").unwrap_or((line, ""));
            let words = || {
                let words = rest.split_whitespace();
                words.map(|word| word.replace('_', " ")).collect()
            };
            match key {
                "f" => culture.female = words(),
                "m" => culture.male = words(),
                "s" => culture.surnames = words(),
                "town" => culture.towns = list(rest, ';'),
                "street" => culture.streets = list(rest, ';'),
                "syl" => culture.syllables(rest),
                "addr" => culture.addresses.push(rest.to_owned()),
                "phone" => culture.phones.push(rest.to_owned()),
                _ => {}
            }
        }
        culture
    }

    fn syllables(&mut self, rest: &str) {
        let mut parts = rest.split('|').map(|part| list(part, ','));
        self.onsets = parts.next().unwrap_or_default();
        self.nuclei = parts.next().unwrap_or_default();
        self.links = parts.next().unwrap_or_default();
        self.endings = parts.next().unwrap_or_default();
    }

    pub(super) fn given(&self, draw: &mut Draw, half: Half, female: bool) -> String {
        let names = if female { &self.female } else { &self.male };
        of_half(draw, half, names)
    }

    pub(super) fn surname(&self, draw: &mut Draw, half: Half) -> String {
        of_half(draw, half, &self.surnames)
    }

    pub(super) fn town(&self, draw: &mut Draw, half: Half) -> String {
        of_half(draw, half, &self.towns)
    }

    pub(super) fn street(&self, draw: &mut Draw, half: Half) -> String {
        of_half(draw, half, &self.streets)
    }

    /// A word made of the culture's syllables, with a capital.
    pub(super) fn invented(&self, draw: &mut Draw) -> String {
        let mut part = |parts: &[String]| {
            let some = parts.iter().any(|part| !part.is_empty());
            if some {
                draw.one_of(parts).clone()
            } else {
                String::new()
            }
        };
        let (first, second) = (part(&self.onsets), part(&self.nuclei));
        let link = part(&self.links);
        let mut word = first + &second + &link;
        let more = part(&self.nuclei);
        if word.chars().count() < 5 {
            word += &more;
        }
        word += &part(&self.endings);
        word
    }
}

fn list(text: &str, separator: char) -> Vec<String> {
    text.split(separator)
        .map(|word| word.trim().to_owned())
        .collect()
}

/// Words at even places are for development, those at odd places are held out.
fn of_half(draw: &mut Draw, half: Half, words: &[String]) -> String {
    let parity = usize::from(half == Half::HeldOut);
    let half: Vec<&String> = words.iter().skip(parity).step_by(2).collect();
    if half.is_empty() {
        String::new()
    } else {
        (*draw.one_of(&half)).clone()
    }
}

static NOWHERE: Culture = Culture {
    female: Vec::new(),
    male: Vec::new(),
    surnames: Vec::new(),
    towns: Vec::new(),
    streets: Vec::new(),
    onsets: Vec::new(),
    nuclei: Vec::new(),
    links: Vec::new(),
    endings: Vec::new(),
    addresses: Vec::new(),
    phones: Vec::new(),
};
