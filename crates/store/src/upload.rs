//! Files that arrive in pieces, in any order, over any number of connections.
//!
//! The bytes go to a sparse file; which of them have arrived goes to a second file beside it, the
//! record: entries of position (u64), length (u64) and CRC-32 of the two (u32), little endian.
//! A piece is acknowledged when its bytes and then its entry are durable. An entry is written only
//! after the one before is durable, so only the last one can be torn by a crash; opening cuts it.
//!
//! All connections that write a file share one [`Upload`], whose lock they hold while they write.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use rangemap::RangeSet;
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::access::Access;
use crate::entity::{dataset, upload_file};
use crate::error::StoreError;
use crate::files;
use crate::layout::Layout;
use crate::store::{Store, blocking};

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

impl Store {
    /// Opens a file of a dataset for writing. Connections that write the same file get the same
    /// object.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such file, its dataset is ready or the dataset is
    /// not to be changed; [`StoreError::Corrupt`] if what has arrived of it is damaged.
    pub async fn open_upload(
        &self,
        access: &Access,
        file_uuid: Uuid,
    ) -> Result<Arc<Upload>, StoreError> {
        let no_such_file = || StoreError::not_found("file to upload", file_uuid);
        let row = upload_file::Entity::find_by_id(file_uuid).one(self.reader()).await?;
        let row = row.ok_or_else(no_such_file)?;
        match access.change::<dataset::Entity>(self.reader(), row.dataset_uuid).await {
            Err(StoreError::NotFound { .. }) => return Err(no_such_file()),
            other => other?,
        };
        let store = self.clone();
        blocking(move || {
            let mut open = store.open_uploads().lock();
            if let Some(upload) = open.get(&file_uuid).and_then(Weak::upgrade) {
                return Ok(upload);
            }
            let upload = Arc::new(Upload::open(store.layout(), file_uuid, row.size as u64)?);
            open.retain(|_, upload| upload.strong_count() > 0);
            open.insert(file_uuid, Arc::downgrade(&upload));
            Ok(upload)
        })
        .await
    }

    /// Removes what has arrived of a file whose row is gone; connections that still write it are
    /// told. Blocks.
    pub(crate) fn discard_upload(&self, uuid: Uuid) {
        let open = self.open_uploads().lock().remove(&uuid);
        // Held while the files go, so that nobody writes them meanwhile.
        let upload = open.as_ref().and_then(Weak::upgrade);
        let mut arrived = upload.as_ref().map(|upload| upload.arrived.lock());
        if let Some(arrived) = &mut arrived {
            arrived.discarded = true;
        }
        files::discard(&self.layout().upload(uuid));
        files::discard(&self.layout().upload_ranges(uuid));
    }
}

/// A file of a dataset that is arriving. Its methods block.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    size: u64,
    file: File,
    arrived: Mutex<Arrived>,
}

/// What has arrived, in memory and on disk.
#[derive(Debug)]
struct Arrived {
    ranges: RangeSet<u64>,
    record_path: PathBuf,
    record: File,
    /// Entries in the record.
    entries: usize,
    /// Set once a sync has failed: the operating system may then have dropped what it was to
    /// write, and would report success the next time.
    failed: bool,
    /// Set once the file is not wanted any more.
    discarded: bool,
}

impl Upload {
    fn open(layout: &Layout, uuid: Uuid, size: u64) -> Result<Self, StoreError> {
        let path = layout.upload(uuid);
        let file = open_or_create(&path)?;
        let arrived = Arrived::open(layout.upload_ranges(uuid), size)?;
        files::sync_dir(files::parent(&path))?;

        let length = file.metadata().map_err(StoreError::io(&path))?.len();
        if arrived.ranges.last().is_some_and(|last| last.end > length) {
            return Err(StoreError::corrupt(format!("{} is too short", path.display())));
        }
        Ok(Self { path, size, file, arrived: Mutex::new(arrived) })
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
        let length = data.len() as u64;
        let end = position.checked_add(length).filter(|end| *end <= self.size);
        let Some(end) = end else {
            return Err(UploadError::OutOfBounds { position, length, size: self.size });
        };
        if data.is_empty() {
            return Ok(());
        }
        let mut arrived = self.arrived.lock();
        if arrived.discarded {
            return Err(UploadError::Discarded);
        }
        arrived.check_room(&(position..end))?;
        if arrived.failed {
            let error = io::Error::other("an earlier write has failed");
            return Err(StoreError::io(&self.path)(error).into());
        }
        self.file.write_all_at(data, position).map_err(StoreError::io(&self.path))?;
        arrived.failed = true;
        self.file.sync_data().map_err(StoreError::io(&self.path))?;
        arrived.add(position..end)?;
        arrived.failed = false;
        Ok(())
    }

    /// What has not arrived yet, as ranges of byte positions.
    #[must_use]
    pub fn missing(&self) -> Vec<Range<u64>> {
        self.arrived.lock().ranges.gaps(&(0..self.size)).collect()
    }

    /// The declared size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether every byte has arrived.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.arrived.lock().ranges.gaps(&(0..self.size)).next().is_none()
    }

    /// The file itself. Its bytes mean something where they have arrived.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Arrived {
    fn open(record_path: PathBuf, size: u64) -> Result<Self, StoreError> {
        let record = open_or_create(&record_path)?;
        let bytes = std::fs::read(&record_path).map_err(StoreError::io(&record_path))?;
        let (whole, _) = bytes.as_chunks();
        let mut ranges = RangeSet::new();
        let mut entries = 0;
        for range in whole.iter().map_while(decode).take_while(|range| range.end <= size) {
            ranges.insert(range);
            entries += 1;
        }
        let torn = bytes.len() - entries * ENTRY;
        if torn > ENTRY {
            return Err(StoreError::corrupt(record_path.display().to_string()));
        }
        record.set_len((entries * ENTRY) as u64).map_err(StoreError::io(&record_path))?;
        Ok(Self { ranges, record_path, record, entries, failed: false, discarded: false })
    }

    /// Refuses a range that would be one too many.
    fn check_room(&self, range: &Range<u64>) -> Result<(), UploadError> {
        let touched = range.start.saturating_sub(1)..range.end.saturating_add(1);
        if self.ranges.len() >= MAX_RANGES && !self.ranges.overlaps(&touched) {
            return Err(UploadError::TooFragmented { limit: MAX_RANGES });
        }
        Ok(())
    }

    /// Records durably that a range has arrived.
    fn add(&mut self, range: Range<u64>) -> Result<(), StoreError> {
        let already_recorded = self.ranges.gaps(&range).next().is_none();
        if already_recorded {
            return Ok(());
        }
        let io = |error| StoreError::io(&self.record_path)(error);
        self.record.write_all_at(&encode(&range), (self.entries * ENTRY) as u64).map_err(io)?;
        self.record.sync_data().map_err(io)?;
        self.entries += 1;
        self.ranges.insert(range);
        if self.entries > 2 * self.ranges.len() + SPARE_ENTRIES {
            self.compact()?;
        }
        Ok(())
    }

    /// Rewrites the record with one entry for each range that is left after merging.
    fn compact(&mut self) -> Result<(), StoreError> {
        let record: Vec<u8> = self.ranges.iter().flat_map(encode).collect();
        self.record = files::write_file(&self.record_path, &[&record])?;
        self.entries = self.ranges.len();
        Ok(())
    }
}

fn open_or_create(path: &Path) -> Result<File, StoreError> {
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(StoreError::io(path))
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
