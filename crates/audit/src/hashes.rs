//! Proofs out of stored hashes: only the subtrees that a proof needs are asked for.
//!
//! Source: RFC 9162, sections 2.1.3 and 2.1.4, with subtrees in the place of leaves.

use domain::Digest;

use crate::{Tree, leaf_hash, node_hash};

/// Where the hashes of a log come from. The hash of level `L` and number `N` is the root over the
/// entries `N·2^L` to `(N+1)·2^L - 1`.
pub trait Hashes {
    /// What can go wrong where the hashes are kept.
    type Error;

    /// The hash of a full subtree that lies within the log.
    fn hash(&self, level: u32, number: u64) -> Result<Digest, Self::Error>;
}

/// The proof that entry `index` stands in the tree of the first `size` entries, from the bottom
/// up; nothing if it does not.
pub fn inclusion_from<H: Hashes>(
    hashes: &H,
    index: u64,
    size: u64,
) -> Result<Option<Vec<Digest>>, H::Error> {
    if index >= size {
        return Ok(None);
    }
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(root_of(hashes, middle, high)?);
            high = middle;
        } else {
            proof.push(root_of(hashes, low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The proof that the tree of `size` entries grew out of that of the first `old`; nothing if `old`
/// is zero or larger.
pub fn consistency_from<H: Hashes>(
    hashes: &H,
    old: u64,
    size: u64,
) -> Result<Option<Vec<Digest>>, H::Error> {
    if old == 0 || old > size {
        return Ok(None);
    }
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    let mut whole = true;
    while old < high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(root_of(hashes, middle, high)?);
            high = middle;
        } else {
            proof.push(root_of(hashes, low, middle)?);
            low = middle;
            whole = false;
        }
    }
    if !whole {
        proof.push(root_of(hashes, low, high)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The root of the tree over the first `size` entries.
pub fn root_from<H: Hashes>(hashes: &H, size: u64) -> Result<Digest, H::Error> {
    if size == 0 {
        return Ok(Tree::new().root());
    }
    root_of(hashes, 0, size)
}

/// The root over the entries `low` to `high - 1`; `low` is where a subtree of that size begins.
fn root_of<H: Hashes>(hashes: &H, low: u64, high: u64) -> Result<Digest, H::Error> {
    let length = high - low;
    if length.is_power_of_two() {
        return hashes.hash(length.trailing_zeros(), low / length);
    }
    let middle = low + split(length);
    let left = root_of(hashes, low, middle)?;
    Ok(node_hash(&left, &root_of(hashes, middle, high)?))
}

/// The largest power of two below `length`, which is at least 2.
const fn split(length: u64) -> u64 {
    length.next_power_of_two() / 2
}

/// The tree of a growing log that remembers the root of every block of 256 entries, and the leaves
/// of the block that is not full: an eighth of a byte an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    tree: Tree,
    roots: Vec<Digest>,
    tail: Vec<Digest>,
}

impl Blocks {
    /// Entries in a block.
    pub const ENTRIES: u64 = 256;
    /// The level of a block's root.
    pub const LEVEL: u32 = 8;

    /// Of an empty log.
    pub const fn new() -> Self {
        Self {
            tree: Tree::new(),
            roots: Vec::new(),
            tail: Vec::new(),
        }
    }

    /// Appends an entry by its leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        self.tree.push(leaf);
        self.tail.push(leaf);
        if self.tail.len() as u64 == Self::ENTRIES {
            self.roots.push(block_root(&self.tail));
            self.tail.clear();
        }
    }

    /// Appends a whole block by its root; `false` when the last block is not full.
    #[must_use]
    pub fn push_block(&mut self, root: Digest) -> bool {
        let fits = self.tail.is_empty() && self.tree.push_subtree(Self::LEVEL, root);
        if fits {
            self.roots.push(root);
        }
        fits
    }

    /// What it takes to come back here with [`Blocks::return_to`].
    pub fn mark(&self) -> BlocksMark {
        BlocksMark {
            tree: self.tree.clone(),
            roots: self.roots.len(),
            tail: self.tail.clone(),
        }
    }

    /// Forgets what was appended after a mark that was made here.
    pub fn return_to(&mut self, mark: BlocksMark) {
        self.roots.truncate(mark.roots);
        self.tree = mark.tree;
        self.tail = mark.tail;
    }

    /// The tree over all entries.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// How many entries there are.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The roots of the full blocks.
    pub fn roots(&self) -> &[Digest] {
        &self.roots
    }

    /// The leaf hashes after the last full block.
    pub fn tail(&self) -> &[Digest] {
        &self.tail
    }

    /// The hash of a subtree of whole blocks, or within the last block; nothing where the leaves
    /// of a full block would be needed.
    pub fn hash(&self, level: u32, number: u64) -> Option<Digest> {
        if level >= Self::LEVEL {
            let width = 1_u64.checked_shl(level - Self::LEVEL)?;
            return root_over(&self.roots, number.checked_mul(width)?, width);
        }
        let width = 1_u64 << level;
        let first = number.checked_mul(width)?;
        let begin = (self.roots.len() as u64).checked_mul(Self::ENTRIES)?;
        root_over(&self.tail, first.checked_sub(begin)?, width)
    }
}

/// A place in a growing log, at most 10 KiB.
#[derive(Clone, Debug)]
pub struct BlocksMark {
    tree: Tree,
    roots: usize,
    tail: Vec<Digest>,
}

/// The root over some leaves of one block.
pub fn subtree_root(leaves: &[Digest]) -> Digest {
    Tree::of(leaves.iter().copied()).root()
}

fn root_over(leaves: &[Digest], first: u64, width: u64) -> Option<Digest> {
    let first = usize::try_from(first).ok()?;
    let end = first.checked_add(usize::try_from(width).ok()?)?;
    Some(subtree_root(leaves.get(first..end)?))
}

fn block_root(leaves: &[Digest]) -> Digest {
    subtree_root(leaves)
}

/// Leaf hashes of entries in order.
pub fn leaves_of<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Vec<Digest> {
    entries.into_iter().map(leaf_hash).collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::{consistency_proof, inclusion_proof};

    struct Whole(Vec<Digest>);

    impl Hashes for Whole {
        type Error = Infallible;

        fn hash(&self, level: u32, number: u64) -> Result<Digest, Infallible> {
            let width = 1 << level;
            let mut chunks = self.0.chunks(width).map(subtree_root);
            Ok(chunks
                .nth(usize::try_from(number).unwrap_or(usize::MAX))
                .unwrap_or(Digest([0; 32])))
        }
    }

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|at| leaf_hash(&at.to_le_bytes())).collect()
    }

    proptest! {
        #[test]
        fn proofs_from_subtrees_are_those_from_leaves(count in 1_usize..700, at: usize) {
            let whole = Whole(leaves(count));
            let (index, size) = ((at % count) as u64, count as u64);
            prop_assert_eq!(
                inclusion_from(&whole, index, size).unwrap(),
                inclusion_proof(&whole.0, index)
            );
            prop_assert_eq!(
                consistency_from(&whole, index, size).unwrap(),
                consistency_proof(&whole.0, index)
            );
            prop_assert_eq!(root_from(&whole, size).unwrap(), Tree::of(whole.0).root());
        }
    }

    #[test]
    fn blocks_grow_like_the_tree_and_give_its_subtrees() {
        let leaves = leaves(1_000);
        let mut blocks = Blocks::new();
        for leaf in &leaves {
            blocks.push(*leaf);
        }
        assert_eq!(
            blocks.tree().root(),
            Tree::of(leaves.iter().copied()).root()
        );
        assert_eq!(blocks.hash(9, 0), Some(subtree_root(&leaves[..512])));
        assert_eq!(blocks.hash(3, 96), Some(subtree_root(&leaves[768..776])));
        assert_eq!(blocks.hash(3, 0), None);

        let mark = blocks.mark();
        let before = blocks.clone();
        for leaf in &leaves {
            blocks.push(*leaf);
        }
        blocks.return_to(mark);
        assert_eq!(blocks, before);

        let mut resumed = Blocks::new();
        for root in blocks.roots() {
            assert!(resumed.push_block(*root));
        }
        for leaf in &leaves[768..] {
            resumed.push(*leaf);
        }
        assert_eq!(resumed, blocks);
        assert!(!resumed.push_block(leaves[0]));
    }
}
