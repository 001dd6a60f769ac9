use super::{Cover, Mark};

/// Which letters of a text matter, and which of them lie inside predictions.
#[derive(Debug)]
pub(super) struct Letters(Vec<Letter>);

#[derive(Clone, Copy, Debug)]
struct Letter {
    /// A letter or digit: punctuation and blanks reveal nothing by themselves.
    counts: bool,
    covered: bool,
}

impl Letters {
    pub(super) fn of(text: &str, found: &[Mark]) -> Self {
        let mut letters: Vec<Letter> = text
            .chars()
            .map(|letter| Letter {
                counts: letter.is_alphanumeric(),
                covered: false,
            })
            .collect();
        for mark in found {
            let range = mark.start..mark.end.min(letters.len());
            for letter in letters.get_mut(range).into_iter().flatten() {
                letter.covered = true;
            }
        }
        Self(letters)
    }

    pub(super) fn cover(&self, piece: &Mark) -> Cover {
        let stretch = self.0.get(piece.start..piece.end).unwrap_or_default();
        let counting = || stretch.iter().filter(|letter| letter.counts);
        let inside = counting().filter(|letter| letter.covered).count();
        match (inside, counting().count()) {
            (inside, all) if inside == all => Cover::Whole,
            (0, _) => Cover::Nothing,
            _ => Cover::Part,
        }
    }

    /// Letters outside of every marked piece: covered ones, and all.
    pub(super) fn outside(&self, pieces: &[Mark]) -> (u64, u64) {
        let mut inside = vec![false; self.0.len()];
        for piece in pieces.iter().filter(|piece| piece.label != super::KEEP) {
            let stretch = inside.get_mut(piece.start..piece.end).into_iter();
            stretch.flatten().for_each(|marked| *marked = true);
        }
        let (mut lost, mut all) = (0, 0);
        for (letter, inside) in self.0.iter().zip(inside) {
            if letter.counts && !inside {
                all += 1;
                lost += u64::from(letter.covered);
            }
        }
        (lost, all)
    }
}
