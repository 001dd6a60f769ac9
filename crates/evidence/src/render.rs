use domain::{Code, Explain};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::{
    Pack, codes,
    manifest::{FORMAT, KIND, MANIFEST_FILE, Manifest, ManifestEntry},
    page,
};

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// File name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a pack could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The page's template refused its values.
    #[error("the report page could not be written")]
    Page(#[source] askama::Error),
    /// The document could not be written as JSON.
    #[error("the report document could not be written")]
    Document(#[source] serde_json::Error),
}

/// Renders a pack: `report.html`, `report.json` and `manifest.json`, in this order.
///
/// The page is one self-contained file: no script, no style sheet, font or picture from outside.
/// The JSON has sorted keys. The manifest lists the other two with their SHA-256 and is the file
/// to sign.
///
/// # Guarantee
/// The same pack gives the same bytes.
pub fn render(pack: &Pack) -> Result<Vec<File>, RenderError> {
    let mut files = vec![
        File {
            name: "report.html".to_owned(),
            bytes: page::html(pack).map_err(RenderError::Page)?.into_bytes(),
        },
        File {
            name: "report.json".to_owned(),
            bytes: canonical(pack)?,
        },
    ];
    let manifest = Manifest {
        kind: KIND.to_owned(),
        format: FORMAT,
        study: pack.study.id.clone(),
        run: pack.study.run.clone(),
        files: files.iter().map(entry).collect(),
    };
    files.push(File {
        name: MANIFEST_FILE.to_owned(),
        bytes: canonical(&manifest)?,
    });
    Ok(files)
}

fn entry(file: &File) -> ManifestEntry {
    ManifestEntry {
        name: file.name.clone(),
        length: file.bytes.len() as u64,
        sha256: seal::digest(&file.bytes),
    }
}

/// JSON with sorted keys, two blanks of indent and a line end.
fn canonical(document: &impl Serialize) -> Result<Vec<u8>, RenderError> {
    let mut value = serde_json::to_value(document).map_err(RenderError::Document)?;
    sort(&mut value);
    let mut bytes = serde_json::to_vec_pretty(&value).map_err(RenderError::Document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.sort_keys();
            fields.values_mut().for_each(sort);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}

impl Explain for RenderError {
    fn code(&self) -> Code {
        codes::RENDER
    }

    fn help(&self) -> String {
        "report this with the program's version; the study's results are safe in the instance"
            .to_owned()
    }
}
