//! Compressing the older part of the log, and taking its oldest part away.
//!
//! Both write a file whole beside its place and rename it, so that a killed process leaves either
//! the old state or the new one. A framed file goes only after all its entries are compressed.

use std::io;

use super::{
    Log,
    cold::{self, Packer, SEGMENT},
    files::{Files, Raw},
    notes,
    published::replace,
    reader::{Next, Reader},
    search,
};
use crate::{FileRole, StoreError};

impl Log {
    /// Compresses as many full files of entries as there are, at most `most`; says how many.
    /// Checkpoints within the compressed part are thinned to one a block of 256 entries.
    pub(crate) fn pack(&mut self, most: usize) -> Result<usize, StoreError> {
        self.fence.check()?;
        let mut packed = 0;
        while packed < most {
            let files = Files::list(&self.home)?;
            let begin = files.cold_end();
            if self.confirmed.saturating_sub(begin) < SEGMENT {
                break;
            }
            self.pack_one(begin)?;
            packed += 1;
        }
        if packed > 0 {
            self.remove_packed()?;
            self.thin_checkpoints()?;
        }
        Ok(packed)
    }

    fn pack_one(&self, begin: u64) -> Result<(), StoreError> {
        let mut reader = Reader::of(&self.home, self, begin)?;
        let mut packer = Packer::new(begin);
        let mut index = audit::IndexBuilder::new(begin);
        for _ in 0..SEGMENT {
            match reader.next()? {
                Some(Next::Entry(_, entry, leaf)) => {
                    packer.push(entry, leaf)?;
                    search::learn(&mut index, entry)?;
                }
                _ => {
                    return Err(StoreError::LogAltered {
                        what: format!("entry {} cannot be compressed", reader.position()),
                    });
                }
            }
        }
        debug_assert_eq!(packer.packed(), SEGMENT);
        let disk = self.disk.as_ref();
        search::keep(disk, &self.home, begin, &index)?;
        replace(disk, &self.home, &self.home.cold(begin), &packer.finish())
    }

    /// Removes framed files whose entries are all compressed; never the one that is written.
    fn remove_packed(&mut self) -> Result<(), StoreError> {
        let files = Files::list(&self.home)?;
        let end = files.cold_end();
        let followed = files.raw.iter().zip(files.raw.iter().skip(1));
        let gone: Vec<Raw> = followed
            .filter(|(_, next)| next.base <= end)
            .map(|(raw, _)| raw.clone())
            .collect();
        for raw in &gone {
            let told = |source: io::Error| StoreError::file(FileRole::Log, source);
            self.disk.remove(&raw.path).map_err(told)?;
            self.disk.sync_folder(&self.home.log()).map_err(told)?;
            self.marks.retain(|mark| mark.base != raw.base);
        }
        Ok(())
    }

    /// Leaves one checkpoint a block in the compressed part: the last one. The newest stays.
    fn thin_checkpoints(&mut self) -> Result<(), StoreError> {
        if !self.keeps_up {
            return Ok(());
        }
        let end = Files::list(&self.home)?.cold_end();
        let text = super::published::whole(&self.home.checkpoints())?;
        let all = notes::all(&text);
        let sizes: Vec<u64> = all.iter().map(|note| notes::size(note)).collect();
        let mut kept = String::new();
        for (at, note) in all.iter().enumerate() {
            let size = sizes.get(at).copied().unwrap_or(0);
            let next = sizes.get(at + 1).copied();
            let same_block = next.is_some_and(|next| next.div_ceil(256) == size.div_ceil(256));
            if size > end || !same_block {
                kept.push_str(&notes::line(note));
            }
        }
        if kept.len() == text.len() {
            return Ok(());
        }
        replace(
            self.disk.as_ref(),
            &self.home,
            &self.home.checkpoints(),
            kept.as_bytes(),
        )?;
        self.checkpoints = super::Tail::open(
            &self.home.checkpoints(),
            kept.len() as u64,
            FileRole::Checkpoints,
        )?;
        Ok(())
    }

    /// Takes away the entries of every compressed file that ends at or before `minimum`; their
    /// hashes stay. Returns the first entry that is left.
    pub(crate) fn prune(&mut self, minimum: u64) -> Result<u64, StoreError> {
        self.fence.check()?;
        let files = Files::list(&self.home)?;
        for cold in files.cold.iter().take_while(|cold| cold.end() <= minimum) {
            if cold.is_pruned() {
                continue;
            }
            let path = self.home.cold(cold.base());
            replace(self.disk.as_ref(), &self.home, &path, &cold::pruned(cold))?;
            search::forget(self.disk.as_ref(), &self.home, cold.base())?;
        }
        Ok(Files::list(&self.home)?.minimum())
    }

    /// The greatest number that [`Log::prune`] could make the first, not above `minimum`.
    pub(crate) fn prunable(&self, minimum: u64) -> Result<u64, StoreError> {
        let files = Files::list(&self.home)?;
        let ends = files.cold.iter().map(cold::Cold::end);
        Ok(ends.take_while(|end| *end <= minimum).last().unwrap_or(0))
    }

    /// The first entry that is still there.
    pub(crate) fn minimum(&self) -> Result<u64, StoreError> {
        Ok(Files::list(&self.home)?.minimum())
    }
}
