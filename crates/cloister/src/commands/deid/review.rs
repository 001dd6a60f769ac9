//! `cloister deid review`: a sheet for people to judge, and what their verdicts say.

use std::{collections::BTreeMap, fs, path::Path};

use formats::{Format, Limits, read_table, read_text};
use phi::{
    evaluate::{Document, Mark, documents_needed, read_predictions, upper_limit},
    finding::Finding,
    review::{self, Sheet, SheetForm},
    text::TextEngine,
};
use seal::{SeededEntropy, SystemEntropy};
use serde_json::json;

use super::seal_file;
use crate::{
    arguments::{Arguments, Review},
    codes,
    failure::Failure,
    files,
    screen::Screen,
    wire,
};

pub(super) fn run(arguments: &Arguments, review: &Review, screen: Screen) -> Result<(), Failure> {
    match (&review.read, &review.input, &review.output) {
        (Some(sheet), ..) => read(arguments, review, sheet, screen),
        (None, Some(input), Some(output)) => write(arguments, review, input, output, screen),
        // The command line asks for both before it comes here.
        (None, ..) => Err(Failure::new(
            codes::WORDS,
            "an input and a sheet are needed",
            "write `cloister deid review INPUT -o SHEET`",
        )),
    }
}

/// Draws documents, and writes what was found in them.
fn write(
    arguments: &Arguments,
    review: &Review,
    input: &Path,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let documents = documents(review, input)?;
    let needed = documents_needed(0, review.leaks_target).unwrap_or(u64::MAX);
    let wanted = review
        .sample
        .unwrap_or_else(|| usize::try_from(needed).unwrap_or(usize::MAX));
    let mut entropy = SeededEntropy::new(review.seed);
    let drawn = review::drawn(wanted, documents.len(), &mut entropy);
    let finder = Finder::of(review)?;
    let mut sheet = Sheet::default();
    for document in drawn.iter().filter_map(|place| documents.get(*place)) {
        let (found, undecided) = finder.find(document)?;
        sheet.add(document, &found, &undecided);
    }
    let form = match output.extension().and_then(|ending| ending.to_str()) {
        Some("jsonl" | "ndjson") => SheetForm::Jsonl,
        _ => SheetForm::Csv,
    };
    keep(arguments, review, output, &sheet.write(form))?;
    let limit = upper_limit(0, drawn.len() as u64);
    screen.message(SENSITIVE);
    let target = review.leaks_target * 100.0;
    let text = format!(
        "{} of {} documents drawn with seed {}, {} rows in {}\nif none of them leaks, at most \
         {:.3} % leak with 95 % confidence; to show at most {target} %: {needed} documents",
        drawn.len(),
        documents.len(),
        review.seed,
        sheet.len(),
        output.display(),
        limit * 100.0,
    );
    screen.result(
        &text,
        &json!({ "sheet": output, "documents": documents.len(), "drawn": drawn.len(),
            "rows": sheet.len(), "seed": review.seed, "leaking at most if none leaks": limit,
            "documents needed": needed, "sealed": review.seal }),
    );
    Ok(())
}

/// Reads verdicts, and says what they show.
fn read(
    arguments: &Arguments,
    review: &Review,
    sheet: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let text = open(arguments, sheet)?;
    let judged = review::Review::read(&files::name_of(sheet), &text)?;
    if let Some(output) = &review.output {
        keep(arguments, review, output, &text)?;
    }
    if let Some(gold) = &review.gold {
        files::write_private_whole(gold, judged.gold().as_bytes())?;
        screen.message(SENSITIVE);
    }
    screen.result(
        &judged.text(review.leaks_target)?,
        &judged.document(review.leaks_target)?,
    );
    Ok(())
}

/// Writes a sheet that only its owner may read, sealed if asked for.
fn keep(arguments: &Arguments, review: &Review, path: &Path, sheet: &str) -> Result<(), Failure> {
    if !review.seal {
        return files::write_private_whole(path, sheet.as_bytes());
    }
    let passphrase = wire::passphrase(arguments)?;
    let mut entropy = SystemEntropy::new();
    let (keyring, sealed) = seal_file::create(&passphrase, wire::argon2_cost(), &mut entropy)?;
    let keys = (&keyring, sealed.as_slice());
    seal_file::write(path, FORMAT, keys, sheet.as_bytes(), &mut entropy)
}

/// A sheet, sealed or not.
fn open(arguments: &Arguments, path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|cause| files::unreadable(path, &cause))?;
    let start = format!("{{\"format\":\"{FORMAT}\"");
    if !text.starts_with(&start) {
        return Ok(text);
    }
    let passphrase = wire::passphrase(arguments)?;
    let opened = seal_file::open(path, FORMAT, &passphrase)?;
    String::from_utf8(opened.body).map_err(|_| {
        Failure::new(
            codes::FILE_READ,
            format!("`{}` holds no text", path.display()),
            "name a sheet that `cloister deid review` wrote",
        )
    })
}

/// The documents of the input.
fn documents(review: &Review, input: &Path) -> Result<Vec<Document>, Failure> {
    let name = files::name_of(input);
    let format = Format::detect(&name, &files::head(input)?)?;
    let limits = Limits::default();
    if format == Format::Text {
        let text = read_text(&name, files::stream(input)?, &limits)?;
        return Ok(vec![document("1".to_owned(), text)]);
    }
    let mut wanted = vec![review.text_field.clone()];
    wanted.extend(review.id_field.clone());
    let mut documents = Vec::new();
    for batch in read_table(&name, format, files::stream(input)?, &limits, Some(&wanted))? {
        let batch = batch?;
        let column = |field: &str| {
            let column = batch.column_by_name(field).map(flow::record::text_cells);
            column.ok_or_else(|| {
                Failure::new(
                    codes::WORDS,
                    format!("`{name}` has no field `{field}`"),
                    "name the fields with `--text-field` and `--id-field`",
                )
            })
        };
        let texts = column(&review.text_field)?;
        let ids = review.id_field.as_deref().map(column).transpose()?;
        for (row, text) in texts.into_iter().enumerate() {
            let number = (documents.len() + 1).to_string();
            let id = match &ids {
                Some(ids) => ids.get(row).cloned().flatten(),
                None => Some(number),
            };
            let id = id.filter(|id| !id.is_empty()).ok_or_else(|| {
                Failure::new(
                    codes::WORDS,
                    format!("`{name}`, record {}: there is no id", documents.len() + 1),
                    "name the field that identifies the record with `--id-field`",
                )
            })?;
            documents.push(document(id, text.unwrap_or_default()));
        }
    }
    Ok(documents)
}

fn document(id: String, text: String) -> Document {
    Document {
        id,
        text,
        ..Document::default()
    }
}

type Found = (Vec<Mark>, Vec<std::ops::Range<usize>>);

/// Finds identifiers, or looks up what was found.
struct Finder {
    engine: TextEngine,
    predictions: Option<BTreeMap<String, Vec<Mark>>>,
}

impl Finder {
    fn of(review: &Review) -> Result<Self, Failure> {
        let predictions = match &review.pred {
            None => None,
            Some(path) => {
                let text = files::read_text(path)?;
                let read = read_predictions(&files::name_of(path), &text)?;
                Some(read.into_iter().map(|one| (one.id, one.spans)).collect())
            }
        };
        Ok(Self {
            engine: TextEngine::new(),
            predictions,
        })
    }

    /// What was found, and what nothing decided, in code points.
    fn find(&self, document: &Document) -> Result<Found, Failure> {
        let points = Points::of(&document.text);
        let Some(predictions) = &self.predictions else {
            let findings = self.engine.scan(&document.text, None);
            let undecided = self.engine.undecided_words(&document.text, &findings);
            let undecided = undecided
                .iter()
                .map(|range| points.at(range.start)..points.at(range.end));
            let found = findings.iter().map(|finding| mark(finding, &points));
            return Ok((found.collect(), undecided.collect()));
        };
        let length = points.at(document.text.len());
        let found = predictions
            .get(&document.id)
            .filter(|found| found.iter().all(|mark| mark.end <= length));
        let found = found.ok_or_else(|| {
            Failure::new(
                codes::WORDS,
                "a document has no prediction, or one that ends beyond its text",
                "make predictions of the very same documents, with the same ids, in code points",
            )
        })?;
        let is_covered = |start: usize, end: usize| {
            found
                .iter()
                .any(|mark| mark.start < end && start < mark.end)
        };
        let undecided = self.engine.undecided_words(&document.text, &[]);
        let undecided = undecided
            .iter()
            .map(|range| points.at(range.start)..points.at(range.end))
            .filter(|range| !is_covered(range.start, range.end));
        Ok((found.clone(), undecided.collect()))
    }
}

fn mark(finding: &Finding, points: &Points) -> Mark {
    Mark {
        start: points.at(finding.start),
        end: points.at(finding.end),
        label: finding.label.word().to_owned(),
        detector: Some(finding.detector.to_owned()),
        score: Some(format!("{:.2}", finding.score)),
        ..Mark::default()
    }
}

/// Where the code points of a text begin.
struct Points(Vec<usize>);

impl Points {
    fn of(text: &str) -> Self {
        Self(text.char_indices().map(|(at, _)| at).collect())
    }

    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|at| *at < byte)
    }
}

const SENSITIVE: &str = "this file holds protected health information: keep it where its source \
    is kept, and delete it when the review is over";
const FORMAT: &str = "cloister-review/1";
