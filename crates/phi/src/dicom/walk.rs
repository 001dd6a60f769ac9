//! One data set, element by element, sequences and all.

use formats::dicom::{self, Charset, DataSet, Element, Value, Vr};

use super::{
    Imaging, SafePrivate, dummy,
    mark::Done,
    rules::{Place, Policy, Rule},
    tags,
};
use crate::{
    kind::Kind,
    manifest::DocumentRecord,
    transform::{Deidentifier, Fate, Form, Individual},
};

/// A walk over one file.
pub(super) struct Walk<'w, 'a> {
    work: &'w mut Deidentifier<'a>,
    person: Option<Individual>,
    safe_private: &'w [SafePrivate],
    policy: Policy,
    record: DocumentRecord,
    kept_private: bool,
}

/// What the elements of one data set share.
struct Around {
    charset: Charset,
    place: Place,
    /// Blocks of private elements of which some may stay: group, block, creator.
    blocks: Vec<(u16, u16, String)>,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(super) fn new(
        work: &'w mut Deidentifier<'a>,
        person: Option<Individual>,
        imaging: &'w Imaging,
    ) -> Self {
        let policy = Policy::of(work.plan);
        Self {
            work,
            person,
            safe_private: &imaging.safe_private,
            policy,
            record: DocumentRecord {
                documents: 1,
                ..DocumentRecord::default()
            },
            kept_private: false,
        }
    }

    /// The data set of a file.
    pub(super) fn whole(&mut self, data: &mut DataSet<'_>) {
        self.data_set(data, false, false);
    }

    /// What was counted, and which options were applied.
    pub(super) fn finish(self, cleaned_pixels: bool) -> (DocumentRecord, Done) {
        let done = Done {
            policy: self.policy,
            cleaned_pixels,
            kept_private: self.kept_private,
        };
        (self.record, done)
    }

    fn data_set(&mut self, data: &mut DataSet<'_>, is_nested: bool, is_dummy: bool) {
        let around = Around {
            charset: data.charset,
            place: Place {
                is_nested,
                is_dummy,
                is_vocabulary: is_vocabulary(data),
            },
            blocks: self.safe_blocks(data),
        };
        data.elements
            .retain_mut(|element| self.element(element, &around));
    }

    /// Changes an element; whether it stays.
    fn element(&mut self, element: &mut Element<'_>, around: &Around) -> bool {
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.step(&element.tag.to_string());
        }
        if element.tag.is_private() {
            return self.private(element, around);
        }
        match self.policy.rule(element, around.place) {
            Rule::Keep => self.record.kept += 1,
            Rule::Remove(kind) => {
                self.gone(kind);
                return false;
            }
            Rule::Empty(kind) => self.empty(element, kind),
            Rule::Walk => self.items(element, around.place.is_dummy),
            Rule::WalkDummy => self.items(element, true),
            Rule::Uid => self.uids(element),
            Rule::Clean => self.clean(element, around.charset),
            Rule::Ask(kind) => self.ask(element, kind, around.charset),
            Rule::Dummy(kind) => self.dummy(element, kind, around.charset),
        }
        true
    }

    fn items(&mut self, element: &mut Element<'_>, is_dummy: bool) {
        if let Value::Items(items) = &mut element.value {
            for item in items {
                self.data_set(item, true, is_dummy);
            }
        }
    }

    fn empty(&mut self, element: &mut Element<'_>, kind: Kind) {
        if element.is_empty() {
            self.record.kept += 1;
        } else {
            element.clear();
            self.gone(kind);
        }
    }

    /// The plan's answer; what may not stand leaves the element empty.
    fn ask(&mut self, element: &mut Element<'_>, kind: Kind, charset: Charset) {
        let Some(value) = element.decode(charset) else {
            return self.empty(element, kind);
        };
        let value = trimmed(&value);
        let fate = self.work.value(kind, value, form(element.vr), self.person);
        self.record.count(kind, &fate);
        match fate {
            Fate::Kept => {}
            Fate::Replaced(text) => {
                let text = text.to_owned();
                element.set_text(&text, charset);
            }
            Fate::Removed => element.clear(),
        }
    }

    /// A code or a date without its day where the plan gives one; else a constant.
    fn dummy(&mut self, element: &mut Element<'_>, kind: Kind, charset: Charset) {
        if element.is_empty() {
            self.record.kept += 1;
            return;
        }
        let said = element
            .decode(charset)
            .filter(|_| dummy::may_say_something(kind, element.vr));
        let mut text = None;
        if let Some(value) = &said {
            let fate = self
                .work
                .value(kind, trimmed(value), form(element.vr), self.person);
            match fate {
                Fate::Kept => {
                    self.record.kept += 1;
                    return;
                }
                Fate::Replaced(new) if dummy::fits(new, element.vr) => text = Some(new.to_owned()),
                Fate::Replaced(_) | Fate::Removed => {}
            }
        }
        match text {
            Some(text) => element.set_text(&text, charset),
            None => dummy::put(element),
        }
        let fate = Fate::Replaced("");
        self.record.count(kind, &fate);
    }

    fn uids(&mut self, element: &mut Element<'_>) {
        let Some(text) = element.decode(Charset::default()) else {
            return self.empty(element, Kind::RecordId);
        };
        let mut mapped = String::with_capacity(text.len());
        for (index, uid) in text.split('\\').enumerate() {
            if index > 0 {
                mapped.push('\\');
            }
            let uid = trimmed(uid);
            if uid.is_empty() || dicom::is_standard_uid(uid) && is_number(uid) {
                mapped.push_str(uid);
            } else {
                mapped.push_str(&self.work.rewriter.uid(uid));
            }
        }
        if mapped == trimmed(&text) {
            self.record.kept += 1;
        } else {
            element.set_text(&mapped, Charset::default());
            self.record.count(Kind::RecordId, &Fate::Replaced(""));
        }
    }

    /// Every value through the text engine; what cannot be decoded goes.
    fn clean(&mut self, element: &mut Element<'_>, charset: Charset) {
        let Some(text) = element.decode(charset) else {
            self.work.manifest.undecided += 1;
            return self.empty(element, Kind::Undecided);
        };
        let mut cleaned = String::new();
        let mut is_changed = false;
        let has_many = element.vr.has_many_values();
        let whole = trimmed(&text);
        let values = whole.split(|letter| has_many && letter == '\\');
        for (index, value) in values.enumerate() {
            if index > 0 {
                cleaned.push('\\');
            }
            match self
                .work
                .value(Kind::Text, value, Form::Written, self.person)
            {
                Fate::Kept => cleaned.push_str(value),
                Fate::Replaced(new) => {
                    is_changed = true;
                    dummy::push_fitting(new, element.vr, &mut cleaned);
                }
                Fate::Removed => is_changed = true,
            }
        }
        if is_changed {
            element.set_text(&cleaned, charset);
            self.record.count(Kind::Text, &Fate::Replaced(""));
        } else {
            self.record.kept += 1;
        }
    }

    /// A private element stays only if its creator and number are listed as safe.
    fn private(&mut self, element: &Element<'_>, around: &Around) -> bool {
        let tag = element.tag;
        let is_sequence = matches!(element.value, Value::Items(_));
        let stays = !around.place.is_dummy
            && around.blocks.iter().any(|(group, block, creator)| {
                let is_creator = tag.1 == *block;
                let is_listed = tag.1 >> 8 == *block
                    && self.safe_private.iter().any(|safe| {
                        safe.creator == *creator
                            && safe.group == *group
                            && u16::from(safe.element) == tag.1 & 0xff
                    });
                tag.0 == *group && (is_creator || is_listed && !is_sequence)
            });
        if stays {
            self.kept_private = true;
            self.record.kept += 1;
        } else {
            self.gone(Kind::Undecided);
        }
        stays
    }

    /// The blocks whose creator is named by a safe element.
    fn safe_blocks(&self, data: &DataSet<'_>) -> Vec<(u16, u16, String)> {
        if self.safe_private.is_empty() {
            return Vec::new();
        }
        data.elements
            .iter()
            .filter(|element| element.tag.is_private() && matches!(element.tag.1, 0x10..=0xff))
            .filter_map(|element| {
                let creator = data.string(element.tag)?;
                let is_named = self
                    .safe_private
                    .iter()
                    .any(|safe| safe.creator == creator && safe.group == element.tag.0);
                is_named.then_some((element.tag.0, element.tag.1, creator))
            })
            .collect()
    }

    fn gone(&mut self, kind: Kind) {
        if kind == Kind::Undecided {
            self.work.manifest.undecided += 1;
        }
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_value(kind, crate::plan::Action::Suppress, "element");
        }
        self.record.count(kind, &Fate::Removed);
    }
}

/// Whether coded entries here are of a coding scheme that others know.
///
/// PS3.3 section 8.2: designators that begin with `99`, and `L`, are local.
fn is_vocabulary(data: &DataSet<'_>) -> bool {
    data.string(tags::CODING_SCHEME)
        .is_some_and(|scheme| SCHEMES.contains(&scheme.as_str()))
}

fn is_number(uid: &str) -> bool {
    uid.len() <= 64
        && uid
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Without padding.
fn trimmed(value: &str) -> &str {
    value.trim_end_matches([' ', '\0'])
}

const fn form(vr: Vr) -> Form {
    match vr {
        Vr::Da => Form::DicomDate,
        Vr::Dt => Form::DicomDateTime,
        Vr::As => Form::DicomAge,
        _ => Form::Written,
    }
}

/// Coding schemes of PS3.16 section 8 that public terminologies stand behind.
const SCHEMES: [&str; 24] = [
    "ACR", "ATC", "BARI", "BI", "CPT4", "C5", "DCM", "FMA", "I10", "I10C", "I10P", "I9", "I9C",
    "LN", "MDC", "NCIt", "NDC", "RADLEX", "SCT", "SNM3", "SRT", "UCUM", "UMLS", "RXNORM",
];
