//! The positive control of the shadow attacks: a procedure that overfits on purpose.

use domain::Entropy;
use privacy::attack::Shadows;

use super::shadows::shadows;
use crate::{
    features::Design,
    train::{FitError, ModelKind, TrainingPlan},
};

/// Shadow models of a procedure that learns by heart: a small random set of persons with coin
/// flips for labels, a wide hidden layer, many epochs, no privacy.
///
/// What such a model knows of a row it remembers, so an attack that does not catch it catches
/// nothing. `persons` bounds the set, inside and outside together. At least 8 are needed; with
/// `count` shadows there are `persons * count` trials.
pub fn control(
    pool: &Design,
    persons: u32,
    count: u32,
    entropy: &mut dyn Entropy,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Shadows, FitError> {
    let persons = persons.min(pool.persons);
    if persons < 8 {
        return Err(FitError::Empty);
    }
    let chosen = super::shadows::some_of(pool.persons, persons, entropy);
    let mut few = pool.of_persons(|person| chosen.get(person as usize).copied().unwrap_or(false));
    for label in &mut few.y {
        *label = u8::from(entropy.below(2) == 1);
    }
    let plan = greedy_plan(persons / 2);
    shadows(&few, &plan, persons / 2, count, entropy, progress)
}

fn greedy_plan(members: u32) -> TrainingPlan {
    TrainingPlan {
        model: ModelKind::Mlp { hidden: vec![64] },
        epochs: 150.0,
        batch: 16.min(members),
        clip: 1.0,
        learning_rate: 0.1,
        momentum: 0.9,
        knots: 0,
        averaging: false,
        privacy: None,
    }
}

#[cfg(test)]
mod tests {
    use privacy::attack::{Tried, Verdict};

    use super::*;
    use crate::train::tests::{Stream, design};

    #[test]
    fn the_control_is_caught_ten_times_as_often_as_strangers_are() {
        let mut entropy = Stream::new(11);
        let pool = design(1000, 40, |row| row, &mut entropy);
        let shadows = control(&pool, 160, 16, &mut entropy, &mut |_, _| ()).unwrap();
        for (name, trials) in [("lira", shadows.lira()), ("rmia", shadows.rmia())] {
            let attack = trials.attack().unwrap();
            let tried = Tried {
                name: name.into(),
                procedure: attack.clone(),
                model: None,
                control: attack,
            };
            if name == "lira" {
                assert!(tried.control_fired(), "{:?}", tried.control.points[0]);
            }
            let verdict = tried.verdict(&privacy::attack::Limit::NON_PRIVATE);
            assert_eq!(verdict, Verdict::Leaks, "{name}");
        }
    }
}
