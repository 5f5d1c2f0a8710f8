//! Files that arrive in pieces, in any order, over any number of connections.
//!
//! The bytes go to a sparse file; which of them have arrived goes to a second file beside it, the
//! record: entries of position (u64), length (u64) and CRC-32 of the two (u32), little endian.
//! A piece is acknowledged when its bytes and then its entry are durable. An entry is written only
//! after the one before is durable, so only the last one can be torn by a crash; opening cuts it.
//!
//! All connections that write a file share one [`Upload`] and take turns with its record, which they
//! hold while they write. What has arrived has a lock of its own, which nobody holds while the disk
//! works: how far a file has come is told at once.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, File, How};
use parking_lot::Mutex;
use rangemap::RangeSet;

use crate::entity::upload_file;
use crate::error::StoreError;
use crate::hold;
use crate::layout::Layout;
use crate::reserve::Reserve;

/// The most separate pieces a file may consist of while it arrives. 10 GB in pieces of 128 KiB,
/// sent in the worst of orders, make 38 000.
pub const MAX_RANGES: usize = 1 << 17;

const ENTRY: usize = 20;

/// The record is rewritten when it is longer than it needs to be by so many entries.
const SPARE_ENTRIES: usize = 4096;

/// Why a piece of a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The piece is not inside the file.
    #[error(
        "{length} bytes at position {position} do not fit into the declared size of {size} bytes"
    )]
    OutOfBounds {
        /// Where the piece was to go.
        position: u64,
        /// Its length in bytes.
        length: u64,
        /// The declared size of the file in bytes.
        size: u64,
    },
    /// The file has arrived in too many separate pieces.
    #[error(
        "the file has arrived in {limit} separate pieces: send larger pieces, or send them in order"
    )]
    TooFragmented {
        /// How many are allowed.
        limit: usize,
    },
    /// The dataset was finished or deleted meanwhile.
    #[error("the file is not wanted any more: its dataset was finished or deleted")]
    Discarded,
    /// The piece could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The most missing ranges that a [`FileProgress`] names.
const MAX_MISSING: usize = 1000;

/// How far a file of a dataset has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProgress {
    /// The file.
    pub file: upload_file::Model,
    /// Bytes of it that have arrived.
    pub received: u64,
    /// What has not arrived yet, as ranges of byte positions: the first 1000.
    pub missing: Vec<Range<u64>>,
}

impl FileProgress {
    fn new(file: &upload_file::Model, ranges: &RangeSet<u64>) -> Self {
        let received = ranges.iter().map(|range| range.end - range.start).sum();
        let whole = 0..file.size as u64;
        let missing = ranges.gaps(&whole).take(MAX_MISSING).collect();
        Self { file: file.clone(), received, missing }
    }

    /// Reads from its record how far a file has come that is not open. Blocks.
    pub(crate) fn read(layout: &Layout, file: &upload_file::Model) -> Result<Self, StoreError> {
        Ok(Self::new(file, &read_record(layout, file)?))
    }

    /// The same, with a look at the bytes that the record tells of. Blocks.
    pub(crate) fn inspect(layout: &Layout, file: &upload_file::Model) -> Result<Self, StoreError> {
        let ranges = read_record(layout, file)?;
        let path = layout.upload(file.uuid);
        let length = match layout.disk().details(&path) {
            Ok(found) => found.length,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        require_length(&path, &ranges, length)?;
        Ok(Self::new(file, &ranges))
    }
}

/// What has arrived of a file that is not open.
fn read_record(layout: &Layout, file: &upload_file::Model) -> Result<RangeSet<u64>, StoreError> {
    let path = layout.upload_ranges(file.uuid);
    let bytes = match layout.disk().read(&path) {
        Ok(bytes) => bytes,
        // Nobody has opened the file yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(StoreError::io(&path)(error)),
    };
    let (ranges, _) = decode_record(&path, &bytes, file.size as u64)?;
    Ok(ranges)
}

/// Refuses a file that ends before what its record tells of.
fn require_length(path: &Path, ranges: &RangeSet<u64>, length: u64) -> Result<(), StoreError> {
    if ranges.last().is_some_and(|last| last.end > length) {
        return Err(StoreError::corrupt(format!("{} is too short", path.display())));
    }
    Ok(())
}

/// A file of a dataset that is arriving. Its methods block.
#[derive(Debug)]
pub struct Upload {
    disk: Disk,
    row: upload_file::Model,
    path: PathBuf,
    file: File,
    reserve: Reserve,
    record: Mutex<Record>,
    /// What has arrived. Changed only by who holds the record.
    ranges: Mutex<RangeSet<u64>>,
}

/// The record of what has arrived.
#[derive(Debug)]
struct Record {
    path: PathBuf,
    file: File,
    /// Entries in the record.
    entries: usize,
    /// Set once a sync has failed: the operating system may then have dropped what it was to
    /// write, and would report success the next time.
    failed: bool,
    /// Set once the file is not wanted any more.
    discarded: bool,
}

impl Upload {
    pub(crate) fn open(
        layout: &Layout,
        row: upload_file::Model,
        reserve: Reserve,
    ) -> Result<Self, StoreError> {
        let disk = layout.disk().clone();
        let path = layout.upload(row.uuid);
        let file = disk.open(&path, How::Write).map_err(StoreError::io(&path))?;
        let record = layout.upload_ranges(row.uuid);
        let (record, ranges) = Record::open(&disk, record, row.size as u64)?;
        disk.sync_name(&path).map_err(StoreError::io(&path))?;

        let length = file.length().map_err(StoreError::io(&path))?;
        require_length(&path, &ranges, length)?;
        let (record, ranges) = (Mutex::new(record), Mutex::new(ranges));
        Ok(Self { disk, row, path, file, reserve, record, ranges })
    }

    /// Stores a piece of the file. Once this returns, it survives a power loss. Pieces may come in
    /// any order, overlap and come again; the last one to arrive counts.
    ///
    /// # Errors
    ///
    /// [`UploadError::OutOfBounds`] if it is not inside the declared size,
    /// [`UploadError::TooFragmented`] beyond [`MAX_RANGES`] separate pieces. After a failure of
    /// the disk all later calls fail, until every connection has let go of the file.
    pub fn write(&self, position: u64, data: &[u8]) -> Result<(), UploadError> {
        let (size, length) = (self.size(), data.len() as u64);
        let end = position.checked_add(length).filter(|end| *end <= size);
        let Some(end) = end else {
            return Err(UploadError::OutOfBounds { position, length, size });
        };
        if data.is_empty() {
            return Ok(());
        }
        self.reserve.require()?;
        let mut record = self.record.lock();
        if record.discarded {
            return Err(UploadError::Discarded);
        }
        check_room(&self.ranges.lock(), &(position..end))?;
        if record.failed {
            let error = io::Error::other("an earlier write has failed");
            return Err(StoreError::io(&self.path)(error).into());
        }
        self.file.write_all_at(data, position).map_err(StoreError::io(&self.path))?;
        if let Err(error) = self.file.sync() {
            record.failed = true;
            return Err(StoreError::io(&self.path)(error).into());
        }
        Ok(record.add(&self.disk, &self.ranges, position..end)?)
    }

    /// What has not arrived yet, as ranges of byte positions.
    #[must_use]
    pub fn missing(&self) -> Vec<Range<u64>> {
        self.ranges.lock().gaps(&(0..self.size())).collect()
    }

    /// How far the file has come. Does not wait for what is being written.
    #[must_use]
    pub fn progress(&self) -> FileProgress {
        FileProgress::new(&self.row, &self.ranges.lock())
    }

    /// The declared size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.row.size as u64
    }

    /// Whether every byte has arrived.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.ranges.lock().gaps(&(0..self.size())).next().is_none()
    }

    /// The file itself. Its bytes mean something where they have arrived.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what has arrived; whoever still writes is told.
    pub(crate) fn discard(&self, layout: &Layout) {
        // Held while the files go, so that nobody writes them meanwhile.
        let mut record = self.record.lock();
        record.discarded = true;
        hold::discard(layout, &self.path);
        hold::discard(layout, &record.path);
    }
}

impl Record {
    fn open(disk: &Disk, path: PathBuf, size: u64) -> Result<(Self, RangeSet<u64>), StoreError> {
        let file = disk.open(&path, How::Write).map_err(StoreError::io(&path))?;
        let bytes = disk.read(&path).map_err(StoreError::io(&path))?;
        let (ranges, entries) = decode_record(&path, &bytes, size)?;
        let io = |error| StoreError::io(&path)(error);
        file.set_len((entries * ENTRY) as u64).map_err(io)?;
        // Written once more, as it may be read now without being durable ever.
        if let Some(last) = entries.checked_sub(1).map(|last| last * ENTRY) {
            file.write_all_at(&bytes[last..last + ENTRY], last as u64).map_err(io)?;
        }
        file.sync().map_err(io)?;
        Ok((Self { path, file, entries, failed: false, discarded: false }, ranges))
    }

    /// Records durably that a range has arrived.
    fn add(
        &mut self,
        disk: &Disk,
        ranges: &Mutex<RangeSet<u64>>,
        range: Range<u64>,
    ) -> Result<(), StoreError> {
        let already_recorded = ranges.lock().gaps(&range).next().is_none();
        if already_recorded {
            return Ok(());
        }
        let io = |error| StoreError::io(&self.path)(error);
        self.file.write_all_at(&encode(&range), (self.entries * ENTRY) as u64).map_err(io)?;
        if let Err(error) = self.file.sync() {
            self.failed = true;
            // It may be there to be read and never become durable.
            let _ = self.file.set_len((self.entries * ENTRY) as u64);
            return Err(io(error));
        }
        self.entries += 1;
        ranges.lock().insert(range);
        let needed = ranges.lock().len();
        if self.entries > 2 * needed + SPARE_ENTRIES {
            let merged = ranges.lock().clone();
            if let Err(error) = self.compact(disk, &merged) {
                // The range is recorded all the same, and the next one tries again.
                tracing::warn!(%error, "the record of an upload stays longer than it needs to be");
            }
        }
        Ok(())
    }

    /// Rewrites the record with one entry for each range that is left after merging.
    fn compact(&mut self, disk: &Disk, ranges: &RangeSet<u64>) -> Result<(), StoreError> {
        let record: Vec<u8> = ranges.iter().flat_map(encode).collect();
        self.file = disk.put(&self.path, &[&record]).map_err(StoreError::io(&self.path))?;
        self.entries = ranges.len();
        Ok(())
    }
}

/// Refuses a range that would be one too many.
fn check_room(ranges: &RangeSet<u64>, range: &Range<u64>) -> Result<(), UploadError> {
    let touched = range.start.saturating_sub(1)..range.end.saturating_add(1);
    if ranges.len() >= MAX_RANGES && !ranges.overlaps(&touched) {
        return Err(UploadError::TooFragmented { limit: MAX_RANGES });
    }
    Ok(())
}

/// The ranges in a record of a file of `size` bytes, and the number of its entries. The last one
/// may be torn, and is left out then.
fn decode_record(
    path: &Path,
    bytes: &[u8],
    size: u64,
) -> Result<(RangeSet<u64>, usize), StoreError> {
    let (whole, _) = bytes.as_chunks();
    let mut ranges = RangeSet::new();
    let mut entries = 0;
    for range in whole.iter().map_while(decode).take_while(|range| range.end <= size) {
        ranges.insert(range);
        entries += 1;
    }
    let torn = bytes.len() - entries * ENTRY;
    if torn > ENTRY {
        return Err(StoreError::corrupt(path.display().to_string()));
    }
    Ok((ranges, entries))
}

fn encode(range: &Range<u64>) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..8].copy_from_slice(&range.start.to_le_bytes());
    entry[8..16].copy_from_slice(&(range.end - range.start).to_le_bytes());
    let crc = crc32fast::hash(&entry[..16]);
    entry[16..].copy_from_slice(&crc.to_le_bytes());
    entry
}

/// The range of an entry, or `None` if the entry is not sound.
fn decode(entry: &[u8; ENTRY]) -> Option<Range<u64>> {
    let (start, rest) = entry.split_first_chunk()?;
    let (length, crc) = rest.split_first_chunk()?;
    if crc != crc32fast::hash(&entry[..16]).to_le_bytes() {
        return None;
    }
    let start = u64::from_le_bytes(*start);
    let end = start.checked_add(u64::from_le_bytes(*length))?;
    (start < end).then_some(start..end)
}
