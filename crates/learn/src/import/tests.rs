use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Feature, Target, Values, features::encode_features};

/// Two numbers and a category of two words: four inputs.
fn architecture(hidden: Vec<usize>) -> Architecture {
    let number = |column: &str, center, divide| Input::Number {
        column: column.into(),
        min: 0.0,
        max: 128.0,
        center,
        divide,
    };
    let names = |number: usize| TensorNames {
        weight: format!("{number}.weight"),
        bias: Some(format!("{number}.bias")),
    };
    Architecture {
        target: Target {
            column: "ill".into(),
            positive: "yes".into(),
        },
        inputs: vec![
            number("age", 50.0, 20.0),
            number("stay", 0.0, 1.0),
            Input::Category {
                column: "sex".into(),
                values: vec!["F".into(), "M".into()],
            },
        ],
        layers: (0..=hidden.len()).map(names).collect(),
        hidden,
        layout: Layout::OutIn,
    }
}

fn safetensors(tensors: &[(&str, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut header = serde_json::Map::new();
    for (name, shape, numbers) in tensors {
        let start = data.len();
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        header.insert(
            (*name).to_owned(),
            serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]}),
        );
    }
    let text = serde_json::to_vec(&header).unwrap();
    [(text.len() as u64).to_le_bytes().to_vec(), text, data].concat()
}

fn margin(model: &Model, age: f64, stay: f64, sex: &str) -> f64 {
    let (age, stay, sex) = ([Some(age)], [Some(stay)], [Some(sex)]);
    let columns = BTreeMap::from([
        ("age", Values::Number(&age)),
        ("stay", Values::Number(&stay)),
        ("sex", Values::Text(&sex)),
    ]);
    let row = encode_features(&model.spec, &columns).unwrap();
    let probability = model.predict_row(&row).unwrap();
    libm::log(probability / (1.0 - probability))
}

/// What the original gives: `1.5 (age - 50)/20 - 0.25 stay + 0.5 [F] - 1 [M] + 0.1`.
fn original(age: f64, stay: f64, sex: &str) -> f64 {
    let word = if sex == "F" { 0.5 } else { -1.0 };
    1.5 * (age - 50.0) / 20.0 - 0.25 * stay + word + 0.1
}

fn logistic() -> Vec<u8> {
    safetensors(&[
        ("0.weight", vec![1, 4], vec![1.5, -0.25, 0.5, -1.0]),
        ("0.bias", vec![1], vec![0.1]),
    ])
}

#[test]
fn a_logistic_model_gives_what_the_original_gives() {
    let model = import(&logistic(), &architecture(vec![])).unwrap();
    for (age, stay, sex) in [(50.0, 0.0, "F"), (64.0, 3.0, "M"), (12.0, 12.0, "F")] {
        let (found, expected) = (margin(&model, age, stay, sex), original(age, stay, sex));
        assert!((found - expected).abs() < 1e-4, "{found} {expected}");
    }
    assert_eq!(Model::from_bytes(&model.to_bytes()).unwrap(), model);
    assert_eq!(model.kind, ModelKind::Logistic);
}

#[test]
fn the_same_model_lies_in_the_file_either_way() {
    let mut architecture = architecture(vec![]);
    architecture.layout = Layout::InOut;
    let turned = safetensors(&[
        ("0.weight", vec![4, 1], vec![1.5, -0.25, 0.5, -1.0]),
        ("0.bias", vec![1], vec![0.1]),
    ]);
    let model = import(&turned, &architecture).unwrap();
    assert!((margin(&model, 64.0, 3.0, "M") - original(64.0, 3.0, "M")).abs() < 1e-4);
}

#[test]
fn a_network_is_rectified_between_its_layers() {
    let file = safetensors(&[
        (
            "0.weight",
            vec![2, 4],
            vec![0.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        ),
        ("0.bias", vec![2], vec![-4.0, 4.0]),
        ("1.weight", vec![1, 2], vec![1.0, 10.0]),
        ("1.bias", vec![1], vec![0.5]),
    ]);
    let model = import(&file, &architecture(vec![2])).unwrap();
    assert!((margin(&model, 1.0, 6.0, "F") - 2.5).abs() < 1e-4);
    assert!((margin(&model, 1.0, 3.5, "F") - 5.5).abs() < 1e-3);
}

#[test]
fn what_can_carry_code_is_refused_by_its_first_bytes() {
    for bytes in [
        b"\x80\x04\x95\x00pickle".as_slice(),
        b"\x80\x02}q\x00",
        b"PK\x03\x04archive",
        b"\x89HDF\r\n",
    ] {
        let refused = import(bytes, &architecture(vec![])).unwrap_err();
        assert!(
            matches!(refused, ImportError::CanCarryCode { .. }),
            "{refused}"
        );
    }
}

#[test]
fn weights_that_do_not_fit_are_refused() {
    let file = logistic();
    let refused =
        |file: &[u8], architecture: &Architecture| import(file, architecture).unwrap_err().code();
    assert_eq!(refused(&file, &architecture(vec![3])), codes::IMPORT_MISFIT);
    let mut fewer = architecture(vec![]);
    fewer.inputs.pop();
    assert_eq!(refused(&file, &fewer), codes::IMPORT_MISFIT);
    let mut unnamed = architecture(vec![]);
    unnamed.layers.clear();
    assert_eq!(refused(&file, &unnamed), codes::IMPORT_MISFIT);
    let nan = safetensors(&[
        ("0.weight", vec![1, 4], vec![f32::NAN; 4]),
        ("0.bias", vec![1], vec![0.1]),
    ]);
    assert_eq!(refused(&nan, &architecture(vec![])), codes::IMPORT_FORMAT);
    let mut zero = architecture(vec![]);
    zero.inputs[0] = Input::Number {
        column: "age".into(),
        min: 0.0,
        max: 1.0,
        center: 0.0,
        divide: 0.0,
    };
    assert_eq!(refused(&file, &zero), codes::IMPORT_MISFIT);
    for length in 0..file.len() {
        assert!(
            import(&file[..length], &architecture(vec![])).is_err(),
            "{length}"
        );
    }
}

/// A message of fields, for building ONNX files by hand.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap());
    }
    fn number(mut self, field: u64, number: u64) -> Self {
        self.varint(field << 3);
        self.varint(number);
        self
    }
    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }
}

fn constant(name: &str, shape: &[u64], numbers: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let mut message = Message::default();
    for side in shape {
        message = message.number(1, *side);
    }
    message
        .number(2, 1)
        .bytes(8, name.as_bytes())
        .bytes(9, &raw)
        .0
}

fn operator(name: &str, inputs: &[&str], output: &str, attributes: &[(&str, u64)]) -> Vec<u8> {
    let mut message = Message::default();
    for input in inputs {
        message = message.bytes(1, input.as_bytes());
    }
    message = message
        .bytes(2, output.as_bytes())
        .bytes(4, name.as_bytes());
    for (name, number) in attributes {
        let attribute = Message::default()
            .bytes(1, name.as_bytes())
            .number(3, *number);
        message = message.bytes(5, &attribute.0);
    }
    message.0
}

fn onnx(nodes: &[Vec<u8>], constants: &[Vec<u8>], output: &str) -> Vec<u8> {
    let named = |name: &str| Message::default().bytes(1, name.as_bytes()).0;
    let mut graph = Message::default();
    for node in nodes {
        graph = graph.bytes(1, node);
    }
    for constant in constants {
        graph = graph.bytes(5, constant);
    }
    graph = graph.bytes(11, &named("x")).bytes(12, &named(output));
    Message::default().number(1, 8).bytes(7, &graph.0).0
}

fn by_gemm() -> Vec<u8> {
    let constants = [
        constant("w", &[1, 4], &[1.5, -0.25, 0.5, -1.0]),
        constant("b", &[1], &[0.1]),
    ];
    let nodes = [
        operator("Flatten", &["x"], "f", &[("axis", 1)]),
        operator("Gemm", &["f", "w", "b"], "z", &[("transB", 1)]),
        operator("Sigmoid", &["z"], "y", &[]),
    ];
    onnx(&nodes, &constants, "y")
}

#[test]
fn an_onnx_graph_gives_what_its_layers_give() {
    let by_matmul = onnx(
        &[
            operator("MatMul", &["x", "w"], "m", &[]),
            operator("Add", &["b", "m"], "z", &[]),
        ],
        &[
            constant("w", &[4, 1], &[1.5, -0.25, 0.5, -1.0]),
            constant("b", &[1, 1], &[0.1]),
        ],
        "z",
    );
    for file in [by_gemm(), by_matmul] {
        let model = import(&file, &architecture(vec![])).unwrap();
        assert!((margin(&model, 64.0, 3.0, "M") - original(64.0, 3.0, "M")).abs() < 1e-4);
    }
}

#[test]
fn an_unknown_operator_is_refused_by_its_name() {
    let constants = [constant("w", &[4, 1], &[0.0; 4])];
    let nodes = |last: Vec<u8>| vec![operator("MatMul", &["x", "w"], "z", &[]), last];
    let refused = |nodes: &[Vec<u8>]| import(&onnx(nodes, &constants, "y"), &architecture(vec![]));
    assert_eq!(
        refused(&nodes(operator("Tanh", &["z"], "y", &[]))),
        Err(ImportError::Operator {
            name: "Tanh".into()
        })
    );
    assert!(refused(&nodes(operator("Relu", &["z"], "y", &[]))).is_err());
    assert!(refused(&nodes(operator("Gemm", &["z", "w"], "y", &[]))).is_err());
    assert!(refused(&nodes(operator("Sigmoid", &["other"], "y", &[]))).is_err());
}

#[test]
fn every_cut_of_an_onnx_file_is_refused_or_harmless() {
    let file = by_gemm();
    for length in 0..file.len() {
        assert!(
            import(&file[..length], &architecture(vec![])).is_err(),
            "{length}"
        );
    }
}

#[test]
fn features_come_out_as_this_program_reads_them() {
    let spec = architecture(vec![]).spec();
    assert_eq!(spec.dimension(), 6);
    assert!(matches!(spec.features[0], Feature::Number { .. }));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, at: prop::sample::Index, flip: u8) {
        prop_assert!(import(&bytes, &architecture(vec![])).is_err());
        let mut damaged = by_gemm();
        let place = at.index(damaged.len());
        damaged[place] ^= flip;
        drop(import(&damaged, &architecture(vec![])));
    }
}
