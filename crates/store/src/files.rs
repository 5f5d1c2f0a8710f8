//! What the store does with files beyond what the disk offers.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use hanami_disk::Disk;
use tempfile::TempDir;

use crate::error::StoreError;

/// Removes a file that nothing refers to any more. If that fails, the next open sweeps it.
pub(crate) fn discard(disk: &Disk, path: &Path) {
    tell_leftover(path, disk.remove(path));
}

/// Warns if a file could not be removed.
pub(crate) fn tell_leftover(path: &Path, removed: io::Result<()>) {
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a leftover file stays until the next start");
    }
}

/// The directory a file is in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Removes a folder, if it is there, with all that is in it.
pub(crate) fn remove_folder(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Makes a folder for this user only, in one that exists. If it is there already, it stays as it is.
pub(crate) fn create_folder(path: &Path) -> Result<(), StoreError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::io(path)(error))
        }
        _ => Ok(()),
    }
}

/// Makes a folder for this user only. What was in it is gone.
pub(crate) fn renew_folder(path: &Path) -> Result<(), StoreError> {
    remove_folder(path)?;
    create_folder(path)
}

/// A new folder in another one, for this user only; it goes with what is in it.
pub(crate) fn private_folder(within: &Path, prefix: &str) -> Result<TempDir, StoreError> {
    let mut folder = tempfile::Builder::new();
    let folder = folder.prefix(prefix).permissions(Permissions::from_mode(0o700));
    folder.tempdir_in(within).map_err(StoreError::io(within))
}
