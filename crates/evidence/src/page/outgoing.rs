use super::{Block, Cell, Column, Section, absent, counted, figure, table};
use crate::{
    Pack,
    chart::{Dot, Dots},
    figures::{count, measure, moment, score},
    pack::{AlertRow, CardSection, DriftRow, HistoryRow, Model},
};

pub(super) fn model(pack: &Pack) -> Section {
    let title = "The registered model";
    let Some(facts) = &pack.model else {
        return absent("model", title, "no model was registered");
    };
    let mut blocks = vec![
        Block::Facts(vec![
            ("Name", Cell::code(facts.name.as_str())),
            ("Version", Cell::plain(count(facts.version))),
            ("Stage", Cell::plain(&*facts.stage)),
            ("SHA-256", Cell::hash(facts.sha256.to_string())),
            ("Signature", Cell::plain(&*facts.scheme)),
            ("Signed by", Cell::code(facts.signed_by.as_str())),
        ]),
        history(&facts.history),
    ];
    blocks.extend(card(facts));
    Section {
        id: "model",
        title,
        lead: format!(
            "{} version {} is immutable and signed; its stage is {}.",
            facts.name, facts.version, facts.stage
        ),
        blocks,
    }
}

fn history(rows: &[HistoryRow]) -> Block {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::plain(&*row.stage),
            Cell::plain(moment(row.at)),
            Cell::plain(&*row.by),
            Cell::log(row.log_index),
        ]
    });
    table(
        "Every stage the version had",
        &[
            Column::text("Stage"),
            Column::text("Since"),
            Column::text("By"),
            Column::number("Log"),
        ],
        rows.collect(),
    )
}

fn card(facts: &Model) -> Vec<Block> {
    if facts.card.is_empty() {
        return vec![Block::Note("There is no model card.".to_owned())];
    }
    let mut blocks = vec![Block::Heading("Model card".to_owned())];
    blocks.extend(facts.card.iter().map(card_section));
    blocks
}

fn card_section(section: &CardSection) -> Block {
    let rows = section.rows.iter().map(|(question, answer)| {
        let answer = if answer.is_empty() {
            Cell::muted("not provided")
        } else {
            Cell::plain(&**answer)
        };
        vec![Cell::plain(&**question), answer]
    });
    table(
        &*section.heading,
        &[Column::text("Question"), Column::text("Answer")],
        rows.collect(),
    )
}

pub(super) fn serving(pack: &Pack) -> Section {
    let title = "How predictions leave";
    let Some(facts) = &pack.serving else {
        return absent("serving", title, "no prediction was made in this run");
    };
    Section {
        id: "serving",
        title,
        lead: format!(
            "{} left through the output filter; {} refused.",
            counted(facts.predictions, "prediction", "predictions"),
            counted(facts.refused, "call was", "calls were")
        ),
        blocks: vec![Block::Facts(vec![
            ("Output filter", Cell::plain(&*facts.output_filter)),
            ("Limits", Cell::plain(&*facts.limits)),
        ])],
    }
}

pub(super) fn monitoring(pack: &Pack) -> Section {
    let title = "What is watched";
    if pack.drift.is_empty() && pack.alerts.is_empty() {
        if pack.drift_basis.is_empty() {
            return absent(
                "monitoring",
                title,
                "no drift was measured and no alert was raised",
            );
        }
        return Section {
            id: "monitoring",
            title,
            lead: format!("Drift was measured. Figures: {}.", pack.drift_basis),
            blocks: Vec::new(),
        };
    }
    let crossed = pack.drift.iter().filter(|row| row.crossed).count();
    let mut blocks = drawings(&pack.drift);
    if !pack.drift.is_empty() {
        blocks.push(drift(&pack.drift));
    }
    blocks.push(alerts(&pack.alerts));
    let basis = if pack.drift_basis.is_empty() {
        String::new()
    } else {
        format!(" These figures: {}.", pack.drift_basis)
    };
    Section {
        id: "monitoring",
        title,
        lead: format!(
            "{crossed} of {} drift measures crossed their threshold; {} raised.{basis}",
            pack.drift.len(),
            counted(pack.alerts.len() as u64, "alert was", "alerts were")
        ),
        blocks,
    }
}

/// One drawing a statistic, since PSI and KS have different thresholds.
fn drawings(rows: &[DriftRow]) -> Vec<Block> {
    [("PSI", "drift-psi"), ("KS", "drift-ks")]
        .into_iter()
        .filter_map(|(statistic, id)| {
            let of: Vec<&DriftRow> = rows
                .iter()
                .filter(|row| row.statistic == statistic)
                .collect();
            let threshold = of.first()?.threshold;
            let dots = Dots {
                id,
                title: format!("Drift, {statistic}"),
                rows: of
                    .iter()
                    .map(|row| Dot {
                        label: row.feature.clone(),
                        value: Ok(row.value),
                    })
                    .collect(),
                reference: Some((threshold, "threshold".to_owned())),
                threshold: true,
                limits: (0.0, f64::MAX),
            };
            Some(figure(
                dots.svg(),
                format!("Drift by {statistic} between training data and new data"),
            ))
        })
        .collect()
}

fn drift(rows: &[DriftRow]) -> Block {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::code(&*row.feature),
            Cell::plain(&*row.statistic),
            Cell::plain(measure(&row.value)),
            Cell::plain(score(row.threshold)),
            Cell::verdict(!row.crossed, if row.crossed { "crossed" } else { "below" }),
        ]
    });
    table(
        "Drift of each feature",
        &[
            Column::text("Feature"),
            Column::text("Statistic"),
            Column::number("Value"),
            Column::number("Threshold"),
            Column::text("Verdict"),
        ],
        rows.collect(),
    )
}

fn alerts(rows: &[AlertRow]) -> Block {
    if rows.is_empty() {
        return Block::Note("No alert was raised.".to_owned());
    }
    let rows = rows.iter().map(|row| {
        vec![
            Cell::plain(moment(row.at)),
            Cell::plain(&*row.severity),
            Cell::plain(&*row.what),
            Cell::log(row.log_index),
        ]
    });
    table(
        "Alerts",
        &[
            Column::text("When"),
            Column::text("Severity"),
            Column::text("What"),
            Column::number("Log"),
        ],
        rows.collect(),
    )
}
