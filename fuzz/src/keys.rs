//! The keyring file, sealed objects and model signatures.

use std::{
    io::{Read, Write},
    sync::OnceLock,
};

use domain::Digest;
use seal::{
    Argon2Cost, DataKey, Keyring, OpenReader, Passphrase, SealWriter, SeededEntropy, Share, digest,
    open_bytes, seal_bytes,
};

/// The keyring file as it is, and once more with its checksum put right, so that what lies behind
/// the checksum is reached too.
pub(crate) fn keyring(data: &[u8]) {
    let passphrase = Passphrase::new(PASSPHRASE);
    drop(Keyring::open(&cheap(data), &passphrase));
    let mut bytes = cheap(data);
    if let Some(end) = bytes.len().checked_sub(32) {
        let sum = digest(&bytes[..end]);
        bytes[end..].copy_from_slice(sum.as_bytes());
        drop(Keyring::open(&bytes, &passphrase));
    }
}

/// Bytes as a sealed stream and record; and bytes sealed, then changed in one place: they must
/// come back as they were, or not at all.
pub(crate) fn sealed(data: &[u8]) {
    let key = key();
    assert!(opened(data, key).is_none() && open_bytes(key, b"context", data).is_err());

    let Some(([at, change], plain)) = data.split_first_chunk() else {
        return;
    };
    let mut bytes = seal_stream(plain, key);
    assert_eq!(opened(&bytes, key).as_deref(), Some(plain));
    let place = usize::from(*at) % bytes.len();
    bytes[place] ^= change;
    assert_eq!(opened(&bytes, key).is_some(), *change == 0);

    let mut record = seal_bytes(key, b"context", plain, &mut SeededEntropy::new(2));
    let place = usize::from(*at) % record.len();
    record[place] ^= change;
    assert_eq!(open_bytes(key, b"context", &record).is_ok(), *change == 0);
}

/// A share of a root key as somebody types it: what is read is printed the same.
pub(crate) fn share(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let shares: Vec<Share> = text.lines().filter_map(|line| line.parse().ok()).collect();
    for share in &shares {
        assert!(share.to_string().parse::<Share>().is_ok());
    }
    drop(seal::join(&shares));
}

/// The signature bundle that travels with a model.
pub(crate) fn model_signature(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let public = instance().0.statement_key();
        drop(seal::oms::verify_model(text, &model(), &public));
    }
}

/// The files of the model whose signature is the seed.
pub(crate) fn model() -> [(String, Digest); 1] {
    [("weights".to_owned(), Digest([1; 32]))]
}

/// A keyring that is the same in every run, and its file.
pub(crate) fn instance() -> &'static (Keyring, Vec<u8>) {
    static KEYRING: OnceLock<(Keyring, Vec<u8>)> = OnceLock::new();
    KEYRING.get_or_init(|| {
        let passphrase = Passphrase::new(PASSPHRASE);
        Keyring::create(&passphrase, Argon2Cost::light(), &mut SeededEntropy::new(7))
            .expect("a keyring")
    })
}

/// The file with the costs of a light passphrase hash, or a fuzzer would wait for Argon2.
fn cheap(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    if let Some(cost) = bytes.get_mut(17..29) {
        cost[..2].fill(0);
        cost[2] = 0;
        cost[4..7].fill(0);
        cost[7] &= 3;
        cost[8..11].fill(0);
        cost[11] &= 3;
    }
    bytes
}

fn key() -> &'static DataKey {
    static KEY: OnceLock<DataKey> = OnceLock::new();
    KEY.get_or_init(|| DataKey::generate(&mut SeededEntropy::new(1)))
}

fn seal_stream(plain: &[u8], key: &DataKey) -> Vec<u8> {
    let mut writer =
        SealWriter::new(Vec::new(), key, b"context", &mut SeededEntropy::new(3)).expect("a writer");
    writer.write_all(plain).expect("room in memory");
    writer.finish().expect("room in memory")
}

fn opened(bytes: &[u8], key: &DataKey) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let mut reader = OpenReader::new(bytes, key, b"context").ok()?;
    reader.read_to_end(&mut plain).ok()?;
    Some(plain)
}

const PASSPHRASE: &str = "correct horse battery staple";
