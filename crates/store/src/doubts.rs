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
