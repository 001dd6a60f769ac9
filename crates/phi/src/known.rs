//! What the structured record already knows about a person, to be found again in their notes.

use domain::Phi;

use crate::label::Label;

/// The identifiers of one person and of those around them, made ready for searching.
///
/// Built from the structured record (a table row, FHIR `Patient` and `RelatedPerson`, `PID`,
/// `NK1`, `GT1`, `recordTarget`) and handed to [`crate::text::TextEngine::scan`] with that
/// person's documents. Every occurrence is found whatever its case and order (`Last, First`),
/// as initials with the surname, under a common nickname, with one wrong letter in words of five
/// or more, and with dates and phone numbers written another way.
///
/// The values stay inside [`Phi`]: `Debug` shows counts, never a value.
///
/// ```
/// use cloister_phi::known::KnownPerson;
/// let person = KnownPerson::builder().name("Ada Quillfeather").date("1931-04-05").build();
/// assert!(!format!("{person:?}").contains("Quill"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct KnownPerson {
    names: Vec<KnownName>,
    values: Vec<KnownValue>,
}

/// Collects the identifiers of one person; see [`KnownPerson::builder`].
#[derive(Clone, Debug, Default)]
pub struct KnownPersonBuilder {
    person: KnownPerson,
}

/// The words of one full name.
#[derive(Clone, Debug)]
pub(crate) struct KnownName {
    pub(crate) words: Vec<Phi<String>>,
}

/// A number, date or address line, reduced to its lower-case letters and digits.
#[derive(Clone, Debug)]
pub(crate) struct KnownValue {
    pub(crate) label: Label,
    pub(crate) bare: Phi<String>,
}

impl KnownPerson {
    /// Starts with nothing known.
    pub fn builder() -> KnownPersonBuilder {
        KnownPersonBuilder::default()
    }

    /// Whether nothing is known, so that a scan has nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.values.is_empty()
    }
}

impl KnownPersonBuilder {
    /// The person's own name, in any order: `Ada B. Example`, `Example, Ada`.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.person.add_name(name);
        self
    }

    /// The name of a relative, guarantor or household member.
    #[must_use]
    pub fn relative_name(self, name: &str) -> Self {
        self.name(name)
    }

    /// A date of the person: birth, admission, discharge, death. ISO or US order.
    #[must_use]
    pub fn date(mut self, date: &str) -> Self {
        self.person.add_date(date);
        self
    }

    /// A telephone number in any layout.
    #[must_use]
    pub fn phone(self, phone: &str) -> Self {
        self.identifier(Label::Phone, phone)
    }

    /// A postal address on one line or several: number and street are looked for together, the
    /// rest part by part.
    #[must_use]
    pub fn address(mut self, address: &str) -> Self {
        self.person.add_address(address);
        self
    }

    /// Any other identifier: record number, account, e-mail, plate.
    #[must_use]
    pub fn identifier(mut self, label: Label, value: &str) -> Self {
        self.person.add_value(label, value);
        self
    }

    /// The person, ready for searching.
    pub fn build(self) -> KnownPerson {
        self.person
    }
}

impl KnownPerson {
    fn add_name(&mut self, name: &str) {
        let words: Vec<_> = name
            .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
            .filter(|word| !word.is_empty())
            .map(|word| Phi::new(word.to_lowercase()))
            .collect();
        if !words.is_empty() {
            self.names.push(KnownName { words });
        }
    }

    fn add_date(&mut self, date: &str) {
        self.add_value(Label::Date, date);
    }

    fn add_address(&mut self, address: &str) {
        self.add_value(Label::Geo, address);
    }

    fn add_value(&mut self, label: Label, value: &str) {
        let bare: String = value
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        if bare.len() >= 4 {
            self.values.push(KnownValue {
                label,
                bare: Phi::new(bare),
            });
        }
    }
}
