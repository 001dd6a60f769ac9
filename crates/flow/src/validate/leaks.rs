//! The attacks and the audit of the stage.

use domain::Delta;
use learn::{
    Model,
    leakage::{self, AttributeInference, Inversion, TrainerAudit},
    twin::{losses_by_person, overfit_twin},
};
use privacy::{
    Account,
    attack::{
        Attack, AttackError, Ceiling, Evidence, Leakage, Limit, Limits, Trials, Tried,
        faults::{Finding, unpaid},
    },
};
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{
    Desk, StageError,
    assess::root_of,
    record::Version,
    study::Validate,
    train::{Data, Fitted, Trained},
};

/// What the model and its training give away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaks {
    /// Membership attacks with their controls.
    pub membership: Leakage,
    /// The audit of the trainer under the model's plan; absent for a model without privacy.
    pub audit: Option<TrainerAudit>,
    /// Whether the ledger pays for every model that was fitted.
    pub paid: Finding,
    /// For every subgroup column that is also an input.
    pub attributes: Vec<AttributeInference>,
    /// Inputs made from the model alone.
    pub inversion: Inversion,
}

/// Persons of the first overfit twin, members and strangers together.
const TWIN_PERSONS: u32 = 600;
/// Twins that are tried.
const TWINS: u32 = 3;
/// Candidates of the overfit procedure, and its models: 120 x 24 trials.
const CONTROL_PERSONS: u32 = 120;
const CONTROL_MODELS: u32 = 24;
/// Canaries of the audit.
const CANARIES: u32 = 1000;
/// Inputs that are made by inversion.
const STARTS: u32 = 60;

/// Everything of the stage that attacks or audits.
pub(super) fn leaks(
    desk: &Desk<'_>,
    section: &Validate,
    version: &Version,
    data: &Data,
    model: &Model,
    trained: &Trained,
    evidence: &Evidence,
) -> Result<Leaks, StageError> {
    let fitted = &trained.model;
    let mut attributes = Vec::new();
    for column in &section.subgroups {
        let is_input = |feature: &learn::Feature| {
            feature.column() == column && matches!(feature, learn::Feature::Category { .. })
        };
        if model.spec.features.iter().any(is_input) {
            attributes.push(leakage::infer_attribute(
                model,
                column,
                &data.learn,
                &data.test,
            )?);
        }
    }
    Ok(Leaks {
        membership: membership(desk, section, data, model, fitted, evidence)?,
        audit: audit(desk, data, fitted)?,
        paid: paid(desk, version, trained)?,
        attributes,
        inversion: leakage::invert(model, &data.learn, &data.test, STARTS, &mut desk.entropy())?,
    })
}

/// The loss attack on the model, and on a twin that must be caught. A twin that is not is made anew
/// with more persons, up to [`TWINS`] times: the control shows what the attack can do, so its best
/// is what counts.
pub(super) fn threshold_attack(
    desk: &Desk<'_>,
    data: &Data,
    model: &Model,
    fitted: &Fitted,
) -> Result<Evidence, StageError> {
    let members = losses_by_person(model, &data.learn)?;
    let strangers = losses_by_person(model, &data.test)?;
    let ceiling = match limit(data, fitted)? {
        Limit::Guarantee { ceiling } => Some(ceiling),
        Limit::Approved { .. } => None,
    };
    let mut evidence = Evidence {
        model: Attack::on_losses(&members, &strangers)?,
        control: twin(desk, data, TWIN_PERSONS)?,
        limits: Limits {
            ceiling,
            ..Limits::default()
        },
    };
    for again in 1..TWINS {
        if evidence.control_fired() {
            break;
        }
        evidence.control = twin(desk, data, TWIN_PERSONS << again)?;
    }
    Ok(evidence)
}

fn twin(desk: &Desk<'_>, data: &Data, persons: u32) -> Result<Attack, StageError> {
    let twin = overfit_twin(&data.learn, persons, &mut desk.entropy(), &mut |_, _| {})?;
    Ok(Attack::on_losses(&twin.members, &twin.non_members)?)
}

/// What no attack may exceed: the guarantee, or the rate for models without one.
fn limit(data: &Data, fitted: &Fitted) -> Result<Limit, StageError> {
    match fitted.plan.event(data.learn.persons) {
        Some(event) => Ok(Limit::Guarantee {
            ceiling: Ceiling::of_event(&event)?,
        }),
        None => Ok(Limit::NON_PRIVATE),
    }
}

/// LiRA and RMIA by shadow models that learn from as many persons as the model did, drawn from
/// learners and held-out persons together, so that their guarantee is the model's; the quantile
/// attack and the loss attack on the model alone.
fn membership(
    desk: &Desk<'_>,
    section: &Validate,
    data: &Data,
    model: &Model,
    fitted: &Fitted,
    evidence: &Evidence,
) -> Result<Leakage, StageError> {
    let mut entropy = desk.entropy();
    let pool = leakage::pool(&data.learn, &data.test)?;
    let members = data.learn.persons;
    let shadows = leakage::shadows(
        &pool,
        &fitted.plan,
        members,
        section.shadows,
        &mut entropy,
        &mut |_, _| {},
    )?;
    let control = leakage::control(
        &pool,
        CONTROL_PERSONS,
        CONTROL_MODELS,
        &mut entropy,
        &mut |_, _| {},
    )?;
    let signals = leakage::signals(model, &pool)?;
    let outside: Vec<bool> = (0..pool.persons).map(|person| person >= members).collect();
    let lira = on_model(&shadows.lira_on(&signals), &outside)?;
    let rmia: Vec<Option<f64>> = shadows
        .rmia_on(&signals, &outside)
        .into_iter()
        .map(Some)
        .collect();
    let mut tried = vec![
        Tried {
            name: "likelihood ratio (LiRA)".to_owned(),
            procedure: shadows.lira().attack()?,
            model: Some(lira),
            control: control.lira().attack()?,
        },
        Tried {
            name: "robust ratio (RMIA)".to_owned(),
            procedure: shadows.rmia().attack()?,
            model: Some(on_model(&rmia, &outside)?),
            control: control.rmia().attack()?,
        },
        Tried {
            name: "loss threshold".to_owned(),
            procedure: evidence.model.clone(),
            model: None,
            control: evidence.control.clone(),
        },
    ];
    if data.test.persons >= 20 && data.learn.persons >= 2 {
        let quantile = leakage::quantile_attack(model, &data.learn, &data.test, &mut entropy)?;
        tried.push(Tried {
            name: "quantile regression".to_owned(),
            procedure: quantile,
            model: None,
            control: evidence.control.clone(),
        });
    }
    Ok(Leakage {
        tried,
        limit: limit(data, fitted)?,
        shadows: u64::from(section.shadows),
    })
}

/// The attack on the model itself; persons whom no shadow tells anything of are left out.
fn on_model(scores: &[Option<f64>], outside: &[bool]) -> Result<Attack, AttackError> {
    let mut trials = Trials::default();
    for (score, outside) in scores.iter().zip(outside) {
        if let Some(score) = score {
            if *outside {
                trials.non_members.push(*score);
            } else {
                trials.members.push(*score);
            }
        }
    }
    trials.attack()
}

/// The audit of our trainer under the model's own plan; reads no patient's row.
fn audit(
    desk: &Desk<'_>,
    data: &Data,
    fitted: &Fitted,
) -> Result<Option<TrainerAudit>, StageError> {
    if fitted.plan.privacy.is_none() {
        return Ok(None);
    }
    let mut trainer =
        |design: &learn::Design, plan: &learn::TrainingPlan, entropy: &mut dyn domain::Entropy| {
            learn::fit(design, plan, entropy, &mut |_, _| {})
        };
    let audit = leakage::audit_trainer(
        &mut trainer,
        &fitted.plan,
        data.learn.persons,
        CANARIES.min(data.learn.persons.max(50)),
        Delta::new(fitted.delta)?,
        &mut desk.entropy(),
    )?;
    Ok(Some(audit))
}

/// Every fitted model against the entries of its dataset's ledger.
fn paid(desk: &Desk<'_>, version: &Version, trained: &Trained) -> Result<Finding, StageError> {
    let root = root_of(desk, version)?;
    let account = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
    let entries = account.map(|kept| kept.body.entries).unwrap_or_default();
    let persons = u32::try_from(trained.persons).unwrap_or(u32::MAX);
    let fitted = std::iter::once(&trained.model)
        .chain(&trained.others)
        .chain(&trained.unweighted);
    let (mut runs, mut spends) = (Vec::new(), Vec::new());
    for one in fitted {
        runs.extend(one.plan.event(persons));
        spends.push(one.spend.as_str());
    }
    let paid: Vec<_> = entries
        .iter()
        .filter(|entry| spends.contains(&entry.id.as_str()))
        .map(|entry| entry.event.clone())
        .collect();
    Ok(unpaid(&runs, &paid))
}
