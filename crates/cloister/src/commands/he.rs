//! `cloister he`: scores of encrypted records.

use std::path::Path;

use domain::ModelId;
use flow::serve::{encoding_of, score_encrypted, score_with};
use learn::{FeatureSpec, Model};
use privacy::homomorphic::{
    Batch, Kind, PublicKey, SecretKey, fixed_record, margin_of, records_in_one,
};
use seal::SystemEntropy;
use serde_json::{Value, json};

use super::{audit::write, deid::seal_file, records};
use crate::{
    arguments::{Arguments, He},
    codes,
    failure::Failure,
    files,
    screen::Screen,
    wire::{self, Instance},
};

pub(super) fn run(arguments: &Arguments, verb: &He, screen: Screen) -> Result<(), Failure> {
    match verb {
        He::Keygen { output } => keygen(arguments, output, screen),
        He::Encrypt {
            file,
            key,
            features,
            output,
        } => encrypt(arguments, file, (key, features), output, screen),
        He::Score {
            what,
            model_file,
            public,
            output,
        } => score(
            arguments,
            what,
            model_file.as_deref(),
            public,
            output,
            screen,
        ),
        He::Decrypt { file, key, output } => {
            decrypt(arguments, file, key, output.as_deref(), screen)
        }
    }
}

fn keygen(arguments: &Arguments, folder: &Path, screen: Screen) -> Result<(), Failure> {
    let (public, secret) = (folder.join(PUBLIC), folder.join(SECRET));
    if public.exists() || secret.exists() {
        return Err(Failure::new(
            codes::HE_KEYS,
            "the folder already holds a key pair",
            "name another folder: whoever loses a secret key loses what is encrypted under it",
        ));
    }
    let passphrase = wire::passphrase(arguments)?;
    let mut entropy = SystemEntropy::new();
    let key = SecretKey::generate(&mut entropy);
    let (keyring, sealed) = seal_file::create(&passphrase, wire::argon2_cost(), &mut entropy)?;
    seal_file::write(
        &secret,
        FORMAT,
        (&keyring, &sealed),
        &key.to_bytes(),
        &mut entropy,
    )?;
    write(&public, &key.public(&mut entropy)?.to_bytes())?;
    screen.result(
        &format!(
            "secret key, sealed under your passphrase: {}\npublic key, for the server: {}",
            secret.display(),
            public.display()
        ),
        &json!({ "key": key.id().to_string(), "public": public, "secret": secret,
                 "scheme": SCHEME }),
    );
    Ok(())
}

fn encrypt(
    arguments: &Arguments,
    file: &Path,
    (key, features): (&Path, &Path),
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let spec = features_of(features)?;
    let rows = records::encoded(file, &spec)?;
    let records: Result<Vec<Vec<i64>>, Failure> = rows
        .chunks(spec.dimension().max(1))
        .map(|row| Ok(fixed_record(row)?))
        .collect();
    let key = secret(arguments, key)?;
    let batch = key.encrypt(encoding_of(&spec)?, &records?, &mut SystemEntropy::new())?;
    let bytes = batch.to_bytes();
    write(output, &bytes)?;
    told(&batch, bytes.len(), output, screen);
    Ok(())
}

fn score(
    arguments: &Arguments,
    what: &[String],
    model_file: Option<&Path>,
    public: &Path,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let key = PublicKey::from_bytes(&files::read_bytes(public)?)?;
    let read = |path: &str| -> Result<Batch, Failure> {
        let bytes = files::read_bytes(Path::new(path))?;
        Ok(Batch::from_bytes(Kind::Records, &bytes)?)
    };
    let scores = match (model_file, what) {
        (Some(model), [records]) => {
            let model = Model::from_bytes(&files::read_bytes(model)?)?;
            let records = read(records)?;
            screen.message("note: without an instance nothing is logged and the number of answers has no limit");
            score_with(&model, &key, &records, &mut SystemEntropy::new())?
        }
        (None, [model, records]) => {
            let records = read(records)?;
            let model = ModelId::new(model.as_str()).map_err(|error| words(&error.to_string()))?;
            let instance = Instance::open(arguments)?;
            score_encrypted(&instance.desk(), &model, &key, &records)?
        }
        _ => {
            return Err(words(
                "a registered model and a file of records are needed, or --model-file and the records alone",
            ));
        }
    };
    let bytes = scores.to_bytes();
    write(output, &bytes)?;
    told(&scores, bytes.len(), output, screen);
    Ok(())
}

fn decrypt(
    arguments: &Arguments,
    file: &Path,
    key: &Path,
    output: Option<&Path>,
    screen: Screen,
) -> Result<(), Failure> {
    let scores = Batch::from_bytes(Kind::Scores, &files::read_bytes(file)?)?;
    let margins: Vec<f64> = secret(arguments, key)?
        .decrypt(&scores)?
        .into_iter()
        .map(margin_of)
        .collect();
    let rows = (1..).zip(&margins).map(|(row, margin)| {
        format!(
            "{row},{margin},{},{}\n",
            probability(*margin),
            u8::from(*margin > 0.0)
        )
    });
    let text = format!("row,score,probability,label\n{}", rows.collect::<String>());
    if let Some(output) = output {
        write(output, text.as_bytes())?;
        let count = margins.len();
        screen.result(
            &format!("{count} answers written to {}", output.display()),
            &json!({ "answers": count, "file": output }),
        );
        return Ok(());
    }
    let document: Vec<Value> = margins
        .iter()
        .map(|margin| {
            json!({ "score": margin, "probability": probability(*margin), "label": *margin > 0.0 })
        })
        .collect();
    screen.result(&text, &Value::from(document));
    Ok(())
}

fn told(batch: &Batch, bytes: usize, output: &Path, screen: Screen) {
    let what = match batch.kind {
        Kind::Records => "records",
        Kind::Scores => "scores",
    };
    screen.result(
        &format!(
            "{} encrypted {what} in {} ciphertexts, {bytes} bytes, written to {}",
            batch.records(),
            batch.ciphers.len(),
            output.display()
        ),
        &json!({ "kind": what, "records": batch.records(), "ciphertexts": batch.ciphers.len(),
                 "inputs": batch.inputs, "records_in_one": records_in_one(batch.inputs),
                 "bytes": bytes, "key": batch.key.to_string(), "scheme": SCHEME, "file": output }),
    );
}

/// The feature list of an exported model, from either of its two files that hold it.
fn features_of(path: &Path) -> Result<FeatureSpec, Failure> {
    let bytes = files::read_bytes(path)?;
    if let Ok(spec) = serde_json::from_slice::<FeatureSpec>(&bytes) {
        spec.check()?;
        return Ok(spec);
    }
    match Model::from_bytes(&bytes) {
        Ok(model) => Ok(model.spec),
        Err(_) => Err(Failure::new(
            codes::HE_FEATURES,
            format!("`{}` holds no feature list", path.display()),
            "name features.json or model.safetensors of the folder that `cloister model export` wrote",
        )),
    }
}

fn secret(arguments: &Arguments, path: &Path) -> Result<SecretKey, Failure> {
    let opened = seal_file::open(path, FORMAT, &wire::passphrase(arguments)?)?;
    Ok(SecretKey::from_bytes(&opened.body)?)
}

fn probability(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

fn words(what: &str) -> Failure {
    Failure::new(codes::WORDS, what, "see `cloister he score --help`")
}

const PUBLIC: &str = "public.he";
const SECRET: &str = "secret.he";
const FORMAT: &str = "cloister-he-key-1";
const SCHEME: &str = "BFV, n 4096, q 109 bits, t 2^36";
