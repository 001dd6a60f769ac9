//! The overfit twin: a model made to remember, the positive control of a membership attack.

use domain::Entropy;

use crate::{
    features::Design,
    metrics::{self, ScoreError},
    model::Model,
    train::{FitError, ModelKind, TrainingPlan, fit},
};

/// A deliberately overfit model and the losses an attack can see.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// The twin; never to be released, it is trained without privacy.
    pub model: Model,
    /// Losses of the rows it was trained on.
    pub members: Vec<f64>,
    /// Losses of as many rows that it never saw.
    pub non_members: Vec<f64>,
}

/// Trains the twin on half of a small random set of persons and measures it on both halves.
///
/// Every label of the set is replaced by a fair coin: there is nothing to learn, so whatever the
/// twin knows of a row it remembers, and an attack that cannot catch it cannot catch anything.
/// (With the true labels an overfit twin hides on easy data: on the Adult table its area under the
/// curve is 0.6, though every training row is known by heart.)
/// Without privacy, with a wide hidden layer and many epochs. `persons` bounds the set (at least 2
/// are needed); 400 are plenty.
pub fn overfit_twin(
    design: &Design,
    persons: u32,
    entropy: &mut dyn Entropy,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Twin, FitError> {
    if design.persons < 2 || persons < 2 {
        return Err(FitError::Empty);
    }
    let chosen = shuffled(design.persons, entropy);
    let half = (persons.min(design.persons) / 2) as usize;
    let (members, rest) = chosen.split_at_checked(half).ok_or(FitError::Empty)?;
    let others = rest.get(..half).ok_or(FitError::Empty)?;
    let (mut inside, mut outside) = (part(design, members), part(design, others));
    for label in inside.y.iter_mut().chain(&mut outside.y) {
        *label = u8::from(entropy.below(2) == 1);
    }
    let model = fit(&inside, &greedy_plan(inside.persons), entropy, progress)?;
    let losses = |part: &Design| model.losses(part).map_err(|_| FitError::Shape);
    Ok(Twin {
        members: losses(&inside)?,
        non_members: losses(&outside)?,
        model,
    })
}

/// The mean loss of each person, so that a person with many rows counts once.
pub fn losses_by_person(model: &Model, design: &Design) -> Result<Vec<f64>, ScoreError> {
    let losses = model.losses(design).map_err(|_| ScoreError::Length)?;
    Ok(metrics::mean_by_person(&losses, design))
}

fn greedy_plan(persons: u32) -> TrainingPlan {
    TrainingPlan {
        model: ModelKind::Mlp { hidden: vec![64] },
        epochs: 400.0,
        batch: 16.min(persons),
        clip: 1.0,
        learning_rate: 0.1,
        momentum: 0.9,
        privacy: None,
        knots: 0,
        averaging: false,
    }
}

fn part(design: &Design, persons: &[u32]) -> Design {
    let chosen: std::collections::BTreeSet<u32> = persons.iter().copied().collect();
    design.of_persons(|person| chosen.contains(&person))
}

/// All persons in random order (Fisher, Yates).
fn shuffled(persons: u32, entropy: &mut dyn Entropy) -> Vec<u32> {
    let mut order: Vec<u32> = (0..persons).collect();
    for last in (1..order.len()).rev() {
        let other = usize::try_from(entropy.below(last as u64 + 1)).unwrap_or(last);
        order.swap(last, other);
    }
    order
}

#[cfg(test)]
mod tests {
    use privacy::attack::{Attack, Evidence, Limits, Verdict};

    use super::*;
    use crate::train::tests::{Stream, design, plan};

    #[test]
    fn the_twin_is_caught_and_a_plain_model_is_not() {
        let mut entropy = Stream::new(5);
        let train = design(800, 30, |row| row, &mut entropy);
        let test = design(800, 30, |row| row, &mut entropy);
        let twin = overfit_twin(&train, 300, &mut entropy, &mut |_, _| ()).unwrap();
        let model = fit(&train, &plan(None), &mut entropy, &mut |_, _| ()).unwrap();
        let attack = |members: &[f64], others: &[f64]| Attack::on_losses(members, others).unwrap();
        let evidence = Evidence {
            model: attack(
                &model.losses(&train).unwrap(),
                &model.losses(&test).unwrap(),
            ),
            control: attack(&twin.members, &twin.non_members),
            limits: Limits::default(),
        };
        assert!(
            evidence.control.auc.value > 0.7,
            "{}",
            evidence.control.auc.value
        );
        assert_eq!(evidence.verdict(), Verdict::Holds);
    }

    #[test]
    fn one_person_is_too_few_for_a_twin() {
        let train = design(3, 5, |_| 0, &mut Stream::new(5));
        let refused = overfit_twin(&train, 100, &mut Stream::new(1), &mut |_, _| ());
        assert_eq!(refused.unwrap_err(), FitError::Empty);
    }
}
