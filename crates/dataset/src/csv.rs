//! CSV: a line of column names, then rows of numbers and categories.
//!
//! Cells are separated by commas and may be quoted; spaces around them don't count. `true` and
//! `false` are 1 and 0 among numbers; an empty cell or `null` repeats the one above it. Blank lines
//! are skipped, so a table of one column has to write `null` where it repeats.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use hanami_disk::Disk;

use crate::cells::{Cell, Cells, is_missing};
use crate::error::{CsvProblem, DatasetError};
use crate::info::{Kind, MAX_CATEGORIES_BYTES, MAX_NAME_CHARS, Summary};
use crate::records::Records;
use crate::writer::Writer;

const READ_BYTES: usize = 64 * 1024;

/// Converts a CSV file to a dataset file at `out` on `disk`.
///
/// Reads the input twice, first to check it, to count its rows and to collect its categories, as
/// the rows of a column lie together in the dataset. Takes constant memory. `out` is there
/// completely afterwards, or not at all; a crash may leave a `.dataset-*.tmp` beside it.
///
/// # Errors
/// [`DatasetError::Csv`] for what is wrong with the input, [`DatasetError::Io`] otherwise.
pub fn convert_csv(
    input: impl Read + Seek,
    disk: &Disk,
    out: &Path,
) -> Result<Summary, DatasetError> {
    let mut input = BufReader::with_capacity(READ_BYTES, input);
    let mut table = Table::open(&mut input)?;
    let (rows, cells) = table.survey()?;
    let names = table.names;

    let mut table = Table::open(&mut input)?;
    if table.names != names {
        return Err(DatasetError::InputChanged);
    }
    let columns = names.into_iter().zip(&cells).map(|(name, cells)| cells.column(name)).collect();
    let mut writer = Writer::create(disk, out, Kind::Csv, rows, columns)?;
    let mut row = vec![None; cells.len()];
    while table.advance()? {
        table.read_row(&cells, &mut row)?;
        for (column, cell) in row.iter().enumerate() {
            match cell.ok_or(DatasetError::InputChanged)? {
                Cell::Number(number) => writer.append(column, &number.to_le_bytes())?,
                Cell::Category(code) => writer.append(column, &code.to_le_bytes())?,
            }
        }
    }
    Ok(writer.finish()?.summary())
}

/// A CSV text whose column names are read.
struct Table<R> {
    records: Records<R>,
    names: Vec<String>,
}

impl<R: BufRead + Seek> Table<R> {
    fn open(mut source: R) -> Result<Self, DatasetError> {
        source.rewind().map_err(DatasetError::io("read the CSV file"))?;
        let mut records = Records::new(source);
        let Some(columns) = records.advance()? else {
            return Err(records.invalid(CsvProblem::Empty));
        };
        let names = read_names(&records, columns)?;
        Ok(Table { records, names })
    }

    /// Goes to the next row, which has a cell for each column; `false` at the end.
    fn advance(&mut self) -> Result<bool, DatasetError> {
        let Some(found) = self.records.advance()? else {
            return Ok(false);
        };
        let expected = self.names.len();
        if found != expected {
            let lines = self.records.lines();
            return Err(self.records.invalid(CsvProblem::RaggedRow { expected, found, lines }));
        }
        Ok(true)
    }

    /// Goes through all rows; answers their number, and what the columns hold.
    fn survey(&mut self) -> Result<(u64, Vec<Cells>), DatasetError> {
        let mut cells = Vec::new();
        let (mut rows, mut texts) = (0, 0);
        while self.advance()? {
            if rows == 0 {
                cells = (0..self.names.len())
                    .map(|index| self.first(index))
                    .collect::<Result<_, _>>()?;
            }
            for (index, cells) in cells.iter_mut().enumerate() {
                let met = self.records.cell(index).and_then(|text| cells.meet(text));
                texts += met.map_err(|problem| self.invalid(index, problem))?;
                if texts > MAX_CATEGORIES_BYTES {
                    return Err(self.invalid(index, CsvProblem::TooMuchText));
                }
            }
            rows += 1;
        }
        if rows == 0 {
            return Err(self.records.invalid(CsvProblem::NoRows));
        }
        cells.iter_mut().for_each(Cells::close);
        Ok((rows, cells))
    }

    /// What a column holds, seen from its first row.
    fn first(&self, index: usize) -> Result<Cells, DatasetError> {
        match self.records.cell(index) {
            Ok(text) if is_missing(text) => Err(self.invalid(index, CsvProblem::NothingToRepeat)),
            Ok(text) => Ok(Cells::beginning_with(text)),
            Err(problem) => Err(self.invalid(index, problem)),
        }
    }

    /// Reads the current row over the one above, which shows where a cell is empty.
    fn read_row(&self, cells: &[Cells], row: &mut [Option<Cell>]) -> Result<(), DatasetError> {
        for (index, (value, cells)) in row.iter_mut().zip(cells).enumerate() {
            let text = self.records.cell(index).map_err(|_| DatasetError::InputChanged)?;
            if !is_missing(text) {
                *value = cells.read(text);
            }
        }
        Ok(())
    }

    /// The mistake `problem` in a column of the current row.
    fn invalid(&self, index: usize, problem: CsvProblem) -> DatasetError {
        self.records.invalid_in(&self.names[index], problem)
    }
}

fn read_names<R: BufRead>(
    records: &Records<R>,
    columns: usize,
) -> Result<Vec<String>, DatasetError> {
    let mut names = Vec::with_capacity(columns);
    let mut numbers = HashMap::new();
    for index in 0..columns {
        let number = index + 1;
        let name = records.cell(index).map_err(|problem| records.invalid_in(&number, problem))?;
        if name.is_empty() {
            return Err(records.invalid_in(&number, CsvProblem::EmptyName));
        }
        if name.chars().count() > MAX_NAME_CHARS || name.contains(char::is_control) {
            return Err(records.invalid_in(&number, CsvProblem::InvalidName));
        }
        if name.starts_with('#') || name.contains(" #") {
            return Err(records.invalid_in(&number, CsvProblem::CommentInName));
        }
        if let Some(first) = numbers.insert(name, number) {
            return Err(records.invalid_in(&name, CsvProblem::DuplicateName { first }));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
