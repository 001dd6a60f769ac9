//! Shadow models: trained like the model under test, on random parts of the same persons.

use domain::Entropy;
use privacy::attack::Shadows;

use crate::{
    features::Design,
    model::Model,
    train::{FitError, TrainingPlan, fit},
};

/// Two tables as one: the persons of the second come after those of the first.
///
/// Refuses tables of different width.
pub fn pool(first: &Design, second: &Design) -> Result<Design, FitError> {
    if first.dim != second.dim {
        return Err(FitError::Shape);
    }
    let mut both = first.clone();
    both.rows += second.rows;
    both.x.extend_from_slice(&second.x);
    both.y.extend_from_slice(&second.y);
    let moved = second
        .person_of_row
        .iter()
        .map(|person| person + first.persons);
    both.person_of_row.extend(moved);
    both.persons += second.persons;
    Ok(both)
}

/// The log-odds of each person's true labels, the mean over the person's rows: what an attack
/// looks at. Persons without a row get 0.
///
/// Log-odds are cut at 500 either way, where probabilities are 0 and 1 to every digit.
pub fn signals(model: &Model, design: &Design) -> Result<Vec<f64>, FitError> {
    let losses = model.losses(design).map_err(|_| FitError::Shape)?;
    let by_row: Vec<f64> = losses.iter().map(|loss| log_odds(*loss)).collect();
    let mut signals = Vec::with_capacity(design.persons as usize);
    for rows in design.rows_of_persons() {
        let own = rows.iter().filter_map(|row| by_row.get(*row as usize));
        signals.push(own.sum::<f64>() / (rows.len().max(1)) as f64);
    }
    Ok(signals)
}

/// The log-odds `z` of the loss `ln(1 + e^-z)`.
fn log_odds(loss: f64) -> f64 {
    (-libm::log(libm::expm1(loss))).clamp(-500.0, 500.0)
}

/// Trains `count` shadow models by a plan, each on `members` persons of the pool drawn at random.
///
/// With as many members as the model under test had, the plan's sampling rate and steps are the
/// same, and so is its guarantee. `progress` is called after each model.
pub fn shadows(
    pool: &Design,
    plan: &TrainingPlan,
    members: u32,
    count: u32,
    entropy: &mut dyn Entropy,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Shadows, FitError> {
    if members == 0 || members >= pool.persons {
        return Err(FitError::Empty);
    }
    let mut shadows = Shadows::new(pool.persons as usize);
    for number in 1..=count {
        let inside = some_of(pool.persons, members, entropy);
        let own = pool.of_persons(|person| inside.get(person as usize).copied().unwrap_or(false));
        let model = fit(&own, plan, entropy, &mut |_, _| ())?;
        shadows
            .push(signals(&model, pool)?, inside)
            .map_err(|_| FitError::Diverged)?;
        progress(u64::from(number), u64::from(count));
    }
    Ok(shadows)
}

/// Marks `chosen` of `persons`, each set as likely as any other (Knuth, algorithm S).
pub(super) fn some_of(persons: u32, chosen: u32, entropy: &mut dyn Entropy) -> Vec<bool> {
    let (mut left, mut wanted) = (u64::from(persons), u64::from(chosen));
    (0..persons)
        .map(|_| {
            let take = entropy.below(left) < wanted;
            left -= 1;
            wanted -= u64::from(take);
            take
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{
        Privacy,
        tests::{Stream, design, plan},
    };

    #[test]
    fn log_odds_come_back_from_losses() {
        for z in [-40.0, -2.0, 0.0, 3.0, 30.0] {
            let loss = f64::max(-z, 0.0) + libm::log1p(libm::exp(-f64::abs(z)));
            assert!((log_odds(loss) - z).abs() < 1e-6, "{z}");
        }
        assert_eq!(log_odds(0.0), 500.0);
    }

    #[test]
    fn exactly_as_many_are_chosen_as_asked() {
        let mut entropy = Stream::new(1);
        for chosen in [1, 5, 9] {
            let marks = some_of(10, chosen, &mut entropy);
            assert_eq!(marks.iter().filter(|mark| **mark).count(), chosen as usize);
        }
    }

    #[test]
    fn shadows_of_a_private_plan_catch_nobody_and_those_of_a_greedy_one_do() {
        let mut entropy = Stream::new(7);
        let pool = design(400, 60, |row| row, &mut entropy);
        let caught = |privacy, epochs: f64, entropy: &mut Stream| {
            let plan = TrainingPlan {
                epochs,
                batch: 32,
                ..plan(privacy)
            };
            let shadows = shadows(&pool, &plan, 200, 12, entropy, &mut |_, _| ()).unwrap();
            shadows.lira().attack().unwrap().auc.value
        };
        let greedy = caught(None, 100.0, &mut entropy);
        let private = caught(Some(Privacy { sigma: 4.0 }), 5.0, &mut entropy);
        assert!(greedy > 0.6, "{greedy}");
        assert!((private - 0.5).abs() < 0.04, "{private}");
    }

    #[test]
    fn a_pool_holds_both_tables_and_keeps_persons_apart() {
        let mut entropy = Stream::new(3);
        let (one, two) = (
            design(6, 4, |row| row / 2, &mut entropy),
            design(4, 4, |row| row, &mut entropy),
        );
        let both = pool(&one, &two).unwrap();
        assert_eq!((both.rows, both.persons), (10, 7));
        assert_eq!(both.row(7), two.row(1));
        assert_eq!(both.person_of_row[6..], [3, 4, 5, 6]);
        assert!(pool(&one, &design(4, 5, |row| row, &mut entropy)).is_err());
    }
}
