use std::collections::BTreeMap;

use serde::Deserialize;

use crate::label::Label;

use super::error::ClassifierError;

/// What a model's labels mean here, and from which probability on a word is an identifier.
///
/// ```
/// use cloister_phi::classifier::LabelMap;
/// let map = LabelMap::edited("threshold = 0.3\n[labels]\nCLINIC = \"GEO\"").unwrap();
/// assert_eq!(map.threshold(), 0.3);
/// assert!(LabelMap::edited("[labels]\nCLINIC = \"PLACE\"").is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMap {
    threshold: f32,
    words: Words,
    /// By the label's letters and digits in capitals; nothing for what stays.
    meanings: BTreeMap<String, Option<Label>>,
}

/// Which token speaks for a word of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Words {
    First,
    Likeliest,
}

/// What a class of the model says of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Nothing for what stays.
    pub(super) label: Option<Label>,
    /// Whether an identifier begins here, whatever stands before.
    pub(super) begins: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    threshold: Option<f32>,
    words: Option<Words>,
    #[serde(default)]
    labels: BTreeMap<String, Word>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Word {
    Label(Label),
    Keep(Keep),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Keep {
    Keep,
}

impl LabelMap {
    /// The built-in meanings as a file, to start from.
    pub const BUILT_IN: &'static str = include_str!("../../data/classifier-labels.toml");

    /// The built-in meanings: labels that published models use.
    ///
    /// # Errors
    /// None, unless the program was built with a broken file.
    pub fn built_in() -> Result<Self, ClassifierError> {
        Self::edited("")
    }

    /// The built-in meanings, changed by a file of the form of [`BUILT_IN`](Self::BUILT_IN).
    ///
    /// # Errors
    /// Refuses what is no TOML of that form, unknown meanings, a threshold that is not between 0
    /// and 1, and one label with two meanings.
    pub fn edited(text: &str) -> Result<Self, ClassifierError> {
        let own = read(Self::BUILT_IN)?;
        let file = read(text)?;
        let mut meanings = plain(&own)?;
        meanings.extend(plain(&file)?);
        let threshold = file.threshold.or(own.threshold).unwrap_or(0.5);
        if !(threshold > 0.0 && threshold < 1.0) {
            return Err(refused("the threshold is not between 0 and 1"));
        }
        Ok(Self {
            threshold,
            words: file.words.or(own.words).unwrap_or(Words::Likeliest),
            meanings,
        })
    }

    /// From which probability on a word is an identifier.
    pub const fn threshold(&self) -> f32 {
        self.threshold
    }

    pub(super) const fn words(&self) -> Words {
        self.words
    }

    /// The meaning of each class; refused where one has none, or where no class finds anything.
    pub(super) fn meanings(&self, labels: &[String]) -> Result<Vec<Meaning>, ClassifierError> {
        let meanings = labels.iter().enumerate();
        let meanings: Vec<Meaning> = meanings
            .map(|(number, label)| {
                self.meaning(label)
                    .ok_or_else(|| refused(format!("{} has no meaning here", shown(number, label))))
            })
            .collect::<Result<_, _>>()?;
        if meanings.iter().all(|meaning| meaning.label.is_none()) {
            return Err(refused("none of them is an identifier"));
        }
        if meanings.iter().all(|meaning| meaning.label.is_some()) {
            return Err(refused("all of them are identifiers"));
        }
        Ok(meanings)
    }

    /// `B-PATIENT` is `PATIENT` that begins, unless the whole has a meaning of its own.
    fn meaning(&self, label: &str) -> Option<Meaning> {
        if let Some(&whole) = self.meanings.get(&key(label)) {
            return Some(Meaning {
                label: whole,
                begins: false,
            });
        }
        let (scheme, rest) = label.split_at_checked(2)?;
        let begins = match scheme {
            "B-" | "U-" | "S-" | "B_" | "U_" | "S_" => true,
            "I-" | "L-" | "E-" | "M-" | "I_" | "L_" | "E_" | "M_" => false,
            _ => return None,
        };
        let label = *self.meanings.get(&key(rest))?;
        Some(Meaning { label, begins })
    }
}

fn read(text: &str) -> Result<File, ClassifierError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().and_then(|span| text.get(..span.start));
        let line = line.map_or(1, |head| head.split('\n').count());
        refused(format!(
            "line {line} of the file of meanings is not of its form"
        ))
    })
}

fn plain(file: &File) -> Result<BTreeMap<String, Option<Label>>, ClassifierError> {
    let mut meanings = BTreeMap::new();
    for (label, word) in &file.labels {
        let meaning = match word {
            Word::Label(label) => Some(*label),
            Word::Keep(Keep::Keep) => None,
        };
        let earlier = meanings.insert(key(label), meaning);
        if earlier.is_some_and(|earlier| earlier != meaning) {
            return Err(refused("the file of meanings has two for one label"));
        }
    }
    Ok(meanings)
}

fn key(label: &str) -> String {
    let letters = label.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_uppercase).collect()
}

/// A class by its name where that is a plain word, else by its number.
fn shown(number: usize, label: &str) -> String {
    let is_plain = label.len() <= 40 && label.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain && !label.is_empty() {
        format!("label `{label}`")
    } else {
        format!("label number {number}")
    }
}

fn refused(what: impl Into<String>) -> ClassifierError {
    ClassifierError::Labels(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(labels: &[&str]) -> Result<Vec<Meaning>, ClassifierError> {
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        LabelMap::built_in()?.meanings(&labels)
    }

    #[test]
    fn all_schemes_of_labels_are_understood() {
        let found = meanings(&["O", "B-PATIENT", "I-PATIENT", "L-PHONE", "U-HOSP", "DATE"]);
        let found: Vec<_> = found.unwrap().iter().map(|m| (m.label, m.begins)).collect();
        assert_eq!(
            found,
            [
                (None, false),
                (Some(Label::Name), true),
                (Some(Label::Name), false),
                (Some(Label::Phone), false),
                (Some(Label::Geo), true),
                (Some(Label::Date), false),
            ]
        );
    }

    #[test]
    fn a_label_without_a_meaning_is_refused_by_name() {
        let error = meanings(&["O", "B-FLAVOUR"]).unwrap_err();
        assert!(error.to_string().contains("`B-FLAVOUR`"));
        assert!(
            meanings(&["O", "two words"])
                .unwrap_err()
                .to_string()
                .contains("number 1")
        );
        assert!(meanings(&["O", "MISC"]).is_err());
        assert!(meanings(&["NAME", "DATE"]).is_err());
    }

    #[test]
    fn a_file_of_meanings_adds_to_the_built_in_ones() {
        let map = LabelMap::edited("words = \"first\"\n[labels]\nSTATE = \"GEO\"\nward = \"keep\"");
        let map = map.unwrap();
        assert_eq!(map.meaning("I-STATE").unwrap().label, Some(Label::Geo));
        assert_eq!(map.meaning("WARD").unwrap().label, None);
        assert_eq!(map.meaning("CITY").unwrap().label, Some(Label::Geo));
        assert_eq!(map.words(), Words::First);
    }

    #[test]
    fn a_broken_file_of_meanings_is_refused() {
        for text in [
            "threshold = 1.5",
            "threshold = nan",
            "color = 1",
            "[labels]\nA = \"PLACE\"",
            "[labels]\n\"A-B\" = \"GEO\"\nAB = \"NAME\"",
        ] {
            assert!(matches!(
                LabelMap::edited(text),
                Err(ClassifierError::Labels(_))
            ));
        }
    }
}
