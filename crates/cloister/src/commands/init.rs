//! `cloister init`: a new instance.

use domain::{OperatorId, Role};
use serde_json::json;

use crate::{
    arguments::{Arguments, Init},
    codes,
    failure::Failure,
    screen::Screen,
    wire::{Instance, passphrase},
};

pub(super) fn run(arguments: &Arguments, init: &Init, screen: Screen) -> Result<(), Failure> {
    let operator = operator(&init.operator)?;
    let role = role(&init.role)?;
    Instance::create_at(&arguments.home, &passphrase(arguments)?, operator, role)?;
    let home = arguments.home.display().to_string();
    screen.result(
        &format!(
            "instance made in {home}\noperator {} in the role {role}\n\n\
             Keep the passphrase: without it nothing in this folder can be read, by you or by us.\n\
             Next: cloister --home {home} study run STUDY.toml   (docs/study-file.md)",
            init.operator
        ),
        &json!({ "home": home, "operator": init.operator, "role": role }),
    );
    Ok(())
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
