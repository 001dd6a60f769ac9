//! `cloister init`: a new instance.

use domain::{OperatorId, Role};
use serde_json::json;
use store::{BucketPlace, Places, PostgresPlace};

use crate::{
    arguments::{Arguments, Elsewhere, Init},
    codes,
    failure::Failure,
    screen::Screen,
    wire::{Instance, passphrase},
};

pub(super) fn run(arguments: &Arguments, init: &Init, screen: Screen) -> Result<(), Failure> {
    let operator = operator(&init.operator)?;
    let role = role(&init.role)?;
    let places = places(&init.elsewhere)?;
    let passphrase = passphrase(arguments)?;
    Instance::create_in(&arguments.home, &passphrase, operator, role, &places)?;
    let home = arguments.home.display().to_string();
    screen.result(
        &format!(
            "instance made in {home}\noperator {} in the role {role}\n\n\
             Keep the passphrase: without it nothing in this folder can be read, by you or by us.\n\
             Next: cloister --home {home} study run STUDY.toml   (docs/study-file.md)",
            init.operator
        ),
        &json!({ "home": home, "operator": init.operator, "role": role, "places": places }),
    );
    Ok(())
}

fn places(elsewhere: &Elsewhere) -> Result<Places, Failure> {
    let rows = elsewhere
        .rows
        .as_deref()
        .map(|url| PostgresPlace::new(url, &elsewhere.schema))
        .transpose()?;
    let bucket = |url: &str| {
        BucketPlace::new(
            url,
            elsewhere.endpoint.as_deref(),
            &elsewhere.region,
            elsewhere.objects_keys.as_deref(),
        )
    };
    let objects = elsewhere.objects.as_deref().map(bucket).transpose()?;
    Ok(Places { rows, objects })
}

/// An operator's short name.
pub(super) fn operator(word: &str) -> Result<OperatorId, Failure> {
    OperatorId::new(word).map_err(|error| {
        Failure::new(
            codes::WORDS,
            format!("the operator's name is not taken: {error}"),
            "use for example --operator ada",
        )
    })
}

/// One of the six roles.
pub(super) fn role(word: &str) -> Result<Role, Failure> {
    word.parse().map_err(|error: domain::WordError| {
        Failure::new(
            codes::WORDS,
            format!("`{word}` is not a role"),
            format!("use one of: {}", error.allowed),
        )
    })
}
