//! Names, addresses and telephone numbers.

use formats::fhir::Element;

use super::{Shape, Walk, learn, rules};
use crate::{
    kind::Kind,
    label::Label,
    plan::Action,
    surrogate::Part,
    transform::{Fate, Form},
};

impl<'d> Walk<'_, '_, 'd, '_> {
    /// The patient's own name becomes the person's surrogate, any other name a code of its own.
    pub(super) fn human_name(&mut self, name: Element<'d>) -> bool {
        let whole = learn::name_of(name);
        if whole.is_empty() {
            return self.removed('A');
        }
        let own = self.resource == "Patient" && !self.of_relative && self.person.is_some();
        let (kind, person) = if own {
            (Kind::PersonName, self.person)
        } else {
            (Kind::OtherName, None)
        };
        if self.work.action(kind) == Action::Keep {
            return self.whole_name(name);
        }
        if self.work.asks_for_parts() && self.work.action(kind) == Action::Code {
            return self.invented_name(name, own);
        }
        let fate = self.work.value(kind, &whole, Form::Written, person);
        self.record.count(kind, &fate);
        let code = match fate {
            Fate::Kept => whole.as_str(),
            Fate::Replaced(code) => code,
            Fate::Removed => return false,
        };
        self.writer.replace(name.start(), name.end(), "{");
        if let Some(usage) = name.text_of("use").filter(|usage| rules::is_code(usage)) {
            self.writer.push("\"use\":");
            self.writer.push_text(&usage);
            self.writer.push(",");
        }
        self.writer.push("\"text\":");
        self.writer.push_text(code);
        self.writer.push("}");
        true
    }

    /// A name in the same parts, each invented.
    fn invented_name(&mut self, name: Element<'d>, own: bool) -> bool {
        self.members(name, |walk, member| {
            let value = member.value;
            let part = match member.key {
                "use" if value.text().is_some_and(|word| rules::is_code(&word)) => {
                    return walk.kept();
                }
                "family" => Part::Family,
                "given" => Part::Given,
                "text" => Part::Any,
                _ => return walk.removed('A'),
            };
            if value.shape() == Shape::List {
                return walk.list(value, |walk, word| walk.invented(word, own, part));
            }
            walk.invented(value, own, part)
        })
    }

    fn invented(&mut self, element: Element<'d>, own: bool, part: Part) -> bool {
        let Some(name) = element.text().filter(|name| !name.is_empty()) else {
            return self.removed('A');
        };
        self.work.people.make_ready();
        let made = match self.person {
            Some(person) => {
                let code = self.work.people.code(person, &mut self.work.rewriter);
                let subject = self.work.people.subject(person);
                let rewriter = &mut self.work.rewriter;
                rewriter.invented_name(&name, code, subject, own, part)
            }
            None => self.work.rewriter.invented(Label::Name, &name, None, part),
        };
        let Some(made) = made else {
            return self.removed('A');
        };
        let (start, end) = (element.start(), element.end());
        self.writer.replace_with_text(start, end, &made);
        self.changed('A')
    }

    /// A name that may stay.
    fn whole_name(&mut self, name: Element<'d>) -> bool {
        self.members(name, |walk, member| match member.key {
            "use" | "text" | "family" | "given" | "prefix" | "suffix" => {
                if member.value.each().all(Element::is_text) {
                    return walk.kept();
                }
                walk.removed('A')
            }
            "period" => walk.member(&member, name),
            _ => walk.removed('-'),
        })
    }

    /// State, country and what the plan leaves of the rest.
    pub(super) fn address(&mut self, address: Element<'d>) -> bool {
        self.members(address, |walk, member| {
            let value = member.value;
            match member.key {
                "state" | "country" => walk.state(value),
                "use" | "type" if value.text().is_some_and(|word| rules::is_code(&word)) => {
                    walk.kept()
                }
                "postalCode" => walk.ask(Kind::Zip, value),
                "city" => walk.ask(Kind::City, value),
                "line" if value.shape() == Shape::List => {
                    walk.list(value, |walk, line| walk.ask(Kind::Place, line))
                }
                "line" | "district" | "text" => walk.ask(Kind::Place, value),
                "period" => walk.member(&member, address),
                _ => walk.removed('B'),
            }
        })
    }

    fn state(&mut self, state: Element<'d>) -> bool {
        let name = state.text().unwrap_or_default();
        match self.work.value(Kind::State, &name, Form::Written, None) {
            Fate::Kept if !name.is_empty() => self.kept(),
            _ => self.removed('B'),
        }
    }

    /// A telephone number, mail or web address; without its value nothing of it stays.
    pub(super) fn contact_point(&mut self, contact: Element<'d>) -> bool {
        let kind = rules::contact_kind(contact);
        if self.work.action(kind) == Action::Suppress {
            return self.removed(kind.category().map_or('-', domain::Identifier::letter));
        }
        let mut has_value = false;
        let kept = self.members(contact, |walk, member| {
            let value = member.value;
            match member.key {
                "value" => {
                    has_value = walk.ask(kind, value);
                    has_value
                }
                "system" | "use" if value.text().is_some_and(|word| rules::is_code(&word)) => {
                    walk.kept()
                }
                "rank" if value.shape() == Shape::Number => walk.kept(),
                "period" => walk.member(&member, contact),
                _ => walk.removed('-'),
            }
        });
        kept && has_value
    }
}
