//! File operations that survive a power loss. All of them block.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// Creates a directory, and those above it, for this user only. One that exists stays as it is.
pub(crate) fn create_dir(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(StoreError::io(path))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(StoreError::io(path))
}

/// Makes the contents of a file and its name durable.
pub(crate) fn sync_file(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(StoreError::io(path))?;
    sync_dir(parent(path))
}

/// Puts a file made of `parts` at `path`, replacing what is there, durably and at once: whoever
/// looks sees the old file or the whole new one, also after a power loss. Returns the open file.
pub(crate) fn write_file(path: &Path, parts: &[&[u8]]) -> Result<File, StoreError> {
    let temporary = path.with_added_extension("tmp");
    let written = write_and_rename(&temporary, path, parts).map_err(StoreError::io(path));
    if written.is_err() {
        // It may not even exist; if it does and stays, the next open sweeps it.
        let _ = fs::remove_file(&temporary);
    }
    let file = written?;
    sync_dir(parent(path))?;
    Ok(file)
}

fn write_and_rename(temporary: &Path, path: &Path, parts: &[&[u8]]) -> io::Result<File> {
    let mut file =
        File::options().read(true).write(true).create(true).truncate(true).open(temporary)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(temporary, path)?;
    Ok(file)
}

/// Puts the contents of an immutable file at a second path, durably: without taking space where
/// the file system can link, else as a copy.
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), StoreError> {
    if fs::hard_link(from, to).is_ok() {
        return sync_dir(parent(to));
    }
    let bytes = fs::read(from).map_err(StoreError::io(from))?;
    write_file(to, &[&bytes])?;
    Ok(())
}

/// Removes a file that nothing refers to any more. If that fails, the next open sweeps it.
pub(crate) fn discard(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a leftover file stays until the next start");
    }
}

/// The directory a file of the store is in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The files in a folder: their names and paths. What is not a file, such as the `lost+found` of
/// a disk of its own, is left out.
pub(crate) fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>, StoreError> {
    list_files(folder).map_err(StoreError::io(folder))
}

fn list_files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    Ok(files)
}

/// Bytes that are free for this user on the disk that a directory is on.
pub(crate) fn free_bytes(path: &Path) -> Result<u64, StoreError> {
    let found = rustix::fs::statvfs(path).map_err(|error| StoreError::io(path)(error.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}
