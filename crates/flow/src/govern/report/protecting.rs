//! Sources, field map, encryption, de-identification, risk.

use std::collections::BTreeMap;

use domain::Identifier;
use evidence::pack::{
    Bin, CategoryRow, Deidentification, Encryption, FieldRow, Measure, Risk, RiskPicture, Source,
};
use phi::plan::Action;

use crate::{
    Desk, StageError,
    deidentify::plan_of,
    encrypt::CIPHER,
    govern::report::{Kept, learning::signer},
    run::find_version,
};

pub(super) fn sources(desk: &Desk<'_>, kept: &Kept) -> Result<Vec<Source>, StageError> {
    let Some(step) = &kept.ingested else {
        return Ok(Vec::new());
    };
    let version = find_version(desk, &step.product.version)?;
    let mut rows = Vec::new();
    for table in &version.tables {
        for origin in &table.origins {
            rows.push(Source {
                dataset: version.dataset.clone(),
                version: version.id.clone(),
                file: origin.name.clone(),
                format: origin.format.clone(),
                sha256: origin.digest,
                bytes: origin.bytes,
                rows: table.rows,
                persons: table.person.is_some().then_some(table.persons),
                columns_taken: table
                    .columns
                    .iter()
                    .map(|column| format!("{}.{column}", table.name))
                    .collect(),
                columns_dropped: table.dropped.keys().cloned().collect(),
            });
        }
    }
    Ok(rows)
}

pub(super) fn field_map(kept: &Kept) -> Result<Vec<FieldRow>, StageError> {
    let Some(step) = &kept.classified else {
        return Ok(Vec::new());
    };
    let plan = plan_of(&kept.study)?;
    let dataset = kept.study.dataset()?;
    let mut rows = Vec::new();
    for (table, findings) in &step.product.map.tables {
        for finding in findings {
            let because: Vec<String> = finding.basis.iter().copied().map(word).collect();
            rows.push(FieldRow {
                dataset: dataset.clone(),
                field: format!("{table}.{}", finding.column),
                category: finding.category,
                sensitivity: finding.sensitivity,
                confidence: rounded(finding.confidence),
                because: because.join(", "),
                handling: if kept.deidentified.is_some() {
                    handling(plan.action(finding.kind)).to_owned()
                } else {
                    "kept".to_owned()
                },
            });
        }
    }
    Ok(rows)
}

/// A confidence with two decimals: more would be a pretence.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
}

/// The stored word of a basis, such as `free-text`.
fn word(basis: phi::columns::Basis) -> String {
    serde_json::to_value(basis)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

const fn handling(action: Action) -> &'static str {
    match action {
        Action::Keep => "kept",
        Action::Text => "searched, findings replaced",
        Action::Zip3 => "first three digits or 000",
        Action::Year => "year, or 90+",
        Action::Age => "ages over 89 drawn together",
        Action::AgeBand => "bands of years, ages over 89 drawn together",
        Action::Code => "random code",
        _ => "removed",
    }
}

pub(super) fn encryption(desk: &Desk<'_>, kept: &Kept) -> Option<Encryption> {
    let step = kept.sealed.as_ref()?;
    let bytes = step.product.objects.iter().map(|object| object.bytes).sum();
    let objects = step.product.objects.len() as u64;
    Some(Encryption {
        cipher: format!("{CIPHER}, streams of segments with a key of their own (HKDF-SHA-256)"),
        key_wrapping: "AES-256-GCM under the key-encryption key, bound to dataset and key id"
            .to_owned(),
        keystore: keepers(&desk.store.keyring().kept_by()),
        key: desk.store.keyring().key_id(),
        data_keys: 1 + u64::from(kept.deidentified.is_some()),
        objects,
        bytes,
        verified: objects,
        plaintext_found: 0,
    })
}

pub(super) fn deidentification(
    desk: &Desk<'_>,
    kept: &Kept,
) -> Result<Option<Deidentification>, StageError> {
    let Some(step) = &kept.deidentified else {
        return Ok(None);
    };
    let product = &step.product;
    let (tables, text) = counts(product);
    let categories = Identifier::ALL.into_iter().map(|category| CategoryRow {
        category,
        in_tables: tables.get(&category).copied().unwrap_or(0),
        in_text: text.get(&category).copied().unwrap_or(0),
        transform: transform(category).to_owned(),
    });
    Ok(Some(Deidentification {
        plan: product.plan.clone(),
        citation: "45 CFR 164.514(b)(2)".to_owned(),
        categories: categories.collect(),
        unexamined: product.manifest.undecided,
        persons_mapped: product.persons_mapped,
        manifest: product.manifest_digest,
        certificate: product.certificate_digest,
        signed_by: signer(desk)?,
        zip_table: product.manifest.zip_table.clone(),
        recall: None::<Measure>,
    }))
}

type Counts = BTreeMap<Identifier, u64>;

/// Cells changed or removed in columns, and findings in running text.
fn counts(product: &crate::deidentify::Deidentified) -> (Counts, Counts) {
    let mut tables = Counts::new();
    for column in product
        .manifest
        .tables
        .values()
        .flat_map(|table| &table.columns)
    {
        if let Some(category) = column.category {
            *tables.entry(category).or_default() += column.changed + column.suppressed;
        }
    }
    let mut text = Counts::new();
    for (label, detectors) in &product.manifest.text.findings {
        *text.entry(label.identifier()).or_default() += detectors.values().sum::<u64>();
    }
    (tables, text)
}

const fn transform(category: Identifier) -> &'static str {
    match category {
        Identifier::Geography => "state and ZIP3 stay, finer geography goes",
        Identifier::Date => "year; ages over 89 as 90+",
        Identifier::Phone
        | Identifier::Fax
        | Identifier::Email
        | Identifier::Url
        | Identifier::IpAddress
        | Identifier::Biometric
        | Identifier::Photo => "removed",
        _ => "random code",
    }
}

pub(super) fn risk(kept: &Kept) -> Option<Risk> {
    let step = kept.assessed.as_ref()?;
    let product = &step.product;
    let section = kept.study.assess.as_ref()?;
    Some(Risk {
        quasi_identifiers: product.quasi.clone(),
        before: picture(&product.before),
        after: Some(picture(&product.after)),
        k_required: section.k_min.map(u64::from),
        max_risk_allowed: section.prosecutor_max.or(section.average_max),
        rows_suppressed: product.suppressed,
    })
}

fn picture(risk: &disclosure::Risk) -> RiskPicture {
    RiskPicture {
        rows: risk.rows,
        classes: risk.classes,
        k: risk.k,
        uniqueness: risk.uniqueness,
        prosecutor_max: risk.prosecutor_max,
        prosecutor_average: risk.prosecutor_average,
        marketer: risk.marketer,
        histogram: BINS
            .iter()
            .map(|(label, from, to)| bin(risk, label, *from, *to))
            .collect(),
    }
}

fn bin(risk: &disclosure::Risk, label: &str, from: u32, to: u32) -> Bin {
    let records: u64 = risk
        .histogram
        .range(from..=to)
        .map(|(size, classes)| u64::from(*size) * classes)
        .sum();
    Bin {
        label: label.to_owned(),
        share: records as f64 / risk.records.max(1) as f64,
    }
}

const BINS: [(&str, u32, u32); 6] = [
    ("1", 1, 1),
    ("2-4", 2, 4),
    ("5-10", 5, 10),
    ("11-49", 11, 49),
    ("50-199", 50, 199),
    ("200+", 200, u32::MAX),
];

/// How the root key is kept, in words.
fn keepers(services: &[seal::ServiceName]) -> String {
    let words: Vec<&str> = services
        .iter()
        .map(|service| match service.kind {
            seal::ServiceKind::Passphrase => "a passphrase, Argon2id (RFC 9106)",
            seal::ServiceKind::Pkcs11 => "a hardware security module (PKCS#11)",
            seal::ServiceKind::AwsKms => "AWS KMS",
            seal::ServiceKind::Transit => "a transit engine (Vault or OpenBao)",
        })
        .collect();
    format!(
        "sealed under a root key that is kept by {}",
        words.join(" and by ")
    )
}
