//! A dataset as a file that an upload makes the same dataset of.

use std::io::Write;

use crc32fast::Hasher;

use crate::dataset::Dataset;
use crate::error::{DatasetError, FileProblem};
use crate::idx;
use crate::info::{Column, Element, Kind};

/// Bytes of the dataset that become one piece of the file, as long as that is a row or more.
const PIECE_BYTES: u64 = 128 * 1024;

/// One of the files that a dataset is uploaded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The table, or the images.
    Input,
    /// The labels.
    Label,
}

/// Writes a file of a dataset piece by piece, in constant memory: a table as CSV, images and
/// labels as IDX.
#[derive(Debug)]
pub struct Export {
    dataset: Dataset,
    /// The columns that go into the file, and the checksums of what was read of them.
    columns: Vec<(usize, Hasher)>,
    row: u64,
    begun: bool,
}

impl Export {
    /// An export of a part of `dataset`; `None` if it has no such part, like the labels of a table.
    #[must_use]
    pub fn new(dataset: Dataset, part: Part) -> Option<Self> {
        let columns = match (dataset.info().kind, part) {
            (Kind::Csv, Part::Input) => 0..dataset.info().columns.len(),
            (Kind::Csv, Part::Label) => return None,
            (Kind::Mnist, Part::Input) => 0..1,
            (Kind::Mnist, Part::Label) => 1..2,
        };
        let columns = columns.map(|column| (column, Hasher::new())).collect();
        Some(Self { dataset, columns, row: 0, begun: false })
    }

    /// The length of the file in bytes, where it is known before it is written.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        let info = self.dataset.info();
        let values: u64 = self.described().map(|column| column.element.bytes() * info.rows).sum();
        match info.kind {
            Kind::Csv => None,
            Kind::Mnist => Some(self.head().len() as u64 + values),
        }
    }

    /// The next piece of the file; `None` at its end.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if the dataset can't be read, [`DatasetError::File`] if it turns out to
    /// be damaged; the file is not to be used then.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, DatasetError> {
        if !self.begun {
            self.begun = true;
            return Ok(Some(self.head()));
        }
        let info = self.dataset.info();
        if self.row == info.rows {
            self.compare_checksums()?;
            return Ok(None);
        }
        let row_bytes: u64 = self.described().map(|column| column.element.bytes()).sum();
        let end = info.rows.min(self.row + (PIECE_BYTES / row_bytes).max(1));
        let mut data = Vec::with_capacity(self.columns.len());
        for (column, hasher) in &mut self.columns {
            let mut bytes = Vec::new();
            self.dataset.read_rows(*column, self.row..end, &mut bytes)?;
            hasher.update(&bytes);
            data.push(bytes);
        }
        let rows = end - self.row;
        self.row = end;
        match self.dataset.info().kind {
            Kind::Csv => Ok(Some(self.lines(&data, rows as usize))),
            Kind::Mnist => Ok(Some(data.concat())),
        }
    }

    /// The columns that go into the file.
    fn described(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().map(|(column, _)| &self.dataset.info().columns[*column])
    }

    /// What stands before the first row.
    fn head(&self) -> Vec<u8> {
        let info = self.dataset.info();
        match (info.kind, self.described().next().map(|column| column.element)) {
            (Kind::Mnist, Some(Element::Pixels { count, width })) => {
                let width = if width == 0 { count } else { width };
                idx::header(&[info.rows as u32, count / width, width])
            }
            (Kind::Mnist, _) => idx::header(&[info.rows as u32]),
            (Kind::Csv, _) => {
                let names: Vec<_> = self.described().map(|column| quoted(&column.name)).collect();
                (names.join(",") + "\n").into_bytes()
            }
        }
    }

    /// The lines of a table whose columns hold `data`.
    fn lines(&self, data: &[Vec<u8>], rows: usize) -> Vec<u8> {
        let mut lines = Vec::new();
        let mut columns: Vec<_> = self
            .described()
            .zip(data)
            .map(|(column, bytes)| (column, column.split_rows(bytes)))
            .collect();
        for _ in 0..rows {
            for (column, cells) in &mut columns {
                if let Some(bytes) = cells.next() {
                    // Writing to memory can't fail.
                    let _ = write!(lines, "{},", column.cell(bytes));
                }
            }
            // The comma after the last cell of the row.
            lines.pop();
            lines.push(b'\n');
        }
        lines
    }

    fn compare_checksums(&self) -> Result<(), DatasetError> {
        for ((_, hasher), column) in self.columns.iter().zip(self.described()) {
            if hasher.clone().finalize() != column.crc {
                let problem = FileProblem::ColumnChecksum { column: column.name.clone() };
                return Err(self.dataset.damaged(column.offset, problem));
            }
        }
        Ok(())
    }
}

/// A text, such as the name of a column, as a cell of a CSV file holds it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-. ".contains(letter);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('"', "\"\""))
}
