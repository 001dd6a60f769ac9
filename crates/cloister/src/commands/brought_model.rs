//! A token classifier that the user brings: its folder read, checked and named.

use std::{fs, path::Path};

use phi::{
    classifier::{
        Classifier, ClassifierError, LabelMap, ModelFiles, ModelIdentity, TokenizerFiles,
    },
    text::TextEngine,
};

use crate::{arguments::BroughtModel, failure::Failure, files, screen::Screen};

/// The text engine, with the model where one is given; which model it is goes to `screen`.
pub(super) fn engine(model: &BroughtModel, screen: Screen) -> Result<TextEngine, Failure> {
    let engine = TextEngine::new();
    let Some(folder) = &model.folder else {
        return Ok(engine);
    };
    let classifier = read(folder, model.labels.as_deref())?;
    let identity = classifier.identity();
    screen.message(&format!(
        "model {}: {}, weights SHA-256 {}",
        identity.name,
        classifier.describe(),
        identity.weights
    ));
    Ok(engine.with_classifier(classifier))
}

fn read(folder: &Path, labels: Option<&Path>) -> Result<Classifier, Failure> {
    refuse_pickles(folder)?;
    let needed = |name: &str| {
        optional(folder, name)?.ok_or_else(|| ClassifierError::Missing(name.to_owned()).into())
    };
    let config: Result<Vec<u8>, Failure> = needed("config.json");
    let (config, weights) = (config?, needed("model.safetensors")?);
    let whole = optional(folder, "tokenizer.json")?;
    let words = optional(folder, "vocab.txt")?;
    let numbers = optional(folder, "vocab.json")?;
    let merges = optional(folder, "merges.txt")?;
    let choices = optional(folder, "tokenizer_config.json")?;
    let meanings = labels.map(files::read_text).transpose()?;
    let identity = ModelIdentity {
        name: name(folder),
        weights: seal::digest(&weights),
        labels: meanings.as_ref().map(|text| seal::digest(text.as_bytes())),
    };
    let files = ModelFiles {
        config: &config,
        weights: &weights,
        tokenizer: TokenizerFiles {
            whole: whole.as_deref(),
            words: words.as_deref(),
            numbers: numbers.as_deref(),
            merges: merges.as_deref(),
            choices: choices.as_deref(),
        },
    };
    let map = LabelMap::edited(meanings.as_deref().unwrap_or_default())?;
    Ok(Classifier::read(&files, identity, map)?)
}

/// Weights of other kinds are never opened: reading a pickle can run what is in it.
fn refuse_pickles(path: &Path) -> Result<(), Failure> {
    if path.is_file() {
        let name = files::name_of(path);
        let error = if is_pickled(&name) {
            ClassifierError::Pickled(name)
        } else {
            ClassifierError::Missing("config.json".to_owned())
        };
        return Err(error.into());
    }
    if path.join("model.safetensors").exists() {
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|cause| files::unreadable(path, &cause))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| files::name_of(&entry.path()))
        .filter(|name| is_pickled(name))
        .collect();
    names.sort();
    match names.into_iter().next() {
        Some(name) => Err(ClassifierError::Pickled(name).into()),
        None => Ok(()),
    }
}

fn is_pickled(name: &str) -> bool {
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| OTHER_WEIGHTS.contains(&ending.to_ascii_lowercase().as_str()))
}

fn optional(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let path = folder.join(name);
    path.exists().then(|| files::read_bytes(&path)).transpose()
}

/// The folder's own name: its place on this machine is nobody's business.
fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    files::name_of(&whole)
}

/// Endings of weights that are pickles, or of formats that are not read.
const OTHER_WEIGHTS: &[&str] = &[
    "bin", "pt", "pth", "ckpt", "pkl", "h5", "msgpack", "onnx", "gguf",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_that_could_run_code_are_told_by_their_names() {
        for name in [
            "pytorch_model.bin",
            "model.PT",
            "model-00001-of-00002.bin",
            "tf_model.h5",
        ] {
            assert!(is_pickled(name));
        }
        assert!(!is_pickled("model.safetensors") && !is_pickled("vocab.txt"));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let failure = read(Path::new("no-such-folder"), None).unwrap_err();
        assert_eq!(failure.code, crate::codes::FILE_READ);
    }
}
