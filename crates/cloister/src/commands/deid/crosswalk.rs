//! The sealed crosswalk of `cloister deid`: codes kept between runs, with a record of every access.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use domain::{Clock, Timestamp};
use phi::crosswalk::Crosswalk;
use seal::{Keyring, PublicKey, Signature, SystemEntropy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seal_file;
use crate::{
    arguments::{Arguments, CrosswalkVerb, Deid},
    codes,
    failure::Failure,
    files,
    machine_clock::MachineClock,
    screen::{Screen, table},
    wire,
};

/// What is sealed: the codes, and who used them when.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    crosswalk: Crosswalk,
    accesses: Vec<Access>,
}

/// One time that a crosswalk was opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    at: Timestamp,
    /// The account of the machine.
    by: String,
    /// `deid`, `stream`, `show` or `reveal`.
    deed: String,
    /// Codes that were added.
    added: u64,
    /// For `reveal`: the code and the reason given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    note: Option<String>,
}

/// A crosswalk file, or nothing but the memory of this run.
pub(super) struct Vault {
    file: Option<Open>,
    crosswalk: Crosswalk,
}

/// An open crosswalk file.
struct Open {
    path: PathBuf,
    keyring: Keyring,
    sealed: Vec<u8>,
    accesses: Vec<Access>,
    codes_before: u64,
    /// Held until the vault is gone: a second process would lose codes of the first.
    _lock: File,
}

impl Vault {
    /// The crosswalk that the command line names; a new one when the file is not there yet.
    pub(super) fn of(arguments: &Arguments, deid: &Deid) -> Result<Self, Failure> {
        match &deid.crosswalk {
            Some(path) => Self::open(arguments, path, true),
            None => Ok(Self {
                file: None,
                crosswalk: Crosswalk::new(),
            }),
        }
    }

    fn open(arguments: &Arguments, path: &Path, may_create: bool) -> Result<Self, Failure> {
        let passphrase = wire::passphrase(arguments)?;
        let lock = lock(path)?;
        let is_new = may_create && !path.exists();
        let (keyring, sealed, body) = if is_new {
            let mut entropy = SystemEntropy::new();
            let (keyring, sealed) =
                seal_file::create(&passphrase, wire::argon2_cost(), &mut entropy)?;
            (keyring, sealed, Body::default())
        } else {
            let opened = seal_file::open(path, FORMAT, &passphrase)?;
            let body = serde_json::from_slice(&opened.body).map_err(|_| unknown_version(path))?;
            (opened.keyring, opened.sealed, body)
        };
        Ok(Self {
            file: Some(Open {
                path: path.to_owned(),
                keyring,
                sealed,
                accesses: body.accesses,
                codes_before: body.crosswalk.len() as u64,
                _lock: lock,
            }),
            crosswalk: body.crosswalk,
        })
    }

    /// The codes, to work with; [`keep`](Self::keep) takes them back.
    pub(super) fn take(&mut self) -> Crosswalk {
        std::mem::take(&mut self.crosswalk)
    }

    /// Seals the codes again with one more line in the record of accesses.
    pub(super) fn keep(self, crosswalk: Crosswalk, deed: &str) -> Result<(), Failure> {
        self.record(crosswalk, deed, None)
    }

    fn record(self, crosswalk: Crosswalk, deed: &str, note: Option<String>) -> Result<(), Failure> {
        let Some(mut file) = self.file else {
            return Ok(());
        };
        file.accesses.push(Access {
            at: MachineClock.now(),
            by: account(),
            deed: deed.to_owned(),
            added: (crosswalk.len() as u64).saturating_sub(file.codes_before),
            note,
        });
        let body = Body {
            crosswalk,
            accesses: file.accesses,
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        seal_file::write(
            &file.path,
            FORMAT,
            (&file.keyring, &file.sealed),
            &bytes,
            &mut SystemEntropy::new(),
        )
    }

    /// Signs a statement with the crosswalk's own key, or with a key of this run alone.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Signed, Failure> {
        if let Some(file) = &self.file {
            return Ok(Signed::by(&file.keyring, message, false));
        }
        let once = seal::Passphrase::new("a key of this run alone, thrown away");
        let light = seal::Argon2Cost::light();
        let (keyring, _) = seal_file::create(&once, light, &mut SystemEntropy::new())?;
        Ok(Signed::by(&keyring, message, true))
    }
}

/// A signature with the key that checks it.
pub(super) struct Signed {
    pub(super) signature: Signature,
    pub(super) key: PublicKey,
    /// The key was made for this run: the signature shows that nothing changed since, not who
    /// made it.
    pub(super) once: bool,
}

impl Signed {
    fn by(keyring: &Keyring, message: &[u8], once: bool) -> Self {
        Self {
            signature: keyring.sign_statement(message),
            key: keyring.statement_key(),
            once,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    verb: &CrosswalkVerb,
    screen: Screen,
) -> Result<(), Failure> {
    match verb {
        CrosswalkVerb::Show { file } => show(arguments, file, screen),
        CrosswalkVerb::Reveal { file, code, reason } => {
            reveal(arguments, file, code, reason, screen)
        }
    }
}

fn show(arguments: &Arguments, path: &Path, screen: Screen) -> Result<(), Failure> {
    let mut vault = Vault::open(arguments, path, false)?;
    let crosswalk = vault.take();
    let (codes, persons) = (crosswalk.len(), crosswalk.persons());
    let earlier = vault
        .file
        .as_ref()
        .map(|file| file.accesses.clone())
        .unwrap_or_default();
    vault.keep(crosswalk, "show")?;
    let heading = ["when", "account", "deed", "codes added", "note"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    rows.extend(earlier.iter().map(|access| {
        vec![
            access.at.to_string(),
            access.by.clone(),
            access.deed.clone(),
            access.added.to_string(),
            access.note.clone().unwrap_or_default(),
        ]
    }));
    let text = format!("{codes} codes, {persons} persons\n\n{}", table(&rows));
    screen.result(
        &text,
        &json!({ "codes": codes, "persons": persons, "accesses": earlier }),
    );
    Ok(())
}

/// Shows whom a code stands for, after the access was recorded.
fn reveal(
    arguments: &Arguments,
    path: &Path,
    code: &str,
    reason: &str,
    screen: Screen,
) -> Result<(), Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::new(
            codes::WORDS,
            "a reason is needed",
            "write `--reason` with why the person must be known",
        ));
    }
    let mut vault = Vault::open(arguments, path, false)?;
    let crosswalk = vault.take();
    let person = crosswalk
        .person_behind(code)
        .map(|person| (*person.expose()).to_owned());
    vault.record(crosswalk, "reveal", Some(format!("{code}: {reason}")))?;
    match person {
        Some(person) => {
            screen.result(&person, &json!({ "code": code, "person": person }));
            Ok(())
        }
        None => Err(Failure::new(
            codes::WORDS,
            format!("`{}` gave out no such code for a person", path.display()),
            "check the code, and that this is its crosswalk",
        )),
    }
}

/// Locks a crosswalk for this process, by an empty file beside it.
fn lock(path: &Path) -> Result<File, Failure> {
    let beside = path.with_added_extension("lock");
    let file = File::create(&beside).map_err(|cause| files::unwritable(&beside, &cause))?;
    file.try_lock().map_err(|_| {
        Failure::new(
            codes::FILE_READ,
            format!("`{}` is in use by another process", path.display()),
            "wait until it has ended",
        )
    })?;
    Ok(file)
}

fn account() -> String {
    std::env::var("USER")
        .or_else(|_| std::env::var("LOGNAME"))
        .unwrap_or_else(|_| "unknown".to_owned())
}

fn unknown_version(path: &Path) -> Failure {
    Failure::new(
        codes::FILE_READ,
        format!("`{}` was made by another version", path.display()),
        "open it with the version that made it",
    )
}

const FORMAT: &str = "cloister-crosswalk/1";
