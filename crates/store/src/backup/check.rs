//! Whether a set is whole, without making anything of it.

use std::{fs, io::Read};

use domain::Digest;
use seal::{Keyring, OpenReader, Passphrase};

use super::{Backup, BackupError, LogFile, SetHeader, SetId, folder::digest_of};
use crate::{
    FileRole, StoreError,
    disk::Disk,
    home::Home,
    log::{notes, scan},
};

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
        self.check_log(&header, &keyring)?;
        let keys = self.wrapped_keys(&header, &keyring)?.len() as u64;
        let named = self.object_names(&header, &keyring)?;
        let mut checked = Checked {
            entries: header.entries,
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

    /// Lays the log out beside the sets, compares it, and takes it away again. A log holds no data
    /// of persons.
    fn check_log(&self, header: &SetHeader, keyring: &Keyring) -> Result<(), BackupError> {
        let scratch = self.scratch(header.set.as_str());
        let place = Home::new(&scratch);
        drop(fs::remove_dir_all(&scratch));
        self.disk.make_folder(&scratch).map_err(BackupError::file)?;
        self.disk
            .make_folder(&place.log())
            .map_err(BackupError::file)?;
        let laid = self.lay_log(header, keyring, &place, self.disk.as_ref());
        fs::remove_dir_all(&scratch).map_err(BackupError::file)?;
        laid
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

    /// Lays the files of the log of a set into a folder, and compares them with the checkpoint of
    /// the set.
    pub(super) fn lay_log(
        &self,
        header: &SetHeader,
        keyring: &Keyring,
        place: &Home,
        disk: &dyn Disk,
    ) -> Result<(), BackupError> {
        for file in &header.log {
            self.lay_log_file(header, file, keyring, place, disk)?;
        }
        let found = scan(place, keyring)?;
        let whole = found.damage.is_none()
            && found.size() == header.entries
            && found.newest == header.checkpoint;
        if whole {
            return Ok(());
        }
        Err(BackupError::damaged(format!(
            "the log of set {} is not what its checkpoint signs",
            header.set
        )))
    }

    fn lay_log_file(
        &self,
        header: &SetHeader,
        file: &LogFile,
        keyring: &Keyring,
        place: &Home,
        disk: &dyn Disk,
    ) -> Result<(), BackupError> {
        let what = format!("the log file {}", file.name);
        let broken = || BackupError::damaged(format!("{what} is not what was copied"));
        if !LogFile::is_known(&file.name) {
            return Err(broken());
        }
        let path = self.log(&file.set, file.number);
        if digest_of(Self::read(&path, &what)?).map_err(BackupError::file)? != file.digest {
            return Err(broken());
        }
        let key = file.open_key(&header.instance, keyring)?;
        let context = LogFile::context(&header.instance, &file.set, &file.name);
        let sealed = Self::read(&path, &what)?;
        let mut reader = OpenReader::new(sealed, &key, context.as_bytes()).map_err(|_| broken())?;
        let told = |source| StoreError::file(FileRole::Log, source);
        if file.name.starts_with("persons/") {
            disk.make_folder(&place.persons()).map_err(told)?;
        }
        let target = disk.create(&place.log().join(&file.name)).map_err(told)?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = reader.read(&mut buffer).map_err(|_| broken())?;
            if read == 0 {
                break;
            }
            let bytes = buffer.get(..read).unwrap_or_default();
            disk.write_all(&target, bytes).map_err(told)?;
        }
        disk.sync(&target).map_err(told)?;
        Ok(())
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

/// No keystore is longer.
const KEYSTORE_MAX: u64 = 1 << 16;
