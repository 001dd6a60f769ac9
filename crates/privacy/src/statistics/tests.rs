use std::{cell::Cell, rc::Rc};

use super::*;
use crate::mechanism::tests::Stream;

fn pure(epsilon: f64) -> Spend {
    Spend::Pure(Epsilon::new(epsilon).unwrap())
}

fn ask(question: Question, spend: Spend, rows: Rows<'_>, seed: u64) -> Answer {
    let count = match rows {
        Rows::Bare(rows) => rows,
        Rows::Numbers(numbers) => numbers.len(),
        Rows::Cells(cells) => cells.len(),
    };
    let counted = Contribution::of_rows(count);
    let plan = Statistic::plan(question, 1, spend).unwrap();
    plan.answer(rows, &counted, Box::new(Stream::new(seed)))
        .unwrap()
}

/// Counts what is drawn from it.
struct Counted(Stream, Rc<Cell<usize>>);

impl Entropy for Counted {
    fn fill(&mut self, buffer: &mut [u8]) {
        self.1.set(self.1.get() + buffer.len());
        self.0.fill(buffer);
    }
}

#[test]
fn opendp_draws_from_the_source_it_is_given_and_from_nothing_else() {
    let plan = Statistic::plan(Question::Count, 1, pure(1.0)).unwrap();
    let answer = |seed: u64| {
        let drawn = Rc::new(Cell::new(0));
        let source = Counted(Stream::new(seed), Rc::clone(&drawn));
        let counted = Contribution::of_rows(100);
        let answer = plan
            .answer(Rows::Bare(100), &counted, Box::new(source))
            .unwrap();
        (answer.figures[0].value.unwrap(), drawn.get())
    };
    let answers: Vec<(f64, usize)> = (0..20).map(answer).collect();
    assert!(answers.iter().all(|(_, drawn)| *drawn > 0));
    let again: Vec<(f64, usize)> = (0..20).map(answer).collect();
    assert_eq!(answers, again, "the same source gives the same answers");
    assert!(answers.iter().any(|(value, _)| *value != answers[0].0));
}

#[test]
fn opendp_without_a_source_refuses_to_draw() {
    let noise: opendp::core::Measurement<_, _, opendp::measures::MaxDivergence, i64> =
        opendp::measurements::make_laplace(
            opendp::domains::AtomDomain::<i64>::default(),
            opendp::metrics::AbsoluteDistance::<i64>::default(),
            1.0,
            None,
        )
        .unwrap();
    assert!(noise.invoke(&5).is_err());
}

#[test]
fn noise_follows_laplace_and_intervals_hold() {
    let mut inside = 0;
    let mut size = 0.0;
    for seed in 0..2_000 {
        let answer = ask(Question::Count, pure(0.5), Rows::Bare(1_000), seed);
        let figure = answer.figures[0];
        let (low, high) = figure.interval.unwrap();
        inside += i32::from((low..=high).contains(&1_000.0));
        size += (figure.value.unwrap() - 1_000.0).abs();
        assert!((figure.scale - 2.0).abs() < 1e-9);
    }
    assert!((1_880..=1_980).contains(&inside), "{inside}");
    assert!((size / 2_000.0 - 2.0).abs() < 0.2, "{size}");
}

#[test]
fn a_sum_is_clamped_and_its_noise_covers_a_whole_person() {
    let numbers = vec![Some(1e9), Some(-1e9), Some(3.0), None, Some(f64::NAN)];
    let bounds = Bounds::new(-10.0, 10.0).unwrap();
    let answer = ask(
        Question::Sum(bounds),
        pure(100.0),
        Rows::Numbers(&numbers),
        1,
    );
    assert!((answer.figures[0].value.unwrap() - 3.0).abs() < 2.0);
    assert!((answer.figures[0].scale - 0.1).abs() < 1e-6);
    let plan = Statistic::plan(Question::Sum(bounds), 3, pure(1.0)).unwrap();
    let persons = vec![Some("a"); 5];
    let counted = Contribution::of_persons(&persons, 3).unwrap();
    let source = Box::new(Stream::new(1));
    let answer = plan
        .answer(Rows::Numbers(&numbers), &counted, source)
        .unwrap();
    assert!((answer.figures[0].scale - 30.0).abs() < 1e-4);
}

#[test]
fn of_each_person_the_first_rows_count() {
    let persons = [Some("a"), Some("b"), Some("a"), Some("a"), None, Some("b")];
    let counted = Contribution::of_persons(&persons, 2).unwrap();
    let counts: Vec<bool> = (0..7).map(|row| counted.counts(row)).collect();
    assert_eq!(counts, [true, true, true, false, false, true, false]);
    let filtered = counted.only(|row| row != 0);
    assert!(!filtered.counts(0) && filtered.counts(2) && !filtered.counts(3));
    assert!(Contribution::of_persons(&persons, 0).is_err());
}

#[test]
fn a_mean_is_near_and_its_interval_holds_it() {
    let numbers: Vec<Option<f64>> = (0..5_000).map(|row| Some(f64::from(row % 100))).collect();
    let bounds = Bounds::new(0.0, 120.0).unwrap();
    for spend in [
        pure(1.0),
        Spend::Approximate(Epsilon::new(1.0).unwrap(), Delta::new(1e-6).unwrap()),
    ] {
        let answer = ask(Question::Mean(bounds), spend, Rows::Numbers(&numbers), 4);
        let figure = answer.figures[0];
        assert!((figure.value.unwrap() - 49.5).abs() < 0.5, "{figure:?}");
        let (low, high) = figure.interval.unwrap();
        assert!(low < 49.5 && 49.5 < high && high - low < 2.0, "{figure:?}");
    }
    let empty = ask(Question::Mean(bounds), pure(1.0), Rows::Numbers(&[]), 8);
    assert!(
        empty.figures[0]
            .value
            .is_none_or(|mean| (0.0..=120.0).contains(&mean))
    );
}

#[test]
fn a_median_is_near_within_its_rank_error() {
    let numbers: Vec<Option<f64>> = (0..4_001).map(|row| Some(f64::from(row) / 40.0)).collect();
    let question = Question::Quantile {
        bounds: Bounds::new(0.0, 200.0).unwrap(),
        alpha: 0.5,
        candidates: 1_001,
    };
    let answer = ask(question, pure(1.0), Rows::Numbers(&numbers), 3);
    let median = answer.figures[0].value.unwrap();
    let ranks = answer.rank_error.unwrap();
    assert!((median - 50.0).abs() * 40.0 <= ranks + 10.0, "{answer:?}");
    assert!(ranks < 40.0, "{ranks}");
}

#[test]
fn cells_sum_to_the_rows_that_count() {
    let cells: Vec<Option<usize>> = (0..3_000)
        .map(|row| (row % 3 < 2).then_some(row % 3))
        .collect();
    let answer = ask(Question::Cells(3), pure(2.0), Rows::Cells(&cells), 5);
    let values: Vec<f64> = answer
        .figures
        .iter()
        .map(|figure| figure.value.unwrap())
        .collect();
    for (value, expected) in values.iter().zip([1_000.0, 1_000.0, 0.0]) {
        assert!((value - expected).abs() < 20.0, "{values:?}");
    }
}

#[test]
fn what_is_charged_is_what_was_asked() {
    let event = |question, spend| Statistic::plan(question, 1, spend).unwrap().event();
    let bounds = Bounds::new(0.0, 1.0).unwrap();
    assert_eq!(
        event(Question::Mean(bounds), pure(0.7)),
        MechanismEvent::Pure { epsilon: 0.7 }
    );
    let delta = Delta::new(1e-6).unwrap();
    let spend = Spend::Approximate(Epsilon::new(0.7).unwrap(), delta);
    let charged = event(Question::Mean(bounds), spend);
    assert!(matches!(
        charged,
        MechanismEvent::Gaussian { releases: 2, .. }
    ));
    let epsilon = charged.curve().unwrap().epsilon(delta).0;
    assert!(epsilon <= 0.7 && epsilon > 0.69, "{epsilon}");
}

#[test]
fn nonsense_is_refused_before_any_data() {
    let bounds = Bounds::new(0.0, 1.0).unwrap();
    let median = |alpha, candidates| Question::Quantile {
        bounds,
        alpha,
        candidates,
    };
    for (question, rows_max) in [
        (Question::Count, 0),
        (median(1.5, 100), 1),
        (median(f64::NAN, 100), 1),
        (median(0.5, 1), 1),
        (Question::Cells(0), 1),
    ] {
        assert!(Statistic::plan(question, rows_max, pure(1.0)).is_err());
    }
    for (min, max) in [
        (1.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (0.0, f64::INFINITY),
    ] {
        assert!(Bounds::new(min, max).is_err());
    }
    let plan = Statistic::plan(Question::Count, 2, pure(1.0)).unwrap();
    let other = Contribution::of_rows(3);
    assert!(
        plan.answer(Rows::Bare(3), &other, Box::new(Stream::new(1)))
            .is_err()
    );
}
