//! Searching the log: an index for every compressed file, a walk over what is not compressed yet.

use std::{fs, io};

use audit::{Event, Index, IndexBuilder, Query, leaf_hash};
use domain::Digest;

use super::{
    Log,
    cold::{Bundle, Cold, Unpacker},
    files::Files,
    notes,
    persons::OnDisk,
    published::replace,
    reader::Reader,
};
use crate::{FileRole, StoreError, disk::Disk, home::Home};

/// An answer: the entry's number, its leaf hash and the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entry's number.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Digest,
    /// The event.
    pub event: Event,
}

/// Adds an entry to an index; every entry of a log is an event.
pub(super) fn learn(index: &mut IndexBuilder, entry: &[u8]) -> Result<(), StoreError> {
    let event = notes::decode(entry).filter(|event| index.push(event));
    event.map(drop).ok_or_else(|| StoreError::LogAltered {
        what: "an entry is not an event".to_owned(),
    })
}

/// Keeps an index beside the log.
pub(super) fn keep(
    disk: &dyn Disk,
    home: &Home,
    base: u64,
    index: &IndexBuilder,
) -> Result<(), StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    if !home.index().is_dir() {
        disk.make_folder(&home.index()).map_err(told)?;
    }
    let path = home.index().join(format!("{base:012}"));
    replace(disk, home, &path, &index.encode())
}

/// Removes an index.
pub(super) fn forget(disk: &dyn Disk, home: &Home, base: u64) -> Result<(), StoreError> {
    match disk.remove(&home.index().join(format!("{base:012}"))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::file(FileRole::Log, error))
        }
        _ => Ok(()),
    }
}

impl Log {
    /// The answers to a question, oldest first, at most `most`. An index that is missing or cannot
    /// be read is made anew from the log.
    pub(crate) fn search(&self, query: &Query, most: usize) -> Result<Vec<Hit>, StoreError> {
        let files = Files::list(&self.home)?;
        let mut hits = Vec::new();
        for cold in files.cold.iter().filter(|cold| !cold.is_pruned()) {
            self.search_cold(cold, query, most, &mut hits)?;
            if hits.len() >= most {
                return Ok(hits);
            }
        }
        let mut reader = Reader::of(&self.home, self, files.cold_end())?;
        while let Some((index, entry)) = reader.skim()? {
            if index >= self.next().index() || hits.len() >= most {
                break;
            }
            if may_match(query, entry) {
                hits.extend(hit(query, index, entry, leaf_hash(entry)));
            }
        }
        Ok(hits)
    }

    /// Makes every index anew from the log.
    pub(crate) fn rebuild_index(&self) -> Result<(), StoreError> {
        for cold in Files::list(&self.home)?
            .cold
            .iter()
            .filter(|cold| !cold.is_pruned())
        {
            self.index_cold(cold)?;
        }
        Ok(())
    }

    fn search_cold(
        &self,
        cold: &Cold,
        query: &Query,
        most: usize,
        hits: &mut Vec<Hit>,
    ) -> Result<(), StoreError> {
        let candidates = if let Ok(candidates) = self.candidates(cold, query) {
            candidates
        } else {
            self.index_cold(cold)?;
            self.candidates(cold, query)
                .map_err(|source| StoreError::file(FileRole::Log, source))?
        };
        let mut bundle = None;
        for index in candidates {
            if hits.len() >= most {
                break;
            }
            let block = index / 256;
            if bundle.as_ref().is_none_or(|(read, _)| *read != block) {
                bundle = Some((block, cold.bundle(index)?));
            }
            let at = usize::try_from(index % 256).unwrap_or(usize::MAX);
            if let Some((_, bundle)) = &bundle
                && let (Some(entry), Some(leaf)) = (bundle.entry(at), bundle.leaves().get(at))
            {
                hits.extend(hit(query, index, entry, *leaf));
            }
        }
        Ok(())
    }

    fn candidates(&self, cold: &Cold, query: &Query) -> io::Result<Vec<u64>> {
        let path = self.home.index().join(format!("{:012}", cold.base()));
        let pages = OnDisk::open(&path)?;
        let index = Index::open(&pages)?;
        if index.base() != cold.base() || index.base() + index.count() != cold.end() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let found = index.candidates(query)?;
        let inside = |at: &u64| (cold.base()..cold.end()).contains(at);
        Ok(found.into_iter().filter(inside).collect())
    }

    fn index_cold(&self, cold: &Cold) -> Result<(), StoreError> {
        let mut index = IndexBuilder::new(cold.base());
        let mut at = cold.base();
        let (mut unpacker, mut bundle) = (Unpacker::new()?, Bundle::default());
        while at < cold.end() {
            cold.unpack(at, &mut unpacker, &mut bundle)?;
            for place in 0..256 {
                learn(&mut index, bundle.entry(place).unwrap_or_default())?;
            }
            at += 256;
        }
        keep(self.disk.as_ref(), &self.home, cold.base(), &index)
    }

    /// How large log and index are on the disk, in bytes.
    pub(crate) fn bytes(&self) -> Result<(u64, u64), StoreError> {
        let told = |source: io::Error| StoreError::file(FileRole::Log, source);
        let sum = |folder: &std::path::Path| -> Result<u64, StoreError> {
            let mut bytes = 0;
            let Ok(names) = fs::read_dir(folder) else {
                return Ok(0);
            };
            for name in names {
                let found = name.and_then(|name| name.metadata()).map_err(told)?;
                bytes += if found.is_file() { found.len() } else { 0 };
            }
            Ok(bytes)
        };
        Ok((sum(&self.home.log())?, sum(&self.home.index())?))
    }
}

/// A cheap look at the text before it is read as an event.
fn may_match(query: &Query, entry: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(entry) else {
        return false;
    };
    let person = query.person.as_ref().is_none_or(|(person, sets)| {
        text.contains("\"person\":\"") && text.contains(&person.to_string())
            || text
                .split_once("\"set\":\"")
                .and_then(|(_, rest)| rest.get(..64)?.parse().ok())
                .is_some_and(|set: Digest| sets.contains(&set))
    });
    person
        && query
            .actor
            .as_ref()
            .is_none_or(|actor| text.contains(actor.as_str()))
        && query
            .object
            .as_ref()
            .is_none_or(|object| text.contains(object.as_str()))
}

fn hit(query: &Query, index: u64, entry: &[u8], leaf: Digest) -> Option<Hit> {
    let event = notes::decode(entry).filter(|event| query.matches(event))?;
    Some(Hit { index, leaf, event })
}
