//! The attributes of an element, each by its name.

use formats::ccda::{Attribute, Element};

use super::{
    coded,
    learn::decoded,
    rules::{Context, Rule, value},
    walk::Walk,
};
use crate::{age, dates, kind::Kind, transform::Fate, transform::Form};

impl<'m> Walk<'_, '_, 'm> {
    /// Handles every attribute of an element.
    pub(super) fn attributes(
        &mut self,
        element: &Element<'m>,
        name: &str,
        rule: Rule,
        context: &Context<'m>,
    ) {
        let mut is_identified = false;
        for attribute in element.attributes() {
            match attribute.local_name() {
                _ if attribute.name.starts_with("xmlns") => self.record.kept += 1,
                "root" | "extension" if rule == Rule::Template => {
                    self.stays_if(is_template(attribute.value), &attribute);
                }
                "root" | "extension" => is_identified = true,
                "assigningAuthorityName" => self.drop_or_code(&attribute, Kind::Employer),
                "value" => self.value(element, name, rule, context, &attribute),
                "code" => self.code(element, &attribute),
                "displayName" | "codeSystemName" => {
                    if is_standard(element) {
                        self.record.kept += 1;
                    } else {
                        self.say(attribute.value, attribute.value_start);
                    }
                }
                "codeSystem" | "codeSystemVersion" | "valueSet" | "valueSetVersion"
                | "valueSetName" => {
                    self.stays_if(is_system(attribute.value), &attribute);
                }
                "ID" | "IDREF" | "referencedObject" | "id" => {
                    self.anchor(&attribute, 0);
                }
                "href" | "src" | "url" => self.reference(element, &attribute),
                "unit" => self.stays_if(coded::is_unit(attribute.value), &attribute),
                "schemaLocation" | "noNamespaceSchemaLocation" => {
                    self.stays_if(coded::is_local_schema(attribute.value), &attribute);
                }
                "alt" | "summary" | "abbr" | "tooltip" => {
                    self.say(attribute.value, attribute.value_start);
                }
                local if STRUCTURAL.contains(&local) => {
                    self.stays_if(coded::is_token(attribute.value), &attribute);
                }
                _ => self.unknown_attribute(&attribute),
            }
        }
        if is_identified {
            self.identifier(element, context);
        }
    }

    fn value(
        &mut self,
        element: &Element<'m>,
        name: &str,
        rule: Rule,
        context: &Context<'m>,
        attribute: &Attribute<'m>,
    ) {
        match rule {
            _ if attribute.value.trim().is_empty() => self.record.kept += 1,
            Rule::Time(kind) => self.write_attribute(element, attribute, kind, 0),
            Rule::Telecom => self.telecom(element, attribute),
            _ if name == "reference" => self.reference(element, attribute),
            _ if coded::is_measure(attribute.value) => self.measured(element, context, attribute),
            _ => self.written(element, name, attribute),
        }
    }

    /// A number stays, unless it is an age over 89.
    fn measured(
        &mut self,
        element: &Element<'m>,
        context: &Context<'m>,
        attribute: &Attribute<'m>,
    ) {
        let high = attribute
            .value
            .trim()
            .parse::<f64>()
            .is_ok_and(age::is_over_89);
        let unit = value(element, "unit");
        let is_years = matches!(
            unit,
            "a" | "a_j" | "a_g" | "a_t" | "y" | "yr" | "yrs" | "Y" | "year" | "years"
        );
        if high && (is_years || context.is_age && unit.is_empty()) {
            self.write_attribute(element, attribute, Kind::Age, 0);
        } else {
            self.record.kept += 1;
        }
    }

    /// A value of which no type is known.
    fn written(&mut self, element: &Element<'m>, name: &str, attribute: &Attribute<'m>) {
        let text = attribute.value.trim();
        if matches!(text, "true" | "false") || name == "versionNumber" && text.len() <= 8 {
            self.record.kept += 1;
        } else if dates::is_finer_than_year(text) {
            self.write_attribute(element, attribute, Kind::Date, 0);
        } else if coded::is_running(text) {
            self.say(attribute.value, attribute.value_start);
        } else if self.is_own_code(text) {
            self.record.kept += 1;
        } else {
            self.mask(element, attribute);
            self.count_unknown();
        }
    }

    fn code(&mut self, element: &Element<'m>, attribute: &Attribute<'m>) {
        let system = value(element, "codeSystem");
        if coded::is_geographic(system) {
            let kind = if system.ends_with("231") {
                Kind::Zip
            } else {
                Kind::Place
            };
            self.write_attribute(element, attribute, kind, 0);
        } else if coded::is_standard(system) || coded::is_code(attribute.value) {
            self.record.kept += 1;
        } else if dates::is_finer_than_year(attribute.value) {
            self.write_attribute(element, attribute, Kind::Date, 0);
        } else {
            self.say(attribute.value, attribute.value_start);
        }
    }

    /// Stays inside the document, under the same name as its anchor; elsewhere it does not lead.
    fn reference(&mut self, element: &Element<'m>, attribute: &Attribute<'m>) {
        if attribute.value.starts_with('#') {
            self.anchor(attribute, 1);
        } else if self.is_anchored(attribute.value) {
            self.anchor(attribute, 0);
        } else if attribute.value.trim().is_empty() {
            self.record.kept += 1;
        } else {
            *self.record.suppressed.entry('N').or_default() += 1;
            self.mask(element, attribute);
        }
    }

    /// Whether a reference without its `#` is the name of a place in the document.
    fn is_anchored(&self, name: &str) -> bool {
        let mark = format!("ID=\"{name}\"");
        coded::is_anchor(name) && self.document.text().contains(&mark)
    }

    /// The name of a place in the document; one with a number or name of somebody gets a code.
    fn anchor(&mut self, attribute: &Attribute<'m>, prefix: usize) {
        let written = attribute.value.get(prefix..).unwrap_or("");
        let lower = written.to_lowercase();
        let is_named = self.identity.words.iter().any(|word| {
            lower
                .split(|letter: char| !letter.is_alphabetic())
                .any(|part| part == word)
        });
        if coded::is_anchor(written) && !is_named {
            self.record.kept += 1;
            return;
        }
        let name = decoded(written);
        let fate = self.work.value(Kind::RecordId, &name, Form::Written, None);
        self.record.count(Kind::RecordId, &fate);
        let (start, end) = (attribute.value_start + prefix, attribute.value_end());
        match fate {
            Fate::Kept => {}
            Fate::Replaced(new) => self.edits.push(start, end, new),
            Fate::Removed => self.edits.remove(attribute.start, attribute.end()),
        }
    }

    fn drop_or_code(&mut self, attribute: &Attribute<'m>, kind: Kind) {
        let name = decoded(attribute.value);
        let fate = self.work.value(kind, &name, Form::Written, None);
        self.record.count(kind, &fate);
        match fate {
            Fate::Kept => {}
            Fate::Replaced(new) => {
                self.edits
                    .push(attribute.value_start, attribute.value_end(), new);
            }
            Fate::Removed => self.edits.remove(attribute.start, attribute.end()),
        }
    }

    fn stays_if(&mut self, is_sound: bool, attribute: &Attribute<'m>) {
        if is_sound {
            self.record.kept += 1;
        } else {
            self.unknown_attribute(attribute);
        }
    }

    fn unknown_attribute(&mut self, attribute: &Attribute<'m>) {
        self.edits.remove(attribute.start, attribute.end());
        self.count_unknown();
    }

    /// Removes an attribute and says that its value is masked, where nothing says why it is
    /// missing.
    pub(super) fn mask(&mut self, element: &Element<'m>, attribute: &Attribute<'m>) {
        let is_said = element.attribute("nullFlavor").is_some()
            || self.masked.replace(element.start()) == Some(element.start());
        let instead = if is_said { "" } else { MASKED };
        self.edits
            .push_raw(attribute.start, attribute.end(), instead);
    }
}

fn is_standard(element: &Element<'_>) -> bool {
    coded::is_standard(value(element, "codeSystem"))
}

fn is_system(text: &str) -> bool {
    text.len() <= 120
        && text
            .bytes()
            .all(|byte| (byte.is_ascii_graphic() || byte == b' ') && byte != b'@')
}

/// An object identifier, a release date or a word.
fn is_template(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':'))
        && (coded::longest_digits(text) <= 8 && text.len() < 60)
}

const MASKED: &str = " nullFlavor=\"MSK\"";

/// Attributes whose values are words of the standard.
const STRUCTURAL: &[&str] = &[
    "typeCode",
    "classCode",
    "moodCode",
    "nullFlavor",
    "type",
    "use",
    "styleCode",
    "determinerCode",
    "contextControlCode",
    "contextConductionInd",
    "negationInd",
    "inversionInd",
    "independentInd",
    "isCriterionInd",
    "institutionSpecified",
    "operator",
    "inclusive",
    "qualifier",
    "mediaType",
    "representation",
    "language",
    "lang",
    "space",
    "compression",
    "charset",
    "integrityCheckAlgorithm",
    "listType",
    "border",
    "width",
    "height",
    "colspan",
    "rowspan",
    "align",
    "valign",
    "cellspacing",
    "cellpadding",
    "frame",
    "rules",
    "scope",
    "headers",
    "axis",
    "span",
    "char",
    "charoff",
    "revised",
    "currency",
    "partType",
    "displayable",
    "unsorted",
    "alignment",
    "currencyCode",
    "precision",
    "bgcolor",
];
