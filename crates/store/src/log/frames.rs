//! The frames of the files of entries: length, check, bytes.
//!
//! The length has 32 bits, little endian; the upper two are flags. `0x8000_0000` says that the
//! check is the beginning of the entry's leaf hash, so that one digest serves both; without it,
//! as in files of the first release, it is the beginning of the entry's own SHA-256.
//! `0x4000_0000` says that the bytes are a signed checkpoint over all entries before it, and not
//! an entry; its check is the beginning of SHA-256(0x02 ‖ checkpoint).

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use audit::leaf_hash;
use domain::Digest;
use seal::digest;

/// The longest entry: the C2SP tiled-log format gives it a 16-bit length.
pub(crate) const LONGEST_ENTRY: usize = 65_535;

/// Bytes before each entry: its length with the flags, and the check.
pub(crate) const HEADER: usize = 8;

const LEAF: u32 = 0x8000_0000;
const NOTE: u32 = 0x4000_0000;

/// Adds one framed entry to a buffer and says its leaf hash; nothing when the entry is empty or
/// too long.
#[must_use]
pub(crate) fn frame(entry: &[u8], buffer: &mut Vec<u8>) -> Option<Digest> {
    let length = u16::try_from(entry.len())
        .ok()
        .filter(|length| *length > 0)?;
    let leaf = leaf_hash(entry);
    put(u32::from(length) | LEAF, &leaf, entry, buffer);
    Some(leaf)
}

/// Adds a framed checkpoint to a buffer; `false` when its text is empty or too long.
#[must_use]
pub(crate) fn frame_note(note: &str, buffer: &mut Vec<u8>) -> bool {
    let Ok(length) = u16::try_from(note.len()) else {
        return false;
    };
    put(
        u32::from(length) | NOTE,
        &note_check(note.as_bytes()),
        note.as_bytes(),
        buffer,
    );
    length > 0
}

fn put(length: u32, check: &Digest, bytes: &[u8], buffer: &mut Vec<u8>) {
    let [a, b, c, d, ..] = check.0;
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&[a, b, c, d]);
    buffer.extend_from_slice(bytes);
}

/// Another digest than those of entries: a flag that is flipped makes no entry of a checkpoint.
fn note_check(note: &[u8]) -> Digest {
    digest(&[&[2], note].concat())
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// After a whole frame.
    Clean,
    /// In the middle of a frame: the file is shorter than the frame says.
    Incomplete,
    /// At a frame whose length or bytes cannot be right.
    Broken,
}

/// A whole frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// An entry with its leaf hash.
    Entry(&'a [u8], Digest),
    /// The text of a signed checkpoint.
    Note(&'a [u8]),
    /// An entry that was not compared with its check.
    Skimmed(&'a [u8]),
}

/// Reads frames from an offset to the end of the file.
#[derive(Debug)]
pub(crate) struct Frames {
    file: BufReader<File>,
    bytes: Vec<u8>,
    held: Option<Held>,
    offset: u64,
    end: Option<End>,
}

/// What the bytes that were read last are.
#[derive(Clone, Copy, Debug)]
enum Held {
    Entry(Digest),
    Note,
    Skimmed,
}

/// The first four bytes of a frame, and the check after them.
#[derive(Clone, Copy)]
struct Label {
    flags: u32,
    checked: [u8; 4],
}

impl Frames {
    /// Starts at the beginning of a frame.
    pub(crate) fn new(mut file: File, offset: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            file: BufReader::with_capacity(BUFFER, file),
            bytes: Vec::new(),
            held: None,
            offset,
            end: None,
        })
    }

    /// The next whole frame, or `None` at the end; [`Frames::end`] says which end it is.
    pub(crate) fn read(&mut self) -> io::Result<Option<Frame<'_>>> {
        self.advance()?;
        Ok(self.current())
    }

    /// Goes on to the next whole frame; `false` at the end.
    pub(crate) fn advance(&mut self) -> io::Result<bool> {
        self.go_on(Self::check)
    }

    /// Goes on to the next frame without comparing an entry with its check: for frames that were
    /// compared before, since hashing is most of the work.
    pub(crate) fn skim(&mut self) -> io::Result<bool> {
        self.go_on(|frames, label| {
            if label.flags == NOTE {
                frames.check(label)
            } else {
                Some(Held::Skimmed)
            }
        })
    }

    fn go_on(&mut self, look: fn(&Self, Label) -> Option<Held>) -> io::Result<bool> {
        self.held = None;
        if self.end.is_some() {
            return Ok(false);
        }
        let mut header = [0; HEADER];
        match fill(&mut self.file, &mut header)? {
            HEADER => match self.body(header)? {
                Ok(label) => match look(self, label) {
                    Some(held) => {
                        let length = (HEADER + self.bytes.len()) as u64;
                        self.offset = self.offset.saturating_add(length);
                        self.held = Some(held);
                    }
                    None => self.end = Some(End::Broken),
                },
                Err(end) => self.end = Some(end),
            },
            0 => self.end = Some(End::Clean),
            _ => self.end = Some(End::Incomplete),
        }
        Ok(self.held.is_some())
    }

    /// The frame that was read last.
    pub(crate) fn current(&self) -> Option<Frame<'_>> {
        Some(match self.held? {
            Held::Entry(leaf) => Frame::Entry(&self.bytes, leaf),
            Held::Note => Frame::Note(&self.bytes),
            Held::Skimmed => Frame::Skimmed(&self.bytes),
        })
    }

    /// Where the frames read so far end, in bytes.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Why reading stopped; `Clean` while it has not.
    pub(crate) fn end(&self) -> End {
        self.end.unwrap_or(End::Clean)
    }

    fn body(&mut self, header: [u8; HEADER]) -> io::Result<Result<Label, End>> {
        let [a, b, c, d, checked @ ..] = header;
        let word = u32::from_le_bytes([a, b, c, d]);
        let (flags, length) = (word & (LEAF | NOTE), (word & !(LEAF | NOTE)) as usize);
        if length == 0 || length > LONGEST_ENTRY || flags == LEAF | NOTE {
            return Ok(Err(End::Broken));
        }
        self.bytes.resize(length, 0);
        if fill(&mut self.file, &mut self.bytes)? < length {
            return Ok(Err(End::Incomplete));
        }
        Ok(Ok(Label { flags, checked }))
    }

    /// Compares the bytes with their check.
    fn check(&self, Label { flags, checked }: Label) -> Option<Held> {
        let held = if flags == NOTE {
            Held::Note
        } else {
            Held::Entry(leaf_hash(&self.bytes))
        };
        let check = match held {
            Held::Entry(leaf) if flags == LEAF => leaf,
            Held::Note => note_check(&self.bytes),
            _ => digest(&self.bytes),
        };
        check.0.starts_with(&checked).then_some(held)
    }
}

/// Reads until the buffer is full or the file ends; says how many bytes came.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

const BUFFER: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, End, u64) {
        let mut frames = Frames::new(file(bytes), 0).unwrap();
        let mut entries = Vec::new();
        while let Some(frame) = frames.read().unwrap() {
            entries.push(match frame {
                Frame::Entry(entry, leaf) => {
                    assert_eq!(leaf, leaf_hash(entry));
                    entry.to_vec()
                }
                Frame::Note(note) => [b"note ", note].concat(),
                Frame::Skimmed(entry) => [b"skimmed ", entry].concat(),
            });
        }
        (entries, frames.end(), frames.offset())
    }

    fn two() -> Vec<u8> {
        let mut bytes = Vec::new();
        assert!(frame(b"first", &mut bytes).is_some());
        assert!(frame_note("second", &mut bytes));
        bytes
    }

    #[test]
    fn what_is_framed_is_read_back() {
        let (entries, end, offset) = read(&two());
        assert_eq!(entries, [b"first".to_vec(), b"note second".to_vec()]);
        assert_eq!((end, offset), (End::Clean, 27));
    }

    /// A frame as version 0.1.0 wrote it.
    #[test]
    fn frames_of_the_first_release_are_read() {
        let mut bytes = vec![5, 0, 0, 0];
        bytes.extend_from_slice(&digest(b"first").0[..4]);
        bytes.extend_from_slice(b"first");
        assert_eq!(read(&bytes).0, [b"first".to_vec()]);
    }

    #[test]
    fn skimming_reads_the_same_frames() {
        let mut frames = Frames::new(file(&two()), 0).unwrap();
        assert!(frames.skim().unwrap());
        assert_eq!(frames.current(), Some(Frame::Skimmed(b"first")));
        assert!(frames.skim().unwrap());
        assert_eq!(frames.current(), Some(Frame::Note(b"second")));
        assert!(!frames.skim().unwrap());
        assert_eq!((frames.end(), frames.offset()), (End::Clean, 27));
    }

    #[test]
    fn every_cut_gives_the_whole_frames_before_it() {
        for length in 1..27 {
            let (entries, end, offset) = read(&two()[..length]);
            assert_eq!(entries.len(), usize::from(length >= 13), "{length}");
            assert_eq!(end == End::Clean, length == 13, "{length}");
            assert_eq!(offset, if length >= 13 { 13 } else { 0 });
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        for position in 0..27 * 8 {
            let mut bytes = two();
            bytes[position / 8] ^= 1 << (position % 8);
            let (entries, end, _) = read(&bytes);
            assert!(entries.len() < 2 && end != End::Clean, "{position}");
        }
    }

    #[test]
    fn entries_without_bytes_or_above_the_limit_are_not_framed() {
        assert!(frame(b"", &mut Vec::new()).is_none());
        assert!(frame(&vec![0; LONGEST_ENTRY + 1], &mut Vec::new()).is_none());
        assert!(frame(&vec![0; LONGEST_ENTRY], &mut Vec::new()).is_some());
    }
}
