//! Which columns of a dataset the bricks of a cluster read.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::info::{Column, Element, Info};
use crate::mapping_error::MappingError;
use crate::sampler::{BrickShape, Sampler, Window};

/// Which columns of a table the bricks of a cluster read, by the names of the bricks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mapping {
    /// Each brick reads one column through a window of as many rows as it has values.
    Window {
        /// The column of each input brick.
        inputs: BTreeMap<String, String>,
        /// The column of each output brick.
        outputs: BTreeMap<String, String>,
    },
    /// Each brick reads some columns of one row per step, side by side: one value for a column of
    /// numbers, one per category for a categorical one.
    Row {
        /// The columns of each input brick.
        inputs: BTreeMap<String, Vec<String>>,
        /// The columns of each output brick.
        outputs: BTreeMap<String, Vec<String>>,
    },
}

impl Mapping {
    /// Whether it says what the output bricks mean, which a request doesn't need to.
    pub(crate) fn maps_outputs(&self) -> bool {
        match self {
            Mapping::Window { outputs, .. } => !outputs.is_empty(),
            Mapping::Row { outputs, .. } => !outputs.is_empty(),
        }
    }

    /// What it says of the input bricks alone.
    pub(crate) fn without_outputs(&self) -> Self {
        let mut inputs_only = self.clone();
        match &mut inputs_only {
            Mapping::Window { outputs, .. } => outputs.clear(),
            Mapping::Row { outputs, .. } => outputs.clear(),
        }
        inputs_only
    }
}

/// Lets bricks read a dataset. The bricks are those of the template, input and output apart.
pub(crate) fn sampler(
    info: &Info,
    inputs: &[BrickShape<'_>],
    outputs: &[BrickShape<'_>],
    mapping: Option<&Mapping>,
) -> Result<Sampler, MappingError> {
    if let Some(empty) = inputs.iter().chain(outputs).find(|brick| brick.width == 0) {
        return Err(MappingError::EmptyBrick { brick: empty.name.to_owned() });
    }
    match (info.images(), mapping) {
        (Some(_), Some(_)) => Err(MappingError::Images),
        (Some(sizes), None) => of_images(info.rows, sizes, inputs, outputs),
        (None, _) if inputs.is_empty() => Err(MappingError::NoInput),
        (None, None) => of_windows(info, &named(inputs), &named(outputs)),
        (None, Some(Mapping::Window { inputs: of_inputs, outputs: of_outputs })) => {
            let inputs = matched("input", inputs, of_inputs)?;
            of_windows(info, &inputs, &matched("output", outputs, of_outputs)?)
        }
        (None, Some(Mapping::Row { inputs: of_inputs, outputs: of_outputs })) => {
            let inputs = matched("input", inputs, of_inputs)?;
            of_rows(info, &inputs, &matched("output", outputs, of_outputs)?)
        }
    }
}

/// A brick, and what it is to read.
type Reading<'a, T> = (BrickShape<'a>, T);

/// Each brick with the column of its name.
fn named<'a>(bricks: &[BrickShape<'a>]) -> Vec<Reading<'a, &'a str>> {
    bricks.iter().map(|brick| (*brick, brick.name)).collect()
}

/// Each brick with what a mapping says of it; all of both have to meet.
fn matched<'a, T>(
    side: &'static str,
    bricks: &[BrickShape<'a>],
    mapping: &'a BTreeMap<String, T>,
) -> Result<Vec<Reading<'a, &'a T>>, MappingError> {
    if let Some(name) = mapping.keys().find(|name| bricks.iter().all(|brick| brick.name != *name)) {
        let bricks: Vec<_> = bricks.iter().map(|brick| format!("`{}`", brick.name)).collect();
        let (brick, bricks) = (name.clone(), bricks.join(", "));
        return Err(MappingError::UnknownBrick { side, brick, bricks });
    }
    let found = bricks.iter().map(|brick| {
        let unmapped = || MappingError::Unmapped { side, brick: brick.name.to_owned() };
        mapping.get(brick.name).map(|columns| (*brick, columns)).ok_or_else(unmapped)
    });
    found.collect()
}

fn of_images(
    rows: u64,
    (pixels, classes): (u32, u32),
    inputs: &[BrickShape<'_>],
    outputs: &[BrickShape<'_>],
) -> Result<Sampler, MappingError> {
    let &[input] = inputs else {
        return Err(MappingError::InputBricks { found: inputs.len(), pixels });
    };
    if input.width != pixels as usize {
        let brick = input.name.to_owned();
        return Err(MappingError::Pixels { brick, neurons: input.width, pixels });
    }
    let outputs = match outputs {
        [] => Vec::new(),
        &[output] if output.width == classes as usize => {
            vec![Window::of_row(1, Element::Class { count: classes })]
        }
        &[output] => {
            let brick = output.name.to_owned();
            return Err(MappingError::Classes { brick, neurons: output.width, classes });
        }
        _ => return Err(MappingError::OutputBricks { found: outputs.len(), classes }),
    };
    let inputs = vec![Window::of_row(0, Element::Pixels { count: pixels, width: 0 })];
    Ok(Sampler { steps: rows, inputs, outputs })
}

/// Each brick reads its column through a window; all windows end in the same row.
fn of_windows<T: AsRef<str>>(
    info: &Info,
    inputs: &[Reading<'_, T>],
    outputs: &[Reading<'_, T>],
) -> Result<Sampler, MappingError> {
    let bricks = inputs.iter().chain(outputs).map(|(brick, _)| brick);
    let Some(longest) = bricks.max_by_key(|brick| brick.width) else {
        return Err(MappingError::NoInput);
    };
    let window = |(brick, column): &Reading<'_, T>| {
        let index = find(info, brick, column.as_ref())?;
        if let Element::Category { .. } = info.columns[index].element {
            let (brick, column) = (brick.name.to_owned(), info.columns[index].name.clone());
            return Err(MappingError::CategoricalWindow { brick, column });
        }
        let lag = (longest.width - brick.width) as u64;
        Ok(Window { column: index, element: Element::Number, width: brick.width, lag })
    };
    let inputs = inputs.iter().map(window).collect::<Result<_, _>>()?;
    let outputs = outputs.iter().map(window).collect::<Result<_, _>>()?;
    let steps = (info.rows + 1).saturating_sub(longest.width as u64);
    if steps == 0 {
        return Err(MappingError::TooFewRows {
            brick: longest.name.to_owned(),
            neurons: longest.width,
            rows: info.rows,
        });
    }
    Ok(Sampler { steps, inputs, outputs })
}

/// Each brick reads its columns side by side, one row per step.
fn of_rows(
    info: &Info,
    inputs: &[Reading<'_, &Vec<String>>],
    outputs: &[Reading<'_, &Vec<String>>],
) -> Result<Sampler, MappingError> {
    // A mapping may name very many columns.
    let places = info.columns.iter().zip(0..).map(|(column, index)| (column.name.as_str(), index));
    let places: HashMap<&str, usize> = places.collect();
    let windows = |bricks: &[Reading<'_, &Vec<String>>]| {
        let rows = bricks.iter().map(|reading| row_of(info, &places, reading));
        rows.collect::<Result<Vec<_>, _>>().map(|rows| rows.concat())
    };
    Ok(Sampler { steps: info.rows, inputs: windows(inputs)?, outputs: windows(outputs)? })
}

/// What one brick reads of each row.
fn row_of(
    info: &Info,
    places: &HashMap<&str, usize>,
    (brick, columns): &Reading<'_, &Vec<String>>,
) -> Result<Vec<Window>, MappingError> {
    let place = |column: &String| match places.get(column.as_str()) {
        Some(index) => Ok(*index),
        None => find(info, brick, column),
    };
    let indices = columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let windows: Vec<_> =
        indices.iter().map(|&index| Window::of_row(index, info.columns[index].element)).collect();
    let needed = windows.iter().map(|window| window.width).sum();
    if needed != brick.width {
        const LISTED: usize = 20;
        let part =
            |window: &Window| format!("`{}` {}", info.columns[window.column].name, window.width);
        let mut parts: Vec<_> = windows.iter().take(LISTED).map(part).collect();
        if windows.len() > LISTED {
            parts.push(format!("and {} more", windows.len() - LISTED));
        }
        let (brick, neurons) = (brick.name.to_owned(), brick.width);
        return Err(MappingError::RowWidth { brick, neurons, needed, columns: parts.join(", ") });
    }
    Ok(windows)
}

fn find(info: &Info, brick: &BrickShape<'_>, column: &str) -> Result<usize, MappingError> {
    info.find(column).map_err(|unknown| {
        if brick.name == column {
            MappingError::UnknownColumn(unknown)
        } else {
            MappingError::MappedColumn { brick: brick.name.to_owned(), unknown }
        }
    })
}

/// What the values of the first output brick mean to whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What answers a step.
    pub kind: AnswerKind,
    /// The column of a table that holds the right answers, if it is known.
    pub column: Option<String>,
}

/// Which of the output values answer a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// The index of the highest of the first `count` values.
    Class {
        /// Number of classes.
        count: usize,
    },
    /// The value at this place.
    Value {
        /// Its place.
        place: usize,
    },
}

impl Answer {
    /// What the output bricks of a cluster mean for a dataset.
    ///
    /// Labels and a categorical column that is mapped to a brick alone are classes; of a window,
    /// the newest value counts, of a row the first one.
    #[must_use]
    pub fn of(info: &Info, outputs: &[BrickShape<'_>], mapping: Option<&Mapping>) -> Self {
        let width = outputs.first().map_or(0, |brick| brick.width);
        let first = outputs.first().map(|brick| brick.name);
        let value = |place| AnswerKind::Value { place };
        let newest = value(width.saturating_sub(1));
        match mapping {
            None if info.images().is_some() => {
                Answer { kind: AnswerKind::Class { count: width }, column: None }
            }
            None => Answer { kind: newest, column: first.map(str::to_owned) },
            Some(Mapping::Window { outputs, .. }) => {
                Answer { kind: newest, column: first.and_then(|name| outputs.get(name)).cloned() }
            }
            Some(Mapping::Row { outputs, .. }) => {
                let columns =
                    first.and_then(|name| outputs.get(name)).map_or(&[][..], Vec::as_slice);
                let categorical = |name: &String| {
                    let found = info.find(name).map(|index| &info.columns[index]);
                    found.is_ok_and(Column::is_categorical)
                };
                let kind = match columns {
                    [only] if categorical(only) => AnswerKind::Class { count: width },
                    _ => value(0),
                };
                Answer { kind, column: columns.first().cloned() }
            }
        }
    }
}
