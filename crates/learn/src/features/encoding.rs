//! Rows of features from columns.

use std::collections::BTreeMap;

use super::{Design, EncodeError, Feature, FeatureSpec, Scale};

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Cells as text; white space around them is ignored, an empty cell is missing.
    Text(&'a [Option<&'a str>]),
    /// Cells as numbers; what is not a number is missing.
    Number(&'a [Option<f64>]),
}

impl Values<'_> {
    /// How many cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell as text; a whole number has no decimal point.
    pub(crate) fn text(&self, row: usize) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Text(cells) => present(cells, row).map(Into::into),
            Self::Number(cells) => number_at(cells, row).map(|number| number.to_string().into()),
        }
    }

    /// The cell as a number; an error when text is there that is none.
    fn number(&self, row: usize) -> Result<Option<f64>, ()> {
        match self {
            Self::Number(cells) => Ok(number_at(cells, row)),
            Self::Text(cells) => match present(cells, row) {
                None => Ok(None),
                Some(text) => match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(Some(number)),
                    _ => Err(()),
                },
            },
        }
    }
}

/// Encodes a table; without persons each row is a person of its own.
///
/// # Guarantee
/// A row's numbers depend on that row and on the feature list only.
/// Missing cells: see [`Feature`]. A missing label or person is an error, not a guess.
pub fn encode(
    spec: &FeatureSpec,
    columns: &BTreeMap<&str, Values<'_>>,
    persons: Option<&[Option<&str>]>,
) -> Result<Design, EncodeError> {
    spec.check()?;
    let target = column(columns, &spec.target.column)?;
    let rows = target.len();
    if u32::try_from(rows).is_err() {
        return Err(EncodeError::TooManyRows);
    }
    let y = labels(spec, target, rows)?;
    let x = numbers(spec, columns, rows)?;
    let (person_of_row, count) = number_persons(persons, rows)?;
    Ok(Design {
        rows,
        dim: spec.dimension(),
        x,
        y,
        targets: Vec::new(),
        person_of_row,
        persons: count,
        spec: spec.clone(),
    })
}

/// Encodes rows without a target, for prediction: `rows x dimension` numbers.
pub fn encode_features(
    spec: &FeatureSpec,
    columns: &BTreeMap<&str, Values<'_>>,
) -> Result<Vec<f32>, EncodeError> {
    spec.check()?;
    let first = spec
        .features
        .first()
        .map(Feature::column)
        .unwrap_or_default();
    numbers(spec, columns, column(columns, first)?.len())
}

/// Gives a design number targets from a column: clamped to the public range, as shares of it.
///
/// The labels become whether the target lies above the middle of the range. A missing target is an
/// error, and so is one that is no number.
pub fn encode_target(
    design: &mut Design,
    values: &Values<'_>,
    range: (f64, f64),
) -> Result<(), EncodeError> {
    let name = design.spec.target.column.clone();
    check_length(&name, values, design.rows)?;
    let (min, max) = range;
    if !(min.is_finite() && max.is_finite() && min < max) {
        return Err(EncodeError::Bounds { column: name });
    }
    let mut targets = Vec::with_capacity(design.rows);
    for row in 0..design.rows {
        let number = values.number(row).map_err(|()| EncodeError::NotANumber {
            column: name.clone(),
            row,
        })?;
        let number = number.ok_or(EncodeError::NoTarget { row })?;
        targets.push(to_grid(spread(number, min, max, Scale::Linear)));
    }
    design.y = targets.iter().map(|share| u8::from(*share > 0.5)).collect();
    design.targets = targets;
    Ok(())
}

fn numbers(
    spec: &FeatureSpec,
    columns: &BTreeMap<&str, Values<'_>>,
    rows: usize,
) -> Result<Vec<f32>, EncodeError> {
    let dim = spec.dimension();
    let mut x = vec![0.0; rows.saturating_mul(dim)];
    let mut offset = 0;
    for feature in &spec.features {
        let values = column(columns, feature.column())?;
        check_length(feature.column(), values, rows)?;
        for (row, slots) in x.chunks_exact_mut(dim).enumerate() {
            let slots = slots.get_mut(offset..).unwrap_or_default();
            write(feature, values, row, slots)?;
        }
        offset += feature.width();
    }
    Ok(x)
}

fn write(
    feature: &Feature,
    values: &Values<'_>,
    row: usize,
    slots: &mut [f32],
) -> Result<(), EncodeError> {
    match feature {
        Feature::Number { .. } => {
            let share = feature.share_of(values, row)?;
            if let [value, missing, ..] = slots {
                *value = to_grid(share.unwrap_or(0.5));
                *missing = f32::from(u8::from(share.is_none()));
            }
        }
        Feature::Category { values: words, .. } => {
            let text = values.text(row);
            let found = text.and_then(|text| words.iter().position(|word| word.trim() == text));
            if let Some(slot) = found.and_then(|found| slots.get_mut(found)) {
                *slot = 1.0;
            }
        }
    }
    Ok(())
}

impl Feature {
    /// Where a number lies between its bounds, 0 to 1; `None` when the cell is empty.
    pub(crate) fn share_of(
        &self,
        values: &Values<'_>,
        row: usize,
    ) -> Result<Option<f64>, EncodeError> {
        let Self::Number {
            column,
            min,
            max,
            scale,
        } = self
        else {
            return Ok(None);
        };
        match values.number(row) {
            Ok(number) => Ok(number.map(|number| spread(number, *min, *max, *scale))),
            Err(()) => Err(EncodeError::NotANumber {
                column: column.clone(),
                row,
            }),
        }
    }
}

fn spread(number: f64, min: f64, max: f64, scale: Scale) -> f64 {
    let inside = number.clamp(min, max);
    match scale {
        Scale::Linear => (inside - min) / (max - min),
        Scale::Logarithmic => libm::log1p(inside - min) / libm::log1p(max - min),
    }
}

/// The next multiple of 2^-12, so that the trainer's integers are the features exactly.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a multiple of 2^-12 between 0 and 1 is exact in single precision"
)]
fn to_grid(share: f64) -> f32 {
    (libm::round(share * GRID) / GRID) as f32
}

const GRID: f64 = 4096.0;

fn labels(spec: &FeatureSpec, target: &Values<'_>, rows: usize) -> Result<Vec<u8>, EncodeError> {
    let positive = spec.target.positive.trim();
    (0..rows)
        .map(|row| match target.text(row) {
            Some(text) => Ok(u8::from(text == positive)),
            None => Err(EncodeError::NoTarget { row }),
        })
        .collect()
}

/// Numbers the persons of a table's rows in order of first appearance, and counts them; without
/// persons each row is a person of its own.
pub fn number_persons<P: AsRef<str>>(
    persons: Option<&[Option<P>]>,
    rows: usize,
) -> Result<(Vec<u32>, u32), EncodeError> {
    let count = |length: usize| u32::try_from(length).map_err(|_| EncodeError::TooManyRows);
    let Some(persons) = persons else {
        let count = count(rows)?;
        return Ok(((0..count).collect(), count));
    };
    if persons.len() != rows {
        return Err(EncodeError::Length {
            column: "person".into(),
            found: persons.len(),
            expected: rows,
        });
    }
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut person_of_row = Vec::with_capacity(rows);
    for (row, person) in persons.iter().enumerate() {
        let name = person.as_ref().map_or("", |name| name.as_ref().trim());
        if name.is_empty() {
            return Err(EncodeError::NoPerson { row });
        }
        let next = count(numbers.len())?;
        person_of_row.push(*numbers.entry(name).or_insert(next));
    }
    Ok((person_of_row, count(numbers.len())?))
}

fn column<'a, 'b>(
    columns: &'b BTreeMap<&str, Values<'a>>,
    name: &str,
) -> Result<&'b Values<'a>, EncodeError> {
    columns.get(name).ok_or_else(|| EncodeError::Missing {
        column: name.to_owned(),
    })
}

fn check_length(name: &str, values: &Values<'_>, rows: usize) -> Result<(), EncodeError> {
    if values.len() == rows {
        return Ok(());
    }
    Err(EncodeError::Length {
        column: name.to_owned(),
        found: values.len(),
        expected: rows,
    })
}

fn present<'a>(cells: &[Option<&'a str>], row: usize) -> Option<&'a str> {
    let text = cells.get(row).copied().flatten()?.trim();
    (!text.is_empty()).then_some(text)
}

fn number_at(cells: &[Option<f64>], row: usize) -> Option<f64> {
    cells
        .get(row)
        .copied()
        .flatten()
        .filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Target;

    fn spec() -> FeatureSpec {
        let number = Feature::Number {
            column: "age".into(),
            min: 0.0,
            max: 100.0,
            scale: Scale::Linear,
        };
        let category = Feature::Category {
            column: "sex".into(),
            values: vec!["F".into(), "M".into()],
        };
        let target = Target {
            column: "ill".into(),
            positive: "yes".into(),
        };
        FeatureSpec {
            features: vec![number, category],
            target,
        }
    }

    fn table<'a>(age: Values<'a>, sex: &'a [Option<&'a str>]) -> BTreeMap<&'a str, Values<'a>> {
        let ill = Values::Text(&[Some(" yes"), Some("no")]);
        BTreeMap::from([("age", age), ("sex", Values::Text(sex)), ("ill", ill)])
    }

    #[test]
    fn a_number_column_may_arrive_as_text() {
        let sex = [Some(" M "), Some("other")];
        let text = table(Values::Text(&[Some(" 50 "), None]), &sex);
        let number = table(Values::Number(&[Some(50.0), Some(f64::NAN)]), &sex);

        let design = encode(&spec(), &text, None).unwrap();

        assert_eq!(design.x, [0.5, 0.0, 0.0, 1.0, 0.5, 1.0, 0.0, 0.0]);
        assert_eq!((design.y.as_slice(), design.persons), (&[1, 0][..], 2));
        assert_eq!(encode(&spec(), &number, None).unwrap(), design);
    }

    #[test]
    fn values_outside_the_bounds_are_clamped() {
        let sex = [None, None];
        let design = encode(
            &spec(),
            &table(Values::Number(&[Some(-3.0), Some(1e9)]), &sex),
            None,
        );
        let design = design.unwrap();
        assert_eq!((design.row(0)[0], design.row(1)[0]), (0.0, 1.0));
    }

    #[test]
    fn errors_name_the_place_and_never_the_value() {
        let sex = [None, None];
        let bad = table(Values::Text(&[Some("50"), Some("Jane Roe")]), &sex);
        let error = encode(&spec(), &bad, None).unwrap_err();
        assert!(!error.to_string().contains("Jane"));
        assert_eq!(
            error,
            EncodeError::NotANumber {
                column: "age".into(),
                row: 1
            }
        );
    }

    #[test]
    fn rows_of_one_person_share_a_number() {
        let sex = [None, None];
        let table = table(Values::Number(&[None, None]), &sex);
        let design = encode(&spec(), &table, Some(&[Some("p1"), Some("p1 ")])).unwrap();
        assert_eq!((design.person_of_row, design.persons), (vec![0, 0], 1));
        let error = encode(&spec(), &table, Some(&[Some("p1"), None]));
        assert_eq!(error, Err(EncodeError::NoPerson { row: 1 }));
    }

    #[test]
    fn an_unusable_list_is_refused() {
        let mut twice = spec();
        twice.features.push(twice.features[0].clone());
        assert!(twice.check().is_err());
        let mut reversed = spec();
        reversed.features[0] = Feature::Number {
            column: "age".into(),
            min: 1.0,
            max: 1.0,
            scale: Scale::Linear,
        };
        assert_eq!(
            reversed.check(),
            Err(EncodeError::Bounds {
                column: "age".into()
            })
        );
    }
}
