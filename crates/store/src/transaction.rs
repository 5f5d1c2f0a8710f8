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

use crate::error::StoreError;

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
    disk: Disk,
    /// What it does, in a few words.
    what: &'static str,
}

impl Transaction {
    /// Begins one on the connection that writes.
    pub(crate) async fn begin(
        writer: &DatabaseConnection,
        revision: &Revision,
        disk: &Disk,
        what: &'static str,
    ) -> Result<Self, DbErr> {
        let inner = writer.begin().await?;
        Ok(Self { inner, ending: Ending(revision.clone()), disk: disk.clone(), what })
    }

    /// Makes durable what was written. When this returns, everyone sees it, and the revision is
    /// another.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Self { inner, ending, disk, what } = self;
        let database = || StoreError::io(Path::new("the database"));
        disk.commit_begins(what).map_err(database())?;
        let done = inner.commit().await;
        drop(ending);
        disk.commit_ended(what).map_err(database())?;
        Ok(done?)
    }

    /// Takes back what was written.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}
