//! `cloister key split` and `cloister key join`.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use flow::operate::key;
use seal::Share;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::new_passphrase;
use crate::{
    arguments::{Arguments, Join, Split},
    codes,
    failure::Failure,
    files, keeper,
    machine_clock::MachineClock,
    screen::Screen,
    wire::{self, Instance},
};

pub(super) fn split(arguments: &Arguments, split: &Split, screen: Screen) -> Result<(), Failure> {
    if let Some(folder) = split.output.as_deref().filter(|folder| folder.exists()) {
        return Err(Failure::new(
            codes::FOLDER_TAKEN,
            format!("{} is already there", folder.display()),
            "name a new folder with --output",
        ));
    }
    let instance = Instance::open(arguments)?;
    let shares = key::split(&instance.desk(), split.threshold, split.shares)?;
    let set = shares.first().map(Share::set).unwrap_or_default();
    let root = instance.store.keyring().root_id();
    let head = format!(
        "root key {root}: {} of these {} shares of the set {set} open the instance; give each to \
         another person and keep no copy",
        split.threshold, split.shares
    );
    let mut document = json!({ "root": root, "set": set, "threshold": split.threshold,
        "count": split.shares });
    let shown = if let Some(folder) = &split.output {
        let names = write(folder, &shares)?;
        put(&mut document, "files", json!(names));
        format!("{head}\n{}", names.join("\n"))
    } else {
        let words = shares
            .iter()
            .map(|share| json!({ "number": share.number(), "words": share.to_string() }));
        put(&mut document, "shares", words.collect());
        let lines: Vec<String> = shares.iter().map(Share::to_string).collect();
        format!("{head}\n\n{}", lines.join("\n"))
    };
    screen.result(&shown, &document);
    Ok(())
}

fn write(folder: &Path, shares: &[Share]) -> Result<Vec<String>, Failure> {
    fs::create_dir_all(folder).map_err(|cause| files::unwritable(folder, &cause))?;
    let mut names = Vec::new();
    for share in shares {
        let path = folder.join(format!("share-{}.txt", share.number()));
        let line = Zeroizing::new(format!("{share}\n"));
        files::write_private(&path, line.as_bytes())?;
        names.push(path.display().to_string());
    }
    Ok(names)
}

pub(super) fn join(arguments: &Arguments, join: &Join, screen: Screen) -> Result<(), Failure> {
    let mut shares = Vec::new();
    for path in &join.files {
        read(path, &mut shares)?;
    }
    wire::keep_out_of_dumps();
    let numbers: Vec<u8> = shares.iter().map(Share::number).collect();
    let set = shares.first().map(Share::set).unwrap_or_default();
    if join.check {
        let root = seal::join(&shares)?;
        let sealed = files::read_bytes(&arguments.home.join("keystore"))?;
        let id = root.id().clone();
        seal::Keyring::open_with_root(&sealed, root)?;
        screen.result(
            &format!("shares {numbers:?} of the set {set} open the instance"),
            &json!({ "set": set, "numbers": numbers, "root": id, "opens": true }),
        );
        return Ok(());
    }
    let passphrase = new_passphrase(&join.new)?;
    let store = key::open_joined(&arguments.home, &shares, &MachineClock)?;
    let instance = Instance::of(store)?;
    let service = keeper::by_passphrase(passphrase);
    key::recover(&instance.desk(), service.as_ref())?;
    let root = instance.store.keyring().root_id();
    screen.result(
        "the instance opens with the new passphrase; the one before opens nothing any more",
        &json!({ "set": set, "numbers": numbers, "root": root,
            "kept_by": instance.store.keyring().kept_by() }),
    );
    Ok(())
}

/// The shares in a file, one a line; an error says in which file and line.
fn read(path: &Path, shares: &mut Vec<Share>) -> Result<(), Failure> {
    let text = Zeroizing::new(if path.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .map_err(|cause| files::unreadable(path, &cause))?;
        text
    } else {
        files::read_text(path)?
    });
    let lines = (1..).zip(text.lines());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let share = line.parse::<Share>().map_err(|error| {
            let said = Failure::from(error);
            Failure::new(
                codes::SHARE,
                format!("{}, line {number}: {}", path.display(), said.what),
                said.help,
            )
        })?;
        shares.push(share);
    }
    Ok(())
}

/// Adds a field to a document.
fn put(document: &mut Value, name: &str, value: Value) {
    if let Some(fields) = document.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
