//! Cuts CSV text into rows of cells in bounded memory.

use std::io::BufRead;

use csv_core::ReadRecordResult;
use memchr::memchr2_iter;

use crate::error::{CsvProblem, DatasetError};
use crate::info::MAX_COLUMNS;

/// Longest row in bytes.
const MAX_ROW_BYTES: usize = 1 << 20;

/// The rows of a CSV text; blank lines are left out.
pub(crate) struct Records<R> {
    source: R,
    parser: csv_core::Reader,
    /// Line of the next byte, from 1.
    next_line: u64,
    /// Whether the last byte was a carriage return: a line feed after it ends the same line.
    returned: bool,
    /// Line in which the current row begins.
    line: u64,
    /// The cells of the current row one after the other, without quotes.
    text: Vec<u8>,
    /// Where each cell ends in the text; one more than allowed, to see that there is one.
    ends: Vec<usize>,
}

impl<R: BufRead> Records<R> {
    pub(crate) fn new(source: R) -> Self {
        Records {
            source,
            parser: csv_core::Reader::new(),
            next_line: 1,
            returned: false,
            line: 1,
            text: vec![0; MAX_ROW_BYTES],
            ends: vec![0; MAX_COLUMNS + 1],
        }
    }

    /// Goes to the next row and returns the number of its cells, or `None` at the end.
    pub(crate) fn advance(&mut self) -> Result<Option<usize>, DatasetError> {
        self.skip_line_ends()?;
        self.line = self.next_line;
        let (mut bytes, mut cells) = (0, 0);
        loop {
            let input = self.source.fill_buf().map_err(DatasetError::io("read the CSV file"))?;
            // The last line may lack its end. To a cell whose quote is open that is one more byte.
            let at_end = input.is_empty();
            let input = if at_end { b"\n" } else { input };
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.text[bytes..], &mut self.ends[cells..]);
            if !at_end {
                self.next_line += line_ends(&input[..read], &mut self.returned);
                self.source.consume(read);
            } else if written > 0 {
                return Err(self.invalid(CsvProblem::OpenQuote));
            }
            bytes += written;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty if !at_end => {}
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record if cells <= MAX_COLUMNS => return Ok(Some(cells)),
                ReadRecordResult::OutputFull => {
                    return Err(self.invalid(CsvProblem::RowTooLong { limit: MAX_ROW_BYTES }));
                }
                ReadRecordResult::Record | ReadRecordResult::OutputEndsFull => {
                    return Err(self.invalid(CsvProblem::TooManyColumns));
                }
            }
        }
    }

    /// The text of a cell of the current row, without the spaces around it.
    pub(crate) fn cell(&self, index: usize) -> Result<&str, CsvProblem> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        std::str::from_utf8(&self.text[start..self.ends[index]])
            .map(str::trim)
            .map_err(|_| CsvProblem::InvalidUtf8)
    }

    /// The lines that the current row, which was read, takes.
    pub(crate) fn lines(&self) -> u64 {
        (self.next_line - self.line).max(1)
    }

    /// The mistake `problem` in the current row.
    pub(crate) fn invalid(&self, problem: CsvProblem) -> DatasetError {
        DatasetError::Csv { line: self.line, column: None, problem }
    }

    /// The mistake `problem` in a column of the current row.
    pub(crate) fn invalid_in(&self, column: &impl ToString, problem: CsvProblem) -> DatasetError {
        DatasetError::Csv { line: self.line, column: Some(column.to_string()), problem }
    }

    /// Skips the end of the last row and blank lines, so that the next byte begins a row.
    fn skip_line_ends(&mut self) -> Result<(), DatasetError> {
        loop {
            let input = self.source.fill_buf().map_err(DatasetError::io("read the CSV file"))?;
            let ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if ends == 0 {
                return Ok(());
            }
            self.next_line += line_ends(&input[..ends], &mut self.returned);
            self.source.consume(ends);
        }
    }
}

/// Line ends in the bytes: line feeds, carriage returns, and the two together as one. `returned`
/// tells whether a carriage return came before the bytes, and then whether it is their last.
fn line_ends(bytes: &[u8], returned: &mut bool) -> u64 {
    let before = |at: usize| if at == 0 { *returned } else { bytes[at - 1] == b'\r' };
    let ends = memchr2_iter(b'\r', b'\n', bytes).filter(|&at| bytes[at] == b'\r' || !before(at));
    let count = ends.count() as u64;
    if let Some(&last) = bytes.last() {
        *returned = last == b'\r';
    }
    count
}
