use serde_json::Value;

use super::*;
use crate::SeededEntropy;

fn root(seed: u64) -> RootKey {
    RootKey::generate(&mut SeededEntropy::new(seed))
}

fn shares(threshold: u8, count: u8, seed: u64) -> (RootKey, Vec<Share>) {
    let root = root(seed);
    let shares = split(&root, threshold, count, &mut SeededEntropy::new(seed + 100)).unwrap();
    (root, shares)
}

/// The vectors of SLIP-0039 (trezor/python-shamir-mnemonic, `vectors.json`, MIT licence): each a
/// list of shares with the secret they make under the passphrase `TREZOR`, empty when they must be
/// refused. Sets in groups are refused here whether they are sound or not.
#[test]
fn the_vectors_of_the_standard_hold() {
    let vectors: Vec<(Vec<String>, String)> =
        serde_json::from_str::<Vec<Value>>(include_str!("../../tests/data/slip-0039.json"))
            .unwrap()
            .into_iter()
            .map(|vector| serde_json::from_value(vector).unwrap())
            .collect();
    let (mut joined, mut refused) = (0, 0);
    for (lines, secret) in vectors {
        let shares: Result<Vec<Share>, ShareError> =
            lines.iter().map(|line| line.parse()).collect();
        let found = shares.and_then(|shares| join_secret(&shares, b"TREZOR"));
        match found {
            Ok(found) => {
                assert_eq!(found.as_slice(), crate::vectors::hex(&secret), "{lines:?}");
                joined += 1;
            }
            Err(error) => {
                assert!(
                    secret.is_empty() || error == ShareError::Groups,
                    "{lines:?}: {error}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!((joined, refused), (9, 36));
}

#[test]
fn any_three_of_five_give_the_key_back_and_no_two_do() {
    let (root, shares) = shares(3, 5, 1);
    for one in 0..5 {
        for two in 0..5 {
            for three in 0..5 {
                let chosen = [one, two, three].map(|at| shares[at].clone());
                let different = one != two && two != three && one != three;
                match join(&chosen) {
                    Ok(found) => assert!(different && found.bytes() == root.bytes()),
                    Err(error) => assert!(!different, "{error}"),
                }
            }
            let two = [one, two].map(|at| shares[at].clone());
            assert!(join(&two).is_err());
        }
    }
    assert_eq!(
        join(&shares).unwrap().bytes(),
        root.bytes(),
        "more than it takes"
    );
}

#[test]
fn a_share_is_printed_as_words_and_read_back() {
    let (_, shares) = shares(2, 16, 2);
    for share in &shares {
        let line = share.to_string();
        assert_eq!(line.split(' ').count(), 33);
        let read: Share = line.to_uppercase().parse().unwrap();
        assert_eq!(read.to_string(), line);
        assert_eq!((read.number(), read.set()), (share.number(), share.set()));
    }
    let heads: Vec<String> = shares
        .iter()
        .map(|share| share.to_string().split(' ').take(2).collect())
        .collect();
    assert!(heads.iter().all(|head| *head == heads[0]));
}

#[test]
fn every_wrong_word_is_noticed() {
    let (_, shares) = shares(2, 3, 3);
    let line = shares[0].to_string();
    let words: Vec<&str> = line.split(' ').collect();
    for place in 0..words.len() {
        let mut changed = words.clone();
        changed[place] = if words[place] == "academic" {
            "acid"
        } else {
            "academic"
        };
        assert_eq!(
            changed.join(" ").parse::<Share>().unwrap_err(),
            ShareError::Checksum
        );
        changed[place] = "cloister";
        let expected = ShareError::Word { place: place + 1 };
        assert_eq!(changed.join(" ").parse::<Share>().unwrap_err(), expected);
        if place > 0 && words[place] != words[place - 1] {
            let mut swapped = words.clone();
            swapped.swap(place, place - 1);
            assert!(swapped.join(" ").parse::<Share>().is_err());
        }
    }
    let error = words[1..].join(" ").parse::<Share>().unwrap_err();
    assert_eq!(error, ShareError::Length { found: 32 });
}

#[test]
fn missing_foreign_doubled_and_made_up_shares_are_refused_by_number() {
    let (_, ours) = shares(3, 5, 4);
    let (_, theirs) = shares(3, 5, 5);
    let [one, two, three, stranger] = [&ours[0], &ours[1], &ours[4], &theirs[2]].map(Share::clone);

    let missing = join(&[one.clone(), three.clone()]).unwrap_err();
    let set = one.set();
    assert_eq!(
        missing.to_string(),
        format!("2 of the set {set} were given (number 1, 5), and it takes 3")
    );
    let foreign = join(&[one.clone(), two.clone(), stranger]).unwrap_err();
    assert!(matches!(foreign, ShareError::Foreign { number: 3, .. }));
    let twice = join(&[one.clone(), two.clone(), two.clone()]).unwrap_err();
    assert_eq!(twice, ShareError::Twice { number: 2 });
    let mut made_up = three;
    made_up.value[3] ^= 1;
    assert_eq!(join(&[one, two, made_up]).unwrap_err(), ShareError::Unfit);
}

#[test]
fn impossible_ways_to_share_are_refused() {
    let root = root(6);
    for (threshold, count) in [(1, 1), (0, 3), (1, 5), (4, 3), (2, 17), (2, 1)] {
        let refused = split(&root, threshold, count, &mut SeededEntropy::new(1));
        assert_eq!(
            refused.unwrap_err(),
            ShareError::Count,
            "{threshold} of {count}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_line_of_words_makes_a_share_panic(words in proptest::collection::vec(0_u16..1024, 0..40)) {
        drop(words::line(&words).parse::<Share>());
        drop(Share::of_numbers(&words));
    }
}
