use proptest::prelude::*;

use super::*;
use crate::{
    leaf_hash,
    tree::tests::{REFERENCE_ROOTS, reference_leaves},
};

fn hashes(texts: &[&str]) -> Vec<Digest> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// `merkletree/merkle_tree_test.cc` of the reference implementation: index 5 (its 6th leaf) of 8
/// and index 2 of 3; consistency from 1 to 8, 6 to 8, and 2 to 5.
#[test]
fn proofs_match_the_reference_implementation() {
    let leaves = reference_leaves();
    assert_eq!(
        inclusion_proof(&leaves, 5).unwrap(),
        hashes(&[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(
        inclusion_proof(&leaves[..3], 2).unwrap(),
        hashes(&["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"])
    );
    assert_eq!(
        consistency_proof(&leaves, 1).unwrap(),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        consistency_proof(&leaves, 6).unwrap(),
        hashes(&[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(
        consistency_proof(&leaves[..5], 2).unwrap(),
        hashes(&[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ])
    );
    let root = REFERENCE_ROOTS[7].parse().unwrap();
    let proof = inclusion_proof(&leaves, 5).unwrap();
    assert_eq!(verify_inclusion(&leaves[5], 5, 8, &proof, &root), Ok(()));
}

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect()
}

#[test]
fn all_proofs_of_small_trees_hold_and_lead_nowhere_else() {
    for size in 1..=33 {
        let leaves = leaves(size);
        let root = root(&leaves);
        for (index, leaf) in (0..).zip(&leaves) {
            let proof = inclusion_proof(&leaves, index).unwrap();
            assert_eq!(verify_inclusion(leaf, index, size, &proof, &root), Ok(()));
            let other = Digest([7; 32]);
            assert!(verify_inclusion(&other, index, size, &proof, &root).is_err());
            assert!(verify_inclusion(leaf, index ^ 1, size, &proof, &root).is_err() || size == 1);
            let longer = [proof.as_slice(), &[other]].concat();
            assert!(verify_inclusion(leaf, index, size, &longer, &root).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_inclusion(leaf, index, size, shorter, &root).is_err());
            }
        }
        assert_eq!(inclusion_proof(&leaves, size), None);
    }
}

#[test]
fn all_consistency_proofs_of_small_trees_hold_for_their_roots_only() {
    for new in 1..=33 {
        let leaves = leaves(new);
        let new_root = root(&leaves);
        for old in 1..=new {
            let old_root = root(&leaves[..usize::try_from(old).unwrap()]);
            let proof = consistency_proof(&leaves, old).unwrap();
            let check = |old_root: &Digest, new_root: &Digest, proof: &[Digest]| {
                verify_consistency(old, old_root, new, new_root, proof)
            };
            assert_eq!(check(&old_root, &new_root, &proof), Ok(()), "{old} {new}");
            let other = Digest([7; 32]);
            assert!(check(&other, &new_root, &proof).is_err());
            assert!(check(&old_root, &other, &proof).is_err());
            let longer = [proof.as_slice(), &[other]].concat();
            assert!(check(&old_root, &new_root, &longer).is_err());
        }
        assert_eq!(consistency_proof(&leaves, 0), None);
        assert_eq!(consistency_proof(&leaves, new + 1), None);
    }
}

proptest! {
    #[test]
    fn arbitrary_proofs_neither_hold_nor_panic(
        index: u64, size: u64, old: u64, bytes: Vec<[u8; 32]>,
    ) {
        let proof: Vec<Digest> = bytes.into_iter().map(Digest).collect();
        let (leaf, root) = (Digest([1; 32]), Digest([2; 32]));
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &root).is_err());
        prop_assert!(verify_consistency(old, &leaf, size, &root, &proof).is_err());
    }
}
