//! The values of a document as they are walked.

use std::borrow::Cow;

use super::{
    Document,
    scanner::{Kind, Token},
};

/// A value of a document.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: Document<'d>,
    at: u32,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `{...}`.
    Object,
    /// `[...]`.
    List,
    /// `"..."`.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `null`.
    Null,
}

/// A value of an object, with its key.
#[derive(Clone, Copy, Debug)]
pub struct Member<'d> {
    /// The key as it is written, without its quotation marks.
    pub key: &'d str,
    /// Whether the key has a backslash, so that it is not what it seems.
    pub is_escaped: bool,
    /// A hash of the key, for tables.
    pub hash: u32,
    /// Where the key begins, at its quotation mark.
    pub start: usize,
    /// The value.
    pub value: Element<'d>,
}

/// The members of an object, in their order.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    document: Document<'d>,
    at: u32,
    end: u32,
}

/// The values of a list, in their order.
#[derive(Clone, Debug)]
pub struct Items<'d> {
    document: Document<'d>,
    at: u32,
    end: u32,
}

impl<'d> Element<'d> {
    #[inline]
    pub(super) const fn new(document: Document<'d>, at: u32) -> Self {
        Self { document, at }
    }

    #[inline]
    fn token(self) -> Token {
        let token = self.document.tokens.get(self.at as usize);
        token.copied().unwrap_or(NOTHING)
    }

    /// What it is.
    #[inline]
    pub fn shape(self) -> Shape {
        match self.token().kind {
            Kind::Object => Shape::Object,
            Kind::List => Shape::List,
            Kind::Text | Kind::EscapedText | Kind::Key | Kind::EscapedKey => Shape::Text,
            Kind::Number => Shape::Number,
            Kind::Flag => Shape::Flag,
            Kind::Null => Shape::Null,
        }
    }

    /// Its first byte in the document's text.
    #[inline]
    pub fn start(self) -> usize {
        self.token().start as usize
    }

    /// One past its last byte.
    #[inline]
    pub fn end(self) -> usize {
        self.token().end as usize
    }

    /// As it is written, quotation marks included.
    #[inline]
    pub fn raw(self) -> &'d str {
        let token = self.token();
        let written = self
            .document
            .text
            .get(token.start as usize..token.end as usize);
        written.unwrap_or_default()
    }

    /// The text of a text.
    #[inline]
    pub fn text(self) -> Option<Cow<'d, str>> {
        let token = self.token();
        match token.kind {
            Kind::Text => {
                let inner = token.start as usize + 1..(token.end as usize).saturating_sub(1);
                self.document.text.get(inner).map(Cow::Borrowed)
            }
            Kind::EscapedText => serde_json::from_str::<String>(self.raw())
                .ok()
                .map(Cow::Owned),
            _ => None,
        }
    }

    /// Whether it is a text.
    #[inline]
    pub fn is_text(self) -> bool {
        matches!(self.token().kind, Kind::Text | Kind::EscapedText)
    }

    /// Whether it is an object.
    #[inline]
    pub fn is_object(self) -> bool {
        self.token().kind == Kind::Object
    }

    /// The members of an object; none of anything else.
    #[inline]
    pub fn members(self) -> Members<'d> {
        let (at, end) = self.inside(Kind::Object);
        Members {
            document: self.document,
            at,
            end,
        }
    }

    /// The values of a list; none of anything else.
    #[inline]
    pub fn items(self) -> Items<'d> {
        let (at, end) = self.inside(Kind::List);
        Items {
            document: self.document,
            at,
            end,
        }
    }

    /// The values of a list, or the value itself where it is none.
    #[inline]
    pub fn each(self) -> Items<'d> {
        if self.token().kind == Kind::List {
            return self.items();
        }
        Items {
            document: self.document,
            at: self.at,
            end: self.token().next,
        }
    }

    /// The value under a key of an object.
    #[inline]
    pub fn get(self, key: &str) -> Option<Self> {
        self.members()
            .find(|member| member.key == key && !member.is_escaped)
            .map(|member| member.value)
    }

    /// The text under a key of an object.
    #[inline]
    pub fn text_of(self, key: &str) -> Option<Cow<'d, str>> {
        self.get(key)?.text()
    }

    #[inline]
    fn inside(self, kind: Kind) -> (u32, u32) {
        let token = self.token();
        if token.kind == kind {
            (self.at.saturating_add(1), token.next)
        } else {
            (0, 0)
        }
    }
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    #[inline]
    fn next(&mut self) -> Option<Member<'d>> {
        if self.at >= self.end {
            return None;
        }
        let key = self.document.tokens.get(self.at as usize)?;
        let inner = key.start as usize + 1..(key.end as usize).saturating_sub(1);
        let value = Element::new(self.document, self.at.saturating_add(1));
        self.at = value.token().next;
        Some(Member {
            key: self.document.text.get(inner)?,
            is_escaped: key.kind == Kind::EscapedKey,
            hash: key.next,
            start: key.start as usize,
            value,
        })
    }
}

impl<'d> Iterator for Items<'d> {
    type Item = Element<'d>;

    #[inline]
    fn next(&mut self) -> Option<Element<'d>> {
        if self.at >= self.end {
            return None;
        }
        let item = Element::new(self.document, self.at);
        self.at = item.token().next;
        Some(item)
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Element")
            .field("shape", &self.shape())
            .finish_non_exhaustive()
    }
}

/// Ends every walk.
const NOTHING: Token = Token {
    kind: Kind::Null,
    start: 0,
    end: 0,
    next: u32::MAX,
};
