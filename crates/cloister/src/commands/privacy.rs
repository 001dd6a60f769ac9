//! `cloister privacy`: from noise to epsilon and back.

mod curve;

use ::privacy::{Bracket, DeclaredPlan, MechanismEvent, calibrate_sigma, calibrate_sigma_declared};
use domain::{Delta, Epsilon};
use serde_json::{Value, json};

use crate::{
    arguments::{PrivacyVerb, StepPlan},
    codes,
    failure::Failure,
    screen::Screen,
};

pub(super) fn run(verb: &PrivacyVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        PrivacyVerb::Epsilon(plan) => {
            let plan = Checked::new(*plan)?;
            let figures = plan.figures(plan.steps)?;
            screen.result(&plan.text(&figures), &plan.document(&figures));
        }
        PrivacyVerb::Sigma {
            epsilon,
            sampling,
            steps,
            delta,
        } => sigma(*epsilon, *sampling, *steps, *delta, screen)?,
        PrivacyVerb::Curve { plan, output } => {
            curve::draw(&Checked::new(*plan)?, output, screen)?;
        }
    }
    Ok(())
}

fn sigma(
    epsilon: f64,
    sampling: f64,
    steps: u64,
    delta: f64,
    screen: Screen,
) -> Result<(), Failure> {
    let target = self::epsilon(epsilon)?;
    let plan = Checked::new(StepPlan {
        sigma: 1.0,
        sampling,
        steps,
        delta,
    })?;
    let sigma = calibrate_sigma_declared(target, plan.delta, sampling, steps, None)?;
    let by_rdp = calibrate_sigma(target, plan.delta, sampling, steps).ok();
    let kept = Checked { sigma, ..plan };
    let kept = kept.declared(steps)?.epsilon(plan.delta);
    let more = by_rdp.map_or_else(String::new, |wider| {
        format!("\n  by the Rényi bound, as the ledger reckons, it would take {wider:.6}")
    });
    screen.result(
        &format!(
            "sigma {sigma:.6} keeps epsilon {target} at delta {} for {steps} steps declared beforehand (PLD){more}",
            plan.delta
        ),
        &json!({
            "sigma": sigma, "epsilon": epsilon, "delta": delta,
            "pld": bracket(kept), "rdp_sigma": by_rdp,
        }),
    );
    Ok(())
}

/// Numbers that are a plan.
#[derive(Clone, Copy, Debug)]
struct Checked {
    sigma: f64,
    sampling: f64,
    steps: u64,
    delta: Delta,
}

/// What a plan costs.
struct Figures {
    rdp: f64,
    order: f64,
    charged: f64,
    pld: Bracket,
    mu: Option<f64>,
    attack: f64,
}

impl Checked {
    fn new(plan: StepPlan) -> Result<Self, Failure> {
        if !(plan.sampling > 0.0 && plan.sampling <= 1.0) {
            return Err(no_plan("the sampling rate must be above 0 and at most 1"));
        }
        if !(plan.sigma.is_finite() && plan.sigma > 0.0) {
            return Err(no_plan("sigma must be a finite number above 0"));
        }
        if plan.steps == 0 {
            return Err(no_plan("a plan has at least one step"));
        }
        Ok(Self {
            sigma: plan.sigma,
            sampling: plan.sampling,
            steps: plan.steps,
            delta: delta(plan.delta)?,
        })
    }

    fn event(&self, steps: u64) -> MechanismEvent {
        MechanismEvent::SubsampledGaussian {
            sigma: self.sigma,
            sampling_rate: self.sampling,
            steps,
        }
    }

    fn declared(&self, steps: u64) -> Result<DeclaredPlan, Failure> {
        Ok(DeclaredPlan::new(&[self.event(steps)])?)
    }

    fn figures(&self, steps: u64) -> Result<Figures, Failure> {
        let event = self.event(steps);
        let plan = self.declared(steps)?;
        let (rdp, order) = event.smooth_curve()?.epsilon(self.delta);
        Ok(Figures {
            rdp,
            order,
            charged: event.curve()?.epsilon(self.delta).0,
            pld: plan.epsilon(self.delta),
            mu: plan.gaussian_mu(),
            attack: plan.true_positive_rate(FALSE_ALARMS),
        })
    }

    fn text(&self, figures: &Figures) -> String {
        let exact = self.sampling >= 1.0;
        let how = if exact {
            "exact (analytic Gaussian)"
        } else {
            "certified bracket; holds for a plan declared beforehand"
        };
        let charge = if (figures.charged / figures.rdp - 1.0).abs() > 1e-6 {
            format!(
                "\n  ledger  {:.6}, the Rényi bound for noise on an integer grid: what the ledger would charge",
                figures.charged
            )
        } else {
            String::new()
        };
        let mu = match figures.mu {
            Some(mu) if exact => format!("\n  GDP     mu {mu:.6}, exact"),
            Some(mu) => {
                format!("\n  GDP     mu {mu:.6} by the central limit: an approximation, no bound")
            }
            None => String::new(),
        };
        format!(
            "epsilon at delta {}: {} steps, Poisson sampling, one person added or removed\n  \
             PLD     {:.6} to {:.6}, {how}\n  RDP     {:.6} (order {}){charge}{mu}\n  \
             attack  with 0.1 % false alarms no test finds more than {:.3} % of the members",
            self.delta,
            self.steps,
            figures.pld.lower,
            figures.pld.upper,
            figures.rdp,
            figures.order,
            100.0 * figures.attack
        )
    }

    fn document(&self, figures: &Figures) -> Value {
        json!({
            "rdp": figures.rdp,
            "pld": bracket(figures.pld),
            "gdp_mu": figures.mu,
            "max_tpr_at_fpr_0.001": figures.attack,
            "rdp_order": figures.order,
            "ledger_rdp": figures.charged,
            "gdp_mu_exact": self.sampling >= 1.0,
            "sigma": self.sigma,
            "sampling": self.sampling,
            "steps": self.steps,
            "delta": self.delta,
            "unit": "person",
            "adjacency": "add-or-remove",
        })
    }
}

fn bracket(bracket: Bracket) -> Value {
    json!({ "lower": bracket.lower, "upper": bracket.upper })
}

/// An epsilon from the command line.
pub(super) fn epsilon(number: f64) -> Result<Epsilon, Failure> {
    Epsilon::new(number).map_err(|error| no_plan(&error.to_string()))
}

/// A delta from the command line.
pub(super) fn delta(number: f64) -> Result<Delta, Failure> {
    Delta::new(number).map_err(|error| no_plan(&error.to_string()))
}

/// A failure for numbers that are no plan.
pub(super) fn no_plan(what: &str) -> Failure {
    Failure::new(codes::PLAN, what, "correct the number on the command line")
}

/// The false positive rate at which the best attack is told.
const FALSE_ALARMS: f64 = 0.001;
