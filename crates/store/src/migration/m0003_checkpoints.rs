//! Checkpoints, and the tasks that save and load them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, string, text, timestamp_with_time_zone, uuid as uuid_column,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(checkpoints()).await?;
        manager.create_table(loads()).await?;
        // Not every task reads a dataset any more.
        let rename =
            Table::alter().table("tasks").rename_column("dataset_uuid", "subject_uuid").take();
        manager.alter_table(rename).await
    }
}

fn checkpoints() -> TableCreateStatement {
    Table::create()
        .table("checkpoints")
        .col(uuid_column("uuid").primary_key())
        .col(string("name"))
        .col(string("owner_id"))
        .col(string("project_id"))
        .col(string("visibility"))
        .col(text("template"))
        .col(big_integer("steps"))
        .col(uuid_column("blob"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn loads() -> TableCreateStatement {
    let mut task = ForeignKey::create();
    task.from_col("task_uuid").to("tasks", "uuid").on_delete(ForeignKeyAction::Cascade);
    Table::create()
        .table("loads")
        .col(uuid_column("task_uuid").primary_key())
        .col(text("template"))
        .col(big_integer("steps"))
        .col(uuid_column("snapshot"))
        .foreign_key(&mut task)
        .take()
}
