//! How the bricks of a cluster read a dataset.

use std::ops::Range;

use crate::dataset::Dataset;
use crate::error::{DatasetError, FileProblem, MappingError};
use crate::info::{Element, Info};

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
/// *Tables:* a brick reads the column of its name through a window of as many rows as it has
/// values. All windows end in the same row, so step `i` covers the rows up to
/// `i + longest window - 1`, and there are `rows - longest window + 1` steps.
#[derive(Debug, Clone)]
pub struct Sampler {
    steps: u64,
    inputs: Vec<Window>,
    outputs: Vec<Window>,
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
    /// Lets the given bricks read a dataset. For a request, leave `outputs` empty.
    ///
    /// # Errors
    /// A [`MappingError`] that says what to change if the bricks don't fit the dataset.
    pub fn new(
        info: &Info,
        inputs: &[BrickShape<'_>],
        outputs: &[BrickShape<'_>],
    ) -> Result<Self, MappingError> {
        if let Some(empty) = inputs.iter().chain(outputs).find(|brick| brick.width == 0) {
            return Err(MappingError::EmptyBrick { brick: empty.name.to_owned() });
        }
        match info.images() {
            Some((pixels, classes)) => Self::of_images(info.rows, pixels, inputs, classes, outputs),
            None => Self::of_table(info, inputs, outputs),
        }
    }

    fn of_images(
        rows: u64,
        pixels: u32,
        inputs: &[BrickShape<'_>],
        classes: u32,
        outputs: &[BrickShape<'_>],
    ) -> Result<Self, MappingError> {
        let &[input] = inputs else {
            return Err(MappingError::InputBricks { found: inputs.len(), pixels });
        };
        if input.width != pixels as usize {
            let brick = input.name.to_owned();
            return Err(MappingError::Pixels { brick, neurons: input.width, pixels });
        }
        let column = |column, element, width| Window { column, element, width, lag: 0 };
        let outputs = match outputs {
            [] => Vec::new(),
            &[output] if output.width == classes as usize => {
                vec![column(1, Element::Class { count: classes }, output.width)]
            }
            &[output] => {
                let brick = output.name.to_owned();
                return Err(MappingError::Classes { brick, neurons: output.width, classes });
            }
            _ => {
                return Err(MappingError::OutputBricks { found: outputs.len(), classes });
            }
        };
        let inputs = vec![column(0, Element::Pixels { count: pixels, width: 0 }, input.width)];
        Ok(Sampler { steps: rows, inputs, outputs })
    }

    fn of_table(
        info: &Info,
        inputs: &[BrickShape<'_>],
        outputs: &[BrickShape<'_>],
    ) -> Result<Self, MappingError> {
        let bricks = inputs.iter().chain(outputs);
        let longest = match bricks.max_by_key(|brick| brick.width) {
            Some(longest) if !inputs.is_empty() => longest,
            _ => return Err(MappingError::NoInput),
        };
        let window = |brick: &BrickShape<'_>| {
            Ok(Window {
                column: info.find(brick.name)?,
                element: Element::Number,
                width: brick.width,
                lag: (longest.width - brick.width) as u64,
            })
        };
        let inputs = inputs.iter().map(window).collect::<Result<_, MappingError>>()?;
        let outputs = outputs.iter().map(window).collect::<Result<_, MappingError>>()?;
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
    /// [`DatasetError::StepsOutOfRange`] beyond the last step; [`DatasetError::Io`] and
    /// [`DatasetError::File`] if the dataset can't be read. The batch is then of no use.
    pub fn read(
        &self,
        dataset: &Dataset,
        steps: Range<u64>,
        batch: &mut Batch,
    ) -> Result<(), DatasetError> {
        if steps.end > self.steps {
            return Err(DatasetError::StepsOutOfRange { asked: steps.end, steps: self.steps });
        }
        batch.len = steps.end.saturating_sub(steps.start) as usize;
        batch.input_width = self.input_width();
        batch.target_width = self.output_width();
        read_all(&self.inputs, dataset, &steps, &mut batch.inputs, &mut batch.bytes)?;
        read_all(&self.outputs, dataset, &steps, &mut batch.targets, &mut batch.bytes)
    }
}

/// What a brick reads of a column at each step.
#[derive(Debug, Clone, Copy)]
struct Window {
    column: usize,
    element: Element,
    /// Number of values.
    width: usize,
    /// Rows between the begin of the step and that of the window.
    lag: u64,
}

impl Window {
    /// Rows that `steps` steps read.
    fn rows(&self, steps: u64) -> u64 {
        match self.element {
            Element::Pixels { .. } | Element::Class { .. } => steps,
            Element::Number => steps + self.width as u64 - 1,
        }
    }
}

fn width(windows: &[Window]) -> usize {
    windows.iter().map(|window| window.width).sum()
}

/// Fills `values` with what the windows show, those of a step side by side.
fn read_all(
    windows: &[Window],
    dataset: &Dataset,
    steps: &Range<u64>,
    values: &mut Vec<f32>,
    bytes: &mut Vec<u8>,
) -> Result<(), DatasetError> {
    let step_width = width(windows);
    let len = steps.end.saturating_sub(steps.start);
    values.resize(len as usize * step_width, 0.0);
    if values.is_empty() {
        return Ok(());
    }
    let mut first = 0;
    for window in windows {
        let row = steps.start + window.lag;
        dataset.read_rows(window.column, row..row + window.rows(len), bytes)?;
        let slots =
            values.chunks_exact_mut(step_width).map(|step| &mut step[first..first + window.width]);
        match window.element {
            Element::Pixels { .. } => fill_pixels(slots, bytes, window.width),
            Element::Class { count } => fill_classes(slots, bytes).map_err(|label| {
                let offset = dataset.info().columns[window.column].offset;
                dataset.damaged(offset, FileProblem::Label { label, classes: count })
            })?,
            Element::Number => fill_numbers(slots, bytes, window.width),
        }
        first += window.width;
    }
    Ok(())
}

fn fill_pixels<'v>(slots: impl Iterator<Item = &'v mut [f32]>, bytes: &[u8], width: usize) {
    for (slot, pixels) in slots.zip(bytes.chunks_exact(width)) {
        for (value, pixel) in slot.iter_mut().zip(pixels) {
            *value = f32::from(*pixel);
        }
    }
}

/// Fails with a label that is beyond the classes.
fn fill_classes<'v>(slots: impl Iterator<Item = &'v mut [f32]>, bytes: &[u8]) -> Result<(), u8> {
    for (slot, label) in slots.zip(bytes) {
        slot.fill(0.0);
        *slot.get_mut(usize::from(*label)).ok_or(*label)? = 1.0;
    }
    Ok(())
}

fn fill_numbers<'v>(slots: impl Iterator<Item = &'v mut [f32]>, bytes: &[u8], width: usize) {
    let (rows, _) = bytes.as_chunks::<4>();
    for (slot, rows) in slots.zip(rows.windows(width)) {
        for (value, row) in slot.iter_mut().zip(rows) {
            *value = f32::from_le_bytes(*row);
        }
    }
}
