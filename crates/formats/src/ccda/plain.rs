//! Text through its entities, and back.

/// The texts of several places read as one, each character knowing where it stood.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    text: String,
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    at: usize,
    length: usize,
    source: usize,
    source_length: usize,
    is_cdata: bool,
}

/// Where a stretch of a [`Plain`] stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its first byte.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// It stands in a CDATA section, where nothing is escaped.
    pub is_cdata: bool,
}

impl Plain {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.runs.clear();
    }

    /// All that was added.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds text or an attribute's value that stands at a byte of the document; entities become
    /// their characters.
    pub fn push(&mut self, mut written: &str, mut start: usize) {
        while let Some(at) = memchr::memchr(b'&', written.as_bytes()) {
            self.add(written.get(..at).unwrap_or(""), start, at, false);
            written = written.get(at..).unwrap_or("");
            let (letter, length) = entity(written).unwrap_or(('&', 1));
            self.add(letter.encode_utf8(&mut [0; 4]), start + at, length, false);
            written = written.get(length..).unwrap_or("");
            start += at + length;
        }
        self.add(written, start, written.len(), false);
    }

    /// Adds the inside of a CDATA section.
    pub fn push_cdata(&mut self, written: &str, start: usize) {
        self.add(written, start, written.len(), true);
    }

    /// Adds what stands nowhere in the document, such as the blank between two cells.
    pub fn push_virtual(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The places of a stretch, in order; what stands nowhere has none.
    pub fn places(&self, start: usize, end: usize) -> Vec<Place> {
        let first = self
            .runs
            .partition_point(|run| run.at + run.length <= start);
        let runs = self.runs.get(first..).unwrap_or_default();
        let mut places: Vec<Place> = Vec::with_capacity(1);
        for run in runs.iter().take_while(|run| run.at < end) {
            let place = run.place(start, end);
            match places.last_mut() {
                Some(last) if last.end == place.start && last.is_cdata == place.is_cdata => {
                    last.end = place.end;
                }
                _ => places.push(place),
            }
        }
        places
    }

    fn add(&mut self, letters: &str, source: usize, source_length: usize, is_cdata: bool) {
        if !letters.is_empty() {
            self.runs.push(Run {
                at: self.text.len(),
                length: letters.len(),
                source,
                source_length,
                is_cdata,
            });
            self.text.push_str(letters);
        }
    }
}

impl Run {
    /// The part of the source under a stretch; an entity is never cut.
    fn place(&self, start: usize, end: usize) -> Place {
        let source_end = self.source + self.source_length;
        let is_entity = self.length != self.source_length;
        let (from, to) = if is_entity {
            (self.source, source_end)
        } else {
            let from = start.saturating_sub(self.at);
            let to = end.saturating_sub(self.at).min(self.length);
            (self.source + from, self.source + to)
        };
        Place {
            start: from,
            end: to,
            is_cdata: self.is_cdata,
        }
    }
}

/// The character that an entity at the beginning of a text stands for, and how long it is written.
/// Nothing for other entities, and for characters that XML does not allow.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let letter = match text.get(1..end)? {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
                .filter(|letter| *letter >= ' ' || matches!(letter, '\t' | '\n' | '\r'))?
        }
    };
    Some((letter, end + 1))
}

/// Writes a text so that it may stand between tags and in an attribute, in either quotes.
pub fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
}
