//! Rows of a dataset as people read them.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use crate::dataset::Dataset;
use crate::error::DatasetError;
use crate::export::quoted;
use crate::info::{Column, Element};

/// Values that are handed out at once, at most: 1024 x 1024.
const MAX_VALUES: u64 = 1 << 20;

/// What one row of one column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f32),
    /// The index of a class.
    Class(u16),
    /// The text of a category.
    Text(String),
    /// An image, one byte per pixel.
    Pixels(Vec<u8>),
}

impl Display for Cell {
    /// Writes it as a cell of a CSV file that reads back as the same.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Class(class) => write!(f, "{class}"),
            Cell::Text(text) => f.write_str(&quoted(text)),
            Cell::Pixels(pixels) => f.debug_list().entries(pixels).finish(),
        }
    }
}

/// The index of the class or category in the bytes of one row.
pub(crate) fn code(bytes: &[u8]) -> u16 {
    match *bytes {
        [class] => class.into(),
        [low, high] => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

impl Column {
    /// The cell in the bytes of one row.
    pub(crate) fn cell(&self, bytes: &[u8]) -> Cell {
        match self.element {
            Element::Number => {
                let number = bytes.first_chunk().copied().unwrap_or_default();
                Cell::Number(f32::from_le_bytes(number))
            }
            Element::Class { .. } => Cell::Class(code(bytes)),
            Element::Category { .. } => {
                let text = self.categories.get(usize::from(code(bytes)));
                Cell::Text(text.cloned().unwrap_or_default())
            }
            Element::Pixels { .. } => Cell::Pixels(bytes.to_vec()),
        }
    }
}

impl Dataset {
    /// The cells of `count` rows from the row `from` on, row by row. There are fewer where the
    /// dataset ends, and where the rows have more than 1,048,576 values together; but one at least.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if they can't be read.
    pub fn rows(&self, from: u64, count: u64) -> Result<Vec<Vec<Cell>>, DatasetError> {
        let columns = &self.info().columns;
        let values: u64 = columns.iter().map(|column| column.element.values()).sum();
        let count = count.min((MAX_VALUES / values).max(1));
        let rows: Range<u64> = from..self.info().rows.min(from.saturating_add(count));
        let mut cells = vec![Vec::with_capacity(columns.len()); rows.clone().count()];
        if cells.is_empty() {
            return Ok(cells);
        }
        let mut bytes = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            self.read_rows(index, rows.clone(), &mut bytes)?;
            for (row, bytes) in cells.iter_mut().zip(column.split_rows(&bytes)) {
                row.push(column.cell(bytes));
            }
        }
        Ok(cells)
    }
}
