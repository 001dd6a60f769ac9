//! Proofs out of the open log: the roots of blocks are in memory, the leaves of one block are read
//! when a proof needs them.

use std::cell::RefCell;

use audit::{Blocks, Hashes, consistency_from, inclusion_from, root_from, subtree_root};
use domain::Digest;

use super::{
    Log,
    files::Files,
    reader::{Next, Reader},
};
use crate::StoreError;

/// The hashes of an open log.
struct OfLog<'a> {
    log: &'a Log,
    files: Files,
    /// The leaves of the block that was read last.
    read: RefCell<Option<(u64, Vec<Digest>)>>,
}

impl Log {
    /// The hashes from an entry to the root of the first `size` entries.
    pub(crate) fn prove_inclusion(
        &self,
        index: u64,
        size: u64,
    ) -> Result<Option<Vec<Digest>>, StoreError> {
        inclusion_from(&self.hashes()?, index, size)
    }

    /// Several proofs at once: the blocks of neighbours are read once.
    pub(crate) fn prove_all(
        &self,
        indices: &[u64],
        size: u64,
    ) -> Result<Vec<(u64, Vec<Digest>)>, StoreError> {
        let hashes = self.hashes()?;
        let mut proofs = Vec::with_capacity(indices.len());
        for index in indices {
            let proof = inclusion_from(&hashes, *index, size)?;
            proofs.push((*index, proof.unwrap_or_default()));
        }
        Ok(proofs)
    }

    /// The hashes that show that the first `size` entries grew out of the first `old`.
    pub(crate) fn prove_consistency(
        &self,
        old: u64,
        size: u64,
    ) -> Result<Option<Vec<Digest>>, StoreError> {
        consistency_from(&self.hashes()?, old, size)
    }

    /// The root over the first `size` entries.
    pub(crate) fn root_at(&self, size: u64) -> Result<Digest, StoreError> {
        root_from(&self.hashes()?, size)
    }

    fn hashes(&self) -> Result<OfLog<'_>, StoreError> {
        Ok(OfLog {
            log: self,
            files: Files::list(&self.home)?,
            read: RefCell::default(),
        })
    }
}

impl Hashes for OfLog<'_> {
    type Error = StoreError;

    fn hash(&self, level: u32, number: u64) -> Result<Digest, StoreError> {
        if let Some(hash) = self.log.blocks.hash(level, number) {
            return Ok(hash);
        }
        let width = 1_u64 << level.min(Blocks::LEVEL);
        let first = number * width;
        let block = first / Blocks::ENTRIES;
        if self
            .read
            .borrow()
            .as_ref()
            .is_none_or(|(read, _)| *read != block)
        {
            self.read.replace(Some((block, self.leaves(block)?)));
        }
        let begin = usize::try_from(first % Blocks::ENTRIES).unwrap_or(usize::MAX);
        let end = begin.saturating_add(usize::try_from(width).unwrap_or(usize::MAX));
        let read = self.read.borrow();
        let leaves = read.as_ref().and_then(|(_, leaves)| leaves.get(begin..end));
        leaves.map(subtree_root).ok_or_else(|| altered(first))
    }
}

impl OfLog<'_> {
    /// The leaves of a full block, compared with its root.
    fn leaves(&self, block: u64) -> Result<Vec<Digest>, StoreError> {
        let first = block * Blocks::ENTRIES;
        if let Some(cold) = self.files.cold_of(first) {
            return Ok(cold.bundle(first)?.leaves().to_vec());
        }
        let mut reader = Reader::of(&self.log.home, self.log, first)?;
        let mut leaves = Vec::new();
        while leaves.len() as u64 != Blocks::ENTRIES {
            match reader.next()? {
                Some(Next::Entry(_, _, leaf)) => leaves.push(leaf),
                _ => return Err(altered(first)),
            }
        }
        let root = usize::try_from(block).ok();
        let root = root.and_then(|block| self.log.blocks.roots().get(block));
        if root == Some(&subtree_root(&leaves)) {
            Ok(leaves)
        } else {
            Err(altered(first))
        }
    }
}

fn altered(first: u64) -> StoreError {
    StoreError::LogAltered {
        what: format!("entry {first} or one after it is not what was written"),
    }
}
