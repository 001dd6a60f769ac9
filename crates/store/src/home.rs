use std::{
    fmt,
    path::{Path, PathBuf},
};

use domain::Digest;

use crate::{places::Places, rows::RowsPlace};

/// The folder of an instance and the names inside it.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn keystore(&self) -> PathBuf {
        self.0.join("keystore")
    }

    /// A keystore that is being written.
    pub(crate) fn keystore_anew(&self) -> PathBuf {
        self.0.join("keystore.new")
    }

    pub(crate) fn rows(&self) -> PathBuf {
        self.0.join("rows.sqlite")
    }

    /// The database of an instance with these places.
    pub(crate) fn rows_place(&self, places: &Places) -> RowsPlace {
        match &places.rows {
            Some(place) => RowsPlace::Server(place.clone()),
            None => RowsPlace::File(self.rows()),
        }
    }

    pub(crate) fn places(&self) -> PathBuf {
        self.0.join("places.json")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    pub(crate) fn entries(&self) -> PathBuf {
        self.log().join("entries")
    }

    /// The framed file of entries that begins with entry `base`.
    pub(crate) fn raw(&self, base: u64) -> PathBuf {
        if base == 0 {
            return self.entries();
        }
        self.log().join(format!("entries-{base:012}"))
    }

    /// The compressed file of entries that begins with entry `base`.
    pub(crate) fn cold(&self, base: u64) -> PathBuf {
        self.log()
            .join(format!("{}{base:012}", crate::log::files::COLD))
    }

    /// The newest checkpoint that was given to somebody else.
    pub(crate) fn published(&self) -> PathBuf {
        self.log().join("published")
    }

    /// What was verified last.
    pub(crate) fn verified(&self) -> PathBuf {
        self.log().join("verified")
    }

    /// The folder of committed sets of persons.
    pub(crate) fn persons(&self) -> PathBuf {
        self.log().join("persons")
    }

    /// The folder of the search index, which follows from the log.
    pub(crate) fn index(&self) -> PathBuf {
        self.log().join("index")
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.log().join("checkpoints")
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.0.join("objects")
    }

    /// `objects/ab`, the folder of all objects whose digest begins with `ab`.
    pub(crate) fn shelf(&self, object: &Digest) -> PathBuf {
        self.objects()
            .join(object.to_string().chars().take(2).collect::<String>())
    }

    pub(crate) fn object(&self, object: &Digest) -> PathBuf {
        self.shelf(object).join(object.to_string())
    }
}

/// What a file is for; error messages name files by their role, never by a value from the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileRole {
    /// The instance folder itself.
    Folder,
    /// The sealed keyring.
    Keystore,
    /// The database of sealed records and wrapped keys.
    Rows,
    /// The entries of the log.
    Log,
    /// The signed checkpoints of the log.
    Checkpoints,
    /// A sealed object, named by the digest of its ciphertext.
    Object(Digest),
    /// A sealed object that is being written.
    Temporary,
    /// The file whose lock says who uses the instance.
    Lock,
    /// The file that says where rows and objects are.
    Places,
    /// The bucket of the objects.
    Bucket,
    /// The file with the keys of the bucket.
    Credentials,
    /// A file of a backup.
    Backup,
}

impl fmt::Display for FileRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => f.write_str("the instance folder"),
            Self::Keystore => f.write_str("the keystore"),
            Self::Rows => f.write_str("the database"),
            Self::Log => f.write_str("the log"),
            Self::Checkpoints => f.write_str("the checkpoints of the log"),
            Self::Object(object) => write!(f, "object {}", object.short()),
            Self::Temporary => f.write_str("a sealed object being written"),
            Self::Lock => f.write_str("the lock file"),
            Self::Places => f.write_str("the file `places.json`"),
            Self::Bucket => f.write_str("the bucket of the objects"),
            Self::Credentials => f.write_str("the file with the keys of the bucket"),
            Self::Backup => f.write_str("a file of the backup"),
        }
    }
}
