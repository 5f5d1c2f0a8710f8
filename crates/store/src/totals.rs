//! The store as a whole: how much of everything it holds, and whether it works. For those who
//! watch the server, so nothing here tells of anybody.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::task::TaskState;
use crate::entity::{checkpoint, cluster, dataset, project, request_result, setting, task, user};
use crate::error::StoreError;
use crate::layout::Folder;
use crate::store::{Store, blocking};

/// How much of everything there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Users.
    pub users: u64,
    /// Projects.
    pub projects: u64,
    /// Clusters.
    pub clusters: u64,
    /// Datasets, also those that are not complete yet.
    pub datasets: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Request results.
    pub request_results: u64,
    /// Tasks by state; a state that no task is in is missing.
    pub tasks: Vec<(TaskState, i64)>,
}

impl Store {
    /// Counts everything.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        let db = self.reader();
        let tasks = task::Entity::find()
            .select_only()
            .column(task::Column::State)
            .column_as(task::Column::Seq.count(), "count")
            .group_by(task::Column::State);
        Ok(Totals {
            users: user::Entity::find().count(db).await?,
            projects: project::Entity::find().count(db).await?,
            clusters: cluster::Entity::find().count(db).await?,
            datasets: dataset::Entity::find().count(db).await?,
            checkpoints: checkpoint::Entity::find().count(db).await?,
            request_results: request_result::Entity::find().count(db).await?,
            tasks: tasks.into_tuple().all(db).await?,
        })
    }

    /// Tries whether the store can be read and written, and leaves nothing behind.
    ///
    /// # Errors
    ///
    /// What is in the way.
    pub async fn check(&self) -> Result<(), StoreError> {
        let probe = format!("probe {}", self.disk().new_id());
        setting::Entity::find_by_id(probe.clone()).one(self.reader()).await?;
        // Deletes nothing, and is not committed; but a database that can't be written refuses it.
        let txn = self.begin("probe").await?;
        setting::Entity::delete_many().filter(setting::Column::Name.eq(&probe)).exec(&txn).await?;
        txn.rollback().await?;
        let file = self.layout().folder(Folder::Uploads).join(probe);
        let disk = self.disk().clone();
        blocking(move || {
            let written = disk.put(&file, &[b"probe"]);
            // It may not even exist; if it stays, the next open sweeps it.
            let _ = disk.remove(&file);
            written.map(|_| ()).map_err(StoreError::io(&file))
        })
        .await
    }
}
