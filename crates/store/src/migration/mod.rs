//! The database schema, as the steps that led to it. Released steps are never edited.

use sea_orm::DatabaseConnection;
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::error::StoreError;

mod m0001_initial;
mod m0003_checkpoints;
mod m0004_logs;
mod m0005_administration;
mod m0006_last_used;
mod m0007_task_options;
mod m0008_outputs;
mod m0009_result_bytes;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_initial::Migration),
            Box::new(m0003_checkpoints::Migration),
            Box::new(m0004_logs::Migration),
            Box::new(m0005_administration::Migration),
            Box::new(m0006_last_used::Migration),
            Box::new(m0007_task_options::Migration),
            Box::new(m0008_outputs::Migration),
            Box::new(m0009_result_bytes::Migration),
        ]
    }
}

/// Brings the database to this version's schema; refuses one that a newer version has written.
pub(crate) async fn run(db: &DatabaseConnection) -> Result<(), StoreError> {
    let known = Migrator::get_migration_files();
    for applied in Migrator::get_migration_models(db).await? {
        if known.iter().all(|migration| migration.name() != applied.version) {
            return Err(StoreError::Newer { migration: applied.version });
        }
    }
    Migrator::up(db, None).await?;
    Ok(())
}

/// How many migrations a database lacks that this version knows.
pub(crate) async fn lacking(db: &DatabaseConnection) -> Result<usize, StoreError> {
    Ok(Migrator::get_pending_migrations(db).await?.len())
}
