//! What can go wrong in the store.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use sea_orm::{DbErr, RuntimeErr};

/// An error of the store. Only [`StoreError::NotFound`], [`StoreError::Conflict`],
/// [`StoreError::TooMany`] and [`StoreError::QuotaExceeded`] are of a user's making; their text is fit to be shown to the user.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or the asking user may not see it: the two are not told apart.
    #[error("there is no {kind} '{id}'")]
    NotFound {
        /// What was looked for, e.g. `dataset`.
        kind: &'static str,
        /// The uuid, id or name it was looked for by.
        id: String,
    },
    /// The state of things does not allow this now.
    #[error("{message}")]
    Conflict {
        /// What stands in the way and what to do about it.
        message: String,
    },
    /// A limit on the number of things is reached.
    #[error("there are already {limit} {what}: wait until some are done, or delete some")]
    TooMany {
        /// What there are too many of, e.g. `open tasks in this cluster's queue`.
        what: &'static str,
        /// How many are allowed.
        limit: u64,
    },
    /// A project would hold more than it may.
    #[error(
        "the quota `{quota}` of the project '{project}' is exceeded: it holds {used} of at most \
         {limit} {what}, and this needs at least {more} more; delete some, or ask an admin for a \
         larger quota"
    )]
    QuotaExceeded {
        /// The quota, e.g. `dataset_bytes`.
        quota: &'static str,
        /// What it counts, e.g. `bytes of datasets`.
        what: &'static str,
        /// The id of the project.
        project: String,
        /// How much the project may hold.
        limit: u64,
        /// How much it holds.
        used: u64,
        /// How much was to be added, at least.
        more: u64,
    },
    /// One piece of data is larger than the store takes.
    #[error("{what} of {size} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// Its size in bytes.
        size: u64,
        /// The largest size allowed, in bytes.
        limit: u64,
    },
    /// Stored data does not read back as it was written.
    #[error("damaged data: {what}")]
    Corrupt {
        /// Which data, and how the damage shows.
        what: String,
    },
    /// Too many wait for the database.
    #[error("the database has too much to do at the moment; nothing was changed, try again")]
    Busy,
    /// The disk is full, or takes no more from this user.
    #[error(
        "the disk of the server is full: nothing that was stored is lost, and reading, predicting, \
         aborting and deleting go on; delete something, or let the operator make room on the disk \
         of the data directory, and the rest goes on by itself"
    )]
    Full,
    /// Another server uses the data directory.
    #[error("the data directory {} is in use by another server: stop it first", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The database was written by a newer Hanami.
    #[error(
        "the database was written by a newer Hanami (it holds the migration '{migration}'): \
         run that version or a later one"
    )]
    Newer {
        /// The first migration this version does not know.
        migration: String,
    },
    /// The data directory holds data but no database that refers to it.
    #[error(
        "{} is missing although the data directory holds data: restore the database from a \
         backup, or start with an empty directory", path.display()
    )]
    DatabaseMissing {
        /// Where the database should be.
        path: PathBuf,
    },
    /// A restore into the data directory has not ended.
    #[error("a restore into {} has not ended: {advice}", path.display())]
    RestoreCut {
        /// The data directory.
        path: PathBuf,
        /// What to do about it.
        advice: &'static str,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] DbErr),
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    Randomness(String),
    /// The server is shutting down and gave up the work.
    #[error("the server is shutting down")]
    ShuttingDown,
}

impl StoreError {
    pub(crate) fn not_found(kind: &'static str, id: impl Display) -> Self {
        Self::NotFound { kind, id: id.to_string() }
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    /// For `map_err` on a file operation on `path`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { path: path.to_owned(), source },
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => Self::Busy,
            error if is_full(&error) => Self::Full,
            error => Self::Database(error),
        }
    }
}

/// Whether the database found no room to write.
pub(crate) fn is_full(error: &DbErr) -> bool {
    // https://sqlite.org/rescode.html: SQLITE_FULL; SQLITE_IOERR_WRITE, which is what a quota of
    // the disk becomes; and SQLITE_IOERR_SHMSIZE, for the index of the log.
    const FULL: [&str; 3] = ["13", "778", "4874"];
    if let DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause)) = error
        && let Some(cause) = cause.as_database_error()
    {
        return cause.code().is_some_and(|code| FULL.contains(&&*code));
    }
    false
}
