use proptest::prelude::*;

use super::{
    decode::{Lattice, Powers},
    weights::{FEATURES, TAGS},
    *,
};

/// All sequences of tags of a length, with their scores.
fn sequences(scores: &[[i32; TAGS]], chain: &Chain) -> Vec<(i32, Vec<Tag>)> {
    let mut all = vec![(0, Vec::new())];
    for own in scores {
        all = all
            .into_iter()
            .flat_map(|(score, tags): (i32, Vec<Tag>)| {
                Tag::ALL.map(|tag| {
                    let way = chain.way(tags.last().copied(), tag);
                    let longer: Vec<Tag> = tags.iter().copied().chain([tag]).collect();
                    (score + way + own[tag as usize], longer)
                })
            })
            .collect();
    }
    all
}

fn score(scores: &[[i32; TAGS]], chain: &Chain, tags: &[Tag]) -> i32 {
    let mut previous = None;
    let mut sum = 0;
    for (own, tag) in scores.iter().zip(tags) {
        sum += chain.way(previous, *tag) + own[*tag as usize];
        previous = Some(*tag);
    }
    sum
}

fn chain(ways: &[[i16; TAGS]; TAGS + 1]) -> Chain {
    let nats = ways.map(|row| row.map(|way| f32::from(way) * 0.01));
    Weights::quantised(&[[1.27; TAGS]], &nats).chain().clone()
}

fn lattice(scores: &[[i32; TAGS]]) -> Lattice {
    let mut lattice = Lattice::default();
    for own in scores {
        lattice.push(*own);
    }
    lattice
}

fn rows() -> impl Strategy<Value = Vec<[i32; TAGS]>> {
    proptest::collection::vec(proptest::array::uniform11(-300..300_i32), 1..5)
}

fn ways() -> impl Strategy<Value = [[i16; TAGS]; TAGS + 1]> {
    proptest::array::uniform12(proptest::array::uniform11(-100..100_i16))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_best_sequence_is_the_one_brute_force_finds(scores in rows(), ways in ways(), lean in -50..50_i32) {
        let chain = chain(&ways);
        let mut tags = Vec::new();
        lattice(&scores).best(&chain, lean, &mut tags);

        let mut leaning = scores;
        for own in &mut leaning {
            own[1..].iter_mut().for_each(|score| *score += lean);
        }
        let best = sequences(&leaning, &chain).into_iter().map(|(score, _)| score).max();
        prop_assert_eq!(Some(score(&leaning, &chain, &tags)), best);
    }

    #[test]
    fn the_posterior_is_the_share_brute_force_counts(scores in rows(), ways in ways()) {
        let chain = chain(&ways);
        let mut lattice = lattice(&scores);
        lattice.posterior(&Powers::of(&chain, 0.01), 0.01);
        let weigh = |score: i32| if score < Chain::NEVER / 2 { 0.0 } else { (f64::from(score) * 0.01).exp() };

        let all = sequences(&scores, &chain);
        let total: f64 = all.iter().map(|(score, _)| weigh(*score)).sum();
        for place in 0..scores.len() {
            let outside = all.iter().filter(|(_, tags)| tags[place] == Tag::Outside);
            let share = outside.map(|(score, _)| weigh(*score)).sum::<f64>() / total;
            let found = f64::from(lattice.outside(place..place + 1));
            prop_assert!((found - share).abs() < 1e-3, "{} {}", found, share);
        }
    }

    #[test]
    fn an_inside_never_stands_alone(scores in rows(), ways in ways()) {
        let mut tags = Vec::new();
        lattice(&scores).best(&chain(&ways), 0, &mut tags);
        let before = std::iter::once(None).chain(tags.iter().copied().map(Some));
        for (previous, tag) in before.zip(&tags) {
            prop_assert!(tag.follows(previous));
        }
    }
}

fn some_weights() -> Weights {
    let mut rows = vec![[0.0; TAGS]; FEATURES];
    for (place, row) in rows.iter_mut().enumerate() {
        row[place % TAGS] = (place % 100) as f32 / 40.0 - 1.0;
    }
    Weights::quantised(&rows, &[[0.5; TAGS]; TAGS + 1])
}

#[test]
fn weights_come_back_from_their_bytes() {
    let weights = some_weights();
    assert_eq!(Weights::read(&weights.bytes()), Ok(weights));
}

#[test]
fn damaged_weights_are_refused() {
    let bytes = some_weights().bytes();
    for place in (0..bytes.len()).step_by(9973).chain(0..160) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        assert!(Weights::read(&damaged).is_err(), "{place}");
    }
    for length in [0, 7, 20, 140, bytes.len() - 1] {
        assert!(Weights::read(&bytes[..length]).is_err(), "{length}");
    }
    let mut newer = bytes;
    newer[8] = 3;
    assert_eq!(
        Weights::read(&newer),
        Err(WeightsError::Version { found: 3 })
    );
}

fn names(text: &str) -> Vec<&str> {
    let engine = crate::text::TextEngine::new();
    let findings = engine.scan(text, None);
    assert_eq!(findings, engine.scan(text, None));
    findings
        .iter()
        .map(|finding| text.get(finding.range()).unwrap())
        .collect()
}

#[test]
fn names_that_no_list_and_no_cue_gives_away_are_found() {
    assert_eq!(
        names("Brelindra told Ovastin that the clinic was closed."),
        ["Brelindra", "Ovastin"]
    );
}

#[test]
fn drugs_tests_and_abbreviations_that_no_list_knows_stay() {
    let none: [&str; 0] = [];
    assert_eq!(
        names("He was given Zelvonax 25 mg and Corbitrel p.r.n. Her ZRT was low."),
        none
    );
}

#[test]
fn built_in_weights_are_whole() {
    assert!(Tagger::built_in().is_some());
}

#[test]
fn the_exponential_is_close_to_the_exact_one() {
    for step in -250..50 {
        let x = step as f32 / 10.0;
        assert!((exp(x) - x.exp()).abs() <= 2e-3 * x.exp(), "{x}");
    }
}
