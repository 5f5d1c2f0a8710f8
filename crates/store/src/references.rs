//! Which files the rows of the database refer to. Everything that goes through files asks here: what
//! opening sweeps, what a backup holds, and what is looked at by who examines a data directory.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};
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
        match self {
            Self::Dataset(dataset) if dataset.state == dataset::DatasetState::Ready => {
                vec![Reference::blob(Folder::Datasets, dataset.uuid)]
            }
            Self::Dataset(_) => Vec::new(),
            Self::Upload(row, _) => Reference::of_upload(row.uuid).into(),
            Self::Cluster(cluster) => cluster.snapshot.map_or_else(Vec::new, |snapshot| {
                Reference::of_cluster(cluster.uuid, snapshot).into()
            }),
            Self::Load(load) => vec![Reference::blob(Folder::Snapshots, load.snapshot)],
            Self::Checkpoint(checkpoint) => {
                vec![Reference::blob(Folder::Checkpoints, checkpoint.blob)]
            }
            Self::Result(result) => {
                Reference::of_result(result.blob, result.outputs_blob).collect()
            }
        }
    }
}

impl Reference {
    fn blob(folder: Folder, id: Uuid) -> Self {
        Self { folder, name: id.to_string(), required: true }
    }

    /// The record first: whoever copies them in this order has all bytes that it tells of.
    fn of_upload(uuid: Uuid) -> [Self; 2] {
        [format!("{uuid}.ranges"), uuid.to_string()].map(|name| Self {
            folder: Folder::Uploads,
            name,
            required: false,
        })
    }

    fn of_cluster(uuid: Uuid, snapshot: Uuid) -> [Self; 2] {
        let name = format!("{uuid}.{snapshot}");
        let journal = Self { folder: Folder::Journals, name, required: false };
        [Self::blob(Folder::Snapshots, snapshot), journal]
    }

    fn of_result(values: Uuid, outputs: Option<Uuid>) -> impl Iterator<Item = Self> {
        [Some(values), outputs].into_iter().flatten().map(|id| Self::blob(Folder::Results, id))
    }
}

/// Names of files, with their folders.
pub(crate) type Names = HashSet<(Folder, String)>;

/// The names of the files that rows refer to.
pub(crate) fn names(references: impl IntoIterator<Item = Reference>) -> Names {
    references.into_iter().map(|file| (file.folder, file.name)).collect()
}

/// The names of all files that rows refer to. Reads ids only, so what it takes depends on the number
/// of rows and not on what is in them.
pub(crate) async fn all_names(db: &DatabaseConnection) -> Result<Names, StoreError> {
    let datasets = dataset::Entity::find()
        .select_only()
        .column(dataset::Column::Uuid)
        .filter(dataset::Column::State.eq(dataset::DatasetState::Ready));
    let datasets: Vec<Uuid> = datasets.into_tuple().all(db).await?;
    let uploads = upload_file::Entity::find().select_only().column(upload_file::Column::Uuid);
    let uploads: Vec<Uuid> = uploads.into_tuple().all(db).await?;
    let clusters = cluster::Entity::find()
        .select_only()
        .columns([cluster::Column::Uuid, cluster::Column::Snapshot])
        .filter(cluster::Column::Snapshot.is_not_null());
    let clusters: Vec<(Uuid, Uuid)> = clusters.into_tuple().all(db).await?;
    let loads = load::Entity::find().select_only().column(load::Column::Snapshot);
    let loads: Vec<Uuid> = loads.into_tuple().all(db).await?;
    let checkpoints = checkpoint::Entity::find().select_only().column(checkpoint::Column::Blob);
    let checkpoints: Vec<Uuid> = checkpoints.into_tuple().all(db).await?;
    let results = request_result::Entity::find()
        .select_only()
        .columns([request_result::Column::Blob, request_result::Column::OutputsBlob]);
    let results: Vec<(Uuid, Option<Uuid>)> = results.into_tuple().all(db).await?;

    let blobs = |folder, ids: Vec<Uuid>| ids.into_iter().map(move |id| Reference::blob(folder, id));
    let references = blobs(Folder::Datasets, datasets)
        .chain(blobs(Folder::Snapshots, loads))
        .chain(blobs(Folder::Checkpoints, checkpoints))
        .chain(uploads.into_iter().flat_map(Reference::of_upload))
        .chain(clusters.into_iter().flat_map(|(uuid, id)| Reference::of_cluster(uuid, id)))
        .chain(results.into_iter().flat_map(|(id, outputs)| Reference::of_result(id, outputs)));
    Ok(names(references))
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
