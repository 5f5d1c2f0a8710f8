//! Load tasks: a checkpoint's network takes the place of a cluster's.
//!
//! A load that is accepted owns what it will bring: a link to the checkpoint's blob, under a
//! snapshot id of its own, and a copy of the template, in a row that lives as long as the task is
//! open. So the checkpoint may be deleted meanwhile, and to load is to point the cluster at the
//! snapshot.

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};
use uuid::Uuid;

use crate::access::Access;
use crate::entity::task::{self, TaskKind};
use crate::entity::{checkpoint, cluster, load};
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::Store;
use crate::tasks::{self, Outcome};
use crate::{clusters, quota};

impl Store {
    /// Puts a task that loads a checkpoint into the cluster at the end of the cluster's queue,
    /// which may hold `queue_limit` open tasks. The task is named like the checkpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be changed or the checkpoint not to be
    /// seen, [`StoreError::Conflict`] if the cluster is not in task mode, [`StoreError::TooMany`]
    /// if the queue is full, [`StoreError::QuotaExceeded`] if a project may not hold one more task,
    /// or what the cluster would grow by.
    pub async fn enqueue_load(
        &self,
        access: &Access,
        checkpoint_uuid: Uuid,
        cluster_uuid: Uuid,
        queue_limit: u64,
    ) -> Result<task::Model, StoreError> {
        let txn = self.begin("enqueue load").await?;
        let cluster = tasks::open_queue(access, &txn, cluster_uuid, queue_limit).await?;
        let checkpoint = access.see::<checkpoint::Entity>(&txn, checkpoint_uuid).await?;
        self.require(&txn, access.project_id(), Resource::OpenTasks, 1).await?;
        let growth = checkpoint.bytes.saturating_sub(cluster.bytes).max(0) as u64;
        self.require(&txn, &cluster.project_id, Resource::ClusterBytes, growth).await?;
        let row = task::ActiveModel {
            name: Set(checkpoint.name),
            subject_uuid: Set(checkpoint.uuid),
            kind: Set(TaskKind::Load),
            total: Set(1),
            ..tasks::queued(self.disk(), access, &cluster)
        };
        let task = row.insert(&txn).await?;
        let snapshot = self.snapshots().link(self.checkpoint_blobs(), checkpoint.blob).await?;
        let row = load::ActiveModel {
            task_uuid: Set(task.uuid),
            template: Set(checkpoint.template),
            steps: Set(checkpoint.steps),
            snapshot: Set(snapshot.id()),
        };
        row.insert(&txn).await?;
        txn.commit_with([snapshot]).await?;
        Ok(task)
    }

    /// The bytes of the snapshot that an open load task brings.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such task, [`StoreError::Corrupt`] if the snapshot
    /// does not read back as it was written.
    pub async fn load_bytes(&self, task_uuid: Uuid) -> Result<Vec<u8>, StoreError> {
        let load = find(self.reader(), task_uuid).await?;
        self.snapshots().read(load.snapshot).await
    }

    /// Ends a load task as finished and gives the cluster the snapshot and the template that it
    /// brings, in one transaction. The old snapshot and its journal are removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the task is gone, [`StoreError::Conflict`] if it has ended
    /// before, [`StoreError::QuotaExceeded`] if the project may not hold the network; then nothing
    /// has changed.
    pub async fn finish_load(&self, task_uuid: Uuid) -> Result<cluster::Model, StoreError> {
        let txn = self.begin("finish load").await?;
        let task = tasks::find_open(&txn, task_uuid).await?;
        let load = find(&txn, task_uuid).await?;
        let bytes = self.snapshots().size(load.snapshot).await?;
        let present = clusters::find(&txn, task.cluster_uuid).await?;
        // Once more: other loads may have come before this one since it was accepted.
        let growth = bytes.saturating_sub(present.bytes as u64);
        self.require(&txn, &present.project_id, Resource::ClusterBytes, growth).await?;
        let replaced = present.snapshot;
        let row = cluster::ActiveModel {
            uuid: Unchanged(task.cluster_uuid),
            template: Set(Some(load.template.clone())),
            snapshot: Set(Some(load.snapshot)),
            steps: Set(load.steps),
            bytes: Set(quota::stored(bytes)),
            ..Default::default()
        };
        let cluster = row.update(&txn).await?;
        load.delete(&txn).await?;
        tasks::end(&txn, task, 0, Outcome::Finished { accuracy: None }).await?;
        txn.commit().await?;
        self.discard_snapshot(cluster.uuid, replaced).await?;
        Ok(cluster)
    }

    /// The template that a cluster will have when its queue is worked through; `None` if it will
    /// be empty.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such cluster.
    pub async fn coming_template(&self, cluster_uuid: Uuid) -> Result<Option<String>, StoreError> {
        coming_template(self.reader(), cluster_uuid).await
    }

    /// Removes the snapshots of loads that will not happen and whose rows are gone.
    pub(crate) async fn discard_loads(
        &self,
        loads: impl IntoIterator<Item = load::Model>,
    ) -> Result<(), StoreError> {
        for load in loads {
            self.snapshots().discard(load.snapshot).await?;
        }
        Ok(())
    }
}

/// See [`Store::coming_template`].
pub(crate) async fn coming_template(
    db: &impl ConnectionTrait,
    cluster_uuid: Uuid,
) -> Result<Option<String>, StoreError> {
    let last = in_queue_of(cluster_uuid).order_by_desc(task::Column::Seq).one(db).await?;
    match last {
        Some(load) => Ok(Some(load.template)),
        // Looked up last: a load that ends in between is then seen here.
        None => Ok(clusters::find(db, cluster_uuid).await?.template),
    }
}

/// What the open load tasks of a cluster bring.
pub(crate) async fn of_cluster(
    db: &impl ConnectionTrait,
    cluster_uuid: Uuid,
) -> Result<Vec<load::Model>, StoreError> {
    Ok(in_queue_of(cluster_uuid).all(db).await?)
}

fn in_queue_of(cluster_uuid: Uuid) -> Select<load::Entity> {
    let tasks = load::Entity::find().join(JoinType::InnerJoin, load::Relation::Task.def());
    tasks.filter(task::Column::ClusterUuid.eq(cluster_uuid))
}

/// What an open load task brings; `None` for tasks of other kinds.
pub(crate) async fn of_task(
    db: &impl ConnectionTrait,
    task_uuid: Uuid,
) -> Result<Option<load::Model>, StoreError> {
    Ok(load::Entity::find_by_id(task_uuid).one(db).await?)
}

/// Removes the row of what a load task brings, so that its snapshot can be discarded after the
/// commit; `None` for tasks of other kinds.
pub(crate) async fn take(
    db: &impl ConnectionTrait,
    task_uuid: Uuid,
) -> Result<Option<load::Model>, StoreError> {
    let load = of_task(db, task_uuid).await?;
    if let Some(load) = &load {
        load.clone().delete(db).await?;
    }
    Ok(load)
}

async fn find(db: &impl ConnectionTrait, task_uuid: Uuid) -> Result<load::Model, StoreError> {
    let found = of_task(db, task_uuid).await?;
    found.ok_or_else(|| StoreError::not_found("load task", task_uuid))
}
