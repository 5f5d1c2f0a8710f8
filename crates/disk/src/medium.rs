//! What a disk has to be able to do.

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use uuid::Uuid;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To be read; it has to be there.
    Read,
    /// To be read and written; it is created if it is missing.
    Write,
    /// To be read and written; it must not be there yet.
    New,
    /// To be read and written; what was in it is gone.
    Anew,
}

/// What a folder knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Details {
    /// Its length in bytes.
    pub length: u64,
    /// When it was last written.
    pub modified: SystemTime,
}

/// How large a disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes that are free for this user. What a quota leaves may be less.
    pub free: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Keeps others from a directory while it exists.
#[derive(Debug)]
pub struct Lock {
    /// Closing it gives the lock back.
    pub(crate) _held: Option<std::fs::File>,
}

/// A disk: what [`Disk`](crate::Disk) is made of. The methods are described there.
pub(crate) trait Medium: Debug + Send + Sync {
    fn open(&self, path: &Path, how: How) -> io::Result<Box<dyn Opened>>;
    fn details(&self, path: &Path) -> io::Result<Details>;
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    fn space(&self, folder: &Path) -> io::Result<Space>;
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn lock(&self, path: &Path) -> io::Result<Option<Lock>>;
    fn now(&self) -> SystemTime;
    fn new_id(&self) -> Uuid;

    fn commit_begins(&self, _what: &'static str) -> io::Result<()> {
        Ok(())
    }

    fn commit_ended(&self, _what: &'static str) -> io::Result<()> {
        Ok(())
    }
}

/// An open file: what [`File`](crate::File) is made of. The methods are described there; reads and
/// writes may do less than they are asked for.
pub(crate) trait Opened: Debug + Send + Sync {
    fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize>;
    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<usize>;
    fn set_len(&self, length: u64) -> io::Result<()>;
    fn sync(&self) -> io::Result<()>;
    fn length(&self) -> io::Result<u64>;
}
