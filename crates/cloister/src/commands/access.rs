//! `cloister access`: who you are, what each role may do.

use serde_json::json;

use crate::{
    arguments::{AccessVerb, Arguments},
    commands::init,
    failure::Failure,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &AccessVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        AccessVerb::Whoami => whoami(arguments, screen),
        AccessVerb::Matrix => {
            let matrix = ::access::matrix();
            screen.result(&matrix, &json!({ "matrix": matrix }));
            Ok(())
        }
        AccessVerb::Role { role } => take_role(arguments, role, screen),
    }
}

fn whoami(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let operator = instance.desk().operator;
    screen.result(
        &format!("{} in the role {}", operator.id, operator.role),
        &json!({ "operator": operator.id, "role": operator.role }),
    );
    Ok(())
}

fn take_role(arguments: &Arguments, word: &str, screen: Screen) -> Result<(), Failure> {
    let role = init::role(word)?;
    let instance = Instance::open(arguments)?;
    let operator = flow::operate::assign_role(&instance.desk(), role)?;
    screen.result(
        &format!(
            "{} is now in the role {}; the change is in the log",
            operator.id, operator.role
        ),
        &json!({ "operator": operator.id, "role": operator.role }),
    );
    Ok(())
}
