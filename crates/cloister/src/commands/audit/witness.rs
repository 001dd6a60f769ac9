use std::{
    io,
    net::{TcpListener, TcpStream},
};

use ::access::{Permit, Resource};
use ::audit::{AddCheckpoint, KeyKind, VerifierKey, WitnessRefusal, cosigner_key};
use domain::Action;
use flow::{Desk, govern::log};
use serde_json::{Value, json};

use super::{
    http::{self, Answer, Request},
    keys,
};
use crate::{
    arguments::{Arguments, WitnessVerb},
    codes,
    failure::Failure,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &WitnessVerb,
    screen: Screen,
) -> Result<(), Failure> {
    match verb {
        WitnessVerb::Serve {
            listen,
            name,
            log,
            requests,
        } => serve(arguments, (listen, name), log, *requests, screen),
        WitnessVerb::Key { name } => key(arguments, name, screen),
        WitnessVerb::Add { url, key } => add(arguments, url, key, screen),
        WitnessVerb::List => list(arguments, screen),
    }
}

fn permitted(desk: &Desk<'_>) -> Result<Permit, Failure> {
    Ok(desk.permit(Action::WitnessAudit, Resource::log(), None)?)
}

fn key(arguments: &Arguments, name: &str, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = permitted(&desk)?;
    desk.note(&permit, None)?;
    let key = cosigner_key(&desk.store.cosigner(name), name)?.to_string();
    screen.result(&key, &json!({ "name": name, "key": key }));
    Ok(())
}

fn serve(
    arguments: &Arguments,
    (listen, name): (&str, &str),
    logs: &[String],
    requests: Option<u64>,
    screen: Screen,
) -> Result<(), Failure> {
    let logs = logs
        .iter()
        .map(|key| keys::of_kind(key, KeyKind::Note))
        .collect::<Result<Vec<VerifierKey>, Failure>>()?;
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = permitted(&desk)?;
    let key = cosigner_key(&desk.store.cosigner(name), name)?.to_string();
    let listener = TcpListener::bind(listen).map_err(|cause| no_network(&cause))?;
    let address = listener.local_addr().map_err(|cause| no_network(&cause))?;
    desk.note(&permit, None)?;
    screen.message(&format!("witness {name} answers at http://{address}"));
    screen.message(&format!("its key: {key}"));
    let witness = Witness {
        desk: &desk,
        permit: &permit,
        name,
        logs: &logs,
    };
    // One request after the other: the look at the old state and the new one cannot be parted.
    let mut answered = 0_u64;
    let mut cosigned = 0_u64;
    for stream in listener.incoming() {
        if let Ok(stream) = stream {
            cosigned += u64::from(witness.answer(&stream)?);
            answered += 1;
        }
        if requests.is_some_and(|most| answered >= most) {
            break;
        }
    }
    screen.result(
        &format!("{answered} requests answered, {cosigned} checkpoints cosigned"),
        &json!({ "answered": answered, "cosigned": cosigned }),
    );
    Ok(())
}

struct Witness<'a> {
    desk: &'a Desk<'a>,
    permit: &'a Permit,
    name: &'a str,
    logs: &'a [VerifierKey],
}

impl Witness<'_> {
    /// Answers one connection; whether a checkpoint was cosigned. Trouble with a client is the
    /// client's, trouble with the store ends the witness.
    fn answer(&self, stream: &TcpStream) -> Result<bool, Failure> {
        let answer = match http::read_request(stream) {
            Ok(request) => self.decide(&request)?,
            Err(_) => plain(400, "not a request\n"),
        };
        let cosigned = answer.status == 200 && answer.body.starts_with('—');
        // A client that left does not get its answer; what was cosigned is kept all the same.
        drop(http::write_answer(stream, &answer));
        Ok(cosigned)
    }

    fn decide(&self, request: &Request) -> Result<Answer, Failure> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/add-checkpoint") => self.cosign(&request.body),
            ("GET", path) => {
                let origin = path
                    .strip_prefix('/')
                    .and_then(|path| path.strip_suffix("/checkpoint"));
                match origin.map(str::parse::<domain::Digest>) {
                    Some(Ok(origin)) => self.newest(&origin.to_string()),
                    _ => Ok(plain(404, "there is nothing here\n")),
                }
            }
            ("POST", _) => Ok(plain(404, "there is nothing here\n")),
            _ => Ok(plain(405, "only GET and POST\n")),
        }
    }

    fn cosign(&self, body: &str) -> Result<Answer, Failure> {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(refusal) => return Ok(refused(&refusal)),
        };
        let judged = log::judge(self.permit, self.desk, self.name, self.logs, &request)?;
        Ok(match judged {
            Ok(line) => plain(200, line),
            Err(refusal) => refused(&refusal),
        })
    }

    fn newest(&self, origin: &str) -> Result<Answer, Failure> {
        let seen = log::seen_by(self.desk, self.name, origin)?;
        Ok(seen.map_or_else(
            || plain(404, "nothing of this log was cosigned\n"),
            |seen| plain(200, seen.checkpoint),
        ))
    }
}

fn refused(refusal: &WitnessRefusal) -> Answer {
    match refusal {
        WitnessRefusal::Stale { seen } => Answer {
            status: refusal.status(),
            kind: "text/x.tlog.size",
            body: format!("{seen}\n"),
        },
        other => plain(other.status(), format!("{other}\n")),
    }
}

fn plain(status: u16, body: impl Into<String>) -> Answer {
    Answer {
        status,
        kind: "text/plain; charset=utf-8",
        body: body.into(),
    }
}

/// Asks twice at most: the witness says itself which size it saw last.
fn add(arguments: &Arguments, url: &str, key: &str, screen: Screen) -> Result<(), Failure> {
    let key = keys::of_kind(key, KeyKind::Cosignature)?;
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = permitted(&desk)?;
    let known = log::cosigned(&desk)?;
    let mut old = known
        .iter()
        .find(|one| one.key == key.to_string())
        .map_or(0, |one| one.size);
    for _ in 0..2 {
        let (checkpoint, proof) = desk.store.checkpoint_since(old)?;
        let request = AddCheckpoint {
            old,
            proof,
            checkpoint: checkpoint.clone(),
        };
        let asked = http::ask(url, "POST", "/add-checkpoint", &request.to_text());
        let (status, body) = asked.map_err(|cause| no_network(&cause))?;
        match status {
            200 => {
                let lines = body.trim_end_matches('\n').to_owned() + "\n";
                let kept = log::add_cosignature(&permit, &desk, (&key, url), &checkpoint, &lines)?;
                screen.result(
                    &format!(
                        "{} cosigned the log at {} entries, {}",
                        key.name(),
                        kept.size,
                        kept.time
                    ),
                    &json!({ "witness": key.name(), "size": kept.size, "time": kept.time }),
                );
                return Ok(());
            }
            409 if body.trim().parse::<u64>().is_ok_and(|seen| seen != old) => {
                old = body.trim().parse().unwrap_or(0);
            }
            _ => return Err(no(status, &body)),
        }
    }
    Err(WitnessRefusal::Stale { seen: old }.into())
}

/// The witness's refusal as our own failure.
fn no(status: u16, body: &str) -> Failure {
    match status {
        403 => WitnessRefusal::Signature.into(),
        404 => WitnessRefusal::Unknown.into(),
        409 => WitnessRefusal::Fork { size: 0 }.into(),
        422 => WitnessRefusal::Proof.into(),
        _ => Failure::new(
            codes::WITNESS,
            format!("the witness answered {status}: {}", body.trim()),
            "check the address of the witness",
        ),
    }
}

fn list(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let all = log::cosigned(&desk)?;
    let lines = all.iter().map(|one| {
        let name = one.key.split('+').next().unwrap_or_default();
        format!(
            "{name} saw {} entries, {}, at {}",
            one.size, one.time, one.url
        )
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let shown: Vec<Value> = all.iter().map(|one| json!(one)).collect();
    let text = if text.is_empty() {
        "no witness cosigned this log yet".to_owned()
    } else {
        text
    };
    screen.result(&text, &Value::from(shown));
    Ok(())
}

fn no_network(cause: &io::Error) -> Failure {
    Failure::new(
        codes::WITNESS,
        format!("the witness cannot be reached or served: {cause}"),
        "check the address and that nothing else listens there",
    )
}
