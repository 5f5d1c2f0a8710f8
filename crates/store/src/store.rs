//! The store itself: opening the data directory and talking to the database.
//!
//! SQLite takes one writer at a time. All transactions that write go through a pool of one
//! connection, which serves them in order of arrival; that also makes every check and the change
//! that depends on it atomic. Reads go through a pool of their own and see the last commit.

use std::collections::HashMap;
use std::future::ready;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hanami_disk::{Disk, Lock};
use parking_lot::Mutex;
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::blobs::Blobs;
use crate::doubts::Doubts;
use crate::error::StoreError;
use crate::layout::{Folder, Layout};
use crate::quota::Quotas;
use crate::reserve::{DiskRoom, Reserve};
use crate::sweep::{self, SweepReport};
use crate::transaction::{Revision, Transaction};
use crate::uploads::Slot;
use crate::{measure, migration};

/// Connections for reading.
const READERS: u32 = 4;

/// How long a statement waits for another process that looks into the database, e.g. a backup.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long anybody waits for a connection to the database.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(20);

/// Everything durable, in one data directory. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    layout: Layout,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    revision: Revision,
    reserve: Reserve,
    doubts: Doubts,
    snapshots: Blobs,
    checkpoints: Blobs,
    results: Blobs,
    upload_slots: Mutex<HashMap<Uuid, Slot>>,
    swept: SweepReport,
    default_quotas: Quotas,
    /// Held as long as the store is open.
    _lock: Lock,
}

impl Store {
    /// Opens the data directory for this process alone, creating what is missing, brings the
    /// database to this version's schema and sweeps what a crash has left behind. Projects have no
    /// quotas but their own, and nothing is kept of the disk for deletions.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] if another server has the directory open, [`StoreError::Newer`] if a
    /// newer version has written the database, [`StoreError::DatabaseMissing`] if there is data
    /// but no database; else as the file system and the database report.
    pub async fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(data_dir, Quotas::UNLIMITED, 0).await
    }

    /// Opens the data directory as [`Store::open`] does; `default_quotas` are the limits of
    /// projects that have none of their own, and `reserve` is how many bytes of the disk are kept
    /// so that things can still be deleted when it is full.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub async fn open_with(
        data_dir: &Path,
        default_quotas: Quotas,
        reserve: u64,
    ) -> Result<Self, StoreError> {
        Self::open_on(Disk::real(), data_dir, default_quotas, reserve).await
    }

    /// Opens the data directory as [`Store::open_with`] does, with all files on `disk`. The database
    /// and the reserve are on the real one always.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub async fn open_on(
        disk: Disk,
        data_dir: &Path,
        default_quotas: Quotas,
        reserve: u64,
    ) -> Result<Self, StoreError> {
        let layout = Layout::new(disk, data_dir);
        let prepared = layout.clone();
        let (lock, reserve) = blocking(move || {
            let lock = prepared.prepare()?;
            Ok((lock, Reserve::open(prepared.reserve(), reserve)))
        })
        .await?;

        let writer = connect(&layout.database(), 1).await?;
        migration::run(&writer).await?;
        measure::run(&writer, &layout).await?;
        let reader = connect(&layout.database(), READERS).await?;
        let swept = sweep::run(&reader, &layout).await?;

        let root = data_dir.to_owned();
        let synced = layout.disk().clone();
        blocking(move || synced.sync_dir(&root).map_err(StoreError::io(&root))).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                snapshots: Blobs::new(&layout, &reserve, Folder::Snapshots, "snapshot"),
                checkpoints: Blobs::new(&layout, &reserve, Folder::Checkpoints, "checkpoint"),
                results: Blobs::new(&layout, &reserve, Folder::Results, "request result"),
                layout,
                reader,
                doubts: Doubts::new(writer.clone()),
                writer,
                revision: Revision::default(),
                reserve,
                upload_slots: Mutex::default(),
                swept,
                default_quotas,
                _lock: lock,
            }),
        })
    }

    /// What opening the store has removed.
    #[must_use]
    pub fn swept(&self) -> SweepReport {
        self.inner.swept
    }

    /// The database, for reading.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// The database, for writing, past all that transactions take care of.
    #[cfg(test)]
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.inner.writer
    }

    /// Begins a transaction that may write; without a commit it changes nothing. `what` it does is
    /// told to the disk. On a full one it does not begin.
    pub(crate) async fn begin(&self, what: &'static str) -> Result<Transaction, StoreError> {
        let Inner { writer, revision, reserve, doubts, .. } = &*self.inner;
        reserve.require_soon().await?;
        Ok(Transaction::begin(writer, revision, reserve, self.disk(), doubts, what).await?)
    }

    /// Begins a transaction that deletes or ends something, on a full disk too: what that writes
    /// goes into the reserve.
    pub(crate) async fn begin_deletion(
        &self,
        what: &'static str,
    ) -> Result<Transaction, StoreError> {
        let Inner { writer, revision, reserve, doubts, .. } = &*self.inner;
        reserve.prepare();
        Ok(Transaction::begin(writer, revision, reserve, self.disk(), doubts, what).await?)
    }

    /// Refuses what is going to write, if the disk is full or a commit that has failed might come back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`]; others as the database fails.
    pub async fn require_disk(&self) -> Result<(), StoreError> {
        self.inner.reserve.require_soon().await?;
        self.settle().await
    }

    /// Returns once nothing that could not be saved can come back after a crash. To be called before
    /// what is outside the database and went on from what is in there counts as durable: it would be
    /// lost if that did.
    ///
    /// # Errors
    ///
    /// If that is in doubt still, because the database fails.
    pub async fn settle(&self) -> Result<(), StoreError> {
        Ok(self.inner.doubts.settle().await?)
    }

    /// How much room there is on the disk. Blocks for a moment.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn disk_room(&self) -> Result<DiskRoom, StoreError> {
        self.inner.reserve.room()
    }

    /// Where all files of the store are, and whatever belongs beside them.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        self.layout().disk()
    }

    /// The present, in the microseconds that every database keeps.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        now(self.disk())
    }

    /// Which revision of the rows this is: another number after each change, before the method that
    /// makes it returns. Whatever was read after this was asked for is still true while it stays
    /// the same.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.inner.revision.now()
    }

    /// The limits of projects that have none of their own.
    pub(crate) fn default_quotas(&self) -> &Quotas {
        &self.inner.default_quotas
    }

    pub(crate) fn reserve(&self) -> &Reserve {
        &self.inner.reserve
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.inner.layout
    }

    pub(crate) fn snapshots(&self) -> &Blobs {
        &self.inner.snapshots
    }

    pub(crate) fn checkpoint_blobs(&self) -> &Blobs {
        &self.inner.checkpoints
    }

    pub(crate) fn result_blobs(&self) -> &Blobs {
        &self.inner.results
    }

    /// By file, where its open object is found, so that all connections share it.
    pub(crate) fn upload_slots(&self) -> &Mutex<HashMap<Uuid, Slot>> {
        &self.inner.upload_slots
    }
}

async fn connect(path: &Path, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options.min_connections(1).max_connections(connections).sqlx_logging(false);
    options.acquire_timeout(QUEUE_TIMEOUT);
    // When the disk is full, SQLite rolls back by itself, and the pool's connection goes on as if it
    // were in a transaction. What is committed on it later may then be in that, and never be durable.
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        Box::pin(ready(Ok(!connection.is_in_transaction())))
    });
    options.map_sqlx_sqlite_opts(move |options: SqliteConnectOptions| {
        options
            .filename(&path)
            .in_memory(false)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // Else a statement may need files on another disk, which may be full as well.
            .pragma("temp_store", "MEMORY")
    });
    Ok(Database::connect(options).await?)
}

/// Runs file operations where they may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::ShuttingDown),
        },
    }
}

/// The present, in the microseconds that every database keeps.
pub(crate) fn now(disk: &Disk) -> OffsetDateTime {
    let now = OffsetDateTime::from(disk.now());
    now - time::Duration::nanoseconds(i64::from(now.nanosecond() % 1000))
}
