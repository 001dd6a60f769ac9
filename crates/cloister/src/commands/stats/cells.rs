//! Public cells on the command line: `COLUMN=WORD|WORD` or `COLUMN=EDGE..EDGE..EDGE`.

use flow::statistics::Axis;

use crate::{codes, failure::Failure};

/// One axis of a table of counts.
pub(super) fn axis(text: &str) -> Result<Axis, Failure> {
    let (column, cells) = text
        .split_once('=')
        .ok_or_else(|| wrong("cells are COLUMN=WORD|WORD or COLUMN=EDGE..EDGE"))?;
    let column = column.trim().to_owned();
    if cells.contains("..") {
        let edges: Result<Vec<f64>, _> =
            cells.split("..").map(|edge| edge.trim().parse()).collect();
        let edges = edges.map_err(|_| wrong("an edge is not a number"))?;
        return Ok(Axis::Edges { column, edges });
    }
    let words = cells
        .split('|')
        .map(|word| word.trim().to_owned())
        .collect();
    Ok(Axis::Words { column, words })
}

/// A question that does not parse.
pub(super) fn wrong(what: &str) -> Failure {
    Failure::new(codes::WORDS, what, "see `cloister stats --help`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_edges_are_told_apart() {
        let words = axis("sex=Female|Male").unwrap();
        assert!(matches!(words, Axis::Words { ref words, .. } if words.len() == 2));
        let edges = axis("age=0..18..65").unwrap();
        assert!(matches!(edges, Axis::Edges { ref edges, .. } if edges == &[0.0, 18.0, 65.0]));
        assert!(axis("age").is_err() && axis("age=a..b").is_err());
    }
}
