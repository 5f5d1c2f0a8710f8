//! Writes a dataset file, so that it is either there completely or not at all.

use std::io;
use std::path::{Path, PathBuf};

use crc32fast::Hasher;
use hanami_disk::{Disk, File, How};

use crate::error::DatasetError;
use crate::format;
use crate::info::{Column, Info, Kind};

/// Memory for data that waits to be written, over all columns.
const BUFFER_BYTES: usize = 16 * 1024 * 1024;
const MAX_COLUMN_BUFFER_BYTES: usize = 256 * 1024;

/// Takes the data of all columns in any order and writes each to its place.
///
/// The file has a temporary name beside the final one until [`Writer::finish`].
pub(crate) struct Writer {
    pub(crate) info: Info,
    out: PathBuf,
    file: Temporary,
    length: u64,
    columns: Vec<ColumnWriter>,
}

/// Data of a column on its way into the file.
struct ColumnWriter {
    /// Where the buffer belongs in the file.
    at: u64,
    /// First byte after the column.
    end: u64,
    buffer: Vec<u8>,
    buffer_bytes: usize,
    hasher: Hasher,
}

impl Writer {
    /// Begins a dataset of `rows` rows; the columns need no offsets and checksums yet.
    pub(crate) fn create(
        disk: &Disk,
        out: &Path,
        kind: Kind,
        rows: u64,
        columns: Vec<Column>,
    ) -> Result<Self, DatasetError> {
        let mut info = Info { kind, rows, columns };
        let length = format::place(&mut info).ok_or_else(|| too_large(out))?;
        let file = Temporary::beside(disk, out)
            .map_err(DatasetError::io(format!("create a file beside {}", out.display())))?;
        let buffer_bytes = (BUFFER_BYTES / info.columns.len()).min(MAX_COLUMN_BUFFER_BYTES);
        let columns = info.columns.iter().map(|column| ColumnWriter {
            at: column.offset,
            end: column.offset + column.element.bytes() * rows,
            buffer: Vec::new(),
            buffer_bytes,
            hasher: Hasher::new(),
        });
        let columns = columns.collect();
        Ok(Writer { info, out: out.to_owned(), file, length, columns })
    }

    /// Adds data to the column with the index `column`.
    pub(crate) fn append(&mut self, column: usize, data: &[u8]) -> Result<(), DatasetError> {
        let column = &mut self.columns[column];
        column.buffer.extend_from_slice(data);
        if column.buffer.len() >= column.buffer_bytes {
            column.flush(&self.file.file)?;
        }
        Ok(())
    }

    /// Completes the file and gives it its name; when this returns, it survives a power loss.
    ///
    /// Returns what is in it. Fails if a column got less data than its rows need.
    pub(crate) fn finish(mut self) -> Result<Info, DatasetError> {
        for (column, described) in self.columns.iter_mut().zip(&mut self.info.columns) {
            column.flush(&self.file.file)?;
            if column.at != column.end {
                return Err(DatasetError::InputChanged);
            }
            described.crc = column.hasher.clone().finalize();
        }
        let action = || format!("write {}", self.out.display());
        let header = format::encode(&self.info, self.length);
        self.file.file.write_all_at(&header, 0).map_err(DatasetError::io(action()))?;
        self.file.persist(&self.out).map_err(DatasetError::io(action()))?;
        Ok(self.info)
    }
}

/// A file that is removed when it is dropped before it got its name.
struct Temporary {
    disk: Disk,
    path: PathBuf,
    file: File,
    persisted: bool,
}

impl Temporary {
    /// A new file in the folder of `out`, under a name that nobody uses.
    fn beside(disk: &Disk, out: &Path) -> io::Result<Self> {
        for number in 0_u32.. {
            let path = out.with_added_extension(format!("{number}.tmp"));
            match disk.open(&path, How::New) {
                Ok(file) => return Ok(Self { disk: disk.clone(), path, file, persisted: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Makes the file durable and gives it the name `out`, durably.
    fn persist(&mut self, out: &Path) -> io::Result<()> {
        self.file.sync()?;
        self.disk.rename(&self.path, out)?;
        self.persisted = true;
        self.disk.sync_name(out)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.persisted {
            // If it stays, it has the name of a leftover.
            let _ = self.disk.remove(&self.path);
        }
    }
}

impl ColumnWriter {
    fn flush(&mut self, file: &File) -> Result<(), DatasetError> {
        let bytes = self.buffer.len() as u64;
        if bytes > self.end - self.at {
            return Err(DatasetError::InputChanged);
        }
        file.write_all_at(&self.buffer, self.at).map_err(DatasetError::io("write the dataset"))?;
        self.hasher.update(&self.buffer);
        self.at += bytes;
        self.buffer.clear();
        Ok(())
    }
}

fn too_large(out: &Path) -> DatasetError {
    let source = std::io::ErrorKind::FileTooLarge.into();
    DatasetError::io(format!("write {}", out.display()))(source)
}
