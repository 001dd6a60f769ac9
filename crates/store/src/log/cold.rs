//! The older part of the log, compressed: `log/cold-<first entry>`, 65,536 entries each.
//!
//! Bytes: `cloister-cold/1\n`, then first entry, entries and blocks (8 bytes each, little endian);
//! for each block of 256 entries its root in the tree (32 bytes), where it begins (8), how long it
//! is compressed and how long it was (4 each); the blocks, Zstandard (RFC 8878), each a C2SP bundle
//! of entries. The hashes of single entries are not stored: they follow from the entries. A pruned
//! file has roots and no blocks, so that every proof about later entries can still be made.

use std::{
    fs::File,
    io::{self, Read},
    ops::Range,
    os::unix::fs::FileExt,
    path::Path,
};

use audit::{Blocks, bundle_entries, leaves_of, push_entry, subtree_root};
use domain::Digest;

use super::frames::LONGEST_ENTRY;
use crate::{FileRole, StoreError};

/// Entries of one file: a multiple of a block and a power of two. Small in tests, so that they
/// come to many files.
pub(crate) const SEGMENT: u64 = if cfg!(test) { 512 } else { 65_536 };

/// The longest block: 256 entries of the longest kind, each with its length.
const LARGEST_BLOCK: usize = 256 * (LONGEST_ENTRY + 2);

/// An open file of cold entries.
#[derive(Debug)]
pub(crate) struct Cold {
    file: File,
    base: u64,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    root: Digest,
    offset: u64,
    packed: u32,
    plain: u32,
}

/// The entries of one block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bundle {
    bytes: Vec<u8>,
    /// Where each entry lies in the bytes.
    places: Vec<Range<usize>>,
    leaves: Vec<Digest>,
    root: Option<Digest>,
}

impl Cold {
    /// Opens a file and reads its head.
    pub(crate) fn open(path: &Path, base: u64) -> Result<Self, StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let mut file = File::open(path).map_err(told)?;
        let blocks = head(&mut file, base).map_err(told)?;
        let blocks = blocks.ok_or_else(|| altered(base))?;
        Ok(Self { file, base, blocks })
    }

    /// The number of its first entry.
    pub(crate) const fn base(&self) -> u64 {
        self.base
    }

    /// The number after its last entry.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.blocks.len() as u64 * Blocks::ENTRIES
    }

    /// The roots of its blocks.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Digest> {
        self.blocks.iter().map(|block| block.root)
    }

    /// Whether its entries were pruned.
    pub(crate) fn is_pruned(&self) -> bool {
        self.blocks.iter().all(|block| block.packed == 0)
    }

    /// The block that holds an entry, read and compared with its root in the tree.
    pub(crate) fn bundle(&self, index: u64) -> Result<Bundle, StoreError> {
        let mut bundle = Bundle::default();
        self.unpack(index, &mut Unpacker::new()?, &mut bundle)?;
        Ok(bundle)
    }

    /// The same into a bundle that is there; who reads many blocks makes room once.
    pub(crate) fn unpack(
        &self,
        index: u64,
        unpacker: &mut Unpacker,
        bundle: &mut Bundle,
    ) -> Result<(), StoreError> {
        let at = index.saturating_sub(self.base) / Blocks::ENTRIES;
        let block = usize::try_from(at).ok().and_then(|at| self.blocks.get(at));
        let block = block.ok_or_else(|| altered(index))?;
        if block.packed == 0 {
            return Err(StoreError::LogPruned { entry: index });
        }
        let first = self.base + at * Blocks::ENTRIES;
        if block.plain as usize > LARGEST_BLOCK {
            return Err(altered_block(first));
        }
        unpacker.read(&self.file, block, &mut bundle.bytes, first)?;
        if bundle.find_entries() && bundle.root == Some(block.root) {
            Ok(())
        } else {
            Err(altered_block(first))
        }
    }
}

/// Reads compressed blocks, one after the other, in one piece of memory.
pub(crate) struct Unpacker {
    packed: Vec<u8>,
    decoder: zstd::bulk::Decompressor<'static>,
}

impl Unpacker {
    pub(crate) fn new() -> Result<Self, StoreError> {
        let decoder = zstd::bulk::Decompressor::new()
            .map_err(|source| StoreError::file(FileRole::Log, source))?;
        Ok(Self {
            packed: Vec::new(),
            decoder,
        })
    }

    fn read(
        &mut self,
        file: &File,
        block: &Block,
        plain: &mut Vec<u8>,
        first: u64,
    ) -> Result<(), StoreError> {
        self.packed.resize(block.packed as usize, 0);
        file.read_exact_at(&mut self.packed, block.offset)
            .map_err(|source| StoreError::file(FileRole::Log, source))?;
        plain.clear();
        plain.reserve(block.plain as usize);
        let length = self
            .decoder
            .decompress_to_buffer(&self.packed, plain)
            .map_err(|_| altered_block(first))?;
        if length == block.plain as usize {
            Ok(())
        } else {
            Err(altered_block(first))
        }
    }
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unpacker")
    }
}

impl Bundle {
    /// Finds the entries in the bytes and hashes them; `false` when the bytes are not 256 of them.
    fn find_entries(&mut self) -> bool {
        let Some(entries) = bundle_entries(&self.bytes, 256) else {
            return false;
        };
        self.places.clear();
        let mut at = 0;
        for entry in &entries {
            at += 2;
            self.places.push(at..at + entry.len());
            at += entry.len();
        }
        self.leaves.clear();
        self.leaves.extend(leaves_of(entries));
        self.root = Some(subtree_root(&self.leaves));
        true
    }

    /// The entry of this number within the bundle.
    pub(crate) fn entry(&self, at: usize) -> Option<&[u8]> {
        self.bytes.get(self.places.get(at)?.clone())
    }

    /// The entries with their leaf hashes.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&[u8], Digest)> {
        let entries = self.places.iter().map(|place| {
            let entry = self.bytes.get(place.clone());
            entry.unwrap_or_default()
        });
        entries.zip(self.leaves.iter().copied())
    }

    /// The root over them, as it was made from the entries.
    pub(crate) fn root(&self) -> Digest {
        self.root.unwrap_or_else(|| subtree_root(&self.leaves))
    }

    /// The leaf hashes of its entries.
    pub(crate) fn leaves(&self) -> &[Digest] {
        &self.leaves
    }
}

/// Collects entries and writes them as a file of cold entries.
#[derive(Debug)]
pub(crate) struct Packer {
    base: u64,
    bundle: Vec<u8>,
    leaves: Vec<Digest>,
    blocks: Vec<(Digest, Vec<u8>, u32)>,
}

impl Packer {
    pub(crate) const fn new(base: u64) -> Self {
        Self {
            base,
            bundle: Vec::new(),
            leaves: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Adds the next entry.
    pub(crate) fn push(&mut self, entry: &[u8], leaf: Digest) -> Result<(), StoreError> {
        if !push_entry(&mut self.bundle, entry) {
            return Err(altered(self.base));
        }
        self.leaves.push(leaf);
        if self.leaves.len() as u64 == Blocks::ENTRIES {
            let packed = zstd::bulk::compress(&self.bundle, LEVEL)
                .map_err(|source| StoreError::file(FileRole::Log, source))?;
            let plain = u32::try_from(self.bundle.len()).unwrap_or(u32::MAX);
            self.blocks
                .push((subtree_root(&self.leaves), packed, plain));
            self.bundle.clear();
            self.leaves.clear();
        }
        Ok(())
    }

    /// How many entries stand in whole blocks.
    pub(crate) fn packed(&self) -> u64 {
        self.blocks.len() as u64 * Blocks::ENTRIES
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Vec<u8> {
        let head = HEAD + self.blocks.len() * ROW;
        let mut bytes = begin(self.base, self.blocks.len() as u64);
        let mut offset = head as u64;
        for (root, packed, plain) in &self.blocks {
            let length = u32::try_from(packed.len()).unwrap_or(u32::MAX);
            row(&mut bytes, root, offset, length, *plain);
            offset += packed.len() as u64;
        }
        for (_, packed, _) in &self.blocks {
            bytes.extend_from_slice(packed);
        }
        bytes
    }
}

/// The bytes of a file whose entries are pruned: only the roots of its blocks stay.
pub(crate) fn pruned(cold: &Cold) -> Vec<u8> {
    let mut bytes = begin(cold.base, cold.blocks.len() as u64);
    for root in cold.roots() {
        row(&mut bytes, &root, 0, 0, 0);
    }
    bytes
}

fn begin(base: u64, blocks: u64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(base.to_le_bytes());
    bytes.extend((blocks * Blocks::ENTRIES).to_le_bytes());
    bytes.extend(blocks.to_le_bytes());
    bytes
}

fn row(bytes: &mut Vec<u8>, root: &Digest, offset: u64, packed: u32, plain: u32) {
    bytes.extend_from_slice(&root.0);
    bytes.extend(offset.to_le_bytes());
    bytes.extend(packed.to_le_bytes());
    bytes.extend(plain.to_le_bytes());
}

/// The rows of a head; nothing when the bytes are not those of a file that begins there.
fn head(file: &mut File, base: u64) -> io::Result<Option<Vec<Block>>> {
    let mut first = [0; HEAD];
    file.read_exact(&mut first)?;
    let Some(numbers) = first.strip_prefix(MAGIC) else {
        return Ok(None);
    };
    let (numbers, _) = numbers.as_chunks::<8>();
    let [found, entries, blocks] = numbers else {
        return Ok(None);
    };
    let [found, entries, blocks] = [found, entries, blocks].map(|bytes| u64::from_le_bytes(*bytes));
    if found != base || blocks == 0 || blocks > BLOCKS_MAX || entries != blocks * Blocks::ENTRIES {
        return Ok(None);
    }
    let mut table = vec![0; usize::try_from(blocks).unwrap_or(0) * ROW];
    file.read_exact(&mut table)?;
    let mut rows = Vec::with_capacity(table.len() / ROW);
    for bytes in table.chunks_exact(ROW) {
        let (root, rest) = bytes.split_first_chunk::<32>().unwrap_or((&[0; 32], &[]));
        let (offset, rest) = rest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        let (packed, plain) = rest.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
        let plain = plain.first_chunk::<4>().unwrap_or(&[0; 4]);
        let plain = u32::from_le_bytes(*plain);
        if plain > PLAIN_MAX {
            return Ok(None);
        }
        rows.push(Block {
            root: Digest(*root),
            offset: u64::from_le_bytes(*offset),
            packed: u32::from_le_bytes(*packed).min(PLAIN_MAX),
            plain,
        });
    }
    Ok(Some(rows))
}

fn altered(base: u64) -> StoreError {
    StoreError::LogAltered {
        what: format!("the compressed file of entry {base} and later is not one"),
    }
}

fn altered_block(first: u64) -> StoreError {
    StoreError::LogAltered {
        what: format!(
            "one of the entries {first} to {} is not what was written",
            first + Blocks::ENTRIES - 1
        ),
    }
}

const MAGIC: &[u8] = b"cloister-cold/1\n";
const HEAD: usize = 40;
const ROW: usize = 48;
const BLOCKS_MAX: u64 = SEGMENT / Blocks::ENTRIES;
/// 256 entries of the greatest length with their two bytes each.
const PLAIN_MAX: u32 = 256 * 65_537;
/// Slower levels gain little on lines of JSON; tests compress thousands of times.
const LEVEL: i32 = if cfg!(test) { 1 } else { 9 };

#[cfg(test)]
mod tests {
    use std::io::Write;

    use audit::leaf_hash;

    use super::*;

    fn packed() -> Vec<u8> {
        let mut packer = Packer::new(1024);
        for at in 0..512 {
            let entry = format!("an entry with the number {at}");
            packer
                .push(entry.as_bytes(), leaf_hash(entry.as_bytes()))
                .unwrap();
        }
        assert_eq!(packer.packed(), 512);
        packer.finish()
    }

    fn placed(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn opened(bytes: &[u8]) -> Result<Cold, StoreError> {
        Cold::open(placed(bytes).path(), 1024)
    }

    #[test]
    fn entries_come_back_from_their_block() {
        let cold = opened(&packed()).unwrap();
        assert_eq!((cold.base(), cold.end()), (1024, 1536));
        let bundle = cold.bundle(1024 + 300).unwrap();
        assert_eq!(bundle.entry(44).unwrap(), b"an entry with the number 300");
        assert!(!cold.is_pruned());
    }

    #[test]
    fn a_pruned_file_keeps_its_roots_and_nothing_else() {
        let cold = opened(&packed()).unwrap();
        let left = pruned(&cold);
        assert_eq!(left.len(), HEAD + 2 * ROW);
        let empty = opened(&left).unwrap();
        assert!(empty.is_pruned() && empty.roots().eq(cold.roots()));
        assert!(matches!(
            empty.bundle(1024),
            Err(StoreError::LogPruned { entry: 1024 })
        ));
    }

    /// What is read is what was written, or it is refused; a few bits of the compression say
    /// nothing.
    #[test]
    fn no_changed_byte_changes_what_is_read() {
        let whole = packed();
        let read = |bytes: &[u8]| {
            let cold = opened(bytes).ok()?;
            let mut read: Vec<Vec<u8>> = cold.roots().map(|root| root.0.to_vec()).collect();
            for first in [1024, 1280] {
                let bundle = cold.bundle(first).ok()?;
                read.extend((0..256).map(|at| bundle.entry(at).unwrap().to_vec()));
            }
            Some(read)
        };
        let right = read(&whole).unwrap();
        let mut refused = 0;
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            let changed = read(&bytes);
            assert!(
                changed.as_ref().is_none_or(|changed| *changed == right),
                "{at}"
            );
            refused += usize::from(changed.is_none());
            assert!(read(&whole[..at]).is_none());
        }
        assert!(refused > whole.len() / 2, "{refused} of {}", whole.len());
    }
}
