//! How good the results of a request are.

use crate::dataset::Dataset;
use crate::error::{DatasetError, ScoreError};
use crate::info::Kind;

const LABELS: usize = 1;
/// Error up to which a number counts as right, as a share of the range of its column.
const TOLERANCE: f64 = 0.05;
/// From here on, a result for a column of zeros and ones means one.
const THRESHOLD: f64 = 0.5;

/// The share of right results in percent, 0 to 100.
///
/// *Images:* `data` has the index of the class per row; right is what equals the label. `column`
/// doesn't matter.
///
/// *Categorical columns:* `data` has the number of the category per row; right is what equals that of
/// the row in `column`. The last result belongs to the last row.
///
/// *Other tables:* `data` has one number per step, the newest value of the window of an output brick, to
/// be compared with `column`. As the windows of a [`Sampler`](crate::Sampler) end in the same row,
/// the last result belongs to the last row, and result `k` to the row
/// `k + rows - number of results`. If the whole column holds only 0 and 1, a
/// result is right if it equals the row when rounded, where 0.5 becomes 1. Otherwise it is right if
/// it is off by at most 5 % of the range (maximum - minimum) of the whole column.
///
/// A result that is not a number is never right.
///
/// # Errors
/// A [`ScoreError`] if the results don't belong to the dataset or the dataset can't be read.
pub fn accuracy(data: &[f64], dataset: &Dataset, column: Option<&str>) -> Result<f64, ScoreError> {
    let (found, rows) = (data.len() as u64, dataset.info().rows);
    if data.is_empty() {
        return Err(ScoreError::Empty);
    }
    let right = match dataset.info().kind {
        Kind::Mnist if found != rows => return Err(ScoreError::Length { found, rows }),
        Kind::Mnist => right_labels(data, dataset)?,
        Kind::Csv if found > rows => return Err(ScoreError::TooLong { found, rows }),
        Kind::Csv => {
            let column = dataset.info().find(column.ok_or(ScoreError::NoColumn)?)?;
            if dataset.info().columns[column].is_categorical() {
                right_categories(data, dataset, column)?
            } else {
                right_numbers(data, dataset, column)?
            }
        }
    };
    Ok(right as f64 * 100.0 / found as f64)
}

fn right_labels(data: &[f64], dataset: &Dataset) -> Result<usize, DatasetError> {
    let mut right = 0;
    let mut results = data.iter();
    dataset.for_each_chunk(LABELS, 0, |labels| {
        let pairs = labels.iter().zip(results.by_ref());
        right += pairs.filter(|(label, result)| f64::from(**label) == **result).count();
    })?;
    Ok(right)
}

fn right_categories(data: &[f64], dataset: &Dataset, column: usize) -> Result<usize, DatasetError> {
    let mut right = 0;
    let mut results = data.iter();
    let first_row = dataset.info().rows - data.len() as u64;
    dataset.for_each_chunk(column, first_row, |bytes| {
        let codes = bytes.as_chunks().0.iter().map(|code| f64::from(u16::from_le_bytes(*code)));
        right += codes.zip(results.by_ref()).filter(|(code, result)| code == *result).count();
    })?;
    Ok(right)
}

fn right_numbers(data: &[f64], dataset: &Dataset, column: usize) -> Result<usize, DatasetError> {
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut binary = true;
    dataset.for_each_chunk(column, 0, |bytes| {
        for number in numbers(bytes) {
            min = min.min(number);
            max = max.max(number);
            binary &= [0.0, 1.0].contains(&number);
        }
    })?;
    let is_right = |expected: f64, result: f64| {
        if binary {
            !result.is_nan() && (result >= THRESHOLD) == (expected >= THRESHOLD)
        } else {
            (expected - result).abs() <= TOLERANCE * (max - min)
        }
    };

    let mut right = 0;
    let mut results = data.iter();
    let first_row = dataset.info().rows - data.len() as u64;
    dataset.for_each_chunk(column, first_row, |bytes| {
        let pairs = numbers(bytes).zip(results.by_ref());
        right += pairs.filter(|(expected, result)| is_right(*expected, **result)).count();
    })?;
    Ok(right)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = f64> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes)))
}
