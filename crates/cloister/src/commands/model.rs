//! `cloister model`: the registry and what may be asked of a model.

mod brought;

use std::path::Path;

use domain::ModelId;
use flow::{
    figures::Reach,
    monitor::Measuring,
    serve::{Answer, Margin, Noise},
};
use formats::{Format, Input, Limits};
use seal::PublicKey;
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, ModelVerb},
    codes,
    commands::{audit::write, key, privacy::epsilon},
    failure::Failure,
    files,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &ModelVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        ModelVerb::Verify { folder } => return verify(folder, screen),
        ModelVerb::Check(weights) => return brought::check(weights, screen),
        ModelVerb::Approve { request, name, own } => {
            return key::approve(arguments, (request, name), own, screen);
        }
        _ => {}
    }
    let instance = Instance::open(arguments)?;
    match verb {
        ModelVerb::List => list(&instance, screen),
        ModelVerb::Show { model } => show(&instance, model, screen),
        ModelVerb::Export { model, output } => export(&instance, model, output, screen),
        ModelVerb::Promote { model, stage } => promote(&instance, model, stage, screen),
        ModelVerb::Predict {
            model,
            file,
            output,
            randomize,
            noisy_margin,
            margin_bound,
        } => {
            let noise = Noise {
                randomize: randomize.map(epsilon).transpose()?,
                margin: match noisy_margin {
                    Some(asked) => Some(Margin {
                        epsilon: epsilon(*asked)?,
                        bound: *margin_bound,
                    }),
                    None => None,
                },
            };
            predict(&instance, model, file, output.as_deref(), noise, screen)
        }
        ModelVerb::Import(import) => brought::import(&instance, import, screen),
        ModelVerb::Check(weights) => brought::check(weights, screen),
        ModelVerb::OpenFields { model } => open_fields(&instance, model, screen),
        ModelVerb::Changes { model } => changes(&instance, model, screen),
        ModelVerb::Drift {
            model,
            file,
            epsilon: asked,
            person,
        } => {
            let measuring = Measuring {
                epsilon: asked.map(epsilon).transpose()?,
                person: person.clone(),
            };
            drift(&instance, model, file, &measuring, screen)
        }
        ModelVerb::Verify { folder } => verify(folder, screen),
        ModelVerb::Approve { request, name, own } => {
            key::approve(arguments, (request, name), own, screen)
        }
    }
}

fn model_id(word: &str) -> Result<ModelId, Failure> {
    ModelId::new(word).map_err(|error| {
        Failure::new(
            codes::WORDS,
            format!("this is not the name of a model: {error}"),
            "see `cloister model list`",
        )
    })
}

fn list(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let models = flow::register::models(&instance.desk())?;
    let mut rows = vec![
        ["model", "version", "stage", "registered", "sha256", "study"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(models.iter().map(|listed| {
        let model = &listed.version;
        vec![
            model.model.to_string(),
            model.number.to_string(),
            listed.standing().to_owned(),
            model.registered.to_string(),
            model.digest.short(),
            model.study.to_string(),
        ]
    }));
    screen.result(&screen::table(&rows), &json!(models));
    Ok(())
}

fn show(instance: &Instance, word: &str, screen: Screen) -> Result<(), Failure> {
    let model = flow::register::newest(&instance.desk(), &model_id(word)?)?;
    screen.result(&model.card_markdown, &json!(model));
    Ok(())
}

fn export(instance: &Instance, word: &str, output: &Path, screen: Screen) -> Result<(), Failure> {
    let exported = flow::register::export(&instance.desk(), &model_id(word)?)?;
    for file in &exported {
        write(&output.join(&file.name), &file.bytes)?;
    }
    screen.result(
        &format!(
            "{} files written to {}\ncheck them anywhere: cloister model verify {}",
            exported.len(), output.display(), output.display()
        ),
        &json!({ "folder": output, "files": exported.iter().map(|file| file.name.clone()).collect::<Vec<_>>() }),
    );
    Ok(())
}

/// Checks the bundle against the files beside it and the key in the folder.
fn verify(folder: &Path, screen: Screen) -> Result<(), Failure> {
    let bundle = files::read_text(&folder.join(flow::register::BUNDLE))?;
    let key = PublicKey::from_pem(&files::read_text(&folder.join(flow::register::KEY))?)?;
    let mut signed = Vec::new();
    for name in flow::register::SIGNED {
        signed.push((
            name.to_owned(),
            seal::digest(&files::read_bytes(&folder.join(name))?),
        ));
    }
    seal::oms::verify_model(&bundle, &signed, &key)?;
    screen.result(
        &format!(
            "the signature holds for {} (ECDSA P-256, OpenSSF model signing v1.0)",
            flow::register::SIGNED.join(", ")
        ),
        &json!({ "holds": true, "files": flow::register::SIGNED }),
    );
    Ok(())
}

fn promote(instance: &Instance, word: &str, stage: &str, screen: Screen) -> Result<(), Failure> {
    let stage = stage.parse().map_err(|error: domain::WordError| {
        Failure::new(
            codes::WORDS,
            format!("`{stage}` is not a stage"),
            format!("use one of: {}", error.allowed),
        )
    })?;
    let model = flow::register::promote(&instance.desk(), &model_id(word)?, stage)?;
    screen.result(
        &format!(
            "{} version {} is now {}",
            model.model,
            model.number,
            model.stage()
        ),
        &json!({ "model": model.model, "version": model.number, "stage": model.stage() }),
    );
    Ok(())
}

/// Records of a file, whole: the columns are chosen by the model's schema.
fn records(file: &Path) -> Result<(String, Format, Input<'static>, Limits), Failure> {
    let name = file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let bytes = files::read_bytes(file)?;
    let format = Format::detect(&name, &bytes)?;
    Ok((name, format, Input::Bytes(bytes), Limits::default()))
}

fn predict(
    instance: &Instance,
    word: &str,
    file: &Path,
    output: Option<&Path>,
    noise: Noise,
    screen: Screen,
) -> Result<(), Failure> {
    let (name, format, input, limits) = records(file)?;
    let answers = flow::serve::predict(
        &instance.desk(),
        &model_id(word)?,
        (&name, format, input, &limits),
        noise,
    )?;
    let text = as_csv(&answers);
    if let Some(output) = output {
        write(output, text.as_bytes())?;
        let count = answers.len();
        screen.result(
            &format!("{count} answers written to {}", output.display()),
            &json!({ "answers": count, "file": output }),
        );
        return Ok(());
    }
    let document: Vec<Value> = answers
        .iter()
        .map(|answer| match answer.margin {
            None => json!({ "label": answer.label, "score": answer.score }),
            Some(margin) => json!({ "label": answer.label, "score": null, "margin": margin }),
        })
        .collect();
    screen.result(&text, &Value::from(document));
    Ok(())
}

/// One line an answer; noisy log-odds stand in place of the score.
fn as_csv(answers: &[Answer]) -> String {
    let noisy = answers.iter().any(|answer| answer.margin.is_some());
    let row = |(number, answer): (usize, &Answer)| {
        let score = answer.margin.or(answer.score);
        let score = score.map_or_else(String::new, |score| score.to_string());
        format!("{number},{},{score}\n", u8::from(answer.label))
    };
    let rows: String = (1..).zip(answers).map(row).collect();
    let heading = if noisy { "margin" } else { "score" };
    format!("row,label,{heading}\n{rows}")
}

fn drift(
    instance: &Instance,
    word: &str,
    file: &Path,
    measuring: &Measuring,
    screen: Screen,
) -> Result<(), Failure> {
    let (name, format, input, limits) = records(file)?;
    let (desk, id) = (instance.desk(), model_id(word)?);
    let measured = flow::monitor::measure(&desk, &id, (&name, format, input, &limits), measuring)?;
    let state = flow::register::newest(&desk, &id)?.state;
    let reach = Reach::of(measured.charged.is_some(), state);
    let mut rows = vec![
        [
            "feature",
            "statistic",
            "value",
            "95 % interval",
            "threshold",
            "",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(measured.rows.iter().map(|row| {
        let interval = row.interval.map_or_else(
            || "-".to_owned(),
            |(low, high)| format!("{low:.3} to {high:.3}"),
        );
        let mark = if row.crossed { "ALERT" } else { "" };
        vec![
            row.feature.clone(),
            row.statistic.clone(),
            format!("{:.4}", row.value),
            interval,
            row.threshold.to_string(),
            mark.to_owned(),
        ]
    }));
    let alerts = measured.rows.iter().filter(|row| row.crossed).count();
    let closing = if alerts == 0 {
        "no drift above the threshold".to_owned()
    } else {
        format!(
            "{alerts} alerts recorded; the change request {} waits for a decision, nothing was retrained",
            measured.change_request.as_deref().unwrap_or("-")
        )
    };
    let closing = match (&measured.within.adwin[..], measured.within.cusum) {
        ([], None) => closing,
        (adwin, cusum) => format!(
            "{closing}\nwithin the file the predictions changed{}{}",
            adwin
                .first()
                .map_or_else(String::new, |row| format!(" by row {} (ADWIN)", row + 1)),
            cusum.map_or_else(String::new, |row| format!(" by row {} (CUSUM)", row + 1)),
        ),
    };
    let basis = match (&measured.charged, reach) {
        (Some(charged), _) => charged.words(),
        (None, Reach::Inside) => {
            "exact, for use in the instance only; --epsilon makes a report that may leave"
                .to_owned()
        }
        (None, reach) => reach.words().to_owned(),
    };
    let mut document = json!(measured);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("reach".to_owned(), json!(reach));
    }
    screen.result(
        &format!("{}\n\n{closing}\nfigures: {basis}", screen::table(&rows)),
        &document,
    );
    Ok(())
}

fn changes(instance: &Instance, word: &str, screen: Screen) -> Result<(), Failure> {
    let requests = flow::monitor::changes(&instance.desk(), &model_id(word)?)?;
    let lines: Vec<String> = requests
        .iter()
        .map(|request| {
            format!(
                "{} version {}, open since {}, {} measurements\n  {}",
                request.model,
                request.number,
                request.opened,
                request.measurements,
                request.reasons.join("\n  ")
            )
        })
        .collect();
    let text = if lines.is_empty() {
        "no change requests".to_owned()
    } else {
        lines.join("\n")
    };
    screen.result(&text, &json!(requests));
    Ok(())
}

/// What the run could not know and nobody has said under `[register.card]`.
fn open_fields(instance: &Instance, word: &str, screen: Screen) -> Result<(), Failure> {
    let model = flow::register::newest(&instance.desk(), &model_id(word)?)?;
    let card: Value = serde_json::from_str(&model.card_json).unwrap_or_default();
    let names: Vec<&str> = card
        .get("not_provided")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let field = |name: &&str| {
        let found: Result<learn::card::CardField, _> = serde_json::from_value(json!(name));
        found.ok()
    };
    let fields: Vec<learn::card::CardField> = names.iter().filter_map(field).collect();
    let mut rows = vec![["field", "asks", "source"].map(str::to_owned).to_vec()];
    rows.extend(names.iter().zip(&fields).map(|(name, field)| {
        vec![
            (*name).to_owned(),
            field.title().to_owned(),
            field.source().to_owned(),
        ]
    }));
    let documents: Vec<Value> = names
        .iter()
        .zip(&fields)
        .map(|(name, field)| json!({ "field": name, "asks": field.title(), "source": field.source() }))
        .collect();
    screen.result(
        &format!(
            "{}\n\n{} fields are open; answer them under [register.card] and register again",
            screen::table(&rows),
            fields.len()
        ),
        &json!(documents),
    );
    Ok(())
}
