//! The audit log and the error log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, integer, string, text, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_log()).await?;
        manager.create_table(error_log()).await?;
        for index in [
            Index::create().name("audit_log_by_user").table("audit_log").col("user_id").col("seq"),
            Index::create().name("error_log_by_user").table("error_log").col("user_id").col("seq"),
        ] {
            manager.create_index(index.take()).await?;
        }
        Ok(())
    }
}

fn audit_log() -> TableCreateStatement {
    Table::create()
        .table("audit_log")
        .col(big_pk_auto("seq"))
        .col(timestamp_with_time_zone("timestamp"))
        .col(string("user_id"))
        .col(string("endpoint"))
        .col(string("request_type"))
        .col(integer("status"))
        .take()
}

fn error_log() -> TableCreateStatement {
    Table::create()
        .table("error_log")
        .col(big_pk_auto("seq"))
        .col(timestamp_with_time_zone("timestamp"))
        .col(string("user_id"))
        .col(string("component"))
        .col(string("context"))
        .col(text("input_values"))
        .col(text("message"))
        .take()
}
