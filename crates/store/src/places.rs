//! Where an instance keeps what is not in its own folder.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{FileRole, StoreError};

/// Where rows and objects stay: in the folder of the instance unless said otherwise.
///
/// It is stored in the file `places.json` of the folder, and holds no secret: a password or an
/// access key in an address is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// A PostgreSQL server for the rows, instead of SQLite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<PostgresPlace>,
    /// A bucket for the objects, instead of the folder `objects`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objects: Option<BucketPlace>,
}

/// A schema of a PostgreSQL server; one instance, one schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RawPostgres")]
pub struct PostgresPlace {
    url: String,
    schema: String,
}

/// A bucket that speaks S3, and where in it the objects stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RawBucket")]
pub struct BucketPlace {
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    region: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credentials: Option<String>,
}

/// What the file says, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPostgres {
    url: String,
    schema: String,
}

/// What the file says, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBucket {
    url: String,
    #[serde(default)]
    endpoint: Option<String>,
    region: String,
    #[serde(default)]
    credentials: Option<String>,
}

impl PostgresPlace {
    /// A schema of the server at a `postgres://` address.
    ///
    /// Refused are a password in the address (it is taken from `PGPASSWORD` or the password
    /// file), and a schema that is not 1 to 48 characters out of a-z, 0-9 and `_`, the first a
    /// letter.
    pub fn new(url: &str, schema: &str) -> Result<Self, StoreError> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(refused(
                "the rows go to a `postgres://` address, or stay where they are",
            ));
        }
        if names_a_password(url) {
            return Err(refused(
                "the address of the rows holds a password: set PGPASSWORD or write a .pgpass file",
            ));
        }
        if !is_word(schema) {
            return Err(refused(
                "the schema is 1 to 48 characters out of a-z, 0-9 and `_`, the first a letter",
            ));
        }
        Ok(Self {
            url: url.to_owned(),
            schema: schema.to_owned(),
        })
    }

    /// The address, without a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The schema.
    pub fn schema(&self) -> &str {
        &self.schema
    }
}

impl BucketPlace {
    /// The objects below `s3://bucket/prefix`, at AWS or at another `endpoint`.
    ///
    /// Keys come from the environment (`AWS_ACCESS_KEY_ID` and its fellows) or from the file
    /// `credentials`, in the form of `~/.aws/credentials`. Refused are an address with keys in it
    /// and an endpoint on another machine without TLS.
    pub fn new(
        url: &str,
        endpoint: Option<&str>,
        region: &str,
        credentials: Option<&str>,
    ) -> Result<Self, StoreError> {
        let rest = url.strip_prefix("s3://").unwrap_or_default();
        let bucket = rest.split('/').next().unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        if bucket.len() < 3 || !rest.bytes().all(plain) || rest.contains("..") {
            return Err(refused(
                "the objects go to an address like `s3://bucket/prefix`",
            ));
        }
        if let Some(endpoint) = endpoint {
            check_endpoint(endpoint)?;
        }
        if !region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(refused("the region is a word such as `us-east-1`"));
        }
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: region.to_owned(),
            credentials: credentials.map(str::to_owned),
        })
    }

    /// `s3://bucket/prefix`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The bucket.
    pub(crate) fn bucket(&self) -> &str {
        let rest = self.url.strip_prefix("s3://").unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }

    /// What stands before the name of every object; may be empty.
    pub(crate) fn prefix(&self) -> &str {
        let rest = self.url.strip_prefix("s3://").unwrap_or_default();
        rest.split_once('/').map_or("", |(_, prefix)| prefix)
    }

    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    pub(crate) fn credentials(&self) -> Option<&str> {
        self.credentials.as_deref()
    }
}

impl TryFrom<RawPostgres> for PostgresPlace {
    type Error = StoreError;

    fn try_from(raw: RawPostgres) -> Result<Self, StoreError> {
        Self::new(&raw.url, &raw.schema)
    }
}

impl TryFrom<RawBucket> for BucketPlace {
    type Error = StoreError;

    fn try_from(raw: RawBucket) -> Result<Self, StoreError> {
        Self::new(
            &raw.url,
            raw.endpoint.as_deref(),
            &raw.region,
            raw.credentials.as_deref(),
        )
    }
}

impl Places {
    /// Whether everything is in the folder.
    pub fn is_local(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Reads the file of an instance; none means that everything is in the folder.
    pub(crate) fn read(path: &Path) -> Result<Self, StoreError> {
        let told = |source| StoreError::file(FileRole::Places, source);
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Ok(Self::default());
            }
            opened => opened.map_err(told)?,
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(told)?;
        serde_json::from_slice(&bytes)
            .map_err(|_| refused("the file `places.json` of the instance is not understood"))
    }
}

/// A user name may stand before `@`; a colon in it starts a password.
fn names_a_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = authority.split('/').next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let asked = query
        .split('&')
        .any(|pair| pair.to_ascii_lowercase().starts_with("password"));
    user.contains(':') || asked
}

fn check_endpoint(endpoint: &str) -> Result<(), StoreError> {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("", ""));
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return Err(refused(
            "the endpoint is an address such as `https://host:9000`, without keys in it",
        ));
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let near = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    match scheme {
        "https" => Ok(()),
        "http" if near => Ok(()),
        _ => Err(refused("an endpoint on another machine needs `https://`")),
    }
}

fn is_word(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=48).contains(&word.len())
        && word.bytes().all(fits)
        && word.starts_with(|first: char| first.is_ascii_lowercase())
}

const fn refused(what: &'static str) -> StoreError {
    StoreError::PlaceRefused { what }
}

/// No such file is longer.
const LONGEST: u64 = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_secret_in_it_is_refused() {
        for url in [
            "postgres://ada:secret@host/db",
            "postgres://host/db?password=secret",
            "postgres://host/db?sslmode=require&PASSWORD=secret",
            "mysql://host/db",
        ] {
            assert!(PostgresPlace::new(url, "cloister").is_err(), "{url}");
        }
        assert!(PostgresPlace::new("postgres://ada@host:5432/db", "cloister").is_ok());
        for endpoint in [
            "http://example.org",
            "http://10.0.0.1:9000",
            "https://key:secret@host",
            "ftp://host",
            "localhost:9000",
        ] {
            let place = BucketPlace::new("s3://bucket/a", Some(endpoint), "us-east-1", None);
            assert!(place.is_err(), "{endpoint}");
        }
        for endpoint in ["http://127.0.0.1:9000", "http://[::1]:9000", "https://host"] {
            let place = BucketPlace::new("s3://bucket/a", Some(endpoint), "us-east-1", None);
            assert!(place.is_ok(), "{endpoint}");
        }
    }

    #[test]
    fn a_schema_is_a_plain_word_and_a_bucket_an_address() {
        for schema in ["", "A", "a b", "a;drop", "1a", &"a".repeat(49)] {
            assert!(
                PostgresPlace::new("postgres://h/d", schema).is_err(),
                "{schema}"
            );
        }
        for url in [
            "s3://",
            "s3://ab",
            "s3://bucket/../x",
            "file:///x",
            "s3://b u",
        ] {
            assert!(
                BucketPlace::new(url, None, "us-east-1", None).is_err(),
                "{url}"
            );
        }
        let place = BucketPlace::new("s3://bucket/a/b/", None, "us-east-1", None).unwrap();
        assert_eq!((place.bucket(), place.prefix()), ("bucket", "a/b"));
    }

    #[test]
    fn what_is_written_is_read_and_anything_else_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.json");
        assert!(Places::read(&path).unwrap().is_local());
        let places = Places {
            rows: Some(PostgresPlace::new("postgres:///db?host=/run", "cloister").unwrap()),
            objects: Some(
                BucketPlace::new("s3://bucket", None, "eu-central-1", Some("/keys")).unwrap(),
            ),
        };
        crate::tests::write(&path, &places.encode());
        assert_eq!(Places::read(&path).unwrap(), places);
        for wrong in [
            "{",
            r#"{"rows":{"url":"postgres://a:b@h/d","schema":"c"}}"#,
            r#"{"elsewhere":1}"#,
        ] {
            crate::tests::write(&path, wrong.as_bytes());
            assert!(Places::read(&path).is_err(), "{wrong}");
        }
    }
}
