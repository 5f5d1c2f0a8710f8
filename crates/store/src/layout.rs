//! Where things are in the data directory, and the lock on it.

use std::path::{Path, PathBuf};

use hanami_disk::{Disk, Lock};
use uuid::Uuid;

use crate::error::StoreError;

/// Where things are in the data directory.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    disk: Disk,
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(disk: Disk, data_dir: &Path) -> Self {
        Self { disk, root: data_dir.to_owned() }
    }

    /// The disk that all of it is on.
    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("hanami.db")
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
    pub(crate) fn prepare(&self) -> Result<Lock, StoreError> {
        let folders = [
            self.datasets(),
            self.snapshots(),
            self.checkpoints(),
            self.results(),
            self.uploads(),
            self.journals(),
        ];
        self.create_dir(&self.root)?;
        let lock = self.lock()?;
        for folder in &folders {
            self.create_dir(folder)?;
        }
        for path in [&self.root.join("blobs"), &self.root] {
            self.disk.sync_dir(path).map_err(StoreError::io(path))?;
        }
        self.disk.sync_name(&self.root).map_err(StoreError::io(&self.root))?;
        self.refuse_missing_database(&folders)?;
        Ok(lock)
    }

    fn lock(&self) -> Result<Lock, StoreError> {
        let path = self.root.join("lock");
        let lock = self.disk.lock(&path).map_err(StoreError::io(&path))?;
        lock.ok_or_else(|| StoreError::InUse { path: self.root.clone() })
    }

    fn create_dir(&self, path: &Path) -> Result<(), StoreError> {
        self.disk.create_dir(path).map_err(StoreError::io(path))
    }

    /// A new database refers to nothing, so the sweep would remove all data of a lost one. The
    /// database is on the real disk, as SQLite has its own way to it.
    fn refuse_missing_database(&self, folders: &[PathBuf]) -> Result<(), StoreError> {
        let path = self.database();
        if path.try_exists().map_err(StoreError::io(&path))? {
            return Ok(());
        }
        for folder in folders {
            if !self.disk.list(folder).map_err(StoreError::io(folder))?.is_empty() {
                return Err(StoreError::DatabaseMissing { path });
            }
        }
        Ok(())
    }
}
