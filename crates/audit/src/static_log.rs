//! Checking a log as static files, from another machine, with nothing but its public key.

use std::collections::BTreeMap;

use domain::{Code, Digest, Explain};
use seal::PublicKey;
use thiserror::Error;

use crate::{
    Checkpoint, CheckpointError, Tile, TileRows, Verified, bundle_entries, codes, leaf_hash,
    tile_hashes, tree::Tree,
};

/// Why static files are not the log of their checkpoint.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaticLogError {
    /// The checkpoint does not hold.
    #[error("the checkpoint of the static log is not valid")]
    Checkpoint(#[from] CheckpointError),
    /// A file is missing.
    #[error("`{path}` is missing")]
    Missing {
        /// Its path.
        path: String,
    },
    /// A file has not the length or shape that its name says.
    #[error("`{path}` is not what its name says")]
    Shape {
        /// Its path.
        path: String,
    },
    /// A tile of hashes is not what the entries hash to.
    #[error("`{path}` does not fit the entries")]
    Hashes {
        /// Its path.
        path: String,
    },
    /// Entries or hashes lead to another root.
    #[error("the files lead to another root than the checkpoint's")]
    Root,
}

/// Recomputes a static log: every bundle of entries, every tile of hashes, the root. `read` gives
/// the bytes of a file by its path. Bundles before `minimum` may be missing, as a pruned log
/// allows; their hashes must be there.
///
/// # Guarantee
/// Success means that the files hold exactly the entries of the checkpoint, from `minimum` on.
pub fn verify_static(
    key: &PublicKey,
    minimum: u64,
    mut read: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Verified, StaticLogError> {
    let text = read("checkpoint").and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| StaticLogError::Missing {
        path: "checkpoint".to_owned(),
    })?;
    let checkpoint = Checkpoint::parse_and_verify(&text, key)?;
    let size = checkpoint.size();
    let mut rows = TileRows::new();
    let mut tree = Tree::new();
    let mut pruned = 0;
    for number in 0..size.div_ceil(256) {
        let width = u16::try_from((size - number * 256).min(256)).unwrap_or(256);
        let bundle = Tile::entries(number, width);
        let leaves: Vec<Digest> = match read(&bundle.path()) {
            Some(bytes) => {
                let entries = bundle_entries(&bytes, width).ok_or_else(|| shape(bundle))?;
                entries.into_iter().map(leaf_hash).collect()
            }
            None if (number + 1) * 256 <= minimum => {
                pruned = (number + 1) * 256;
                let root = pruned_root(number, size, &mut read)?;
                if !tree.push_subtree(8, root) {
                    return Err(StaticLogError::Root);
                }
                for (tile, hashes) in rows.push_block(root) {
                    compare(tile, &hashes, &mut read)?;
                }
                continue;
            }
            None => return Err(missing(bundle)),
        };
        for leaf in leaves {
            tree.push(leaf);
            for (tile, hashes) in rows.push(leaf) {
                compare(tile, &hashes, &mut read)?;
            }
        }
    }
    for (tile, hashes) in rows.partial() {
        compare(tile, hashes, &mut read)?;
    }
    if tree.root() != checkpoint.root() {
        return Err(StaticLogError::Root);
    }
    Ok(Verified {
        origin: checkpoint.origin().to_owned(),
        size,
        root: checkpoint.root(),
        checkpoints: 1,
        pruned,
        clock_set_back: 0,
    })
}

/// The root of a pruned block: a hash of the row above.
fn pruned_root(
    number: u64,
    size: u64,
    read: &mut impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Digest, StaticLogError> {
    let row = number / 256;
    let width = (size / 256).saturating_sub(row * 256).min(256);
    let width = u16::try_from(width).unwrap_or(256);
    let tile = Tile::hashes(1, row, width);
    let bytes = read(&tile.path()).ok_or_else(|| missing(tile))?;
    let hashes = tile_hashes(&bytes, width).ok_or_else(|| shape(tile))?;
    let at = usize::try_from(number % 256).unwrap_or(usize::MAX);
    hashes.get(at).copied().ok_or_else(|| shape(tile))
}

fn compare(
    tile: Tile,
    hashes: &[Digest],
    read: &mut impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<(), StaticLogError> {
    let path = tile.path();
    let bytes = read(&path).ok_or_else(|| missing(tile))?;
    let found = tile_hashes(&bytes, tile.width()).ok_or_else(|| shape(tile))?;
    if found == hashes {
        Ok(())
    } else {
        Err(StaticLogError::Hashes { path })
    }
}

fn missing(tile: Tile) -> StaticLogError {
    StaticLogError::Missing { path: tile.path() }
}

fn shape(tile: Tile) -> StaticLogError {
    StaticLogError::Shape { path: tile.path() }
}

/// The static files of a log whose entries are in memory, path by path, without the checkpoint.
pub fn static_files<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut rows = TileRows::new();
    let (mut bundle, mut width, mut number) = (Vec::new(), 0_u16, 0);
    for entry in entries {
        if crate::push_entry(&mut bundle, entry) {
            width += 1;
        }
        if width == Tile::WIDTH {
            files.insert(
                Tile::entries(number, width).path(),
                std::mem::take(&mut bundle),
            );
            (width, number) = (0, number + 1);
        }
        for (tile, hashes) in rows.push(leaf_hash(entry)) {
            files.insert(tile.path(), crate::tile_bytes(&hashes));
        }
    }
    if width > 0 {
        files.insert(Tile::entries(number, width).path(), bundle);
    }
    for (tile, hashes) in rows.partial() {
        files.insert(tile.path(), crate::tile_bytes(hashes));
    }
    files
}

impl Explain for StaticLogError {
    fn code(&self) -> Code {
        match self {
            Self::Checkpoint(error) => error.code(),
            _ => codes::TILES,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Checkpoint(error) => error.help(),
            Self::Missing { .. } => {
                "copy the whole folder that `cloister audit tiles` wrote".into()
            }
            _ => "compare with another copy of the static log, and treat this as a security \
                  incident"
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};

    use super::*;

    fn keyring() -> Keyring {
        let passphrase = Passphrase::new("correct horse battery staple");
        let entropy = &mut SeededEntropy::new(1);
        Keyring::create(&passphrase, Argon2Cost::light(), entropy)
            .unwrap()
            .0
    }

    #[test]
    fn every_missing_and_every_changed_file_is_named() {
        let entries: Vec<String> = (0..600).map(|at| format!("entry {at}")).collect();
        let mut files = static_files(entries.iter().map(String::as_bytes));
        let tree = Tree::of(entries.iter().map(|entry| leaf_hash(entry.as_bytes())));
        let keyring = keyring();
        let note = Checkpoint::of("log", &tree).unwrap().sign(&keyring);
        files.insert("checkpoint".to_owned(), note.into_bytes());
        let key = keyring.checkpoint_key();
        let verify = |files: &BTreeMap<String, Vec<u8>>, minimum| {
            verify_static(&key, minimum, |path| files.get(path).cloned())
        };
        assert_eq!(verify(&files, 0).unwrap().size, 600);
        assert_eq!(files.len(), 3 + 3 + 1 + 1);
        for path in files.keys() {
            let mut left = files.clone();
            let whole = left.remove(path).unwrap();
            assert!(verify(&left, 0).is_err(), "{path} missing");
            let mut changed = whole.clone();
            changed[whole.len() / 2] ^= 1;
            left.insert(path.clone(), changed);
            assert!(verify(&left, 0).is_err(), "{path} changed");
        }
        files.remove("tile/entries/000");
        files.remove("tile/0/000");
        assert_eq!(verify(&files, 256).unwrap().pruned, 256);
        assert!(verify(&files, 255).is_err());
    }
}
