//! Where things are in the data directory, and the lock on it.

use std::path::{Path, PathBuf};

use hanami_disk::{Disk, Lock};
use uuid::Uuid;

use crate::error::StoreError;
use crate::placing;

/// A folder of the data directory whose files belong to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Folder {
    /// Data of datasets.
    Datasets,
    /// Networks of clusters.
    Snapshots,
    /// Networks of checkpoints.
    Checkpoints,
    /// Values of request results.
    Results,
    /// Files that arrive, and the records of what has arrived of them.
    Uploads,
    /// What clusters have learned since their snapshots.
    Journals,
}

impl Folder {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Datasets,
        Self::Snapshots,
        Self::Checkpoints,
        Self::Results,
        Self::Uploads,
        Self::Journals,
    ];

    /// Where it is in the data directory.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Datasets => "blobs/datasets",
            Self::Snapshots => "blobs/snapshots",
            Self::Checkpoints => "blobs/checkpoints",
            Self::Results => "blobs/results",
            Self::Uploads => "uploads",
            Self::Journals => "journals",
        }
    }
}

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

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What is kept of the disk for deletions.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.root.join("reserve")
    }

    pub(crate) fn folder(&self, folder: Folder) -> PathBuf {
        self.root.join(folder.path())
    }

    /// What the server holds exclusively.
    pub(crate) fn server_lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// What a backup holds exclusively.
    pub(crate) fn backup_lock(&self) -> PathBuf {
        self.root.join("backup.lock")
    }

    /// Where files are that a backup still needs, though no row refers to them any more.
    pub(crate) fn kept(&self) -> PathBuf {
        self.root.join("kept")
    }

    pub(crate) fn dataset(&self, uuid: Uuid) -> PathBuf {
        self.folder(Folder::Datasets).join(uuid.to_string())
    }

    pub(crate) fn upload(&self, uuid: Uuid) -> PathBuf {
        self.folder(Folder::Uploads).join(uuid.to_string())
    }

    /// The record of what has arrived of an uploaded file.
    pub(crate) fn upload_ranges(&self, uuid: Uuid) -> PathBuf {
        self.folder(Folder::Uploads).join(format!("{uuid}.ranges"))
    }

    /// A file for bytes that nothing refers to yet.
    pub(crate) fn scratch(&self, id: Uuid) -> PathBuf {
        self.folder(Folder::Uploads).join(format!("{id}.scratch"))
    }

    pub(crate) fn journal(&self, cluster: Uuid, snapshot: Uuid) -> PathBuf {
        self.folder(Folder::Journals).join(format!("{cluster}.{snapshot}"))
    }

    /// Creates the folders and takes the lock.
    pub(crate) fn prepare(&self) -> Result<Lock, StoreError> {
        let folders = Folder::ALL.map(|folder| self.folder(folder));
        self.create_dir(&self.root)?;
        let lock = self.lock()?;
        placing::resume(&self.root)?;
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

    /// Takes what a server holds exclusively.
    pub(crate) fn lock(&self) -> Result<Lock, StoreError> {
        let path = self.server_lock();
        let lock = self.disk.lock(&path).map_err(StoreError::io(&path))?;
        lock.ok_or_else(|| StoreError::InUse { path: self.root.clone() })
    }

    fn create_dir(&self, path: &Path) -> Result<(), StoreError> {
        self.disk.create_dir(path).map_err(StoreError::io(path))
    }

    /// The database, which has to be there.
    pub(crate) fn existing_database(&self) -> Result<PathBuf, StoreError> {
        let path = self.database();
        if path.try_exists().map_err(StoreError::io(&path))? {
            return Ok(path);
        }
        placing::refuse_cut(&self.root)?;
        Err(StoreError::DatabaseMissing { path })
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
