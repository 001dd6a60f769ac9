//! Files of homomorphic scoring, and models that were trained elsewhere.

use std::sync::OnceLock;

use learn::{
    Architecture, Model, Target,
    import::{Input, Layout, TensorNames},
};
use privacy::homomorphic::{Batch, Kind, PublicKey, SecretKey, fixed_record};
use seal::SeededEntropy;

/// Bytes as encrypted records, scores and a public key; and a valid file with bytes changed in
/// places that the data names, three bytes each: what is read must write the same bytes again.
pub(crate) fn cipher(data: &[u8]) {
    for kind in [Kind::Records, Kind::Scores] {
        if let Ok(batch) = Batch::from_bytes(kind, data) {
            assert_eq!(batch.to_bytes(), data);
        }
    }
    drop(PublicKey::from_bytes(data));
    let (records, public) = valid();
    let changed = |whole: &[u8]| {
        let mut bytes = whole.to_vec();
        for [low, high, change] in data.as_chunks::<3>().0 {
            // Every third of 2^16 places falls into the header.
            let place = usize::from(u16::from_le_bytes([*low, *high]));
            let place = if place % 3 == 0 {
                place % 80
            } else {
                place * 2
            };
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= change;
            }
        }
        bytes
    };
    let bytes = changed(records);
    if let Ok(batch) = Batch::from_bytes(Kind::Records, &bytes) {
        assert_eq!(batch.to_bytes(), bytes);
    }
    let bytes = changed(public);
    if let Ok(key) = PublicKey::from_bytes(&bytes) {
        assert_eq!(key.to_bytes(), bytes);
    }
}

/// Bytes as weights from elsewhere, for two architectures: what is taken is a model that its own
/// file format takes too.
pub(crate) fn import(data: &[u8]) {
    for architecture in architectures() {
        if let Ok(model) = learn::import(data, architecture) {
            assert_eq!(Model::from_bytes(&model.to_bytes()).as_ref(), Ok(&model));
        }
    }
}

/// Encrypted records and a public key, the same in every run.
fn valid() -> &'static (Vec<u8>, Vec<u8>) {
    static FILES: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut entropy = SeededEntropy::new(1);
        let key = SecretKey::generate(&mut entropy);
        let public = key.public(&mut entropy).expect("a public key");
        let record = fixed_record(&[0.5, 1.0]).expect("a record");
        let records = key
            .encrypt([1; 32], &[record], &mut entropy)
            .expect("records");
        (records.to_bytes(), public.to_bytes())
    })
}

/// Logistic regression and a network of two, over two numbers.
fn architectures() -> &'static [Architecture; 2] {
    static BOTH: OnceLock<[Architecture; 2]> = OnceLock::new();
    BOTH.get_or_init(|| [vec![], vec![2]].map(architecture))
}

fn architecture(hidden: Vec<usize>) -> Architecture {
    let number = |column: &str| Input::Number {
        column: column.into(),
        min: 0.0,
        max: 1.0,
        center: 0.5,
        divide: 2.0,
    };
    let names = |layer: usize| TensorNames {
        weight: format!("{layer}.weight"),
        bias: Some(format!("{layer}.bias")),
    };
    Architecture {
        target: Target {
            column: "y".into(),
            positive: "1".into(),
        },
        inputs: vec![number("a"), number("b")],
        layers: (0..=hidden.len()).map(names).collect(),
        hidden,
        layout: Layout::OutIn,
    }
}
