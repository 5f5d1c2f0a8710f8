//! Commits that have failed and might come back.
//!
//! A commit writes to the log of the database and then notes in the log's index that this counts. If
//! it fails in between, because the index can't grow for instance, nobody sees what it has done, but
//! after a crash SQLite goes through the log itself, and finds it done. Only when another transaction
//! has been written over it, it can't come back any more. So that is done at once when a commit has
//! failed; if it fails as well, the outcome is in doubt until it can be done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

/// Writes a page of the database, and changes nothing.
const OVERWRITE: &str = "PRAGMA user_version = 0";

/// The doubts about the commits on the connection that writes. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Doubts {
    writer: DatabaseConnection,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Commits that have failed, or that nobody waited for.
    raised: AtomicU64,
    /// How many of them can't come back.
    settled: AtomicU64,
}

impl Doubts {
    pub(crate) fn new(writer: DatabaseConnection) -> Self {
        Self { writer, counts: Arc::default() }
    }

    /// To be called before a commit.
    pub(crate) fn begin(&self) -> Commit {
        Commit { counts: self.counts.clone(), succeeded: false }
    }

    /// Returns once no commit that has failed before can come back.
    pub(crate) async fn settle(&self) -> Result<(), DbErr> {
        // Before the database is asked: what fails meanwhile counts the next time.
        let raised = self.counts.raised.load(SeqCst);
        if self.counts.settled.load(SeqCst) >= raised {
            return Ok(());
        }
        self.writer.execute_unprepared(OVERWRITE).await?;
        self.counts.settled.fetch_max(raised, SeqCst);
        Ok(())
    }
}

/// A commit. It is in doubt when dropped, unless it has succeeded.
#[derive(Debug)]
pub(crate) struct Commit {
    counts: Arc<Counts>,
    succeeded: bool,
}

impl Commit {
    pub(crate) fn succeed(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Commit {
    fn drop(&mut self) {
        if !self.succeeded {
            self.counts.raised.fetch_add(1, SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use crate::{Access, Progress, Store, StoreError, Uuid};

    fn alice() -> Access {
        Access::granted("alice", "Alice", "garden", "member", false, false)
    }

    struct House {
        store: Store,
        directory: TempDir,
        cluster: Uuid,
    }

    impl House {
        async fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let store = Store::open(directory.path()).await.unwrap();
            let created = store.create_cluster(&alice(), "learner", None, Some(vec![1; 10])).await;
            Self { cluster: created.unwrap().uuid, store, directory }
        }

        /// Lets the next commit fail, and does something just before.
        async fn fail_next_commit(&self, meanwhile: impl Fn() + Send + 'static) {
            let pool = self.store.writer().get_sqlite_connection_pool();
            let mut connection = pool.acquire().await.unwrap();
            connection.lock_handle().await.unwrap().set_commit_hook(move || {
                meanwhile();
                false
            });
        }

        async fn save(&self) -> Result<(), StoreError> {
            let saved = self.store.save_snapshot(self.cluster, vec![2; 20], 1, Progress::None);
            saved.await.map(|_| ())
        }

        /// What a start would find after a crash.
        async fn after_crash(&self) -> Self {
            let directory = tempfile::tempdir().unwrap();
            for name in ["hanami.db", "hanami.db-wal"] {
                fs::copy(self.path(name), directory.path().join(name)).unwrap();
            }
            let store = Store::open(directory.path()).await.unwrap();
            Self { store, directory, cluster: self.cluster }
        }

        /// Creates a cluster by a commit that is in the log but does not count: its index, which is in
        /// memory, knows nothing of it.
        async fn commit_halfway(&self, name: &str) {
            let other = self.after_crash().await;
            other.store.create_cluster(&alice(), name, None, None).await.unwrap();
            let mut log = File::options().write(true).open(self.path("hanami.db-wal")).unwrap();
            log.write_all(&other.log()).unwrap();
        }

        async fn names(&self) -> Vec<String> {
            let found = self.store.clusters(&alice()).await.unwrap();
            found.into_iter().map(|cluster| cluster.name).collect()
        }

        fn path(&self, name: &str) -> PathBuf {
            self.directory.path().join(name)
        }

        fn snapshots(&self) -> usize {
            fs::read_dir(self.path("blobs/snapshots")).unwrap().count()
        }

        /// The log of the database.
        fn log(&self) -> Vec<u8> {
            fs::read(self.path("hanami.db-wal")).unwrap()
        }
    }

    #[tokio::test]
    async fn a_commit_that_has_failed_is_written_over_and_its_blob_goes() {
        let house = House::new().await;
        let before = house.log();
        house.fail_next_commit(|| ()).await;
        house.save().await.unwrap_err();
        assert_eq!(house.snapshots(), 1, "that of before");
        assert_ne!(house.log(), before);

        // Nothing is in doubt any more.
        let settled = house.log();
        house.store.settle().await.unwrap();
        assert_eq!(house.log(), settled);
        house.save().await.unwrap();
        assert_eq!(house.snapshots(), 1, "the new one");
    }

    #[tokio::test]
    async fn a_commit_that_is_done_only_by_halves_does_not_come_back() {
        let house = House::new().await;
        house.commit_halfway("ghost").await;
        assert_eq!(house.names().await, ["learner"]);
        assert_eq!(house.after_crash().await.names().await, ["learner", "ghost"]);

        house.fail_next_commit(|| ()).await;
        house.save().await.unwrap_err();
        assert_eq!(house.after_crash().await.names().await, ["learner"]);
    }

    #[tokio::test]
    async fn a_commit_of_which_nobody_can_tell_keeps_its_blob() {
        let house = House::new().await;
        let (database, away) = (house.path("hanami.db"), house.path("away"));
        let hidden = (database.clone(), away.clone());
        let hide = move || {
            fs::rename(&hidden.0, &hidden.1).unwrap();
            // Else whoever opens it would make a new one.
            fs::create_dir(&hidden.0).unwrap();
        };
        house.fail_next_commit(hide).await;
        let refused = house.save().await.unwrap_err();
        assert!(matches!(refused, StoreError::Database(_)), "{refused}");
        assert_eq!(house.snapshots(), 2);
        house.store.settle().await.unwrap_err();

        fs::remove_dir(&database).unwrap();
        fs::rename(&away, &database).unwrap();
        let before = house.log();
        house.store.settle().await.unwrap();
        assert_ne!(house.log(), before);
        house.save().await.unwrap();
    }
}
