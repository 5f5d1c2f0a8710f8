//! How good the results of a request are.

use crate::confusion::{Classes, Confusion};
use crate::dataset::Dataset;
use crate::error::{DatasetError, ScoreError};
use crate::info::Kind;
use crate::moments::Moments;
use crate::rows::code;
use crate::sampler::damaged;

const LABELS: usize = 1;
/// Error up to which a number counts as right, as a share of the range of its column.
const TOLERANCE: f64 = 0.05;
/// From here on, a result for a column of zeros and ones means one.
const THRESHOLD: f64 = 0.5;

/// How good the results of a request are.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Share of right results in percent, 0 to 100.
    pub accuracy: f64,
    /// Number of results.
    pub samples: u64,
    /// Results that are no finite number or, for classes, no class of the dataset. They are never
    /// right.
    pub invalid: u64,
    /// Which class was taken for which, if the results are classes.
    pub classes: Option<Classes>,
    /// How far off the results are, if they are numbers.
    pub errors: Option<NumberErrors>,
}

/// How far numbers are off; of those results that are finite, and `None` if there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberErrors {
    /// Mean absolute error.
    pub mae: Option<f64>,
    /// Root of the mean squared error.
    pub rmse: Option<f64>,
    /// Coefficient of determination: 1 is perfect, 0 as good as to always answer the mean of the
    /// right numbers. `None` if these are all the same.
    pub r2: Option<f64>,
}

/// Compares results with the dataset that they were requested for.
///
/// *Images:* `data` has the index of the class per row; right is what equals the label. `column`
/// doesn't matter.
///
/// *Categorical columns:* `data` has the number of the category per row; right is what equals that
/// of the row in `column`. The last result belongs to the last row.
///
/// *Other tables:* `data` has one number per step, the newest value of the window of an output
/// brick, to be compared with `column`. As the windows of a [`Sampler`](crate::Sampler) end in the same row,
/// the last result belongs to the last row, and result `k` to the row
/// `k + rows - number of results`. If the whole column holds only 0 and 1, a
/// result is right if it equals the row when rounded, where 0.5 becomes 1. Otherwise it is right if
/// it is off by at most 5 % of the range (maximum - minimum) of the whole column.
///
/// # Errors
/// A [`ScoreError`] if the results don't belong to the dataset or the dataset can't be read.
pub fn score(data: &[f64], dataset: &Dataset, column: Option<&str>) -> Result<Score, ScoreError> {
    let (found, rows) = (data.len() as u64, dataset.info().rows);
    if data.is_empty() {
        return Err(ScoreError::Empty);
    }
    match dataset.info().kind {
        Kind::Mnist if found != rows => Err(ScoreError::Length { found, rows }),
        Kind::Mnist => {
            let classes = dataset.info().summary().outputs;
            let labels: Vec<_> = (0..classes).map(|class| class.to_string()).collect();
            Ok(score_classes(data, dataset, LABELS, &labels)?)
        }
        Kind::Csv if found > rows => Err(ScoreError::TooLong { found, rows }),
        Kind::Csv => {
            let column = dataset.info().find(column.ok_or(ScoreError::NoColumn)?)?;
            let classes = &dataset.info().columns[column].categories;
            if classes.is_empty() {
                Ok(score_numbers(data, dataset, column)?)
            } else {
                Ok(score_classes(data, dataset, column, classes)?)
            }
        }
    }
}

/// Scores the indices of classes that are called `labels`. The last result belongs to the last row.
fn score_classes(
    data: &[f64],
    dataset: &Dataset,
    column: usize,
    labels: &[String],
) -> Result<Score, DatasetError> {
    let described = &dataset.info().columns[column];
    let mut confusion = Confusion::new(labels.len());
    let mut beyond = None;
    let mut results = data.iter();
    let first_row = dataset.info().rows - data.len() as u64;
    dataset.for_each_chunk(column, first_row, |bytes| {
        for (row, &result) in described.split_rows(bytes).zip(results.by_ref()) {
            let right = code(row);
            if !confusion.add(right.into(), result) {
                beyond = Some(right);
            }
        }
    })?;
    if let Some(code) = beyond {
        return Err(damaged(dataset, column, code));
    }
    Ok(Score {
        accuracy: percent(confusion.right(), data),
        samples: data.len() as u64,
        invalid: confusion.invalid,
        classes: Some(confusion.finish(labels)),
        errors: None,
    })
}

fn score_numbers(data: &[f64], dataset: &Dataset, column: usize) -> Result<Score, DatasetError> {
    let mut whole = Moments::default();
    let mut binary = true;
    dataset.for_each_chunk(column, 0, |bytes| {
        for number in numbers(bytes) {
            whole.add(number);
            binary &= [0.0, 1.0].contains(&number);
        }
    })?;
    let tolerance = TOLERANCE * (whole.maximum() - whole.minimum());
    let is_right = |expected: f64, result: f64| {
        if binary {
            (result >= THRESHOLD) == (expected >= THRESHOLD)
        } else {
            (expected - result).abs() <= tolerance
        }
    };

    let (mut right, mut invalid) = (0, 0);
    let mut errors = Errors::default();
    let mut results = data.iter();
    let first_row = dataset.info().rows - data.len() as u64;
    dataset.for_each_chunk(column, first_row, |bytes| {
        for (expected, &result) in numbers(bytes).zip(results.by_ref()) {
            if result.is_finite() {
                right += u64::from(is_right(expected, result));
                errors.add(expected, result);
            } else {
                invalid += 1;
            }
        }
    })?;
    let samples = data.len() as u64;
    let errors = Some(errors.finish(samples - invalid));
    Ok(Score { accuracy: percent(right, data), samples, invalid, classes: None, errors })
}

/// What is gathered from pairs of numbers.
#[derive(Debug, Default)]
struct Errors {
    expected: Moments,
    absolute: Moments,
    squared: Moments,
}

impl Errors {
    fn add(&mut self, expected: f64, result: f64) {
        let error = expected - result;
        self.expected.add(expected);
        self.absolute.add(error.abs());
        self.squared.add(error * error);
    }

    fn finish(&self, count: u64) -> NumberErrors {
        let known = |value: f64| (count > 0).then_some(value);
        let spread = self.expected.squares() / count as f64;
        NumberErrors {
            mae: known(self.absolute.mean()),
            rmse: known(self.squared.mean().sqrt()),
            r2: (spread > 0.0).then(|| 1.0 - self.squared.mean() / spread),
        }
    }
}

/// The share of `right` results among all in percent.
fn percent(right: u64, data: &[f64]) -> f64 {
    right as f64 * 100.0 / data.len() as f64
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = f64> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes)))
}
