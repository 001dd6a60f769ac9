//! The statement that goes with a de-identified dataset.

use std::collections::BTreeMap;

use domain::{Digest, Identifier, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    manifest::{Manifest, canonical},
    plan::Method,
};

/// What was done to make a dataset de-identified, for the eighteen categories, to be signed by
/// the caller.
///
/// It states deeds and counts. It does not state that the result meets the law: the second half
/// of the rule, that nobody has actual knowledge that the data could identify a person, is for a
/// person to attest and is left open here.
///
/// Source: 45 CFR 164.514(b)(2)(i) and (ii).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The form of this certificate.
    pub schema: String,
    /// What the certificate says, in one sentence.
    pub statement: String,
    /// The paragraph whose method was followed; for (b)(1), whose determination is still needed.
    pub method: String,
    /// The plan's name and edition.
    pub plan: String,
    /// The digest of the plan's bytes.
    pub plan_digest: Digest,
    /// The digest of the manifest's canonical bytes.
    pub manifest_digest: Digest,
    /// Version of the ZIP3 table.
    pub zip_table: String,
    /// The year against which ages were reckoned.
    pub reference_year: i32,
    /// When the run ended.
    pub issued: Timestamp,
    /// Each category with what was counted.
    pub categories: Vec<CategoryRecord>,
    /// Columns that were dropped, as `table.column`.
    pub dropped_columns: Vec<String>,
    /// Values that only the text engine decided.
    pub undecided: u64,
    /// Rows in and out of each table.
    pub rows: BTreeMap<String, (u64, u64)>,
    /// 45 CFR 164.514(b)(2)(ii): a person's word, not a program's.
    pub actual_knowledge: String,
    /// How replacement codes were made, 45 CFR 164.514(c).
    pub codes: String,
}

/// One of the eighteen categories with what was removed or rewritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryRecord {
    /// The letter of the paragraph.
    pub letter: char,
    /// The category's title.
    pub title: String,
    /// The paragraph.
    pub citation: String,
    /// Values removed or rewritten.
    pub removed: u64,
}

/// The digests a certificate binds together, computed by the caller.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// SHA-256 of the plan's bytes.
    pub plan: Digest,
    /// SHA-256 of [`Manifest::to_canonical_json`].
    pub manifest: Digest,
}

impl Certificate {
    /// The certificate of a run; the statement follows the manifest's [`Method`], which the
    /// plan's actions decided and not its name.
    pub fn of(manifest: &Manifest, bound: Bound, issued: Timestamp) -> Self {
        let statement = statement(manifest.method);
        Self {
            schema: "cloister-deidentification-certificate/1".to_owned(),
            statement: statement.to_owned(),
            method: manifest.method.citation().to_owned(),
            plan: manifest.plan.clone(),
            plan_digest: bound.plan,
            manifest_digest: bound.manifest,
            zip_table: manifest.zip_table.clone(),
            reference_year: manifest.reference_year,
            issued,
            categories: categories(manifest),
            dropped_columns: manifest.dropped_columns(),
            undecided: manifest.undecided,
            rows: manifest
                .tables
                .iter()
                .map(|(table, record)| (table.clone(), (record.rows_in, record.rows_out)))
                .collect(),
            actual_knowledge: "to be attested".to_owned(),
            codes: if manifest.keyed { KEYED } else { RANDOM }.to_owned(),
        }
    }

    /// The bytes to be signed: JSON without blanks, keys in the order of this page.
    pub fn to_canonical_json(&self) -> Vec<u8> {
        canonical(self)
    }
}

const RANDOM: &str =
    "random, not derived from information about the person; the link is kept sealed";
const KEYED: &str = "some are computed from the identifier with a secret key, which 45 CFR 164.514(c)(1) does not \
     allow outside an expert determination; the others are random";

const fn statement(method: Method) -> &'static str {
    match method {
        Method::SafeHarbor => {
            "the identifiers of 45 CFR 164.514(b)(2)(i) that were found were removed or generalised \
             as listed; detection in running text can miss some"
        }
        Method::LimitedDataSet => {
            "the direct identifiers of 45 CFR 164.514(e)(2) that were found were removed as listed; \
             detection in running text can miss some. This is a limited data set: it remains \
             protected health information and may be used only under a data use agreement, 45 CFR \
             164.514(e)(4)"
        }
        Method::Expert => {
            "identifiers were handled as listed, which is neither the Safe Harbor method nor a \
             limited data set. De-identification by 45 CFR 164.514(b)(1) needs the determination of \
             a qualified person; this program gives none"
        }
    }
}

fn categories(manifest: &Manifest) -> Vec<CategoryRecord> {
    let counts = manifest.by_category();
    Identifier::ALL
        .into_iter()
        .map(|category| CategoryRecord {
            letter: category.letter(),
            title: category.title().to_owned(),
            citation: category.citation().to_owned(),
            removed: counts.get(&category.letter()).copied().unwrap_or(0),
        })
        .collect()
}
