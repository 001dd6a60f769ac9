//! Other people's readers of transparency logs read what this room writes: the crates
//! `signed_note` and `tlog_tiles`, ports of Go's `golang.org/x/mod/sumdb`.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use cloister_audit::{
    Checkpoint, Tree, consistency_proof, inclusion_proof, leaf_hash, static_files, verifier_key,
};
use domain::Digest;
use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{
    Error, Hash, Tile, TileHashReader, TileReader, check_record, check_tree, prove_record,
    prove_tree, record_hash,
};

fn keyring() -> Keyring {
    let passphrase = Passphrase::new("correct horse battery staple");
    let entropy = &mut SeededEntropy::new(1);
    Keyring::create(&passphrase, Argon2Cost::light(), entropy)
        .unwrap()
        .0
}

fn entries(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("entry {at}")).collect()
}

fn tree(entries: &[String]) -> Tree {
    Tree::of(entries.iter().map(|entry| leaf_hash(entry.as_bytes())))
}

fn theirs(hashes: &[Digest]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash(hash.0)).collect()
}

#[test]
fn signed_note_accepts_our_checkpoints_and_refuses_changed_ones() {
    let keyring = keyring();
    let text = Checkpoint::of("cloister/0a1b", &tree(&entries(300)))
        .unwrap()
        .sign(&keyring);
    let key = verifier_key("cloister/0a1b", &keyring.checkpoint_key());
    let known = || VerifierList::new(vec![Box::new(StandardVerifier::new(&key).unwrap())]);
    let note = Note::from_bytes(text.as_bytes()).unwrap();
    assert_eq!(note.verify(&known()).unwrap().0.len(), 1);
    let changed = text.replacen("\n300\n", "\n301\n", 1);
    assert!(
        Note::from_bytes(changed.as_bytes())
            .unwrap()
            .verify(&known())
            .is_err()
    );
}

#[test]
fn tlog_tiles_reads_our_checkpoint() {
    let tree = tree(&entries(70));
    let checkpoint = Checkpoint::of("cloister/0a1b", &tree).unwrap();
    let read = tlog_tiles::Checkpoint::from_bytes(checkpoint.body().as_bytes()).unwrap();
    assert_eq!((read.origin(), read.size()), ("cloister/0a1b", 70));
    assert_eq!(read.hash().0, tree.root().0);
    assert_eq!(read.extension(), "");
}

#[test]
fn tlog_tiles_accepts_our_proofs() {
    let entries = entries(300);
    let leaves: Vec<Digest> = entries
        .iter()
        .map(|entry| leaf_hash(entry.as_bytes()))
        .collect();
    let root = Hash(tree(&entries).root().0);
    for at in [0_usize, 1, 255, 256, 299] {
        let (index, size) = (at as u64, 300);
        let proof = theirs(&inclusion_proof(&leaves, index).unwrap());
        let record = record_hash(entries[at].as_bytes());
        assert!(check_record(&proof, size, root, index, record).is_ok());
        assert!(check_record(&proof, size, root, index, record_hash(b"other")).is_err());

        let old = index + 1;
        let old_root = Hash(tree(&entries[..=at]).root().0);
        let proof = theirs(&consistency_proof(&leaves, old).unwrap());
        assert!(
            check_tree(&proof, size, root, old, old_root).is_ok(),
            "{old}"
        );
    }
}

/// Our static files, read as that crate reads them: it puts the tile's height into the path.
struct Files(BTreeMap<String, Vec<u8>>);

impl TileReader for Files {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            self.0.get(&path).cloned().ok_or(Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _tiles: &[Tile], _data: &[Vec<u8>]) {}
}

#[test]
fn tlog_tiles_makes_its_proofs_from_our_tiles() {
    let entries = entries(70_000);
    let tree = tree(&entries);
    let root = Hash(tree.root().0);
    let mut files = Files(static_files(entries.iter().map(String::as_bytes)));
    let reader = TileHashReader::new(70_000, root, &files);
    for index in [0_u64, 65_535, 65_536, 69_999] {
        let proof = prove_record(70_000, index, &reader).unwrap();
        let record = record_hash(entries[usize::try_from(index).unwrap()].as_bytes());
        assert!(check_record(&proof, 70_000, root, index, record).is_ok());
    }
    let proof = prove_tree(70_000, 66_000, &reader).unwrap();
    let old = Tree::of(
        entries[..66_000]
            .iter()
            .map(|entry| leaf_hash(entry.as_bytes())),
    );
    assert!(check_tree(&proof, 70_000, root, 66_000, Hash(old.root().0)).is_ok());

    files.0.get_mut("tile/0/000").unwrap()[32] ^= 1;
    let reader = TileHashReader::new(70_000, root, &files);
    let record = record_hash(entries[0].as_bytes());
    let proved = prove_record(70_000, 0, &reader);
    assert!(!proved.is_ok_and(|proof| check_record(&proof, 70_000, root, 0, record).is_ok()));
}
