//! What the store does with files that no row refers to.

use std::io;
use std::path::Path;

use hanami_disk::Disk;

/// Removes a file that nothing refers to any more. If that fails, the next open sweeps it.
pub(crate) fn discard(disk: &Disk, path: &Path) {
    if let Err(error) = disk.remove(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a leftover file stays until the next start");
    }
}
