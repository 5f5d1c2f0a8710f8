//! Files by their names.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use uuid::Uuid;

use crate::file::File;
use crate::medium::{Details, How, Lock, Medium, Space};
use crate::real::Real;

/// Bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// A disk. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct Disk(Arc<dyn Medium>);

impl Disk {
    /// The disk of this machine.
    #[must_use]
    pub fn real() -> Self {
        Self::new(Real)
    }

    /// A disk of any kind.
    pub(crate) fn new(medium: impl Medium + 'static) -> Self {
        Self(Arc::new(medium))
    }

    /// Opens a file. A name that this makes is not durable yet.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn open(&self, path: &Path, how: How) -> io::Result<File> {
        Ok(File::new(self.0.open(path, how)?))
    }

    /// What the folder knows of a file.
    ///
    /// # Errors
    ///
    /// As the file system reports; `NotFound` if there is none.
    pub fn details(&self, path: &Path) -> io::Result<Details> {
        self.0.details(path)
    }

    /// Whether there is a file of this name.
    ///
    /// # Errors
    ///
    /// As the file system reports, if that can't be told.
    pub fn exists(&self, path: &Path) -> io::Result<bool> {
        match self.details(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The files in a folder, in no order. What is not a file, such as the `lost+found` of a disk of
    /// its own, is left out.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.0.list(folder)
    }

    /// Creates a folder, and those above it, for this user only. One that exists stays as it is.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.0.create_dir(path)
    }

    /// How large the disk is that a folder is on.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn space(&self, folder: &Path) -> io::Result<Space> {
        self.0.space(folder)
    }

    /// Bytes that are free for this user on the disk that a folder is on. What a quota leaves may be
    /// less.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        Ok(self.space(folder)?.free)
    }

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.0.sync_dir(path)
    }

    /// Makes the name of a file durable, or its absence.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn sync_name(&self, path: &Path) -> io::Result<()> {
        self.sync_dir(folder(path))
    }

    /// Gives a file another name at once; whoever had that name before has none.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }

    /// Removes the name of a file. Who has it open can go on.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }

    /// Takes a lock on a file, which is created if it is missing; `None` if another process, or this
    /// one, holds it.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        self.0.lock(path)
    }

    /// The time, by the clock of the machine that the disk is in, by which files are changed, too.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.0.now()
    }

    /// A new random id (UUID, version 4), for a file or whatever else needs one.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.0.new_id()
    }

    /// Tells that a transaction of the database is about to be committed, and what it does.
    ///
    /// # Errors
    ///
    /// Only of a simulated disk: then it must not be committed.
    pub fn commit_begins(&self, what: &'static str) -> io::Result<()> {
        self.0.commit_begins(what)
    }

    /// Tells that a transaction was committed.
    ///
    /// # Errors
    ///
    /// Only of a simulated disk: then nobody must be told that it was.
    pub fn commit_ended(&self, what: &'static str) -> io::Result<()> {
        self.0.commit_ended(what)
    }

    /// Puts a file made of `parts` at `path`, replacing what is there, durably and at once: whoever
    /// looks sees the old file or the whole new one, also after a power loss. Returns the open file.
    ///
    /// # Errors
    ///
    /// As the file system reports. What was there before may then be replaced or not.
    pub fn put(&self, path: &Path, parts: &[&[u8]]) -> io::Result<File> {
        let temporary = path.with_added_extension("tmp");
        let written = self.write_and_rename(&temporary, path, parts);
        if written.is_err() {
            // It may not even exist; if it does and stays, it has the name of a leftover.
            let _ = self.remove(&temporary);
        }
        let file = written?;
        self.sync_name(path)?;
        Ok(file)
    }

    fn write_and_rename(&self, temporary: &Path, path: &Path, parts: &[&[u8]]) -> io::Result<File> {
        let file = self.open(temporary, How::Anew)?;
        let mut end = 0;
        for part in parts {
            file.write_all_at(part, end)?;
            end += part.len() as u64;
        }
        file.sync()?;
        self.rename(temporary, path)?;
        Ok(file)
    }

    /// Puts the contents of a file that never changes at a second path, durably: without taking space
    /// where the file system can link, else as a copy.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self.0.link(from, to) {
            Ok(()) => self.sync_name(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
            Err(_) => self.copy(from, to),
        }
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let source = self.open(from, How::Read)?;
        let temporary = to.with_added_extension("tmp");
        let copied = self.copy_and_rename(&source, &temporary, to);
        if copied.is_err() {
            // As in `put`.
            let _ = self.remove(&temporary);
        }
        copied?;
        self.sync_name(to)
    }

    fn copy_and_rename(&self, source: &File, temporary: &Path, to: &Path) -> io::Result<()> {
        let copy = self.open(temporary, How::Anew)?;
        let mut piece = vec![0; PIECE];
        let mut position = 0;
        loop {
            let read = source.read_at(&mut piece, position)?;
            if read == 0 {
                break;
            }
            copy.write_all_at(&piece[..read], position)?;
            position += read as u64;
        }
        copy.sync()?;
        self.rename(temporary, to)
    }

    /// All bytes of a file.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut self.open(path, How::Read)?.reader(), &mut bytes)?;
        Ok(bytes)
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::real()
    }
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
