use std::ops::Range;

use super::{
    encoder::Encoder,
    tokenizer::{Piece, Tokenizer},
};

/// A stretch of pieces that is read at once, and those of it whose answer counts.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    read: Range<usize>,
    own: Range<usize>,
}

/// The share of every label for every piece: long texts are read in windows that overlap by a
/// quarter, and a piece is judged where most stands around it.
pub(super) fn probabilities(
    encoder: &Encoder,
    tokenizer: &Tokenizer,
    pieces: &[Piece],
) -> Vec<Vec<f32>> {
    let mut shares = Vec::with_capacity(pieces.len());
    for window in windows(pieces.len(), encoder.window().saturating_sub(2)) {
        let inside = pieces.get(window.read.clone()).unwrap_or_default();
        let mut tokens = vec![tokenizer.opening];
        tokens.extend(inside.iter().map(|piece| piece.id));
        tokens.push(tokenizer.closing);
        let rows = encoder.shares(&tokens);
        let skipped = 1 + window.own.start.saturating_sub(window.read.start);
        let own = rows.outer_iter().skip(skipped).take(window.own.len());
        shares.extend(own.map(|row| row.to_vec()));
    }
    shares
}

fn windows(count: usize, room: usize) -> Vec<Window> {
    let overlap = room / 4;
    let mut windows: Vec<Window> = Vec::new();
    let mut start = 0;
    while start < count {
        let end = start.saturating_add(room).min(count);
        // The last window is as long as the others.
        let first = if windows.is_empty() {
            start
        } else {
            end.saturating_sub(room)
        };
        let from = windows.last_mut().map_or(0, |last| {
            let middle = usize::midpoint(first, last.read.end);
            last.own.end = middle;
            middle
        });
        windows.push(Window {
            read: first..end,
            own: from..end,
        });
        if end == count {
            break;
        }
        start = end.saturating_sub(overlap).max(start + 1);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_judged_once_and_away_from_the_edges() {
        for (count, room) in [
            (0, 8),
            (5, 8),
            (8, 8),
            (9, 8),
            (100, 8),
            (1000, 510),
            (510, 510),
        ] {
            let windows = windows(count, room);
            let own: Vec<usize> = windows
                .iter()
                .flat_map(|window| window.own.clone())
                .collect();
            assert_eq!(own, (0..count).collect::<Vec<_>>());
            for window in &windows {
                assert!(window.read.len() <= room);
                let edge = |at: usize| at == 0 || at == count;
                assert!(edge(window.own.start) || window.own.start > window.read.start);
                assert!(edge(window.own.end) || window.own.end < window.read.end);
            }
        }
    }
}
