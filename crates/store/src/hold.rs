//! Files stay for a backup that runs beside the server.
//!
//! A backup copies the database first and the files that it refers to afterwards. In between, the
//! server may remove some of them: a snapshot that another one replaces, say. So a backup holds the
//! file `backup.lock`, exclusively, and as long as it does, the server moves what it would remove to
//! the folder `kept`. Like the database, the lock is on the real disk.
//!
//! Nothing that a backup needs gets lost: the server looks at the lock after the commit by which the
//! database ceased to refer to a file. If it finds that nobody holds it, the backup takes it later,
//! copies the database later still, and the copy does not refer to the file.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::StoreError;
use crate::files;
use crate::layout::Layout;

/// How often, and after which pause, a lock is tried that the server looks at now and then.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// Keeps all files that were there when it was taken, as long as it is there itself.
#[derive(Debug)]
pub(crate) struct Hold {
    kept: PathBuf,
    /// Let go after the kept files are removed.
    _lock: File,
}

impl Hold {
    /// Takes the hold; `None` if another backup has it. Blocks.
    pub(crate) fn take(layout: &Layout) -> Result<Option<Self>, StoreError> {
        let path = layout.backup_lock();
        let lock = File::options().write(true).create(true).truncate(false).open(&path);
        let lock = lock.map_err(StoreError::io(&path))?;
        for last in (0..TRIES).map(|tried| tried + 1 == TRIES) {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if last => return Ok(None),
                // It may be the server, which looks for a moment only.
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(StoreError::io(&path)(error)),
            }
        }
        let kept = layout.kept();
        files::renew_folder(&kept)?;
        Ok(Some(Self { kept, _lock: lock }))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Err(error) = files::remove_folder(&self.kept) {
            tracing::warn!(%error, "what a backup has kept stays until the next start");
        }
    }
}

/// Whether a backup runs.
pub(crate) fn is_held(layout: &Layout) -> bool {
    match File::open(layout.backup_lock()) {
        Ok(lock) => matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)),
        // Who can't look must not remove what a backup may need.
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Removes a file that no row refers to any more, or keeps it for a backup that runs. The names of
/// files are unique throughout the folders.
pub(crate) fn remove(layout: &Layout, path: &Path) -> io::Result<()> {
    match path.file_name() {
        Some(name) if is_held(layout) => layout.disk().rename(path, &layout.kept().join(name)),
        _ => layout.disk().remove(path),
    }
}

/// The same. If that fails, the next open sweeps it.
pub(crate) fn discard(layout: &Layout, path: &Path) {
    files::tell_leftover(path, remove(layout, path));
}
