//! Which files the rows of the database refer to. Everything that goes through files asks here: what
//! opening sweeps, what a backup holds, and what is looked at by who examines a data directory.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::{checkpoint, cluster, dataset, load, request_result, task, upload_file};
use crate::error::StoreError;
use crate::layout::Folder;

/// A row that may refer to files.
#[derive(Clone, Debug)]
pub enum Owning {
    /// A dataset, ready or not.
    Dataset(dataset::Model),
    /// A file that a dataset waits for.
    Upload(upload_file::Model, dataset::Model),
    /// A cluster: its snapshot and its journal.
    Cluster(cluster::Model),
    /// What an open load task brings.
    Load(Load),
    /// A checkpoint.
    Checkpoint(checkpoint::Model),
    /// A request result: its values, and its outputs if they were kept.
    Result(request_result::Model),
}

/// What an open load task brings.
#[derive(Clone, Debug)]
pub struct Load {
    /// The task.
    pub task: task::Model,
    /// The template of the network.
    pub template: String,
    /// Steps that the network has learned.
    pub steps: i64,
    /// The id of the snapshot with the network.
    pub snapshot: Uuid,
}

/// A file that a row refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The folder that it is in.
    pub folder: Folder,
    /// Its name there.
    pub name: String,
    /// Whether it has to be there. A journal begins with the first step, an upload with the first
    /// piece.
    pub required: bool,
}

impl Owning {
    /// The files that the row refers to.
    #[must_use]
    pub fn files(&self) -> Vec<Reference> {
        let file = |folder, name: String, required| Reference { folder, name, required };
        let blob = |folder, id: Uuid| file(folder, id.to_string(), true);
        match self {
            Self::Dataset(dataset) if dataset.state == dataset::DatasetState::Ready => {
                vec![blob(Folder::Datasets, dataset.uuid)]
            }
            Self::Dataset(_) => Vec::new(),
            // The record first: whoever copies them in this order has all bytes that it tells of.
            Self::Upload(row, _) => vec![
                file(Folder::Uploads, format!("{}.ranges", row.uuid), false),
                file(Folder::Uploads, row.uuid.to_string(), false),
            ],
            Self::Cluster(cluster) => cluster.snapshot.map_or_else(Vec::new, |snapshot| {
                let journal = format!("{}.{snapshot}", cluster.uuid);
                vec![blob(Folder::Snapshots, snapshot), file(Folder::Journals, journal, false)]
            }),
            Self::Load(load) => vec![blob(Folder::Snapshots, load.snapshot)],
            Self::Checkpoint(checkpoint) => vec![blob(Folder::Checkpoints, checkpoint.blob)],
            Self::Result(result) => std::iter::once(result.blob)
                .chain(result.outputs_blob)
                .map(|id| blob(Folder::Results, id))
                .collect(),
        }
    }
}

/// All rows that may refer to files.
pub(crate) async fn all(db: &DatabaseConnection) -> Result<Vec<Owning>, StoreError> {
    let datasets = dataset::Entity::find().all(db).await?;
    let by_uuid: HashMap<_, _> = datasets.iter().map(|row| (row.uuid, row)).collect();
    let mut rows = Vec::new();
    for upload in upload_file::Entity::find().all(db).await? {
        // A foreign key sees to it that there is one.
        if let Some(dataset) = by_uuid.get(&upload.dataset_uuid) {
            rows.push(Owning::Upload(upload, (*dataset).clone()));
        }
    }
    rows.extend(datasets.into_iter().map(Owning::Dataset));
    let clusters = cluster::Entity::find().all(db).await?;
    rows.extend(clusters.into_iter().map(Owning::Cluster));
    for load in load::Entity::find().all(db).await? {
        let of_load = task::Entity::find().filter(task::Column::Uuid.eq(load.task_uuid));
        if let Some(task) = of_load.one(db).await? {
            let load::Model { template, steps, snapshot, .. } = load;
            rows.push(Owning::Load(Load { task, template, steps, snapshot }));
        }
    }
    let checkpoints = checkpoint::Entity::find().all(db).await?;
    rows.extend(checkpoints.into_iter().map(Owning::Checkpoint));
    let results = request_result::Entity::find().all(db).await?;
    rows.extend(results.into_iter().map(Owning::Result));
    Ok(rows)
}
