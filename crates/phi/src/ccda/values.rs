//! Names, addresses, numbers and dates.

use formats::ccda::{Attribute, Contents, Element, Piece, Place, Plain};

use super::{
    coded,
    learn::{decoded, spoken},
    rules::{Context, Owner, Rule, kind_by_root, rule_of},
    walk::Walk,
};
use crate::{
    kind::Kind,
    plan::Action,
    transform::{Fate, Form},
};

/// One part of a name and where it stands.
struct NamePart {
    /// 0 a family name, 1 a given name, 2 text without an element, 3 titles.
    order: u8,
    text: String,
    places: Vec<Place>,
}

impl<'m> Walk<'_, '_, 'm> {
    /// A name: one code for all of it, where the family name stood.
    pub(super) fn name(&mut self, element: &Element<'m>, context: &Context<'m>) {
        let kind = match context.owner {
            Owner::Thing => return self.narrative(element, context),
            Owner::Organization => Kind::Employer,
            Owner::Patient => Kind::PersonName,
            Owner::Person => Kind::OtherName,
        };
        let name = spoken(element);
        let is_own = kind == Kind::OtherName && name.to_lowercase() == self.identity.own_name;
        let kind = if is_own { Kind::PersonName } else { kind };
        let mut parts = Vec::new();
        self.parts_of_name(element, context, &mut parts);
        if self.work.asks_for_parts() && kind != Kind::Employer {
            return self.write_parts(kind, parts);
        }
        let mut places: Vec<(u8, Place)> = Vec::new();
        for part in parts {
            let order = part.order;
            places.extend(part.places.into_iter().map(|place| (order, place)));
        }
        // The family name first, then the given ones, then the rest.
        places.sort_by_key(|(order, place)| (*order, place.start));
        let places: Vec<Place> = places.into_iter().map(|(_, place)| place).collect();
        self.write(kind, &name, Form::Written, &places);
    }

    /// Every part by itself; titles and what else is no name go.
    fn write_parts(&mut self, kind: Kind, parts: Vec<NamePart>) {
        for part in parts {
            let form = match part.order {
                0 => Form::Family,
                1 => Form::Given,
                2 => Form::Written,
                _ => {
                    self.edits.push_over(&part.places, "");
                    continue;
                }
            };
            self.write(kind, part.text.trim(), form, &part.places);
        }
    }

    fn parts_of_name(
        &mut self,
        element: &Element<'m>,
        context: &Context<'m>,
        parts: &mut Vec<NamePart>,
    ) {
        let inner = Context {
            parent: "name",
            ..*context
        };
        for piece in element.contents() {
            match piece {
                Piece::Element(part) => {
                    let name = part.name();
                    if matches!(rule_of(&part, name, &inner), Rule::Time(_) | Rule::Id) {
                        self.element(&part, &inner);
                        continue;
                    }
                    self.attributes(&part, name, Rule::Structure, &inner);
                    let order = match name {
                        "family" => 0,
                        "given" => 1,
                        _ => 3,
                    };
                    let (text, places) = self.letters_of(&part);
                    parts.push(NamePart {
                        order,
                        text,
                        places,
                    });
                }
                Piece::Text(_) | Piece::CData(_) => {
                    let mut plain = Plain::default();
                    push(&piece, &mut plain);
                    let (text, places) = trimmed(&plain);
                    parts.push(NamePart {
                        order: 2,
                        text: text.to_owned(),
                        places,
                    });
                }
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    /// An address, part by part.
    pub(super) fn address(&mut self, element: &Element<'m>, context: &Context<'m>) {
        let inner = context.inside(element, "addr", Rule::Address);
        for piece in element.contents() {
            match &piece {
                Piece::Element(part) => {
                    let name = part.name();
                    match rule_of(part, name, &inner) {
                        Rule::Structure | Rule::Text => {
                            self.attributes(part, name, Rule::Structure, &inner);
                            self.leaf(part, Kind::Place);
                        }
                        _ => self.element(part, &inner),
                    }
                }
                Piece::Text(_) | Piece::CData(_) => {
                    let mut plain = Plain::default();
                    push(&piece, &mut plain);
                    let (text, places) = trimmed(&plain);
                    if text.chars().any(char::is_alphanumeric) {
                        self.write(Kind::Place, text, Form::Written, &places);
                    }
                }
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    /// An element whose text is one value.
    pub(super) fn leaf(&mut self, element: &Element<'m>, kind: Kind) {
        let (text, places) = self.letters_of(element);
        self.write(kind, &text, Form::Written, &places);
    }

    /// All the text in an element, without the blanks around it; what else stands there goes.
    fn letters_of(&mut self, element: &Element<'m>) -> (String, Vec<Place>) {
        let mut plain = Plain::default();
        self.gather(element.contents(), &mut plain);
        let (text, places) = trimmed(&plain);
        (text.to_owned(), places)
    }

    fn gather(&mut self, contents: Contents<'m>, plain: &mut Plain) {
        for piece in contents {
            match &piece {
                Piece::Element(inner) => {
                    self.attributes(inner, inner.name(), Rule::Structure, &Context::top());
                    self.gather(inner.contents(), plain);
                }
                Piece::Text(_) | Piece::CData(_) => push(&piece, plain),
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    /// Writes what becomes of a value in place of the text it stood in.
    pub(super) fn write(&mut self, kind: Kind, value: &str, form: Form, places: &[Place]) {
        let fate = self.work.value(kind, value, form, self.identity.person);
        if value.is_empty() {
            // Titles without a name.
            return self.edits.push_over(places, "");
        }
        self.record.count(kind, &fate);
        match fate {
            Fate::Kept => {}
            Fate::Replaced(new) => self.edits.push_over(places, new),
            Fate::Removed => self.edits.push_over(places, ""),
        }
    }

    /// Writes what becomes of an attribute's value, after a prefix that stays.
    pub(super) fn write_attribute(
        &mut self,
        element: &Element<'m>,
        attribute: &Attribute<'m>,
        kind: Kind,
        prefix: usize,
    ) {
        let value = decoded(attribute.value.get(prefix..).unwrap_or(attribute.value));
        let form = match kind {
            Kind::Date | Kind::BirthDate => Form::Hl7,
            Kind::Age => Form::Number,
            _ => Form::Written,
        };
        let fate = self
            .work
            .value(kind, value.trim(), form, self.identity.person);
        self.record.count(kind, &fate);
        let start = attribute.value_start + prefix;
        match fate {
            Fate::Kept => {}
            Fate::Replaced(new) => self.edits.push(start, attribute.value_end(), new),
            Fate::Removed => self.mask(element, attribute),
        }
    }

    /// The number of something, and who gave it out.
    pub(super) fn identifier(&mut self, element: &Element<'m>, context: &Context<'m>) {
        let root = element.attribute("root");
        let written = root.map_or("", |root| root.value.trim());
        let extension = element
            .attribute("extension")
            .filter(|extension| !extension.value.trim().is_empty());
        let Some(extension) = extension else {
            if let Some(root) = root.filter(|_| !coded::is_national(written)) {
                self.new_root(&root);
            }
            return;
        };
        let number = decoded(extension.value);
        let is_key = self.identity.keys.iter().any(|key| key == number.trim());
        let kind = match kind_by_root(written) {
            Some(Kind::Ssn) => Kind::Ssn,
            _ if is_key => Kind::PersonId,
            Some(kind) => kind,
            None => context.ids,
        };
        self.write_attribute(element, &extension, kind, 0);
        let is_personal = written
            .split('.')
            .any(|arc| arc.len() > 3 && self.identity.keys.iter().any(|key| key == arc));
        if let Some(root) = root.filter(|_| is_personal || !coded::is_authority(written)) {
            self.new_root(&root);
        }
    }

    /// A root that is the identifier itself.
    fn new_root(&mut self, root: &Attribute<'m>) {
        let written = root.value.trim();
        if written.is_empty() || self.work.action(Kind::RecordId) == Action::Keep {
            self.record.kept += 1;
            return;
        }
        let uid = self.work.rewriter.uid(written);
        if uid == written {
            self.record.kept += 1;
        } else {
            *self.record.changed.entry('R').or_default() += 1;
            self.edits.push(root.value_start, root.value_end(), &uid);
        }
    }

    /// A telephone number, mail or web address, by its scheme.
    pub(super) fn telecom(&mut self, element: &Element<'m>, attribute: &Attribute<'m>) {
        let written = attribute.value;
        let scheme = written.split(':').next().unwrap_or("");
        let named = SCHEMES
            .iter()
            .find(|(name, _)| scheme.trim().eq_ignore_ascii_case(name));
        let (kind, prefix) = match named {
            Some((_, kind)) if written.len() > scheme.len() => (*kind, scheme.len() + 1),
            _ if written.contains('@') => (Kind::Email, 0),
            _ if written.contains("www.") => (Kind::Url, 0),
            _ => (Kind::Phone, 0),
        };
        let rest = written.get(prefix..).unwrap_or("");
        if rest.chars().any(char::is_alphanumeric) {
            self.write_attribute(element, attribute, kind, prefix);
        } else {
            self.record.kept += 1;
        }
    }
}

fn push(piece: &Piece<'_>, plain: &mut Plain) {
    match piece {
        Piece::Text(span) => plain.push(span.text, span.start),
        Piece::CData(span) => plain.push_cdata(span.text, span.start),
        _ => {}
    }
}

/// The text without the blanks around it, and where it stands.
fn trimmed(plain: &Plain) -> (&str, Vec<Place>) {
    let text = plain.text();
    let start = text.len() - text.trim_start().len();
    let inner = text.trim();
    (inner, plain.places(start, start + inner.len()))
}

const SCHEMES: [(&str, Kind); 12] = [
    ("tel", Kind::Phone),
    ("fax", Kind::Fax),
    ("sms", Kind::Phone),
    ("x-text-fax", Kind::Fax),
    ("x-text-tel", Kind::Phone),
    ("mailto", Kind::Email),
    ("http", Kind::Url),
    ("https", Kind::Url),
    ("ftp", Kind::Url),
    ("file", Kind::Url),
    ("nfs", Kind::Url),
    ("mllp", Kind::Ip),
];
