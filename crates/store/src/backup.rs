//! Backups: one file that holds a data directory as it was at one moment, taken also while a server
//! runs on it.
//!
//! From the first moment on, a [`Hold`] keeps all files from being removed. Then the database is
//! copied, in one read transaction of SQLite; that moment is the backup's. Then what the copy refers to
//! is written into the archive: blobs never change; of journals and uploads, which grow, it
//! holds what was there at that moment and perhaps some more, which harms nothing. A record of what has
//! arrived of an upload is read before the upload's bytes, so that it never tells of bytes that are
//! not there.
//!
//! Everything that was acknowledged before the backup began was durable by then, and so it is in the
//! backup.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, File, How, Lock};

use crate::archive::{DATABASE, FORMAT, Head, Writer};
use crate::database_copy::DatabaseCopy;
use crate::error::StoreError;
use crate::files;
use crate::hold::Hold;
use crate::layout::Layout;
use crate::references::{Owning, Reference};
use crate::store::{blocking, now};

/// Why there is no backup, or why nothing was restored from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Another backup of the data directory, or to the file, runs.
    #[error("another backup is at work on {}: wait for its end", path.display())]
    Running {
        /// The data directory, or the file.
        path: PathBuf,
    },
    /// A file is missing that the database refers to.
    #[error(
        "{} is missing, so the backup would be of no use: `hanami doctor` tells what is wrong",
        path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The place is taken.
    #[error("{} exists already: choose another place, or remove it", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
    /// The file is no backup, or not a whole one.
    #[error("{} can't be restored: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The disk has no room for what is to be restored.
    #[error("{} has room for {free} bytes, but {needed} more are needed", path.display())]
    NoRoom {
        /// A directory on the disk.
        path: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that the next file takes.
        needed: u64,
    },
    /// The data directory or the disk fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a backup holds, or what was restored from one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backup {
    /// Number of files, the database among them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Writes a backup of a data directory to the new file `out`, whether or not a server runs on it.
/// `progress` is told how many bytes are done and how many there are.
///
/// # Errors
/// See [`BackupError`]; there is no file then.
pub async fn backup(
    data_dir: &Path,
    out: &Path,
    progress: impl FnMut(u64, u64) + Send + 'static,
) -> Result<Backup, BackupError> {
    let layout = Layout::new(Disk::real(), data_dir);
    let out = out.to_owned();
    if fs::symlink_metadata(&out).is_ok() {
        return Err(BackupError::Exists { path: out });
    }
    layout.existing_database()?;
    let begun_at = now(layout.disk()).unix_timestamp();
    let held = layout.clone();
    let hold = blocking(move || Hold::take(&held)).await?;
    let hold = hold.ok_or_else(|| BackupError::Running { path: data_dir.to_owned() })?;
    let beside = out.clone();
    let workplace = blocking(move || Workplace::take(&beside)).await?;
    let workplace = workplace.ok_or_else(|| BackupError::Running { path: out.clone() })?;
    let copy = DatabaseCopy::of_live(&layout, workplace.work()).await?;
    let rows = copy.rows_of_copy().await?;
    let written = tokio::task::spawn_blocking(move || {
        let head = Head { format: FORMAT, hanami: env!("CARGO_PKG_VERSION").to_owned(), begun_at };
        let archive = workplace.work().join("archive");
        let written = write_archive(&layout, &copy.path(), &rows, &archive, &head, progress);
        drop((copy, hold));
        let backup = written?;
        fs::rename(&archive, &out).map_err(StoreError::io(&out))?;
        drop(workplace);
        Disk::real().sync_name(&out).map_err(StoreError::io(&out))?;
        Ok(backup)
    });
    written.await.map_err(|_| StoreError::ShuttingDown)?
}

/// The folder beside a backup in which it is made, for this user only. Its name follows from the
/// backup's, so that the next backup of this name removes what one that was killed has left. A lock in
/// it keeps others away that make a backup of this name.
struct Workplace {
    folder: PathBuf,
    _lock: Lock,
}

impl Workplace {
    /// None if somebody else has it.
    fn take(out: &Path) -> Result<Option<Self>, StoreError> {
        let mut name = OsString::from(".");
        name.push(out.file_name().unwrap_or_default());
        name.push(".hanami-backup");
        let folder = files::parent(out).join(name);
        files::create_folder(&folder)?;
        let lock = Disk::real().lock(&folder.join("lock")).map_err(StoreError::io(&folder))?;
        let Some(lock) = lock else { return Ok(None) };
        let workplace = Self { folder, _lock: lock };
        files::renew_folder(&workplace.work())?;
        Ok(Some(workplace))
    }

    /// The folder for everything but the lock.
    fn work(&self) -> PathBuf {
        self.folder.join("work")
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = files::remove_folder(&self.folder) {
            tracing::warn!(%error, "a folder stays until the next backup of this name");
        }
    }
}

/// Writes the archive to the new file `to`, durably.
fn write_archive(
    layout: &Layout,
    database: &Path,
    rows: &[Owning],
    to: &Path,
    head: &Head,
    mut progress: impl FnMut(u64, u64),
) -> Result<Backup, BackupError> {
    let io = |error| StoreError::io(to)(error);
    // It holds the hashes of passwords, and the secret that tokens are made with.
    let mut options = fs::File::options();
    let file = options.read(true).write(true).create_new(true).mode(0o600);
    let mut archive = Writer::begin(file.open(to).map_err(io)?, head).map_err(io)?;
    let references: Vec<Reference> = rows.iter().flat_map(Owning::files).collect();
    let sizes = references.iter().filter_map(|file| size(layout, file));
    let total = sizes.chain(database.metadata().map(|found| found.len()).ok()).sum();
    let mut done = 0;
    let mut told = |bytes| {
        done += bytes;
        progress(done, total);
    };

    let copied = fs::File::open(database).map_err(StoreError::io(database))?;
    let bytes = archive.add(DATABASE, copied, &mut told).map_err(io)?;
    let mut backup = Backup { files: 1, bytes };
    for reference in references {
        let path = layout.folder(reference.folder).join(&reference.name);
        let Some(file) = open(layout, &path)? else {
            if reference.required {
                return Err(BackupError::Missing { path });
            }
            continue;
        };
        let name = format!("{}/{}", reference.folder.path(), reference.name);
        // A journal may grow while it is read. It begins with a watermark, up to which it is durable;
        // what the watermark speaks of is in what is read after it. An end that is half written is
        // cut off when the journal is opened, as after a crash.
        backup.bytes += archive.add(&name, file.reader(), &mut told).map_err(io)?;
        backup.files += 1;
    }
    archive.finish().and_then(|file| file.sync_all()).map_err(io)?;
    Ok(backup)
}

/// The size of a file at present; `None` if it is not where it is used.
fn size(layout: &Layout, file: &Reference) -> Option<u64> {
    let path = layout.folder(file.folder).join(&file.name);
    layout.disk().details(&path).map(|found| found.length).ok()
}

/// Opens a file where it is used, or where it is kept if it is not used any more.
fn open(layout: &Layout, path: &Path) -> Result<Option<File>, StoreError> {
    let kept = path.file_name().map(|name| layout.kept().join(name));
    for place in [Some(path), kept.as_deref()].into_iter().flatten() {
        match layout.disk().open(place, How::Read) {
            Ok(file) => return Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::io(place)(error)),
        }
    }
    Ok(None)
}
