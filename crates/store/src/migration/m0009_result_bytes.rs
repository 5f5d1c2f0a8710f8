//! Sizes of request results, of those to come too.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Not known yet; the store measures them when it is opened.
        let mut bytes = big_integer("bytes");
        bytes.default(-1);
        let results = Table::alter().table("request_results").add_column(bytes).take();
        manager.alter_table(results).await?;
        let mut index = Index::create();
        index.name("results_by_project").table("request_results").col("project_id");
        manager.create_index(index).await?;
        let mut coming = big_integer("result_bytes");
        coming.default(0);
        manager.alter_table(Table::alter().table("tasks").add_column(coming).take()).await
    }
}
