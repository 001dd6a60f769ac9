//! One message, field by field.

use std::borrow::Cow;

use formats::hl7v2::{Delimiters, Message, Segment, Split, Unescaped};

use super::{
    coded, data_type, ids, learn, obx,
    rule::{Part, Row, Rule},
    segments,
    texts::Report,
};
use crate::{
    kind::Kind,
    manifest::DocumentRecord,
    plan::Action,
    transform::{Deidentifier, Fate, Form, Individual},
};

/// A walk over one message.
pub(super) struct Walk<'w, 'a, 'm> {
    pub(super) work: &'w mut Deidentifier<'a>,
    pub(super) message: &'m Message,
    pub(super) text: &'m str,
    pub(super) delimiters: Delimiters,
    pub(super) edits: Edits,
    pub(super) record: DocumentRecord,
    /// The patient of the last PID, with the keys that mean them and their own name.
    pub(super) person: Option<Individual>,
    keys: Vec<&'m str>,
    own_name: String,
    pub(super) report: Report,
    pub(super) has_learnt: bool,
    observation: Observation<'m>,
    /// The rules of the last segment: the next is often of its kind.
    rules: (&'m str, &'static [Row]),
}

/// What OBX-2, OBX-3 and OBX-6 say about OBX-5.
#[derive(Clone, Copy, Default)]
struct Observation<'m> {
    data_type: &'m str,
    id: &'m str,
    unit: &'m str,
}

/// What is written in place of which bytes of the message.
#[derive(Default)]
pub(super) struct Edits {
    edits: Vec<(usize, usize, usize, usize)>,
    letters: String,
}

impl<'w, 'a, 'm> Walk<'w, 'a, 'm> {
    pub(super) fn new(work: &'w mut Deidentifier<'a>, message: &'m Message) -> Self {
        Self {
            work,
            message,
            text: message.text(),
            delimiters: message.delimiters(),
            edits: Edits::default(),
            record: DocumentRecord {
                documents: 1,
                ..DocumentRecord::default()
            },
            person: None,
            keys: Vec::new(),
            own_name: String::new(),
            report: Report::default(),
            has_learnt: false,
            observation: Observation::default(),
            rules: ("", &[]),
        }
    }

    pub(super) fn message(mut self, out: &mut Vec<u8>) {
        for segment in self.message.segments() {
            self.segment(segment);
        }
        self.flush();
        self.edits.write(self.message, out);
        let name = document_name(self.message);
        self.work.count_document(&name, &self.record);
    }

    fn segment(&mut self, segment: Segment<'m>) {
        match segment.id {
            "PID" => self.patient(segment),
            "MRG" => self.merged(segment),
            "OBX" => self.observe(segment),
            _ => {}
        }
        if !self.report.is_continued_by(segment.id, self.observation.id) {
            self.flush();
        }
        if self.rules.0 != segment.id {
            self.rules = (segment.id, segments::rows(segment.id).unwrap_or_default());
        }
        let mut rows = self.rules.1;
        for (number, at, field) in segment.fields(self.delimiters.field) {
            if field.is_empty() || field == DELETE {
                continue;
            }
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            while let Some((_, tail)) = rows.split_first().filter(|(row, _)| row.1 < number) {
                rows = tail;
            }
            if let Some(ledger) = self.work.rewriter.ledger() {
                ledger.step(&format!("{}-{number}", segment.id));
            }
            let at = segment.start + at;
            match rows.first().filter(|row| row.0 <= number) {
                Some((_, _, Rule::Structure)) => self.record.kept += 1,
                Some((_, _, rule)) => self.field(*rule, field, at),
                None => self.unknown(field, at),
            }
        }
    }

    /// The segment's patient from here on.
    fn patient(&mut self, segment: Segment<'m>) {
        let identity = learn::Identity::of(segment, self.delimiters);
        self.flush();
        self.person = self
            .work
            .person_known_by(&[identity.key], identity.birth_date);
        self.keys.clear();
        self.keys
            .extend(Some(identity.key).filter(|key| !key.is_empty()));
        self.own_name = self.plain_name(identity.name).to_lowercase();
    }

    /// The old number means the same patient.
    fn merged(&mut self, segment: Segment<'m>) {
        let old = learn::merged_key(segment, self.delimiters);
        if let Some(person) = self.person.filter(|_| !old.is_empty()) {
            self.work.people.merge(old, person, &mut self.work.rewriter);
            self.keys.push(old);
        }
    }

    fn observe(&mut self, segment: Segment<'m>) {
        self.observation = Observation::default();
        for (number, _, field) in segment.fields(self.delimiters.field).take(6) {
            match number {
                2 => self.observation.data_type = field.trim(),
                3 => self.observation.id = field,
                6 => self.observation.unit = field,
                _ => {}
            }
        }
    }

    fn field(&mut self, rule: Rule, field: &'m str, at: usize) {
        for (from, repetition) in Split::of(field, self.delimiters.repetition) {
            if !repetition.is_empty() && repetition != DELETE {
                self.repetition(rule, repetition, at + from);
            }
        }
    }

    fn repetition(&mut self, rule: Rule, text: &'m str, at: usize) {
        match rule {
            Rule::Structure => self.record.kept += 1,
            Rule::Number => {
                if coded::is_number(text) {
                    self.record.kept += 1;
                } else {
                    self.coded(text, at, true);
                }
            }
            Rule::Table => self.coded(text, at, true),
            Rule::Coded => self.coded(text, at, false),
            Rule::Range => {
                if coded::is_range(text) {
                    self.record.kept += 1;
                } else {
                    self.read(text, at);
                }
            }
            Rule::Key => {
                if coded::is_key(text) {
                    self.record.kept += 1;
                } else {
                    self.repetition(data_type::ENTITY, text, at);
                }
            }
            Rule::Text => self.report.push(at, at + text.len()),
            Rule::Result => self.result(text, at),
            Rule::Id(kind) => self.id(kind, text, at),
            Rule::Name(kind) => self.name(kind, text, at),
            Rule::Person => self.person(text, at),
            Rule::Parts(parts) => self.parts(parts, text, at, 0),
        }
    }

    fn result(&mut self, text: &'m str, at: usize) {
        match obx::result(self.observation.data_type) {
            Some(Rule::Number) if coded::is_number(text) => self.measured(text, at),
            Some(Rule::Number | Rule::Text) => {
                if coded::is_number(text) && text.len() < 6 {
                    self.record.kept += 1;
                } else {
                    self.report.begin(self.observation.id);
                    self.report.push(at, at + text.len());
                }
            }
            Some(rule) => self.repetition(rule, text, at),
            None => self.unknown(text, at),
        }
    }

    /// A number stays, unless it is an age over 89.
    fn measured(&mut self, text: &str, at: usize) {
        let high = text.trim().parse::<f64>().is_ok_and(crate::age::is_over_89);
        let is_age = obx::is_years(self.observation.unit)
            && (high || self.observation.id.to_ascii_lowercase().contains("age"));
        if !is_age {
            self.record.kept += 1;
            return;
        }
        let fate = self.work.value(Kind::Age, text, Form::Number, self.person);
        self.record.count(Kind::Age, &fate);
        match fate {
            Fate::Kept => {}
            Fate::Replaced(new) => self.edits.push(at, at + text.len(), new),
            Fate::Removed => self.edits.push(at, at + text.len(), ""),
        }
    }

    /// A number with its type (CX).
    fn id(&mut self, otherwise: Kind, text: &'m str, at: usize) {
        let mut parts = Split::of(text, self.delimiters.component);
        let (_, id) = parts.next().unwrap_or_default();
        let code = parts.nth(3).map_or("", |(_, code)| code);
        if !id.is_empty() && id != DELETE {
            let kind = if self.keys.contains(&id.trim()) {
                Kind::PersonId
            } else {
                ids::kind_of(code.trim(), otherwise)
            };
            self.of(kind, id, at);
        }
        self.parts_after(data_type::AFTER_ID, text, at, 1);
    }

    /// A name in its parts (XPN): one code for all of it, where the family name stood.
    fn name(&mut self, kind: Kind, text: &'m str, at: usize) {
        let name = self.plain_name(text);
        let own = kind == Kind::PersonName || name.to_lowercase() == self.own_name;
        let kind = if own { Kind::PersonName } else { kind };
        if self.work.asks_for_parts() {
            return self.parts_of_name(kind, text, at, data_type::AFTER_NAME);
        }
        let family = Split::of(text, self.delimiters.component).next();
        let family = family.map_or("", |(_, family)| family);
        self.write(kind, &name, at, at + family.len());
        self.parts_after(data_type::AFTER_NAME, text, at, 1);
    }

    /// A person with a number and a name (XCN).
    fn person(&mut self, text: &'m str, at: usize) {
        let mut parts = Split::of(text, self.delimiters.component);
        let (_, id) = parts.next().unwrap_or_default();
        let Some((from, family)) = parts.next() else {
            let is_name = !id.bytes().any(|byte| byte.is_ascii_digit());
            let kind = if is_name {
                Kind::OtherName
            } else {
                Kind::RecordId
            };
            return self.of(kind, id, at);
        };
        let code = parts.nth(10).map_or("", |(_, code)| code);
        if !id.is_empty() && id != DELETE {
            let kind = match ids::kind_of(code.trim(), Kind::RecordId) {
                Kind::License => Kind::License,
                _ => Kind::RecordId,
            };
            self.of(kind, id, at);
        }
        let name = self.plain_name(text.get(from..).unwrap_or(""));
        let start = at + from;
        if self.work.asks_for_parts() {
            let name = text.get(from..).unwrap_or("");
            return self.parts_of_name(Kind::OtherName, name, start, data_type::AFTER_PERSON);
        }
        self.write(Kind::OtherName, &name, start, start + family.len());
        self.parts_after(data_type::AFTER_PERSON, text, at, 2);
    }

    /// Family, given and second name, each by itself; `after` are the components after the first.
    fn parts_of_name(&mut self, kind: Kind, text: &'m str, at: usize, after: &[Part]) {
        let components = Split::of(text, self.delimiters.component).take(3);
        for (index, (from, component)) in components.enumerate() {
            let words = Split::at(component, self.delimiters.subcomponent).map(|(_, part)| part);
            let words = words.collect::<Vec<_>>().join(" ");
            let value = self.plain(&words).trim().to_owned();
            if component == DELETE {
                continue;
            }
            let form = if index == 0 {
                Form::Family
            } else {
                Form::Given
            };
            let start = at + from;
            self.write_as(kind, &value, form, start, start + component.len());
        }
        self.parts(after.get(2..).unwrap_or_default(), text, at, 3);
    }

    /// Given, second and family name of an XPN in one line.
    fn plain_name(&self, text: &str) -> String {
        let mut parts = Split::of(text, self.delimiters.component)
            .map(|(_, part)| self.plain(part))
            .take(3);
        let family = parts.next().unwrap_or_default();
        let mut name = String::new();
        for part in parts.chain([family]) {
            let part = part.trim();
            if !part.is_empty() && part != DELETE {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(part);
            }
        }
        name
    }

    fn parts_after(&mut self, parts: &[Part], text: &'m str, at: usize, skipped: usize) {
        self.parts(parts, text, at, skipped);
    }

    /// Components by their parts; the first `skipped` were seen to.
    fn parts(&mut self, parts: &[Part], text: &'m str, at: usize, skipped: usize) {
        let components = Split::of(text, self.delimiters.component).skip(skipped);
        for (index, (from, component)) in components.enumerate() {
            if component.is_empty() || component == DELETE {
                continue;
            }
            match parts.get(index) {
                Some(part) => self.part(*part, component, at + from),
                None => self.gone(component, at + from),
            }
        }
    }

    fn part(&mut self, part: Part, text: &'m str, at: usize) {
        let stays = match part {
            Part::Type => coded::is_type(text),
            Part::Number => coded::is_number(text),
            Part::Table => return self.coded_part(text, at, true),
            Part::Coded => return self.coded_part(text, at, false),
            Part::Text => return self.read(text, at),
            Part::Of(kind) => return self.of(kind, text, at),
            Part::State if coded::is_state(text) => return self.of(Kind::State, text, at),
            Part::State => return self.of(Kind::Place, text, at),
            Part::Gone => false,
        };
        if stays {
            self.record.kept += 1;
        } else {
            self.gone(text, at);
        }
    }

    /// A coded field: what a vocabulary names stays, other words are read as text.
    fn coded(&mut self, text: &'m str, at: usize, strict: bool) {
        let separator = self.delimiters.component;
        if !text.bytes().any(|byte| byte == separator) {
            return self.coded_part(text, at, strict);
        }
        let coding = Coding::of(text, separator);
        if coding.is_misplaced() || self.holds_name(&coding, strict) {
            return self.gone(text, at);
        }
        if !coding.is_named(strict) {
            if strict && (coding.is_number_of() || coded::has_long_number(text)) {
                return self.gone(text, at);
            }
            for (from, part) in Split::of(text, separator) {
                if !part.is_empty() && part != DELETE {
                    self.coded_part(part, at + from, strict);
                }
            }
            return;
        }
        self.record.kept += 1;
        if let Some((from, original)) = coding.original {
            self.read(original, at + from);
        }
    }

    /// Whether words where a code and its text should stand are somebody's name.
    fn holds_name(&mut self, coding: &Coding<'_>, strict: bool) -> bool {
        let [first, second, third, ..] = coding.words;
        (strict && !coding.is_named(strict) && self.is_name(first, second))
            || third.bytes().any(|byte| byte.is_ascii_lowercase()) && self.is_name(second, third)
    }

    fn is_name(&mut self, family: &str, given: &str) -> bool {
        let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_alphabetic);
        if !is_word(family) || !is_word(given) || family.len() < 3 {
            return false;
        }
        let name = format!("{given} {family}");
        let texts = &mut self.work.manifest.text;
        !self.work.rewriter.edits(&name, None, texts).is_empty()
    }

    /// One component of a coded field, with its subcomponents.
    fn coded_part(&mut self, text: &'m str, at: usize, strict: bool) {
        let fits: fn(&str) -> bool = if strict {
            coded::is_token
        } else {
            coded::is_undated_code
        };
        let separator = self.delimiters.subcomponent;
        if fits(text) && !text.bytes().any(|byte| Some(byte) == separator) {
            self.record.kept += 1;
            return;
        }
        let mut subs = Split::at(text, self.delimiters.subcomponent).map(|(_, sub)| sub);
        let code = subs.next().unwrap_or("");
        let has_system = subs.nth(1).is_some_and(coded::is_system);
        if has_system && fits(code) {
            self.record.kept += 1;
            return;
        }
        for (from, sub) in Split::at(text, self.delimiters.subcomponent) {
            if sub.is_empty() || fits(sub) {
                self.record.kept += 1;
            } else if strict && coded::has_long_number(sub) {
                self.gone(sub, at + from);
            } else {
                self.read(sub, at + from);
            }
        }
    }

    /// A value of a kind, by the plan.
    fn of(&mut self, kind: Kind, text: &str, at: usize) {
        let mut parts = Split::at(text, self.delimiters.subcomponent)
            .map(|(_, part)| part)
            .filter(|part| !part.is_empty());
        let first = parts.next().unwrap_or("");
        if parts.next().is_none() && !self.has_escape(text) {
            return self.write(kind, first, at, at + text.len());
        }
        let is_name = matches!(kind, Kind::PersonName | Kind::OtherName);
        let whole = if is_name {
            let words = Split::at(text, self.delimiters.subcomponent).map(|(_, part)| part);
            Cow::Owned(words.collect::<Vec<_>>().join(" "))
        } else {
            Cow::Borrowed(first)
        };
        let value = self.plain(&whole).trim().to_owned();
        self.write(kind, &value, at, at + text.len());
    }

    /// Writes what becomes of a value in place of the bytes it stood in.
    fn write(&mut self, kind: Kind, value: &str, start: usize, end: usize) {
        let form = match kind {
            Kind::Date | Kind::BirthDate => Form::Hl7,
            _ => Form::Written,
        };
        self.write_as(kind, value, form, start, end);
    }

    fn write_as(&mut self, kind: Kind, value: &str, form: Form, start: usize, end: usize) {
        let fate = self.work.value(kind, value, form, self.person);
        self.record.count(kind, &fate);
        match fate {
            Fate::Kept => {
                // What stood beside the value does not stay with it.
                if self.text.get(start..end) != Some(value) {
                    self.edits.push_escaped(start, end, value, self.delimiters);
                }
            }
            Fate::Replaced(new) => self.edits.push_escaped(start, end, new, self.delimiters),
            Fate::Removed => self.edits.push(start, end, ""),
        }
    }

    fn gone(&mut self, text: &str, at: usize) {
        *self.record.suppressed.entry('R').or_default() += 1;
        self.note_gone('R');
        self.edits.push(at, at + text.len(), "");
    }

    /// What no rule knows.
    fn unknown(&mut self, text: &str, at: usize) {
        *self.record.suppressed.entry('-').or_default() += 1;
        self.work.manifest.undecided += 1;
        self.note_gone('-');
        self.edits.push(at, at + text.len(), "");
    }

    fn note_gone(&mut self, letter: char) {
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_letter(letter, Action::Suppress);
        }
    }

    fn has_escape(&self, text: &str) -> bool {
        self.delimiters
            .escape
            .is_some_and(|escape| text.bytes().any(|byte| byte == escape))
    }

    /// A value through its escapes; of subcomponents, the first that says something.
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = Split::at(text, self.delimiters.subcomponent)
            .map(|(_, part)| part)
            .find(|part| !part.is_empty())
            .unwrap_or("");
        if !self.has_escape(text) {
            return Cow::Borrowed(text);
        }
        let mut plain = Unescaped::default();
        plain.push(text, 0, self.delimiters);
        Cow::Owned(plain.text().to_owned())
    }
}

/// The components of a coded value that decide about it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four findings about one value, read once beside each other"
)]
struct Coding<'t> {
    has_code: bool,
    is_sound: bool,
    has_system: bool,
    is_local: bool,
    /// The original text, where it says more than the vocabulary.
    original: Option<(usize, &'t str)>,
    /// The first five components.
    words: [&'t str; 5],
}

impl<'t> Coding<'t> {
    fn of(text: &'t str, separator: u8) -> Self {
        let mut coding = Self {
            has_code: false,
            is_sound: true,
            has_system: false,
            is_local: false,
            original: None,
            words: [""; 5],
        };
        let (mut first, mut second) = ("", "");
        for (index, (from, part)) in Split::of(text, separator).enumerate() {
            if let Some(word) = coding.words.get_mut(index) {
                *word = part;
            }
            match index {
                _ if part.is_empty() => {}
                0 | 3 => {
                    let sound = coded::is_code(part);
                    coding.has_code |= sound;
                    coding.is_sound &= sound;
                }
                1 => first = part,
                4 => second = part,
                2 | 5 => {
                    coding.has_system |= coded::is_system(part);
                    coding.is_local |= part == "L" || part.starts_with("99");
                }
                8 if part != first && part != second => coding.original = Some((from, part)),
                _ => {}
            }
        }
        coding
    }

    /// Whether a number of somebody stands where a code should: its authority comes fourth.
    fn is_number_of(&self) -> bool {
        let [number, second, third, authority, _] = self.words;
        !number.is_empty() && second.is_empty() && third.is_empty() && authority.len() > 2
    }

    /// A third word of several where a coding system should stand, or a ZIP code in an address.
    fn is_misplaced(&self) -> bool {
        let [_, second, system, _, zip] = self.words;
        let names = !second.is_empty() && system.contains(' ') && !second.contains(' ');
        let zip = zip.split('-').next().unwrap_or("");
        names || zip.len() == 5 && zip.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn is_named(&self, strict: bool) -> bool {
        let named = if strict {
            self.has_system && !self.is_local
        } else {
            true
        };
        named && self.has_code && self.is_sound
    }
}

impl Edits {
    pub(super) fn push(&mut self, start: usize, end: usize, new: &str) {
        if start == end && new.is_empty() {
            return;
        }
        let from = self.letters.len();
        self.letters.push_str(new);
        self.edits.push((start, end, from, self.letters.len()));
    }

    pub(super) fn push_escaped(
        &mut self,
        start: usize,
        end: usize,
        new: &str,
        delimiters: Delimiters,
    ) {
        let from = self.letters.len();
        delimiters.escape_into(new, &mut self.letters);
        self.edits.push((start, end, from, self.letters.len()));
    }

    /// The message with its edits, to the end of `out`.
    fn write(&mut self, message: &Message, out: &mut Vec<u8>) {
        let text = message.text();
        self.edits.sort_by_key(|edit| (edit.0, edit.1));
        let mut done = 0;
        let mut rewritten = String::with_capacity(text.len());
        for &(start, end, from, to) in &self.edits {
            if start < done {
                // An edit inside another: the outer has it all.
                continue;
            }
            rewritten.push_str(text.get(done..start).unwrap_or(""));
            rewritten.push_str(self.letters.get(from..to).unwrap_or(""));
            done = end;
        }
        rewritten.push_str(text.get(done..).unwrap_or(""));
        out.extend_from_slice(&message.encode(&rewritten));
    }
}

/// `HL7 ADT^A01`: the first two components of the type, if they are codes.
fn document_name(message: &Message) -> String {
    let mut parts = Split::of(message.header(9), message.delimiters().component);
    let mut name = "HL7".to_owned();
    for mark in [' ', '^'] {
        let part = parts.next().map_or("", |(_, part)| part);
        if part.len() == 3
            && part
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        {
            name.push(mark);
            name.push_str(part);
        } else {
            break;
        }
    }
    name
}

/// What asks the receiver to delete the value it has.
pub(super) const DELETE: &str = "\"\"";
