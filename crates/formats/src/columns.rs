//! Which columns of a file are taken in.

use std::collections::BTreeMap;

use crate::{Limits, ReadError, ReadErrorKind};

/// The columns taken in, by their position in the file, and the names of the others.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) kept: Vec<usize>,
    pub(crate) dropped: Vec<String>,
}

/// Chooses `wanted` (all, if `None`) among `names`; refuses two equal names and an absent one.
pub(crate) fn select(
    file: &str,
    names: &[String],
    wanted: Option<&[String]>,
    limits: &Limits,
) -> Result<Selection, ReadError> {
    if names.len() > limits.columns {
        let limit = limits.columns;
        return Err(ReadError::new(
            file,
            ReadErrorKind::TooManyColumns { limit },
        ));
    }
    let places = places(file, names)?;
    if let Some(column) = wanted
        .into_iter()
        .flatten()
        .find(|column| !places.contains_key(column.as_str()))
    {
        let column = column.clone();
        return Err(ReadError::new(
            file,
            ReadErrorKind::MissingColumn { column },
        ));
    }
    Ok(split(names, wanted))
}

fn places<'n>(file: &str, names: &'n [String]) -> Result<BTreeMap<&'n str, usize>, ReadError> {
    let mut places = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = places.insert(name.as_str(), index) {
            let kind = ReadErrorKind::DuplicateColumn {
                first: first + 1,
                second: index + 1,
            };
            return Err(ReadError::new(file, kind));
        }
    }
    Ok(places)
}

fn split(names: &[String], wanted: Option<&[String]>) -> Selection {
    let mut selection = Selection {
        kept: Vec::new(),
        dropped: Vec::new(),
    };
    for (index, name) in names.iter().enumerate() {
        if wanted.is_none_or(|wanted| wanted.contains(name)) {
            selection.kept.push(index);
        } else {
            selection.dropped.push(name.clone());
        }
    }
    selection
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unwanted_columns_are_dropped_by_name() {
        let wanted = names(&["c", "a"]);
        let selection = select(
            "x",
            &names(&["a", "b", "c"]),
            Some(&wanted),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(selection.kept, [0, 2]);
        assert_eq!(selection.dropped, ["b"]);
    }

    #[test]
    fn equal_names_are_refused_by_position() {
        let error = select("x", &names(&["a", "b", "a"]), None, &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "`x`: columns 1 and 3 have the same name");
    }
}
