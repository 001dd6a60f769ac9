//! `cloister train`: an order for one model becomes a study on a dataset of the instance, so that
//! its result is validated, registered and served like every other model.

use std::collections::BTreeMap;

use domain::{Delta, Epsilon, StudyId};
use learn::{Feature, Target};
use privacy::Account;
use store::Noun;

use crate::{
    Desk, StageError,
    assess::root_of,
    operate::dataset,
    record::{Table, Version},
    study::{Bounds, Cap, Declaration, Register, Study, Train, Validate},
};

/// What is asked for on the command line.
#[derive(Clone, Debug)]
pub struct Order {
    /// The dataset, or the first digits of one of its versions.
    pub dataset: String,
    /// The table; found by the target where only one has that column.
    pub table: Option<String>,
    /// The column to predict.
    pub target: String,
    /// The word that counts as yes; measured where it is not given.
    pub positive: Option<String>,
    /// The study's name; `train-DATASET` where it is not given.
    pub study: Option<StudyId>,
    /// Inputs with public bounds; none lets bounds and words be measured.
    pub features: Vec<Feature>,
    /// Columns that may be inputs and are measured; none for all.
    pub columns: Vec<String>,
    /// The model and its hyper-parameters, epsilon and delta: a section as a study file has it.
    pub section: Train,
    /// The lifetime budget, where the dataset has none yet.
    pub budget: Option<Cap>,
    /// Register the model under this name, after its tests.
    pub register: Option<domain::ModelId>,
}

/// An order as a study, and what there is to know before it runs.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// The study file.
    pub text: String,
    /// The study.
    pub study: Study,
    /// The lifetime budget that this order fixes, where the dataset had none.
    pub new_cap: Option<Cap>,
}

/// The lifetime budget of a dataset for which nobody said one.
pub const DEFAULT_CAP: f64 = 10.0;

/// Writes the study that an order asks for; nothing is read of the rows.
pub fn order(desk: &Desk<'_>, order: Order) -> Result<Ordered, StageError> {
    let version = dataset::find(desk, &order.dataset)?;
    let table = table(&version, &order)?;
    let open = if order.section.model == "linear" {
        order.section.target_range.is_none()
    } else {
        order.positive.is_none()
    };
    let measured = order.features.is_empty() || !order.columns.is_empty() || open;
    let cap = cap(desk, &version, &order)?;
    let name = match order.study {
        Some(study) => study,
        None => StudyId::new(format!("train-{}", version.dataset))
            .map_err(|_| StageError::Stored("a dataset's name"))?,
    };
    let title = format!("{} of {}", order.section.model, order.target);
    let section = Train {
        table: table.name.clone(),
        target: Target {
            column: order.target,
            positive: order.positive.unwrap_or_default(),
        },
        features: order.features,
        bounds: if measured {
            Bounds::Charged
        } else {
            Bounds::Public
        },
        columns: order.columns,
        ..order.section
    };
    let study = Study {
        study: Declaration {
            name,
            title,
            purpose: version.purpose,
            legal_basis: version.basis,
            owner: desk.operator.id.to_string(),
            dataset: Some(version.dataset.clone()),
        },
        source: Vec::new(),
        deidentify: None,
        assess: None,
        budget: cap.map(|(cap, _)| cap),
        validate: order.register.as_ref().map(|_| Validate::default()),
        register: order.register.map(|name| Register {
            name,
            intended_use: None,
            out_of_scope: None,
            card: BTreeMap::new(),
        }),
        train: Some(section),
        serve: None,
        monitor: None,
    };
    let text = toml::to_string(&study).map_err(|_| StageError::Stored("a study without a text"))?;
    Ok(Ordered {
        study: Study::parse(&text)?,
        text,
        new_cap: cap.filter(|(_, new)| *new).map(|(cap, _)| cap),
    })
}

fn table<'a>(version: &'a Version, order: &Order) -> Result<&'a Table, StageError> {
    let unknown = |what: &'static str, name: &str| StageError::Unknown {
        what,
        name: name.to_owned(),
    };
    if let Some(name) = &order.table {
        return version.table(name).ok_or_else(|| unknown("table", name));
    }
    let mut holding = version
        .tables
        .iter()
        .filter(|table| table.columns.contains(&order.target));
    let first = holding
        .next()
        .ok_or_else(|| unknown("column", &order.target))?;
    match holding.next() {
        None => Ok(first),
        Some(_) => Err(StageError::SeveralTables {
            column: order.target.clone(),
        }),
    }
}

/// The dataset's cap where it has one, else the one asked for, else the default; and whether it is
/// new. None for a model without privacy.
fn cap(
    desk: &Desk<'_>,
    version: &Version,
    order: &Order,
) -> Result<Option<(Cap, bool)>, StageError> {
    let Some((epsilon, delta)) = order.section.guarantee() else {
        return Ok(None);
    };
    let root = root_of(desk, version)?;
    let kept = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
    if let Some(kept) = kept {
        let cap = Cap {
            epsilon: kept.body.cap_epsilon,
            delta: kept.body.cap_delta,
        };
        return Ok(Some((cap, false)));
    }
    let new = match order.budget {
        Some(cap) => cap,
        None => Cap {
            epsilon: Epsilon::new(epsilon.value().max(DEFAULT_CAP))?,
            delta: Delta::new(delta.value())?,
        },
    };
    Ok(Some((new, true)))
}
