//! Opens an instance: folder, passphrase, operator, rules.

use std::{
    fs,
    path::{Path, PathBuf},
};

use access::{Operator, Policies};
use domain::{Exit, OperatorId, Role};
use flow::Desk;
use seal::{Argon2Cost, Passphrase};
use store::{Opening, Places, Store, StoreError};

use crate::{arguments::Arguments, codes, failure::Failure, files, machine_clock::MachineClock};

/// An open instance: everything a desk stands on.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) store: Store,
    policies: Policies,
    operator: Operator,
}

impl Instance {
    /// Opens the instance that the arguments name.
    pub(crate) fn open(arguments: &Arguments) -> Result<Self, Failure> {
        Self::open_at(&arguments.home, &passphrase(arguments)?)
    }

    /// Opens the instance in a folder.
    pub(crate) fn open_at(home: &Path, passphrase: &Passphrase) -> Result<Self, Failure> {
        let store = Store::open_with(home, passphrase, &MachineClock, opening())?;
        let operator = flow::operate::operator(&store)?;
        Ok(Self {
            store,
            policies: Policies::built_in()?,
            operator,
        })
    }

    /// Makes a new instance in a folder. It is made beside it and moved there with its operator, so
    /// that a killed process leaves no instance that belongs to nobody.
    pub(crate) fn create_at(
        home: &Path,
        passphrase: &Passphrase,
        operator: OperatorId,
        role: Role,
    ) -> Result<Self, Failure> {
        Self::create_in(home, passphrase, operator, role, &Places::default())
    }

    /// Makes a new instance whose rows or objects are elsewhere, in the same way.
    pub(crate) fn create_in(
        home: &Path,
        passphrase: &Passphrase,
        operator: OperatorId,
        role: Role,
        places: &Places,
    ) -> Result<Self, Failure> {
        if fs::read_dir(home).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(StoreError::FolderTaken.into());
        }
        let site = site_of(home)?;
        let store = Store::create_in(&site, passphrase, argon2_cost(), places)?;
        let policies = Policies::built_in()?;
        flow::operate::install(&store, &policies, operator, role, &MachineClock)?;
        drop(store);
        fs::rename(&site, home).map_err(|cause| files::unwritable(home, &cause))?;
        Self::open_at(home, passphrase)
    }

    /// The operator's desk.
    pub(crate) fn desk(&self) -> Desk<'_> {
        let desk = Desk::new(
            &self.store,
            &self.policies,
            self.operator.clone(),
            &MachineClock,
        );
        desk.on_device(device())
    }
}

/// Where an instance is made before it has its place; what a killed process left there is removed.
fn site_of(home: &Path) -> Result<PathBuf, Failure> {
    let name = home.file_name().ok_or(StoreError::FolderTaken)?;
    let site = home.with_file_name(format!(".{}.making", name.to_string_lossy()));
    if site.exists() {
        Store::discard(&site)?;
    }
    Ok(site)
}

/// What a person said beforehand about opening an instance.
fn opening() -> Opening {
    Opening {
        rows_backed_up: std::env::var("CLOISTER_ROWS_BACKED_UP").is_ok_and(|word| word == "yes"),
    }
}

/// The standard cost of a passphrase guess; tests that open hundreds of instances ask for less.
pub(crate) fn argon2_cost() -> Argon2Cost {
    match std::env::var("CLOISTER_TEST_LIGHT_KEYSTORE") {
        Ok(word) if word == "1" => Argon2Cost::light(),
        _ => Argon2Cost::standard(),
    }
}

/// The passphrase: from the named file, else the environment, else a prompt.
pub(crate) fn passphrase(arguments: &Arguments) -> Result<Passphrase, Failure> {
    if let Some(path) = &arguments.passphrase_file {
        let text = files::read_text(path)?;
        return Ok(Passphrase::new(
            text.lines().next().unwrap_or_default().to_owned(),
        ));
    }
    if let Ok(text) = std::env::var("CLOISTER_PASSPHRASE") {
        return Ok(Passphrase::new(text));
    }
    rpassword::prompt_password("passphrase: ")
        .map(Passphrase::new)
        .map_err(|_| {
            Failure::new(
                codes::PASSPHRASE,
                "no passphrase was given and there is no terminal to ask on",
                "set CLOISTER_PASSPHRASE_FILE to a file that only you can read",
            )
        })
}

/// Recomputes the log of an instance, also of one that does not open because it was tampered with.
///
/// Opening puts right what a killed process left, so it comes first; an instance that refuses to
/// open for what stands in it is read without repair, which names the first bad entry. An
/// instance that opens gets a line in its log.
/// Says also how many entries were verified before, when only the newer ones are read.
pub(crate) fn verify_log(
    arguments: &Arguments,
    incremental: bool,
) -> Result<(audit::Verified, u64), Failure> {
    let passphrase = passphrase(arguments)?;
    match Instance::open_at(&arguments.home, &passphrase) {
        Ok(instance) => {
            let checked = if incremental {
                instance.store.verify_log_incrementally()?
            } else {
                instance.store.verify_persons()?;
                (instance.store.verify_log()?, 0)
            };
            flow::govern::log::note_verification(&instance.desk())?;
            Ok(checked)
        }
        Err(refused) if refused.exit == Exit::Gate => {
            Store::open_to_verify(&arguments.home, &passphrase)?.verify_log()?;
            Err(refused)
        }
        Err(other) => Err(other),
    }
}

/// This machine as the log names it: a digest of its name, so that the name itself stays here.
fn device() -> audit::Word {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let short = seal::digest(name.trim().as_bytes()).short();
    audit::Word::new(format!("host-{short}"))
        .unwrap_or_else(|_| seal::digest(name.as_bytes()).into())
}
