//! Small drawings as inline SVG: dark on white, two colours that everybody can tell apart,
//! labels at the marks instead of legends, and nothing that is not data.

mod canvas;
mod dots;
mod line;
mod pairs;
mod stack;

pub(crate) use dots::{Dot, Dots};
pub(crate) use line::Line;
pub(crate) use pairs::{Pair, Pairs};
pub(crate) use stack::{Part, Stack};
