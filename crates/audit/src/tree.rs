//! The Merkle tree of RFC 6962, section 2.1, grown leaf by leaf.

use domain::Digest;
use seal::Hasher;

/// The hash of an entry: SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Digest {
    // One piece is hashed with less ado than two; nearly every entry fits.
    let mut whole = [0; SHORT];
    if let Some(room) = whole.get_mut(1..=entry.len()) {
        room.copy_from_slice(entry);
        return seal::digest(whole.get(..=entry.len()).unwrap_or_default());
    }
    let mut hasher = Hasher::new();
    hasher.update(&[0]);
    hasher.update(entry);
    hasher.finish()
}

/// An entry with the byte before it that is hashed in one piece.
const SHORT: usize = 1 << 10;

/// The hash of two subtrees: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [1; 65];
    let (_, children) = bytes.split_at_mut(1);
    let (first, second) = children.split_at_mut(32);
    first.copy_from_slice(left.as_bytes());
    second.copy_from_slice(right.as_bytes());
    seal::digest(&bytes)
}

/// A Merkle tree that keeps only what the next root needs: one hash per full subtree, at most 64.
///
/// ```
/// use cloister_audit::{Tree, leaf_hash, node_hash};
/// let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
/// let mut tree = Tree::new();
/// tree.push(a);
/// tree.push(b);
/// assert_eq!(tree.size(), 2);
/// assert_eq!(tree.root(), node_hash(&a, &b));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the full subtrees from left to right: one for each set bit of the size.
    peaks: Vec<Digest>,
}

impl Tree {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// A tree from the leaf hashes of its entries.
    pub fn of(leaves: impl IntoIterator<Item = Digest>) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }

    /// A tree from what [`Tree::size`] and [`Tree::peaks`] said; nothing if they do not fit.
    pub fn resume(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (size.count_ones() as usize == peaks.len()).then_some(Self { size, peaks })
    }

    /// Appends the hash of the next entry; costs one node hash on average, at most 64.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Appends a full subtree of 2^`level` entries by its root; `false` where no subtree of that
    /// size can begin, or where the size would pass 2^64.
    #[must_use]
    pub fn push_subtree(&mut self, level: u32, root: Digest) -> bool {
        let Some(width) = 1_u64.checked_shl(level) else {
            return false;
        };
        let Some(size) = self.size.checked_add(width) else {
            return false;
        };
        if !self.size.is_multiple_of(width) {
            return false;
        }
        let mut node = root;
        for _ in 0..(self.size >> level).trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size = size;
        true
    }

    /// How many entries there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the full subtrees, from left to right.
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// The root; of the empty tree, SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        self.peaks
            .iter()
            .copied()
            .rev()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(|| seal::digest(b""))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The entries and roots of the reference implementation of Certificate Transparency
    /// (`google/certificate-transparency`, `merkletree/merkle_tree_test.cc`).
    pub(crate) fn reference_leaves() -> Vec<Digest> {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        entries.map(leaf_hash).to_vec()
    }

    pub(crate) const REFERENCE_ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_match_the_reference_implementation() {
        let mut tree = Tree::new();
        assert_eq!(
            tree.root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (leaf, root) in reference_leaves().into_iter().zip(REFERENCE_ROOTS) {
            tree.push(leaf);
            assert_eq!(tree.root().to_string(), root);
        }
    }

    #[test]
    fn a_resumed_tree_grows_like_the_one_it_was() {
        let leaves = reference_leaves();
        for cut in 0..=leaves.len() {
            let tree = Tree::of(leaves[..cut].iter().copied());
            let mut resumed = Tree::resume(tree.size(), tree.peaks().to_vec()).unwrap();
            leaves[cut..].iter().for_each(|leaf| resumed.push(*leaf));
            assert_eq!(resumed, Tree::of(leaves.iter().copied()));
        }
        assert_eq!(Tree::resume(3, vec![Digest([0; 32])]), None);
    }
}
