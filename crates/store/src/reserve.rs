//! What is kept of a full disk for deletions.
//!
//! Deleting something needs a commit, and a commit needs room in the database's log: on a full disk
//! not even that would work which makes room. So a file in the data directory, the *reserve*, takes
//! some of the disk as long as there is enough. When the disk is full, the file is removed, and from
//! then on only those who delete or end something may write, into what it has left. All others are
//! refused before they have begun, until the reserve could be taken again; that is tried when somebody
//! wants to write, once a second at most, so that everything goes on by itself when there is room.
//!
//! Taking a file is the test whether there is room, and not the free space that the system tells,
//! since that knows nothing of quotas. The free space is only looked at before something is deleted,
//! to give the reserve up in time, before the reserve is taken, to leave something to others, and before
//! a blob is written (`blobs`).
//!
//! The reserve is no data, and it serves the database: like that, it is always on the real disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use hanami_disk::{Disk, Space};
use parking_lot::Mutex;
use rand::Rng;
use rustix::fs::{FallocateFlags, fallocate};

use crate::error::StoreError;
use crate::files;
use crate::store::blocking;

/// How long to wait before the reserve is tried to be taken again.
const PAUSE: Duration = Duration::from_secs(1);

/// Bytes that are written at once where a file system can't allocate.
const PIECE: usize = 1 << 20;

/// How much room there is on the disk of the data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskRoom {
    /// Bytes that the server may still write, as the system tells, without the reserve.
    pub free: u64,
    /// Bytes of the disk in all.
    pub total: u64,
    /// Whether the reserve is given up, so that nothing but deletions is written.
    pub is_full: bool,
}

/// The reserve of a data directory. Clones share it. Its methods block for a moment.
#[derive(Clone, Debug)]
pub(crate) struct Reserve(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Its size; 0 stands for none.
    bytes: u64,
    is_full: AtomicBool,
    /// When it was last tried to take the reserve. Held while the file changes.
    tried: Mutex<Option<Instant>>,
}

impl Reserve {
    /// Takes `bytes` at `path`, or begins with a full disk.
    pub(crate) fn open(path: PathBuf, bytes: u64) -> Self {
        let inner = Inner { path, bytes, is_full: AtomicBool::new(false), tried: Mutex::default() };
        let reserve = Self(Arc::new(inner));
        if bytes == 0 {
            discard(&reserve.0.path);
            return reserve;
        }
        let is_there = fs::metadata(&reserve.0.path).is_ok_and(|found| found.len() == bytes);
        if is_there {
            reserve.prepare();
        } else {
            reserve.0.is_full.store(true, SeqCst);
            // The one who needs it is told.
            let _ = reserve.require();
        }
        if reserve.is_full() {
            tracing::error!(
                "{}; until there is room, nothing but deletions is written",
                StoreError::Full
            );
        }
        reserve
    }

    /// No reserve, for those who only read.
    pub(crate) fn none() -> Self {
        let (path, is_full) = (PathBuf::new(), AtomicBool::new(false));
        Self(Arc::new(Inner { path, bytes: 0, is_full, tried: Mutex::default() }))
    }

    /// Whether it is given up.
    pub(crate) fn is_full(&self) -> bool {
        self.0.is_full.load(SeqCst)
    }

    /// Refuses to write on a full disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`].
    pub(crate) fn require(&self) -> Result<(), StoreError> {
        if !self.is_full() {
            return Ok(());
        }
        let mut tried = self.0.tried.lock();
        if self.is_full() && tried.is_none_or(|tried| tried.elapsed() >= PAUSE) {
            *tried = Some(Instant::now());
            match self.take() {
                Ok(()) => {
                    self.0.is_full.store(false, SeqCst);
                    tracing::info!("there is room on the disk again");
                }
                Err(error) => tracing::debug!(%error, "the reserve can't be taken"),
            }
        }
        if self.is_full() { Err(StoreError::Full) } else { Ok(()) }
    }

    /// As [`Reserve::require`], for those who must not block.
    pub(crate) async fn require_soon(&self) -> Result<(), StoreError> {
        if !self.is_full() {
            return Ok(());
        }
        let reserve = self.clone();
        blocking(move || reserve.require()).await
    }

    /// Makes room for one who is about to delete something, if there is little.
    pub(crate) fn prepare(&self) {
        let margin = self.margin();
        if !self.is_full() && self.space().is_ok_and(|space| space.free < margin) {
            self.give_up();
        }
    }

    /// Bytes that a large file has to leave to the small writes of others.
    pub(crate) fn margin(&self) -> u64 {
        self.0.bytes / 4
    }

    /// Gives the reserve up: the disk is full.
    pub(crate) fn give_up(&self) {
        let mut tried = self.0.tried.lock();
        if self.0.bytes > 0 && !self.0.is_full.swap(true, SeqCst) {
            tracing::error!(
                "{}; until there is room, nothing but deletions is written",
                StoreError::Full
            );
            discard(&self.0.path);
            *tried = Some(Instant::now());
        }
    }

    /// How much room there is.
    pub(crate) fn room(&self) -> Result<DiskRoom, StoreError> {
        let Space { free, total } = self.space().map_err(StoreError::io(&self.0.path))?;
        Ok(DiskRoom { free, total, is_full: self.is_full() })
    }

    /// The disk that the reserve is on.
    fn space(&self) -> io::Result<Space> {
        Disk::real().space(files::parent(&self.0.path))
    }

    /// Takes the file, if that leaves half as much to others.
    fn take(&self) -> io::Result<()> {
        let Inner { path, bytes, .. } = &*self.0;
        if self.space()?.free < bytes.saturating_add(bytes / 2) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = fill(path, *bytes);
        if taken.is_err() {
            discard(path);
        }
        taken
    }
}

/// Removes what there may be of a reserve.
fn discard(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "the reserve can't be removed");
    }
}

/// Makes a file that takes so many bytes of the disk.
fn fill(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::options().write(true).create(true).truncate(true).open(path)?;
    match fallocate(&file, FallocateFlags::empty(), 0, bytes) {
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
            // Noise, since a file system that compresses would keep nothing of anything else.
            let mut noise = vec![0; PIECE];
            let mut left = bytes;
            while left > 0 {
                rand::rng().fill_bytes(&mut noise);
                let piece = left.min(PIECE as u64);
                file.write_all(&noise[..piece as usize])?;
                left -= piece;
            }
            file.sync_all()
        }
        allocated => Ok(allocated?),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::{NewUser, Quotas, Store};

    const BYTES: u64 = 1 << 20;

    fn user(id: String) -> NewUser {
        let password_hash = "x".repeat(4000);
        NewUser { name: id.clone(), id, password_hash, is_admin: true, creator_id: "a".into() }
    }

    #[test]
    fn a_reserve_takes_its_bytes_until_it_is_given_up() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("reserve");
        let reserve = Reserve::open(path.clone(), BYTES);
        assert_eq!(fs::metadata(&path).unwrap().len(), BYTES);
        reserve.require().unwrap();

        reserve.give_up();
        assert!(!path.exists());
        assert!(matches!(reserve.require(), Err(StoreError::Full)));
        *reserve.0.tried.lock() = None;
        reserve.require().unwrap();
        assert!(path.exists());
    }

    #[test]
    fn a_reserve_that_cannot_be_taken_is_a_full_disk_until_it_can() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("reserve");
        fs::create_dir(&path).unwrap();
        let reserve = Reserve::open(path.clone(), BYTES);
        assert!(matches!(reserve.require(), Err(StoreError::Full)));

        fs::remove_dir(&path).unwrap();
        // Not tried again at once.
        assert!(matches!(reserve.require(), Err(StoreError::Full)));
        *reserve.0.tried.lock() = None;
        reserve.require().unwrap();

        let reserve = Reserve::open(directory.path().join("too much"), u64::MAX);
        assert!(reserve.room().unwrap().is_full);
    }

    #[test]
    fn without_a_reserve_the_disk_is_never_full() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::open(directory.path().join("reserve"), 0);
        reserve.give_up();
        reserve.require().unwrap();
    }

    #[tokio::test]
    async fn a_database_that_is_full_gives_up_the_reserve_for_deletions() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open_with(directory.path(), Quotas::UNLIMITED, BYTES).await.unwrap();
        store.create_user(user("admin".into())).await.unwrap();
        store.create_user(user("first".into())).await.unwrap();
        store.writer().execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
        // What the database has allocated already is used up first.
        let full = loop {
            let id = uuid::Uuid::new_v4().to_string();
            if let Err(error) = store.create_user(user(id)).await {
                break error;
            }
        };
        assert!(matches!(full, StoreError::Full), "{full}");
        assert!(!directory.path().join("reserve").exists());
        store.delete_user("first").await.unwrap();
        // One that ends without a commit, after which the others are durable all the same.
        store.delete_user("nobody").await.unwrap_err();

        // The disk itself has room, so the next one takes the reserve again.
        *store.reserve().0.tried.lock() = None;
        store.create_user(user("second".into())).await.unwrap();
        assert!(!store.disk_room().unwrap().is_full);
        assert!(store.user("first").await.unwrap().is_none());
        assert!(store.user("second").await.unwrap().is_some());
    }
}
