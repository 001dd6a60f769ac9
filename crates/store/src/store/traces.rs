//! Whether a destroyed key is really gone: a search for its wrapped form in every file that could
//! hold it.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use domain::DatasetId;
use zeroize::Zeroizing;

use super::Store;
use crate::{
    FileRole, StoreError,
    fence::held,
    rows::{keys, keys::StoredKey},
};

/// Wrapped keys, remembered before they are destroyed so that they can be looked for afterwards.
/// Wiped when it is dropped.
pub struct KeyWitness {
    /// Ids of the keys, those that were destroyed before included.
    pub ids: Vec<String>,
    /// Those of them that were destroyed before: what to look for is not known.
    pub gone: Vec<String>,
    wrapped: Vec<Zeroizing<String>>,
}

/// What a search looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Files read to their end.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Names of files, and of places in the database, where a wrapped key still stands.
    pub found: Vec<String>,
}

impl Store {
    /// The keys under these names, those of their classes included, with the wrapped form of those
    /// that are not destroyed.
    pub fn key_witness(&self, names: &[DatasetId]) -> Result<KeyWitness, StoreError> {
        let all = keys::all(&mut held(&self.reader))?;
        let named = |key: &StoredKey| {
            let name = key.dataset.as_deref();
            names.iter().any(|wanted| name == Some(wanted.as_str()))
        };
        let mine: Vec<StoredKey> = all.into_iter().filter(named).collect();
        let gone = mine.iter().filter(|key| key.wrapped.is_none());
        Ok(KeyWitness {
            ids: mine.iter().map(|key| key.id.clone()).collect(),
            gone: gone.map(|key| key.id.clone()).collect(),
            wrapped: mine
                .into_iter()
                .filter_map(|key| key.wrapped.map(Zeroizing::new))
                .collect(),
        })
    }

    /// Looks for the wrapped keys in the rows and in every file of the instance's folder except the
    /// sealed objects, which are ciphertext under those very keys: keystores of all generations,
    /// database with its write-ahead log, log, temporary files.
    pub fn traces(&self, witness: &KeyWitness) -> Result<Traces, StoreError> {
        let mut traces = Traces::default();
        for key in keys::all(&mut held(&self.reader))? {
            let stands =
                |wrapped: &Zeroizing<String>| key.wrapped.as_deref() == Some(wrapped.as_str());
            if witness.wrapped.iter().any(stands) {
                traces.found.push(format!("the row of key {}", key.id));
            }
        }
        let mut files = Vec::new();
        collect(self.home.folder(), &self.home.objects(), &mut files)?;
        for path in files {
            let told = |source| StoreError::file(FileRole::Folder, source);
            let file = File::open(&path).map_err(told)?;
            let (bytes, hit) = search(file, &witness.wrapped).map_err(told)?;
            traces.files += 1;
            traces.bytes = traces.bytes.saturating_add(bytes);
            if hit {
                let name = path.strip_prefix(self.home.folder()).unwrap_or(&path);
                traces.found.push(name.to_string_lossy().into_owned());
            }
        }
        Ok(traces)
    }
}

impl fmt::Debug for KeyWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyWitness({} keys)", self.ids.len())
    }
}

/// Every file below a folder, but for one folder.
fn collect(folder: &Path, leave_out: &Path, files: &mut Vec<PathBuf>) -> Result<(), StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Folder, source);
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let kind = entry.file_type().map_err(told)?;
        let path = entry.path();
        if kind.is_dir() && path != leave_out {
            collect(&path, leave_out, files)?;
        } else if kind.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// How long a file is, and whether one of the words stands in it.
fn search(mut file: impl Read, words: &[Zeroizing<String>]) -> io::Result<(u64, bool)> {
    let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
    let mut buffer = Zeroizing::new(vec![0_u8; BUFFER + longest]);
    let (mut kept, mut total, mut hit) = (0, 0_u64, false);
    loop {
        let room = buffer.get_mut(kept..).unwrap_or_default();
        let read = match file.read(room) {
            Ok(0) => return Ok((total, hit)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        total = total.saturating_add(read as u64);
        let filled = kept + read;
        let bytes = buffer.get(..filled).unwrap_or_default();
        hit |= words.iter().any(|word| holds(bytes, word.as_bytes()));
        // What could be the beginning of a word stays for the next round.
        let keep = longest.saturating_sub(1).min(filled);
        buffer.copy_within(filled - keep..filled, 0);
        kept = keep;
    }
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    let Some((first, _)) = word.split_first() else {
        return false;
    };
    let mut from = 0;
    while let Some(at) = bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|byte| byte == first))
    {
        let start = from + at;
        if bytes
            .get(start..)
            .is_some_and(|rest| rest.starts_with(word))
        {
            return true;
        }
        from = start + 1;
    }
    false
}

const BUFFER: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_across_the_edge_of_the_buffer_is_found() {
        let word = Zeroizing::new("cl1.key.abcdef".to_owned());
        for at in [0, BUFFER - 7, BUFFER, BUFFER + 5, 2 * BUFFER - 1] {
            let mut bytes = vec![b'c'; 3 * BUFFER];
            assert!(!search(&bytes[..], std::slice::from_ref(&word)).unwrap().1);
            bytes[at..at + word.len()].copy_from_slice(word.as_bytes());
            let (length, hit) = search(&bytes[..], std::slice::from_ref(&word)).unwrap();
            assert!(hit && length == 3 * BUFFER as u64, "{at}");
        }
    }
}
