//! `cloister validate trainer`.

use domain::{Delta, Epsilon};
use learn::{
    Design, ModelKind, Privacy, TrainingPlan, fit,
    leakage::{TrainerAudit, audit_trainer},
};
use privacy::calibrate_sigma;
use seal::SystemEntropy;
use serde_json::json;

use super::gate;
use crate::{
    arguments::TrainerOf,
    codes,
    failure::Failure,
    screen::{self, Screen},
};

pub(super) fn run(asked: &TrainerOf, screen: Screen) -> Result<(), Failure> {
    let delta = Delta::new(asked.delta).map_err(|error| wrong(&error))?;
    let plan = plan(asked, delta)?;
    let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn domain::Entropy| {
        fit(design, plan, entropy, &mut |_, _| {})
    };
    let audit = audit_trainer(
        &mut trainer,
        &plan,
        asked.persons,
        asked.canaries,
        delta,
        &mut SystemEntropy::new(),
    )?;
    screen.result(
        &tell(&audit),
        &json!({ "holds": audit.holds(), "plan": plan, "audit": audit }),
    );
    if audit.holds() {
        Ok(())
    } else {
        Err(gate(
            "the trainer does not do what its plan promises".to_owned(),
            "do not train on persons with it; the tests above say what is wrong",
        ))
    }
}

fn plan(asked: &TrainerOf, delta: Delta) -> Result<TrainingPlan, Failure> {
    let mut plan = TrainingPlan {
        model: if asked.hidden.is_empty() {
            ModelKind::Logistic
        } else {
            ModelKind::Mlp {
                hidden: asked.hidden.clone(),
            }
        },
        epochs: asked.epochs,
        batch: asked.batch,
        clip: 1.0,
        learning_rate: 0.5,
        momentum: 0.9,
        knots: 0,
        averaging: false,
        privacy: None,
    };
    plan.check()?;
    let epsilon = Epsilon::new(asked.epsilon).map_err(|error| wrong(&error))?;
    let rate = plan.sampling_rate(asked.persons);
    let sigma = calibrate_sigma(epsilon, delta, rate, plan.steps(asked.persons))?;
    plan.privacy = Some(Privacy { sigma });
    Ok(plan)
}

fn wrong(error: &domain::BudgetError) -> Failure {
    Failure::new(
        codes::WORDS,
        error.to_string(),
        "correct the number on the command line",
    )
}

fn tell(audit: &TrainerAudit) -> String {
    let mut rows: Vec<Vec<String>> = audit
        .findings
        .iter()
        .map(|finding| {
            let mark = if finding.alarm { "ALARM" } else { "no alarm" };
            vec![
                finding.test.clone(),
                mark.to_owned(),
                finding.measured.clone(),
            ]
        })
        .collect();
    let run = &audit.one_run;
    rows.push(vec![
        "one-run audit".to_owned(),
        if audit.within_claim() { "no alarm" } else { "ALARM" }.to_owned(),
        format!(
            "epsilon at least {:.3} for any mechanism, {:.3} for Gaussian noise ({} of {} guesses right); {:.3} is claimed",
            run.epsilon_lower,
            run.epsilon_lower_gaussian,
            run.correct,
            run.guesses,
            audit.epsilon_claimed
        ),
    ]);
    screen::table(&rows)
}
