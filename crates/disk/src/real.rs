//! The disk of this machine.

use std::fs::{self, DirBuilder, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use uuid::Uuid;

use crate::medium::{Details, How, Lock, Medium, Opened, Space};

/// The files of the operating system.
#[derive(Debug)]
pub(crate) struct Real;

impl Medium for Real {
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Opened>> {
        let mut options = fs::File::options();
        options.read(true).write(how != How::Read);
        match how {
            How::Read => {}
            How::Write => drop(options.create(true)),
            How::New => drop(options.create_new(true)),
            How::Anew => drop(options.create(true).truncate(true)),
        }
        Ok(Box::new(options.open(path)?))
    }

    fn details(&self, path: &Path) -> io::Result<Details> {
        let metadata = fs::metadata(path)?;
        Ok(Details { length: metadata.len(), modified: metadata.modified()? })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push(entry.path());
            }
        }
        Ok(files)
    }

    fn space(&self, folder: &Path) -> io::Result<Space> {
        let disk = rustix::fs::statvfs(folder)?;
        let [free, total] = [disk.f_bavail, disk.f_blocks].map(|n| n.saturating_mul(disk.f_frsize));
        Ok(Space { free, total })
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        fs::File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let file = fs::File::options().write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _held: Some(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Opened for fs::File {
    fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize> {
        FileExt::read_at(self, bytes, position)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<usize> {
        FileExt::write_at(self, bytes, position)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        fs::File::set_len(self, length)
    }

    fn sync(&self) -> io::Result<()> {
        // Of the metadata, only what is needed to read the data back: its length.
        self.sync_data()
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}
