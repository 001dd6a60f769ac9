//! One document, element by element.

use formats::ccda::{Document, Element, Piece, Plain};

use super::{
    coded,
    edits::Edits,
    learn::Identity,
    rules::{Context, Rule, rule_of, value},
    texts::is_binary,
};
use crate::{manifest::DocumentRecord, transform::Deidentifier};

/// A walk over one document.
pub(super) struct Walk<'w, 'a, 'm> {
    pub(super) work: &'w mut Deidentifier<'a>,
    pub(super) document: &'m Document,
    pub(super) identity: Identity,
    pub(super) edits: Edits,
    pub(super) record: DocumentRecord,
    /// The running text that waits to be read.
    pub(super) report: Plain,
    /// Where the last element begins that was said to be masked.
    pub(super) masked: Option<usize>,
}

impl<'w, 'a, 'm> Walk<'w, 'a, 'm> {
    pub(super) fn new(
        work: &'w mut Deidentifier<'a>,
        document: &'m Document,
        identity: Identity,
    ) -> Self {
        Self {
            work,
            document,
            identity,
            edits: Edits::default(),
            record: DocumentRecord {
                documents: 1,
                ..DocumentRecord::default()
            },
            report: Plain::default(),
            masked: None,
        }
    }

    pub(super) fn document(mut self) -> Vec<u8> {
        let top = Context::top();
        for piece in self.document.contents() {
            match piece {
                Piece::Element(root) => self.element(&root, &top),
                Piece::Instruction(span) if is_style_sheet(span.text) => self.record.kept += 1,
                Piece::Comment(span)
                | Piece::Instruction(span)
                | Piece::Text(span)
                | Piece::CData(span) => self.edits.remove(span.start, span.end()),
            }
        }
        self.flush();
        let name = document_name(self.document);
        self.work.count_document(&name, &self.record);
        self.edits.apply(self.document)
    }

    /// An element with its attributes and all it holds.
    pub(super) fn element(&mut self, element: &Element<'m>, context: &Context<'m>) {
        let name = element.name();
        let rule = rule_of(element, name, context);
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.step(name);
        }
        self.attributes(element, name, rule, context);
        match rule {
            Rule::Name => self.name(element, context),
            Rule::Address => self.address(element, context),
            Rule::Of(kind) => self.leaf(element, kind),
            Rule::Data => self.data(element, context),
            Rule::Text if is_binary(element) => self.data(element, context),
            Rule::Text => self.narrative(element, context),
            _ => self.structure(element, name, rule, context),
        }
    }

    fn structure(
        &mut self,
        element: &Element<'m>,
        name: &'m str,
        rule: Rule,
        context: &Context<'m>,
    ) {
        let inner = context.inside(element, name, rule);
        for piece in element.contents() {
            match piece {
                Piece::Element(child) => self.element(&child, &inner),
                Piece::Text(span) => self.stray(&span, false),
                Piece::CData(span) => self.stray(&span, true),
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    /// What no rule knows.
    pub(super) fn count_unknown(&mut self) {
        *self.record.suppressed.entry('-').or_default() += 1;
        if let Some(ledger) = self.work.rewriter.ledger() {
            ledger.note_letter('-', crate::plan::Action::Suppress);
        }
        self.work.manifest.undecided += 1;
    }

    pub(super) fn is_own_code(&self, text: &str) -> bool {
        self.work.rewriter.is_own_code(text)
    }
}

/// A style sheet that lies beside the document.
fn is_style_sheet(instruction: &str) -> bool {
    let Some(rest) = instruction.strip_prefix("<?xml-stylesheet") else {
        return false;
    };
    let Some((_, rest)) = rest.split_once("href=") else {
        return false;
    };
    let name = rest.split(['"', '\'']).nth(1).unwrap_or("");
    (1..=40).contains(&name.len())
        && coded::longest_digits(name) <= 4
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && instruction.len() <= 120
}

/// `C-CDA 34133-9`: the LOINC code of the document's type.
fn document_name(document: &Document) -> String {
    let code = document.root().and_then(|root| root.child("code"));
    let code = code.as_ref().map_or("", |code| value(code, "code"));
    let is_loinc = code.len() <= 10
        && code.contains('-')
        && code
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_loinc {
        format!("C-CDA {code}")
    } else {
        "C-CDA".to_owned()
    }
}
