//! `cloister explain`: what an error code means.

use domain::Code;
use serde_json::{Value, json};

use crate::{codes, failure::Failure, screen::Screen};

pub(super) fn run(word: Option<&str>, screen: Screen) -> Result<(), Failure> {
    let Some(word) = word else {
        let all: Vec<Value> = codes::all().into_iter().map(document).collect();
        screen.result(&codes::page(), &Value::from(all));
        return Ok(());
    };
    let wanted = word.to_ascii_uppercase();
    let found = codes::all()
        .into_iter()
        .find(|code| code.to_string() == wanted);
    let code = found.ok_or_else(|| {
        Failure::new(
            codes::WORDS,
            format!("there is no code `{word}`"),
            "see all of them with `cloister explain`",
        )
    })?;
    screen.result(&told(code), &document(code));
    Ok(())
}

fn told(code: Code) -> String {
    let source = code
        .citation()
        .map_or_else(String::new, |source| format!("\nsource: {source}"));
    format!(
        "{code}: {}\nexit code: {}{source}",
        code.title(),
        code.exit() as u8
    )
}

fn document(code: Code) -> Value {
    json!({ "code": code.to_string(), "title": code.title(), "exit": code.exit() as u8, "citation": code.citation() })
}
