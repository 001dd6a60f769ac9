//! Proofs that an entry is in the tree, and that a tree grew out of an older one.
//!
//! Source: RFC 9162, sections 2.1.3 and 2.1.4 (the same proofs as in RFC 6962).

use domain::{Code, Digest, Explain};
use thiserror::Error;

use crate::{Tree, codes, node_hash};

/// Why a proof does not hold.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The index is not in the tree, or the older tree is larger than the newer.
    #[error("the proof is about an entry or a tree that cannot be")]
    Range,
    /// Too few or too many hashes.
    #[error("the proof has not the length that the size of the tree asks for")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The hashes that lead from leaf `index` to the root of `leaves`, from the bottom up; nothing if
/// there is no such leaf. RFC 9162, 2.1.3.1.
pub fn inclusion_proof(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let mut at = usize::try_from(index)
        .ok()
        .filter(|at| *at < leaves.len())?;
    let mut subtree = leaves;
    let mut proof = Vec::new();
    while subtree.len() > 1 {
        let (left, right) = subtree.split_at_checked(split(subtree.len()))?;
        if at < left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            at -= left.len();
            subtree = right;
        }
    }
    proof.reverse();
    Some(proof)
}

/// The hashes that lead from the root of the first `old_size` leaves to the root of all; nothing
/// if there are not so many or if `old_size` is zero. RFC 9162, 2.1.4.1.
pub fn consistency_proof(leaves: &[Digest], old_size: u64) -> Option<Vec<Digest>> {
    let mut old = usize::try_from(old_size)
        .ok()
        .filter(|old| (1..=leaves.len()).contains(old))?;
    let mut subtree = leaves;
    let mut whole = true;
    let mut proof = Vec::new();
    while old < subtree.len() {
        let (left, right) = subtree.split_at_checked(split(subtree.len()))?;
        if old <= left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            old -= left.len();
            subtree = right;
            whole = false;
        }
    }
    if !whole {
        proof.push(root(subtree));
    }
    proof.reverse();
    Some(proof)
}

/// Holds only if `leaf` is entry `index` of the tree with `size` entries and root `root`.
/// RFC 9162, 2.1.3.2.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    conclude(last, hash == *root)
}

/// Holds only if the tree `(new_size, new_root)` begins with all entries of `(old_size,
/// old_root)`. RFC 9162, 2.1.4.2.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size == 0 || old_size > new_size {
        return Err(ProofError::Range);
    }
    if old_size == new_size {
        return conclude(proof.len() as u64, old_root == new_root);
    }
    // The root of a full subtree is the older root itself; then it is not in the proof.
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::Length)?
    };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    let shift = node.trailing_ones();
    (node, last) = (node >> shift, last >> shift);
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            new = node_hash(&new, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    conclude(last, old == *old_root && new == *new_root)
}

impl Explain for ProofError {
    fn code(&self) -> Code {
        codes::PROOF
    }

    fn help(&self) -> String {
        "ask for a new proof; if it does not hold either, the log was changed".to_owned()
    }
}

fn conclude(left_over: u64, same_root: bool) -> Result<(), ProofError> {
    match (left_over, same_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// The largest power of two below `length`, which is at least 2.
const fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}

fn root(leaves: &[Digest]) -> Digest {
    Tree::of(leaves.iter().copied()).root()
}

#[cfg(test)]
mod tests;
