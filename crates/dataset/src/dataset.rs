//! Reading of dataset files.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crc32fast::Hasher;
use hanami_disk::{Disk, File, How};

use crate::error::{DatasetError, FileProblem};
use crate::format::{self, FIXED_BYTES};
use crate::info::Info;

/// Data read at once where a whole column is gone through.
const CHUNK_BYTES: u64 = 64 * 1024;

/// An open dataset file. It can be read from several threads at once.
#[derive(Debug)]
pub struct Dataset {
    file: File,
    path: PathBuf,
    info: Info,
}

impl Dataset {
    /// Opens a dataset file and checks its header and its length, not yet its data.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if it can't be read, [`DatasetError::File`] if it is damaged.
    pub fn open(disk: &Disk, path: &Path) -> Result<Self, DatasetError> {
        let damaged =
            |(offset, problem)| DatasetError::File { path: path.to_owned(), offset, problem };
        let action = || format!("read dataset file {}", path.display());
        let file = disk.open(path, How::Read).map_err(DatasetError::io(action()))?;
        let found = file.length().map_err(DatasetError::io(action()))?;

        if found < FIXED_BYTES as u64 {
            return Err(damaged((found, FileProblem::TruncatedHeader)));
        }
        let mut fixed = [0; FIXED_BYTES];
        file.read_exact_at(&mut fixed, 0).map_err(DatasetError::io(action()))?;
        let header_bytes = format::header_length(&fixed).map_err(damaged)?;
        if found < header_bytes as u64 {
            return Err(damaged((found, FileProblem::TruncatedHeader)));
        }
        let mut header = vec![0; header_bytes];
        file.read_exact_at(&mut header, 0).map_err(DatasetError::io(action()))?;
        let (info, expected) = format::decode(&header).map_err(damaged)?;
        if found != expected {
            return Err(damaged((found.min(expected), FileProblem::Length { expected, found })));
        }
        Ok(Dataset { file, path: path.to_owned(), info })
    }

    /// What is in the dataset.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Reads all data once and compares its checksums.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if it can't be read, [`DatasetError::File`] if it is damaged.
    pub fn verify(&self) -> Result<(), DatasetError> {
        for (index, column) in self.info.columns.iter().enumerate() {
            let mut hasher = Hasher::new();
            self.for_each_chunk(index, 0, |bytes| hasher.update(bytes))?;
            if hasher.finalize() != column.crc {
                let problem = FileProblem::ColumnChecksum { column: column.name.clone() };
                return Err(self.damaged(column.offset, problem));
            }
        }
        Ok(())
    }

    /// Replaces `bytes` by the given rows of the column with the index `column`.
    pub(crate) fn read_rows(
        &self,
        column: usize,
        rows: Range<u64>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), DatasetError> {
        let column = &self.info.columns[column];
        let row_bytes = column.element.bytes();
        bytes.resize(((rows.end - rows.start) * row_bytes) as usize, 0);
        self.file
            .read_exact_at(bytes, column.offset + rows.start * row_bytes)
            .map_err(DatasetError::io(format!("read dataset file {}", self.path.display())))
    }

    /// Goes through a column from a row on, some rows at a time.
    pub(crate) fn for_each_chunk(
        &self,
        column: usize,
        first_row: u64,
        mut visit: impl FnMut(&[u8]),
    ) -> Result<(), DatasetError> {
        let rows_at_once = (CHUNK_BYTES / self.info.columns[column].element.bytes()).max(1);
        let mut bytes = Vec::new();
        let mut row = first_row;
        while row < self.info.rows {
            let end = self.info.rows.min(row + rows_at_once);
            self.read_rows(column, row..end, &mut bytes)?;
            visit(&bytes);
            row = end;
        }
        Ok(())
    }

    /// The file is not as it was written.
    pub(crate) fn damaged(&self, offset: u64, problem: FileProblem) -> DatasetError {
        DatasetError::File { path: self.path.clone(), offset, problem }
    }
}
