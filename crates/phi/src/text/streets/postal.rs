//! The shapes of postal codes.

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// The last token of the postal code that begins at `at`: `12180-1234`, `1016 DV`, `NW1 6XE`,
/// `H2Y 1H2`, `111 51`, `80-827`, `4050-262`, `160-0022`, `D-10969`. A bare number of four to six
/// digits is a code too; who asks must know that an address stands before it.
pub(super) fn postal_end(page: &Page<'_>, at: usize) -> Option<usize> {
    let token = page.at(at);
    let next = page.at(at + 1);
    match token.kind {
        Kind::Number => Some(number_end(page, at)).filter(|end| {
            *end > at
                || matches!(token.len(), 4..=6)
                    && !(next.is_sign(b'.')
                        && page.at(at + 2).kind == Kind::Number
                        && page.at(at + 2).gap == Gap::None)
        }),
        Kind::Code if next.kind == Kind::Code && next.gap == Gap::Space => {
            let shaped = is_outward(page.bytes(at)) && is_inward(page.bytes(at + 1))
                || is_shape(page.bytes(at), b"A0A") && is_shape(page.bytes(at + 1), b"0A0");
            shaped.then_some(at + 1)
        }
        Kind::Code => is_shape(page.bytes(at), b"A0A0A0").then_some(at),
        Kind::Initial | Kind::Upper if token.len() <= 2 => {
            let joined = next.is_sign(b'-') && next.gap == Gap::None;
            let number = page.at(at + 2);
            (joined && number.kind == Kind::Number && number.gap == Gap::None && number.len() >= 4)
                .then_some(at + 2)
        }
        _ => None,
    }
}

fn number_end(page: &Page<'_>, at: usize) -> usize {
    let token = page.at(at);
    let (next, third) = (page.at(at + 1), page.at(at + 2));
    let dash = next.is_sign(b'-')
        && next.gap == Gap::None
        && third.kind == Kind::Number
        && third.gap == Gap::None;
    let dashed = dash && matches!((token.len(), third.len()), (5, 4 | 3) | (4 | 2, 3) | (3, 4));
    let spaced =
        next.gap == Gap::Space && next.kind == Kind::Number && (token.len(), next.len()) == (3, 2);
    let letters = token.len() == 4
        && next.gap == Gap::Space
        && next.kind == Kind::Upper
        && next.len() == 2
        && page.at(at + 2).is_capital();
    if dashed {
        at + 2
    } else {
        at + usize::from(spaced || letters)
    }
}

fn is_outward(word: &[u8]) -> bool {
    [&b"A0"[..], b"A00", b"AA0", b"AA00", b"A0A", b"AA0A"]
        .iter()
        .any(|shape| is_shape(word, shape))
}

fn is_inward(word: &[u8]) -> bool {
    is_shape(word, b"0AA")
}

/// Whether a word has the shape: `A` a letter, `0` a digit.
fn is_shape(word: &[u8], shape: &[u8]) -> bool {
    word.len() == shape.len()
        && word.iter().zip(shape).all(|(byte, kind)| {
            if *kind == b'A' {
                byte.is_ascii_alphabetic()
            } else {
                byte.is_ascii_digit()
            }
        })
}
