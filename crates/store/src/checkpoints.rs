//! Checkpoints, and the save tasks that make them.
//!
//! A checkpoint has its save task's uuid and name, and outlives both the task and the cluster. One
//! that came from elsewhere has a uuid and a name of its own.

use std::path::PathBuf;

use hanami_disk::Disk;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ModelTrait};
use uuid::Uuid;

use crate::access::{Access, Listed};
use crate::blobs::{BlobReader, NewBlob};
use crate::entity::checkpoint;
use crate::entity::task::{self, TaskKind};
use crate::entity::visibility::Visibility;
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::{Store, now};
use crate::tasks::{self, Outcome};
use crate::{clusters, loads};

/// A network that came from elsewhere.
#[derive(Clone, Debug)]
pub struct NewCheckpoint {
    /// Name of the checkpoint.
    pub name: String,
    /// The template its network was made from.
    pub template: String,
    /// Steps its network has learned.
    pub steps: i64,
    /// The bytes of its network.
    pub network: Vec<u8>,
}

impl Store {
    /// Puts a task that saves the cluster as a checkpoint `name` at the end of the cluster's
    /// queue, which may hold `queue_limit` open tasks. The checkpoint will have the task's uuid.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster is not to be changed, [`StoreError::Conflict`] if
    /// it is not in task mode or will still be empty then, [`StoreError::TooMany`] if the queue is
    /// full, [`StoreError::QuotaExceeded`] if the project may not hold one more task, or a
    /// checkpoint of the cluster's present size.
    pub async fn enqueue_save(
        &self,
        access: &Access,
        name: &str,
        cluster_uuid: Uuid,
        queue_limit: u64,
    ) -> Result<task::Model, StoreError> {
        let txn = self.begin("enqueue save").await?;
        let cluster = tasks::open_queue(access, &txn, cluster_uuid, queue_limit).await?;
        if loads::coming_template(&txn, cluster.uuid).await?.is_none() {
            let name = &cluster.name;
            return Err(StoreError::conflict(format!(
                "the cluster '{name}' is empty: there is nothing to save"
            )));
        }
        self.require(&txn, access.project_id(), Resource::OpenTasks, 1).await?;
        let bytes = (cluster.bytes as u64).max(1);
        self.require(&txn, access.project_id(), Resource::CheckpointBytes, bytes).await?;
        let uuid = self.disk().new_id();
        let row = task::ActiveModel {
            uuid: Set(uuid),
            name: Set(name.to_owned()),
            subject_uuid: Set(uuid),
            kind: Set(TaskKind::Save),
            total: Set(1),
            ..tasks::queued(self.disk(), access, &cluster)
        };
        let task = row.insert(&txn).await?;
        txn.commit().await?;
        Ok(task)
    }

    /// Ends a save task as finished and makes its checkpoint of the cluster's snapshot, in one
    /// transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the task is gone or the cluster is empty,
    /// [`StoreError::Conflict`] if the task has ended before, [`StoreError::QuotaExceeded`] if the
    /// project may not hold the checkpoint; then nothing has changed.
    pub async fn finish_save(&self, task_uuid: Uuid) -> Result<checkpoint::Model, StoreError> {
        let txn = self.begin("finish save").await?;
        let task = tasks::find_open(&txn, task_uuid).await?;
        let cluster = clusters::find(&txn, task.cluster_uuid).await?;
        let (Some(template), Some(snapshot)) = (cluster.template, cluster.snapshot) else {
            return Err(StoreError::not_found("snapshot of cluster", cluster.uuid));
        };
        let blob = self.checkpoint_blobs().link(self.snapshots(), snapshot).await?;
        let bytes = blob.size();
        self.require(&txn, &task.project_id, Resource::CheckpointBytes, bytes as u64).await?;
        let task = tasks::end(&txn, task, 0, Outcome::Finished { accuracy: None }).await?;
        let row = checkpoint::ActiveModel {
            uuid: Set(task.uuid),
            name: Set(task.name),
            owner_id: Set(task.owner_id),
            project_id: Set(task.project_id),
            ..new_checkpoint(self.disk(), template, cluster.steps, &blob)
        };
        let checkpoint = row.insert(&txn).await?;
        txn.commit_with([blob]).await?;
        Ok(checkpoint)
    }

    /// A checkpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen.
    pub async fn checkpoint(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<checkpoint::Model, StoreError> {
        access.see::<checkpoint::Entity>(self.reader(), uuid).await
    }

    /// All checkpoints that are to be seen, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn checkpoints(&self, access: &Access) -> Result<Vec<Listed>, StoreError> {
        access.list_shown::<checkpoint::Entity>(self.reader()).await
    }

    /// Makes a checkpoint of a network that came from elsewhere.
    ///
    /// # Errors
    ///
    /// [`StoreError::QuotaExceeded`] if the project may not hold it.
    pub async fn create_checkpoint(
        &self,
        access: &Access,
        new: NewCheckpoint,
    ) -> Result<checkpoint::Model, StoreError> {
        let NewCheckpoint { name, template, steps, network } = new;
        let blob = self.checkpoint_blobs().write(network).await?;
        let bytes = blob.size();
        let txn = self.begin("create checkpoint").await?;
        self.require(&txn, access.project_id(), Resource::CheckpointBytes, bytes as u64).await?;
        let row = checkpoint::ActiveModel {
            uuid: Set(self.disk().new_id()),
            name: Set(name),
            owner_id: Set(access.user_id().to_owned()),
            project_id: Set(access.project_id().to_owned()),
            ..new_checkpoint(self.disk(), template, steps, &blob)
        };
        let checkpoint = row.insert(&txn).await?;
        txn.commit_with([blob]).await?;
        Ok(checkpoint)
    }

    /// A checkpoint and the bytes of its network, to be read piece by piece.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen, [`StoreError::Corrupt`]
    /// if its file is not the one that was written.
    pub async fn open_checkpoint(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(checkpoint::Model, BlobReader), StoreError> {
        let checkpoint = self.checkpoint(access, uuid).await?;
        match self.checkpoint_blobs().open(checkpoint.blob).await {
            Ok(reader) => Ok((checkpoint, reader)),
            Err(error) => {
                // Its file is also missing if it was deleted just now.
                self.checkpoint(access, uuid).await?;
                Err(error)
            }
        }
    }

    /// The file with the network of a checkpoint.
    #[must_use]
    pub fn checkpoint_path(&self, checkpoint: &checkpoint::Model) -> PathBuf {
        self.checkpoint_blobs().path(checkpoint.blob)
    }

    /// Deletes a checkpoint. Loads of it that were accepted before are not disturbed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn delete_checkpoint(&self, access: &Access, uuid: Uuid) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete checkpoint").await?;
        let checkpoint = access.change::<checkpoint::Entity>(&txn, uuid).await?;
        let blob = checkpoint.blob;
        checkpoint.delete(&txn).await?;
        txn.commit().await?;
        self.checkpoint_blobs().discard(blob).await
    }
}

/// The row of a checkpoint whose network is `blob`, but for its name and whose it is.
fn new_checkpoint(
    disk: &Disk,
    template: String,
    steps: i64,
    blob: &NewBlob,
) -> checkpoint::ActiveModel {
    checkpoint::ActiveModel {
        visibility: Set(Visibility::default()),
        template: Set(template),
        steps: Set(steps),
        blob: Set(blob.id()),
        bytes: Set(blob.size()),
        created_at: Set(now(disk)),
        ..Default::default()
    }
}
