//! JSON read once, byte by byte, onto a tape.

use super::Tape;
use crate::ReadErrorKind;

/// One value, or the key before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// First byte; of texts and keys that of the quotation mark.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// The token after the value and all it holds; of a key the hash of its bytes.
    pub(super) next: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    /// With a backslash in it.
    EscapedText,
    Number,
    Flag,
    Null,
    Key,
    EscapedKey,
}

/// An object or list that is not closed yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    token: u32,
    is_object: bool,
    /// Where the hashes of its keys begin.
    keys: u32,
}

/// What is wrong, and at which byte.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) kind: ReadErrorKind,
}

struct Scanner<'s> {
    bytes: &'s [u8],
    at: usize,
    tape: &'s mut Tape,
    levels_max: usize,
}

/// Reads a document onto the tape, whose old content goes. The text is under 4 GiB.
pub(super) fn scan(tape: &mut Tape, bytes: &[u8], levels_max: usize) -> Result<(), Fault> {
    tape.tokens.clear();
    tape.open.clear();
    tape.keys.clear();
    tape.levels = 0;
    let mut scanner = Scanner {
        bytes,
        at: 0,
        tape,
        levels_max,
    };
    scanner.document()
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), Fault> {
        loop {
            self.skip_blanks();
            if !self.value()? {
                continue;
            }
            if self.follow()? {
                break;
            }
        }
        self.skip_blanks();
        match self.bytes.get(self.at) {
            None => Ok(()),
            Some(_) => Err(self.malformed()),
        }
    }

    /// One value; false if it is an object or a list whose first value comes next.
    #[inline]
    fn value(&mut self) -> Result<bool, Fault> {
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'{') => {
                self.open(Kind::Object)?;
                self.skip_blanks();
                if self.bytes.get(self.at) == Some(&b'}') {
                    self.close()?;
                    return Ok(true);
                }
                self.key()?;
                return Ok(false);
            }
            Some(b'[') => {
                self.open(Kind::List)?;
                self.skip_blanks();
                if self.bytes.get(self.at) == Some(&b']') {
                    self.close()?;
                    return Ok(true);
                }
                return Ok(false);
            }
            Some(b'"') => {
                let kind = if self.string()? {
                    Kind::EscapedText
                } else {
                    Kind::Text
                };
                self.note(kind, start);
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.note(Kind::Number, start);
            }
            Some(b't') => self.word(b"true", Kind::Flag)?,
            Some(b'f') => self.word(b"false", Kind::Flag)?,
            Some(b'n') => self.word(b"null", Kind::Null)?,
            _ => return Err(self.malformed()),
        }
        Ok(true)
    }

    /// What follows a value; true at the end of the outermost.
    #[inline]
    fn follow(&mut self) -> Result<bool, Fault> {
        loop {
            let Some(open) = self.tape.open.last().copied() else {
                return Ok(true);
            };
            self.skip_blanks();
            match (open.is_object, self.bytes.get(self.at)) {
                (true, Some(b',')) => {
                    self.at += 1;
                    self.skip_blanks();
                    self.key()?;
                    return Ok(false);
                }
                (false, Some(b',')) => {
                    self.at += 1;
                    return Ok(false);
                }
                (true, Some(b'}')) | (false, Some(b']')) => self.close()?,
                _ => return Err(self.malformed()),
            }
        }
    }

    #[inline]
    fn open(&mut self, kind: Kind) -> Result<(), Fault> {
        if self.tape.open.len() >= self.levels_max {
            let limit = self.levels_max;
            return Err(self.fault(ReadErrorKind::TooDeep { limit }));
        }
        self.tape.open.push(Open {
            token: place(self.tape.tokens.len()),
            is_object: kind == Kind::Object,
            keys: place(self.tape.keys.len()),
        });
        self.tape.levels = self.tape.levels.max(self.tape.open.len());
        let start = self.at;
        self.at += 1;
        self.note(kind, start);
        Ok(())
    }

    #[inline]
    fn close(&mut self) -> Result<(), Fault> {
        self.at += 1;
        let Some(open) = self.tape.open.pop() else {
            return Err(self.malformed());
        };
        if open.is_object {
            self.refuse_repeated_keys(open)?;
        }
        let next = place(self.tape.tokens.len());
        if let Some(token) = self.tape.tokens.get_mut(open.token as usize) {
            (token.end, token.next) = (place(self.at), next);
        }
        Ok(())
    }

    /// Keys are compared by their hashes first: most objects have few.
    fn refuse_repeated_keys(&mut self, open: Open) -> Result<(), Fault> {
        let keys = self.tape.keys.get_mut(open.keys as usize..);
        let keys = keys.unwrap_or_default();
        let suspicious = if keys.len() <= FEW {
            let mut rest = &*keys;
            let mut found = false;
            while let [first, others @ ..] = rest {
                found |= others.contains(first);
                rest = others;
            }
            found
        } else {
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair.first() == pair.last())
        };
        self.tape.keys.truncate(open.keys as usize);
        if suspicious && self.repeats_a_key(open.token) {
            return Err(self.fault(ReadErrorKind::DuplicateKey));
        }
        Ok(())
    }

    /// Whether two keys of the object that just ended are one.
    fn repeats_a_key(&self, object: u32) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        let mut at = object as usize + 1;
        while let Some(key) = self.tape.tokens.get(at) {
            let raw = self.bytes.get(key.start as usize..key.end as usize);
            let decoded = raw.and_then(|raw| serde_json::from_slice::<String>(raw).ok());
            if !seen.insert(decoded.unwrap_or_default()) {
                return true;
            }
            let Some(value) = self.tape.tokens.get(at + 1) else {
                return false;
            };
            at = value.next as usize;
        }
        false
    }

    /// A key with the colon after it.
    #[inline]
    fn key(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            return Err(self.malformed());
        }
        let escaped = self.string()?;
        let raw = self.bytes.get(start + 1..self.at - 1).unwrap_or_default();
        let (kind, hash) = match escaped.then(|| self.bytes.get(start..self.at)).flatten() {
            Some(quoted) => {
                let decoded = serde_json::from_slice::<String>(quoted).unwrap_or_default();
                (Kind::EscapedKey, hash(decoded.as_bytes()))
            }
            None => (Kind::Key, hash(raw)),
        };
        self.tape.keys.push(hash);
        self.tape.tokens.push(Token {
            kind,
            start: place(start),
            end: place(self.at),
            next: hash,
        });
        self.skip_blanks();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.malformed());
        }
        self.at += 1;
        Ok(())
    }

    /// From one quotation mark past the other; whether a backslash stands between them.
    #[inline]
    fn string(&mut self) -> Result<bool, Fault> {
        self.at += 1;
        let mut escaped = false;
        loop {
            self.skip_letters();
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..=0x1f) | None => return Err(self.malformed()),
                Some(_) => self.at += 1,
            }
        }
    }

    /// Goes on, eight bytes at a time, to a quotation mark, backslash or control character, or to
    /// the last few bytes.
    #[inline]
    fn skip_letters(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        for chunk in rest.as_chunks::<8>().0 {
            let word = u64::from_le_bytes(*chunk);
            let stops = zeros(word ^ (EACH * 0x22))
                | zeros(word ^ (EACH * 0x5c))
                | word.wrapping_sub(EACH * 0x20) & !word & (EACH * 0x80);
            if stops != 0 {
                self.at += stops.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => self.numbered_letter(),
            _ => Err(self.malformed()),
        }
    }

    /// `\u00e9`, or two of these that are one letter together.
    fn numbered_letter(&mut self) -> Result<(), Fault> {
        let first = self.hexadecimal(self.at).ok_or_else(|| self.malformed())?;
        let length = match first {
            0xd800..0xdc00 => {
                let second = self.hexadecimal(self.at + 6);
                let is_pair = second.is_some_and(|low| (0xdc00..0xe000).contains(&low));
                is_pair.then_some(12).ok_or_else(|| self.malformed())?
            }
            0xdc00..0xe000 => return Err(self.malformed()),
            _ => 6,
        };
        self.at += length;
        Ok(())
    }

    fn hexadecimal(&self, at: usize) -> Option<u32> {
        let [b'\\', b'u', digits @ ..] = self.bytes.get(at..at + 6)? else {
            return None;
        };
        digits.iter().try_fold(0, |number, digit| {
            Some(number << 4 | char::from(*digit).to_digit(16)?)
        })
    }

    #[inline]
    fn number(&mut self) -> Result<(), Fault> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let first = self.bytes.get(self.at).copied();
        let length = self.digits();
        if length == 0 || length > 1 && first == Some(b'0') {
            return Err(self.malformed());
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.malformed());
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.malformed());
            }
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &[u8], kind: Kind) -> Result<(), Fault> {
        let start = self.at;
        let found = self.bytes.get(start..start + word.len());
        if found != Some(word) {
            return Err(self.malformed());
        }
        self.at += word.len();
        self.note(kind, start);
        Ok(())
    }

    /// Notes a value from `start` to here.
    #[inline]
    fn note(&mut self, kind: Kind, start: usize) {
        let next = place(self.tape.tokens.len() + 1);
        self.tape.tokens.push(Token {
            kind,
            start: place(start),
            end: place(self.at),
            next,
        });
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
            while let Some(b"        ") = self.bytes.get(self.at..self.at + 8) {
                self.at += 8;
            }
        }
    }

    const fn malformed(&self) -> Fault {
        self.fault(ReadErrorKind::Json)
    }

    const fn fault(&self, kind: ReadErrorKind) -> Fault {
        Fault { at: self.at, kind }
    }
}

/// Objects of so few keys are searched without sorting.
const FEW: usize = 24;
const EACH: u64 = 0x0101_0101_0101_0101;

/// A bit in every byte that is zero; bits above the lowest one may be wrong.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word & (EACH * 0x80)
}

/// Eight letters at a time; only equal keys matter, so that two that meet cost a second look.
#[inline]
fn hash(bytes: &[u8]) -> u32 {
    let (chunks, tail) = bytes.as_chunks::<8>();
    let mut hash = bytes.len() as u64;
    for chunk in chunks {
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(*chunk)).wrapping_mul(FACTOR);
    }
    let last = tail
        .iter()
        .fold(0, |last, byte| last << 8 | u64::from(*byte));
    hash = (hash.rotate_left(23) ^ last).wrapping_mul(FACTOR);
    u32::try_from(hash >> 32).unwrap_or(0)
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The text is under 4 GiB, and has at most as many tokens as bytes.
#[inline]
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
