//! One document, element by element.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every rule of the walk answers alike: the value that stays, or nothing"
)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    link,
    rules::{self, Form},
};
use crate::{
    age, dates, label::Label, manifest::DocumentRecord, plan::Action, surrogate::Part,
    transform::Deidentifier, zip3::Zip3Table,
};

/// A walk over one resource and those it holds.
pub(super) struct Walk<'w, 'a> {
    work: &'w mut Deidentifier<'a>,
    /// The type of the resource that is being walked.
    resource: String,
    /// The patient it is about.
    person: Option<String>,
    /// What was counted in this resource so far.
    record: DocumentRecord,
    /// Inside `Patient.contact`: the names are those of relatives.
    of_relative: bool,
    /// Elements of an unknown type: only what is coded stays.
    coded_only: bool,
    /// Where the walk is, such as `Patient.contact.name`; kept only where somebody listens.
    path: String,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(super) fn new(work: &'w mut Deidentifier<'a>) -> Self {
        Self {
            work,
            resource: String::new(),
            person: None,
            record: DocumentRecord::default(),
            of_relative: false,
            coded_only: false,
            path: String::new(),
        }
    }

    /// A whole resource; nothing if it is none.
    pub(super) fn resource(&mut self, resource: &Value) -> Option<Value> {
        let fields = resource.as_object()?;
        let name = fields.get("resourceType")?.as_str()?.to_owned();
        let known = rules::is_known_type(&name);
        if !known && !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            self.suppressed('-');
            return None;
        }
        let outer = (
            std::mem::replace(&mut self.resource, name),
            self.person.clone(),
            std::mem::replace(&mut self.coded_only, !known),
        );
        self.person = self.person_of(fields).or(self.person.take());
        let outer_record = std::mem::take(&mut self.record);
        let walked = self.object(fields);
        self.count();
        self.record = outer_record;
        (self.resource, self.person, self.coded_only) = outer;
        Some(walked)
    }

    /// The elements of an object that no data type claims.
    fn object(&mut self, fields: &Map<String, Value>) -> Value {
        let mut output = Map::with_capacity(fields.len());
        for (key, value) in fields {
            let length = self.path.len();
            self.step_into(key);
            if let Some(kept) = self.element(key, value, fields) {
                output.insert(key.clone(), kept);
            }
            self.path.truncate(length);
        }
        Value::Object(output)
    }

    /// Keeps the path for those who listen for positions.
    fn step_into(&mut self, key: &str) {
        if self.work.rewriter.ledger().is_none() {
            return;
        }
        if self.path.is_empty() {
            self.path.push_str(&self.resource);
        }
        self.path.push('.');
        // A name that no element has could be a value.
        let is_plain = key.len() <= KEY_MAX && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.path.push_str(if is_plain { key } else { "?" });
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.step(&self.path);
        }
    }

    fn element(&mut self, key: &str, value: &Value, parent: &Map<String, Value>) -> Option<Value> {
        if key.starts_with('_') {
            return self.removed('-');
        }
        match key {
            "extension" | "modifierExtension" => return self.extensions(value),
            "contained" => return self.each(value, Self::resource),
            "resource" if value.get("resourceType").is_some() => return self.resource(value),
            "id" => return self.id(value, parent),
            "fullUrl" => return self.reference_text(value),
            "meta" => return Self::meta(value),
            "request" if self.resource == "Bundle" => return Some(Self::request(value)),
            "response" | "link" if self.resource == "Bundle" => return self.removed('N'),
            "text" if value.is_object() && value.get("coding").is_none() => {
                return self.removed('-');
            }
            "contact" if self.resource == "Patient" => {
                self.of_relative = true;
                let contact = self.value(key, value, parent);
                self.of_relative = false;
                return contact;
            }
            "uid" => return self.coded_text(Label::OtherId, value),
            "subscriberId" => return self.coded_text(Label::HealthPlan, value),
            _ => {}
        }
        if let Some(letter) = rules::is_removed(key) {
            return self.removed(letter);
        }
        self.value(key, value, parent)
    }

    fn value(&mut self, key: &str, value: &Value, parent: &Map<String, Value>) -> Option<Value> {
        match value {
            Value::Null => None,
            Value::Bool(_) => self.kept(value),
            Value::Number(number) => self.number(key, number.as_f64(), value),
            Value::String(text) => self.text(key, text, parent),
            Value::Array(items) => {
                let kept: Vec<_> = items
                    .iter()
                    .filter_map(|item| self.value(key, item, parent))
                    .collect();
                (!kept.is_empty()).then_some(Value::Array(kept))
            }
            Value::Object(fields) => self
                .typed(key, fields)
                .filter(|kept| kept.as_object().is_none_or(|kept| !kept.is_empty())),
        }
    }

    fn typed(&mut self, key: &str, fields: &Map<String, Value>) -> Option<Value> {
        match rules::form(key, fields) {
            Form::Coding => Some(self.coding(fields)),
            Form::Quantity => Some(self.quantity(fields)),
            Form::HumanName => self.human_name(fields),
            Form::Address => Some(self.address(fields)),
            Form::ContactPoint => self.removed('D'),
            Form::Identifier => self.identifier(fields),
            Form::Reference => self.reference(fields),
            Form::Attachment => self.attachment(fields),
            Form::Annotation => self.annotation(fields),
            Form::Narrative => self.removed('-'),
            Form::Other if fields.contains_key("resourceType") => {
                self.resource(&Value::Object(fields.clone()))
            }
            Form::Other => Some(self.object(fields)),
        }
    }

    /// A number stays, unless it is an age over 89.
    fn number(&mut self, key: &str, number: Option<f64>, value: &Value) -> Option<Value> {
        let is_age = key == "age" || key.ends_with("Age");
        if is_age && number.is_none_or(age::is_over_89) {
            return self.changed('C', json!(age::SHOWN_MAX + 1));
        }
        self.kept(value)
    }

    /// A string: a code stays, a date becomes its year, running text is read, the rest goes.
    fn text(&mut self, key: &str, text: &str, parent: &Map<String, Value>) -> Option<Value> {
        if text.is_empty() {
            return None;
        }
        if Self::looks_dated(key, text) {
            return self.year(text);
        }
        if rules::is_code_element(key) && rules::is_code(text) {
            return self.kept(&Value::String(text.to_owned()));
        }
        if key == "name"
            && matches!(
                self.resource.as_str(),
                "Organization" | "Location" | "HealthcareService"
            )
        {
            return self.coded(Label::Employer, text);
        }
        if key == "text" && repeats_a_display(text, parent) {
            return self.kept(&Value::String(text.to_owned()));
        }
        if key == "name" && !self.coded_only && !matches!(self.resource.as_str(), "Substance") {
            return self.coded(Label::Name, text);
        }
        if rules::is_text_element(key) && !self.coded_only {
            return self.read(text);
        }
        self.work.manifest.undecided += 1;
        self.removed('-')
    }

    /// Dates by their form: a string that begins like an ISO date is one, whatever its name.
    fn looks_dated(key: &str, text: &str) -> bool {
        let named = DATED.iter().any(|end| key.ends_with(end));
        let form = !rules::is_text_element(key) && dates::is_finer_than_year(text);
        named && dates::parse(text).is_some() || form
    }

    fn year(&mut self, text: &str) -> Option<Value> {
        match dates::to_year(text) {
            Some(year) if !age::year_reveals(year, self.work.rewriter.reference_year()) => {
                let year = year.to_string();
                if year == text {
                    self.kept(&json!(year))
                } else {
                    self.changed('C', json!(year))
                }
            }
            _ => self.removed('C'),
        }
    }

    /// Running text, read by the text engine with what is known about the patient.
    fn read(&mut self, text: &str) -> Option<Value> {
        Some(Value::String(self.note(text)))
    }

    fn note(&mut self, text: &str) -> String {
        let person = self.person.take();
        let note = self.work.note(text, person.as_deref());
        self.person = person;
        if note == text {
            self.record.kept += 1;
        }
        note
    }

    /// System and code stay, and with them what the vocabulary calls it.
    fn coding(&mut self, fields: &Map<String, Value>) -> Value {
        let mut output = Map::new();
        let of_vocabulary = fields.contains_key("system") && fields.contains_key("code");
        for (key, value) in fields {
            let kept = match key.as_str() {
                "system" | "code" | "version" | "userSelected" => self.kept(value),
                "display" if of_vocabulary => self.kept(value),
                "display" => value.as_str().and_then(|text| self.read(text)),
                _ => self.element(key, value, fields),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        Value::Object(output)
    }

    /// Value and unit stay; more than 89 years becomes "90 or more".
    fn quantity(&mut self, fields: &Map<String, Value>) -> Value {
        let years = ["code", "unit"].into_iter().any(|key| {
            fields
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|unit| YEARS.contains(&unit))
        });
        let over = fields
            .get("value")
            .and_then(Value::as_f64)
            .is_some_and(age::is_over_89);
        let mut output = Map::new();
        for (key, value) in fields {
            let kept = match key.as_str() {
                "value" | "unit" | "system" | "code" | "comparator" | "currency" => {
                    self.kept(value)
                }
                _ => self.element(key, value, fields),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        if years && over {
            output.insert("value".to_owned(), json!(age::SHOWN_MAX + 1));
            output.insert("comparator".to_owned(), json!(">="));
            self.changed('C', Value::Null);
        }
        Value::Object(output)
    }

    /// The patient's own name becomes the person's surrogate, any other name a code of its own.
    fn human_name(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let words = |key: &str| match fields.get(key) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text.as_str()],
            _ => Vec::new(),
        };
        let mut name: Vec<&str> = words("given");
        name.extend(words("family"));
        let name = if name.is_empty() {
            words("text").join(" ")
        } else {
            name.join(" ")
        };
        if name.is_empty() {
            return self.removed('A');
        }
        let own = self.resource == "Patient" && !self.of_relative;
        if self.work.invents() {
            return self.invented_name(fields, own);
        }
        let code = match self.person.clone() {
            Some(person) if own => {
                format!("NAME-{}", self.work.rewriter.bare_person_code(&person))
            }
            _ => self.work.rewriter.code(Label::Name, &name),
        };
        let mut output = Map::new();
        if let Some(usage) = fields
            .get("use")
            .and_then(Value::as_str)
            .filter(|usage| rules::is_code(usage))
        {
            output.insert("use".to_owned(), json!(usage));
        }
        output.insert("text".to_owned(), json!(code));
        if code == name {
            self.kept(&Value::Object(output))
        } else {
            self.changed('A', Value::Object(output))
        }
    }

    /// A name in the same parts, each invented.
    fn invented_name(&mut self, fields: &Map<String, Value>, own: bool) -> Option<Value> {
        let mut output = Map::new();
        for (key, part) in [
            ("family", Part::Family),
            ("given", Part::Given),
            ("text", Part::Any),
        ] {
            let made = match fields.get(key) {
                Some(Value::String(name)) => {
                    self.invented_part(name, own, part).map(|name| json!(name))
                }
                Some(Value::Array(names)) => {
                    let names = names.iter().filter_map(Value::as_str);
                    let made: Vec<String> = names
                        .filter_map(|name| self.invented_part(name, own, part))
                        .collect();
                    (!made.is_empty()).then(|| json!(made))
                }
                _ => None,
            };
            output.extend(made.map(|made| (key.to_owned(), made)));
        }
        let usage = fields.get("use").and_then(Value::as_str);
        if let Some(usage) = usage.filter(|usage| rules::is_code(usage)) {
            output.insert("use".to_owned(), json!(usage));
        }
        self.changed('A', Value::Object(output))
    }

    fn invented_part(&mut self, name: &str, own: bool, part: Part) -> Option<String> {
        self.work.people.make_ready();
        let Some(person) = self.person.clone() else {
            return self.work.rewriter.invented(Label::Name, name, None, part);
        };
        let code = self.work.rewriter.bare_person_code(&person);
        let subject = self.work.people.person(&person);
        self.work
            .rewriter
            .invented_name(name, code, subject, own, part)
    }

    /// State, country and three digits of the ZIP code.
    fn address(&mut self, fields: &Map<String, Value>) -> Value {
        let mut output = Map::new();
        for (key, value) in fields {
            let kept = match (key.as_str(), value.as_str()) {
                ("state" | "country", Some(name)) if is_name_of_state(name) => self.kept(value),
                ("use" | "type", Some(word)) if rules::is_code(word) => self.kept(value),
                ("postalCode", Some(zip)) => {
                    let shown = Zip3Table::census_2020().generalize(zip);
                    if shown == zip {
                        self.kept(value)
                    } else {
                        self.changed('B', json!(shown))
                    }
                }
                ("period", _) => self.value(key, value, fields),
                _ => self.removed('B'),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        Value::Object(output)
    }

    /// Use and type stay, the value becomes a code.
    fn identifier(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let label = rules::identifier_label(&Value::Object(fields.clone()));
        let mut output = Map::new();
        for (key, value) in fields {
            let kept = match key.as_str() {
                "use" => value
                    .as_str()
                    .filter(|word| rules::is_code(word))
                    .and_then(|_| self.kept(value)),
                "type" | "period" => self.value(key, value, fields),
                "system" => value
                    .as_str()
                    .filter(|system| PUBLIC_SYSTEMS.iter().any(|start| system.starts_with(start)))
                    .and_then(|_| self.kept(value)),
                "value" => self.coded_text(label, value),
                _ => self.removed('-'),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        Some(Value::Object(output))
    }

    /// The target under its new id; its display only if that names no person and no place.
    fn reference(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let mut output = Map::new();
        let target = fields
            .get("reference")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !target.is_empty() {
            let kept = self.reference_text(&json!(target))?;
            output.insert("reference".to_owned(), kept);
        }
        if let Some(name) = fields
            .get("type")
            .and_then(Value::as_str)
            .filter(|name| rules::is_known_type(name))
        {
            output.insert("type".to_owned(), json!(name));
        }
        if let Some(display) = fields.get("display").and_then(Value::as_str) {
            let known = self
                .work
                .people
                .type_of(link::key(target))
                .map(str::to_owned);
            let name = link::type_named(target)
                .map(str::to_owned)
                .or(known)
                .unwrap_or_default();
            let kept = if rules::is_clinical_target(&name) && !self.coded_only {
                self.read(display)
            } else {
                self.removed('A')
            };
            output.extend(kept.map(|kept| ("display".to_owned(), kept)));
        }
        (!output.is_empty()).then_some(Value::Object(output))
    }

    /// The same place under a new id; a search in place of a target is removed.
    fn reference_text(&mut self, value: &Value) -> Option<Value> {
        let reference = value.as_str()?;
        if reference.contains(['?', '|', ' ']) {
            return self.removed('R');
        }
        let code = self.key(link::key(reference), link::type_named(reference));
        let changed = link::with_key(reference, &code);
        if changed == reference {
            self.kept(value)
        } else {
            self.changed('R', json!(changed))
        }
    }

    /// The id of a resource; ids of elements say nothing and are removed.
    fn id(&mut self, value: &Value, parent: &Map<String, Value>) -> Option<Value> {
        let name = parent.get("resourceType").and_then(Value::as_str);
        let (Some(id), Some(name)) = (value.as_str(), name) else {
            return self.removed('R');
        };
        let code = self.key(id, Some(name));
        if code == id {
            self.kept(value)
        } else {
            self.changed('R', json!(code))
        }
    }

    /// The code of a resource's id: that of the person for patients.
    fn key(&mut self, id: &str, name: Option<&str>) -> String {
        let id = self.work.people.resolved(id).to_owned();
        let known = self.work.people.type_of(&id);
        if self.work.rewriter.is_own_code(&id) {
            id
        } else if name.or(known) == Some("Patient") {
            self.work.rewriter.person_code(&id)
        } else {
            self.work.rewriter.code(Label::OtherId, &id)
        }
    }

    /// Plain text is read; any other content, names and addresses of files go.
    fn attachment(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let plain = fields
            .get("contentType")
            .and_then(Value::as_str)
            .is_some_and(|content| {
                content
                    .trim()
                    .to_ascii_lowercase()
                    .starts_with("text/plain")
            });
        let mut output = Map::new();
        for (key, value) in fields {
            let kept = match key.as_str() {
                "contentType" | "language" => value
                    .as_str()
                    .filter(|word| rules::is_code(word))
                    .and_then(|_| self.kept(value)),
                "creation" => self.value(key, value, fields),
                "data" if plain && !self.coded_only => self.plain_text(value),
                _ => self.removed('-'),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        (!output.is_empty()).then_some(Value::Object(output))
    }

    fn plain_text(&mut self, data: &Value) -> Option<Value> {
        let bytes = STANDARD.decode(data.as_str()?.trim()).ok();
        let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return self.removed('-');
        };
        Some(Value::String(STANDARD.encode(self.note(&text))))
    }

    fn annotation(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let mut output = Map::new();
        for (key, value) in fields {
            let kept = match key.as_str() {
                "text" if !self.coded_only => value.as_str().and_then(|text| self.read(text)),
                "time" | "authorReference" => self.value(key, value, fields),
                "authorString" => self.removed('A'),
                _ => self.removed('-'),
            };
            output.extend(kept.map(|kept| (key.clone(), kept)));
        }
        (!output.is_empty()).then_some(Value::Object(output))
    }

    /// The extensions on the list, as codes.
    fn extensions(&mut self, value: &Value) -> Option<Value> {
        let mut kept = Vec::new();
        for extension in value.as_array().into_iter().flatten() {
            let url = extension
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let coded = rules::is_allowed_extension(url)
                .then(|| coded_extension(extension))
                .flatten();
            match coded {
                Some(coded) => kept.extend(self.kept(&coded)),
                None => {
                    let _gone = self.removed('-');
                }
            }
        }
        (!kept.is_empty()).then_some(Value::Array(kept))
    }

    fn each(
        &mut self,
        value: &Value,
        walk: impl Fn(&mut Self, &Value) -> Option<Value>,
    ) -> Option<Value> {
        let items = value.as_array()?;
        let kept: Vec<_> = items.iter().filter_map(|item| walk(self, item)).collect();
        (!kept.is_empty()).then_some(Value::Array(kept))
    }

    /// Profiles published by HL7 stay; tags and labels may name a site.
    fn meta(value: &Value) -> Option<Value> {
        let profiles: Vec<_> = value
            .get("profile")?
            .as_array()?
            .iter()
            .filter(|profile| {
                profile
                    .as_str()
                    .is_some_and(|url| url.starts_with("http://hl7.org/fhir/"))
            })
            .cloned()
            .collect();
        (!profiles.is_empty()).then(|| json!({ "profile": profiles }))
    }

    /// The method and the type of a bundle's request.
    fn request(value: &Value) -> Value {
        let method = value
            .get("method")
            .and_then(Value::as_str)
            .filter(|word| rules::is_code(word));
        let url = value.get("url").and_then(Value::as_str).unwrap_or_default();
        let name = url
            .split(['/', '?'])
            .next()
            .filter(|name| rules::is_known_type(name));
        let mut output = Map::new();
        output.extend(method.map(|method| ("method".to_owned(), json!(method))));
        output.extend(name.map(|name| ("url".to_owned(), json!(name))));
        Value::Object(output)
    }

    fn person_of(&self, fields: &Map<String, Value>) -> Option<String> {
        if self.resource == "Patient" {
            return Some(fields.get("id")?.as_str()?.to_owned());
        }
        ["subject", "patient", "beneficiary", "for"]
            .into_iter()
            .find_map(|key| {
                let id = link::key(fields.get(key)?.get("reference")?.as_str()?);
                Some(self.work.people.resolved(id).to_owned())
            })
    }

    fn coded_text(&mut self, label: Label, value: &Value) -> Option<Value> {
        match value.as_str() {
            Some(text) if !text.is_empty() => self.coded(label, text),
            _ => self.removed(label.identifier().letter()),
        }
    }

    fn coded(&mut self, label: Label, text: &str) -> Option<Value> {
        let code = self.work.rewriter.code(label, text);
        if code == text {
            self.kept(&json!(code))
        } else {
            self.changed(label.identifier().letter(), json!(code))
        }
    }

    fn kept(&mut self, value: &Value) -> Option<Value> {
        self.record.kept += 1;
        Some(value.clone())
    }

    fn changed(&mut self, letter: char, value: Value) -> Option<Value> {
        if let Some(ledger) = self.work.rewriter.ledger() {
            let transform = match letter {
                'C' => Action::Year,
                'B' => Action::Zip3,
                _ => Action::Code,
            };
            ledger.note_letter(letter, transform);
        }
        *self.record.changed.entry(letter).or_default() += 1;
        Some(value)
    }

    fn removed(&mut self, letter: char) -> Option<Value> {
        self.suppressed(letter);
        None
    }

    fn suppressed(&mut self, letter: char) {
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_letter(letter, Action::Suppress);
        }
        *self.record.suppressed.entry(letter).or_default() += 1;
    }

    /// Adds what was counted in one resource to the manifest.
    fn count(&mut self) {
        let counted = std::mem::take(&mut self.record);
        let record = self
            .work
            .manifest
            .documents
            .entry(self.resource.clone())
            .or_default();
        record.documents += 1;
        record.kept += counted.kept;
        for (letter, count) in counted.changed {
            *record.changed.entry(letter).or_default() += count;
        }
        for (letter, count) in counted.suppressed {
            *record.suppressed.entry(letter).or_default() += count;
        }
    }
}

const KEY_MAX: usize = 40;
const YEARS: &[&str] = &["a", "year", "years", "yr", "yrs", "y"];
const DATED: &[&str] = &[
    "date",
    "Date",
    "DateTime",
    "time",
    "timestamp",
    "Instant",
    "issued",
    "start",
    "end",
    "created",
    "recorded",
    "authoredOn",
    "started",
    "sent",
    "received",
    "lastModified",
    "assertedDate",
];
const PUBLIC_SYSTEMS: &[&str] = &[
    "http://hl7.org/fhir/sid/",
    "http://terminology.hl7.org/",
    "urn:ietf:rfc:3986",
];

/// Whether a concept's text says the same as one of its codings.
fn repeats_a_display(text: &str, concept: &Map<String, Value>) -> bool {
    let codings = concept.get("coding").and_then(Value::as_array);
    codings.into_iter().flatten().any(|coding| {
        coding.get("system").is_some()
            && coding.get("display").and_then(Value::as_str) == Some(text)
    })
}

/// Letters and blanks only, and short: `MA`, `Massachusetts`, `US`.
fn is_name_of_state(name: &str) -> bool {
    name.len() <= 30
        && name
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-'))
}

/// An extension with its codes and without its text.
fn coded_extension(extension: &Value) -> Option<Value> {
    let url = extension.get("url")?.clone();
    let mut output = Map::from_iter([("url".to_owned(), url)]);
    for key in ["valueCode", "valueCoding"] {
        output.extend(
            extension
                .get(key)
                .map(|value| (key.to_owned(), value.clone())),
        );
    }
    let inner: Vec<_> = extension
        .get("extension")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|inner| {
            let url = inner.get("url").and_then(Value::as_str).unwrap_or_default();
            rules::is_allowed_inner_extension(url)
        })
        .filter_map(coded_extension)
        .collect();
    if !inner.is_empty() {
        output.insert("extension".to_owned(), Value::Array(inner));
    }
    (output.len() > 1).then_some(Value::Object(output))
}
