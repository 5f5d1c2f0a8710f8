//! CSV: a line of column names, then rows of numbers.
//!
//! Cells are separated by commas and may be quoted; spaces around them don't count. `true` and
//! `false` are 1 and 0; an empty cell or `null` repeats the one above it. Blank lines are skipped,
//! so a table of one column has to write `null` where it repeats.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use crate::error::{CsvProblem, DatasetError};
use crate::info::{Column, Element, Kind, MAX_NAME_CHARS, Summary};
use crate::records::Records;
use crate::writer::Writer;

const READ_BYTES: usize = 64 * 1024;

/// Converts a CSV file to a dataset file at `out`.
///
/// Reads the input twice, first to check it and to count its rows, as the rows of a column lie
/// together in the dataset. Takes constant memory. `out` is there completely afterwards, or not at
/// all; a crash may leave a `.dataset-*.tmp` beside it.
///
/// # Errors
/// [`DatasetError::Csv`] for what is wrong with the input, [`DatasetError::Io`] otherwise.
pub fn convert_csv(input: impl Read + Seek, out: &Path) -> Result<Summary, DatasetError> {
    let mut input = BufReader::with_capacity(READ_BYTES, input);
    let mut rows = 0;
    let mut table = Table::open(&mut input)?;
    while table.next_row()?.is_some() {
        rows += 1;
    }
    if rows == 0 {
        return Err(table.records.invalid(CsvProblem::NoRows));
    }
    let names = table.names;

    let mut table = Table::open(&mut input)?;
    if table.names != names {
        return Err(DatasetError::InputChanged);
    }
    let columns = names.into_iter().map(|name| Column::new(name, Element::Number)).collect();
    let mut writer = Writer::create(out, Kind::Csv, rows, columns)?;
    while let Some(row) = table.next_row()? {
        for (column, number) in row.iter().enumerate() {
            writer.append(column, &number.to_le_bytes())?;
        }
    }
    Ok(writer.finish()?.summary())
}

/// A CSV text whose column names are read.
struct Table<R> {
    records: Records<R>,
    names: Vec<String>,
    /// The last row that was read; empty before the first one.
    row: Vec<f32>,
}

impl<R: BufRead + Seek> Table<R> {
    fn open(mut source: R) -> Result<Self, DatasetError> {
        source.rewind().map_err(DatasetError::io("read the CSV file"))?;
        let mut records = Records::new(source);
        let Some(columns) = records.advance()? else {
            return Err(records.invalid(CsvProblem::Empty));
        };
        let names = read_names(&records, columns)?;
        Ok(Table { records, names, row: Vec::new() })
    }

    fn next_row(&mut self) -> Result<Option<&[f32]>, DatasetError> {
        let Some(found) = self.records.advance()? else {
            return Ok(None);
        };
        let expected = self.names.len();
        if found != expected {
            let lines = self.records.lines();
            return Err(self.records.invalid(CsvProblem::RaggedRow { expected, found, lines }));
        }
        let first = self.row.is_empty();
        self.row.resize(expected, 0.0);
        for (index, value) in self.row.iter_mut().enumerate() {
            match self.records.cell(index).and_then(read_cell) {
                Ok(Some(number)) => *value = number,
                Ok(None) if !first => {}
                Ok(None) => {
                    let problem = CsvProblem::NothingToRepeat;
                    return Err(self.records.invalid_in(&self.names[index], problem));
                }
                Err(problem) => return Err(self.records.invalid_in(&self.names[index], problem)),
            }
        }
        Ok(Some(&self.row))
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

/// The number in a cell, or `None` if it repeats the one above.
fn read_cell(text: &str) -> Result<Option<f32>, CsvProblem> {
    if text.is_empty() || text.eq_ignore_ascii_case("null") {
        return Ok(None);
    }
    if text.eq_ignore_ascii_case("true") {
        return Ok(Some(1.0));
    }
    if text.eq_ignore_ascii_case("false") {
        return Ok(Some(0.0));
    }
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        Ok(_) => Err(CsvProblem::NotFinite { text: shortened(text) }),
        Err(_) => Err(CsvProblem::NotANumber { text: shortened(text) }),
    }
}

fn shortened(text: &str) -> String {
    const CHARS: usize = 40;
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
