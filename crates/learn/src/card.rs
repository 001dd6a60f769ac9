//! The model card: what a run can say of itself, and plainly what it cannot.

mod field;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use field::{CardField, Section};

/// A model card with the fields of the CHAI Applied Model Card v0.2 and the source attributes of
/// 45 CFR 170.315(b)(11)(iv) (HTI-1) under common names.
///
/// A field that nobody filled is printed as `not provided`; nothing is made up.
///
/// ```
/// # use cloister_learn::card::{Card, CardField};
/// let mut card = Card::default();
/// card.fill(CardField::ModelName, "Readmission within 30 days");
/// let text = card.to_markdown();
/// assert!(text.contains("Readmission within 30 days"));
/// assert!(text.contains("not provided"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Printed", into = "Printed")]
pub struct Card {
    fields: BTreeMap<CardField, String>,
}

impl Card {
    /// Fills a field; white space only empties it.
    pub fn fill(&mut self, field: CardField, text: impl Into<String>) {
        let text = text.into();
        if text.trim().is_empty() {
            self.fields.remove(&field);
        } else {
            self.fields.insert(field, text.trim().to_owned());
        }
    }

    /// What a field says.
    pub fn get(&self, field: CardField) -> Option<&str> {
        self.fields.get(&field).map(String::as_str)
    }

    /// The fields that nobody filled, in the card's order.
    pub fn not_provided(&self) -> Vec<CardField> {
        let empty = |field: &CardField| !self.fields.contains_key(field);
        CardField::ALL.iter().copied().filter(empty).collect()
    }

    /// The card as pretty JSON: every field by name, empty ones as null, and the list of those.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The card as Markdown, one section after the other.
    #[expect(clippy::format_push_string, reason = "a page of text, once a run")]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from("# Model card\n");
        for section in Section::ALL {
            text.push_str(&format!(
                "\n## {}\n\n| Field | Statement |\n|---|---|\n",
                section.title()
            ));
            for field in CardField::ALL
                .iter()
                .filter(|field| field.section() == section)
            {
                let statement = self.get(*field).map_or("*not provided*".into(), in_cell);
                text.push_str(&format!("| {} | {statement} |\n", field.title()));
            }
        }
        text.push_str(&format!(
            "\n{} of {} fields are filled; the others are not provided.\n\
             This card is evidence of what was done, not a certificate.\n",
            self.fields.len(),
            CardField::ALL.len()
        ));
        text
    }
}

/// Text that stays in its table cell and is no markup.
fn in_cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => safe.push_str("<br>"),
            '\r' => {}
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '\\' => {
                safe.push('\\');
                safe.push(letter);
            }
            _ => safe.push(letter),
        }
    }
    safe
}

/// The card's form in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Printed {
    schema: String,
    fields: BTreeMap<CardField, Option<String>>,
    not_provided: Vec<CardField>,
}

impl From<Card> for Printed {
    fn from(card: Card) -> Self {
        let entry = |field: &CardField| (*field, card.get(*field).map(str::to_owned));
        Self {
            schema: "cloister-model-card-1".into(),
            fields: CardField::ALL.iter().map(entry).collect(),
            not_provided: card.not_provided(),
        }
    }
}

impl From<Printed> for Card {
    fn from(printed: Printed) -> Self {
        let mut card = Self::default();
        for (field, text) in printed.fields {
            card.fill(field, text.unwrap_or_default());
        }
        card
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_card_says_not_provided_everywhere() {
        let card = Card::default();
        assert_eq!(card.not_provided().len(), CardField::ALL.len());
        assert_eq!(
            card.to_markdown().matches("*not provided*").count(),
            CardField::ALL.len()
        );
    }

    #[test]
    fn a_card_survives_json() {
        let mut card = Card::default();
        card.fill(CardField::ModelType, "logistic regression");
        card.fill(CardField::Summary, "  ");
        let read: Card = serde_json::from_str(&card.to_json()).unwrap();
        assert_eq!(read, card);
        assert!(card.not_provided().contains(&CardField::Summary));
    }

    #[test]
    fn markup_in_a_statement_stays_text() {
        let mut card = Card::default();
        card.fill(CardField::Summary, "a | b\n<script>");
        assert!(card.to_markdown().contains(r"a \| b<br>\<script\>"));
    }

    #[test]
    fn every_source_attribute_of_the_rule_has_a_field() {
        // How many items each paragraph of 45 CFR 170.315(b)(11)(iv)(B) has: 31 in all.
        let items = [4, 4, 2, 4, 2, 4, 5, 4, 2];
        let numerals = ["i", "ii", "iii", "iv", "v"];
        for (paragraph, count) in (1..).zip(items) {
            for numeral in &numerals[..count] {
                let place = format!("HTI-1 ({paragraph})({numeral})");
                let found = CardField::ALL
                    .iter()
                    .any(|field| field.source().split(", ").any(|source| source == place));
                assert!(found, "{place}");
            }
        }
        assert_eq!(items.iter().sum::<usize>(), 31);
    }

    #[test]
    fn every_section_has_fields() {
        for section in Section::ALL {
            assert!(
                CardField::ALL
                    .iter()
                    .any(|field| field.section() == section)
            );
        }
    }
}
