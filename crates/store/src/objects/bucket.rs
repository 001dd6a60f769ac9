//! Objects in a bucket that speaks S3.
//!
//! Only ciphertext goes there, under `PREFIX/objects/DIGEST`. Every request is signed over its
//! body's SHA-256 and retried; large objects go up in parts, whose total length is compared.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
    time::Duration,
};

use domain::Digest;
use object_store::{
    Error, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, Checksum},
    path::Path as Key,
};
use tokio::runtime::{Builder, Runtime};

use super::{
    Written,
    shelf::{Bytes, Shelf, Shelved},
};
use crate::{FileRole, StoreError, disk::Disk, places::BucketPlace};

/// A bucket and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Bucket {
    line: Arc<Line>,
    place: BucketPlace,
    disk: Arc<dyn Disk>,
}

#[derive(Debug)]
struct Line {
    runtime: Runtime,
    store: AmazonS3,
    folder: Key,
}

impl Bucket {
    /// Prepares the connection; nothing is sent yet.
    pub(crate) fn reach(place: &BucketPlace, disk: Arc<dyn Disk>) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .enable_io()
            .build()
            .map_err(|source| StoreError::file(FileRole::Bucket, source))?;
        let folder = [place.prefix(), "objects"];
        let folder = folder.iter().filter(|part| !part.is_empty());
        let folder: Vec<&str> = folder.flat_map(|part| part.split('/')).collect();
        let line = Line {
            runtime,
            store: client(place)?,
            folder: Key::from_iter(folder),
        };
        Ok(Self {
            line: Arc::new(line),
            place: place.clone(),
            disk,
        })
    }

    /// Whether the bucket answers and lets this instance read and write; leaves nothing there.
    pub(crate) fn try_out(&self) -> Result<(), StoreError> {
        let key = self.line.folder.clone().join("trial");
        let trial = async {
            self.line
                .store
                .put(&key, PutPayload::from_static(b"trial"))
                .await?;
            let answer = self.line.store.get(&key).await?.bytes().await?;
            self.line.store.delete(&key).await?;
            Ok::<_, Error>(answer)
        };
        match self.line.runtime.block_on(trial) {
            Ok(answer) if &answer[..] == b"trial" => Ok(()),
            Ok(_) => Err(StoreError::file(
                FileRole::Bucket,
                io::Error::other("the bucket gave back other bytes than it was given"),
            )),
            Err(error) => Err(told(FileRole::Bucket, error)),
        }
    }
}

impl Line {
    fn key(&self, object: &Digest) -> Key {
        self.folder.clone().join(object.to_string())
    }

    async fn put_whole(&self, key: &Key, file: &mut File, length: u64) -> Result<(), Error> {
        let bytes = part(file, length).map_err(generic)?;
        self.store.put(key, bytes.into()).await?;
        Ok(())
    }

    async fn put_parts(&self, key: &Key, file: &mut File, length: u64) -> Result<(), Error> {
        let mut upload = self.store.put_multipart(key).await?;
        let sent = Self::send_parts(upload.as_mut(), file, length).await;
        if sent.is_err() {
            // Parts of an upload that cannot be ended now are removed by the bucket's own rule.
            drop(upload.abort().await);
        }
        sent
    }

    async fn send_parts(
        upload: &mut dyn MultipartUpload,
        file: &mut File,
        mut left: u64,
    ) -> Result<(), Error> {
        while left > 0 {
            let bytes = part(file, left.min(PART)).map_err(generic)?;
            left = left.saturating_sub(bytes.len() as u64);
            upload.put_part(bytes.into()).await?;
        }
        upload.complete().await?;
        Ok(())
    }
}

impl Shelf for Bucket {
    fn put(&self, path: &Path, written: &Written) -> Result<(), StoreError> {
        let role = FileRole::Object(written.object.digest);
        let mut file = File::open(path).map_err(|source| StoreError::file(role, source))?;
        let key = self.line.key(&written.object.digest);
        let length = written.object.sealed_len;
        let there = self.line.runtime.block_on(async {
            if length > PART {
                self.line.put_parts(&key, &mut file, length).await?;
            } else {
                self.line.put_whole(&key, &mut file, length).await?;
            }
            self.line.store.head(&key).await
        });
        let there = there.map_err(|error| told(role, error))?;
        if there.size != length {
            return Err(StoreError::file(
                role,
                io::Error::other("the bucket holds another number of bytes than were sent"),
            ));
        }
        self.disk
            .remove(path)
            .map_err(|source| StoreError::file(FileRole::Temporary, source))
    }

    fn open(&self, object: &Digest) -> Result<Box<dyn Bytes>, StoreError> {
        let key = self.line.key(object);
        let there = self.line.runtime.block_on(self.line.store.head(&key));
        match there {
            Ok(meta) => Ok(Box::new(Remote {
                line: Arc::clone(&self.line),
                key,
                length: meta.size,
                at: 0,
                window: Vec::new(),
                start: 0,
            })),
            Err(Error::NotFound { .. }) => Err(StoreError::ObjectMissing { object: *object }),
            Err(error) => Err(told(FileRole::Object(*object), error)),
        }
    }

    fn list(&self) -> Result<Vec<Shelved>, StoreError> {
        let listing = self.line.store.list_with_delimiter(Some(&self.line.folder));
        let listing = self
            .line
            .runtime
            .block_on(listing)
            .map_err(|error| told(FileRole::Bucket, error))?;
        let mut found: Vec<Shelved> = listing
            .objects
            .iter()
            .map(|meta| {
                let name = meta.location.filename().unwrap_or_default().to_owned();
                Shelved {
                    object: name.parse().ok(),
                    name,
                    bytes: meta.size,
                }
            })
            .collect();
        found.sort();
        Ok(found)
    }

    fn remove(&self, shelved: &Shelved) -> Result<(), StoreError> {
        let key = self.line.folder.clone().join(shelved.name.as_str());
        self.line
            .runtime
            .block_on(self.line.store.delete(&key))
            .map_err(|error| told(FileRole::Bucket, error))
    }

    fn describe(&self) -> String {
        self.place.url().to_owned()
    }

    fn is_near(&self) -> bool {
        false
    }
}

/// An object in the bucket, read through a window of some MiB.
#[derive(Debug)]
struct Remote {
    line: Arc<Line>,
    key: Key,
    length: u64,
    at: u64,
    window: Vec<u8>,
    start: u64,
}

impl Remote {
    /// The bytes of the window from here on.
    fn ready(&self) -> &[u8] {
        self.at
            .checked_sub(self.start)
            .and_then(|offset| usize::try_from(offset).ok())
            .and_then(|offset| self.window.get(offset..))
            .unwrap_or_default()
    }

    fn fetch(&mut self) -> io::Result<()> {
        let end = self.at.saturating_add(WINDOW).min(self.length);
        let range = self.line.store.get_range(&self.key, self.at..end);
        let bytes = self
            .line
            .runtime
            .block_on(range)
            .map_err(io::Error::other)?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.start = self.at;
        self.window.clear();
        self.window.extend_from_slice(&bytes);
        Ok(())
    }
}

impl Read for Remote {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        if self.ready().is_empty() {
            self.fetch()?;
        }
        let count = self.ready().read(buffer)?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

impl Seek for Remote {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Bytes for Remote {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.length)
    }
}

fn client(place: &BucketPlace) -> Result<AmazonS3, StoreError> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(place.bucket())
        .with_region(place.region())
        .with_checksum_algorithm(Checksum::SHA256)
        .with_retry(RetryConfig {
            max_retries: 5,
            retry_timeout: Duration::from_mins(1),
            ..RetryConfig::default()
        });
    if let Some(endpoint) = place.endpoint() {
        // `BucketPlace` lets plain HTTP through for this machine only.
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(path) = place.credentials() {
        let (id, secret) = credentials(path)?;
        builder = builder
            .with_access_key_id(id)
            .with_secret_access_key(secret);
    }
    builder
        .build()
        .map_err(|error| told(FileRole::Bucket, error))
}

/// The first pair of keys in a file of the form of `~/.aws/credentials`.
fn credentials(path: &str) -> Result<(String, String), StoreError> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(1 << 16).read_to_string(&mut text))
        .map_err(|source| StoreError::file(FileRole::Credentials, source))?;
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == name).then(|| value.trim().to_owned())
        })
    };
    match (value("aws_access_key_id"), value("aws_secret_access_key")) {
        (Some(id), Some(secret)) => Ok((id, secret)),
        _ => Err(StoreError::PlaceRefused {
            what: "the file of the bucket's keys has no aws_access_key_id and aws_secret_access_key",
        }),
    }
}

fn part(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn generic(source: io::Error) -> Error {
    Error::Generic {
        store: "file",
        source: Box::new(source),
    }
}

fn told(role: FileRole, error: Error) -> StoreError {
    StoreError::file(role, io::Error::other(error))
}

/// Bytes of one part of a large upload; S3 takes 10,000 of them.
const PART: u64 = 64 << 20;
/// Bytes fetched at a time.
const WINDOW: u64 = 4 << 20;
