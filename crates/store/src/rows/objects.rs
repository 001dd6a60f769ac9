//! Kept objects.

use domain::Digest;

/// A kept object as it stands in the database.
#[derive(Clone, Debug)]
pub(crate) struct KeptObject {
    pub(crate) digest: Digest,
    pub(crate) key: String,
    pub(crate) context: String,
    pub(crate) plain_len: u64,
    pub(crate) sealed_len: u64,
    /// Running digests at the ends of the ciphertext's segments, 8 bytes each.
    pub(crate) segments: Vec<u8>,
    pub(crate) kept_by: String,
}

super::on_both! { objects:
    fn insert(object: &KeptObject) -> ();
    /// An object by its digest.
    fn find(digest: &Digest) -> Option<KeptObject>;
    /// All kept objects by digest.
    fn all() -> Vec<KeptObject>;
}
