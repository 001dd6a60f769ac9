//! Nested values as JSON text.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, ListArray, MapArray, StringArray, StructArray,
    builder::StringBuilder,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{DataType, Field};
use serde_json::{Map, Value};

use super::normal::{Misfit, Normal, plan};

/// The tree of a nested type.
#[derive(Debug)]
pub(super) enum Shape {
    List(Box<Normal>),
    Group(Vec<(String, Normal)>),
    /// Keys and values; JSON objects have text keys only.
    Map(Box<Normal>, Box<Normal>),
}

impl Shape {
    pub(super) fn of(data_type: &DataType, depth: usize) -> Result<Self, &'static str> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err("nested too deeply");
        };
        let inner = |field: &Field| plan(field.data_type(), depth);
        match data_type {
            DataType::List(item) => Ok(Self::List(Box::new(inner(item)?))),
            DataType::Struct(fields) => fields
                .iter()
                .map(|field| Ok((field.name().clone(), inner(field)?)))
                .collect::<Result<_, _>>()
                .map(Self::Group),
            DataType::Map(entries, _) => match entries.data_type() {
                DataType::Struct(fields) => match fields.as_ref() {
                    [keys, values] => {
                        Ok(Self::Map(Box::new(inner(keys)?), Box::new(inner(values)?)))
                    }
                    _ => Err("a map without keys and values"),
                },
                _ => Err("a map without entries"),
            },
            DataType::Interval(_) => Err("interval"),
            DataType::Duration(_) => Err("duration"),
            _ => Err("a type that Parquet does not have"),
        }
    }
}

/// One JSON text per row, null where the whole value is null.
pub(super) fn json_text(shape: &Shape, array: &ArrayRef) -> Result<ArrayRef, Misfit> {
    let tree = Tree::of(shape, array)?;
    let mut cells = StringBuilder::new();
    for index in 0..array.len() {
        match tree.value(index) {
            Value::Null => cells.append_null(),
            value => cells.append_value(value.to_string()),
        }
    }
    Ok(Arc::new(cells.finish()))
}

/// The arrays of a nested column, normalised once.
enum Tree {
    Leaf(ArrayRef),
    List(ListArray, Box<Tree>),
    Group(StructArray, Vec<(String, Tree)>),
    Map(MapArray, Box<Tree>, Box<Tree>),
}

impl Tree {
    fn of(shape: &Shape, array: &ArrayRef) -> Result<Self, Misfit> {
        match shape {
            Shape::List(item) => {
                let list = array.as_list::<i32>();
                let items = Self::inner(item, list.values())?;
                Ok(Self::List(list.clone(), Box::new(items)))
            }
            Shape::Group(fields) => {
                let group = array.as_struct();
                let children = fields
                    .iter()
                    .zip(group.columns())
                    .map(|((name, normal), column)| {
                        Ok((name.clone(), Self::inner(normal, column)?))
                    })
                    .collect::<Result<_, _>>()?;
                Ok(Self::Group(group.clone(), children))
            }
            Shape::Map(keys, values) => {
                let map = array.as_map();
                let keys = Self::inner(keys, map.keys())?;
                let values = Self::inner(values, map.values())?;
                Ok(Self::Map(map.clone(), Box::new(keys), Box::new(values)))
            }
        }
    }

    fn inner(normal: &Normal, array: &ArrayRef) -> Result<Self, Misfit> {
        match normal {
            Normal::Json(shape) => Self::of(shape, array),
            leaf => leaf
                .apply(array)
                .map(Self::Leaf)
                .map_err(|misfit| Misfit { index: 0, ..misfit }),
        }
    }

    fn value(&self, index: usize) -> Value {
        match self {
            Self::Leaf(array) => leaf(array, index),
            Self::List(list, _) if list.is_null(index) => Value::Null,
            Self::List(list, items) => range(list.value_offsets(), index)
                .map(|item| items.value(item))
                .collect(),
            Self::Group(group, _) if group.is_null(index) => Value::Null,
            Self::Group(_, fields) => fields
                .iter()
                .map(|(name, field)| (name.clone(), field.value(index)))
                .collect::<Map<_, _>>()
                .into(),
            Self::Map(map, ..) if map.is_null(index) => Value::Null,
            Self::Map(map, keys, values) => range(map.value_offsets(), index)
                .map(|entry| (key(keys.value(entry)), values.value(entry)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

fn range(offsets: &[i32], index: usize) -> std::ops::Range<usize> {
    let at = |index: usize| {
        let offset = offsets.get(index).copied().unwrap_or(0);
        usize::try_from(offset).unwrap_or(0)
    };
    at(index)..at(index + 1)
}

fn leaf(array: &ArrayRef, index: usize) -> Value {
    if array.is_null(index) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(index).into(),
        DataType::Float64 => number(array.as_primitive::<Float64Type>().value(index)),
        DataType::Boolean => array.as_boolean().value(index).into(),
        _ => array
            .as_any()
            .downcast_ref::<StringArray>()
            .map_or(Value::Null, |text| text.value(index).into()),
    }
}

/// JSON has no infinite or undefined numbers: they become text.
fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value)
        .map_or_else(|| Value::String(value.to_string()), Value::Number)
}

fn key(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
