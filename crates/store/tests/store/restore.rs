//! Restores that are cut off or fail: the directory holds all of the backup, or nothing.

use std::fs;
use std::path::{Path, PathBuf};

use hanami_store::{BackupError, Store, StoreError, backup, restore};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::support::{Home, cluster, names_in, owner, ready_dataset};

/// A backup of a small store, and room for what is restored from it.
struct Desk {
    directory: TempDir,
    archive: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let home = Home::new();
        let store = home.open().await;
        ready_dataset(&store, &owner()).await;
        cluster(&store, &owner(), "learner").await;
        let directory = tempfile::tempdir().unwrap();
        let archive = directory.path().join("backup.tar");
        backup(home.path(), &archive, |_, _| ()).await.unwrap();
        Self { directory, archive }
    }

    fn place(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    async fn restore(&self, to: &Path) -> Result<(), BackupError> {
        restore(&self.archive, to, |_, _| ()).await.map(|_| ())
    }

    /// A restored directory as it was when so many of its four parts had their place.
    async fn cut_off(&self, placed: usize) -> PathBuf {
        let restored = self.place(&format!("restored {placed}"));
        self.restore(&restored).await.unwrap();
        let unpacked = restored.join(".hanami-restored");
        fs::create_dir(&unpacked).unwrap();
        for name in ["blobs", "uploads", "journals", "hanami.db"].into_iter().skip(placed) {
            fs::rename(restored.join(name), unpacked.join(name)).unwrap();
        }
        restored
    }
}

/// Whether a directory holds all of the backup, and can be used.
async fn require_whole(restored: &Path) {
    let store = Store::open(restored).await.unwrap();
    assert_eq!(store.swept().total(), 0);
    let found = store.clusters(&owner()).await.unwrap();
    let learner = store.cluster(&owner(), found[0].uuid).await.unwrap();
    assert!(!store.snapshot_bytes(&learner).await.unwrap().is_empty());
    assert_eq!(fs::read_dir(restored.join("blobs/datasets")).unwrap().count(), 1);
    assert!(names_in(restored).iter().all(|name| !name.starts_with('.')));
}

#[tokio::test]
async fn the_next_start_finishes_a_restore_that_was_cut_off() {
    let desk = Desk::new().await;
    for placed in 0..=4 {
        let restored = desk.cut_off(placed).await;
        if placed < 4 {
            let refused = backup(&restored, &desk.place("none.tar"), |_, _| ()).await.unwrap_err();
            assert!(refused.to_string().contains("start the server"), "{refused}");
        }
        require_whole(&restored).await;
    }
}

#[tokio::test]
async fn the_next_restore_begins_anew_unless_the_last_one_was_through() {
    let desk = Desk::new().await;
    for placed in 0..=4 {
        let restored = desk.cut_off(placed).await;
        let again = desk.restore(&restored).await;
        if placed < 4 {
            again.unwrap();
        } else {
            assert!(matches!(again, Err(BackupError::Exists { .. })), "{again:?}");
        }
        require_whole(&restored).await;
    }
}

#[tokio::test]
async fn what_is_not_all_unpacked_is_not_served() {
    let desk = Desk::new().await;
    let restored = desk.place("restored");
    // One that was cut off while it removed another one.
    fs::create_dir_all(restored.join(".hanami-restoring/uploads")).unwrap();
    fs::create_dir(restored.join("blobs")).unwrap();
    fs::write(restored.join("blobs/some"), b"left").unwrap();
    let refused = Store::open(&restored).await.unwrap_err();
    assert!(matches!(refused, StoreError::RestoreCut { .. }), "{refused}");
    assert!(refused.to_string().contains("run `hanami restore` again"), "{refused}");

    fs::write(restored.join("mine"), b"mine").unwrap();
    let over = desk.restore(&restored).await;
    assert!(matches!(over, Err(BackupError::Exists { .. })), "{over:?}");
    fs::remove_file(restored.join("mine")).unwrap();
    desk.restore(&restored).await.unwrap();
    assert!(!restored.join("blobs/some").exists());
    require_whole(&restored).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_fails_leaves_the_directory_as_it_was_and_keeps_servers_out() {
    let desk = Desk::new().await;
    let damaged = desk.place("damaged.tar");
    let bytes = fs::read(&desk.archive).unwrap();
    fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
    let restored = desk.place("restored");
    fs::create_dir(&restored).unwrap();
    let (path, runtime) = (restored.clone(), Handle::current());
    let meanwhile = move |_, _| {
        let refused = runtime.block_on(Store::open(&path)).unwrap_err();
        assert!(matches!(refused, StoreError::InUse { .. }), "{refused}");
    };
    let refused = restore(&damaged, &restored, meanwhile).await.unwrap_err();
    assert!(matches!(refused, BackupError::Damaged { .. }), "{refused}");
    assert_eq!(names_in(&restored), ["lock"]);
    desk.restore(&restored).await.unwrap();
    require_whole(&restored).await;
}
