//! A disk in memory that loses its power, fails and fills up when it is told to.
//!
//! It counts what is done to it: *operations* change something (a write, a sync, a new name, a
//! commit of the database, ...), *calls* are those and the reads. The power can be made to fail at
//! any operation and an error to come at any call. After a power loss every call fails, as if the
//! process were gone; what is left is a new disk, [`SimulatedDisk::after_power_loss`].
//!
//! What is left is chosen by the seed, within what POSIX allows: all that was synced, and of the rest
//! any part. Writes come through or not, in any order, torn at the edges of sectors of 512 or 4096
//! bytes; names, too; a file may have grown without its bytes. An error of a sync loses what was to
//! be synced for good, although it can still be read: so do systems of today.
//!
//! Each operation has the name of a *crash point*, made of what is done and to which kind of file,
//! such as `sync journals` or `rename snapshots`, or, for the database, of what the transaction does,
//! such as `commit finish save`. Tests look at [`SimulatedDisk::points`] to see that none is left out.
//!
//! Its ids follow from the seed, and so does the time: that goes on by a millisecond whenever somebody
//! looks, and now and then jumps, forwards or back, as clocks do that are set.

mod contents;
mod names;
mod point;
mod state;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use uuid::Uuid;

use crate::disk::Disk;
use crate::medium::{Details, How, Lock, Medium, Opened, Space};
use point::{operation, transaction};
use state::State;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// With an error of the device (EIO).
    Device,
    /// Because the disk is full (ENOSPC); only what needs space fails.
    Full,
    /// A write writes, and a read reads, only a part; nothing else fails.
    Short,
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

impl SimulatedDisk {
    /// An empty disk. All its choices follow from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State::new(seed))))
    }

    /// The disk, as programs use it.
    #[must_use]
    pub fn disk(&self) -> Disk {
        Disk::new(self.clone())
    }

    /// Lets the power fail at an operation, counted from 0.
    pub fn fail_power_at(&self, operation: u64) {
        self.0.lock().power_fails_at = Some(operation);
    }

    /// Lets the power fail at a crash point, after that was passed so often from now on. The other
    /// way to choose a moment holds besides: whichever comes first.
    pub fn fail_power_on(&self, point: &str, after: u64) {
        let mut state = self.0.lock();
        let passed = state.points.get(point).copied().unwrap_or_default();
        state.power_fails_on = Some((point.to_owned(), passed + after));
    }

    /// Lets a call fail, counted from 0; those after it work again.
    pub fn fail_at(&self, call: u64, fault: Fault) {
        self.0.lock().fault = Some((call, fault));
    }

    /// Whether that call has failed. One that changes nothing needs no space, and only reads and writes
    /// can do a part.
    #[must_use]
    pub fn has_struck(&self) -> bool {
        self.0.lock().struck
    }

    /// Lets all files together have no more bytes than this; `None` is no limit.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.0.lock().nature.capacity = bytes;
    }

    /// Lets it write nothing in place, as file systems do that copy on write: on a full disk, not
    /// even what a file holds already can be written again.
    pub fn set_copy_on_write(&self, copies: bool) {
        self.0.lock().nature.copies_on_write = copies;
    }

    /// Lets it say that it has synced a file although it has not, as broken disks do. For those who
    /// want to know whether they would notice.
    pub fn set_lying(&self, lies: bool) {
        self.0.lock().nature.lies = lies;
    }

    /// Bytes in all files that have a name.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.0.lock().used()
    }

    /// Operations so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.0.lock().operations
    }

    /// Calls so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.0.lock().calls
    }

    /// The crash point at which the power failed, if it did.
    #[must_use]
    pub fn failed_at(&self) -> Option<String> {
        self.0.lock().failed_at.clone()
    }

    /// Which crash points were passed, and how often.
    #[must_use]
    pub fn points(&self) -> BTreeMap<String, u64> {
        self.0.lock().points.clone()
    }

    /// The disk when the power is back. This one is of no use any more.
    #[must_use]
    pub fn after_power_loss(&self) -> Self {
        let left = self.0.lock().lose_power();
        Self(Arc::new(Mutex::new(left)))
    }

    /// The disk after the process was killed: the operating system has lost nothing. This one is of
    /// no use any more.
    #[must_use]
    pub fn after_kill(&self) -> Self {
        let left = self.0.lock().die();
        Self(Arc::new(Mutex::new(left)))
    }
}

impl Medium for SimulatedDisk {
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Opened>> {
        let mut state = self.0.lock();
        let found = state.names.find(path);
        let file = match (found, how) {
            (None, How::Read) => {
                state.read()?;
                return Err(io::ErrorKind::NotFound.into());
            }
            (Some(_), How::New) => return Err(io::ErrorKind::AlreadyExists.into()),
            (Some(file), How::Read | How::Write) => {
                state.read()?;
                file
            }
            (Some(file), How::Anew) => {
                state.change(|| operation("truncate", path), |state| state.set_len(file, 0))?;
                file
            }
            (None, How::Write | How::New | How::Anew) => {
                state.names.require_folder(path)?;
                state.change(|| operation("create", path), |state| state.create(path))?
            }
        };
        Ok(Box::new(OpenFile { disk: self.0.clone(), path: path.to_owned(), file }))
    }

    fn details(&self, path: &Path) -> io::Result<Details> {
        let mut state = self.0.lock();
        state.read()?;
        let file = state.names.find(path).ok_or(io::ErrorKind::NotFound)?;
        let file = &state.files[file];
        Ok(Details { length: file.length(), modified: file.modified })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut state = self.0.lock();
        state.read()?;
        state.names.list(folder)
    }

    fn space(&self, _folder: &Path) -> io::Result<Space> {
        let mut state = self.0.lock();
        state.read()?;
        let unlimited = Space { free: u64::MAX, total: u64::MAX };
        Ok(state
            .nature
            .capacity
            .map_or(unlimited, |total| Space { free: total.saturating_sub(state.used()), total }))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.read()?;
        state.names.create_folder(path);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.names.require(path)?;
        state.sync(|| operation("sync names of", &path.join("*")), |state| state.names.sync(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.names.require_folder(to)?;
        let file = state.names.find(from).ok_or(io::ErrorKind::NotFound)?;
        state.change(|| operation("rename to", to), |state| state.names.rename(from, to, file))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.names.require_folder(to)?;
        let file = state.names.find(from).ok_or(io::ErrorKind::NotFound)?;
        if state.names.find(to).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.change(|| operation("link to", to), |state| state.names.set(to, Some(file)))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.names.find(path).ok_or(io::ErrorKind::NotFound)?;
        state.change(|| operation("remove", path), |state| state.names.set(path, None))
    }

    fn lock(&self, _path: &Path) -> io::Result<Option<Lock>> {
        self.0.lock().read()?;
        Ok(Some(Lock { _held: None }))
    }

    fn now(&self) -> SystemTime {
        self.0.lock().now()
    }

    fn new_id(&self) -> Uuid {
        self.0.lock().new_id()
    }

    fn commit_begins(&self, what: &'static str) -> io::Result<()> {
        self.0.lock().sync(|| transaction("commit", what), |_| ())
    }

    fn commit_ended(&self, what: &'static str) -> io::Result<()> {
        self.0.lock().told(|| transaction("committed", what))
    }
}

/// A file that a program has open.
#[derive(Debug)]
struct OpenFile {
    disk: Arc<Mutex<State>>,
    path: PathBuf,
    file: usize,
}

impl Opened for OpenFile {
    fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize> {
        let mut state = self.disk.lock();
        let most = match state.read()? {
            Some(Fault::Short) => state.part_of(bytes.len()),
            _ => bytes.len(),
        };
        Ok(state.files[self.file].read_at(&mut bytes[..most], position))
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<usize> {
        let mut state = self.disk.lock();
        let end = position + bytes.len() as u64;
        let growth = end.saturating_sub(state.files[self.file].length());
        let needed = if state.nature.copies_on_write { bytes.len() as u64 } else { growth };
        state.require_room(needed)?;
        let short = state.is_short();
        let written = if short { state.part_of(bytes.len()) } else { bytes.len() };
        state.change(
            || operation("write", &self.path),
            |state| state.write_at(self.file, &bytes[..written], position),
        )?;
        Ok(written)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.lock();
        state.change(|| operation("cut", &self.path), |state| state.set_len(self.file, length))
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        let file = self.file;
        let synced = state.sync(|| operation("sync", &self.path), |state| state.sync_file(file));
        if synced.is_err() {
            state.files[file].lose_unsynced();
        }
        synced
    }

    fn length(&self) -> io::Result<u64> {
        let mut state = self.disk.lock();
        state.read()?;
        Ok(state.files[self.file].length())
    }
}
