//! What the columns of a dataset hold, in numbers.

use crc32fast::Hasher;

use crate::dataset::Dataset;
use crate::error::{DatasetError, FileProblem};
use crate::info::{Column, Element};
use crate::moments::Moments;

/// Bytes that are read between two looks at whether to go on.
const PIECE_BYTES: u64 = 1 << 20;
/// Values of a byte.
const BYTE_VALUES: usize = 256;

/// What a column holds, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// Name of the column.
    pub name: String,
    /// What its rows hold.
    pub kind: ColumnKind,
    /// How its values are spread: all pixels of images, the indices of classes. Categories have no
    /// values.
    pub spread: Option<Spread>,
    /// Classes or categories, and how many rows each has; none for other columns.
    pub counts: Vec<(String, u64)>,
}

/// What the rows of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Numbers, all of which are 0 or 1.
    Boolean,
    /// Images.
    Pixels,
    /// Indices of classes.
    Class,
    /// Texts, of which there are a few different ones.
    Category,
}

/// How values are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The lowest value.
    pub minimum: f64,
    /// The highest value.
    pub maximum: f64,
    /// The mean value.
    pub mean: f64,
    /// The standard deviation of the values, which are a whole population.
    pub deviation: f64,
}

impl From<Moments> for Spread {
    fn from(moments: Moments) -> Self {
        Self {
            minimum: moments.minimum(),
            maximum: moments.maximum(),
            mean: moments.mean(),
            deviation: moments.deviation(),
        }
    }
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
        let mut tally = Tally::new(column);
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
        Ok(tally.finish(column))
    }
}

/// What is gathered from the bytes of a column.
enum Tally {
    /// Of numbers, and whether all were 0 or 1.
    Numbers { moments: Moments, binary: bool },
    /// How often each byte occurs.
    Bytes(Vec<u64>),
    /// How often each category occurs.
    Categories(Vec<u64>),
}

impl Tally {
    fn new(column: &Column) -> Self {
        match column.element {
            Element::Number => Self::Numbers { moments: Moments::default(), binary: true },
            Element::Pixels { .. } | Element::Class { .. } => Self::Bytes(vec![0; BYTE_VALUES]),
            Element::Category { .. } => Self::Categories(vec![0; column.categories.len()]),
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
            Self::Categories(counts) => {
                for code in bytes.as_chunks().0 {
                    let code = usize::from(u16::from_le_bytes(*code));
                    // A code beyond the categories is damage, which the checksum shows.
                    if let Some(count) = counts.get_mut(code) {
                        *count += 1;
                    }
                }
            }
        }
    }

    fn finish(self, column: &Column) -> ColumnSummary {
        let (kind, spread, counts) = match self {
            Self::Numbers { moments, binary } => {
                let kind = if binary { ColumnKind::Boolean } else { ColumnKind::Number };
                (kind, Some(moments.into()), Vec::new())
            }
            Self::Bytes(counts) => {
                let mut moments = Moments::default();
                for (byte, count) in counts.iter().enumerate() {
                    moments.add_times(byte as f64, *count);
                }
                let spread = Some(moments.into());
                match column.element {
                    Element::Class { count } => {
                        let classes = (0..count).map(|class| class.to_string());
                        (ColumnKind::Class, spread, classes.zip(counts).collect())
                    }
                    _ => (ColumnKind::Pixels, spread, Vec::new()),
                }
            }
            Self::Categories(counts) => {
                let categories = column.categories.iter().cloned();
                (ColumnKind::Category, None, categories.zip(counts).collect())
            }
        };
        ColumnSummary { name: column.name.clone(), kind, spread, counts }
    }
}
