//! The frames of `log/entries`: length, check, bytes.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use seal::digest;

/// The longest entry: the C2SP tiled-log format gives it a 16-bit length.
pub(crate) const LONGEST_ENTRY: usize = 65_535;

/// Bytes before each entry: its length and the first four bytes of its SHA-256, little endian
/// and as they are.
pub(crate) const HEADER: usize = 8;

/// Adds one framed entry to a buffer; `false` when the entry is empty or too long.
#[must_use]
pub(crate) fn frame(entry: &[u8], buffer: &mut Vec<u8>) -> bool {
    let Ok(length) = u16::try_from(entry.len()) else {
        return false;
    };
    buffer.extend_from_slice(&u32::from(length).to_le_bytes());
    buffer.extend_from_slice(&check(entry));
    buffer.extend_from_slice(entry);
    length > 0
}

fn check(entry: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = digest(entry).0;
    [a, b, c, d]
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

/// Reads frames from an offset to the end of the file.
#[derive(Debug)]
pub(crate) struct Frames {
    file: BufReader<File>,
    offset: u64,
    end: Option<End>,
}

impl Frames {
    /// Starts at the beginning of a frame.
    pub(crate) fn new(mut file: File, offset: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self {
            file: BufReader::with_capacity(BUFFER, file),
            offset,
            end: None,
        })
    }

    /// The next whole entry, or `None` at the end; [`Frames::end`] says which end it is.
    pub(crate) fn entry(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.end.is_some() {
            return Ok(None);
        }
        let mut header = [0; HEADER];
        match fill(&mut self.file, &mut header)? {
            HEADER => self.body(header),
            0 => Ok(self.stop(End::Clean)),
            _ => Ok(self.stop(End::Incomplete)),
        }
    }

    /// Where the frames read so far end, in bytes.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Why reading stopped; `Clean` while it has not.
    pub(crate) fn end(&self) -> End {
        self.end.unwrap_or(End::Clean)
    }

    fn body(&mut self, header: [u8; HEADER]) -> io::Result<Option<Vec<u8>>> {
        let [a, b, c, d, checked @ ..] = header;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length == 0 || length > LONGEST_ENTRY {
            return Ok(self.stop(End::Broken));
        }
        let mut entry = vec![0; length];
        if fill(&mut self.file, &mut entry)? < length {
            return Ok(self.stop(End::Incomplete));
        }
        if check(&entry) != checked {
            return Ok(self.stop(End::Broken));
        }
        self.offset = self.offset.saturating_add((HEADER + length) as u64);
        Ok(Some(entry))
    }

    fn stop<T>(&mut self, end: End) -> Option<T> {
        self.end = Some(end);
        None
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
        while let Some(entry) = frames.entry().unwrap() {
            entries.push(entry);
        }
        (entries, frames.end(), frames.offset())
    }

    fn two() -> Vec<u8> {
        let mut bytes = Vec::new();
        assert!(frame(b"first", &mut bytes));
        assert!(frame(b"second", &mut bytes));
        bytes
    }

    #[test]
    fn what_is_framed_is_read_back() {
        let (entries, end, offset) = read(&two());
        assert_eq!(entries, [b"first".to_vec(), b"second".to_vec()]);
        assert_eq!((end, offset), (End::Clean, 27));
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
    fn every_flipped_byte_is_noticed() {
        for position in 0..27 {
            let mut bytes = two();
            bytes[position] ^= 1;
            let (entries, end, _) = read(&bytes);
            assert!(entries.len() < 2 && end != End::Clean, "{position}");
        }
    }

    #[test]
    fn entries_without_bytes_or_above_the_limit_are_not_framed() {
        assert!(!frame(b"", &mut Vec::new()));
        assert!(!frame(&vec![0; LONGEST_ENTRY + 1], &mut Vec::new()));
        assert!(frame(&vec![0; LONGEST_ENTRY], &mut Vec::new()));
    }
}
