//! Tasks: one queue per cluster, in the order of acceptance.

use hanami_disk::Disk;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::access::Access;
use crate::entity::cluster::{self, ClusterMode};
use crate::entity::dataset::{self, DatasetState};
use crate::entity::task::{self, Column, TaskKind, TaskState};
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::{Store, now};
use crate::transaction::Transaction;
use crate::{loads, quota};

/// What a task on a dataset is made of.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: TaskKind,
    /// The cluster that does it.
    pub cluster_uuid: Uuid,
    /// The dataset to read.
    pub dataset_uuid: Uuid,
    /// Steps it consists of.
    pub total: i64,
    /// What is asked of it besides, to be kept as it is.
    pub options: Option<String>,
    /// Bytes that its result will take, as [`result_size`](crate::result_size) tells them; 0 if it
    /// makes none.
    pub result_bytes: u64,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done.
    Finished {
        /// Share of the samples that were answered right, in percent, if they can be judged.
        accuracy: Option<f64>,
    },
    /// A user stopped it.
    Aborted,
    /// It could not go on.
    Failed {
        /// Why, for the user.
        error: String,
    },
}

/// What became of a task that was to be deleted.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskDeletion {
    /// It is gone; this is how it was.
    Deleted(task::Model),
    /// It is running and still there: its cluster has to abort it.
    Active(task::Model),
}

impl Store {
    /// Puts a task at the end of its cluster's queue, which may hold `queue_limit` open tasks.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be changed or the dataset not to be seen,
    /// [`StoreError::Conflict`] if the cluster is not in task mode or the dataset is not ready,
    /// [`StoreError::TooMany`] if the queue is full, [`StoreError::QuotaExceeded`] if a project may
    /// not hold one more task or its result, or its clusters may not grow.
    pub async fn enqueue_task(
        &self,
        access: &Access,
        new: NewTask,
        queue_limit: u64,
    ) -> Result<task::Model, StoreError> {
        let txn = self.begin("enqueue task").await?;
        let cluster = open_queue(access, &txn, new.cluster_uuid, queue_limit).await?;
        let dataset = access.see::<dataset::Entity>(&txn, new.dataset_uuid).await?;
        if dataset.state != DatasetState::Ready {
            return Err(StoreError::conflict(format!(
                "the dataset '{}' is not complete: finish its upload first",
                dataset.name
            )));
        }
        self.require(&txn, access.project_id(), Resource::OpenTasks, 1).await?;
        if new.kind == TaskKind::Train {
            // How far a training will let the cluster grow is not known; it has to have room.
            self.require(&txn, &cluster.project_id, Resource::ClusterBytes, 1).await?;
        }
        self.require(&txn, access.project_id(), Resource::DatasetBytes, new.result_bytes).await?;
        let row = task::ActiveModel {
            name: Set(new.name),
            subject_uuid: Set(dataset.uuid),
            kind: Set(new.kind),
            total: Set(new.total),
            result_bytes: Set(quota::stored(new.result_bytes)),
            options: Set(new.options),
            ..queued(self.disk(), access, &cluster)
        };
        let task = row.insert(&txn).await?;
        txn.commit().await?;
        Ok(task)
    }

    /// A task of a cluster. Whoever sees the cluster sees its tasks.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be seen or has no such task.
    pub async fn task(
        &self,
        access: &Access,
        cluster_uuid: Uuid,
        task_uuid: Uuid,
    ) -> Result<task::Model, StoreError> {
        access.see::<cluster::Entity>(self.reader(), cluster_uuid).await?;
        find_in(self.reader(), cluster_uuid, task_uuid).await
    }

    /// All tasks of a cluster, ended ones too, in the order of acceptance.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be seen.
    pub async fn tasks(
        &self,
        access: &Access,
        cluster_uuid: Uuid,
    ) -> Result<Vec<task::Model>, StoreError> {
        access.see::<cluster::Entity>(self.reader(), cluster_uuid).await?;
        let found = task::Entity::find()
            .filter(Column::ClusterUuid.eq(cluster_uuid))
            .order_by_asc(Column::Seq)
            .all(self.reader())
            .await?;
        Ok(found)
    }

    /// Deletes a task that is queued or has ended. An active one is only looked up.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be changed or has no such task.
    pub async fn delete_task(
        &self,
        access: &Access,
        cluster_uuid: Uuid,
        task_uuid: Uuid,
    ) -> Result<TaskDeletion, StoreError> {
        let txn = self.begin_deletion("delete task").await?;
        access.change::<cluster::Entity>(&txn, cluster_uuid).await?;
        let task = find_in(&txn, cluster_uuid, task_uuid).await?;
        if task.state == TaskState::Active {
            return Ok(TaskDeletion::Active(task));
        }
        let load = loads::of_task(&txn, task_uuid).await?;
        task.clone().delete(&txn).await?;
        txn.commit().await?;
        self.discard_loads(load).await?;
        Ok(TaskDeletion::Deleted(task))
    }

    /// The task a cluster has to work on: the one that was interrupted, else the longest waiting.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn next_task(&self, cluster_uuid: Uuid) -> Result<Option<task::Model>, StoreError> {
        // An active task was taken from the front of the queue, so it has the lowest number.
        let next = open_tasks()
            .filter(Column::ClusterUuid.eq(cluster_uuid))
            .order_by_asc(Column::Seq)
            .one(self.reader())
            .await?;
        Ok(next)
    }

    /// Marks a task as running, or as going on after an interruption.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if it was deleted meanwhile, [`StoreError::Conflict`] if it has
    /// ended.
    pub async fn start_task(&self, task_uuid: Uuid) -> Result<task::Model, StoreError> {
        let txn = self.begin("start task").await?;
        let task = find_open(&txn, task_uuid).await?;
        let started_at = task.started_at.unwrap_or_else(|| self.now());
        let mut row = task.into_active_model();
        row.state = Set(TaskState::Active);
        row.started_at = Set(Some(started_at));
        let task = row.update(&txn).await?;
        txn.commit().await?;
        Ok(task)
    }

    /// Ends a task that leaves its cluster as it was and makes nothing. Others end with
    /// [`Store::save_snapshot`], [`Store::finish_request`], [`Store::finish_save`] or
    /// [`Store::finish_load`].
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if it is gone, [`StoreError::Conflict`] if it has ended before.
    pub async fn end_task(
        &self,
        task_uuid: Uuid,
        outcome: Outcome,
    ) -> Result<task::Model, StoreError> {
        let txn = self.begin_deletion("end task").await?;
        let task = find_open(&txn, task_uuid).await?;
        let position = task.position;
        let task = end(&txn, task, position, outcome).await?;
        let load = loads::take(&txn, task_uuid).await?;
        txn.commit().await?;
        self.discard_loads(load).await?;
        Ok(task)
    }

    /// Whether a task has ended, or is gone, for work that was accepted before.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn has_ended(&self, task_uuid: Uuid) -> Result<bool, StoreError> {
        let open = open_tasks().filter(Column::Uuid.eq(task_uuid)).count(self.reader()).await?;
        Ok(open == 0)
    }

    /// The number of queued and active tasks of a cluster, for a user who was shown the cluster.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn open_tasks(&self, cluster_uuid: Uuid) -> Result<u64, StoreError> {
        count_open(self.reader(), cluster_uuid).await
    }

    /// The clusters whose queues are not empty, to be woken at start.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clusters_with_open_tasks(&self) -> Result<Vec<Uuid>, StoreError> {
        let clusters = open_tasks()
            .select_only()
            .column(Column::ClusterUuid)
            .distinct()
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(clusters)
    }
}

/// The cluster whose queue is to take one more task.
pub(crate) async fn open_queue(
    access: &Access,
    db: &impl ConnectionTrait,
    cluster_uuid: Uuid,
    queue_limit: u64,
) -> Result<cluster::Model, StoreError> {
    let cluster = access.change::<cluster::Entity>(db, cluster_uuid).await?;
    if cluster.mode != ClusterMode::Task {
        return Err(StoreError::conflict(format!(
            "the cluster '{}' is in direct mode: set it to task mode first",
            cluster.name
        )));
    }
    if count_open(db, cluster.uuid).await? >= queue_limit {
        let what = "open tasks in the cluster's queue";
        return Err(StoreError::TooMany { what, limit: queue_limit });
    }
    Ok(cluster)
}

/// A row at the end of the queue of `cluster`, but for its name and what it is to do.
pub(crate) fn queued(disk: &Disk, access: &Access, cluster: &cluster::Model) -> task::ActiveModel {
    task::ActiveModel {
        uuid: Set(disk.new_id()),
        cluster_uuid: Set(cluster.uuid),
        owner_id: Set(access.user_id().to_owned()),
        project_id: Set(access.project_id().to_owned()),
        options: Set(None),
        result_bytes: Set(0),
        state: Set(TaskState::Queued),
        position: Set(0),
        accuracy: Set(None),
        notes: Set(None),
        error: Set(None),
        queued_at: Set(now(disk)),
        started_at: Set(None),
        ended_at: Set(None),
        ..Default::default()
    }
}

/// Tasks that are queued or active.
fn open_tasks() -> sea_orm::Select<task::Entity> {
    task::Entity::find().filter(Column::State.is_in([TaskState::Queued, TaskState::Active]))
}

/// The number of queued and active tasks of a cluster.
pub(crate) async fn count_open(
    db: &impl ConnectionTrait,
    cluster_uuid: Uuid,
) -> Result<u64, StoreError> {
    Ok(open_tasks().filter(Column::ClusterUuid.eq(cluster_uuid)).count(db).await?)
}

/// The number of queued and active tasks of a project.
pub(crate) async fn count_open_in_project(
    db: &impl ConnectionTrait,
    project_id: &str,
) -> Result<u64, StoreError> {
    Ok(open_tasks().filter(Column::ProjectId.eq(project_id)).count(db).await?)
}

/// The bytes that the results of the queued and active tasks of a project will take.
pub(crate) async fn result_bytes_in_project(
    db: &impl ConnectionTrait,
    project_id: &str,
) -> Result<u64, StoreError> {
    quota::sum(open_tasks().filter(Column::ProjectId.eq(project_id)), "result_bytes", db).await
}

/// The queued and active tasks that read a dataset.
pub(crate) async fn open_tasks_on(
    db: &impl ConnectionTrait,
    dataset_uuid: Uuid,
) -> Result<Vec<task::Model>, StoreError> {
    Ok(open_tasks().filter(Column::SubjectUuid.eq(dataset_uuid)).all(db).await?)
}

/// The first queued or active task that reads a dataset.
pub(crate) async fn open_task_on(
    db: &impl ConnectionTrait,
    dataset_uuid: Uuid,
) -> Result<Option<task::Model>, StoreError> {
    let reads_it = open_tasks().filter(Column::SubjectUuid.eq(dataset_uuid));
    Ok(reads_it.order_by_asc(Column::Seq).one(db).await?)
}

async fn find_in(
    db: &impl ConnectionTrait,
    cluster_uuid: Uuid,
    task_uuid: Uuid,
) -> Result<task::Model, StoreError> {
    let found = task::Entity::find()
        .filter(Column::ClusterUuid.eq(cluster_uuid))
        .filter(Column::Uuid.eq(task_uuid))
        .one(db)
        .await?;
    found.ok_or_else(|| StoreError::not_found("task", task_uuid))
}

/// A task that has not ended.
pub(crate) async fn find_open(
    db: &impl ConnectionTrait,
    task_uuid: Uuid,
) -> Result<task::Model, StoreError> {
    let found = task::Entity::find().filter(Column::Uuid.eq(task_uuid)).one(db).await?;
    let task = found.ok_or_else(|| StoreError::not_found("task", task_uuid))?;
    match task.state {
        TaskState::Queued | TaskState::Active => Ok(task),
        TaskState::Aborted | TaskState::Finished => {
            Err(StoreError::conflict(format!("the task '{}' has ended already", task.name)))
        }
    }
}

/// Records how many steps of a task the cluster's snapshot contains.
pub(crate) async fn set_position(
    db: &impl ConnectionTrait,
    task_uuid: Uuid,
    position: i64,
    accuracy: Option<f64>,
    notes: Option<String>,
) -> Result<(), StoreError> {
    let mut row = find_open(db, task_uuid).await?.into_active_model();
    row.position = Set(position);
    row.accuracy = Set(accuracy);
    row.notes = Set(notes);
    row.update(db).await?;
    Ok(())
}

/// Keeps what the engine notes of an open task; returns how it is then.
pub(crate) async fn set_notes(
    db: &impl ConnectionTrait,
    task: task::Model,
    notes: Option<String>,
) -> Result<task::Model, StoreError> {
    let mut row = task.into_active_model();
    row.notes = Set(notes);
    Ok(row.update(db).await?)
}

/// Ends an open task; returns how it is then.
pub(crate) async fn end(
    txn: &Transaction,
    task: task::Model,
    position: i64,
    outcome: Outcome,
) -> Result<task::Model, StoreError> {
    let mut row = task.into_active_model();
    row.position = Set(position);
    row.ended_at = Set(Some(now(txn.disk())));
    match outcome {
        Outcome::Finished { accuracy } => {
            row.state = Set(TaskState::Finished);
            row.accuracy = Set(accuracy);
        }
        Outcome::Aborted => row.state = Set(TaskState::Aborted),
        Outcome::Failed { error } => {
            row.state = Set(TaskState::Aborted);
            row.error = Set(Some(error));
        }
    }
    Ok(row.update(txn).await?)
}
