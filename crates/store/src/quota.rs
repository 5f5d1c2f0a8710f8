//! Quotas: what a project may hold, and what it holds.
//!
//! A change that would go past a limit is refused in the transaction that would make it, so that
//! changes at the same time can't pass together.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

use crate::entity::{checkpoint, cluster, dataset, quota, request_result};
use crate::error::StoreError;
use crate::store::Store;
use crate::{projects, tasks};

/// One value for each thing that a project may hold only so much of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas<T = u64> {
    /// Bytes of datasets, declared sizes while they are uploaded and the file once they are ready,
    /// and of request results, those that open tasks will make too.
    pub dataset_bytes: T,
    /// Bytes of checkpoints.
    pub checkpoint_bytes: T,
    /// Bytes of the snapshots of clusters.
    pub cluster_bytes: T,
    /// Clusters.
    pub clusters: T,
    /// Queued and running tasks.
    pub open_tasks: T,
}

impl Quotas {
    /// Limits that nobody reaches.
    pub const UNLIMITED: Self = Self {
        dataset_bytes: u64::MAX,
        checkpoint_bytes: u64::MAX,
        cluster_bytes: u64::MAX,
        clusters: u64::MAX,
        open_tasks: u64::MAX,
    };
}

impl<T: Copy> Quotas<T> {
    fn of(&self, resource: Resource) -> T {
        match resource {
            Resource::DatasetBytes => self.dataset_bytes,
            Resource::CheckpointBytes => self.checkpoint_bytes,
            Resource::ClusterBytes => self.cluster_bytes,
            Resource::Clusters => self.clusters,
            Resource::OpenTasks => self.open_tasks,
        }
    }
}

/// A thing that a project may hold only so much of; the fields of [`Quotas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Bytes of datasets and request results.
    DatasetBytes,
    /// Bytes of checkpoints.
    CheckpointBytes,
    /// Bytes of the snapshots of clusters.
    ClusterBytes,
    /// Clusters.
    Clusters,
    /// Queued and running tasks.
    OpenTasks,
}

impl Resource {
    /// The name of its quota, and what is counted.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::DatasetBytes => ("dataset_bytes", "bytes of datasets and request results"),
            Self::CheckpointBytes => ("checkpoint_bytes", "bytes of checkpoints"),
            Self::ClusterBytes => ("cluster_bytes", "bytes of clusters"),
            Self::Clusters => ("clusters", "clusters"),
            Self::OpenTasks => ("open_tasks", "queued and running tasks"),
        }
    }
}

impl Store {
    /// What a project may hold and what it holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such project.
    pub async fn quota(&self, project_id: &str) -> Result<(Quotas, Quotas), StoreError> {
        let db = self.reader();
        projects::find(db, project_id).await?;
        let limits = self.limits(db, project_id).await?;
        let used = Quotas {
            dataset_bytes: used(db, project_id, Resource::DatasetBytes).await?,
            checkpoint_bytes: used(db, project_id, Resource::CheckpointBytes).await?,
            cluster_bytes: used(db, project_id, Resource::ClusterBytes).await?,
            clusters: used(db, project_id, Resource::Clusters).await?,
            open_tasks: used(db, project_id, Resource::OpenTasks).await?,
        };
        Ok((limits, used))
    }

    /// Gives a project limits of its own; where there is none, the server's default counts. What
    /// it holds beyond them stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such project.
    pub async fn set_quota(
        &self,
        project_id: &str,
        own: Quotas<Option<u64>>,
    ) -> Result<(), StoreError> {
        use quota::Column;

        let txn = self.begin("set quota").await?;
        projects::find(&txn, project_id).await?;
        let column = |limit: Option<u64>| Set(limit.map(stored));
        let row = quota::ActiveModel {
            project_id: Set(project_id.to_owned()),
            dataset_bytes: column(own.dataset_bytes),
            checkpoint_bytes: column(own.checkpoint_bytes),
            cluster_bytes: column(own.cluster_bytes),
            clusters: column(own.clusters),
            open_tasks: column(own.open_tasks),
        };
        let replace = OnConflict::column(Column::ProjectId)
            .update_columns([
                Column::DatasetBytes,
                Column::CheckpointBytes,
                Column::ClusterBytes,
                Column::Clusters,
                Column::OpenTasks,
            ])
            .to_owned();
        quota::Entity::insert(row).on_conflict(replace).exec(&txn).await?;
        txn.commit().await
    }

    /// Refuses, before work is done for it, what would take a project past its limit; of what is
    /// not known how much it will be, `more` is 1.
    ///
    /// # Errors
    ///
    /// [`StoreError::QuotaExceeded`] if the project may not hold that.
    pub async fn require_room(
        &self,
        project_id: &str,
        resource: Resource,
        more: u64,
    ) -> Result<(), StoreError> {
        self.require(self.reader(), project_id, resource, more).await
    }

    /// Refuses to let a project hold `more` of a thing if that goes past its limit.
    pub(crate) async fn require(
        &self,
        db: &impl ConnectionTrait,
        project_id: &str,
        resource: Resource,
        more: u64,
    ) -> Result<(), StoreError> {
        if more == 0 {
            return Ok(());
        }
        let limit = self.limits(db, project_id).await?.of(resource);
        let used = used(db, project_id, resource).await?;
        if used.saturating_add(more) <= limit {
            return Ok(());
        }
        let (quota, what) = resource.words();
        let project = project_id.to_owned();
        Err(StoreError::QuotaExceeded { quota, what, project, limit, used, more })
    }

    async fn limits(
        &self,
        db: &impl ConnectionTrait,
        project_id: &str,
    ) -> Result<Quotas, StoreError> {
        let default = self.default_quotas();
        let own = quota::Entity::find_by_id(project_id.to_owned()).one(db).await?;
        let Some(own) = own else { return Ok(*default) };
        let limit = |own: Option<i64>, default| own.map_or(default, |limit| limit as u64);
        Ok(Quotas {
            dataset_bytes: limit(own.dataset_bytes, default.dataset_bytes),
            checkpoint_bytes: limit(own.checkpoint_bytes, default.checkpoint_bytes),
            cluster_bytes: limit(own.cluster_bytes, default.cluster_bytes),
            clusters: limit(own.clusters, default.clusters),
            open_tasks: limit(own.open_tasks, default.open_tasks),
        })
    }
}

/// A number as its column holds it; what is too large for that is no limit in practice.
pub(crate) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn used(
    db: &impl ConnectionTrait,
    project_id: &str,
    resource: Resource,
) -> Result<u64, StoreError> {
    match resource {
        Resource::DatasetBytes => {
            let datasets = bytes::<dataset::Entity>(db, project_id).await?;
            let results = bytes::<request_result::Entity>(db, project_id).await?;
            let coming = tasks::result_bytes_in_project(db, project_id).await?;
            Ok(datasets.saturating_add(results).saturating_add(coming))
        }
        Resource::CheckpointBytes => bytes::<checkpoint::Entity>(db, project_id).await,
        Resource::ClusterBytes => bytes::<cluster::Entity>(db, project_id).await,
        Resource::Clusters => {
            let clusters = cluster::Entity::find().filter(Expr::col("project_id").eq(project_id));
            Ok(clusters.count(db).await?)
        }
        Resource::OpenTasks => tasks::count_open_in_project(db, project_id).await,
    }
}

/// The sum of the column `bytes` over all rows of a project.
async fn bytes<E: EntityTrait>(
    db: &impl ConnectionTrait,
    project_id: &str,
) -> Result<u64, StoreError> {
    sum(E::find().filter(Expr::col("project_id").eq(project_id)), "bytes", db).await
}

/// The sum of a column of sizes over some rows.
pub(crate) async fn sum<E: EntityTrait>(
    rows: Select<E>,
    column: &'static str,
    db: &impl ConnectionTrait,
) -> Result<u64, StoreError> {
    let sum = rows.select_only().expr(Expr::col(column).sum().cast_as("bigint"));
    let sum = sum.into_tuple::<Option<i64>>().one(db).await?;
    Ok(sum.flatten().unwrap_or(0) as u64)
}
