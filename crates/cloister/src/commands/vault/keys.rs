//! The file of the keys of an encrypted Parquet file.

use std::collections::BTreeMap;

use flow::operate::vault::Taken;
use formats::TableKeys;
use seal::Zeroizing;
use serde::{Deserialize, Serialize};

use crate::{codes, failure::Failure};

/// `{"place": …, "keys": {…}}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    /// The prefix of the associated data, when the Parquet file does not hold it.
    place: Option<String>,
    /// Keys in hexadecimal, by the `wrappedDEK` of the file's key material.
    keys: BTreeMap<String, String>,
}

pub(super) fn encode(taken: &Taken) -> Vec<u8> {
    let keys = taken.keys.iter();
    let file = KeyFile {
        place: None,
        keys: keys
            .map(|(name, key)| (name.clone(), hex(key.as_slice())))
            .collect(),
    };
    serde_json::to_vec_pretty(&file).unwrap_or_default()
}

/// The keys in a file; an error shows nothing of it.
pub(super) fn decode(text: &str) -> Result<TableKeys, Failure> {
    let refused = || {
        Failure::new(
            codes::KEY_FILE,
            "the file of keys is not understood",
            "`cloister vault open-parquet --help` shows what it looks like; keys have 32 or 64 hexadecimal digits",
        )
    };
    let file: KeyFile = serde_json::from_str(text).map_err(|_| refused())?;
    let mut keys = Vec::new();
    for (name, digits) in file.keys {
        let key = bytes(&digits).filter(|key| matches!(key.len(), 16 | 32));
        keys.push((name, key.ok_or_else(refused)?));
    }
    Ok(TableKeys::foreign(file.place.as_deref(), keys))
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(u32::from(half), 16));
        }
    }
    digits
}

/// The bytes that hexadecimal digits say.
pub(super) fn bytes(digits: &str) -> Option<Zeroizing<Vec<u8>>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    pairs
        .map(byte)
        .collect::<Option<Vec<u8>>>()
        .map(Zeroizing::new)
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_keys_is_read_and_anything_else_refused() {
        let good = format!(r#"{{"place":"p","keys":{{"k":"{}"}}}}"#, "0a".repeat(32));
        assert_eq!(format!("{:?}", decode(&good).unwrap()), "TableKeys(1 keys)");
        for wrong in [
            "{",
            r#"{"keys":{"k":"0a0a"},"place":null}"#,
            r#"{"keys":{"k":"zz"},"place":null}"#,
            r#"{"keys":{},"place":null,"more":1}"#,
        ] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
        assert_eq!(bytes("00ff1A").unwrap().as_slice(), [0, 255, 26]);
    }
}
