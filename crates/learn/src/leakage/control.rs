//! The positive control of the shadow attacks: a procedure that overfits on purpose.

use domain::Entropy;
use privacy::attack::Shadows;

use super::shadows::{signals, some_of};
use crate::{
    features::{Design, Feature},
    train::{FitError, ModelKind, TrainingPlan, fit},
};

/// How many persons of the background there are for each candidate.
const BACKGROUND: u32 = 3;

/// Shadow models of a procedure that learns by heart: each candidate has a record number among its
/// inputs, everybody of a background is labelled no, and each candidate who is inside yes, whatever
/// the truth is.
///
/// A model without a candidate says no, one with it has learnt the exception by heart; so an attack
/// that does not catch this catches nothing. It works on any table, also one whose inputs tell few
/// persons apart. (Coin flips for labels are no good control at low rates: what such a model says of
/// strangers is as wild as what it says of members is sure, and one stranger in five looks like a
/// member.)
///
/// `candidates` bounds the persons who are in or out by halves; at least 4 are needed, of a pool of
/// 16. With `count` shadows there are `candidates * count` trials.
pub fn control(
    pool: &Design,
    candidates: u32,
    count: u32,
    entropy: &mut dyn Entropy,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Shadows, FitError> {
    let candidates = candidates.min(pool.persons / (BACKGROUND + 1));
    if candidates < 4 {
        return Err(FitError::Empty);
    }
    let chosen = some_of(pool.persons, candidates * (BACKGROUND + 1), entropy);
    let few = part(pool, &chosen);
    let tested = some_of(few.persons, candidates, entropy);
    let few = numbered(&few, &tested, candidates as usize);
    let mut asked = part(&few, &tested);
    asked.y.fill(1);
    let mut shadows = Shadows::new(candidates as usize);
    for number in 1..=count {
        let inside = some_of(candidates, candidates / 2, entropy);
        let own = exceptions(&few, &tested, &inside);
        let model = fit(&own, &greedy_plan(own.persons), entropy, &mut |_, _| ())?;
        shadows
            .push(signals(&model, &asked)?, inside)
            .map_err(|_| FitError::Diverged)?;
        progress(u64::from(number), u64::from(count));
    }
    Ok(shadows)
}

/// The background, labelled no, and the candidates who are inside, labelled yes.
fn exceptions(few: &Design, tested: &[bool], inside: &[bool]) -> Design {
    let mut candidate = inside.iter();
    let wanted: Vec<Option<u8>> = tested
        .iter()
        .map(|tested| {
            if *tested {
                let inside = candidate.next().copied().unwrap_or(false);
                inside.then_some(1)
            } else {
                Some(0)
            }
        })
        .collect();
    let label = |person: u32| wanted.get(person as usize).copied().flatten();
    let mut marked = few.clone();
    for (label_of_row, person) in marked.y.iter_mut().zip(&few.person_of_row) {
        *label_of_row = label(*person).unwrap_or(0);
    }
    marked.of_persons(|person| label(person).is_some())
}

/// The table with a record number for each candidate, one column each.
fn numbered(few: &Design, tested: &[bool], candidates: usize) -> Design {
    let mut next = 0_usize;
    let numbers: Vec<Option<usize>> = tested
        .iter()
        .map(|tested| {
            let number = tested.then_some(next);
            next += usize::from(*tested);
            number
        })
        .collect();
    let mut wide = few.clone();
    wide.dim += candidates;
    wide.x = Vec::with_capacity(wide.dim * few.rows);
    for (row, person) in few.person_of_row.iter().enumerate() {
        let own = numbers.get(*person as usize).copied().flatten();
        wide.x.extend_from_slice(few.row(row));
        wide.x
            .extend((0..candidates).map(|number| f32::from(u8::from(own == Some(number)))));
    }
    wide.spec.features.push(Feature::Category {
        column: "record number".into(),
        values: (0..candidates).map(|number| number.to_string()).collect(),
    });
    wide
}

fn part(design: &Design, marks: &[bool]) -> Design {
    design.of_persons(|person| marks.get(person as usize).copied().unwrap_or(false))
}

fn greedy_plan(persons: u32) -> TrainingPlan {
    TrainingPlan {
        model: ModelKind::Logistic,
        epochs: 80.0,
        batch: 16.min(persons),
        clip: 1.0,
        learning_rate: 0.5,
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
        let shadows = control(&pool, 120, 24, &mut entropy, &mut |_, _| ()).unwrap();
        for (name, trials) in [("lira", shadows.lira()), ("rmia", shadows.rmia())] {
            let attack = trials.attack().unwrap();
            let tried = Tried {
                name: name.into(),
                procedure: attack.clone(),
                model: None,
                control: attack,
            };
            assert!(
                tried.control_fired(),
                "{name}: {:?}",
                tried.control.points[0]
            );
            let verdict = tried.verdict(&privacy::attack::Limit::NON_PRIVATE);
            assert_eq!(verdict, Verdict::Leaks, "{name}");
        }
    }

    #[test]
    fn exceptions_are_the_only_ones_labelled_yes() {
        let mut entropy = Stream::new(1);
        let few = design(8, 4, |row| row, &mut entropy);
        let tested = [true, false, false, true, false, false, true, false];
        let own = exceptions(&few, &tested, &[true, false, true]);
        assert_eq!((own.persons, &own.y[..]), (7, &[1, 0, 0, 0, 0, 1, 0][..]));
        assert_eq!(own.row(5), few.row(6));
    }

    #[test]
    fn too_small_a_pool_has_no_control() {
        let mut entropy = Stream::new(1);
        let pool = design(12, 4, |row| row, &mut entropy);
        assert!(control(&pool, 120, 2, &mut entropy, &mut |_, _| ()).is_err());
    }
}
