//! A private copy of the database, taken without changing anything and whether or not a server runs.

use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::error::StoreError;
use crate::layout::Layout;
use crate::store::{BUSY_TIMEOUT, blocking};
use crate::{files, migration, references};

/// A copy of the database in a folder of its own, which goes with it.
#[derive(Debug)]
pub(crate) struct DatabaseCopy {
    folder: TempDir,
}

impl DatabaseCopy {
    /// Copies what is committed while a server may run, below the folder `beside`.
    pub(crate) async fn of_live(layout: &Layout, beside: PathBuf) -> Result<Self, StoreError> {
        let copy = Self::empty(beside).await?;
        let path = layout.existing_database()?;
        let live = connect(&path, Access::Shared).await?;
        let backend = live.get_database_backend();
        let into = copy.path().to_string_lossy().into_owned();
        let vacuum = Statement::from_sql_and_values(backend, "VACUUM INTO ?", [into.into()]);
        let done = live.execute_raw(vacuum).await;
        live.close().await?;
        done?;
        Ok(copy)
    }

    /// Copies the files of a database that nobody has open, below the folder `beside`: to open the
    /// database itself would change it.
    pub(crate) async fn of_idle(layout: &Layout, beside: PathBuf) -> Result<Self, StoreError> {
        let copy = Self::empty(beside).await?;
        let (from, to) = (layout.existing_database()?, copy.path());
        blocking(move || {
            fs::copy(&from, &to).map_err(StoreError::io(&from))?;
            let log = beside_database(&from, "-wal");
            if log.try_exists().map_err(StoreError::io(&log))? {
                fs::copy(&log, beside_database(&to, "-wal")).map_err(StoreError::io(&log))?;
            }
            Ok(())
        })
        .await?;
        Ok(copy)
    }

    async fn empty(beside: PathBuf) -> Result<Self, StoreError> {
        blocking(move || Ok(Self { folder: files::private_folder(&beside, ".hanami-")? })).await
    }

    /// The file of the copy.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("hanami.db")
    }

    /// What does not fit together in it, as SQLite tells; nothing if all does.
    pub(crate) async fn faults(&self) -> Result<Vec<String>, StoreError> {
        let db = connect(&self.path(), Access::Own).await?;
        let faults = faults(&db).await;
        db.close().await?;
        faults
    }

    /// The rows that refer to files. The copy has this version's schema afterwards; answers, too,
    /// how many migrations that took.
    pub(crate) async fn rows(&self) -> Result<(Vec<references::Owning>, usize), StoreError> {
        let db = connect(&self.path(), Access::Own).await?;
        let read = async {
            let lacking = migration::lacking(&db).await?;
            migration::run(&db).await?;
            Ok((references::all(&db).await?, lacking))
        };
        let read = read.await;
        db.close().await?;
        read
    }

    /// The same of another copy, so that this one stays as it is.
    pub(crate) async fn rows_of_copy(&self) -> Result<Vec<references::Owning>, StoreError> {
        let copy = Self::empty(self.folder.path().to_owned()).await?;
        let (from, to) = (self.path(), copy.path());
        blocking(move || fs::copy(&from, to).map_err(StoreError::io(&from))).await?;
        Ok(copy.rows().await?.0)
    }
}

/// How a database is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Others may use it; it is read only.
    Shared,
    /// It belongs to whoever opens it.
    Own,
}

async fn connect(path: &Path, access: Access) -> Result<DatabaseConnection, StoreError> {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options: SqliteConnectOptions| {
        options
            .filename(&path)
            .in_memory(false)
            .create_if_missing(false)
            .read_only(access == Access::Shared)
            .busy_timeout(BUSY_TIMEOUT)
    });
    Ok(Database::connect(options).await?)
}

/// What SQLite's own checks find.
async fn faults(db: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let backend = db.get_database_backend();
    let ask = |sql: &str| Statement::from_string(backend, sql.to_owned());
    let mut faults = Vec::new();
    for row in db.query_all_raw(ask("PRAGMA integrity_check")).await? {
        let told: String = row.try_get_by_index(0)?;
        if told != "ok" {
            faults.push(told);
        }
    }
    for row in db.query_all_raw(ask("PRAGMA foreign_key_check")).await? {
        let (table, parent): (String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        faults.push(format!("a row of `{table}` refers to none of `{parent}`"));
    }
    Ok(faults)
}

/// A file that SQLite has beside a database.
fn beside_database(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
