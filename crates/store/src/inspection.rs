//! A look at a data directory that changes nothing in it, whether or not a server runs on it.
//!
//! It knows rows and bytes; what they mean is known to the engine, which looks through this.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hanami_disk::Disk;
use uuid::Uuid;

use crate::blobs::{BlobReader, Blobs};
use crate::database_copy::DatabaseCopy;
use crate::entity::upload_file;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::layout::{Folder, Layout};
use crate::references::{self, Owning, Reference};
use crate::reserve::Reserve;
use crate::store::blocking;
use crate::upload::FileProgress;
use crate::{files, sweep};

/// A look at a data directory.
#[derive(Debug)]
pub struct Inspection {
    layout: Layout,
    copy: DatabaseCopy,
    /// Held so that no server starts meanwhile; `None` if one runs.
    lock: Option<File>,
}

impl Inspection {
    /// Begins a look.
    ///
    /// # Errors
    ///
    /// [`StoreError::DatabaseMissing`] if there is no database, [`StoreError::Database`] if it can't
    /// be copied, [`StoreError::Io`] if the directory can't be read.
    pub async fn begin(data_dir: &Path) -> Result<Self, StoreError> {
        let layout = Layout::new(Disk::real(), data_dir);
        let path = layout.server_lock();
        let lock = blocking(move || take_lock(&path)).await?;
        let elsewhere = std::env::temp_dir();
        let copy = match lock {
            Some(_) => DatabaseCopy::of_idle(&layout, elsewhere).await?,
            None => DatabaseCopy::of_live(&layout, elsewhere).await?,
        };
        Ok(Self { layout, copy, lock })
    }

    /// Whether a server runs on the directory. Files come and go then.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.lock.is_none()
    }

    /// What does not fit together in the database, as SQLite tells; nothing if all does.
    ///
    /// # Errors
    ///
    /// If it can't be read at all.
    pub async fn database_faults(&self) -> Result<Vec<String>, StoreError> {
        self.copy.faults().await
    }

    /// All rows that refer to files, and how many migrations the database lacks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] if a newer version has written the database.
    pub async fn rows(&self) -> Result<(Vec<Owning>, usize), StoreError> {
        self.copy.rows().await
    }

    /// Where a file is.
    #[must_use]
    pub fn path(&self, file: &Reference) -> PathBuf {
        self.layout.folder(file.folder).join(&file.name)
    }

    /// The files that none of `rows` refers to, and those that a backup has left. Blocks.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn orphans(&self, rows: &[Owning]) -> Result<Vec<PathBuf>, StoreError> {
        let mut orphans = Vec::new();
        let referred = references::names(rows.iter().flat_map(Owning::files));
        for (folder, name) in sweep::orphans(&self.layout, &referred)? {
            orphans.push(self.layout.folder(folder).join(name));
        }
        let kept = self.layout.kept();
        if kept.is_dir() {
            orphans.extend(self.layout.disk().list(&kept).map_err(StoreError::io(&kept))?);
        }
        Ok(orphans)
    }

    /// Whether others than its owner and their group can look into the directory. Blocks.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn is_open_to_others(&self) -> Result<bool, StoreError> {
        let root = self.layout.root();
        let found = fs::metadata(root).map_err(StoreError::io(root))?;
        Ok(found.permissions().mode() & 0o007 != 0)
    }

    /// Bytes that are free on the disk. Blocks.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        let root = self.layout.root();
        self.layout.disk().free_bytes(root).map_err(StoreError::io(root))
    }

    /// All bytes of a blob, compared with its checksum.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if it is missing or damaged.
    pub async fn blob(&self, folder: Folder, id: Uuid) -> Result<Vec<u8>, StoreError> {
        self.blobs(folder).read(id).await
    }

    /// A blob, to be read in parts.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if it is missing, or its header is damaged.
    pub async fn open_blob(&self, folder: Folder, id: Uuid) -> Result<BlobReader, StoreError> {
        self.blobs(folder).open(id).await
    }

    fn blobs(&self, folder: Folder) -> Blobs {
        Blobs::new(&self.layout, &Reserve::none(), folder, "blob")
    }

    /// Shows all entries of the journal of a cluster's snapshot; answers how many bytes at its end
    /// a crash has torn. Blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if it is damaged.
    pub fn journal(
        &self,
        cluster: Uuid,
        snapshot: Uuid,
        see: impl FnMut(&[u8]),
    ) -> Result<u64, StoreError> {
        Journal::inspect(self.layout.disk(), &self.layout.journal(cluster, snapshot), see)
    }

    /// How far a file has come that is arriving. Blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if its record is damaged, or tells of bytes that are not there.
    pub fn upload(&self, file: &upload_file::Model) -> Result<FileProgress, StoreError> {
        FileProgress::inspect(&self.layout, file)
    }
}

/// Takes the lock that a server has, without changing its file; `None` if one runs.
fn take_lock(path: &Path) -> Result<Option<File>, StoreError> {
    let lock = match File::open(path) {
        Ok(lock) => lock,
        // No server has ever started there; the database will be missing, too, or be a restored one.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let root = files::parent(path);
            return File::open(root).map(Some).map_err(StoreError::io(root));
        }
        Err(error) => return Err(StoreError::io(path)(error)),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(StoreError::io(path)(error)),
    }
}
