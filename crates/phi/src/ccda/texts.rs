//! Running text: narratives with their tables and lists, and short texts, read together.

use formats::ccda::{Element, Piece, Plain, Span};

use super::{
    coded,
    learn::plain,
    rules::{Context, Rule, value},
    tables::is_telling,
    walk::Walk,
};
use crate::{kind::Kind, plan::Action};

/// What a table's columns say, for the cells below.
#[derive(Debug, Default)]
pub(super) struct Table {
    headings: Vec<Option<String>>,
    column: usize,
    /// The last cell of this row was a heading of the row.
    after_heading: bool,
}

impl<'m> Walk<'_, '_, 'm> {
    /// Adds a short text that stands alone, such as an attribute's.
    pub(super) fn say(&mut self, written: &'m str, start: usize) {
        self.part(2);
        self.report.push(written, start);
        self.part(2);
    }

    /// Adds all the text of an element, whatever markup is inside.
    pub(super) fn narrative(&mut self, element: &Element<'m>, context: &Context<'m>) {
        self.part(2);
        let inner = context.inside(element, element.name(), Rule::Text);
        self.pieces(element, &inner, &mut Table::default());
        self.part(2);
        if self.report.text().len() > REPORT_MAX {
            self.flush();
        }
    }

    fn pieces(&mut self, element: &Element<'m>, context: &Context<'m>, table: &mut Table) {
        for piece in element.contents() {
            match piece {
                Piece::Element(inner) => self.markup(&inner, context, table),
                Piece::Text(span) => self.letters(&span),
                Piece::CData(span) => self.report.push_cdata(span.text, span.start),
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    fn markup(&mut self, element: &Element<'m>, context: &Context<'m>, table: &mut Table) {
        let name = element.name();
        let rule = match name {
            "renderMultiMedia" | "reference" | "linkHtml" => Rule::Structure,
            _ => Rule::Text,
        };
        self.attributes(element, name, rule, context);
        if is_binary(element) {
            return self.data(element, context);
        }
        match name {
            "table" => {
                self.part(2);
                self.pieces(element, context, &mut Table::of(element));
                self.part(2);
            }
            "tr" => {
                self.part(1);
                (table.column, table.after_heading) = (0, false);
                self.pieces(element, context, table);
                self.part(1);
            }
            "td" | "th" => self.cell(element, name, context, table),
            "paragraph" | "item" | "caption" | "list" | "br" | "thead" | "tbody" | "tfoot"
            | "footnote" | "p" | "div" | "li" | "ul" | "ol" | "title" | "text" | "h1" | "h2"
            | "h3" | "h4" => {
                self.part(1);
                self.pieces(element, context, table);
                self.part(1);
            }
            _ => self.pieces(element, context, table),
        }
    }

    fn cell(
        &mut self,
        element: &Element<'m>,
        name: &str,
        context: &Context<'m>,
        table: &mut Table,
    ) {
        let heading = table.headings.get(table.column).and_then(Option::as_ref);
        if table.after_heading {
            self.report.push_virtual(": ");
        } else if let Some(heading) = heading.filter(|_| name == "td") {
            self.part(1);
            self.report.push_virtual(heading);
            self.report.push_virtual(": ");
        } else if table.column > 0 {
            self.report.push_virtual("\t");
        }
        table.after_heading = false;
        self.pieces(element, context, table);
        let span: usize = value(element, "colspan").parse().unwrap_or(1);
        table.column = table.column.saturating_add(span.clamp(1, 100));
        table.after_heading = name == "th" && !self.report.text().trim_end().ends_with(':');
    }

    /// Text between tags; the blanks of indentation do not part words from each other.
    fn letters(&mut self, span: &Span<'m>) {
        if span.text.trim_ascii().is_empty() {
            if !self.report.text().ends_with([' ', '\n', '\t']) {
                self.report.push_virtual(" ");
            }
        } else {
            self.report.push(span.text, span.start);
        }
    }

    /// At least so many line breaks from what was said before.
    fn part(&mut self, breaks: usize) {
        let text = self.report.text();
        let trimmed = text.trim_end_matches([' ', '\t']);
        let there = trimmed.len() - trimmed.trim_end_matches('\n').len();
        if trimmed.is_empty() {
            return;
        }
        for _ in there..breaks {
            self.report.push_virtual("\n");
        }
    }

    /// Bytes are removed; what elements hold inside is handled as anywhere.
    pub(super) fn data(&mut self, element: &Element<'m>, context: &Context<'m>) {
        let inner = context.inside(element, element.name(), Rule::Data);
        for piece in element.contents() {
            match piece {
                Piece::Element(child) => self.element(&child, &inner),
                Piece::Text(span) | Piece::CData(span) if span.text.trim_ascii().is_empty() => {}
                Piece::Text(span) | Piece::CData(span) => {
                    *self.record.suppressed.entry('R').or_default() += 1;
                    self.edits.remove(span.start, span.end());
                }
                Piece::Comment(span) | Piece::Instruction(span) => {
                    self.edits.remove(span.start, span.end());
                }
            }
        }
    }

    /// Text where no text belongs.
    pub(super) fn stray(&mut self, span: &Span<'m>, is_cdata: bool) {
        if span.text.trim_ascii().is_empty() {
            return;
        }
        if !is_cdata && coded::is_running(span.text) && !coded::is_encoded(span.text) {
            self.work.manifest.undecided += 1;
            self.say(span.text, span.start);
        } else {
            self.count_unknown();
            self.edits.remove(span.start, span.end());
        }
    }

    /// Reads what was gathered, and writes what becomes of it.
    pub(super) fn flush(&mut self) {
        let plain = std::mem::take(&mut self.report);
        if !plain.text().trim().is_empty() {
            match self.work.plan.action(Kind::Text) {
                Action::Keep => self.record.kept += 1,
                Action::Text => self.search(&plain),
                _ => {
                    *self.record.suppressed.entry('-').or_default() += 1;
                    let all = plain.places(0, plain.text().len());
                    self.edits.push_over(&all, "");
                }
            }
        }
        self.report = plain;
        self.report.clear();
    }

    fn search(&mut self, plain: &Plain) {
        self.work.people.make_ready();
        let subject = self
            .identity
            .person
            .and_then(|person| self.work.people.subject(person));
        let texts = &mut self.work.manifest.text;
        let edits = self.work.rewriter.edits(plain.text(), subject, texts);
        if edits.is_empty() {
            self.record.kept += 1;
        }
        for (range, new) in &edits {
            let places = plain.places(range.start, range.end);
            self.edits.push_over(&places, new);
        }
    }
}

impl Table {
    /// The headings of a table that tell of persons.
    fn of(table: &Element<'_>) -> Self {
        let row = table
            .child("thead")
            .or_else(|| table.child("tbody"))
            .and_then(|head| head.child("tr"))
            .or_else(|| table.child("tr"));
        let mut headings = Vec::new();
        for cell in row.iter().flat_map(|row| row.contents().elements()) {
            let heading = plain(&cell);
            let is_heading = cell.name() == "th" && is_telling(&heading);
            headings.push(is_heading.then_some(heading));
        }
        if headings.iter().all(Option::is_none) {
            headings.clear();
        }
        Self {
            headings,
            ..Self::default()
        }
    }
}

/// Whether an element says that it holds bytes, or holds what looks like it.
pub(super) fn is_binary(element: &Element<'_>) -> bool {
    let media = value(element, "mediaType");
    let is_text = matches!(
        media,
        "" | "text/plain" | "text/x-hl7-text+xml" | "text/xml"
    );
    value(element, "representation") == "B64"
        || !is_text
        || element.contents().any(|piece| match piece {
            Piece::Text(span) | Piece::CData(span) => coded::is_encoded(span.text),
            _ => false,
        })
}

/// Texts longer than this are read before more is gathered.
const REPORT_MAX: usize = 64 << 10;
