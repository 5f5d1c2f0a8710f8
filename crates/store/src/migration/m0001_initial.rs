//! The first schema: users and projects, datasets, clusters, tasks and results.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_pk_auto, binary, boolean, double_null, string, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
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
        for table in [
            settings(),
            users(),
            projects(),
            memberships(),
            datasets(),
            upload_files(),
            clusters(),
            tasks(),
            request_results(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create().name("tasks_by_queue").table("tasks").col("cluster_uuid").col("state"),
            Index::create().name("tasks_by_dataset").table("tasks").col("dataset_uuid"),
            Index::create().name("files_by_dataset").table("upload_files").col("dataset_uuid"),
        ] {
            manager.create_index(index.take()).await?;
        }
        Ok(())
    }
}

/// Starts a table of resources that have a uuid, a name and an owner.
fn owned_table(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("uuid").primary_key())
        .col(string("name"))
        .col(string("owner_id"))
        .col(string("project_id"))
        .col(string("visibility"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

/// A reference whose row goes with the row it points at.
fn owned_by(
    column: &'static str,
    table: &'static str,
    key: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to(table, key).on_delete(ForeignKeyAction::Cascade).take()
}

fn settings() -> TableCreateStatement {
    Table::create().table("settings").col(string("name").primary_key()).col(binary("value")).take()
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(string("id").primary_key())
        .col(string("name"))
        .col(string("password_hash"))
        .col(boolean("is_admin"))
        .col(string("creator_id"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn projects() -> TableCreateStatement {
    Table::create()
        .table("projects")
        .col(string("id").primary_key())
        .col(string("name"))
        .col(string("creator_id"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn memberships() -> TableCreateStatement {
    Table::create()
        .table("memberships")
        .col(string("user_id"))
        .col(string("project_id"))
        .col(string("role"))
        .col(boolean("is_project_admin"))
        .col(timestamp_with_time_zone("assigned_at"))
        .primary_key(Index::create().col("user_id").col("project_id"))
        .foreign_key(&mut owned_by("user_id", "users", "id"))
        .foreign_key(&mut owned_by("project_id", "projects", "id"))
        .take()
}

fn datasets() -> TableCreateStatement {
    owned_table("datasets")
        .col(string("kind"))
        .col(string("state"))
        .col(big_integer("inputs"))
        .col(big_integer("outputs"))
        .col(big_integer("lines"))
        .take()
}

fn upload_files() -> TableCreateStatement {
    Table::create()
        .table("upload_files")
        .col(uuid("uuid").primary_key())
        .col(uuid("dataset_uuid"))
        .col(string("role"))
        .col(big_integer("size"))
        .foreign_key(&mut owned_by("dataset_uuid", "datasets", "uuid"))
        .take()
}

fn clusters() -> TableCreateStatement {
    owned_table("clusters")
        .col(text_null("template"))
        .col(string("mode"))
        .col(uuid_null("snapshot"))
        .col(big_integer("steps"))
        .take()
}

/// `dataset_uuid` is no foreign key: an ended task keeps saying which dataset it read.
fn tasks() -> TableCreateStatement {
    Table::create()
        .table("tasks")
        .col(big_pk_auto("seq"))
        .col(uuid_uniq("uuid"))
        .col(string("name"))
        .col(uuid("cluster_uuid"))
        .col(uuid("dataset_uuid"))
        .col(string("owner_id"))
        .col(string("project_id"))
        .col(string("kind"))
        .col(string("state"))
        .col(big_integer("position"))
        .col(big_integer("total"))
        .col(double_null("accuracy"))
        .col(text_null("error"))
        .col(timestamp_with_time_zone("queued_at"))
        .col(timestamp_with_time_zone_null("started_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut owned_by("cluster_uuid", "clusters", "uuid"))
        .take()
}

fn request_results() -> TableCreateStatement {
    owned_table("request_results")
        .col(string("dataset_kind"))
        .col(text_null("column"))
        .col(uuid("blob"))
        .take()
}
