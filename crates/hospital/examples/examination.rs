//! Prints a few pieces of every family of the examination, development half.
#![expect(
    clippy::print_stdout,
    reason = "an example speaks to the person who runs it"
)]

use cloister_hospital::examination::{Examination, Half, Theme};

fn main() {
    let examination = Examination::new();
    for theme in Theme::ALL {
        for piece in examination.pieces(1, theme, Half::Development, 14) {
            println!("--- {} {}\n{}", piece.id, piece.group, piece.text);
        }
    }
}
