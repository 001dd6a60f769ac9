//! Dependencies point down, and one heavy dependency has one room.

use std::{collections::BTreeMap, fs, path::Path};

/// The floor of every room; `ARCHITECTURE.md` draws the same house.
const FLOORS: [(&str, u8); 15] = [
    ("domain", 1),
    ("seal", 2),
    ("formats", 2),
    ("privacy", 2),
    ("governance", 2),
    ("hospital", 2),
    ("phi", 3),
    ("access", 3),
    ("audit", 3),
    ("learn", 3),
    ("disclosure", 3),
    ("evidence", 3),
    ("store", 4),
    ("flow", 5),
    ("cloister", 7),
];

/// A heavy dependency and the rooms that may name it.
const ROOMS: &[(&str, &[&str])] = &[
    ("aws-lc-rs", &["seal"]),
    ("argon2", &["seal"]),
    ("region", &["seal"]),
    ("rustls", &["seal"]),
    ("cryptoki", &["store"]),
    ("cedar-policy", &["access"]),
    ("sqlx", &["store"]),
    ("tokio", &["store"]),
    ("object_store", &["store"]),
    ("rustix", &["store", "cloister"]),
    ("zstd", &["store"]),
    ("parquet", &["formats"]),
    ("csv", &["formats"]),
    ("dicom-core", &["formats"]),
    ("dicom-dictionary-std", &["formats"]),
    ("dicom-object", &["formats"]),
    ("quick-xml", &["formats"]),
    ("ndarray", &["phi"]),
    ("safetensors", &["phi"]),
    ("regex-automata", &["phi"]),
    ("opendp", &["privacy"]),
    ("fhe", &["privacy"]),
    ("fhe-math", &["privacy"]),
    ("pulp", &["learn"]),
    ("askama", &["evidence"]),
    ("clap", &["cloister"]),
    ("indicatif", &["cloister"]),
];

/// What breaks the floors, one sentence each.
pub(super) fn check(root: &Path) -> Vec<String> {
    let floors: BTreeMap<&str, u8> = FLOORS.into_iter().collect();
    let mut broken = Vec::new();
    for entry in fs::read_dir(root.join("crates"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let room = entry.file_name().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        match floors.get(room.as_str()) {
            Some(floor) => broken.extend(check_room(&room, *floor, &manifest, &floors)),
            None => broken.push(format!(
                "crates/{room} stands on no floor: add it to xtask/src/tidy/floors.rs"
            )),
        }
    }
    broken.extend(check_shims(root));
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
    broken.extend(check_crypto(&lock));
    broken.sort();
    broken
}

/// Shims answer the names of a crate by another; they are held to the same lints.
fn check_shims(root: &Path) -> Vec<String> {
    let shims = fs::read_dir(root.join("shims"))
        .into_iter()
        .flatten()
        .flatten();
    let lawless = shims.filter(|shim| {
        let manifest = fs::read_to_string(shim.path().join("Cargo.toml")).unwrap_or_default();
        !manifest.contains("[lints]\nworkspace = true")
    });
    lawless
        .map(|shim| {
            let name = shim.file_name().to_string_lossy().into_owned();
            format!("shims/{name}/Cargo.toml does not take the workspace's lints")
        })
        .collect()
}

/// One crypto library: whatever is called `ring` is our shim over AWS-LC, and no other one is there.
fn check_crypto(lock: &str) -> Vec<String> {
    let packages = lock.split("[[package]]");
    let refused = packages.filter_map(|package| {
        let name = package
            .lines()
            .find_map(|line| line.strip_prefix("name = "))?
            .trim_matches('"');
        let from_outside = package.lines().any(|line| line.starts_with("source = "));
        let second = SECOND_CRYPTO.contains(&name) && (name != "ring" || from_outside);
        second.then(|| format!("{name} is a second crypto library; AWS-LC is the one"))
    });
    refused.collect()
}

/// Crates that bring ciphers, signatures or TLS of their own.
const SECOND_CRYPTO: [&str; 6] = [
    "ring",
    "openssl-sys",
    "native-tls",
    "boring-sys",
    "libsodium-sys",
    "aes-gcm",
];

fn check_room(room: &str, floor: u8, manifest: &str, floors: &BTreeMap<&str, u8>) -> Vec<String> {
    let mut broken = Vec::new();
    for dependency in dependencies(manifest) {
        if floors.get(dependency).is_some_and(|below| *below >= floor) {
            broken.push(format!(
                "{room} (floor {floor}) depends on {dependency}, which is not below it"
            ));
        }
        let rooms = ROOMS.iter().find(|(heavy, _)| *heavy == dependency);
        if let Some((heavy, rooms)) = rooms.filter(|(_, rooms)| !rooms.contains(&room)) {
            broken.push(format!(
                "{room} names {heavy}, whose room is {}",
                rooms.join(" and ")
            ));
        }
    }
    if !manifest.contains("[lints]\nworkspace = true") {
        broken.push(format!(
            "crates/{room}/Cargo.toml does not take the workspace's lints"
        ));
    }
    broken
}

/// The names under `[dependencies]`; dev-dependencies ship nothing.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest
        .lines()
        .skip_while(|line| line.trim() != "[dependencies]")
        .skip(1);
    let names = lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'));
    names
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_upwards_is_named() {
        let floors: BTreeMap<&str, u8> = FLOORS.into_iter().collect();
        let manifest =
            "[dependencies]\nstore.workspace = true\nsqlx = \"1\"\n\n[lints]\nworkspace = true\n";
        let broken = check_room("seal", 2, manifest, &floors);
        assert_eq!(
            broken,
            [
                "seal (floor 2) depends on store, which is not below it",
                "seal names sqlx, whose room is store"
            ]
        );
    }

    #[test]
    fn the_real_ring_is_refused_and_the_shim_is_not() {
        let ours = "[[package]]\nname = \"ring\"\nversion = \"0.17.14\"\n";
        assert!(check_crypto(ours).is_empty());
        let theirs = format!("{ours}source = \"registry\"\n");
        assert_eq!(
            check_crypto(&theirs),
            ["ring is a second crypto library; AWS-LC is the one"]
        );
        let other = "[[package]]\nname = \"openssl-sys\"\nsource = \"registry\"\n";
        assert_eq!(check_crypto(other).len(), 1);
    }

    #[test]
    fn an_edge_downwards_is_fine() {
        let floors: BTreeMap<&str, u8> = FLOORS.into_iter().collect();
        let manifest = "[dependencies]\ndomain.workspace = true\n\n[dev-dependencies]\nflow = \"1\"\n\n[lints]\nworkspace = true\n";
        assert!(check_room("seal", 2, manifest, &floors).is_empty());
    }
}
