//! Whether a set is whole, without making anything of it.

use std::io::{self, Read};

use audit::{Tree, leaf_hash};
use domain::Digest;
use seal::{Keyring, OpenReader, Passphrase};

use super::{Backup, BackupError, LogPart, SetHeader, SetId, folder::digest_of};
use crate::log::notes;

/// What was compared, and held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Log entries, their Merkle root as the signed checkpoint says.
    pub entries: u64,
    /// Objects, each with its digest.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Wrapped keys in the set.
    pub keys: u64,
}

impl Backup {
    /// Opens a set with the passphrase of its time and compares every file of it: keystore, log
    /// against the signed checkpoint, rows, keys, and every object against its digest.
    pub fn check(
        &self,
        set: &SetId,
        passphrase: &Passphrase,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Checked, BackupError> {
        let header = self.header(set)?;
        let keyring = self.keyring(&header, passphrase)?;
        let mut entries = 0;
        self.log_entries(&header, &keyring, |_| {
            entries += 1;
            Ok(())
        })?;
        let keys = self.wrapped_keys(&header, &keyring)?.len() as u64;
        let named = self.object_names(&header, &keyring)?;
        let mut checked = Checked {
            entries,
            keys,
            ..Checked::default()
        };
        for digest in named {
            checked.bytes = checked.bytes.saturating_add(self.check_object(&digest)?);
            checked.objects += 1;
            progress(checked.bytes.min(header.object_bytes), header.object_bytes);
        }
        if checked.objects == header.objects {
            Ok(checked)
        } else {
            Err(BackupError::damaged(format!(
                "set {set} names {} objects and its header {}",
                checked.objects, header.objects
            )))
        }
    }

    /// The keys of the instance as they were.
    pub(super) fn keyring(
        &self,
        header: &SetHeader,
        passphrase: &Passphrase,
    ) -> Result<Keyring, BackupError> {
        let keyring = Keyring::open(&self.keystore_bytes(header)?, passphrase)?;
        if notes::origin(&keyring) == header.instance {
            Ok(keyring)
        } else {
            Err(BackupError::damaged(format!(
                "the keystore of set {} belongs to another instance",
                header.set
            )))
        }
    }

    pub(super) fn keystore_bytes(&self, header: &SetHeader) -> Result<Vec<u8>, BackupError> {
        let path = self.keystore(&header.keystore);
        let mut bytes = Vec::new();
        Self::read(&path, "the keystore")?
            .take(KEYSTORE_MAX)
            .read_to_end(&mut bytes)
            .map_err(BackupError::file)?;
        if seal::digest(&bytes) == header.keystore {
            Ok(bytes)
        } else {
            Err(BackupError::damaged("the keystore is not what was copied"))
        }
    }

    /// Gives every log entry of a set to `take`, in order; refused unless the whole is what the
    /// set's checkpoint signs.
    pub(super) fn log_entries(
        &self,
        header: &SetHeader,
        keyring: &Keyring,
        mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let mut tree = Tree::new();
        for part in &header.log {
            self.part_entries(header, part, keyring, tree.size(), |entry| {
                tree.push(leaf_hash(entry));
                take(entry)
            })?;
        }
        let signed = notes::parse(&header.checkpoint, keyring);
        if signed == Some((tree.size(), tree.root())) && tree.size() == header.entries {
            Ok(())
        } else {
            Err(BackupError::damaged(format!(
                "the log of set {} is not what its checkpoint signs",
                header.set
            )))
        }
    }

    fn part_entries(
        &self,
        header: &SetHeader,
        part: &LogPart,
        keyring: &Keyring,
        at: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let broken = || BackupError::damaged(format!("the log part {} does not open", part.set));
        if part.from != at || part.to <= part.from {
            return Err(broken());
        }
        let key = part.open_key(&header.instance, keyring)?;
        let context = LogPart::context(&header.instance, &part.set, part.from, part.to);
        let file = Self::read(&self.log(&part.set), &format!("the log part {}", part.set))?;
        let mut reader = OpenReader::new(file, &key, context.as_bytes()).map_err(|_| broken())?;
        for _ in part.from..part.to {
            let entry = entry(&mut reader).map_err(|_| broken())?;
            take(&entry)?;
        }
        match reader.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(broken()),
        }
    }

    /// The digests of the objects that the rows of a set name.
    fn object_names(
        &self,
        header: &SetHeader,
        keyring: &Keyring,
    ) -> Result<Vec<Digest>, BackupError> {
        let reader = self.open_rows(header, keyring)?;
        super::rows::object_names(reader)
    }

    /// The rows of a set, opened.
    pub(super) fn open_rows(
        &self,
        header: &SetHeader,
        keyring: &Keyring,
    ) -> Result<impl Read + use<>, BackupError> {
        let what = format!("the rows of set {}", header.set);
        let path = self.rows(&header.set);
        let digest = digest_of(Self::read(&path, &what)?).map_err(BackupError::file)?;
        if digest != header.rows {
            return Err(BackupError::damaged(format!(
                "{what} are not what was copied"
            )));
        }
        let key = header.open_key(keyring)?;
        let context = SetHeader::rows_context(&header.instance, &header.set);
        OpenReader::new(Self::read(&path, &what)?, &key, context.as_bytes())
            .map_err(|_| BackupError::damaged(format!("{what} do not open")))
    }

    fn check_object(&self, digest: &Digest) -> Result<u64, BackupError> {
        let what = format!("object {}", digest.short());
        let file = Self::read(&self.object(digest), &what)?;
        let length = file.metadata().map_err(BackupError::file)?.len();
        if digest_of(file).map_err(BackupError::file)? == *digest {
            Ok(length)
        } else {
            Err(BackupError::damaged(format!(
                "{what} is not what was copied"
            )))
        }
    }
}

/// One entry of a part: four bytes of length, four of a check that the cipher makes needless, the
/// entry.
fn entry(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = [0; crate::log::frames::HEADER];
    reader.read_exact(&mut head)?;
    let [a, b, c, d, ..] = head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length == 0 || length > crate::log::frames::LONGEST_ENTRY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut entry = vec![0; length];
    reader.read_exact(&mut entry)?;
    Ok(entry)
}

/// No keystore is longer.
const KEYSTORE_MAX: u64 = 1 << 16;
