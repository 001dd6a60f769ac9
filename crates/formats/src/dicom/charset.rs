//! Specific Character Set (0008,0005): PS3.3 section C.12.1.1.2, PS3.5 section 6.1.

use std::borrow::Cow;

use encoding_rs as encoding;

/// The character sets of a data set: the first one, and those that escape sequences switch to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charset {
    terms: [Option<Term>; TERMS_MAX],
}

/// One defined term; `None` in its place is plain ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term(&'static Row);

/// A character set and how escape sequences call it.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    /// What follows `ISO_IR ` or `ISO 2022 IR `, or the whole term.
    number: &'static str,
    coding: Coding,
    /// The escape sequence that switches to it, without the escape character.
    escape: &'static [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Latin1,
    Library(&'static encoding::Encoding),
    /// Its bytes stand behind their escape sequence, which the library reads itself.
    Escaped,
}

impl Charset {
    /// The character sets of the value of (0008,0005); nothing if one is not known.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let value = std::str::from_utf8(value).ok()?;
        let mut charset = Self::default();
        for (index, term) in value.trim_matches([' ', '\0']).split('\\').enumerate() {
            let slot = charset.terms.get_mut(index)?;
            *slot = read_term(term.trim())?;
        }
        Some(charset)
    }

    /// The text of bytes; nothing for bytes that are no text in these character sets.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if bytes.is_ascii() && !bytes.contains(&ESCAPE) {
            return std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
        }
        if !bytes.contains(&ESCAPE) {
            return decode_run(self.first(), bytes);
        }
        let mut text = String::new();
        let (mut rest, mut row) = (bytes, self.first());
        while !rest.is_empty() {
            let (run, after) = if rest.first() == Some(&ESCAPE) {
                let called = called(rest)?;
                if called.coding != Coding::Escaped {
                    // A call of ASCII leaves what the high bytes mean as it was.
                    row = Some(called).filter(|row| !row.number.is_empty()).or(row);
                    rest = rest.get(1 + called.escape.len()..)?;
                    continue;
                }
                let end = rest.iter().skip(1).position(|byte| *byte == ESCAPE);
                let (run, after) = rest.split_at_checked(end.map_or(rest.len(), |end| end + 1))?;
                text.push_str(&decode_run(Some(called), run)?);
                (&[][..], after)
            } else {
                let end = rest
                    .iter()
                    .position(|byte| *byte == ESCAPE || delimits(*byte));
                let end = end.map_or(rest.len(), |end| end.max(1));
                rest.split_at_checked(end)?
            };
            if run.first().copied().is_some_and(delimits) {
                row = self.first();
            }
            text.push_str(&decode_run(row, run)?);
            rest = after;
        }
        Some(Cow::Owned(text))
    }

    /// The bytes of a text; characters that no character set has become `?`.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        if text.is_ascii() {
            return text.as_bytes().to_vec();
        }
        if self.terms.iter().skip(1).flatten().count() == 0 {
            return encode_run(self.first(), text, true).unwrap_or_default();
        }
        // Delimiters call the first character set again, so each piece announces its own.
        let mut bytes = Vec::new();
        for piece in text.split_inclusive(|letter| u8::try_from(letter).is_ok_and(delimits)) {
            bytes.extend(self.encode_piece(piece));
        }
        bytes
    }

    fn encode_piece(self, piece: &str) -> Vec<u8> {
        if piece.is_ascii() {
            return piece.as_bytes().to_vec();
        }
        if let Some(bytes) = encode_run(self.first(), piece, false) {
            return bytes;
        }
        for Term(row) in self.terms.iter().skip(1).flatten() {
            if let Some(run) = encode_run(Some(row), piece, false) {
                if row.coding == Coding::Escaped {
                    return run;
                }
                let mut bytes = vec![ESCAPE];
                bytes.extend(row.escape);
                bytes.extend(run);
                return bytes;
            }
        }
        encode_run(None, piece, true).unwrap_or_default()
    }

    fn first(self) -> Option<&'static Row> {
        let [first, ..] = self.terms;
        first.map(|term| term.0)
    }
}

const TERMS_MAX: usize = 6;
const ESCAPE: u8 = 0x1b;

/// After these the first character set is in force again.
const fn delimits(byte: u8) -> bool {
    matches!(byte, b'\\' | b'^' | b'=' | b'\r' | b'\n' | b'\t' | 0x0c)
}

/// `None` outside: not known; `None` inside: plain ASCII.
#[expect(clippy::option_option, reason = "unknown and plain are told apart")]
fn read_term(term: &str) -> Option<Option<Term>> {
    let number = term
        .strip_prefix("ISO_IR ")
        .or_else(|| term.strip_prefix("ISO 2022 IR "))
        .unwrap_or(term);
    if number.is_empty() || number == "6" {
        return Some(None);
    }
    ROWS.iter()
        .find(|row| row.number == number)
        .map(|row| Some(Term(row)))
}

/// The character set that the escape sequence at the start calls.
fn called(bytes: &[u8]) -> Option<&'static Row> {
    let sequence = bytes.get(1..)?;
    ROWS.iter()
        .chain(&PLAIN)
        .find(|row| !row.escape.is_empty() && sequence.starts_with(row.escape))
}

fn decode_run(row: Option<&Row>, bytes: &[u8]) -> Option<Cow<'static, str>> {
    let decoder = match row.map(|row| row.coding) {
        None => {
            return bytes
                .is_ascii()
                .then(|| Cow::Owned(bytes.iter().copied().map(char::from).collect()));
        }
        Some(Coding::Latin1) => {
            return Some(Cow::Owned(bytes.iter().copied().map(char::from).collect()));
        }
        Some(Coding::Escaped) => encoding::ISO_2022_JP,
        Some(Coding::Library(encoding)) => encoding,
    };
    decoder
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| Cow::Owned(text.into_owned()))
}

/// The bytes; where a character is missing, `?` or nothing at all.
fn encode_run(row: Option<&Row>, text: &str, lossy: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for letter in text.chars() {
        let coding = row.map(|row| row.coding);
        let one: &str = letter.encode_utf8(&mut buffer);
        let encoded: Option<Cow<'_, [u8]>> = match coding {
            _ if letter.is_ascii() => Some(Cow::Borrowed(one.as_bytes())),
            Some(Coding::Latin1) => u8::try_from(u32::from(letter))
                .ok()
                .map(|byte| Cow::Owned(vec![byte])),
            Some(Coding::Library(encoding)) => {
                let (encoded, _, missing) = encoding.encode(one);
                (!missing).then_some(encoded)
            }
            Some(Coding::Escaped) => {
                let (encoded, _, missing) = encoding::ISO_2022_JP.encode(one);
                (!missing).then_some(encoded)
            }
            None => None,
        };
        match encoded {
            Some(encoded) => bytes.extend_from_slice(&encoded),
            None if lossy => bytes.push(b'?'),
            None => return None,
        }
    }
    Some(bytes)
}

const fn row(number: &'static str, coding: Coding, escape: &'static [u8]) -> Row {
    Row {
        number,
        coding,
        escape,
    }
}

static PLAIN: [Row; 2] = [
    row("", Coding::Latin1, b"(B"),
    row("", Coding::Latin1, b"(J"),
];

static ROWS: [Row; 19] = [
    row("100", Coding::Latin1, b"-A"),
    row("101", Coding::Library(encoding::ISO_8859_2), b"-B"),
    row("109", Coding::Library(encoding::ISO_8859_3), b"-C"),
    row("110", Coding::Library(encoding::ISO_8859_4), b"-D"),
    row("144", Coding::Library(encoding::ISO_8859_5), b"-L"),
    row("127", Coding::Library(encoding::ISO_8859_6), b"-G"),
    row("126", Coding::Library(encoding::ISO_8859_7), b"-F"),
    row("138", Coding::Library(encoding::ISO_8859_8), b"-H"),
    row("148", Coding::Library(encoding::WINDOWS_1254), b"-M"),
    row("203", Coding::Library(encoding::ISO_8859_15), b"-b"),
    row("166", Coding::Library(encoding::WINDOWS_874), b"-T"),
    row("13", Coding::Library(encoding::SHIFT_JIS), b")I"),
    row("87", Coding::Escaped, b"$B"),
    row("159", Coding::Escaped, b"$(D"),
    row("149", Coding::Library(encoding::EUC_KR), b"$)C"),
    row("58", Coding::Library(encoding::GBK), b"$)A"),
    row("192", Coding::Library(encoding::UTF_8), b""),
    row("GB18030", Coding::Library(encoding::GB18030), b""),
    row("GBK", Coding::Library(encoding::GBK), b""),
];
