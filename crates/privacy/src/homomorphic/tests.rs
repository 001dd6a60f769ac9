use proptest::prelude::*;

use super::*;
use crate::mechanism::tests::Stream;

fn weights(count: usize, seed: u64) -> FixedWeights {
    let mut draws = Stream::new(seed);
    let weights: Vec<f64> = (0..count).map(|_| (draws.unit() - 0.5) / 4.0).collect();
    FixedWeights::new(0.25, &weights).unwrap()
}

fn records(count: usize, inputs: usize, seed: u64) -> Vec<Vec<i64>> {
    let mut draws = Stream::new(seed);
    let mut number = || f32::from(u16::try_from(draws.below(4097)).unwrap()) / 4096.0;
    let mut record = || -> Vec<f32> { (0..inputs).map(|_| number()).collect() };
    (0..count)
        .map(|_| fixed_record(&record()).unwrap())
        .collect()
}

fn round_trip(inputs: usize, count: usize, seed: u64) {
    let mut entropy = Stream::new(seed);
    let key = SecretKey::generate(&mut entropy);
    let public = key.public(&mut entropy).unwrap();
    let (model, records) = (weights(inputs, seed), records(count, inputs, seed + 1));
    let sent = key.encrypt([3; 32], &records, &mut entropy).unwrap();
    let sent = Batch::from_bytes(Kind::Records, &sent.to_bytes()).unwrap();
    let public = PublicKey::from_bytes(&public.to_bytes()).unwrap();

    let scorer = Scorer::new(&model).unwrap();
    let answer = scorer.score_batch(&sent, &public, &mut entropy).unwrap();
    let answer = Batch::from_bytes(Kind::Scores, &answer.to_bytes()).unwrap();

    let key = SecretKey::from_bytes(&key.to_bytes()).unwrap();
    let expected: Vec<i64> = records
        .iter()
        .map(|record| model.score(record).unwrap())
        .collect();
    assert_eq!(key.decrypt(&answer).unwrap(), expected);
    assert_eq!(answer.records(), count);
}

#[test]
fn encrypted_scores_are_the_plain_fixed_point_scores() {
    for (inputs, count) in [(1, 3), (10, 1), (100, 41), (1_000, 5), (INPUTS_MAX, 2)] {
        round_trip(inputs, count, inputs as u64);
    }
}

#[test]
fn weights_at_the_limit_still_decrypt_exactly() {
    let mut entropy = Stream::new(5);
    let key = SecretKey::generate(&mut entropy);
    let public = key.public(&mut entropy).unwrap();
    for sign in [1.0, -1.0] {
        let model = FixedWeights::new(0.0, &[sign * 255.9, sign * 256.0]).unwrap();
        let record = fixed_record(&[1.0, 1.0]).unwrap();
        let sent = key
            .encrypt([0; 32], std::slice::from_ref(&record), &mut entropy)
            .unwrap();
        let scorer = Scorer::new(&model).unwrap();
        let answer = scorer.score_batch(&sent, &public, &mut entropy).unwrap();
        let expected = model.score(&record).unwrap();
        assert_eq!(key.decrypt(&answer).unwrap(), [expected]);
        assert!((margin_of(expected) - sign * 511.9).abs() < 1e-3);
    }
}

#[test]
fn a_score_in_fixed_point_is_close_to_the_real_one() {
    let model = FixedWeights::new(-0.3, &[0.7, -1.9, 0.001]).unwrap();
    let record = fixed_record(&[0.5, 1.0, 0.25]).unwrap();
    let real = -0.3 + 0.7 * 0.5 - 1.9 + 0.001 * 0.25;
    assert!((margin_of(model.score(&record).unwrap()) - real).abs() < 4.0 * 2_f64.powi(-15));
}

#[test]
fn everything_but_the_scores_is_masked_and_fresh_each_time() {
    let mut entropy = Stream::new(6);
    let key = SecretKey::generate(&mut entropy);
    let public = key.public(&mut entropy).unwrap();
    let (model, records) = (weights(9, 1), records(3, 9, 2));
    let sent = key.encrypt([0; 32], &records, &mut entropy).unwrap();
    let scorer = Scorer::new(&model).unwrap();
    let mut messages = Vec::new();
    let mut products = Vec::new();
    for _ in 0..2 {
        let answer = scorer.score_batch(&sent, &public, &mut entropy).unwrap();
        messages.push(key.message(&answer.ciphers[0]).unwrap());
        products.push(answer.ciphers[0].second.clone());
    }
    let equal = messages[0]
        .iter()
        .zip(&messages[1])
        .enumerate()
        .filter(|(_, (one, other))| one == other)
        .map(|(place, _)| place)
        .collect::<Vec<_>>();
    assert_eq!(equal, [0, 10, 20], "the scores and nothing else come again");
    let mean = messages[0].iter().map(|m| *m as f64).sum::<f64>() / DEGREE as f64;
    let spread = messages[0]
        .iter()
        .map(|m| (*m as f64 - mean).powi(2))
        .sum::<f64>()
        / DEGREE as f64;
    let uniform = 2_f64.powi(72) / 12.0;
    assert!((spread / uniform - 1.0).abs() < 0.1, "{}", spread / uniform);
    let bare = {
        let mut second = sent.ciphers[0].second.clone();
        second *= &scorer.weights;
        second
    };
    assert_ne!(products[0], products[1], "the second polynomial is fresh");
    assert!(products.iter().all(|second| *second != bare));
}

#[test]
fn a_record_slot_that_holds_no_record_is_masked_too() {
    let mut entropy = Stream::new(7);
    let key = SecretKey::generate(&mut entropy);
    let public = key.public(&mut entropy).unwrap();
    let sent = key
        .encrypt([0; 32], &records(1, 9, 2), &mut entropy)
        .unwrap();
    let scorer = Scorer::new(&weights(9, 1)).unwrap();
    let answer = scorer.score_batch(&sent, &public, &mut entropy).unwrap();
    let again = scorer.score_batch(&sent, &public, &mut entropy).unwrap();
    let place = |batch: &Batch| key.message(&batch.ciphers[0]).unwrap()[10];
    assert_ne!(place(&answer), place(&again));
}

#[test]
fn another_key_and_another_width_are_named() {
    let mut entropy = Stream::new(8);
    let (key, other) = (
        SecretKey::generate(&mut entropy),
        SecretKey::generate(&mut entropy),
    );
    let public = key.public(&mut entropy).unwrap();
    let sent = other
        .encrypt([0; 32], &records(1, 4, 1), &mut entropy)
        .unwrap();
    let scorer = Scorer::new(&weights(4, 1)).unwrap();
    assert_eq!(
        scorer.score_batch(&sent, &public, &mut entropy),
        Err(HomomorphicError::OtherKey)
    );
    let narrow = key
        .encrypt([0; 32], &records(1, 3, 1), &mut entropy)
        .unwrap();
    let refused = scorer.score_batch(&narrow, &public, &mut entropy);
    assert_eq!(
        refused,
        Err(HomomorphicError::Width {
            found: 3,
            expected: 4
        })
    );
    assert_eq!(other.decrypt(&narrow), Err(HomomorphicError::OtherKey));
}

#[test]
fn what_does_not_fit_fixed_point_is_refused() {
    let refused = |inputs: &[f32]| fixed_record(inputs).unwrap_err();
    assert_eq!(
        refused(&[0.5, 1.01]),
        HomomorphicError::Feature { input: 2 }
    );
    assert_eq!(refused(&[f32::NAN]), HomomorphicError::Feature { input: 1 });
    assert!(matches!(
        refused(&vec![0.0; DEGREE]),
        HomomorphicError::TooWide { .. }
    ));
    for weights in [[512.0, 0.0], [300.0, -300.0], [f64::NAN, 0.0]] {
        assert_eq!(
            FixedWeights::new(0.0, &weights),
            Err(HomomorphicError::Weights)
        );
    }
}

#[test]
fn a_file_cut_off_or_lengthened_anywhere_is_refused() {
    let mut entropy = Stream::new(9);
    let key = SecretKey::generate(&mut entropy);
    let sent = key
        .encrypt([0; 32], &records(1, 4, 1), &mut entropy)
        .unwrap();
    let bytes = sent.to_bytes();
    for length in (0..200).chain([bytes.len() / 2, bytes.len() - 1]) {
        assert!(Batch::from_bytes(Kind::Records, &bytes[..length]).is_err());
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Batch::from_bytes(Kind::Records, &longer).is_err());
    assert!(Batch::from_bytes(Kind::Scores, &bytes).is_err());
    let mut large = bytes;
    let end = large.len();
    large[end - 7..].fill(0xff);
    assert!(
        Batch::from_bytes(Kind::Records, &large)
            .unwrap_err()
            .to_string()
            .contains("below its prime")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn arbitrary_bytes_never_panic(mut bytes: Vec<u8>, magic in 0..4_usize) {
        let magics: [&[u8]; 4] = [b"CLOHECT1", b"CLOHESC1", b"CLOHEPK1", b"CLOHESK1"];
        bytes.splice(0..0, magics[magic].iter().copied());
        prop_assert!(Batch::from_bytes(Kind::Records, &bytes).is_err());
        prop_assert!(Batch::from_bytes(Kind::Scores, &bytes).is_err());
        prop_assert!(PublicKey::from_bytes(&bytes).is_err());
        prop_assert!(SecretKey::from_bytes(&bytes).is_err());
    }
}
