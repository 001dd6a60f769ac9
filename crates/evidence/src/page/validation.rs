use super::{Block, Cell, Column, Section, absent, figure, table};
use crate::{
    Pack,
    chart::{Dot, Dots},
    figures::{count, measure, percent, range, score},
    pack::{
        AttackResult, AttackRow, FairnessRow, GateRow, Measure, ProbeRow, SubgroupRow, Validation,
    },
};

pub(super) fn quality(pack: &Pack) -> Section {
    let Some(facts) = &pack.validation else {
        return absent(
            "quality",
            "How good the model is, and for whom",
            "no model was validated",
        );
    };
    let mut rows = vec![
        ("Held-out rows", Cell::plain(count(facts.rows))),
        (
            "Accuracy",
            Cell::maybe(facts.accuracy.as_ref().map(measure)),
        ),
        (
            "Always the more frequent class",
            Cell::maybe(facts.majority_accuracy.map(score)),
        ),
        ("AUC", Cell::maybe(facts.auc.as_ref().map(measure))),
    ];
    if !facts.basis.is_empty() {
        rows.push(("These figures", Cell::plain(&*facts.basis)));
    }
    let mut blocks = vec![Block::Facts(rows)];
    if !facts.subgroups.is_empty() {
        if facts.subgroups.iter().any(|row| row.auc.is_some()) {
            blocks.push(figure(
                dots(facts).svg(),
                "AUC by subgroup with its interval; the dashed line is the whole hold-out",
            ));
        }
        blocks.push(subgroups(facts));
    }
    if !facts.fairness.is_empty() {
        blocks.push(fairness(&facts.fairness));
    }
    if !facts.gates.is_empty() {
        blocks.push(gates(&facts.gates));
    }
    Section {
        id: "quality",
        title: "How good the model is, and for whom",
        lead: facts.auc.map_or_else(
            || {
                format!(
                    "The model was tested on {} rows it had never seen; how well it ranks them is not shown.",
                    count(facts.rows)
                )
            },
            |auc| {
                format!(
                    "On {} rows it had never seen, the model ranks a positive case above a negative one {} of the time.",
                    count(facts.rows),
                    percent(auc.value)
                )
            },
        ),
        blocks,
    }
}

fn dots(facts: &Validation) -> Dots {
    Dots {
        id: "subgroups",
        title: "AUC by subgroup".to_owned(),
        rows: facts.subgroups.iter().map(dot).collect(),
        reference: facts.auc.map(|auc| (auc.value, "all rows".to_owned())),
        threshold: false,
        limits: (0.0, 1.0),
    }
}

fn dot(row: &SubgroupRow) -> Dot {
    Dot {
        label: format!("{}: {}", row.attribute, row.group),
        value: row.auc.ok_or_else(|| reason(row)),
    }
}

fn reason(row: &SubgroupRow) -> String {
    row.suppressed
        .clone()
        .unwrap_or_else(|| "not defined for this group".to_owned())
}

fn subgroups(facts: &Validation) -> Block {
    let columns = [
        Column::text("Group"),
        Column::number("Rows"),
        Column::number("Accuracy"),
        Column::number("AUC"),
        Column::number("AUC interval"),
        Column::number("Predicted positive"),
        Column::number("Positives found"),
    ];
    table(
        format!(
            "Quality by subgroup; cells below {} are suppressed and shown as such",
            count(facts.smallest_cell)
        ),
        &columns,
        facts.subgroups.iter().map(subgroup).collect(),
    )
}

fn subgroup(row: &SubgroupRow) -> Vec<Cell> {
    let value = |of: Option<Measure>| Cell::maybe(of.map(|it| score(it.value)));
    let interval = row.auc.and_then(|auc| auc.interval);
    let rows = match (&row.suppressed, row.rows) {
        (Some(reason), _) => Cell::muted(&**reason),
        (None, rows) => Cell::maybe(rows.map(count)),
    };
    vec![
        Cell::plain(format!("{}: {}", row.attribute, row.group)),
        rows,
        value(row.accuracy),
        value(row.auc),
        Cell::maybe(interval.as_ref().map(range)),
        Cell::maybe(row.selection_rate.map(percent)),
        Cell::maybe(row.true_positive_rate.map(percent)),
    ]
}

fn fairness(rows: &[FairnessRow]) -> Block {
    let cells = rows.iter().map(|row| {
        let value = row.value;
        vec![
            Cell::plain(format!("{}: {}", row.attribute, row.measure)),
            value.map_or_else(
                || Cell::muted("few rows, not shown"),
                |value| Cell::plain(score(value.value)),
            ),
            Cell::maybe(value.and_then(|value| value.interval).as_ref().map(range)),
            Cell::plain(crate::figures::number(row.equality)),
        ]
    });
    table(
        "Fairness between groups: the largest gaps, and the value where nothing differs; which measure fits is for people to say",
        &[
            Column::text("Measure"),
            Column::number("Value"),
            Column::number("Interval"),
            Column::number("Equality"),
        ],
        cells.collect(),
    )
}

fn strong(rows: &[AttackRow]) -> Block {
    let cells = rows.iter().map(|row| {
        vec![
            Cell::plain(&*row.attack),
            Cell::plain(count(row.trials)),
            Cell::plain(share(&row.found)),
            Cell::maybe(row.found_in_model.as_ref().map(share)),
            Cell::plain(share(&row.found_in_control)),
            Cell::plain(percent(row.limit)),
            match row.verdict.as_str() {
                "held" => Cell::verdict(true, "held"),
                "leaks" => Cell::verdict(false, "leaks"),
                other => Cell::muted(other),
            },
        ]
    });
    table(
        "How many members are found at one false alarm in a thousand, with exact 95 % bounds; an attack that does not find the control is no evidence",
        &[
            Column::text("Attack"),
            Column::number("Trials"),
            Column::number("Models trained alike"),
            Column::number("This model"),
            Column::number("Overfit on purpose"),
            Column::number("Allowed"),
            Column::text("Verdict"),
        ],
        cells.collect(),
    )
}

/// A share with its bounds, in hundredths of a percent, where these rates live.
fn share(measure: &Measure) -> String {
    let hundredths = |value: f64| format!("{:.2}", 100.0 * value);
    let value = hundredths(measure.value);
    measure.interval.map_or_else(
        || format!("{value} %"),
        |range| {
            format!(
                "{value} % ({} to {})",
                hundredths(range.low),
                hundredths(range.high)
            )
        },
    )
}

fn probes(rows: &[ProbeRow]) -> Block {
    let cells = rows.iter().map(|row| {
        vec![
            Cell::plain(&*row.probe),
            Cell::plain(&*row.measured),
            Cell::plain(&*row.against),
            row.holds.map_or_else(
                || Cell::muted("no limit"),
                |holds| Cell::verdict(holds, if holds { "holds" } else { "does not hold" }),
            ),
        ]
    });
    table(
        "The audit of the trainer and further tests",
        &[
            Column::text("Test"),
            Column::text("Measured"),
            Column::text("Against"),
            Column::text("Verdict"),
        ],
        cells.collect(),
    )
}

fn gates(gates: &[GateRow]) -> Block {
    let rows = gates.iter().map(|gate| {
        vec![
            Cell::plain(&*gate.gate),
            Cell::plain(&*gate.bound),
            Cell::plain(&*gate.measured),
            Cell::verdict(
                gate.holds,
                if gate.holds { "holds" } else { "does not hold" },
            ),
        ]
    });
    table(
        "Gates of the study",
        &[
            Column::text("Gate"),
            Column::text("Bound"),
            Column::text("Measured"),
            Column::text("Verdict"),
        ],
        rows.collect(),
    )
}

pub(super) fn leakage(pack: &Pack) -> Section {
    let title = "What the model leaks";
    let Some(facts) = &pack.validation else {
        return absent("leakage", title, "no model was attacked");
    };
    let attacks = [
        ("this model", facts.membership.as_ref()),
        (
            "overfit twin (positive control)",
            facts.positive_control.as_ref(),
        ),
    ];
    let rows: Vec<Vec<Cell>> = attacks
        .iter()
        .filter_map(|(name, attack)| Some(row(name, (*attack)?)))
        .collect();
    if rows.is_empty() && facts.probes.is_empty() {
        return absent("leakage", title, "no attack was run");
    }
    let columns = [
        Column::text("Attack on"),
        Column::text("Attack"),
        Column::number("Trials"),
        Column::number("AUC"),
        Column::number("Found at 1 % false alarms"),
        Column::number("Epsilon, lower bound"),
    ];
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(table(
            "Membership inference: can one tell who was in the training data? AUC 0.5 is guessing",
            &columns,
            rows,
        ));
    }
    if !facts.attacks.is_empty() {
        blocks.push(strong(&facts.attacks));
    }
    if !facts.probes.is_empty() {
        blocks.push(probes(&facts.probes));
    }
    Section {
        id: "leakage",
        title,
        lead: lead(facts),
        blocks,
    }
}

fn lead(facts: &Validation) -> String {
    match (&facts.membership, &facts.positive_control) {
        (Some(model), Some(control)) => format!(
            "An attacker who guesses who was in the training data reaches AUC {} on this model. {}",
            score(model.auc.value),
            control_words(control)
        ),
        (Some(model), None) => format!(
            "An attacker reaches AUC {} on this model. There was no positive control, so a low figure may also mean a weak attack.",
            score(model.auc.value)
        ),
        (None, Some(_)) => "This model was not attacked; only the positive control was.".to_owned(),
        (None, None) => format!(
            "What the attacks measured on persons is left out of this pack; whether they held is among the gates. Figures: {}.",
            facts.basis
        ),
    }
}

/// The control counts as caught when its interval, or its value without one, is above guessing.
fn control_words(control: &AttackResult) -> String {
    let auc = score(control.auc.value);
    let least = control
        .auc
        .interval
        .map_or(control.auc.value, |interval| interval.low);
    if least > 0.5 {
        format!(
            "The same attack reaches {auc} on a model overfitted on purpose, so it can see leakage where there is some."
        )
    } else {
        format!(
            "The same attack reaches only {auc} on a model overfitted on purpose: it misses leakage that is there, so a low figure proves nothing."
        )
    }
}

fn row(name: &str, attack: &AttackResult) -> Vec<Cell> {
    vec![
        Cell::plain(name),
        Cell::plain(&*attack.attack),
        Cell::plain(count(attack.trials)),
        Cell::plain(measure(&attack.auc)),
        Cell::maybe(attack.tpr_at_one_percent.map(percent)),
        Cell::maybe(attack.epsilon_lower_bound.map(crate::figures::number)),
    ]
}
