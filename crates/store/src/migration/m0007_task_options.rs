//! What a client asked of a task besides its dataset, and what is kept of its progress.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let options = Table::alter().table("tasks").add_column(text_null("options")).take();
        manager.alter_table(options).await?;
        let notes = Table::alter().table("tasks").add_column(text_null("notes")).take();
        manager.alter_table(notes).await
    }
}
