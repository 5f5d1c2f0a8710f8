//! Clusters and their snapshots.

use std::path::PathBuf;

use hanami_disk::Disk;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::{Access, Listed};
use crate::blobs::NewBlob;
use crate::entity::checkpoint;
use crate::entity::cluster::{self, ClusterMode};
use crate::entity::visibility::Visibility;
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::{Store, blocking, now};
use crate::tasks::Outcome;
use crate::{hold, loads, tasks};

/// How far a task is with the snapshot that is saved.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// The snapshot belongs to no task.
    None,
    /// The snapshot contains the task's first `position` steps; it goes on from there.
    Position {
        /// The task's uuid.
        task: Uuid,
        /// Steps of the task in the snapshot.
        position: i64,
        /// Share of these steps that were answered right, in percent, if they can be judged.
        accuracy: Option<f64>,
        /// What the engine goes on from besides, to be kept as it is.
        notes: Option<String>,
    },
    /// The task has ended with this snapshot.
    Ended {
        /// The task's uuid.
        task: Uuid,
        /// Steps of the task in the snapshot.
        position: i64,
        /// What the engine keeps of it besides.
        notes: Option<String>,
        /// How it ended.
        outcome: Outcome,
    },
}

impl Store {
    /// Creates a cluster, in task mode: with a template and the snapshot of the network grown from
    /// it, or empty.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if a cluster that is to be seen has the name,
    /// [`StoreError::QuotaExceeded`] if the project may not hold it.
    pub async fn create_cluster(
        &self,
        access: &Access,
        name: &str,
        template: Option<String>,
        snapshot: Option<Vec<u8>>,
    ) -> Result<cluster::Model, StoreError> {
        let blob = match snapshot {
            Some(bytes) => Some(self.snapshots().write(bytes).await?),
            None => None,
        };
        let txn = self.begin("create cluster").await?;
        refuse_taken_name(access, &txn, name, None).await?;
        let bytes = blob.as_ref().map_or(0, NewBlob::size);
        self.require_room_for_cluster(access, &txn, bytes).await?;
        let row = cluster::ActiveModel {
            template: Set(template),
            snapshot: Set(blob.as_ref().map(NewBlob::id)),
            steps: Set(0),
            bytes: Set(bytes),
            ..new_cluster(self.disk(), access, name)
        };
        let cluster = row.insert(&txn).await?;
        txn.commit_with(blob).await?;
        Ok(cluster)
    }

    /// Creates a cluster, in task mode, with the network and the template of a checkpoint. Whoever
    /// calls this has made sure that the network can be read.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the checkpoint is not to be seen, [`StoreError::Conflict`] if a
    /// cluster that is to be seen has the name, [`StoreError::QuotaExceeded`] if the project may
    /// not hold it.
    pub async fn create_cluster_from(
        &self,
        access: &Access,
        name: &str,
        checkpoint_uuid: Uuid,
    ) -> Result<cluster::Model, StoreError> {
        let txn = self.begin("create cluster from checkpoint").await?;
        let checkpoint = access.see::<checkpoint::Entity>(&txn, checkpoint_uuid).await?;
        refuse_taken_name(access, &txn, name, None).await?;
        self.require_room_for_cluster(access, &txn, checkpoint.bytes).await?;
        let blob = self.snapshots().link(self.checkpoint_blobs(), checkpoint.blob).await?;
        let row = cluster::ActiveModel {
            template: Set(Some(checkpoint.template)),
            snapshot: Set(Some(blob.id())),
            steps: Set(checkpoint.steps),
            bytes: Set(checkpoint.bytes),
            ..new_cluster(self.disk(), access, name)
        };
        let cluster = row.insert(&txn).await?;
        txn.commit_with([blob]).await?;
        Ok(cluster)
    }

    /// Refuses a cluster with a snapshot of so many bytes if the project may not hold it.
    async fn require_room_for_cluster(
        &self,
        access: &Access,
        db: &impl ConnectionTrait,
        bytes: i64,
    ) -> Result<(), StoreError> {
        let project = access.project_id();
        self.require(db, project, Resource::Clusters, 1).await?;
        self.require(db, project, Resource::ClusterBytes, bytes as u64).await
    }

    /// A cluster.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen.
    pub async fn cluster(&self, access: &Access, uuid: Uuid) -> Result<cluster::Model, StoreError> {
        access.see::<cluster::Entity>(self.reader(), uuid).await
    }

    /// A cluster that is to be changed, not only seen.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn cluster_to_change(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<cluster::Model, StoreError> {
        access.change::<cluster::Entity>(self.reader(), uuid).await
    }

    /// All clusters that are to be seen, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clusters(&self, access: &Access) -> Result<Vec<Listed>, StoreError> {
        access.list_shown::<cluster::Entity>(self.reader()).await
    }

    /// A cluster, for work that was accepted before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none.
    pub async fn cluster_for_engine(&self, uuid: Uuid) -> Result<cluster::Model, StoreError> {
        find(self.reader(), uuid).await
    }

    /// Deletes a cluster with its tasks, its snapshot and its journal; results of its tasks stay.
    /// Its actor must have stopped before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn delete_cluster(&self, access: &Access, uuid: Uuid) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete cluster").await?;
        let cluster = access.change::<cluster::Entity>(&txn, uuid).await?;
        let snapshot = cluster.snapshot;
        let loads = loads::of_cluster(&txn, uuid).await?;
        cluster.delete(&txn).await?;
        txn.commit().await?;
        self.discard_loads(loads).await?;
        self.discard_snapshot(uuid, snapshot).await
    }

    /// Changes where a cluster takes its work from.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed,
    /// [`StoreError::Conflict`] while its queue is not empty.
    pub async fn set_cluster_mode(
        &self,
        access: &Access,
        uuid: Uuid,
        mode: ClusterMode,
    ) -> Result<cluster::Model, StoreError> {
        let txn = self.begin("set cluster mode").await?;
        let cluster = access.change::<cluster::Entity>(&txn, uuid).await?;
        let open = tasks::count_open(&txn, uuid).await?;
        if open > 0 {
            return Err(StoreError::conflict(format!(
                "the cluster '{}' has {open} open task(s): wait until they have ended, or delete \
                 them, before changing its mode",
                cluster.name
            )));
        }
        let row =
            cluster::ActiveModel { uuid: Unchanged(uuid), mode: Set(mode), ..Default::default() };
        let cluster = row.update(&txn).await?;
        txn.commit().await?;
        Ok(cluster)
    }

    /// Notes when clusters were last used. Those that are gone are passed over.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn save_uses(&self, uses: &[(Uuid, OffsetDateTime)]) -> Result<(), StoreError> {
        let txn = self.begin("save uses").await?;
        for &(uuid, at) in uses {
            cluster::Entity::update_many()
                .col_expr(cluster::Column::LastUsedAt, Expr::value(at))
                .filter(cluster::Column::Uuid.eq(uuid))
                .exec(&txn)
                .await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// The bytes of a cluster's snapshot.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] for an empty cluster, [`StoreError::Corrupt`] if the snapshot does
    /// not read back as it was written.
    pub async fn snapshot_bytes(&self, cluster: &cluster::Model) -> Result<Vec<u8>, StoreError> {
        match cluster.snapshot {
            Some(id) => self.snapshots().read(id).await,
            None => Err(StoreError::not_found("snapshot of cluster", cluster.uuid)),
        }
    }

    /// Replaces a cluster's snapshot and moves its task along, in one transaction. `steps` counts
    /// all steps its network has learned. The journal of the old snapshot is removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the cluster or the task is gone, [`StoreError::Conflict`] if
    /// the task has ended before; then nothing has changed.
    pub async fn save_snapshot(
        &self,
        cluster_uuid: Uuid,
        bytes: Vec<u8>,
        steps: i64,
        progress: Progress,
    ) -> Result<cluster::Model, StoreError> {
        let blob = self.snapshots().write(bytes).await?;
        let txn = self.begin("save snapshot").await?;
        let replaced = find(&txn, cluster_uuid).await?.snapshot;
        let row = cluster::ActiveModel {
            uuid: Unchanged(cluster_uuid),
            snapshot: Set(Some(blob.id())),
            steps: Set(steps),
            bytes: Set(blob.size()),
            ..Default::default()
        };
        let cluster = row.update(&txn).await?;
        match progress {
            Progress::None => {}
            Progress::Position { task, position, accuracy, notes } => {
                tasks::set_position(&txn, task, position, accuracy, notes).await?;
            }
            Progress::Ended { task, position, notes, outcome } => {
                let task = tasks::find_open(&txn, task).await?;
                let task = tasks::set_notes(&txn, task, notes).await?;
                tasks::end(&txn, task, position, outcome).await?;
            }
        }
        txn.commit_with([blob]).await?;
        self.discard_snapshot(cluster_uuid, replaced).await?;
        Ok(cluster)
    }

    /// The journal of what a cluster has learned since a snapshot. Each snapshot begins a new one.
    #[must_use]
    pub fn journal_path(&self, cluster_uuid: Uuid, snapshot: Uuid) -> PathBuf {
        self.layout().journal(cluster_uuid, snapshot)
    }

    /// Removes a snapshot that no row refers to any more, with its journal.
    pub(crate) async fn discard_snapshot(
        &self,
        cluster_uuid: Uuid,
        snapshot: Option<Uuid>,
    ) -> Result<(), StoreError> {
        let Some(snapshot) = snapshot else {
            return Ok(());
        };
        self.snapshots().discard(snapshot).await?;
        let layout = self.layout().clone();
        blocking(move || {
            hold::discard(&layout, &layout.journal(cluster_uuid, snapshot));
            Ok(())
        })
        .await
    }
}

/// A row of a cluster that is made now, but for what is in it.
fn new_cluster(disk: &Disk, access: &Access, name: &str) -> cluster::ActiveModel {
    cluster::ActiveModel {
        uuid: Set(disk.new_id()),
        name: Set(name.to_owned()),
        owner_id: Set(access.user_id().to_owned()),
        project_id: Set(access.project_id().to_owned()),
        visibility: Set(Visibility::default()),
        mode: Set(ClusterMode::Task),
        created_at: Set(now(disk)),
        last_used_at: Set(None),
        ..Default::default()
    }
}

/// Refuses a name that a cluster has which is to be seen, unless it is the cluster `itself`.
pub(crate) async fn refuse_taken_name(
    access: &Access,
    db: &impl ConnectionTrait,
    name: &str,
    itself: Option<Uuid>,
) -> Result<(), StoreError> {
    let mut others = Condition::all().add(cluster::Column::Name.eq(name));
    if let Some(uuid) = itself {
        others = others.add(cluster::Column::Uuid.ne(uuid));
    }
    match access.seen_with::<cluster::Entity>(others).one(db).await? {
        Some(_) => Err(StoreError::conflict(format!(
            "there is already a cluster '{name}': choose another name, or delete that one"
        ))),
        None => Ok(()),
    }
}

pub(crate) async fn find(
    db: &impl ConnectionTrait,
    uuid: Uuid,
) -> Result<cluster::Model, StoreError> {
    let found = cluster::Entity::find_by_id(uuid).one(db).await?;
    found.ok_or_else(|| StoreError::not_found("cluster", uuid))
}
