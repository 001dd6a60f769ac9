use super::{Half, culture::Culture, piece::Mark};
use crate::draw::Draw;

/// Somebody a text speaks of.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) first: String,
    pub(super) middle: char,
    pub(super) last: String,
    pub(super) female: bool,
    invented: bool,
    third_party: bool,
    relation: &'static str,
}

impl Person {
    /// Draws somebody; one in three has an invented name.
    pub(super) fn draw(draw: &mut Draw, culture: &Culture, half: Half, third_party: bool) -> Self {
        let female = draw.chance(0.5);
        let invented = draw.below(3) == 0;
        let (first, last) = if invented {
            (culture.invented(draw), culture.invented(draw))
        } else {
            (
                culture.given(draw, half, female),
                culture.surname(draw, half),
            )
        };
        let relations = if female { SISTERS } else { BROTHERS };
        Self {
            first,
            middle: draw.pick(&['A', 'B', 'C', 'E', 'J', 'L', 'M', 'R', 'T']),
            last,
            female,
            invented,
            third_party,
            relation: draw.pick(relations),
        }
    }

    /// Sometimes takes over the family name of another.
    pub(super) fn related_to(mut self, draw: &mut Draw, other: &Self) -> Self {
        if draw.chance(0.5) && self.invented == other.invented {
            self.last.clone_from(&other.last);
        }
        self
    }

    /// A word about the person that identifies nobody.
    pub(super) fn word(&self, form: &str) -> Option<&'static str> {
        let (she, he) = match form {
            "mr" => ("Ms.", "Mr."),
            "mrs" => ("Mrs.", "Mr."),
            "he" => ("she", "he"),
            "He" => ("She", "He"),
            "his" => ("her", "his"),
            "His" => ("Her", "His"),
            "him" => ("her", "him"),
            "man" => ("woman", "man"),
            "sir" => ("lady", "gentleman"),
            "sex" => ("F", "M"),
            "rel" => (self.relation, self.relation),
            _ => return None,
        };
        Some(if self.female { she } else { he })
    }

    /// The name in one of its forms.
    pub(super) fn name(&self, draw: &mut Draw, form: &str) -> Option<(String, Mark)> {
        let Self {
            first,
            middle,
            last,
            ..
        } = self;
        let initial = first.chars().next().unwrap_or('X');
        let surname_initial = last.chars().next().unwrap_or('X');
        let (text, kind) = match form {
            "full" => (format!("{first} {last}"), "full-name"),
            "first" => (first.clone(), "first-name"),
            "last" => (last.clone(), "last-name"),
            "lf" => (format!("{last}, {first}"), "last-first"),
            "lfm" => (format!("{last}, {first} {middle}"), "last-first"),
            "LF" => (
                format!("{last},{first}").to_uppercase(),
                "last-first-capitals",
            ),
            "FULL" => (
                format!("{first} {last}").to_uppercase(),
                "full-name-capitals",
            ),
            "LAST" => (last.to_uppercase(), "last-name-capitals"),
            "fl" => (format!("{initial}. {last}"), "initial-last"),
            "lfi" => (format!("{last}, {initial}."), "last-initial"),
            "flast" => (format!("{initial}{last}").to_lowercase(), "login"),
            "mid" => (format!("{first} {middle}. {last}"), "full-name-middle"),
            "middle" => (middle.to_string(), "middle-initial"),
            "ini" => (format!("{initial}.{surname_initial}."), "initials"),
            "low" => (format!("{first} {last}").to_lowercase(), "full-name-lower"),
            "lowlast" => (last.to_lowercase(), "last-name-lower"),
            "lowfirst" => (first.to_lowercase(), "first-name-lower"),
            "typo" => (format!("{first} {}", typo(draw, last)), "misspelt-name"),
            "lasttypo" => (typo(draw, last), "misspelt-name"),
            _ => return None,
        };
        let mark = Mark {
            third_party: self.third_party,
            invented: self.invented,
            ..Mark::new("NAME", kind)
        };
        Some((text, mark))
    }
}

/// One letter twice, left out, or in the wrong order; short words stay.
fn typo(draw: &mut Draw, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 {
        return word.to_owned();
    }
    let at = 1 + draw.below(letters.len() as u32 - 3) as usize;
    match draw.below(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters.get(at).copied().unwrap_or('e')),
    }
    letters.into_iter().collect()
}

const SISTERS: &[&str] = &[
    "wife",
    "daughter",
    "mother",
    "sister",
    "niece",
    "aunt",
    "roommate",
    "neighbor",
    "granddaughter",
    "daughter-in-law",
    "guardian",
];
const BROTHERS: &[&str] = &[
    "husband",
    "son",
    "father",
    "brother",
    "nephew",
    "uncle",
    "roommate",
    "neighbor",
    "grandson",
    "stepfather",
    "guardian",
];
