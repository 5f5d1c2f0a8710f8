//! Immutable pieces of data, one file each, that a row of the database refers to by an id.
//!
//! A blob is a header and its bytes. The header lets damage show, and truncation too:
//! magic `HNMB`, CRC-32 of the bytes (u32), their number (u64); little endian.

use std::io;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, File, How};
use uuid::Uuid;

use crate::error::StoreError;
use crate::layout::{Folder, Layout};
use crate::reserve::Reserve;
use crate::store::blocking;
use crate::{files, hold, quota};

const MAGIC: [u8; 4] = *b"HNMB";
const HEADER: usize = 16;
/// Bytes that are read at once where a whole blob is gone through.
const PIECE: usize = 1 << 20;

/// A folder of blobs of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    layout: Layout,
    folder: Folder,
    /// What the blobs are, for messages.
    kind: &'static str,
    reserve: Reserve,
}

impl Blobs {
    pub(crate) fn new(
        layout: &Layout,
        reserve: &Reserve,
        folder: Folder,
        kind: &'static str,
    ) -> Self {
        Self { layout: layout.clone(), folder, kind, reserve: reserve.clone() }
    }

    /// The file of a blob.
    pub(crate) fn path(&self, id: Uuid) -> PathBuf {
        self.layout.folder(self.folder).join(id.to_string())
    }

    /// Writes a blob durably, under a new id. One that does not fit is refused before a byte of it is
    /// written: it would take from others what is left, and be removed again.
    pub(crate) async fn write(&self, bytes: Vec<u8>) -> Result<NewBlob, StoreError> {
        self.reserve.require_soon().await?;
        let id = self.layout.disk().new_id();
        let (disk, path) = (self.layout.disk().clone(), self.path(id));
        let blobs = self.clone();
        blocking(move || {
            let size = size_of(bytes.len() as u64);
            blobs.look_for_room(size)?;
            let blob = NewBlob { disk, id, path, size, kept: false };
            let written = blob.disk.put(&blob.path, &[&header(&bytes), &bytes]);
            written.map_err(StoreError::io(&blob.path))?;
            Ok(blob)
        })
        .await
    }

    /// Refuses what does not fit on the disk and leave a part of it to the small writes of others.
    pub(crate) async fn require_room(&self, size: u64) -> Result<(), StoreError> {
        let blobs = self.clone();
        blocking(move || blobs.look_for_room(size)).await
    }

    /// The same. Blocks.
    fn look_for_room(&self, size: u64) -> Result<(), StoreError> {
        let folder = self.layout.folder(self.folder);
        let free = self.layout.disk().free_bytes(&folder).map_err(StoreError::io(&folder))?;
        let needed = size.saturating_add(self.reserve.margin());
        if free < needed { Err(StoreError::Full) } else { Ok(()) }
    }

    /// Gives a blob of `origin` a second name, durably, in this folder and under a new id. From
    /// then on, each of the two goes without the other.
    pub(crate) async fn link(&self, origin: &Self, id: Uuid) -> Result<NewBlob, StoreError> {
        let from = origin.path(id);
        let id = self.layout.disk().new_id();
        let (disk, path) = (self.layout.disk().clone(), self.path(id));
        blocking(move || {
            let size = disk.details(&from).map_err(StoreError::io(&from))?.length;
            let blob = NewBlob { disk, id, path, size, kept: false };
            blob.disk.link(&from, &blob.path).map_err(StoreError::io(&from))?;
            Ok(blob)
        })
        .await
    }

    /// Reads a blob back.
    pub(crate) async fn read(&self, id: Uuid) -> Result<Vec<u8>, StoreError> {
        self.look_at(id, read_checked).await
    }

    /// Opens a blob to be read piece by piece.
    pub(crate) async fn open(&self, id: Uuid) -> Result<BlobReader, StoreError> {
        self.look_at(id, BlobReader::open).await
    }

    /// What `look` finds in the file of a blob; `None` stands for damage.
    async fn look_at<T: Send + 'static>(
        &self,
        id: Uuid,
        look: impl FnOnce(&Disk, &Path) -> io::Result<Option<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (disk, path) = (self.layout.disk().clone(), self.path(id));
        let kind = self.kind;
        blocking(move || match look(&disk, &path) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(StoreError::corrupt(format!("{kind} {id} was altered"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::corrupt(format!("{kind} {id} is missing")))
            }
            Err(error) => Err(StoreError::io(&path)(error)),
        })
        .await
    }

    /// The size of a blob's file.
    pub(crate) async fn size(&self, id: Uuid) -> Result<u64, StoreError> {
        let (disk, path) = (self.layout.disk().clone(), self.path(id));
        blocking(move || Ok(disk.details(&path).map_err(StoreError::io(&path))?.length)).await
    }

    /// Removes a blob that no row refers to any more.
    pub(crate) async fn discard(&self, id: Uuid) -> Result<(), StoreError> {
        let (layout, path) = (self.layout.clone(), self.path(id));
        blocking(move || {
            hold::discard(&layout, &path);
            Ok(())
        })
        .await
    }
}

/// The size of the file of a blob of so many bytes.
pub(crate) fn size_of(bytes: u64) -> u64 {
    bytes.saturating_add(HEADER as u64)
}

fn header(bytes: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MAGIC);
    header[4..8].copy_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    header[8..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
    header
}

/// The bytes of a blob, or `None` if they do not match their header.
fn read_checked(disk: &Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = disk.open(path, How::Read)?;
    let Some(length) = file.length()?.checked_sub(HEADER as u64) else {
        return Ok(None);
    };
    let mut found = [0; HEADER];
    file.read_exact_at(&mut found, 0)?;
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, HEADER as u64)?;
    Ok((found == header(&bytes)).then_some(bytes))
}

/// A blob that is read in parts. It can still be read when it was deleted meanwhile. Its methods
/// block.
#[derive(Debug)]
pub struct BlobReader {
    path: PathBuf,
    file: File,
    length: u64,
    /// CRC-32 of its bytes.
    crc: u32,
    /// Bytes that [`BlobReader::next_piece`] has not read yet, and the checksum of those it has.
    left: u64,
    found: crc32fast::Hasher,
}

impl BlobReader {
    /// Opens the file of a blob; `None` if its header is not sound, or tells another length.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn open(disk: &Disk, path: &Path) -> io::Result<Option<Self>> {
        let file = disk.open(path, How::Read)?;
        let Some(length) = file.length()?.checked_sub(HEADER as u64) else {
            return Ok(None);
        };
        let (mut magic, mut crc, mut told) = ([0; 4], [0; 4], [0; 8]);
        file.read_exact_at(&mut magic, 0)?;
        file.read_exact_at(&mut crc, 4)?;
        file.read_exact_at(&mut told, 8)?;
        let (crc, found) = (u32::from_le_bytes(crc), crc32fast::Hasher::new());
        let sound = magic == MAGIC && told == length.to_le_bytes();
        let path = path.to_owned();
        Ok(sound.then_some(Self { path, file, length, crc, left: length, found }))
    }

    /// Its number of bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Fills `bytes` with what begins at `position`. Part of a blob has no checksum of its own.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if it can't be read, or ends before.
    pub fn read_at(&self, position: u64, bytes: &mut [u8]) -> Result<(), StoreError> {
        let position = position.saturating_add(HEADER as u64);
        self.file.read_exact_at(bytes, position).map_err(StoreError::io(&self.path))
    }

    /// The next bytes from its begin on, at most `most` of them; none at the end.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] in place of the last bytes if the blob is not as it was written.
    pub fn next_piece(&mut self, most: usize) -> Result<Vec<u8>, StoreError> {
        let mut piece = vec![0; self.left.min(most as u64) as usize];
        self.read_at(self.length - self.left, &mut piece)?;
        self.found.update(&piece);
        self.left -= piece.len() as u64;
        if self.left == 0 && self.found.clone().finalize() != self.crc {
            return Err(StoreError::corrupt(format!("{} was altered", self.path.display())));
        }
        Ok(piece)
    }

    /// Reads all that [`BlobReader::next_piece`] has not read yet and compares the checksum.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if it does not read back as it was written.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        while !self.next_piece(PIECE)?.is_empty() {}
        Ok(())
    }
}

/// A blob that is written but that no row refers to yet. It is removed again when dropped, unless
/// it was kept.
#[derive(Debug)]
pub(crate) struct NewBlob {
    disk: Disk,
    id: Uuid,
    path: PathBuf,
    size: u64,
    kept: bool,
}

impl NewBlob {
    /// The id for the row to refer to.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    /// The size of its file.
    pub(crate) fn size(&self) -> i64 {
        quota::stored(self.size)
    }

    /// Leaves it in place when dropped: a row may refer to it from now on.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// Takes that back: no row does, nor will.
    pub(crate) fn release(&mut self) {
        self.kept = false;
    }
}

impl Drop for NewBlob {
    fn drop(&mut self) {
        if !self.kept {
            files::discard(&self.disk, &self.path);
        }
    }
}
