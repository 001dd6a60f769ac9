//! Where everything stands in a document.

use quick_xml::{Reader, events::Event};

use super::{
    DEPTH_MAX, ROOT,
    attributes::{Attribute, Attributes, local},
    malformed,
    plain::entity,
};
use crate::ReadError;

/// The pieces of a document in its order, each with its place.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    kind: Kind,
    /// Of an element, its start tag; else all of it.
    start: usize,
    end: usize,
    /// Of an element: how long its name is with its prefix.
    name: u32,
    /// Of an element: the first node after it.
    next: u32,
    /// Of an element: where its end tag begins; its end for `<a/>`.
    close: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Element,
    Text,
    CData,
    Comment,
    Instruction,
}

/// A stretch of the document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'d> {
    /// Where it begins.
    pub start: usize,
    /// The letters as they stand in the document.
    pub text: &'d str,
}

/// One piece of a document.
#[derive(Clone, Debug)]
pub enum Piece<'d> {
    /// An element with all it holds.
    Element(Element<'d>),
    /// Text with its entities.
    Text(Span<'d>),
    /// `<![CDATA[...]]>`; the span is what stands inside.
    CData(Span<'d>),
    /// `<!--...-->`, all of it.
    Comment(Span<'d>),
    /// `<?...?>`, all of it, but for the XML declaration, which is no piece.
    Instruction(Span<'d>),
}

/// An element.
#[derive(Clone)]
pub struct Element<'d> {
    contents: Contents<'d>,
    node: Node,
}

/// The pieces inside an element, in order.
#[derive(Clone)]
pub struct Contents<'d> {
    text: &'d str,
    nodes: &'d [Node],
    at: usize,
    end: usize,
}

impl Span<'_> {
    /// Where it ends.
    pub const fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl<'d> Element<'d> {
    /// The name without its prefix.
    #[inline]
    pub fn name(&self) -> &'d str {
        local(self.qualified_name())
    }

    /// The name with its prefix.
    #[inline]
    pub fn qualified_name(&self) -> &'d str {
        let start = self.node.start + 1;
        let end = start.saturating_add(self.node.name as usize);
        self.contents.text.get(start..end).unwrap_or("")
    }

    /// The attributes, in order.
    #[inline]
    pub fn attributes(&self) -> Attributes<'d> {
        let (rest, at) = inside(self.contents.text, &self.node);
        Attributes::of(rest, at)
    }

    /// The first attribute of a name without prefix.
    pub fn attribute(&self, name: &str) -> Option<Attribute<'d>> {
        self.attributes()
            .find(|attribute| attribute.local_name() == name)
    }

    /// What it holds.
    #[inline]
    pub fn contents(&self) -> Contents<'d> {
        self.contents.clone()
    }

    /// The first element inside of a name without prefix.
    pub fn child(&self, name: &str) -> Option<Self> {
        self.contents()
            .elements()
            .find(|child| child.name() == name)
    }

    /// Where its start tag begins.
    #[inline]
    pub fn start(&self) -> usize {
        self.node.start
    }

    /// Where in its start tag another attribute may be written.
    pub fn end_of_attributes(&self) -> usize {
        let (rest, at) = inside(self.contents.text, &self.node);
        at + rest.trim_ascii_end().len()
    }

    /// Where its contents stand; empty at the end of the tag for `<a/>`.
    pub fn inner(&self) -> std::ops::Range<usize> {
        self.node.end..self.node.close
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Element")
            .field("name", &self.qualified_name())
            .finish_non_exhaustive()
    }
}

impl<'d> Contents<'d> {
    /// The elements among the pieces.
    pub fn elements(self) -> impl Iterator<Item = Element<'d>> {
        self.filter_map(|piece| match piece {
            Piece::Element(element) => Some(element),
            _ => None,
        })
    }
}

impl std::fmt::Debug for Contents<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents").finish_non_exhaustive()
    }
}

impl<'d> Iterator for Contents<'d> {
    type Item = Piece<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let node = *self.nodes.get(self.at)?;
        let here = self.at;
        self.at += 1;
        let span = |from: usize, to: usize| Span {
            start: node.start + from,
            text: self
                .text
                .get(node.start + from..node.end - to)
                .unwrap_or(""),
        };
        Some(match node.kind {
            Kind::Element => {
                self.at = node.next as usize;
                Piece::Element(Element {
                    contents: Contents {
                        at: here + 1,
                        end: node.next as usize,
                        ..*self
                    },
                    node,
                })
            }
            Kind::Text => Piece::Text(span(0, 0)),
            Kind::CData => Piece::CData(span("<![CDATA[".len(), "]]>".len())),
            Kind::Comment => Piece::Comment(span(0, 0)),
            Kind::Instruction => Piece::Instruction(span(0, 0)),
        })
    }
}

impl Tree {
    /// Reads a whole document; `base` is where `text` stands in the file.
    pub(super) fn of(name: &str, text: &str, base: u64) -> Result<Self, ReadError> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = true;
        config.allow_dangling_amp = false;
        let mut build = Build {
            text,
            nodes: Vec::with_capacity(text.len() / 48),
            open: Vec::new(),
            start: 0,
            has_root: false,
        };
        loop {
            let event = reader
                .read_event()
                .map_err(|_| malformed(name, NOT_XML, base + reader.error_position()))?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            if matches!(event, Event::Eof) {
                break;
            }
            build
                .take(&event, end)
                .map_err(|why| malformed(name, why, base + build.start as u64))?;
            build.start = end;
        }
        if !build.open.is_empty() || !build.has_root {
            let why = "it ends before its elements do";
            return Err(malformed(name, why, base + text.len() as u64));
        }
        Ok(Self { nodes: build.nodes })
    }

    pub(super) fn contents<'d>(&'d self, text: &'d str) -> Contents<'d> {
        Contents {
            text,
            nodes: &self.nodes,
            at: 0,
            end: self.nodes.len(),
        }
    }
}

struct Build<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    open: Vec<usize>,
    start: usize,
    has_root: bool,
}

impl Build<'_> {
    fn take(&mut self, event: &Event<'_>, end: usize) -> Result<(), &'static str> {
        match event {
            Event::Start(tag) => self.element(tag.name().as_ref().len(), end, false),
            Event::Empty(tag) => self.element(tag.name().as_ref().len(), end, true),
            Event::End(_) => {
                self.close();
                Ok(())
            }
            Event::Text(_) => self.letters(end),
            Event::GeneralRef(_) => match entity(self.text.get(self.start..end).unwrap_or("")) {
                Some(_) => self.letters(end),
                None => Err("an entity that is neither one of XML's five nor a character"),
            },
            Event::CData(_) if self.open.is_empty() => Err("text outside the document"),
            Event::CData(_) => self.leaf(Kind::CData, end),
            Event::Comment(_) => self.leaf(Kind::Comment, end),
            Event::PI(_) => self.leaf(Kind::Instruction, end),
            Event::Decl(_) if self.start == 0 => Ok(()),
            Event::Decl(_) => Err("a second XML declaration"),
            Event::DocType(_) => Err("a document type declaration"),
            Event::Eof => Ok(()),
        }
    }

    fn element(&mut self, name: usize, end: usize, is_empty: bool) -> Result<(), &'static str> {
        let node = Node {
            kind: Kind::Element,
            start: self.start,
            end,
            name: u32::try_from(name).map_err(|_| "a name that is too long")?,
            next: 0,
            close: end,
        };
        self.check_name(&node)?;
        self.check_root(&node)?;
        self.check_attributes(&node)?;
        if self.open.len() >= DEPTH_MAX {
            return Err("elements nested too deeply");
        }
        self.open.push(self.nodes.len());
        self.push(node)?;
        if is_empty {
            self.start = end;
            self.close();
        }
        Ok(())
    }

    /// `< a>` and `<1>` open no element (XML 1.0, production 5).
    fn check_name(&self, node: &Node) -> Result<(), &'static str> {
        let start = node.start + 1;
        let name = self.text.get(start..start + node.name as usize);
        if name.is_some_and(is_name) {
            Ok(())
        } else {
            Err("an element without a name")
        }
    }

    fn check_root(&mut self, node: &Node) -> Result<(), &'static str> {
        if !self.open.is_empty() {
            return Ok(());
        }
        let start = node.start + 1;
        let name = self.text.get(start..start + node.name as usize);
        if std::mem::replace(&mut self.has_root, true) {
            return Err("a second document in the file");
        }
        match name.map(local) {
            Some(ROOT) => Ok(()),
            _ => Err("its root is not ClinicalDocument"),
        }
    }

    fn check_attributes(&self, node: &Node) -> Result<(), &'static str> {
        let (rest, at) = inside(self.text, node);
        let mut attributes = Attributes::of(rest, at);
        for attribute in attributes.by_ref() {
            if memchr::memchr(b'<', attribute.value.as_bytes()).is_some() {
                return Err("an attribute with a tag inside");
            }
            let mut value = attribute.value;
            while let Some(at) = memchr::memchr(b'&', value.as_bytes()) {
                value = value.get(at..).unwrap_or("");
                let (_, length) = entity(value).ok_or("an entity that is not known")?;
                value = value.get(length..).unwrap_or("");
            }
        }
        if attributes.is_done() {
            Ok(())
        } else {
            Err("an attribute without quotes or value")
        }
    }

    fn close(&mut self) {
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = self.open.pop().and_then(|place| self.nodes.get_mut(place)) {
            node.next = next;
            node.close = self.start;
        }
    }

    /// Text and entities in a row are one piece.
    fn letters(&mut self, end: usize) -> Result<(), &'static str> {
        let letters = self.text.get(self.start..end).unwrap_or("");
        if self.open.is_empty() {
            return if letters.trim_ascii().is_empty() {
                Ok(())
            } else {
                Err("text outside the document")
            };
        }
        match self.nodes.last_mut() {
            Some(last) if last.kind == Kind::Text && last.end == self.start => {
                last.end = end;
                Ok(())
            }
            _ => self.leaf(Kind::Text, end),
        }
    }

    fn leaf(&mut self, kind: Kind, end: usize) -> Result<(), &'static str> {
        self.push(Node {
            kind,
            start: self.start,
            end,
            name: 0,
            next: 0,
            close: end,
        })
    }

    fn push(&mut self, node: Node) -> Result<(), &'static str> {
        if self.nodes.len() >= u32::MAX as usize {
            return Err("too many elements");
        }
        self.nodes.push(node);
        Ok(())
    }
}

/// A name of XML 1.0, every letter beyond ASCII taken for one.
fn is_name(name: &str) -> bool {
    let opens = |letter: char| {
        letter.is_ascii_alphabetic() || matches!(letter, '_' | ':') || !letter.is_ascii()
    };
    let goes_on =
        |letter: char| opens(letter) || letter.is_ascii_digit() || matches!(letter, '-' | '.');
    name.starts_with(opens) && name.chars().all(goes_on)
}

/// The inside of a start tag after its name, and where it stands.
fn inside<'d>(text: &'d str, node: &Node) -> (&'d str, usize) {
    let start = (node.start + 1).saturating_add(node.name as usize);
    let tag = text.get(start..node.end).unwrap_or("");
    let tag = tag.strip_suffix('>').unwrap_or(tag);
    (tag.strip_suffix('/').unwrap_or(tag), start)
}

const NOT_XML: &str = "a tag, comment or entity that does not end, or an end tag without its start";
