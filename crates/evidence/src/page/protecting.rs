use super::{Block, Cell, Column, Section, absent, counted, figure, table};
use crate::{
    Pack,
    chart::{Pair, Pairs},
    figures::{count, measure, percent},
    pack::{Deidentification, Risk, RiskPicture},
};

pub(super) fn deidentification(pack: &Pack) -> Section {
    let Some(facts) = &pack.deidentification else {
        return absent(
            "deidentification",
            "What was taken out",
            "nothing was de-identified",
        );
    };
    let total: u64 = facts
        .categories
        .iter()
        .map(|row| row.in_tables + row.in_text)
        .sum();
    Section {
        id: "deidentification",
        title: "What was taken out",
        lead: format!(
            "{} were taken out under {} ({}).",
            counted(total, "identifier", "identifiers"),
            facts.plan,
            facts.citation
        ),
        blocks: vec![categories(facts), manifest(facts)],
    }
}

fn categories(facts: &Deidentification) -> Block {
    let rows = facts.categories.iter().map(|row| {
        vec![
            Cell::plain(row.category.to_string()),
            Cell::plain(count(row.in_tables)),
            Cell::plain(count(row.in_text)),
            Cell::plain(&*row.transform),
        ]
    });
    table(
        "Identifiers found and transformed, by category of 45 CFR 164.514(b)(2)(i)",
        &[
            Column::text("Category"),
            Column::number("In columns"),
            Column::number("In text"),
            Column::text("What was done"),
        ],
        rows.collect(),
    )
}

fn manifest(facts: &Deidentification) -> Block {
    let mut rows = vec![
        (
            "Persons in the crosswalk",
            Cell::plain(count(facts.persons_mapped)),
        ),
        (
            "Positions nothing examined",
            Cell::verdict(facts.unexamined == 0, count(facts.unexamined)),
        ),
        ("ZIP population table", Cell::plain(&*facts.zip_table)),
        ("Manifest, SHA-256", Cell::hash(facts.manifest.to_string())),
        (
            "Certificate, SHA-256",
            Cell::hash(facts.certificate.to_string()),
        ),
        ("Signed by", Cell::code(facts.signed_by.as_str())),
    ];
    if let Some(recall) = &facts.recall {
        rows.insert(
            0,
            ("Recall against known truth", Cell::plain(measure(recall))),
        );
    }
    Block::Facts(rows)
}

pub(super) fn risk(pack: &Pack) -> Section {
    let Some(risk) = &pack.risk else {
        return absent("risk", "Re-identification risk", "risk was not measured");
    };
    let mut blocks = vec![
        Block::Facts(vec![
            (
                "Quasi-identifiers",
                Cell::code(risk.quasi_identifiers.join(", ")),
            ),
            ("Rows suppressed", Cell::plain(count(risk.rows_suppressed))),
        ]),
        figure(
            measures(risk).svg(),
            "Risk of re-identification over the quasi-identifiers",
        ),
        twin(risk),
    ];
    if !risk.before.histogram.is_empty() {
        blocks.push(figure(
            histogram(risk).svg(),
            "Share of rows by the number of rows that look the same",
        ));
        blocks.push(histogram_twin(risk));
    }
    Section {
        id: "risk",
        title: "Re-identification risk",
        lead: lead(risk),
        blocks,
    }
}

fn lead(risk: &Risk) -> String {
    let now = risk.after.as_ref().unwrap_or(&risk.before);
    let required = match risk.k_required {
        Some(k) if now.k >= k => format!(", as the study requires ({})", count(k)),
        Some(k) => format!(", which is less than the {} the study requires", count(k)),
        None => String::new(),
    };
    let unique = if now.uniqueness > 0.0 {
        format!("{} of rows are unique", percent(now.uniqueness))
    } else {
        "no row is unique".to_owned()
    };
    format!(
        "Every row shares its quasi-identifiers with at least {} rows in all{required}; {unique}.",
        count(now.k)
    )
}

fn measures(risk: &Risk) -> Pairs {
    let pair = |label: &str, of: fn(&RiskPicture) -> f64, bounded| Pair {
        label: label.to_owned(),
        before: of(&risk.before),
        after: risk.after.as_ref().map(of),
        bounded,
    };
    Pairs {
        id: "risk-measures",
        title: "Re-identification risk before and after".to_owned(),
        rows: vec![
            pair("highest, prosecutor", |it| it.prosecutor_max, true),
            pair("average, prosecutor", |it| it.prosecutor_average, false),
            pair("marketer", |it| it.marketer, false),
            pair("unique rows", |it| it.uniqueness, false),
        ],
        bound: risk.max_risk_allowed,
    }
}

fn histogram(risk: &Risk) -> Pairs {
    let after = risk.after.as_ref();
    let rows = risk
        .before
        .histogram
        .iter()
        .enumerate()
        .map(|(index, bin)| Pair {
            label: format!("{} rows", bin.label),
            before: bin.share,
            after: after
                .and_then(|it| it.histogram.get(index))
                .map(|bin| bin.share),
            bounded: false,
        });
    Pairs {
        id: "risk-histogram",
        title: "Sizes of equivalence classes before and after".to_owned(),
        rows: rows.collect(),
        bound: None,
    }
}

fn twin(risk: &Risk) -> Block {
    let row = |name: &str, of: fn(&RiskPicture) -> String| {
        vec![
            Cell::plain(name),
            Cell::plain(of(&risk.before)),
            Cell::maybe(risk.after.as_ref().map(of)),
        ]
    };
    table(
        "The same figures as a table",
        &[
            Column::text("Measure"),
            Column::number("Before"),
            Column::number("After"),
        ],
        vec![
            row("Rows", |it| count(it.rows)),
            row("Equivalence classes", |it| count(it.classes)),
            row("Smallest class (k)", |it| count(it.k)),
            row("Unique rows", |it| percent(it.uniqueness)),
            row("Prosecutor risk, highest", |it| percent(it.prosecutor_max)),
            row("Prosecutor risk, average", |it| {
                percent(it.prosecutor_average)
            }),
            row("Marketer risk", |it| percent(it.marketer)),
        ],
    )
}

fn histogram_twin(risk: &Risk) -> Block {
    let pairs = histogram(risk);
    let rows = pairs.rows.iter().map(|row| {
        vec![
            Cell::plain(&*row.label),
            Cell::plain(percent(row.before)),
            Cell::maybe(row.after.map(percent)),
        ]
    });
    table(
        "Share of rows by class size",
        &[
            Column::text("Class size"),
            Column::number("Before"),
            Column::number("After"),
        ],
        rows.collect(),
    )
}
