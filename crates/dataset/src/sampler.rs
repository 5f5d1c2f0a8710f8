//! How the bricks of a cluster read a dataset.

use std::ops::Range;

use crate::dataset::Dataset;
use crate::error::{DatasetError, FileProblem};
use crate::info::{Element, Info};
use crate::mapping::{self, Mapping};
use crate::mapping_error::MappingError;

/// Steps that are not farther apart than this are read together, with what lies between them: that
/// takes less time than another call.
const GAP_BYTES: u64 = 4096;

/// What a brick is to a dataset.
#[derive(Debug, Clone, Copy)]
pub struct BrickShape<'a> {
    /// Name of the brick.
    pub name: &'a str,
    /// Its number of values.
    pub width: usize,
}

/// Reads a dataset step by step, as the bricks of a cluster see it.
///
/// *Images:* one row per step; the input brick takes the pixels as they are, 0 to 255, the output
/// brick expects 1 for the class of the label and 0 for the others.
///
/// *Tables:* a brick reads one column through a window of as many rows as it has values: that of its
/// name, or the one a mapping gives it. All windows end in the same row, so step `i` covers the rows up to
/// `i + longest window - 1`, and there are `rows - longest window + 1` steps. A mapping of the type
/// row lets each brick read several columns of one row per step instead.
#[derive(Debug, Clone)]
pub struct Sampler {
    pub(crate) steps: u64,
    pub(crate) inputs: Vec<Window>,
    pub(crate) outputs: Vec<Window>,
}

/// Steps as a network takes them; its memory is reused from read to read.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Input values of all steps, one step after the other.
    pub inputs: Vec<f32>,
    /// Expected output values of all steps, one step after the other.
    pub targets: Vec<f32>,
    /// Number of steps.
    pub len: usize,
    input_width: usize,
    target_width: usize,
    /// The steps in ascending order, and the place of each in the batch.
    places: Vec<(u64, usize)>,
    bytes: Vec<u8>,
}

impl Batch {
    /// The input values of a step, those of all input bricks in their order.
    ///
    /// # Panics
    /// If there is no step `index`.
    #[must_use]
    pub fn input(&self, index: usize) -> &[f32] {
        &self.inputs[index * self.input_width..][..self.input_width]
    }

    /// The expected output values of a step, those of all output bricks in their order.
    ///
    /// # Panics
    /// If there is no step `index`.
    #[must_use]
    pub fn target(&self, index: usize) -> &[f32] {
        &self.targets[index * self.target_width..][..self.target_width]
    }
}

impl Sampler {
    /// Lets the given bricks read a dataset, a table by columns of their names. For a request,
    /// leave `outputs` empty.
    ///
    /// # Errors
    /// A [`MappingError`] that says what to change if the bricks don't fit the dataset.
    pub fn new(
        info: &Info,
        inputs: &[BrickShape<'_>],
        outputs: &[BrickShape<'_>],
    ) -> Result<Self, MappingError> {
        mapping::sampler(info, inputs, outputs, None)
    }

    /// Lets the given bricks read a dataset, by a mapping if there is one.
    ///
    /// # Errors
    /// A [`MappingError`] that says what to change if bricks, dataset and mapping don't fit.
    pub fn mapped(
        info: &Info,
        inputs: &[BrickShape<'_>],
        outputs: &[BrickShape<'_>],
        mapping: Option<&Mapping>,
    ) -> Result<Self, MappingError> {
        mapping::sampler(info, inputs, outputs, mapping)
    }

    /// Lets the given input bricks read a dataset for a request. What the mapping says of outputs is
    /// checked, but not read.
    ///
    /// # Errors
    /// As [`Sampler::mapped`].
    pub fn for_request(
        info: &Info,
        inputs: &[BrickShape<'_>],
        outputs: &[BrickShape<'_>],
        mapping: Option<&Mapping>,
    ) -> Result<Self, MappingError> {
        if mapping.is_some_and(Mapping::maps_outputs) {
            Self::mapped(info, inputs, outputs, mapping)?;
        }
        Self::mapped(info, inputs, &[], mapping.map(Mapping::without_outputs).as_ref())
    }

    /// Number of steps, at least one.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Input values of a step.
    #[must_use]
    pub fn input_width(&self) -> usize {
        width(&self.inputs)
    }

    /// Output values of a step; 0 for a request.
    #[must_use]
    pub fn output_width(&self) -> usize {
        width(&self.outputs)
    }

    /// Replaces the content of `batch` by the given steps of the dataset that the sampler was made
    /// for. Takes memory for all of them at once.
    ///
    /// # Errors
    /// As [`Sampler::read_steps`].
    pub fn read(
        &self,
        dataset: &Dataset,
        steps: Range<u64>,
        batch: &mut Batch,
    ) -> Result<(), DatasetError> {
        if steps.end > self.steps {
            return Err(DatasetError::StepsOutOfRange { asked: steps.end, steps: self.steps });
        }
        self.read_steps(dataset, &steps.collect::<Vec<_>>(), batch)
    }

    /// Replaces the content of `batch` by steps in any order.
    ///
    /// # Errors
    /// [`DatasetError::StepsOutOfRange`] beyond the last step; [`DatasetError::Io`] and
    /// [`DatasetError::File`] if the dataset can't be read. The batch is then of no use.
    pub fn read_steps(
        &self,
        dataset: &Dataset,
        steps: &[u64],
        batch: &mut Batch,
    ) -> Result<(), DatasetError> {
        if let Some(beyond) = steps.iter().find(|step| **step >= self.steps) {
            return Err(DatasetError::StepsOutOfRange { asked: beyond + 1, steps: self.steps });
        }
        batch.len = steps.len();
        batch.input_width = self.input_width();
        batch.target_width = self.output_width();
        batch.places.clear();
        batch.places.extend(steps.iter().copied().zip(0..));
        batch.places.sort_unstable();
        let Batch { inputs, targets, places, bytes, .. } = batch;
        read_all(&self.inputs, dataset, places, inputs, bytes)?;
        read_all(&self.outputs, dataset, places, targets, bytes)
    }
}

/// What a brick reads of a column at each step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) column: usize,
    pub(crate) element: Element,
    /// Number of values.
    pub(crate) width: usize,
    /// Rows between the begin of the step and that of the window.
    pub(crate) lag: u64,
}

impl Window {
    /// All that one row of a column holds.
    pub(crate) fn of_row(column: usize, element: Element) -> Self {
        let width = match element {
            Element::Pixels { count, .. }
            | Element::Class { count }
            | Element::Category { count } => count as usize,
            Element::Number => 1,
        };
        Window { column, element, width, lag: 0 }
    }

    /// Rows that a step reads.
    fn rows(&self) -> u64 {
        match self.element {
            Element::Pixels { .. } | Element::Class { .. } | Element::Category { .. } => 1,
            Element::Number => self.width as u64,
        }
    }
}

fn width(windows: &[Window]) -> usize {
    windows.iter().map(|window| window.width).sum()
}

/// Fills `values` with what the windows show, those of a step side by side. `places` has the steps
/// in ascending order and the place of each in `values`.
fn read_all(
    windows: &[Window],
    dataset: &Dataset,
    places: &[(u64, usize)],
    values: &mut Vec<f32>,
    bytes: &mut Vec<u8>,
) -> Result<(), DatasetError> {
    let step_width = width(windows);
    values.resize(places.len() * step_width, 0.0);
    let mut first = 0;
    for window in windows {
        let row_bytes = window.element.bytes();
        let together = |a: &(u64, usize), b: &(u64, usize)| (b.0 - a.0) * row_bytes <= GAP_BYTES;
        for group in places.chunk_by(together) {
            // A group is not empty, and begins with its first step.
            let (begin, end) = (group[0].0, group[group.len() - 1].0 + window.rows());
            dataset.read_rows(window.column, begin + window.lag..end + window.lag, bytes)?;
            for (step, place) in group {
                let at = ((step - begin) * row_bytes) as usize;
                let read = &bytes[at..][..(window.rows() * row_bytes) as usize];
                let slot = &mut values[place * step_width + first..][..window.width];
                fill(slot, read, window.element)
                    .map_err(|beyond| damaged(dataset, window.column, beyond))?;
            }
        }
        first += window.width;
    }
    Ok(())
}

/// Fills `slot` with the values that `bytes` hold. Fails with a class or category that is beyond
/// their number.
fn fill(slot: &mut [f32], bytes: &[u8], element: Element) -> Result<(), u16> {
    match element {
        Element::Pixels { .. } => {
            for (value, pixel) in slot.iter_mut().zip(bytes) {
                *value = f32::from(*pixel);
            }
        }
        Element::Number => {
            for (value, number) in slot.iter_mut().zip(bytes.as_chunks().0) {
                *value = f32::from_le_bytes(*number);
            }
        }
        Element::Class { .. } | Element::Category { .. } => {
            let code = bytes.iter().rev().fold(0, |code, byte| code << 8 | u16::from(*byte));
            slot.fill(0.0);
            *slot.get_mut(usize::from(code)).ok_or(code)? = 1.0;
        }
    }
    Ok(())
}

/// A row holds a class or category that is beyond their number.
pub(crate) fn damaged(dataset: &Dataset, column: usize, code: u16) -> DatasetError {
    let column = &dataset.info().columns[column];
    let problem = match column.element {
        Element::Class { count } => FileProblem::Label { label: code as u8, classes: count },
        _ => FileProblem::Category {
            code,
            categories: column.categories.len() as u32,
            column: column.name.clone(),
        },
    };
    dataset.damaged(column.offset, problem)
}
