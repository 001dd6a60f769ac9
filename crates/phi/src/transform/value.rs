//! What becomes of one written value of a document, whatever the format around it.
//!
//! HL7, C-CDA, FHIR and DICOM walk their own structure and ask here for every value they meet:
//!
//! ```text
//! let person = work.person_known_by(&["MR-1007", "pat-12"], Some("19800307"));
//! match work.value(Kind::BirthDate, "19800307", Form::Hl7, person) {
//!     Fate::Kept => output.push_str("19800307"),       // byte for byte
//!     Fate::Replaced(text) => output.push_str(text),   // "1980"; escape it for the format
//!     Fate::Removed => {}                              // no value may stand here
//! }
//! ```
//!
//! The plan decides, not the caller. An empty value is kept. A value that cannot be read as its
//! kind is removed, never copied.

use std::fmt::Write as _;

use super::{Deidentifier, Fact, Individual};
use crate::{
    age,
    crosswalk::PERSON,
    dates,
    kind::Kind,
    label::Label,
    manifest::DocumentRecord,
    plan::{Action, AgeStyle},
    surrogate::Part,
    zip3::{self, HIDDEN, Zip3Table},
};

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<'s> {
    /// It stays, byte for byte.
    Kept,
    /// This stands in its place. Plain text: the caller escapes it.
    Replaced(&'s str),
    /// Nothing may stand in its place.
    Removed,
}

/// How a value is written where it stands: decides how a replacement must be written to be valid
/// there. Read is every usual form, whatever is said here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As people write it: text, tables, CSV. A year is `1980`, the oldest are `90+`.
    Written,
    /// FHIR and XML: `1980-03-07`, `1980-03`, `1980`. A year is `1980`; a year that reveals an
    /// age over 89 is removed.
    Iso,
    /// HL7 v2 and C-CDA: `198003071022+0100`. A year is `1980`; a year that reveals an age over
    /// 89 is removed.
    Hl7,
    /// DICOM DA, `19800307`: has no shorter form, so a year is `19800101`.
    DicomDate,
    /// DICOM DT, `19800307102233.5+0100`. A year is `1980`.
    DicomDateTime,
    /// DICOM AS, `045Y`: the oldest are `090Y`.
    DicomAge,
    /// A number, such as an age in a coded field: the oldest are `90`.
    Number,
    /// The given name or names of a name that is written in parts.
    Given,
    /// The family name of a name that is written in parts.
    Family,
}

impl Deidentifier<'_> {
    /// What becomes of a value of this kind under the plan.
    ///
    /// `person` is the person the document is about, whatever the value is: a
    /// [`Kind::PersonName`] becomes that person's surrogate, a [`Kind::PersonId`] that person's
    /// code, running text is searched for what is known about them. A name, a number or a date of
    /// somebody else is [`Kind::OtherName`] or the number's kind.
    ///
    /// The answer borrows a buffer that the next call overwrites. No value is counted here: see
    /// [`DocumentRecord::count`].
    pub fn value(
        &mut self,
        kind: Kind,
        value: &str,
        form: Form,
        person: Option<Individual>,
    ) -> Fate<'_> {
        if value.trim().is_empty() {
            return Fate::Kept;
        }
        self.written.clear();
        let action = self.action(kind);
        let changed = match action {
            Action::Keep => kind != Kind::State || is_name_of_state(value),
            Action::Suppress => false,
            Action::Code => self.write_code_of(kind, value, form, person),
            Action::Pseudonym => {
                let label = kind.label().unwrap_or(Label::OtherId);
                self.rewriter
                    .write_pseudonym(label, value, &mut self.written)
            }
            Action::Shift => self.write_shifted(kind, value, form, person),
            Action::Month => self.write_coarse(value, form, false),
            Action::Quarter => self.write_coarse(value, form, true),
            Action::Year => self.write_year_of(kind, value, form),
            Action::Zip5 => {
                let five = zip3::five_digits(value);
                self.written.push_str(five.as_deref().unwrap_or_default());
                five.is_some()
            }
            Action::Zip3 => self.write_zip3_of(value),
            Action::Age | Action::AgeBand => self.write_age_of(value, form, person),
            Action::Text => {
                self.manifest.undecided += u64::from(kind == Kind::Undecided);
                match self.text(value, person) {
                    Some(rewritten) => self.written = rewritten,
                    None => return Fate::Kept,
                }
                true
            }
        };
        let stays = changed && (self.written.is_empty() || self.written == value);
        if let Some(ledger) = self.rewriter.ledger()
            && !stays
            && action != Action::Text
        {
            ledger.note_value(kind, action, "element");
        }
        match changed {
            false => Fate::Removed,
            true if stays => Fate::Kept,
            true => Fate::Replaced(&self.written),
        }
    }

    /// What the plan does with a kind.
    pub(crate) fn action(&self, kind: Kind) -> Action {
        let action = self.actions.get(kind as usize);
        action.copied().unwrap_or(Action::Suppress)
    }

    /// Running text without its identifiers; nothing where it stays as it is.
    pub fn text(&mut self, text: &str, person: Option<Individual>) -> Option<String> {
        self.people.make_ready();
        let subject = person.and_then(|person| self.people.subject(person));
        self.rewriter
            .rewrite(text, subject, &mut self.manifest.text)
    }

    /// The person known by any of these keys: the value of a person column, a medical record
    /// number, `Patient.id`, the identifiers of PID-3, of C-CDA `patientRole`, DICOM Patient ID.
    ///
    /// Keys that were not known before are known from now on, so that one person has one
    /// surrogate in every format. `birth_date`, in any form, keeps two persons apart whose
    /// records share a key. Nothing if no key says anything.
    pub fn person_known_by(
        &mut self,
        keys: &[&str],
        birth_date: Option<&str>,
    ) -> Option<Individual> {
        self.people.known_by(keys, birth_date, &mut self.rewriter)
    }

    /// Adds what a document says about its person, to be searched for in their texts: before any
    /// text of that document is asked about.
    pub fn learn(&mut self, person: Individual, facts: Vec<Fact>) {
        let reference_year = self.rewriter.reference_year();
        let over_89 = facts.iter().any(|fact| fact.reveals(reference_year));
        self.people.learn_of(person, facts, over_89);
    }

    /// The person's code, such as `PERSON-7K3Q9DXM`.
    pub fn code_of(&mut self, person: Individual) -> String {
        let code = self.people.code(person, &mut self.rewriter);
        format!("{PERSON}-{code}")
    }

    /// Adds what was counted in one document of a type, such as `HL7 ADT` or `DICOM CT`.
    pub fn count_document(&mut self, name: &str, counted: &DocumentRecord) {
        let documents = &mut self.manifest.documents;
        if !documents.contains_key(name) {
            documents.insert(name.to_owned(), DocumentRecord::default());
        }
        if let Some(record) = documents.get_mut(name) {
            record.add(counted);
        }
    }

    /// Writes the code; `true` stands for "something was written".
    fn write_code_of(
        &mut self,
        kind: Kind,
        value: &str,
        form: Form,
        person: Option<Individual>,
    ) -> bool {
        if self.rewriter.invents()
            && let Some(invented) = self.invented_value(kind, value, form, person)
        {
            self.written = invented;
            return true;
        }
        let written = &mut self.written;
        match (kind, person) {
            _ if self.rewriter.is_own_code(value) => written.push_str(value),
            (Kind::PersonName, Some(person)) => {
                written.push_str("NAME-");
                self.people
                    .code(person, &mut self.rewriter)
                    .push_to(written);
            }
            (Kind::PersonId, Some(person)) => {
                written.push_str("PERSON-");
                self.people
                    .code(person, &mut self.rewriter)
                    .push_to(written);
            }
            (Kind::PersonId, None) => {
                written.push_str("PERSON-");
                self.rewriter.bare_person_code(value).push_to(written);
            }
            _ => {
                let label = kind.label().unwrap_or(Label::OtherId);
                let _changed = self.rewriter.write_code(label, value, written);
            }
        }
        true
    }

    /// An invented name in a person's document; nothing for other kinds.
    fn invented_value(
        &mut self,
        kind: Kind,
        value: &str,
        form: Form,
        person: Option<Individual>,
    ) -> Option<String> {
        let person = person.filter(|_| matches!(kind, Kind::PersonName | Kind::OtherName))?;
        self.people.make_ready();
        let code = self.people.code(person, &mut self.rewriter);
        let part = match form {
            Form::Given => Part::Given,
            Form::Family => Part::Family,
            _ => Part::Any,
        };
        let subject = self.people.subject(person);
        let is_own = kind == Kind::PersonName;
        self.rewriter
            .invented_name(value, code, subject, is_own, part)
    }

    /// Whether the parts of a name are to be asked about one by one, as [`Form::Given`] and
    /// [`Form::Family`], because each gets an invented part of its own.
    pub const fn asks_for_parts(&self) -> bool {
        self.rewriter.invents()
    }

    /// The date moved by the person's days; the year where nobody is known whose date it is.
    fn write_shifted(
        &mut self,
        kind: Kind,
        value: &str,
        form: Form,
        person: Option<Individual>,
    ) -> bool {
        let Some(person) = person else {
            return self.write_year_of(kind, value, form);
        };
        let code = self.people.code(person, &mut self.rewriter);
        let moving = self.rewriter.handling().moving;
        let moved = dates::shift(value, self.rewriter.days_of_code(code, moving));
        self.written.push_str(moved.as_deref().unwrap_or_default());
        moved.is_some()
    }

    /// The month, or the first month of the quarter, in the form of the place.
    fn write_coarse(&mut self, value: &str, form: Form, by_quarter: bool) -> bool {
        let coarse = match (form, by_quarter) {
            (Form::Written, false) => dates::to_month(value),
            (Form::Written, true) => dates::to_quarter(value),
            _ => dates::parse(value).map(|date| {
                let month = if by_quarter {
                    dates::first_month(date)
                } else {
                    date.month
                };
                match (month, form) {
                    (Some(month), Form::Iso) => format!("{}-{month:02}", date.year),
                    (Some(month), Form::DicomDate) => format!("{}{month:02}01", date.year),
                    (None, Form::DicomDate) => format!("{}0101", date.year),
                    (Some(month), _) => format!("{}{month:02}", date.year),
                    (None, _) => date.year.to_string(),
                }
            }),
        };
        self.written.push_str(coarse.as_deref().unwrap_or_default());
        coarse.is_some()
    }

    fn write_year_of(&mut self, kind: Kind, value: &str, form: Form) -> bool {
        if kind == Kind::BirthDate && form == Form::Written && value.trim() == age::NINETY_OR_OVER {
            return true;
        }
        let Some(year) = dates::to_year(value) else {
            return false;
        };
        if age::year_reveals(year, self.rewriter.reference_year()) {
            if kind == Kind::BirthDate && form == Form::Written {
                self.written.push_str(age::NINETY_OR_OVER);
            }
            return !self.written.is_empty();
        }
        push_year(year, &mut self.written);
        if form == Form::DicomDate {
            self.written.push_str("0101");
        }
        true
    }

    fn write_zip3_of(&mut self, value: &str) -> bool {
        let shown = Zip3Table::census_2020().generalize(value);
        self.written.push_str(shown);
        shown != HIDDEN || value.bytes().any(|byte| byte.is_ascii_digit())
    }

    fn write_age_of(&mut self, value: &str, form: Form, person: Option<Individual>) -> bool {
        let Some(years) = age::oldest(value) else {
            return false;
        };
        let over_89 = person
            .and_then(|person| self.people.subject(person))
            .is_some_and(|subject| subject.over_89);
        if over_89 || age::is_over_89(years) {
            self.written.push_str(match form {
                Form::DicomAge => "090Y",
                Form::Number => "90",
                _ if self.plan.ages == AgeStyle::TopCode && value.trim().parse::<f64>().is_ok() => {
                    "90"
                }
                _ => age::NINETY_OR_OVER,
            });
        } else if self.plan.action(Kind::Age) == Action::AgeBand {
            let first = age::band_start(years, self.plan.age_band_years);
            match form {
                Form::DicomAge => {
                    let _written = write!(self.written, "{first:03}Y");
                }
                Form::Number => push_number(first, &mut self.written),
                _ => self
                    .written
                    .push_str(&age::band(years, self.plan.age_band_years)),
            }
        }
        true
    }
}

impl DocumentRecord {
    /// Counts a value under its kind's category; `-` for what no rule knows.
    pub fn count(&mut self, kind: Kind, fate: &Fate<'_>) {
        let letter = kind.category().map_or('-', domain::Identifier::letter);
        match fate {
            Fate::Kept => self.kept += 1,
            Fate::Replaced(_) => *self.changed.entry(letter).or_default() += 1,
            Fate::Removed => *self.suppressed.entry(letter).or_default() += 1,
        }
    }

    /// Adds the counts of another record.
    pub fn add(&mut self, more: &Self) {
        self.documents += more.documents;
        self.kept += more.kept;
        for (letter, count) in &more.changed {
            *self.changed.entry(*letter).or_default() += count;
        }
        for (letter, count) in &more.suppressed {
            *self.suppressed.entry(*letter).or_default() += count;
        }
    }
}

/// Letters and blanks only, and short: `MA`, `Massachusetts`, `US`.
fn is_name_of_state(name: &str) -> bool {
    name.len() <= 30
        && name
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '.'))
}

/// Years have four digits: see [`dates::parse`].
fn push_year(year: i32, output: &mut String) {
    for unit in [1000, 100, 10, 1] {
        let digit = u8::try_from(year / unit % 10).unwrap_or_default();
        output.push(char::from(b'0' + digit));
    }
}

fn push_number(number: i32, output: &mut String) {
    // Writing to a string does not fail.
    let _written = write!(output, "{number}");
}

#[cfg(test)]
mod tests;
