use ::access::Resource;
use domain::{Action, OperatorId, Phi};
use flow::govern::log::{self, Question};
use serde_json::{Value, json};

use super::{moment, short_word, table};
use crate::{
    arguments::{Arguments, Search},
    codes,
    failure::Failure,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, words: &Search, screen: Screen) -> Result<(), Failure> {
    let question = question(words)?;
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    if words.rebuild_index {
        desk.store.rebuild_log_index()?;
    }
    let hits = log::search(&permit, &desk, &question, words.limit)?;
    let shown = hits.iter().map(|hit| (hit.index, &hit.event));
    let document: Vec<Value> = hits
        .iter()
        .map(|hit| json!({ "index": hit.index, "leaf": hit.leaf, "event": hit.event }))
        .collect();
    screen.result(&table(shown), &Value::from(document));
    if hits.len() == words.limit {
        screen.message("there may be more: raise --limit or narrow the time");
    }
    Ok(())
}

fn question(words: &Search) -> Result<Question, Failure> {
    let is_no = |what: &str, cause: String| {
        Failure::new(codes::WORDS, format!("`{what}` is not known here"), cause)
    };
    let outcome = |word: &String| {
        serde_json::from_value(Value::from(word.as_str()))
            .map_err(|_| is_no(word, "use done, refused, failed or abandoned".to_owned()))
    };
    let action = |word: &String| {
        word.parse::<Action>()
            .map_err(|_| is_no(word, "`cloister access matrix` lists the acts".to_owned()))
    };
    let actor =
        |id: &String| OperatorId::new(id.as_str()).map_err(|cause| is_no(id, cause.to_string()));
    Ok(Question {
        person: words.person.clone().map(Phi::new),
        actor: words.actor.as_ref().map(actor).transpose()?,
        object: words.dataset.as_deref().map(short_word).transpose()?,
        action: words.action.as_ref().map(action).transpose()?,
        outcome: words.outcome.as_ref().map(outcome).transpose()?,
        recipient: words.recipient.as_deref().map(short_word).transpose()?,
        since: words.since.as_deref().map(moment).transpose()?,
        until: words.until.as_deref().map(moment).transpose()?,
    })
}
