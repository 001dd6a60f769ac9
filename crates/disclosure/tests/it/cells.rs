use cloister_disclosure::cells::{Cell, Published, suppress};
use proptest::prelude::*;

const THRESHOLD: u64 = 11;

fn publish(counts: &[u64]) -> Published {
    let labelled: Vec<_> = counts
        .iter()
        .enumerate()
        .map(|(at, &count)| (format!("group {at}"), count))
        .collect();
    suppress(&labelled, THRESHOLD)
}

fn shown(published: &Published) -> Vec<Option<u64>> {
    published
        .cells
        .iter()
        .map(|(_, cell)| cell.count())
        .collect()
}

#[test]
fn large_cells_and_zeros_are_shown() {
    let published = publish(&[520, 0, 480]);
    assert_eq!(shown(&published), [Some(520), Some(0), Some(480)]);
    assert_eq!(published.total, Cell::Shown(1_000));
}

#[test]
fn one_small_cell_takes_the_smallest_other_with_it() {
    let published = publish(&[520, 3, 480]);
    assert_eq!(shown(&published), [Some(520), None, None]);
    assert_eq!(published.total, Cell::Shown(1_003));
}

#[test]
fn eleven_single_persons_are_not_given_away_by_their_sum() {
    let mut counts = vec![1; 11];
    counts.push(40);
    let published = publish(&counts);
    assert_eq!(published.cells[11].1, Cell::Hidden);
}

#[test]
fn without_enough_cells_to_hide_behind_the_total_is_hidden() {
    for counts in [&[3][..], &[3, 4], &[0, 5, 0], &[3, 11, 0][..2], &[1; 8]] {
        let published = publish(counts);
        let small_total = counts.iter().sum::<u64>() < 14;
        assert_eq!(published.total == Cell::Hidden, small_total, "{counts:?}");
    }
    assert_eq!(publish(&[u64::MAX, 20]).total, Cell::Hidden);
    assert_eq!(publish(&[]).total, Cell::Shown(0));
}

proptest! {
    #[test]
    fn no_hidden_cell_can_be_worked_out(
        counts in prop::collection::vec(prop_oneof![0_u64..15, 0_u64..200], 0..12),
    ) {
        let published = publish(&counts);
        for (&count, cell) in counts.iter().zip(shown(&published)) {
            prop_assert!(cell.is_none() || cell == Some(count));
            prop_assert!(cell.is_none() || count == 0 || count >= THRESHOLD);
        }
        let hidden = shown(&published).iter().filter(|cell| cell.is_none()).count() as u64;
        if let (Some(total), true) = (published.total.count(), hidden > 0) {
            // What a reader knows: the sum of the hidden cells, and that each is at least 1. The
            // most one of them can be is the sum with the others at 1.
            let rest: u64 = shown(&published).into_iter().flatten().sum();
            let most = (total - rest) - (hidden - 1);
            prop_assert!(hidden >= 2 && most >= THRESHOLD);
        }
        let total: u64 = counts.iter().sum();
        prop_assert!(published.total == Cell::Hidden || published.total == Cell::Shown(total));
        prop_assert!(hidden > 0 || published.total == Cell::Shown(total));
    }
}
