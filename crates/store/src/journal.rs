//! An append-only file of entries that many writers make durable together.
//!
//! The file is a header and frames, all numbers little endian:
//!
//! ```text
//! header   magic `HNMJ`, CRC-32 of the watermark (u32), watermark (u64)
//! frame    length (u32), CRC-32 of length and bytes (u32), bytes
//! ```
//!
//! The watermark is a position in the file that was durable when the header was last written, so
//! it tells a frame that is bad because a crash tore it (above: it was never acknowledged, and
//! opening cuts it off with all that follows) from one that is damaged (below: an error).
//! Each sync writes the watermark of the sync before it, so one sync does for both; opening writes
//! the watermark of all that was read. The 16 bytes of the header lie in one disk sector, which
//! disks write as a whole.
//!
//! All operations block. Appending takes the lock `end`, syncing takes `synced`, and then `end`
//! for a moment, so that entries can be appended while others are being synced.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, File, How, Reader};
use parking_lot::Mutex;

use crate::error::StoreError;

/// The largest entry, in bytes.
pub const MAX_ENTRY: usize = 64 << 20;

const MAGIC: [u8; 4] = *b"HNMJ";
const HEADER: u64 = 16;
const FRAME_HEADER: u64 = 8;
/// Bytes that are written again at once.
const PIECE: u64 = 1 << 20;

/// A journal that is open for appending. Threads share it by reference.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Where the next frame goes; `None` once a sync has failed.
    end: Mutex<Option<u64>>,
    /// Everything below is durable; `None` once a sync has failed, since the operating system may
    /// then have dropped what it was to write, and would report success the next time.
    synced: Mutex<Option<u64>>,
}

impl Journal {
    /// Opens a journal, creating it if it is missing, and cuts off what a crash has torn. The
    /// second value reads back the entries that are in it, in the order they were appended.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if entries that were durable are damaged.
    pub fn open(disk: &Disk, path: &Path) -> Result<(Self, Entries), StoreError> {
        let io = |error| StoreError::io(path)(error);
        let file = disk.open(path, How::Write).map_err(io)?;
        let length = file.length().map_err(io)?;
        let (watermark, end) = require_sound(disk, path, &file, length)?;
        file.set_len(end).map_err(io)?;
        rewrite(&file, watermark..end).map_err(io)?;
        // The frames must be durable before the header says so.
        file.sync().map_err(io)?;
        write_header(&file, end).map_err(io)?;
        file.sync().map_err(io)?;
        disk.sync_name(path).map_err(io)?;

        let journal = Self {
            path: path.to_owned(),
            file,
            end: Mutex::new(Some(end)),
            synced: Mutex::new(Some(end)),
        };
        Ok((journal, Entries::open(disk, path, end)?))
    }

    /// Reads the entries of a journal without opening it for appending, which may need room on the
    /// disk: not more than the journal takes already, but file systems that copy on write have none
    /// for that either. What a crash has torn is left out, and stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if entries that were durable are damaged.
    pub fn read(disk: &Disk, path: &Path) -> Result<Entries, StoreError> {
        let io = |error| StoreError::io(path)(error);
        let file = disk.open(path, How::Read).map_err(io)?;
        let length = file.length().map_err(io)?;
        let (_, end) = require_sound(disk, path, &file, length)?;
        Entries::open(disk, path, end)
    }

    /// Shows all entries of a journal that nobody opens, and changes nothing. Answers how many bytes
    /// at its end a crash has torn: opening would cut them off.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if entries that were durable are damaged.
    pub(crate) fn inspect(
        disk: &Disk,
        path: &Path,
        mut see: impl FnMut(&[u8]),
    ) -> Result<u64, StoreError> {
        let io = |error| StoreError::io(path)(error);
        let file = disk.open(path, How::Read).map_err(io)?;
        let watermark = require_header(path, &file, file.length().map_err(io)?)?;
        // Once more: it may have grown beyond the length before the watermark was read.
        let length = file.length().map_err(io)?;
        let mut entries = Entries::open(disk, path, length)?;
        while let Some(entry) = entries.read_frame().map_err(io)? {
            see(&entry);
        }
        require_durable(path, entries.position, watermark)?;
        Ok(length.saturating_sub(entries.position))
    }

    /// Whether there is no journal, or one in which nothing was ever made durable, as a full disk
    /// leaves it. To open that would need room for its header.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn is_empty(disk: &Disk, path: &Path) -> Result<bool, StoreError> {
        match disk.details(path) {
            Ok(found) => Ok(found.length <= HEADER),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(StoreError::io(path)(error)),
        }
    }

    /// Appends an entry after all that were appended before. Returns the position to hand to
    /// [`Journal::sync_through`], which makes it durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooLarge`] beyond [`MAX_ENTRY`]; [`StoreError::Full`] and
    /// [`StoreError::Io`] leave the journal as it was.
    pub fn append(&self, entry: &[u8]) -> Result<u64, StoreError> {
        if entry.len() > MAX_ENTRY {
            return Err(StoreError::TooLarge {
                what: "a journal entry",
                size: entry.len() as u64,
                limit: MAX_ENTRY as u64,
            });
        }
        let length = (entry.len() as u32).to_le_bytes();
        let mut frame = Vec::with_capacity(FRAME_HEADER as usize + entry.len());
        frame.extend_from_slice(&length);
        frame.extend_from_slice(&checksum(length, entry).to_le_bytes());
        frame.extend_from_slice(entry);

        let mut end = self.end.lock();
        let position = end.ok_or_else(|| self.failed_before())?;
        // A frame that fails halfway is overwritten by the next one, or cut off when opened.
        self.file.write_all_at(&frame, position).map_err(StoreError::io(&self.path))?;
        let after = position + frame.len() as u64;
        *end = Some(after);
        Ok(after)
    }

    /// Returns once everything up to `position` is durable. Callers that come while another one
    /// is syncing share the next sync.
    ///
    /// # Errors
    ///
    /// As the file system reports. What was appended since the last success is then cut off, as it
    /// may be there to be read and never become durable, and all later calls fail: the journal has to
    /// be opened again.
    pub fn sync_through(&self, position: u64) -> Result<(), StoreError> {
        let io = |error| StoreError::io(&self.path)(error);
        let mut synced = self.synced.lock();
        let before = synced.ok_or_else(|| self.failed_before())?;
        if before >= position {
            return Ok(());
        }
        *synced = None;
        let end = *self.end.lock();
        if let Err(error) = write_header(&self.file, before).and_then(|()| self.file.sync()) {
            let mut end = self.end.lock();
            *end = None;
            // If that fails too, opening makes durable what it finds, or cuts it.
            let _ = self.file.set_len(before);
            return Err(io(error));
        }
        *synced = end;
        Ok(())
    }

    fn failed_before(&self) -> StoreError {
        StoreError::io(&self.path)(io::Error::other("an earlier sync has failed"))
    }
}

/// Reads back the entries of a journal, one at a time.
#[derive(Debug)]
pub struct Entries {
    path: PathBuf,
    file: BufReader<Reader>,
    /// Where the next frame begins.
    position: u64,
    /// Where the last frame ends.
    end: u64,
}

impl Entries {
    fn open(disk: &Disk, path: &Path, end: u64) -> Result<Self, StoreError> {
        let mut file = disk.open(path, How::Read).map_err(StoreError::io(path))?.reader();
        file.seek(SeekFrom::Start(HEADER)).map_err(StoreError::io(path))?;
        let file = BufReader::new(file);
        Ok(Self { path: path.to_owned(), file, position: HEADER, end })
    }

    /// Reads the next frame; `None` if there is no whole and sound one before the end.
    fn read_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let left = self.end.saturating_sub(self.position);
        if left < FRAME_HEADER {
            return Ok(None);
        }
        let mut header = [[0; 4]; 2];
        self.file.read_exact(header.as_flattened_mut())?;
        let [length, crc] = header;
        let size = u64::from(u32::from_le_bytes(length));
        if size > left - FRAME_HEADER || size > MAX_ENTRY as u64 {
            return Ok(None);
        }
        let mut entry = vec![0; size as usize];
        self.file.read_exact(&mut entry)?;
        if checksum(length, &entry).to_le_bytes() != crc {
            return Ok(None);
        }
        self.position += FRAME_HEADER + size;
        Ok(Some(entry))
    }
}

impl Iterator for Entries {
    type Item = Result<Vec<u8>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.position >= self.end {
            return None;
        }
        let entry = match self.read_frame() {
            Ok(Some(entry)) => return Some(Ok(entry)),
            Ok(None) => {
                StoreError::corrupt(format!("{} at byte {}", self.path.display(), self.position))
            }
            Err(error) => StoreError::io(&self.path)(error),
        };
        self.position = self.end;
        Some(Err(entry))
    }
}

/// The watermark of a journal of this length, and the end of its sound frames.
fn require_sound(
    disk: &Disk,
    path: &Path,
    file: &File,
    length: u64,
) -> Result<(u64, u64), StoreError> {
    let watermark = require_header(path, file, length)?;
    let end = find_end(disk, path, length)?;
    require_durable(path, end, watermark)?;
    Ok((watermark, end))
}

/// The end of the last frame before the first bad one.
fn find_end(disk: &Disk, path: &Path, length: u64) -> Result<u64, StoreError> {
    let mut entries = Entries::open(disk, path, length)?;
    while entries.read_frame().map_err(StoreError::io(path))?.is_some() {}
    Ok(entries.position)
}

/// The watermark of a journal.
fn require_header(path: &Path, file: &File, length: u64) -> Result<u64, StoreError> {
    match read_header(file, length).map_err(StoreError::io(path))? {
        Some(watermark) => Ok(watermark),
        // Nothing was appended before the header was durable.
        None if length <= HEADER => Ok(HEADER),
        None => Err(StoreError::corrupt(format!("header of {}", path.display()))),
    }
}

/// Refuses a journal whose sound frames end where more was durable.
fn require_durable(path: &Path, end: u64, watermark: u64) -> Result<(), StoreError> {
    if end < watermark {
        return Err(StoreError::corrupt(format!("{} at byte {end}", path.display())));
    }
    Ok(())
}

/// The watermark, or `None` if the header is not sound.
fn read_header(file: &File, length: u64) -> io::Result<Option<u64>> {
    if length < HEADER {
        return Ok(None);
    }
    let mut header = [0; HEADER as usize];
    file.read_exact_at(&mut header, 0)?;
    let (rest, watermark) = header.split_at(8);
    let mut bytes = [0; 8];
    bytes.copy_from_slice(watermark);
    let sound = rest[..4] == MAGIC && rest[4..] == crc32fast::hash(&bytes).to_le_bytes();
    Ok(sound.then_some(u64::from_le_bytes(bytes)))
}

/// Writes once more what may not be durable: after a sync that has failed, what can be read need not
/// be what another sync writes.
fn rewrite(file: &File, mut range: Range<u64>) -> io::Result<()> {
    while !range.is_empty() {
        let mut piece = vec![0; (range.end - range.start).min(PIECE) as usize];
        file.read_exact_at(&mut piece, range.start)?;
        file.write_all_at(&piece, range.start)?;
        range.start += piece.len() as u64;
    }
    Ok(())
}

fn write_header(file: &File, watermark: u64) -> io::Result<()> {
    let watermark = watermark.to_le_bytes();
    let mut header = [0; HEADER as usize];
    header[..4].copy_from_slice(&MAGIC);
    header[4..8].copy_from_slice(&crc32fast::hash(&watermark).to_le_bytes());
    header[8..].copy_from_slice(&watermark);
    file.write_all_at(&header, 0)
}

/// The length is part of it, or a piece of file that reads as zeros would be a sound empty entry.
fn checksum(length: [u8; 4], entry: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&length);
    crc.update(entry);
    crc.finalize()
}
