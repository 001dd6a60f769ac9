//! What a document knows about its patient and those around them.

use formats::ccda::{Contents, Document, Element, Piece, Plain};

use super::rules::{Context, Owner, Rule, kind_by_root, rule_of, value};
use crate::{
    dates,
    kind::Kind,
    label::Label,
    transform::{Deidentifier, Fact, Individual},
};

/// Who the document is about.
#[derive(Default)]
pub(super) struct Identity {
    pub(super) person: Option<Individual>,
    /// The numbers that mean the patient.
    pub(super) keys: Vec<String>,
    /// The patient's first name in the document, in lower case.
    pub(super) own_name: String,
    /// Its words.
    pub(super) words: Vec<String>,
}

/// Takes in everything the document says about its persons.
pub(super) fn learn(work: &mut Deidentifier<'_>, document: &Document) -> Identity {
    let Some(root) = document.root() else {
        return Identity::default();
    };
    let mut identity = identity(work, &root);
    let mut facts = Facts {
        work,
        facts: Vec::new(),
    };
    let top = Context::top();
    if let Some(target) = root.child("recordTarget") {
        facts.element(&target, &top);
    }
    for element in root.contents().elements() {
        if element.name() != "recordTarget" {
            facts.element(&element, &top);
        }
    }
    let facts = facts.facts;
    if let Some(person) = identity.person {
        work.learn(person, facts);
    }
    identity.words = identity
        .own_name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_owned)
        .collect();
    identity
}

fn identity(work: &mut Deidentifier<'_>, root: &Element<'_>) -> Identity {
    let role = root
        .child("recordTarget")
        .and_then(|target| target.child("patientRole"));
    let patient = role.as_ref().and_then(|role| role.child("patient"));
    let mut keys: Vec<String> = role
        .iter()
        .flat_map(|role| role.contents().elements())
        .filter(|child| child.name() == "id")
        .filter(|id| kind_by_root(value(id, "root")) != Some(Kind::Ssn))
        .map(|id| key(&id))
        .filter(|key| !key.is_empty())
        .collect();
    if keys.is_empty() {
        keys.extend(
            role.as_ref()
                .and_then(|role| role.child("id"))
                .map(|id| key(&id)),
        );
        keys.extend(root.child("id").map(|id| key(&id)));
        keys.retain(|key| !key.is_empty());
        keys.truncate(1);
    }
    let birth = patient.as_ref().and_then(|one| one.child("birthTime"));
    let birth = birth.as_ref().map(|birth| value(birth, "value"));
    let borrowed: Vec<&str> = keys.iter().map(String::as_str).collect();
    let name = patient.as_ref().and_then(|one| one.child("name"));
    Identity {
        person: work.person_known_by(&borrowed, birth),
        own_name: name.map_or_else(String::new, |name| spoken(&name).to_lowercase()),
        words: Vec::new(),
        keys,
    }
}

/// The extension, else the root.
fn key(id: &Element<'_>) -> String {
    let extension = decoded(value(id, "extension"));
    match extension.trim() {
        "" => value(id, "root").to_owned(),
        extension => extension.to_owned(),
    }
}

/// Gathers the facts of elements.
struct Facts<'w, 'a> {
    work: &'w Deidentifier<'a>,
    facts: Vec<Fact>,
}

impl Facts<'_, '_> {
    fn element(&mut self, element: &Element<'_>, context: &Context<'_>) {
        let name = element.name();
        if NARRATIVE.contains(&name) || self.facts.len() >= FACTS_MAX {
            return;
        }
        match rule_of(element, name, context) {
            Rule::Name => self.name(element, context.owner),
            Rule::Address => self.address(element),
            Rule::Telecom => self.telecom(value(element, "value")),
            Rule::Id => self.id(element, context),
            Rule::Time(Kind::BirthDate) if context.owner == Owner::Patient => {
                let day = value(element, "value").get(..8);
                let day = day.filter(|day| dates::is_finer_than_year(day));
                self.facts.extend(day.map(|day| Fact::Date(day.to_owned())));
            }
            Rule::Structure => {
                let inner = context.inside(element, name, Rule::Structure);
                for child in element.contents().elements() {
                    self.element(&child, &inner);
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, element: &Element<'_>, owner: Owner) {
        let name = spoken(element);
        match owner {
            Owner::Patient => self.add(Fact::Name, &name),
            Owner::Person => self.add(Fact::Relative, &name),
            Owner::Organization if name.len() > 7 && name.contains(' ') => {
                self.add(|name| Fact::Number(Label::Employer, name), &name);
            }
            Owner::Organization | Owner::Thing => {}
        }
    }

    fn address(&mut self, element: &Element<'_>) {
        let mut lines = Vec::new();
        for part in element.contents().elements() {
            if matches!(part.name(), "streetAddressLine" | "city" | "postalCode") {
                let line = plain(&part);
                if line.bytes().filter(|byte| *byte != b'0').count() > 3 {
                    lines.push(line);
                }
            }
        }
        self.add(Fact::Address, &lines.join("\n"));
    }

    fn telecom(&mut self, written: &str) {
        let number = decoded(written);
        let number = number.trim();
        let after = number.split_once(':').map_or(number, |(_, rest)| rest);
        let after = after.trim_start_matches('/').to_owned();
        let label = if after.contains('@') {
            Label::Email
        } else if number.starts_with("http") {
            return;
        } else {
            Label::Phone
        };
        self.add(|value| Fact::Number(label, value), &after);
    }

    fn id(&mut self, element: &Element<'_>, context: &Context<'_>) {
        let kind = kind_by_root(value(element, "root")).unwrap_or(context.ids);
        let telling = kind != Kind::RecordId
            || matches!(context.parent, "encompassingEncounter" | "ClinicalDocument");
        let number = decoded(value(element, "extension"));
        if telling && number.trim().len() > 3 {
            let label = kind.label().unwrap_or(Label::OtherId);
            self.add(|value| Fact::Number(label, value), &number);
        }
    }

    fn add(&mut self, fact: impl Fn(String) -> Fact, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.facts.len() >= FACTS_MAX || self.work.rewriter.is_own_code(text)
        {
            return;
        }
        let fact = fact(text.to_owned());
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }
}

/// Given and family names in the order people write, or the text of a name without parts.
pub(super) fn spoken(name: &Element<'_>) -> String {
    let (mut given, mut family) = (Vec::new(), Vec::new());
    for part in name.contents().elements() {
        match part.name() {
            "given" => given.push(plain(&part)),
            "family" => family.push(plain(&part)),
            _ => {}
        }
    }
    given.append(&mut family);
    given.retain(|word| !word.is_empty());
    if given.is_empty() {
        return plain(name);
    }
    given.join(" ")
}

/// The text of an element, blanks drawn together.
pub(super) fn plain(element: &Element<'_>) -> String {
    let mut text = Plain::default();
    push_all(element.contents(), &mut text);
    let words: Vec<&str> = text.text().split_whitespace().collect();
    words.join(" ")
}

fn push_all(contents: Contents<'_>, text: &mut Plain) {
    for piece in contents {
        match piece {
            Piece::Element(element) => push_all(element.contents(), text),
            Piece::Text(span) => text.push(span.text, span.start),
            Piece::CData(span) => text.push_cdata(span.text, span.start),
            Piece::Comment(_) | Piece::Instruction(_) => {}
        }
    }
}

/// An attribute's value through its entities.
pub(super) fn decoded(written: &str) -> String {
    let mut plain = Plain::default();
    plain.push(written, 0);
    plain.text().to_owned()
}

/// More facts of one document are not searched for.
const FACTS_MAX: usize = 120;
const NARRATIVE: &[&str] = &["text", "title", "originalText"];
