//! Texts through their escapes, and back.

use super::Delimiters;

/// A text as its reader sees it, with where each character stood in the message.
///
/// `\F\ \S\ \T\ \R\ \E\` become the delimiters, `\Xhh..\` the characters of the bytes, `\.br\` and
/// the other formatting commands a line end or a blank; `\H\` and `\N\` vanish. Escapes of a
/// sender's own (`\Z..\`) and changes of the character set vanish too and are listed in
/// [`foreign`](Self::foreign), since nobody knows what they say.
#[derive(Clone, Debug, Default)]
pub struct Unescaped {
    text: String,
    /// From this place in the text on, characters stand at this place in the source; while
    /// `verbatim` they advance together.
    marks: Vec<Mark>,
    foreign: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    text: usize,
    source: usize,
    verbatim: bool,
}

impl Unescaped {
    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Ranges of the source that hold escapes whose meaning is not known.
    pub fn foreign(&self) -> &[(usize, usize)] {
        &self.foreign
    }

    /// Empties it, so that it can be filled again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.marks.clear();
        self.foreign.clear();
    }

    /// Adds a piece of the source, which begins at `source` there.
    pub fn push(&mut self, piece: &str, source: usize, delimiters: Delimiters) {
        let Some(escape) = delimiters.escape else {
            return self.verbatim(piece, source);
        };
        let (mut rest, mut at) = (piece, source);
        while let Some(open) = memchr::memchr(escape, rest.as_bytes()) {
            let (before, tail) = rest.split_at_checked(open).unwrap_or((rest, ""));
            self.verbatim(before, at);
            at += before.len();
            let inner = tail.get(1..).unwrap_or("");
            let close = memchr::memchr(escape, inner.as_bytes()).filter(|end| *end <= ESCAPE_MAX);
            let command = close.and_then(|end| inner.get(..end));
            let length = if let Some(command) = command.filter(|command| is_command(command)) {
                let length = command.len() + 2;
                self.command(command, at, length, delimiters);
                length
            } else {
                self.verbatim(tail.get(..1).unwrap_or(""), at);
                1
            };
            rest = tail.get(length..).unwrap_or("");
            at += length;
        }
        self.verbatim(rest, at);
    }

    /// Adds a line end that is not in the source; `source` is where the next piece begins.
    pub fn push_break(&mut self, source: usize) {
        self.insert("\n", source);
    }

    /// Where in the source the character stands that begins at `place` in the text.
    pub fn start_in_source(&self, place: usize) -> usize {
        let after = self.marks.partition_point(|mark| mark.text <= place);
        let Some(mark) = after.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return 0;
        };
        mark.source + if mark.verbatim { place - mark.text } else { 0 }
    }

    /// Where in the source the character ends that ends at `place` in the text.
    pub fn end_in_source(&self, place: usize) -> usize {
        let after = self.marks.partition_point(|mark| mark.text < place);
        let Some(mark) = after.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return 0;
        };
        if mark.verbatim {
            return mark.source + (place - mark.text);
        }
        // An escape is taken whole: its end is where the next mark begins.
        self.marks
            .get(after)
            .map_or(mark.source, |next| next.source)
    }

    fn verbatim(&mut self, piece: &str, source: usize) {
        self.marks.push(Mark {
            text: self.text.len(),
            source,
            verbatim: true,
        });
        self.text.push_str(piece);
    }

    fn insert(&mut self, letters: &str, source: usize) {
        self.marks.push(Mark {
            text: self.text.len(),
            source,
            verbatim: false,
        });
        self.text.push_str(letters);
    }

    fn command(&mut self, command: &str, at: usize, length: usize, delimiters: Delimiters) {
        let own = |byte: u8| char::from(byte).to_string();
        let letters = match command {
            "F" => own(delimiters.field),
            "S" => own(delimiters.component),
            "R" => own(delimiters.repetition),
            "T" => own(delimiters.subcomponent.unwrap_or(b'&')),
            "E" => own(delimiters.escape.unwrap_or(b'\\')),
            "H" | "N" => String::new(),
            _ if command.starts_with('.') => formatting(command).to_owned(),
            _ => {
                let letters = command.strip_prefix('X').and_then(hex);
                if letters.is_none() {
                    self.foreign.push((at, at + length));
                }
                letters.unwrap_or_default()
            }
        };
        self.insert(&letters, at);
    }
}

impl Delimiters {
    /// Writes a text so that no character of it is taken for a delimiter; without an escape
    /// character a blank stands in its place.
    pub fn escape_into(self, text: &str, out: &mut String) {
        if text.bytes().all(|byte| self.command_of(byte).is_none()) {
            return out.push_str(text);
        }
        for letter in text.chars() {
            let command = u8::try_from(letter)
                .ok()
                .and_then(|byte| self.command_of(byte));
            match (command, self.escape) {
                (None, _) => out.push(letter),
                (Some(_), None) => out.push(' '),
                (Some(command), Some(escape)) => {
                    out.push(char::from(escape));
                    out.push_str(command);
                    out.push(char::from(escape));
                }
            }
        }
    }

    fn command_of(self, byte: u8) -> Option<&'static str> {
        Some(match byte {
            b'\r' => "X0D",
            b'\n' => ".br",
            _ if byte == self.field => "F",
            _ if byte == self.component => "S",
            _ if byte == self.repetition => "R",
            _ if Some(byte) == self.escape => "E",
            _ if Some(byte) == self.subcomponent => "T",
            _ => return None,
        })
    }
}

/// One word without blanks; `\\server\share` holds none.
fn is_command(command: &str) -> bool {
    match command.as_bytes() {
        [b'F' | b'S' | b'R' | b'T' | b'E' | b'H' | b'N'] | [b'Z', ..] => true,
        [b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        [b'C' | b'M', digits @ ..] => digits.len() >= 4 && digits.iter().all(u8::is_ascii_hexdigit),
        [b'.', letter, other, rest @ ..] => {
            letter.is_ascii_alphabetic()
                && other.is_ascii_alphabetic()
                && rest
                    .iter()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
        }
        _ => false,
    }
}

/// A new line for what breaks or skips lines, a blank for what indents.
fn formatting(command: &str) -> &'static str {
    let breaks = [".br", ".sp", ".ce"].iter().any(|kind| {
        command
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case(kind))
    });
    if breaks { "\n" } else { " " }
}

/// The characters of hexadecimal bytes: UTF-8 where they are, else one byte a letter.
fn hex(digits: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair)
                .ok()
                .filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect();
    let letters = String::from_utf8(bytes?).unwrap_or_else(|fault| {
        fault
            .as_bytes()
            .iter()
            .map(|byte| char::from(*byte))
            .collect()
    });
    Some(letters)
}

/// Longer than any escape that is not data between two stray escape characters.
const ESCAPE_MAX: usize = 4096;
