//! Making a data directory of a backup.
//!
//! An archive is hostile until its manifest says otherwise: only files are taken, only with the names
//! that a backup gives them, and no more than the disk has room for. All of it is written to a folder
//! of its own, and put in its place when everything was compared with the manifest; whatever goes
//! wrong leaves nothing.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hanami_disk::Disk;
use tar::EntryType;

use crate::archive::{self, DATABASE, FORMAT, HEAD, Head, MANIFEST, Manifest, Sum};
use crate::backup::{Backup, BackupError};
use crate::database_copy::DatabaseCopy;
use crate::error::StoreError;
use crate::layout::{Folder, Layout};
use crate::placing::Place;
use crate::references::Owning;
use crate::store::blocking;

/// The most bytes of the first entry and of the manifest, which are held in memory.
const MOST_HEAD: u64 = 1 << 16;
const MOST_MANIFEST: u64 = 1 << 30;

/// Makes the data directory `data_dir`, which does not exist yet, is empty, or holds a restore that was
/// cut off, of the backup `file`.
/// `progress` is told how many bytes of the file are done and how many it has.
///
/// # Errors
/// See [`BackupError`]; nothing has changed then.
pub async fn restore(
    file: &Path,
    data_dir: &Path,
    progress: impl FnMut(u64, u64) + Send + 'static,
) -> Result<Backup, BackupError> {
    let (file, data_dir) = (file.to_owned(), data_dir.to_owned());
    let (archive, wanted) = (file.clone(), data_dir.clone());
    let unpacked = tokio::task::spawn_blocking(move || {
        let place = Place::take(&wanted)?;
        let backup = unpack(&archive, &place.unpacking(), progress)?;
        Ok::<_, BackupError>((place, backup))
    });
    let (place, backup) = unpacked.await.map_err(|_| StoreError::ShuttingDown)??;
    let directory = place.unpacking();
    let layout = Layout::new(Disk::real(), &directory);
    // A copy of the database, because to open it would change it.
    let copy = DatabaseCopy::of_idle(&layout, directory).await?;
    let damaged = |what| BackupError::Damaged { path: file.clone(), what };
    let fault = copy.faults().await?.into_iter().next();
    fault.map_or(Ok(()), |fault| Err(damaged(format!("its database is damaged: {fault}"))))?;
    for reference in copy.rows().await?.0.iter().flat_map(Owning::files) {
        let path = layout.folder(reference.folder).join(&reference.name);
        if reference.required && !path.is_file() {
            let what = format!("it lacks {}/{}", reference.folder.path(), reference.name);
            return Err(damaged(what));
        }
    }
    drop(copy);
    Ok(blocking(move || place.complete().map(|()| backup)).await?)
}

/// Writes what is in the archive to the folders in `directory`.
fn unpack(
    file: &Path,
    directory: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<Backup, BackupError> {
    let io = |error| StoreError::io(file)(error);
    let opened = File::open(file).map_err(io)?;
    let total = opened.metadata().map_err(io)?.len();
    let mut done = 0;
    let mut told = |bytes| {
        done += bytes;
        progress(done, total);
    };
    let mut unpacking = Unpacking { file, directory, found: Manifest::default() };
    let mut archive = tar::Archive::new(io::BufReader::new(opened));
    // Raw, because what extensions of the format tell would be held in memory.
    let entries = archive.entries().map_err(io)?.raw(true);
    let mut manifest = None;
    for entry in entries {
        let entry = entry.map_err(|error| unpacking.unreadable(error))?;
        if manifest.is_some() {
            return Err(unpacking.damaged("there is more after its manifest"));
        }
        manifest = unpacking.take(entry, &mut told)?;
    }
    let Some(manifest) = manifest else {
        return Err(unpacking.damaged("it has no manifest: it was cut"));
    };
    let found = unpacking.found;
    if let Some(path) = first_difference(&manifest, &found) {
        let what = format!("{path} is not what its manifest says");
        return Err(BackupError::Damaged { path: file.to_owned(), what });
    }
    // But the first entry, which is no file of the directory.
    let sums = found.files.iter().filter(|(path, _)| *path != HEAD).map(|(_, sum)| sum.bytes);
    Ok(Backup { files: sums.clone().count() as u64, bytes: sums.sum() })
}

/// An entry that is not the same in both.
fn first_difference<'a>(told: &'a Manifest, found: &'a Manifest) -> Option<&'a str> {
    let differs = |path: &&String| told.files.get(*path) != found.files.get(*path);
    let mut paths = told.files.keys().chain(found.files.keys());
    paths.find(differs).map(String::as_str)
}

/// An archive that is being unpacked.
struct Unpacking<'a> {
    file: &'a Path,
    directory: &'a Path,
    found: Manifest,
}

impl Unpacking<'_> {
    fn damaged(&self, what: impl Display) -> BackupError {
        BackupError::Damaged { path: self.file.to_owned(), what: what.to_string() }
    }

    /// Why there is no next entry. What the library says of bytes that are no entry shows them.
    fn unreadable(&self, error: io::Error) -> BackupError {
        if error.raw_os_error().is_some() {
            return StoreError::io(self.file)(error).into();
        }
        match self.found.files.len() {
            0 => self.damaged("this is no backup of Hanami"),
            files => self.damaged(format!("it is damaged or was cut after {files} files")),
        }
    }

    /// Takes an entry; answers the manifest if it is that.
    fn take(
        &mut self,
        mut entry: tar::Entry<'_, impl Read>,
        told: impl FnMut(u64),
    ) -> Result<Option<Manifest>, BackupError> {
        let path = String::from_utf8_lossy(&entry.header().path_bytes()).into_owned();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(self.damaged(format!("{path} is no file")));
        }
        let first = self.found.files.is_empty();
        if first != (path == HEAD) {
            return Err(self.damaged("this is no backup of Hanami: it does not begin like one"));
        }
        let size = entry.size();
        let sum = match path.as_str() {
            HEAD => {
                let bytes = self.small(&mut entry, size, MOST_HEAD)?;
                self.check_head(&bytes)?;
                archive::copy(&bytes[..], |_| Ok(()), told)
            }
            MANIFEST => {
                let bytes = self.small(&mut entry, size, MOST_MANIFEST)?;
                let manifest = serde_json::from_slice(&bytes);
                return manifest.map(Some).map_err(|error| self.damaged(error));
            }
            _ => {
                let to = self.place_of(&path)?;
                self.require_room(size)?;
                write(&mut entry, &to, told)?
            }
        };
        let sum = sum.map_err(|error| self.damaged(error))?;
        if sum.bytes != size {
            return Err(self.damaged(format!("it ends within {path}: it was cut")));
        }
        if self.found.files.insert(path.clone(), sum).is_some() {
            return Err(self.damaged(format!("{path} is there twice")));
        }
        Ok(None)
    }

    /// The bytes of an entry that is held in memory.
    fn small(&self, entry: impl Read, size: u64, most: u64) -> Result<Vec<u8>, BackupError> {
        let mut bytes = Vec::new();
        let read = entry.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| self.damaged(error))?;
        if bytes.len() as u64 != size {
            return Err(self.damaged("an entry that describes it is cut or too long"));
        }
        Ok(bytes)
    }

    fn check_head(&self, bytes: &[u8]) -> Result<(), BackupError> {
        let head: Head = serde_json::from_slice(bytes).map_err(|error| self.damaged(error))?;
        if head.format == FORMAT {
            return Ok(());
        }
        Err(self.damaged(format!(
            "it has version {} of the format and was made by Hanami {}; this version reads {FORMAT}",
            head.format, head.hanami
        )))
    }

    /// Where a file goes: to one of the store's folders, under a name without further folders.
    fn place_of(&self, path: &str) -> Result<PathBuf, BackupError> {
        let in_folder = |folder: &Folder| {
            let name = path.strip_prefix(folder.path())?.strip_prefix('/')?;
            let harmless = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
            (name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(harmless))
                .then_some(())
        };
        if path == DATABASE || Folder::ALL.iter().find_map(in_folder).is_some() {
            return Ok(self.directory.join(path));
        }
        Err(self.damaged(format!("{path:?} has no place in a data directory")))
    }

    fn require_room(&self, needed: u64) -> Result<(), BackupError> {
        let path = self.directory;
        let free = Disk::real().free_bytes(path).map_err(StoreError::io(path))?;
        if needed <= free {
            return Ok(());
        }
        Err(BackupError::NoRoom { path: path.to_owned(), free, needed })
    }
}

/// Writes a file durably; what can't be written is the outer error, what can't be read the inner one.
/// Long runs of zeros take no space, so that an upload of which little has arrived is small again.
fn write(
    entry: impl Read,
    to: &Path,
    told: impl FnMut(u64),
) -> Result<io::Result<Sum>, StoreError> {
    let io = |error| StoreError::io(to)(error);
    let mut options = File::options();
    // There is one already if an entry is there twice.
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(to).map_err(io)?;
    let mut failed = None;
    let take = |piece: &[u8]| {
        let written = if piece.iter().all(|byte| *byte == 0) {
            file.seek(SeekFrom::Current(piece.len() as i64)).map(|_| ())
        } else {
            file.write_all(piece)
        };
        written.map_err(|error| {
            failed = Some(error);
            io::Error::other("it can't be written")
        })
    };
    let sum = archive::copy(entry, take, told);
    if let Some(error) = failed {
        return Err(StoreError::io(to)(error));
    }
    if let Ok(sum) = &sum {
        file.set_len(sum.bytes).map_err(|error| StoreError::io(to)(error))?;
        file.sync_all().map_err(|error| StoreError::io(to)(error))?;
    }
    Ok(sum)
}
