//! A token classifier that the user brings.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::program::{run, word};

/// A name that no rule finds, in a sentence that gives nothing away.
const NOTE: &str = "Rash since spring, seen by zorblax on the ward. He has Parkinson disease.\n";

#[test]
fn a_brought_model_finds_what_the_rules_leave_and_the_manifest_names_it() {
    let place = TempDir::new().expect("a folder");
    let (note, made, manifest) = paths(place.path());
    let model = model(place.path());

    run(&["deid", word(&note), "-o", word(&made)]).done();
    assert!(read(&made).contains("zorblax"));

    run(&[
        "deid",
        word(&note),
        "-o",
        word(&made),
        "--model",
        word(&model),
        "--manifest",
        word(&manifest),
    ])
    .done()
    .tells("model tiny-clinic: bert, 1 layers of 4, 2 labels, weights SHA-256 ");
    let text = read(&made);
    assert!(
        !text.contains("zorblax") && text.contains("Parkinson disease"),
        "{text}"
    );
    let manifest: Value = serde_json::from_str(&read(&manifest)).expect("JSON");
    let named = &manifest["manifest"]["classifier"];
    assert_eq!(named["name"], "tiny-clinic");
    assert_eq!(named["weights"].as_str().map(str::len), Some(64));

    run(&["scan", "--spans", word(&note), "--model", word(&model)])
        .done()
        .tells("\"detector\":\"classifier\"");
}

#[test]
fn a_label_has_the_meaning_that_a_file_gives_it() {
    let place = TempDir::new().expect("a folder");
    let (note, ..) = paths(place.path());
    let model = model(place.path());
    let labels = place.path().join("labels.toml");

    fs::write(&labels, "[labels]\nPATIENT = \"keep\"\n").expect("room");
    let scan = |labels: &Path| {
        run(&[
            "scan",
            word(&note),
            "--model",
            word(&model),
            "--model-labels",
            word(labels),
        ])
    };
    scan(&labels).ended(2, "CL2084");

    fs::write(&labels, "[labels]\nPATIENT = \"EMPLOYER\"\n").expect("room");
    scan(&labels).done();
}

#[test]
fn a_pickle_is_refused_with_the_reason() {
    let place = TempDir::new().expect("a folder");
    let (note, made, _) = paths(place.path());
    let model = model(place.path());
    fs::rename(
        model.join("model.safetensors"),
        model.join("pytorch_model.bin"),
    )
    .expect("a file");

    let deid = |model: &Path| {
        run(&[
            "deid",
            word(&note),
            "-o",
            word(&made),
            "--model",
            word(model),
        ])
    };
    deid(&model).ended(2, "CL2080").tells("can run code");
    deid(&model.join("pytorch_model.bin"))
        .ended(2, "CL2080")
        .tells("can run code");
    assert!(!made.exists());
}

#[test]
fn a_damaged_model_is_refused_before_anything_is_written() {
    let place = TempDir::new().expect("a folder");
    let (note, made, _) = paths(place.path());
    let model = model(place.path());
    let weights = model.join("model.safetensors");
    let mut bytes = fs::read(&weights).expect("weights");
    bytes.pop();
    fs::write(&weights, bytes).expect("room");

    run(&[
        "deid",
        word(&note),
        "-o",
        word(&made),
        "--model",
        word(&model),
    ])
    .ended(1, "CL2083");
    assert!(!made.exists());
}

fn paths(place: &Path) -> (PathBuf, PathBuf, PathBuf) {
    let note = place.join("note.txt");
    fs::write(&note, NOTE).expect("room");
    (note, place.join("made.txt"), place.join("manifest.json"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a result")
}

/// A model of one layer that changes nothing: its head calls `zorblax`, `parkinson` and `disease`
/// a patient by the second column of their rows.
fn model(place: &Path) -> PathBuf {
    let words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "zorb",
        "##lax",
        "parkinson",
        "disease",
    ];
    let rows: Vec<f32> = (0..words.len())
        .flat_map(|number| {
            if number < 4 {
                [1.0, 0.0, 0.0, 0.0]
            } else {
                [0.0, 1.0, 0.0, 0.0]
            }
        })
        .collect();
    let head = [4.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0];
    let mut tensors = vec![
        (
            "bert.embeddings.word_embeddings.weight".to_owned(),
            vec![words.len(), 4],
            rows,
        ),
        ("classifier.weight".to_owned(), vec![2, 4], head.to_vec()),
    ];
    let mut plain = |name: String, shape: &[usize], value: f32| {
        let values = vec![value; shape.iter().product()];
        tensors.push((name, shape.to_vec(), values));
    };
    plain(
        "bert.embeddings.position_embeddings.weight".to_owned(),
        &[16, 4],
        0.0,
    );
    plain(
        "bert.embeddings.token_type_embeddings.weight".to_owned(),
        &[2, 4],
        0.0,
    );
    plain("classifier.bias".to_owned(), &[2], 0.0);
    let layer = "bert.encoder.layer.0";
    for norm in [
        "bert.embeddings.LayerNorm".to_owned(),
        format!("{layer}.attention.output.LayerNorm"),
        format!("{layer}.output.LayerNorm"),
    ] {
        plain(format!("{norm}.weight"), &[4], 1.0);
        plain(format!("{norm}.bias"), &[4], 0.0);
    }
    for part in [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    ] {
        plain(format!("{layer}.{part}.weight"), &[4, 4], 0.0);
        plain(format!("{layer}.{part}.bias"), &[4], 0.0);
    }
    let config = json!({
        "model_type": "bert", "architectures": ["BertForTokenClassification"],
        "hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 4, "vocab_size": words.len(), "max_position_embeddings": 16,
        "type_vocab_size": 2, "hidden_act": "gelu", "id2label": { "0": "O", "1": "B-PATIENT" },
    });
    let folder = place.join("tiny-clinic");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("config.json"), config.to_string()).expect("room");
    fs::write(folder.join("vocab.txt"), words.join("\n")).expect("room");
    fs::write(folder.join("model.safetensors"), safetensors(&tensors)).expect("room");
    folder
}

/// The length of the header, the header, the numbers.
fn safetensors(tensors: &[(String, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let (mut header, mut numbers) = (Map::new(), Vec::new());
    for (name, shape, values) in tensors {
        let start = numbers.len();
        numbers.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let offsets = [start, numbers.len()];
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": offsets });
        header.insert(name.clone(), entry);
    }
    let header = Value::from(header).to_string().into_bytes();
    let length = u64::try_from(header.len()).expect("a short header");
    [&length.to_le_bytes()[..], &header, &numbers].concat()
}
