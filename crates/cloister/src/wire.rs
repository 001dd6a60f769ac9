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

use zeroize::Zeroizing;

use crate::{
    arguments::Arguments, codes, failure::Failure, files, keeper::Keeper,
    machine_clock::MachineClock,
};

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
        Self::open_kept(&arguments.home, &Keeper::of(arguments)?)
    }

    /// Opens the instance in a folder with whatever keeps its root key.
    pub(crate) fn open_kept(home: &Path, keeper: &Keeper) -> Result<Self, Failure> {
        Self::of(Store::open_with(
            home,
            keeper.opener(),
            &MachineClock,
            opening(),
        )?)
    }

    /// An instance around a store that is open.
    pub(crate) fn of(store: Store) -> Result<Self, Failure> {
        let operator = flow::operate::operator(&store)?;
        Ok(Self {
            store,
            policies: Policies::built_in()?,
            operator,
        })
    }

    /// Opens the instance in a folder.
    pub(crate) fn open_at(home: &Path, passphrase: &Passphrase) -> Result<Self, Failure> {
        Self::of(Store::open(home, passphrase, &MachineClock)?)
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
    let file = arguments.passphrase_file.as_deref();
    ask(file, "CLOISTER_PASSPHRASE", "passphrase: ")
}

/// A passphrase from a file, else a variable of the environment, else a prompt. From then on the
/// process leaves no memory behind when it crashes.
pub(crate) fn ask(
    file: Option<&Path>,
    variable: &str,
    prompt: &str,
) -> Result<Passphrase, Failure> {
    let found = if let Some(path) = file {
        let text = Zeroizing::new(files::read_text(path)?);
        Passphrase::new(text.lines().next().unwrap_or_default().to_owned())
    } else if let Ok(text) = std::env::var(variable) {
        Passphrase::new(text)
    } else {
        rpassword::prompt_password(prompt)
            .map(Passphrase::new)
            .map_err(|_| {
                Failure::new(
                    codes::PASSPHRASE,
                    "no passphrase was given and there is no terminal to ask on",
                    format!("set {variable}_FILE to a file that only you can read"),
                )
            })?
    };
    keep_out_of_dumps();
    Ok(found)
}

/// Forbids core dumps and other processes' looks into the memory of this one: done before the
/// first key comes in, and not earlier, because from then on `/proc/self/fd` belongs to root and
/// files such as `/dev/stdin` no longer open for anybody else.
pub(crate) fn keep_out_of_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Where the system refuses it, `cloister doctor` says so.
        let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err();
    }
}

/// Takes the right to write core files from this process and its children.
pub(crate) fn forbid_core_files() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A limit that cannot be lowered is told by `cloister doctor`.
    let _refused = setrlimit(Resource::Core, none).is_err();
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
    let keeper = Keeper::of(arguments)?;
    match Instance::open_kept(&arguments.home, &keeper) {
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
            Store::open_to_verify_with(&arguments.home, keeper.opener())?.verify_log()?;
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
