//! Transactions that may write, and the number by which others see that there was one.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use hanami_disk::Disk;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, TransactionTrait,
};

use crate::blobs::NewBlob;
use crate::doubts::Doubts;
use crate::error::{StoreError, is_full};
use crate::reserve::Reserve;

/// Counts the transactions that have ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Revision(Arc<AtomicU64>);

impl Revision {
    /// The number at present.
    pub(crate) fn now(&self) -> u64 {
        self.0.load(SeqCst)
    }
}

/// Counts one more transaction when dropped: after it has ended, whatever its end was.
#[derive(Debug)]
struct Ending(Revision);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, SeqCst);
    }
}

/// A transaction that may write; without a commit it changes nothing.
#[derive(Debug)]
pub(crate) struct Transaction {
    // Dropped first, so that it has ended when it is counted.
    inner: DatabaseTransaction,
    ending: Ending,
    reserve: Reserve,
    disk: Disk,
    doubts: Doubts,
    /// What it does, in a few words.
    what: &'static str,
}

impl Transaction {
    /// Begins one on the connection that writes.
    pub(crate) async fn begin(
        writer: &DatabaseConnection,
        revision: &Revision,
        reserve: &Reserve,
        disk: &Disk,
        doubts: &Doubts,
        what: &'static str,
    ) -> Result<Self, DbErr> {
        let inner = writer.begin().await?;
        let (ending, reserve, disk) = (Ending(revision.clone()), reserve.clone(), disk.clone());
        Ok(Self { inner, ending, reserve, disk, doubts: doubts.clone(), what })
    }

    /// Makes durable what was written. When this returns, everyone sees it, and the revision is
    /// another.
    ///
    /// # Errors
    ///
    /// Nobody sees a change, and mostly there is none: after [`StoreError::Full`] for certain. After others
    /// one may be seen after a crash, until [`Store::settle`](crate::Store::settle) has returned.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.commit_with([]).await
    }

    /// The same, of rows that refer to new blobs. Those go if it has failed for certain. If nobody can
    /// tell they stay, since one too many is swept by the next open, while one too few is a loss.
    pub(crate) async fn commit_with(
        self,
        blobs: impl IntoIterator<Item = NewBlob>,
    ) -> Result<(), StoreError> {
        let Self { inner, ending, reserve, disk, doubts, what } = self;
        let mut blobs: Vec<NewBlob> = blobs.into_iter().collect();
        let database = || StoreError::io(Path::new("the database"));
        disk.commit_begins(what).map_err(database())?;
        // From here on: nobody may be there any more when it ends.
        blobs.iter_mut().for_each(NewBlob::keep);
        let commit = doubts.begin();
        let done = noticed(inner.commit().await, &reserve);
        drop(ending);
        let Err(error) = done else {
            commit.succeed();
            return disk.commit_ended(what).map_err(database());
        };
        drop(commit);
        if let Err(cause) = doubts.settle().await {
            tracing::error!(%cause, %error, what, "a commit has failed, and may come back");
            return Err(StoreError::Database(error));
        }
        blobs.iter_mut().for_each(NewBlob::release);
        Err(error.into())
    }

    /// The disk that is told of it, which tells the time.
    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Takes back what was written.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

/// Gives the reserve up if the disk turned out to be full.
fn noticed<T>(done: Result<T, DbErr>, reserve: &Reserve) -> Result<T, DbErr> {
    if let Err(error) = &done
        && is_full(error)
    {
        tracing::warn!(%error, "a transaction found no room");
        reserve.give_up();
    }
    done
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        noticed(self.inner.execute_raw(statement).await, &self.reserve)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        noticed(self.inner.execute_unprepared(sql).await, &self.reserve)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        noticed(self.inner.query_one_raw(statement).await, &self.reserve)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        noticed(self.inner.query_all_raw(statement).await, &self.reserve)
    }
}
