//! The objects of an instance: what is kept, what is there, what is neither.

use std::collections::BTreeSet;

use domain::{Digest, KeyId};
use seal::{DataKey, OpenAt};
use serde::Serialize;

use super::{Store, keys};
use crate::{
    ObjectRef, SealedBytes, Shelved, StoreError,
    fence::held,
    objects::{self, Sealing},
    rows::{self, objects::KeptObject},
};

/// An object that a transaction kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name and lengths.
    pub object: ObjectRef,
    /// The key it is sealed under.
    pub key: KeyId,
    /// What it is bound to.
    pub context: String,
}

/// What the database says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowsDescribed {
    /// Program and version.
    pub engine: String,
    /// How it waits for the medium.
    pub durability: String,
    /// What its own check of its pages found; empty when nothing.
    pub faults: Vec<String>,
}

impl Store {
    /// Every object that a transaction kept, by digest.
    pub fn kept_objects(&self) -> Result<Vec<Kept>, StoreError> {
        let kept = rows::objects::all(&mut held(&self.reader))?;
        kept.iter().map(kept_object).collect()
    }

    /// One object that a transaction kept, by its digest.
    pub fn kept_object(&self, object: &Digest) -> Result<Kept, StoreError> {
        let kept = rows::objects::find(&mut held(&self.reader), object)?
            .ok_or(StoreError::ObjectMissing { object: *object })?;
        kept_object(&kept)
    }

    /// Reads one kept object and compares every byte with what was written, without keys;
    /// `progress` gets the bytes read since the last call. The first damaged segment is named.
    pub fn verify_object(
        &self,
        object: &Digest,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), StoreError> {
        let kept = rows::objects::find(&mut held(&self.reader), object)?
            .ok_or(StoreError::ObjectMissing { object: *object })?;
        objects::check(&self.objects, &kept, progress)
    }

    /// A data key by its id.
    pub fn data_key_by_id(&self, key: &KeyId) -> Result<DataKey, StoreError> {
        keys::data_key_by_id(&mut held(&self.reader), &self.keyring, key)
    }

    /// The bytes of an object as they stand, from any place. Nothing is checked: the reader must
    /// authenticate what it takes, as Parquet's modular encryption does.
    pub fn sealed_bytes(&self, object: &ObjectRef) -> Result<SealedBytes, StoreError> {
        self.objects.sealed(object)
    }

    /// All bytes of an object as they stand; they have the digest the object is named by.
    pub fn read_sealed(&self, object: &ObjectRef) -> Result<Vec<u8>, StoreError> {
        self.objects.sealed_whole(object)
    }

    /// Opens a sealed object at any place of its content, segment by segment. Every segment that
    /// is touched is authenticated; the digest of the whole is not compared.
    pub fn open_object_at(
        &self,
        object: &ObjectRef,
        key: &DataKey,
        context: &str,
    ) -> Result<OpenAt<SealedBytes>, StoreError> {
        self.objects.open_at(object, Sealing { key, context })
    }

    /// Everything that stands among the objects, kept or not.
    pub fn shelved(&self) -> Result<Vec<Shelved>, StoreError> {
        self.objects.shelf.list()
    }

    /// What stands among the objects and is kept by no transaction, nor written here to be kept.
    pub fn orphans(&self) -> Result<Vec<Shelved>, StoreError> {
        let mut wanted: BTreeSet<Digest> = rows::objects::all(&mut held(&self.reader))?
            .iter()
            .map(|object| object.digest)
            .collect();
        wanted.extend(held(&self.written).keys());
        let mut found = self.objects.shelf.list()?;
        found.retain(|shelved| {
            shelved
                .object
                .is_none_or(|object| !wanted.contains(&object))
        });
        Ok(found)
    }

    /// Takes an orphan away. One that is kept meanwhile is refused.
    pub fn collect(&self, orphan: &Shelved) -> Result<(), StoreError> {
        self.fence.check()?;
        if let Some(object) = orphan.object
            && rows::objects::find(&mut held(&self.reader), &object)?.is_some()
        {
            return Err(StoreError::ObjectKept { object });
        }
        self.objects.shelf.remove(orphan)
    }

    /// Where the objects are, for people.
    pub fn objects_place(&self) -> String {
        self.objects.shelf.describe()
    }

    /// What the database says about itself, its own check included.
    pub fn describe_rows(&self) -> Result<RowsDescribed, StoreError> {
        let found = held(&self.reader).describe()?;
        Ok(RowsDescribed {
            engine: found.engine,
            durability: found.durability,
            faults: found.faults,
        })
    }
}

fn kept_object(kept: &KeptObject) -> Result<Kept, StoreError> {
    Ok(Kept {
        object: ObjectRef {
            digest: kept.digest,
            plain_len: kept.plain_len,
            sealed_len: kept.sealed_len,
        },
        key: KeyId::new(kept.key.clone()).map_err(|_| StoreError::RowsAltered {
            what: "the name of a key is no id".to_owned(),
        })?,
        context: kept.context.clone(),
    })
}
