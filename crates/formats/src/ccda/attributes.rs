//! The attributes of one tag.

/// One attribute, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// Its name, prefix included.
    pub name: &'d str,
    /// Its value, entities and all.
    pub value: &'d str,
    /// Where it begins: the blank before its name.
    pub start: usize,
    /// Where its value begins.
    pub value_start: usize,
}

impl<'d> Attribute<'d> {
    /// The name without its prefix.
    #[inline]
    pub fn local_name(&self) -> &'d str {
        local(self.name)
    }

    /// Where the value ends, before its quote.
    #[inline]
    pub fn value_end(&self) -> usize {
        self.value_start + self.value.len()
    }

    /// Where the attribute ends, after its quote.
    #[inline]
    pub fn end(&self) -> usize {
        self.value_end() + 1
    }
}

/// A name without its prefix.
#[inline]
pub(super) fn local(name: &str) -> &str {
    // Names are short: a search in wide steps would take longer to begin than to end.
    match name.bytes().rposition(|byte| byte == b':') {
        Some(colon) => name.get(colon + 1..).unwrap_or(name),
        None => name,
    }
}

/// The attributes of the tag's inside after its name; `at` is where `rest` stands in the document.
#[derive(Clone, Debug)]
pub struct Attributes<'d> {
    rest: &'d str,
    at: usize,
}

impl<'d> Attributes<'d> {
    pub(super) fn of(rest: &'d str, at: usize) -> Self {
        Self { rest, at }
    }

    /// Whether all of the tag could be read.
    pub(super) fn is_done(&self) -> bool {
        self.rest.trim_ascii().is_empty()
    }

    fn read(&self) -> Option<(Attribute<'d>, &'d str)> {
        let bytes = self.rest.as_bytes();
        let blank = bytes.iter().take_while(|byte| is_blank(**byte)).count();
        let length = bytes.get(blank..)?.iter().position(|byte| *byte == b'=')?;
        let name = self.rest.get(blank..blank + length)?.trim_ascii_end();
        let sound = blank > 0 && !name.is_empty() && !name.bytes().any(is_no_name);
        if !sound {
            return None;
        }
        let mut from = blank + length + 1;
        from += bytes
            .get(from..)?
            .iter()
            .take_while(|byte| is_blank(**byte))
            .count();
        let quote = *bytes
            .get(from)
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        from += 1;
        let length = memchr::memchr(quote, bytes.get(from..)?)?;
        let attribute = Attribute {
            name,
            value: self.rest.get(from..from + length)?,
            start: self.at,
            value_start: self.at + from,
        };
        Some((attribute, self.rest.get(from + length + 1..)?))
    }
}

impl<'d> Iterator for Attributes<'d> {
    type Item = Attribute<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (attribute, rest) = self.read()?;
        self.at += self.rest.len() - rest.len();
        self.rest = rest;
        Some(attribute)
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

const fn is_no_name(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'&' | b'/')
}
