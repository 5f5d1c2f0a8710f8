//! How a restored data directory gets its place, all of it or nothing.
//!
//! The directory may be a disk of its own, to which nothing can be renamed as a whole. So all of a
//! restore happens in it, while the lock is held that a server would take:
//!
//! 1. The backup is unpacked to the folder `.hanami-restoring`.
//! 2. When everything was compared and is durable, that folder is renamed to `.hanami-restored`.
//!    From then on, the directory is restored.
//! 3. What the folder holds is renamed to its place, the database last, and the folder is removed.
//!
//! After a crash, the names tell how far it came: a start of the server does the third step if it has
//! not been done, and is refused if there was no second one. Another restore begins anew, unless the
//! database has its place.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, Lock};

use crate::archive::DATABASE;
use crate::backup::BackupError;
use crate::error::StoreError;
use crate::files;
use crate::layout::{Folder, Layout};

const UNPACKING: &str = ".hanami-restoring";
const UNPACKED: &str = ".hanami-restored";
/// What is put in its place before the database.
const FOLDERS: [&str; 3] = ["blobs", "uploads", "journals"];
/// What may be in a directory that counts as empty: what belongs to a disk of its own, and a lock.
const HARMLESS: [&str; 2] = ["lost+found", "lock"];

/// A data directory that is being restored; until it is complete, dropping it leaves nothing but the
/// lock's empty file, which another process may just be about to lock.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    complete: bool,
    /// Keeps servers and other restores away.
    _lock: Lock,
}

impl Place {
    /// Takes a directory that does not exist, is empty, or holds a restore that was cut off.
    pub(crate) fn take(root: &Path) -> Result<Self, BackupError> {
        refuse_taken(root)?;
        create_dir(root)?;
        let lock = Layout::new(Disk::real(), root).lock()?;
        // Once more: a server may just have started and ended.
        refuse_taken(root)?;
        let place = Self { root: root.to_owned(), complete: false, _lock: lock };
        Disk::real().sync_name(root).map_err(StoreError::io(root))?;
        discard(root)?;
        create_dir(&place.unpacking())?;
        for folder in Folder::ALL {
            create_dir(&place.unpacking().join(folder.path()))?;
        }
        Ok(place)
    }

    /// Where to unpack.
    pub(crate) fn unpacking(&self) -> PathBuf {
        self.root.join(UNPACKING)
    }

    /// Puts what was unpacked in its place, durably.
    pub(crate) fn complete(mut self) -> Result<(), StoreError> {
        let unpacking = self.unpacking();
        for folder in Folder::ALL {
            sync_dir(&unpacking.join(folder.path()))?;
        }
        sync_dir(&unpacking.join("blobs"))?;
        sync_dir(&unpacking)?;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&self.root, private).map_err(StoreError::io(&self.root))?;
        rename(&unpacking, &self.root.join(UNPACKED))?;
        sync_dir(&self.root)?;
        finish(&self.root)?;
        self.complete = true;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.complete {
            return;
        }
        if let Err(error) = discard(&self.root) {
            tracing::warn!(%error, "what was restored stays until the next restore");
        }
    }
}

/// Goes on with a restore that was cut off. Whoever calls this holds the lock of the directory.
///
/// # Errors
///
/// [`StoreError::RestoreCut`] if it can't be gone on with.
pub(crate) fn resume(root: &Path) -> Result<(), StoreError> {
    if is_there(&root.join(UNPACKED))? {
        finish(root)?;
        tracing::info!("finished a restore that was cut off");
    }
    if is_there(&root.join(DATABASE))? { Ok(()) } else { refuse_cut(root) }
}

/// Tells of a restore that was cut off, for those who can't find the database.
pub(crate) fn refuse_cut(root: &Path) -> Result<(), StoreError> {
    let advice = if is_there(&root.join(UNPACKED))? {
        "if it does not run any more, start the server, which finishes it"
    } else if is_there(&root.join(UNPACKING))? {
        "if it does not run any more, run `hanami restore` again, which begins anew"
    } else {
        return Ok(());
    };
    Err(StoreError::RestoreCut { path: root.to_owned(), advice })
}

/// Puts what is unpacked in its place. Some of it may be there already.
fn finish(root: &Path) -> Result<(), StoreError> {
    let unpacked = root.join(UNPACKED);
    let put = |name: &str| {
        let from = unpacked.join(name);
        if is_there(&from)? { rename(&from, &root.join(name)) } else { Ok(()) }
    };
    FOLDERS.into_iter().try_for_each(put)?;
    sync_dir(root)?;
    put(DATABASE)?;
    sync_dir(root)?;
    // Nothing in it counts any more.
    files::remove_folder(&unpacked)
}

/// Removes what there is of a restore. After a crash within this, none of it counts as restored.
fn discard(root: &Path) -> Result<(), StoreError> {
    let (unpacking, unpacked) = (root.join(UNPACKING), root.join(UNPACKED));
    if is_there(&unpacked)? {
        rename(&unpacked, &unpacking)?;
        sync_dir(root)?;
    }
    if !is_there(&unpacking)? {
        return Ok(());
    }
    let database = root.join(DATABASE);
    if is_there(&database)? {
        fs::remove_file(&database).map_err(StoreError::io(&database))?;
        sync_dir(root)?;
    }
    for folder in FOLDERS {
        files::remove_folder(&root.join(folder))?;
    }
    sync_dir(root)?;
    files::remove_folder(&unpacking)
}

/// Refuses a directory that holds anything but a restore that was cut off.
fn refuse_taken(root: &Path) -> Result<(), BackupError> {
    let io = |error| StoreError::io(root)(error);
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error).into()),
    };
    let of_restore = match refuse_cut(root) {
        Ok(()) => &[][..],
        Err(_) => &[UNPACKING, UNPACKED, FOLDERS[0], FOLDERS[1], FOLDERS[2]],
    };
    for entry in entries {
        let name = entry.map_err(io)?.file_name();
        if !HARMLESS.iter().chain(of_restore).any(|known| name == **known) {
            return Err(BackupError::Exists { path: root.to_owned() });
        }
    }
    Ok(())
}

fn is_there(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(StoreError::io(path))
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(StoreError::io(to))
}

fn create_dir(path: &Path) -> Result<(), StoreError> {
    Disk::real().create_dir(path).map_err(StoreError::io(path))
}

fn sync_dir(path: &Path) -> Result<(), StoreError> {
    Disk::real().sync_dir(path).map_err(StoreError::io(path))
}
