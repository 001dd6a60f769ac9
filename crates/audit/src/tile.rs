//! The log as static files that any client of a transparency log reads.
//!
//! Source: C2SP tlog-tiles (<https://c2sp.org/tlog-tiles>).

use std::collections::BTreeMap;

use domain::Digest;

use crate::{Tree, hashes::subtree_root};

/// The name of a tile: a row of at most 256 hashes, or a bundle of at most 256 entries.
///
/// ```
/// use cloister_audit::Tile;
/// assert_eq!(Tile::hashes(0, 1_234_067, 256).path(), "tile/0/x001/x234/067");
/// assert_eq!(Tile::entries(1, 44).path(), "tile/entries/001.p/44");
/// assert_eq!(Tile::parse("tile/0/x001/x234/067"), Some(Tile::hashes(0, 1_234_067, 256)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// The level of a row of hashes, in steps of eight; none for a bundle of entries.
    level: Option<u8>,
    number: u64,
    width: u16,
}

impl Tile {
    /// Hashes in a full tile.
    pub const WIDTH: u16 = 256;

    /// The tile of hashes `number`, of `width` hashes, at tile level `level`.
    pub const fn hashes(level: u8, number: u64, width: u16) -> Self {
        Self {
            level: Some(level),
            number,
            width,
        }
    }

    /// The bundle of entries `number`, of `width` entries.
    pub const fn entries(number: u64, width: u16) -> Self {
        Self {
            level: None,
            number,
            width,
        }
    }

    /// Its level; none for a bundle of entries.
    pub const fn level(self) -> Option<u8> {
        self.level
    }

    /// Its number within its level.
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many hashes or entries it holds.
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Its path below the log's folder.
    pub fn path(self) -> String {
        let level = self
            .level
            .map_or_else(|| "entries".to_owned(), |level| level.to_string());
        let mut groups = vec![format!("{:03}", self.number % 1000)];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.insert(0, format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        let partial = if self.width == Self::WIDTH {
            String::new()
        } else {
            format!(".p/{}", self.width)
        };
        format!("tile/{level}/{}{partial}", groups.join("/"))
    }

    /// Reads a path; only the one that [`Tile::path`] writes.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = match level {
            "entries" => None,
            number => Some(number.parse().ok().filter(|level| *level <= LEVEL_MAX)?),
        };
        let (groups, width) = match rest.split_once(".p/") {
            Some((groups, width)) => (groups, width.parse().ok()?),
            None => (rest, Self::WIDTH),
        };
        let mut number = 0_u64;
        for group in groups.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let value: u64 = digits.parse().ok().filter(|_| digits.len() == 3)?;
            number = number.checked_mul(1000)?.checked_add(value)?;
        }
        let tile = Self {
            level,
            number,
            width,
        };
        (width > 0 && width <= Self::WIDTH && tile.path() == path).then_some(tile)
    }
}

/// The rows of hashes of a growing log: leaves go in, full tiles come out, and at the end the
/// partial ones.
#[derive(Clone, Debug, Default)]
pub struct TileRows(Vec<Row>);

#[derive(Clone, Debug, Default)]
struct Row {
    full: u64,
    hashes: Vec<Digest>,
}

impl TileRows {
    /// Of an empty log.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Appends a leaf hash; every tile that became full is handed out with its hashes.
    pub fn push(&mut self, leaf: Digest) -> Vec<(Tile, Vec<Digest>)> {
        self.push_at(0, leaf)
    }

    fn push_at(&mut self, first: u8, hash: Digest) -> Vec<(Tile, Vec<Digest>)> {
        let mut full = Vec::new();
        let mut hash = hash;
        for level in first..=LEVEL_MAX {
            let at = usize::from(level);
            while self.0.len() <= at {
                self.0.push(Row::default());
            }
            let Some(row) = self.0.get_mut(at) else {
                break;
            };
            row.hashes.push(hash);
            if row.hashes.len() < usize::from(Tile::WIDTH) {
                break;
            }
            hash = subtree_root(&row.hashes);
            let tile = Tile::hashes(level, row.full, Tile::WIDTH);
            full.push((tile, std::mem::take(&mut row.hashes)));
            row.full += 1;
        }
        full
    }

    /// Appends 256 entries by the root over them; their own tile is not made. They must begin where
    /// a tile begins.
    pub fn push_block(&mut self, root: Digest) -> Vec<(Tile, Vec<Digest>)> {
        if self.0.is_empty() {
            self.0.push(Row::default());
        }
        if let Some(row) = self.0.first_mut() {
            row.full += 1;
        }
        self.push_at(1, root)
    }

    /// The tiles that are not full: they complete the tree at its present size.
    pub fn partial(&self) -> Vec<(Tile, &[Digest])> {
        let rows = (0..).zip(&self.0).filter(|(_, row)| !row.hashes.is_empty());
        rows.filter_map(|(level, row)| {
            let width = u16::try_from(row.hashes.len()).ok()?;
            Some((Tile::hashes(level, row.full, width), row.hashes.as_slice()))
        })
        .collect()
    }
}

/// The bytes of a tile of hashes: 32 a hash.
pub fn tile_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile; nothing if the bytes are not `width` of them.
pub fn tile_hashes(bytes: &[u8], width: u16) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == usize::from(width))
        .then(|| hashes.iter().copied().map(Digest).collect())
}

/// Adds an entry to a bundle: its length in two bytes, big endian, then itself; `false` for one of
/// more than 65,535 bytes.
#[must_use]
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> bool {
    let Ok(length) = u16::try_from(entry.len()) else {
        return false;
    };
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    true
}

/// The entries of a bundle; nothing if the bytes are not `width` of them.
pub fn bundle_entries(bytes: &[u8], width: u16) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length)?;
        entries.push(entry);
        rest = after;
    }
    (entries.len() == usize::from(width)).then_some(entries)
}

/// The root that a set of tiles gives for a tree of `size` entries; nothing where one is missing
/// or too short.
pub fn root_of_tiles(tiles: &BTreeMap<(u8, u64), Vec<Digest>>, size: u64) -> Option<Digest> {
    let mut tree = Tree::new();
    for level in (0..=LEVEL_MAX).rev() {
        let step = 1_u64
            .checked_shl(u32::from(level) * 8)
            .filter(|step| *step <= size);
        let Some(step) = step else { continue };
        let mut number = tree.size() / step;
        while number < size / step {
            let row = tiles.get(&(level, number / 256))?;
            let hash = row.get(usize::try_from(number % 256).ok()?)?;
            if !tree.push_subtree(u32::from(level) * 8, *hash) {
                return None;
            }
            number += 1;
        }
    }
    (tree.size() == size).then(|| tree.root())
}

/// 256^8 entries are more than a 64-bit size.
const LEVEL_MAX: u8 = 7;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::leaf_hash;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(Tile::hashes(3, 0, 5).path(), "tile/3/000.p/5");
        for refused in [
            "tile/0/1",
            "tile/0/001.p/256",
            "tile/0/001.p/0",
            "tile/8/001",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/-1/001",
            "tile/entries/+01",
            "entries/001",
        ] {
            assert_eq!(Tile::parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn tiles_give_the_root_of_the_tree() {
        for size in [0_u64, 1, 255, 256, 257, 1_000, 66_000] {
            let mut rows = TileRows::new();
            let mut tree = Tree::new();
            let mut tiles = BTreeMap::new();
            for at in 0..size {
                let leaf = leaf_hash(&at.to_le_bytes());
                tree.push(leaf);
                for (tile, hashes) in rows.push(leaf) {
                    tiles.insert((tile.level().unwrap(), tile.number()), hashes);
                }
            }
            for (tile, hashes) in rows.partial() {
                tiles.insert((tile.level().unwrap(), tile.number()), hashes.to_vec());
            }
            assert_eq!(root_of_tiles(&tiles, size), Some(tree.root()), "{size}");
            assert_eq!(root_of_tiles(&tiles, size + 1), None);
        }
    }

    proptest! {
        #[test]
        fn every_tile_has_one_path(level in 0_u8..8, number: u64, width in 1_u16..=256) {
            for tile in [Tile::hashes(level, number, width), Tile::entries(number, width)] {
                prop_assert_eq!(Tile::parse(&tile.path()), Some(tile));
            }
        }

        #[test]
        fn bundles_read_back(entries: Vec<Vec<u8>>) {
            let mut bundle = Vec::new();
            for entry in &entries {
                prop_assert!(push_entry(&mut bundle, entry));
            }
            let width = u16::try_from(entries.len()).unwrap();
            let read = bundle_entries(&bundle, width).unwrap();
            prop_assert_eq!(read, entries.iter().map(Vec::as_slice).collect::<Vec<_>>());
            prop_assert!(bundle_entries(&bundle, width + 1).is_none());
        }
    }
}
