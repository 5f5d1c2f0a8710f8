//! What the columns of a dataset hold, in numbers.

use crc32fast::Hasher;

use crate::dataset::Dataset;
use crate::error::{DatasetError, FileProblem};
use crate::info::Element;
use crate::moments::Moments;

/// Bytes that are read between two looks at whether to go on.
const PIECE_BYTES: u64 = 1 << 20;

/// What a column holds, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// Name of the column.
    pub name: String,
    /// What its rows hold.
    pub kind: ColumnKind,
    /// The lowest value; of all pixels for images, of the indices for classes.
    pub minimum: f64,
    /// The highest value.
    pub maximum: f64,
    /// The mean value.
    pub mean: f64,
    /// The standard deviation of the values, which are a whole population.
    pub deviation: f64,
}

/// What the rows of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Numbers, all of which are 0 or 1.
    Boolean,
    /// Images.
    Pixels,
    /// Indices of classes.
    Class {
        /// Rows of each class.
        counts: Vec<u64>,
    },
}

impl Dataset {
    /// Describes all columns. Reads all data once and compares its checksums. `may_go_on` is asked
    /// now and then; what it fails with ends the work.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if the data can't be read, [`DatasetError::File`] if it is damaged.
    pub fn describe<E: From<DatasetError>>(
        &self,
        may_go_on: impl Fn() -> Result<(), E>,
    ) -> Result<Vec<ColumnSummary>, E> {
        let columns = 0..self.info().columns.len();
        columns.map(|column| self.describe_column(column, &may_go_on)).collect()
    }

    fn describe_column<E: From<DatasetError>>(
        &self,
        index: usize,
        may_go_on: &impl Fn() -> Result<(), E>,
    ) -> Result<ColumnSummary, E> {
        let column = &self.info().columns[index];
        let rows_at_once = (PIECE_BYTES / column.element.bytes()).max(1);
        let mut tally = Tally::new(column.element);
        let mut hasher = Hasher::new();
        let mut bytes = Vec::new();
        let mut row = 0;
        while row < self.info().rows {
            may_go_on()?;
            let end = self.info().rows.min(row + rows_at_once);
            self.read_rows(index, row..end, &mut bytes)?;
            hasher.update(&bytes);
            tally.add(&bytes);
            row = end;
        }
        if hasher.finalize() != column.crc {
            let problem = FileProblem::ColumnChecksum { column: column.name.clone() };
            return Err(self.damaged(column.offset, problem).into());
        }
        let (kind, moments) = tally.finish(column.element);
        Ok(ColumnSummary {
            name: column.name.clone(),
            kind,
            minimum: moments.minimum(),
            maximum: moments.maximum(),
            mean: moments.mean(),
            deviation: moments.deviation(),
        })
    }
}

/// What is gathered from the bytes of a column.
enum Tally {
    /// Of numbers, and whether all were 0 or 1.
    Numbers { moments: Moments, binary: bool },
    /// How often each byte occurs.
    Bytes(Box<[u64; 256]>),
}

impl Tally {
    fn new(element: Element) -> Self {
        match element {
            Element::Number => Self::Numbers { moments: Moments::default(), binary: true },
            Element::Pixels { .. } | Element::Class { .. } => Self::Bytes(Box::new([0; 256])),
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Numbers { moments, binary } => {
                for number in bytes.as_chunks().0 {
                    let number = f64::from(f32::from_le_bytes(*number));
                    moments.add(number);
                    *binary &= number == 0.0 || number == 1.0;
                }
            }
            Self::Bytes(counts) => bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1),
        }
    }

    fn finish(self, element: Element) -> (ColumnKind, Moments) {
        match self {
            Self::Numbers { moments, binary: true } => (ColumnKind::Boolean, moments),
            Self::Numbers { moments, binary: false } => (ColumnKind::Number, moments),
            Self::Bytes(counts) => {
                let mut moments = Moments::default();
                for (byte, count) in (0..=u8::MAX).zip(counts.iter()) {
                    moments.add_times(f64::from(byte), *count);
                }
                let kind = match element {
                    Element::Class { count } => {
                        ColumnKind::Class { counts: counts[..count as usize].to_vec() }
                    }
                    _ => ColumnKind::Pixels,
                };
                (kind, moments)
            }
        }
    }
}
