//! Where things are in the data directory, and the lock on it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::error::StoreError;
use crate::files;

/// Where things are in the data directory.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self { root: data_dir.to_owned() }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("hanami.db")
    }

    /// What is kept of the disk for deletions.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.root.join("reserve")
    }

    pub(crate) fn datasets(&self) -> PathBuf {
        self.root.join("blobs").join("datasets")
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.root.join("blobs").join("snapshots")
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.root.join("blobs").join("checkpoints")
    }

    pub(crate) fn results(&self) -> PathBuf {
        self.root.join("blobs").join("results")
    }

    pub(crate) fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    pub(crate) fn journals(&self) -> PathBuf {
        self.root.join("journals")
    }

    pub(crate) fn dataset(&self, uuid: Uuid) -> PathBuf {
        self.datasets().join(uuid.to_string())
    }

    pub(crate) fn upload(&self, uuid: Uuid) -> PathBuf {
        self.uploads().join(uuid.to_string())
    }

    /// The record of what has arrived of an uploaded file.
    pub(crate) fn upload_ranges(&self, uuid: Uuid) -> PathBuf {
        self.uploads().join(format!("{uuid}.ranges"))
    }

    /// A file for bytes that nothing refers to yet.
    pub(crate) fn scratch(&self, id: Uuid) -> PathBuf {
        self.uploads().join(format!("{id}.scratch"))
    }

    pub(crate) fn journal(&self, cluster: Uuid, snapshot: Uuid) -> PathBuf {
        self.journals().join(format!("{cluster}.{snapshot}"))
    }

    /// Creates the folders and takes the lock.
    pub(crate) fn prepare(&self) -> Result<File, StoreError> {
        let folders = [
            self.datasets(),
            self.snapshots(),
            self.checkpoints(),
            self.results(),
            self.uploads(),
            self.journals(),
        ];
        files::create_dir(&self.root)?;
        let lock = self.lock()?;
        for folder in &folders {
            files::create_dir(folder)?;
        }
        files::sync_dir(&self.root.join("blobs"))?;
        files::sync_dir(&self.root)?;
        files::sync_dir(files::parent(&self.root))?;
        self.refuse_missing_database(&folders)?;
        Ok(lock)
    }

    fn lock(&self) -> Result<File, StoreError> {
        let path = self.root.join("lock");
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: self.root.clone() }),
            Err(TryLockError::Error(error)) => Err(StoreError::io(&path)(error)),
        }
    }

    /// A new database refers to nothing, so the sweep would remove all data of a lost one.
    fn refuse_missing_database(&self, folders: &[PathBuf]) -> Result<(), StoreError> {
        let path = self.database();
        if path.try_exists().map_err(StoreError::io(&path))? {
            return Ok(());
        }
        for folder in folders {
            if !files::list(folder)?.is_empty() {
                return Err(StoreError::DatabaseMissing { path });
            }
        }
        Ok(())
    }
}
