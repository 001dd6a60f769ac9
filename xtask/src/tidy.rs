//! The house rules that a compiler does not hold: floors, rooms, names, words.

mod floors;
mod links;
mod ring;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::command::root;

/// Checks every rule, prints what breaks it, and with `sizes` lists long files.
pub(crate) fn run(sizes: bool) -> bool {
    let files = sources(&root());
    let mut broken = floors::check(&root());
    broken.extend(ring::check());
    broken.extend(words::check(&root(), &files));
    broken.extend(links::check(&root(), &files));
    for line in &broken {
        println!("tidy: {line}");
    }
    if sizes {
        list_sizes(&files);
    }
    println!("tidy: {} files, {} broken rules", files.len(), broken.len());
    broken.is_empty()
}

fn list_sizes(files: &[PathBuf]) {
    let lines = |file: &PathBuf| fs::read_to_string(file).map_or(0, |text| text.lines().count());
    let mut long: Vec<(usize, &PathBuf)> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
        .map(|file| (lines(file), file))
        .filter(|(count, _)| *count > 300)
        .collect();
    long.sort();
    for (count, file) in long.iter().rev() {
        println!(
            "{count:6} {}",
            file.strip_prefix(root()).unwrap_or(file).display()
        );
    }
}

/// The files under version control's eye: everything but build output and hidden folders.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let hidden =
                name.starts_with('.') && name != ".ci" && name != ".cargo" && name != ".config";
            if hidden
                || matches!(name.as_str(), "target" | "corpus" | "artifacts")
                || name.starts_with("cloister-demo")
            {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
