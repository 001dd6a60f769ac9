use std::{
    fmt,
    path::{Path, PathBuf},
};

use domain::Digest;

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
        }
    }
}
