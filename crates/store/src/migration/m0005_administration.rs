//! Sizes and quotas, and a number that tells a user's passwords apart.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, string};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, index) in [
            ("datasets", "datasets_by_project"),
            ("checkpoints", "checkpoints_by_project"),
            ("clusters", "clusters_by_project"),
        ] {
            // Not known yet; the store measures them when it is opened.
            let mut bytes = big_integer("bytes");
            bytes.default(-1);
            manager.alter_table(Table::alter().table(table).add_column(bytes).take()).await?;
            let index = Index::create().name(index).table(table).col("project_id").take();
            manager.create_index(index).await?;
        }
        let mut index = Index::create();
        index.name("tasks_by_project").table("tasks").col("project_id").col("state");
        manager.create_index(index).await?;
        let mut version = big_integer("password_version");
        version.default(0);
        manager.alter_table(Table::alter().table("users").add_column(version).take()).await?;
        manager.create_table(quotas()).await
    }
}

/// Where a column is null, the server's default counts.
fn quotas() -> TableCreateStatement {
    let mut project = ForeignKey::create();
    project.from_col("project_id").to("projects", "id").on_delete(ForeignKeyAction::Cascade);
    Table::create()
        .table("quotas")
        .col(string("project_id").primary_key())
        .col(big_integer_null("dataset_bytes"))
        .col(big_integer_null("checkpoint_bytes"))
        .col(big_integer_null("cluster_bytes"))
        .col(big_integer_null("clusters"))
        .col(big_integer_null("open_tasks"))
        .foreign_key(&mut project)
        .take()
}
