use std::{collections::BTreeMap, fmt, vec};

use serde_json::Value;

use crate::{
    Format, Input, Limits, ReadError, ReadErrorKind, encoding, json,
    lines::{StreamLine, StreamLines},
};

/// The resources of `input`, one by one: the entries of a bundle (bundles inside it included), a
/// single resource, or the lines of NDJSON.
///
/// An entry without `id` gets the one that its `fullUrl` says, and references to a `urn:uuid:`
/// whose resource has another `id` are rewritten to `Type/id`. Refused: JSON that is malformed or
/// nested beyond [`Limits::json_depth`], and objects without a `resourceType`.
pub fn resources<'a>(
    name: &str,
    format: Format,
    input: Input<'a>,
    limits: &Limits,
) -> Result<Resources<'a>, ReadError> {
    let limits = limits.bounded();
    let documents = match format {
        Format::FhirNdjson => Documents::Lines(StreamLines::open(name, input, &limits)?),
        Format::FhirBundle => Documents::Whole(Some(input.into_bytes(name, &limits)?)),
        _ => return Err(refusal(name, "the format is not FHIR")),
    };
    Ok(Resources {
        name: name.to_owned(),
        limits,
        documents,
        pending: Vec::new().into_iter(),
        failed: false,
    })
}

/// The resources of one input, in its order; after an error there is no more.
pub struct Resources<'a> {
    name: String,
    limits: Limits,
    documents: Documents<'a>,
    pending: vec::IntoIter<Value>,
    failed: bool,
}

enum Documents<'a> {
    Lines(StreamLines<'a>),
    Whole(Option<Vec<u8>>),
}

impl Iterator for Resources<'_> {
    type Item = Result<Value, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        loop {
            if let Some(resource) = self.pending.next() {
                return Some(Ok(resource));
            }
            match self.document() {
                Ok(Some(resources)) => self.pending = resources.into_iter(),
                Ok(None) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl Resources<'_> {
    /// The resources of the next document.
    fn document(&mut self) -> Result<Option<Vec<Value>>, ReadError> {
        let (name, limits) = (self.name.as_str(), &self.limits);
        match &mut self.documents {
            Documents::Lines(lines) => match lines.next()? {
                Some(line) => from_line(name, &line, limits).map(Some),
                None => Ok(None),
            },
            Documents::Whole(bytes) => match bytes.take() {
                Some(bytes) => from_whole(name, &bytes, limits).map(Some),
                None => Ok(None),
            },
        }
    }
}

impl fmt::Debug for Resources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resources")
            .field("pending", &self.pending.len())
            .finish_non_exhaustive()
    }
}

fn from_line(name: &str, line: &StreamLine<'_>, limits: &Limits) -> Result<Vec<Value>, ReadError> {
    encoding::text(name, line.bytes, line.offset)
        .and_then(|_| json::parse(name, line.bytes, line.offset, limits))
        .and_then(|document| unpacked(name, document))
        .map_err(|error| ReadError {
            offset: error.offset.or(Some(line.offset)),
            ..error.in_row(line.row)
        })
}

fn from_whole(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Value>, ReadError> {
    encoding::refuse_binary(name, bytes, 0)?;
    let (body, base) = match bytes.strip_prefix(encoding::BOM) {
        Some(body) => (body, encoding::BOM.len() as u64),
        None => (bytes, 0),
    };
    if body.trim_ascii().is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    encoding::text(name, body, base)?;
    let document = json::parse(name, body, base, limits)?;
    unpacked(name, document)
}

/// The resources inside a document, with their ids and references put in order.
fn unpacked(name: &str, document: Value) -> Result<Vec<Value>, ReadError> {
    let mut found = Vec::new();
    let mut aliases = BTreeMap::new();
    collect(name, None, document, &mut found, &mut aliases)?;
    if !aliases.is_empty() {
        for resource in &mut found {
            rewrite(resource, &aliases);
        }
    }
    Ok(found)
}

/// Depth is that of the JSON, which was checked.
fn collect(
    name: &str,
    full_url: Option<&str>,
    document: Value,
    found: &mut Vec<Value>,
    aliases: &mut BTreeMap<String, String>,
) -> Result<(), ReadError> {
    let Value::Object(mut resource) = document else {
        return Err(refusal(name, "it is not an object"));
    };
    let Some(Value::String(kind)) = resource.get("resourceType") else {
        return Err(refusal(name, "it has no resourceType"));
    };
    if kind == "Bundle" {
        let entries = match resource.remove("entry") {
            Some(Value::Array(entries)) => entries,
            None => Vec::new(),
            Some(_) => return Err(refusal(name, "the bundle's entry is not an array")),
        };
        for entry in entries {
            let Value::Object(mut entry) = entry else {
                return Err(refusal(name, "an entry of the bundle is not an object"));
            };
            let full_url = entry.remove("fullUrl");
            if let Some(inner) = entry.remove("resource") {
                let full_url = full_url.as_ref().and_then(Value::as_str);
                collect(name, full_url, inner, found, aliases)?;
            }
        }
        return Ok(());
    }
    let own = full_url.and_then(|url| url.strip_prefix("urn:uuid:"));
    match (resource.get("id").and_then(Value::as_str), own, full_url) {
        (Some(id), Some(own), Some(url)) if id != own => {
            aliases.insert(url.to_owned(), format!("{kind}/{id}"));
        }
        (None, _, Some(url)) => {
            let id = super::reference::target(url).id.to_owned();
            resource.insert("id".to_owned(), id.into());
        }
        _ => {}
    }
    found.push(Value::Object(resource));
    Ok(())
}

fn rewrite(value: &mut Value, aliases: &BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, aliases)),
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "reference" => {
                        if let Some(id) = aliases.get(reference) {
                            reference.clone_from(id);
                        }
                    }
                    inner => rewrite(inner, aliases),
                }
            }
        }
        _ => {}
    }
}

fn refusal(name: &str, why: &'static str) -> ReadError {
    ReadError::new(name, ReadErrorKind::Resource { why })
}
