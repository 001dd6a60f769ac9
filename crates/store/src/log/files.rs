//! Which files the log has, in the order of its entries.

use std::{fs, io, path::PathBuf};

use super::cold::Cold;
use crate::{FileRole, StoreError, home::Home};

/// A file of framed entries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Raw {
    /// The number of its first entry.
    pub(crate) base: u64,
    pub(crate) path: PathBuf,
}

/// The files of the log: compressed ones from the beginning on without a gap, then framed ones.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) cold: Vec<Cold>,
    pub(crate) raw: Vec<Raw>,
}

impl Files {
    /// Lists and opens them; a gap between the compressed ones is an alteration.
    pub(crate) fn list(home: &Home) -> Result<Self, StoreError> {
        match Self::list_whole(home)? {
            (files, None) => Ok(files),
            (_, Some(damage)) => Err(damage),
        }
    }

    /// Lists and opens what can be opened, and says what is wrong with the rest.
    pub(crate) fn list_whole(home: &Home) -> Result<(Self, Option<StoreError>), StoreError> {
        let told = |source: io::Error| StoreError::file(FileRole::Log, source);
        let mut files = Self::default();
        let mut cold = Vec::new();
        for entry in fs::read_dir(home.log()).map_err(told)? {
            let Ok(name) = entry.map_err(told)?.file_name().into_string() else {
                continue;
            };
            if let Some(base) = Raw::base(&name) {
                let path = home.log().join(&name);
                files.raw.push(Raw { base, path });
            }
            cold.extend(number(&name, COLD));
        }
        files.raw.sort_unstable();
        cold.sort_unstable();
        for base in cold {
            if base != files.cold_end() {
                let what = format!("the compressed file before entry {base} is missing");
                return Ok((files, Some(StoreError::LogAltered { what })));
            }
            match Cold::open(&home.cold(base), base) {
                Ok(cold) => files.cold.push(cold),
                Err(damage) => return Ok((files, Some(damage))),
            }
        }
        Ok((files, None))
    }

    /// The number after the last compressed entry.
    pub(crate) fn cold_end(&self) -> u64 {
        self.cold.last().map_or(0, Cold::end)
    }

    /// The compressed file that holds an entry.
    pub(crate) fn cold_of(&self, index: u64) -> Option<&Cold> {
        let after = self.cold.partition_point(|cold| cold.base() <= index);
        let cold = self.cold.get(after.checked_sub(1)?)?;
        (index < cold.end()).then_some(cold)
    }

    /// The first entry that is still there.
    pub(crate) fn minimum(&self) -> u64 {
        let pruned = self.cold.iter().take_while(|cold| cold.is_pruned());
        pruned.last().map_or(0, Cold::end)
    }
}

impl Raw {
    fn base(name: &str) -> Option<u64> {
        if name == "entries" {
            return Some(0);
        }
        number(name, "entries-")
    }
}

/// The number after a prefix, in twelve digits or more.
fn number(name: &str, prefix: &str) -> Option<u64> {
    let digits = name.strip_prefix(prefix)?;
    let whole = digits.len() >= 12 && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| whole)
}

/// How the names of compressed files begin.
pub(crate) const COLD: &str = "cold-";
