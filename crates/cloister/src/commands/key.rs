//! `cloister key …`: what an administrator does with the keys.

mod shares;
mod status;

pub(super) use status::services;

use domain::{DatasetId, KeyId, OperatorId, Role, Timestamp};
use flow::operate::key;
use indicatif::ProgressBar;
use seal::{KeyState, ServiceKind, ServiceName};
use serde_json::json;

use crate::{
    arguments::{
        Arguments, KeyVerb, NewPassphrase, NewState, OwnPassphrase, Provider, ProviderKind,
    },
    codes,
    failure::Failure,
    keeper::{self, Keeper},
    screen::Screen,
    wire::{self, Instance},
};

pub(super) fn run(arguments: &Arguments, verb: &KeyVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        KeyVerb::Status => status::run(arguments, screen),
        KeyVerb::Rotate { root: false } => rotate(arguments, screen),
        KeyVerb::Rotate { root: true } => rotate_root(arguments, screen),
        KeyVerb::Rewrap => rewrap(arguments, screen),
        KeyVerb::Split(split) => shares::split(arguments, split, screen),
        KeyVerb::Join(join) => shares::join(arguments, join, screen),
        KeyVerb::Destroy { dataset, kek } => {
            destroy(arguments, (dataset.as_deref(), kek.as_deref()), screen)
        }
        KeyVerb::State { dataset, state } => set_state(arguments, dataset, *state, screen),
        KeyVerb::Period { dataset, until } => {
            set_period(arguments, dataset, until.as_deref(), screen)
        }
        KeyVerb::Provider(provider) => move_to(arguments, provider, screen),
        KeyVerb::Approver { name, role, own } => approver(arguments, (name, role), own, screen),
        KeyVerb::Approve { request, name, own } => approve(arguments, (request, name), own, screen),
    }
}

fn rotate(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let bar = bar(screen);
    let rotated = key::rotate(&instance.desk(), &mut |done, of| advance(&bar, done, of))?;
    bar.finish_and_clear();
    screen.result(
        &format!(
            "key-encryption key {} is active; {} only unwraps from now on\n\
             {} keys wrapped anew, no data rewritten",
            rotated.kek, rotated.former, rotated.rewrapped
        ),
        &json!({ "kek": rotated.kek, "former": rotated.former, "rewrapped": rotated.rewrapped,
            "data_rewritten": 0 }),
    );
    Ok(())
}

fn rotate_root(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let keeper = Keeper::of(arguments)?;
    let instance = Instance::open_kept(&arguments.home, &keeper)?;
    let service = keeper.into_service();
    let root = key::rotate_root(&instance.desk(), service.as_ref())?;
    let kind = service.name().kind;
    screen.result(
        &format!(
            "root key {root} is new, kept by {kind} alone; former shares open nothing any more"
        ),
        &json!({ "root": root, "kept_by": [service.name()] }),
    );
    Ok(())
}

fn rewrap(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let bar = bar(screen);
    let rewrapped = key::rewrap(&instance.desk(), &mut |done, of| advance(&bar, done, of))?;
    bar.finish_and_clear();
    let kek = instance.store.keyring().key_id();
    screen.result(
        &format!("{rewrapped} keys wrapped anew under {kek}, no data rewritten"),
        &json!({ "kek": kek, "rewrapped": rewrapped, "data_rewritten": 0 }),
    );
    Ok(())
}

fn destroy(
    arguments: &Arguments,
    (dataset, kek): (Option<&str>, Option<&str>),
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    if let Some(kek) = kek {
        let kek = KeyId::new(kek).map_err(|_| words("that is not the name of a key"))?;
        key::destroy_kek(&desk, &kek)?;
        screen.result(
            &format!("key-encryption key {kek} is destroyed"),
            &json!({ "kek": kek, "state": KeyState::Destroyed }),
        );
        return Ok(());
    }
    let dataset = dataset_id(dataset.unwrap_or_default())?;
    let destroyed = key::destroy(&desk, &dataset)?;
    let along = match destroyed.models.len() {
        0 => String::new(),
        keys => format!(", and with it {keys} keys of models that learnt from it"),
    };
    let key = &destroyed.key;
    screen.result(
        &format!(
            "key {key} of dataset {dataset} is destroyed{along}: nothing that it sealed here can be \
             read any more\ncopies of the instance made before still hold it"
        ),
        &json!({ "dataset": dataset, "key": key, "models": destroyed.models,
            "state": KeyState::Destroyed }),
    );
    Ok(())
}

fn set_state(
    arguments: &Arguments,
    dataset: &str,
    state: NewState,
    screen: Screen,
) -> Result<(), Failure> {
    let state = match state {
        NewState::Active => KeyState::Active,
        NewState::Suspended => KeyState::Suspended,
        NewState::Deactivated => KeyState::Deactivated,
        NewState::Compromised => KeyState::Compromised,
    };
    let instance = Instance::open(arguments)?;
    let dataset = dataset_id(dataset)?;
    let changed = key::set_state(&instance.desk(), &dataset, state)?;
    screen.result(
        &format!("key {changed} of dataset {dataset} is {state}"),
        &json!({ "dataset": dataset, "key": changed, "state": state }),
    );
    Ok(())
}

fn set_period(
    arguments: &Arguments,
    dataset: &str,
    until: Option<&str>,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let dataset = dataset_id(dataset)?;
    let until = until.map(moment).transpose()?;
    let period = key::set_period(&instance.desk(), &dataset, until)?;
    let end = until.map_or_else(
        || "without an end".to_owned(),
        |until| format!("until {until}"),
    );
    screen.result(
        &format!(
            "the key of dataset {dataset} may seal from {} {end}",
            period.since
        ),
        &json!({ "dataset": dataset, "period": period }),
    );
    Ok(())
}

fn move_to(arguments: &Arguments, provider: &Provider, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let named = |kind| ServiceName {
        kind,
        key: provider.key.clone().unwrap_or_default(),
    };
    let service = match provider.kind {
        ProviderKind::Passphrase => keeper::by_passphrase(new_passphrase(&provider.new)?),
        ProviderKind::Pkcs11 => keeper::service(&named(ServiceKind::Pkcs11), provider.make)?,
        ProviderKind::AwsKms => keeper::service(&named(ServiceKind::AwsKms), false)?,
        ProviderKind::Transit => keeper::service(&named(ServiceKind::Transit), false)?,
    };
    let kept_by = key::move_to(&instance.desk(), service.as_ref(), provider.keep)?;
    screen.result(
        &format!("the root key is kept by {}", services(&kept_by)),
        &json!({ "kept_by": kept_by }),
    );
    Ok(())
}

fn approver(
    arguments: &Arguments,
    (name, role): (&str, &str),
    own: &OwnPassphrase,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let name = operator_id(name)?;
    let role: Role = role.parse().map_err(|_| words("that is not a role"))?;
    let passphrase = own_passphrase(own)?;
    let cost = wire::argon2_cost();
    key::approval::register(&instance.desk(), (&name, role), &passphrase, cost)?;
    screen.result(
        &format!("{name} may approve what others ask for from now on, as {role}"),
        &json!({ "approver": name, "role": role }),
    );
    Ok(())
}

pub(super) fn approve(
    arguments: &Arguments,
    (request, name): (&str, &str),
    own: &OwnPassphrase,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let name = operator_id(name)?;
    let passphrase = own_passphrase(own)?;
    let approved = key::approval::approve(&instance.desk(), request, &name, &passphrase)?;
    screen.result(
        &format!(
            "request {request} of {} is approved by {name}, good until {}",
            approved.requested_by, approved.until
        ),
        &json!(approved),
    );
    Ok(())
}

/// A passphrase that is to open the instance from now on.
pub(super) fn new_passphrase(new: &NewPassphrase) -> Result<seal::Passphrase, Failure> {
    let file = new.file.as_deref();
    wire::ask(file, "CLOISTER_NEW_PASSPHRASE", "new passphrase: ")
}

fn own_passphrase(own: &OwnPassphrase) -> Result<seal::Passphrase, Failure> {
    let file = own.file.as_deref();
    wire::ask(
        file,
        "CLOISTER_APPROVAL_PASSPHRASE",
        "the approver's own passphrase: ",
    )
}

fn dataset_id(word: &str) -> Result<DatasetId, Failure> {
    DatasetId::new(word).map_err(|_| words("that is not the name of a dataset"))
}

fn operator_id(word: &str) -> Result<OperatorId, Failure> {
    OperatorId::new(word).map_err(|error| words(&format!("the name is not taken: {error}")))
}

/// A date, or a date with its time.
fn moment(text: &str) -> Result<Timestamp, Failure> {
    text.parse()
        .or_else(|_| format!("{text}T00:00:00Z").parse())
        .map_err(|_| words("that is not a date such as 2027-12-31"))
}

fn words(what: &str) -> Failure {
    Failure::new(codes::WORDS, what, "see `cloister key --help`")
}

fn bar(screen: Screen) -> ProgressBar {
    if screen.shows_progress() {
        ProgressBar::new(1)
    } else {
        ProgressBar::hidden()
    }
}

fn advance(bar: &ProgressBar, done: u64, of: u64) {
    bar.set_length(of.max(1));
    bar.set_position(done);
}
