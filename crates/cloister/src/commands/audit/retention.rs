use ::access::Resource;
use domain::Action;
use flow::govern::log::{self, Retention};
use serde_json::json;

use super::short_word;
use crate::{
    arguments::{Arguments, RetentionVerb},
    failure::Failure,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &RetentionVerb,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let keep = || desk.permit(Action::KeepAudit, Resource::log(), None);
    let rule = match verb {
        RetentionVerb::Show => {
            let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
            desk.note(&permit, None)?;
            log::retention(&desk)?
        }
        RetentionVerb::Set { years } => log::set_years(&keep()?, &desk, *years)?,
        RetentionVerb::Hold { name } => log::hold(&keep()?, &desk, &short_word(name)?)?,
        RetentionVerb::Release { name } => log::release(&keep()?, &desk, &short_word(name)?)?,
        RetentionVerb::Approve => log::approve_pruning(&keep()?, &desk)?,
        RetentionVerb::Prune => {
            let permit = desk.permit(Action::PruneAudit, Resource::log(), None)?;
            log::prune(&permit, &desk)?;
            log::retention(&desk)?
        }
    };
    let standing = desk.store.log_standing()?;
    let holds: Vec<&str> = rule.holds.iter().map(|hold| hold.name.as_str()).collect();
    let held = if holds.is_empty() {
        "no legal hold".to_owned()
    } else {
        format!("held by {}", holds.join(", "))
    };
    let approved = rule.approval.as_ref().map_or_else(
        || "no pruning approved".to_owned(),
        |approval| {
            format!(
                "pruning of the entries before {} approved by {} ({})",
                approval.minimum, approval.by, approval.role
            )
        },
    );
    screen.result(
        &format!(
            "kept {} years (at least {}, 45 CFR 164.316(b)(2)(i)); {held}; {approved}\nentries {} to {}, {} bytes and {} bytes of index; published up to {}",
            rule.years, Retention::YEARS_MIN, standing.minimum,
            standing.size.saturating_sub(1), standing.bytes, standing.index_bytes,
            standing.published
        ),
        &json!({ "retention": rule, "log": standing }),
    );
    Ok(())
}
