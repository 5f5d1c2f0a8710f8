//! A place for files of the thread that runs a target, in memory where the system has such a place.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

thread_local! {
    static PLACE: TempDir = {
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        made.expect("there is room for a folder")
    };
}

/// The path of a file of this thread; targets write it anew for each case.
pub(crate) fn path(name: &str) -> PathBuf {
    PLACE.with(|place| place.path().join(name))
}

/// Such a file with these bytes.
pub(crate) fn with(name: &str, bytes: &[u8]) -> PathBuf {
    let path = path(name);
    std::fs::write(&path, bytes).expect("there is room for a small file");
    path
}
