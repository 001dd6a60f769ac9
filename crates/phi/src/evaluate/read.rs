use std::collections::BTreeMap;

use serde_json::Value;

use super::{EvaluateError, IGNORE, KEEP};

/// A document of the gold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Its id, as text.
    pub id: String,
    /// The text.
    pub text: String,
    /// What stands in it, in the order of the file.
    pub spans: Vec<Mark>,
    /// To which group of documents it belongs, if the gold says so (`group`).
    pub group: Option<String>,
}

/// What was found in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The id of the document, as text.
    pub id: String,
    /// What was found.
    pub spans: Vec<Mark>,
}

/// A stretch of text, in Unicode code points, half open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What it is, under whatever name.
    pub label: String,
    /// What it is in particular (`kind` of the gold).
    pub kind: Option<String>,
    /// Whether a list of the engine holds its words (`listed` of the gold).
    pub listed: Option<bool>,
    /// Whether it is somebody else's than the patient's (`third_party` of the gold).
    pub third_party: Option<bool>,
    /// Who found it (`detector` of a prediction).
    pub detector: Option<String>,
    /// How sure the detector is, as written (`score` of a prediction).
    pub score: Option<String>,
}

impl Mark {
    /// Whether it must be found.
    pub fn is_identifier(&self) -> bool {
        self.label != IGNORE && self.label != KEEP
    }

    /// Whether two stretches share a code point.
    pub const fn touches(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Label and detector, for counting.
    pub(super) fn name(&self) -> String {
        match &self.detector {
            Some(detector) => format!("{} by {detector}", self.label),
            None => self.label.clone(),
        }
    }
}

/// Reads gold: `{"id","text","spans":[{"start","end","label"|"type"}]}`, one a line. Of a span
/// also `kind`, `listed` and `third_party`, of a document `group`, where they stand. Empty lines
/// are passed over.
///
/// # Errors
/// A line that is no such object, spans outside of the text, an id that is missing or stands twice.
pub fn read_gold(file: &str, text: &str) -> Result<Vec<Document>, EvaluateError> {
    let mut documents = Vec::new();
    for (line, id, value) in lines(file, text)? {
        let bad = |reason| bad(file, line, reason);
        let text = value.get("text").and_then(Value::as_str);
        let text = text.ok_or_else(|| bad("there is no `text`"))?.to_owned();
        let spans = spans(&value).map_err(bad)?;
        let length = text.chars().count();
        if spans.iter().any(|mark| mark.end > length) {
            return Err(bad("a span ends beyond the text"));
        }
        documents.push(Document {
            line,
            id,
            text,
            spans,
            group: word(&value, "group"),
        });
    }
    Ok(documents)
}

/// Reads predictions: `{"id","spans":[{"start","end","label"}]}`, one a line, as
/// `cloister scan --spans` prints them.
///
/// # Errors
/// A line that is no such object, an id that is missing or stands twice.
pub fn read_predictions(file: &str, text: &str) -> Result<Vec<Prediction>, EvaluateError> {
    lines(file, text)?
        .into_iter()
        .map(|(line, id, value)| {
            let spans = spans(&value).map_err(|reason| bad(file, line, reason))?;
            Ok(Prediction { line, id, spans })
        })
        .collect()
}

type Line = (usize, String, Value);

/// The objects of a file with their line and id; no id twice.
fn lines(file: &str, text: &str) -> Result<Vec<Line>, EvaluateError> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (line, content) in (1..).zip(text.lines()) {
        if content.trim().is_empty() {
            continue;
        }
        let value: Value =
            serde_json::from_str(content).map_err(|_| bad(file, line, "it is not JSON"))?;
        let id = id(&value).ok_or_else(|| bad(file, line, "there is no `id`"))?;
        if let Some(first) = seen.insert(id.clone(), line) {
            return Err(EvaluateError::DuplicateId {
                file: file.to_owned(),
                line,
                first,
            });
        }
        found.push((line, id, value));
    }
    Ok(found)
}

/// An id is a word or a whole number; `7` and `"7"` are the same.
fn id(value: &Value) -> Option<String> {
    match value.get("id")? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) if !id.is_f64() => Some(id.to_string()),
        _ => None,
    }
}

fn spans(value: &Value) -> Result<Vec<Mark>, &'static str> {
    let spans = value.get("spans").ok_or("there is no `spans`")?;
    let spans = spans.as_array().ok_or("`spans` is no list")?;
    spans.iter().map(mark).collect()
}

fn mark(span: &Value) -> Result<Mark, &'static str> {
    let place = |name| {
        let place = span.get(name).and_then(Value::as_u64);
        place.and_then(|place| usize::try_from(place).ok())
    };
    let start = place("start").ok_or("a span has no `start`")?;
    let end = place("end").ok_or("a span has no `end`")?;
    if start >= end {
        return Err("a span ends before it starts");
    }
    let label = word(span, "label").or_else(|| word(span, "type"));
    Ok(Mark {
        start,
        end,
        label: label.ok_or("a span has no `label`")?,
        kind: word(span, "kind"),
        listed: span.get("listed").and_then(Value::as_bool),
        third_party: span.get("third_party").and_then(Value::as_bool),
        detector: word(span, "detector"),
        score: span
            .get("score")
            .and_then(Value::as_number)
            .map(ToString::to_string),
    })
}

fn word(value: &Value, name: &str) -> Option<String> {
    let word = value.get(name)?.as_str()?;
    Some(word.to_owned())
}

fn bad(file: &str, line: usize, reason: &'static str) -> EvaluateError {
    EvaluateError::Line {
        file: file.to_owned(),
        line,
        reason,
    }
}
