//! What the store offers about its log beyond appending: verification in parts, proofs, static
//! files, search, committed persons, pruning.

use std::path::Path;

use audit::{
    Blocks, Check, Event, ExportFormat, Exporter, PersonRef, PersonSet, Query, TlogProof, Trailer,
    Tree, Verified,
};
use domain::{DatasetId, Digest};
use seal::{Cosigner, Passphrase, PersonKey, PublicKey};
use serde::{Deserialize, Serialize};

use super::Store;
use crate::{
    Hit, Position, StoreError, Transaction,
    home::Home,
    log::{
        Log, notes, persons, published,
        reader::{Next, Reader},
    },
};

/// How the log stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogStanding {
    /// Its name.
    pub origin: String,
    /// Entries that the newest checkpoint covers.
    pub size: u64,
    /// The first entry that was not pruned.
    pub minimum: u64,
    /// The size of the newest checkpoint that was given to others.
    pub published: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Bytes of the search index, which follows from it.
    pub index_bytes: u64,
}

/// What was verified last; it proves itself, because its peaks must give the root that a signed
/// checkpoint names.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifiedMark {
    checkpoint: String,
    peaks: Vec<Digest>,
}

/// Lays a checkpoint that others hold into the folder of an instance that was restored from a
/// backup, before it is opened. From then on the instance refuses to open for use while its log is
/// shorter than that checkpoint, and never signs below it. Returns the size that counts now: a
/// larger one that was there stays.
///
/// `note` is the newest checkpoint that left the instance: of an export, of static files, of a
/// proof, or one that a witness cosigned. It must be signed by this instance.
pub fn accept_published(
    home: &Path,
    passphrase: &Passphrase,
    note: &str,
) -> Result<u64, StoreError> {
    let home = Home::new(home);
    let key = super::open::checkpoint_key(&home, super::Opener::Passphrase(passphrase))?;
    published::accept(&home, &key, note)
}

impl Store {
    /// How the log stands.
    pub fn log_standing(&self) -> Result<LogStanding, StoreError> {
        let log = self.log();
        let (bytes, index_bytes) = log.bytes()?;
        Ok(LogStanding {
            origin: notes::origin(&self.keyring),
            size: log.confirmed(),
            minimum: log.minimum()?,
            published: log.published(),
            bytes,
            index_bytes,
        })
    }

    /// The key of the log as other tools take it: `<origin>+<id>+<key>`.
    pub fn log_verifier_key(&self) -> String {
        let key = self.keyring.checkpoint_key();
        audit::verifier_key(&notes::origin(&self.keyring), &key)
    }

    /// Verifies what was appended since the last verification, or all of it where nothing was
    /// verified yet. Returns how far it was verified before. Older entries are not read again.
    pub fn verify_log_incrementally(&self) -> Result<(Verified, u64), StoreError> {
        let minimum = self.log().minimum()?;
        let before = self.verified_before()?;
        verify_from(self, before.filter(|tree| tree.size() >= minimum))
    }

    fn verified_before(&self) -> Result<Option<Tree>, StoreError> {
        let Some(text) = published::text(&self.home.verified())? else {
            return Ok(None);
        };
        let mark: Option<VerifiedMark> = serde_json::from_str(&text).ok();
        Ok(mark.and_then(|mark| {
            let (size, root) = notes::parse(&mark.checkpoint, &self.keyring)?;
            Tree::resume(size, mark.peaks).filter(|tree| tree.root() == root)
        }))
    }

    /// Remembers what was verified, for the next verification.
    fn keep_verified(&self, tree: &Tree, checkpoint: &str) -> Result<(), StoreError> {
        let mark = VerifiedMark {
            checkpoint: checkpoint.to_owned(),
            peaks: tree.peaks().to_vec(),
        };
        let bytes = serde_json::to_vec(&mark).unwrap_or_default();
        let path = self.home.verified();
        published::replace(self.disk.as_ref(), &self.home, &path, &bytes)
    }

    /// The whole log with its newest checkpoint, as [`audit::verify_export`] checks it with
    /// nothing but the key of [`Store::log_public_key_pem`]. A log whose oldest part was pruned is
    /// exported as a selection.
    pub fn export_log(&self) -> Result<String, StoreError> {
        let mut text = String::new();
        self.export_log_as(ExportFormat::Ndjson, 0, u64::MAX, &mut |piece| {
            text.push_str(piece);
            Ok(())
        })?;
        Ok(text)
    }

    /// Exports the entries from `first` to before `last` in a format, piece by piece; says how
    /// many. The checkpoint at its end counts as published before the first piece leaves.
    pub fn export_log_as(
        &self,
        format: ExportFormat,
        first: u64,
        last: u64,
        write: &mut dyn FnMut(&str) -> std::io::Result<()>,
    ) -> Result<u64, StoreError> {
        let mut log = self.log();
        let checkpoint = log.publish()?;
        let first = first.max(log.minimum()?);
        let last = last.min(log.confirmed());
        let mut exporter = Exporter::new(format, notes::origin(&self.keyring));
        let mut reader = Reader::of(&self.home, &log, first)?;
        write(&exporter.head()).map_err(StoreError::Caller)?;
        let mut indices = Vec::new();
        while reader.position() < last {
            match reader.next()? {
                Some(Next::Entry(index, entry, _)) => {
                    write(&exporter.record(index, entry)?).map_err(StoreError::Caller)?;
                    indices.push(index);
                }
                Some(Next::Pruned(_)) => {}
                None => break,
            }
        }
        let count = indices.len() as u64;
        let trailer = trailer(&log, checkpoint, &indices)?;
        write(&exporter.tail(&trailer)).map_err(StoreError::Caller)?;
        Ok(count)
    }

    /// The proof of an entry as a file that stands alone, with the newest checkpoint, or with
    /// `checkpoint`, a newer-cosigned one of this log that covers the entry.
    pub fn prove_entry(
        &self,
        entry: u64,
        checkpoint: Option<&str>,
    ) -> Result<TlogProof, StoreError> {
        let mut log = self.log();
        let own = log.publish()?;
        let chosen = checkpoint
            .filter(|note| notes::parse(note, &self.keyring).is_some_and(|(size, _)| size > entry))
            .map_or(own, str::to_owned);
        let (size, _) = notes::parse(&chosen, &self.keyring)
            .ok_or(StoreError::Checkpoint(audit::CheckpointError::Signature))?;
        if entry >= size {
            return Err(StoreError::EntryMissing { entry, size });
        }
        let bytes = entry_bytes(self, &log, entry)?;
        let hashes = log.prove_inclusion(entry, size)?.unwrap_or_default();
        Ok(TlogProof {
            index: entry,
            hashes,
            checkpoint: chosen,
            entry: Some(bytes),
        })
    }

    /// The newest checkpoint, counted as published, and the proof that the log grew out of its
    /// first `old` entries: what a witness is asked with.
    pub fn checkpoint_since(&self, old: u64) -> Result<(String, Vec<Digest>), StoreError> {
        let mut log = self.log();
        let size = log.confirmed();
        if old > size {
            return Err(StoreError::LogBehind {
                found: size,
                published: old,
            });
        }
        let proof = log.prove_consistency(old, size)?.unwrap_or_default();
        Ok((log.publish()?, proof))
    }

    /// The static files of the log (C2SP tlog-tiles) at its newest checkpoint, one after the other:
    /// path and bytes. Bundles of pruned entries are left out; where even their hashes would have
    /// to be made from them, those are left out too.
    pub fn static_log(
        &self,
        write: &mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>,
    ) -> Result<u64, StoreError> {
        let mut log = self.log();
        let checkpoint = log.publish()?;
        let size = log.confirmed();
        let mut tiles = StaticWriter::new(write);
        let mut reader = Reader::of(&self.home, &log, 0)?;
        while reader.position() < size {
            match reader.next()? {
                Some(Next::Entry(_, entry, leaf)) => tiles.entry(entry, leaf)?,
                Some(Next::Pruned(root)) => tiles.pruned(root)?,
                None => break,
            }
        }
        tiles.finish(&checkpoint)?;
        Ok(size)
    }

    /// The events that answer a question, oldest first, at most `most`. Persons in sets are looked
    /// for where `query.person` names the sets; [`Store::sets_holding`] finds them.
    pub fn search_log(&self, query: &Query, most: usize) -> Result<Vec<Hit>, StoreError> {
        self.log().search(query, most)
    }

    /// Makes the search index anew from the log.
    pub fn rebuild_log_index(&self) -> Result<(), StoreError> {
        self.log().rebuild_index()
    }

    /// Compresses what is full of the log, all of it; says how many files of 65,536 entries.
    pub fn pack_log(&self) -> Result<usize, StoreError> {
        self.log().pack(usize::MAX)
    }

    /// The reference of a person in this log; nothing when no person was ever referred to.
    pub fn person_reference(&self, id: &str) -> Result<Option<PersonRef>, StoreError> {
        match self.data_key(&persons_key_name()?) {
            Ok((_, key)) => Ok(Some(PersonRef(PersonKey::of(&key).reference(id)))),
            Err(StoreError::KeyMissing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a set of persons beside the log, durably, and returns the digest for its events.
    pub fn keep_persons(&self, set: &PersonSet) -> Result<Digest, StoreError> {
        self.fence.check()?;
        persons::keep(self.disk.as_ref(), &self.home, set)
    }

    /// Reads a committed set of persons and compares it with its digest.
    pub fn persons(&self, set: &Digest) -> Result<PersonSet, StoreError> {
        persons::read(&self.home, set)
    }

    /// The committed sets that hold a person.
    pub fn sets_holding(
        &self,
        person: &PersonRef,
    ) -> Result<std::collections::BTreeSet<Digest>, StoreError> {
        persons::holding(&self.home, person)
    }

    /// Compares every committed set with its digest; says how many there are.
    pub fn verify_persons(&self) -> Result<u64, StoreError> {
        let sets = persons::all(&self.home)?;
        for set in &sets {
            persons::read(&self.home, set)?;
        }
        Ok(sets.len() as u64)
    }

    /// The key by which this instance cosigns other logs' checkpoints under a name.
    pub fn cosigner(&self, name: &str) -> Cosigner {
        Cosigner::of(&self.row_key, name)
    }

    /// The first entry that [`Store::prune_log`] would leave, of those not above `minimum`: only
    /// whole compressed files are taken away.
    pub fn prunable(&self, minimum: u64) -> Result<u64, StoreError> {
        self.log().prunable(minimum)
    }

    /// Takes the oldest entries away, up to `minimum`, after the event that tells of it is durable;
    /// the event must name `minimum` as its rows. Their hashes stay, so that every proof about
    /// later entries holds. Returns the event's position and the first entry that is left.
    pub fn prune_log(&self, minimum: u64, event: Event) -> Result<(Position, u64), StoreError> {
        if event.rows != Some(minimum) || event.action != domain::Action::PruneAudit {
            return Err(StoreError::EntryRefused {
                what: "an event of pruning names the first entry that is left".to_owned(),
            });
        }
        let position = self.record(event)?;
        let left = self.log().prune(minimum)?;
        Ok((position, left))
    }

    /// The event of an entry, with its bytes as they stand in the log.
    pub fn entry(&self, entry: u64) -> Result<(Event, Vec<u8>), StoreError> {
        let log = self.log();
        let bytes = entry_bytes(self, &log, entry)?;
        let event = notes::decode(&bytes).ok_or_else(|| StoreError::LogAltered {
            what: format!("entry {entry} is not an event"),
        })?;
        Ok((event, bytes))
    }

    /// The public key of the log's checkpoints.
    pub fn log_public_key(&self) -> PublicKey {
        self.keyring.checkpoint_key()
    }
}

impl Transaction<'_> {
    /// The key that turns ids of persons into references, made with the first use.
    ///
    /// It follows from a data key of its own, so that it can be destroyed like a dataset's: then no
    /// reference in the log can be connected with a person any more, and the log still verifies.
    pub fn person_key(&mut self) -> Result<PersonKey, StoreError> {
        let name = persons_key_name()?;
        let key = match self.data_key(&name) {
            Err(StoreError::KeyMissing { .. }) => self.create_key(&name)?.1,
            found => found?.1,
        };
        Ok(PersonKey::of(&key))
    }
}

/// Verifies the log after what `before` covers; says how far that was. What holds is remembered
/// where the store takes changes.
pub(super) fn verify_from(
    store: &Store,
    before: Option<Tree>,
) -> Result<(Verified, u64), StoreError> {
    let log = store.log();
    let key = store.keyring.checkpoint_key();
    let begin = before.as_ref().map_or(0, Tree::size);
    let mut check = Check::after(before.unwrap_or_default(), &history(store, &log)?, &key)?;
    let mut reader = Reader::of(&store.home, &log, begin)?;
    let mut pruning = 0;
    let pruned_by = PrunedBy::new();
    let unreadable = |index: u64, source: StoreError| audit::Broken::Frame {
        index,
        source: Box::new(source),
    };
    loop {
        let at = check.size();
        if !check.is_complete()
            && let Some(block) = reader.block().map_err(|source| unreadable(at, source))?
        {
            let newest = block.entries().map(|(entry, _)| pruned_by.look(entry));
            pruning = pruning.max(newest.max().unwrap_or(0));
            check.subtree(Blocks::LEVEL, block.root(), block.entries())?;
            continue;
        }
        match reader.next().map_err(|source| unreadable(at, source))? {
            None => break,
            Some(_) if check.is_complete() => {
                let first = check.size();
                return Err(audit::Broken::Unsigned { first }.into());
            }
            Some(Next::Entry(_, entry, leaf)) => {
                check.hashed(entry, leaf)?;
                pruning = pruning.max(pruned_by.look(entry));
            }
            Some(Next::Pruned(root)) => check.pruned(Blocks::LEVEL, root)?,
        }
    }
    let tree = check.tree().clone();
    let verified = check.finish()?;
    if verified.pruned > pruning {
        return Err(StoreError::PrunedUnseen {
            minimum: verified.pruned,
        });
    }
    let newest = log.newest_checkpoint().to_owned();
    drop(log);
    if store.fence.check().is_ok() && verified.size == tree.size() {
        store.keep_verified(&tree, &newest)?;
    }
    Ok((verified, begin))
}

/// Looks for entries that say how far the log was pruned.
struct PrunedBy(memchr::memmem::Finder<'static>);

impl PrunedBy {
    fn new() -> Self {
        Self(memchr::memmem::Finder::new(PRUNES))
    }

    /// The number of entries that were pruned; 0 for any other entry.
    fn look(&self, entry: &[u8]) -> u64 {
        if self.0.find(entry).is_none() {
            return 0;
        }
        let event = notes::decode(entry).filter(|event| event.action == domain::Action::PruneAudit);
        event.and_then(|event| event.rows).unwrap_or(0)
    }
}

/// All checkpoints in their order.
pub(super) fn history(store: &Store, log: &Log) -> Result<Vec<String>, StoreError> {
    let mut history = notes::all(&published::whole(&store.home.checkpoints())?);
    history.extend(log.missing_checkpoints().iter().cloned());
    Ok(history)
}

fn trailer(log: &Log, checkpoint: String, indices: &[u64]) -> Result<Trailer, StoreError> {
    let size = notes::size(&checkpoint);
    if indices.len() as u64 == size {
        return Ok(Trailer::whole(checkpoint));
    }
    Ok(Trailer::selection(
        checkpoint,
        log.prove_all(indices, size)?,
    ))
}

fn entry_bytes(store: &Store, log: &Log, entry: u64) -> Result<Vec<u8>, StoreError> {
    let size = log.next().index();
    if entry >= size {
        return Err(StoreError::EntryMissing { entry, size });
    }
    let mut reader = Reader::of(&store.home, log, entry)?;
    match reader.next()? {
        Some(Next::Entry(_, bytes, _)) => Ok(bytes.to_vec()),
        Some(Next::Pruned(_)) => Err(StoreError::LogPruned { entry }),
        None => Err(StoreError::LogTruncated {
            found: entry,
            signed: size,
        }),
    }
}

/// The data key from which references of persons follow has the name of no dataset that a study
/// can have: studies name theirs without a dot at this place.
fn persons_key_name() -> Result<DatasetId, StoreError> {
    DatasetId::new(PERSONS_KEY).map_err(|_| StoreError::EntryRefused {
        what: "the name of its key is not an id".to_owned(),
    })
}

/// Writes tiles and bundles as they become full.
struct StaticWriter<'a> {
    write: &'a mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>,
    rows: audit::TileRows,
    bundle: Vec<u8>,
    width: u16,
    number: u64,
    pruned: bool,
}

impl<'a> StaticWriter<'a> {
    fn new(write: &'a mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>) -> Self {
        Self {
            write,
            rows: audit::TileRows::new(),
            bundle: Vec::new(),
            width: 0,
            number: 0,
            pruned: false,
        }
    }

    fn entry(&mut self, entry: &[u8], leaf: Digest) -> Result<(), StoreError> {
        if audit::push_entry(&mut self.bundle, entry) {
            self.width += 1;
        }
        if self.width == audit::Tile::WIDTH {
            self.bundle()?;
        }
        for (tile, hashes) in self.rows.push(leaf) {
            self.put(&tile.path(), &audit::tile_bytes(&hashes))?;
        }
        Ok(())
    }

    /// Only the block's root is known: its row of leaves stays away, the rows above are whole.
    fn pruned(&mut self, root: Digest) -> Result<(), StoreError> {
        self.pruned = true;
        self.number += 1;
        for (tile, hashes) in self.rows.push_block(root) {
            self.put(&tile.path(), &audit::tile_bytes(&hashes))?;
        }
        Ok(())
    }

    fn bundle(&mut self) -> Result<(), StoreError> {
        let path = audit::Tile::entries(self.number, self.width).path();
        let bundle = std::mem::take(&mut self.bundle);
        (self.width, self.number) = (0, self.number + 1);
        self.put(&path, &bundle)
    }

    fn finish(mut self, checkpoint: &str) -> Result<(), StoreError> {
        if self.width > 0 {
            self.bundle()?;
        }
        let partial: Vec<(String, Vec<u8>)> = self
            .rows
            .partial()
            .into_iter()
            .map(|(tile, hashes)| (tile.path(), audit::tile_bytes(hashes)))
            .collect();
        for (path, bytes) in partial {
            self.put(&path, &bytes)?;
        }
        self.put("checkpoint", checkpoint.as_bytes())
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        (self.write)(path, bytes).map_err(StoreError::Caller)
    }
}

const PRUNES: &[u8] = b"\"action\":\"prune-audit\"";
const PERSONS_KEY: &str = "log.persons";
