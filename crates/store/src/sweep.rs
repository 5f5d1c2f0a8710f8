//! Removing what a crash has left behind: files that no row refers to.
//!
//! Runs once, at open, before anything else can write. The folders of the store are its own:
//! whatever is in them under a name that no row accounts for goes, temporary names included.

use std::collections::HashSet;
use std::path::Path;

use hanami_disk::Disk;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::DatasetState;
use crate::entity::{checkpoint, cluster, dataset, load, request_result, upload_file};
use crate::error::StoreError;
use crate::layout::Layout;
use crate::store::blocking;

/// How many leftover files opening the store has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Files of datasets, e.g. of conversions that were interrupted.
    pub datasets: usize,
    /// Snapshots of clusters, and those of loads that have ended.
    pub snapshots: usize,
    /// Networks of checkpoints.
    pub checkpoints: usize,
    /// Values of request results.
    pub results: usize,
    /// Uploaded files and the records of what had arrived of them.
    pub uploads: usize,
    /// Journals of snapshots that have been replaced.
    pub journals: usize,
}

impl SweepReport {
    /// All files removed.
    #[must_use]
    pub fn total(&self) -> usize {
        self.datasets
            + self.snapshots
            + self.checkpoints
            + self.results
            + self.uploads
            + self.journals
    }
}

pub(crate) async fn run(
    db: &DatabaseConnection,
    layout: &Layout,
) -> Result<SweepReport, StoreError> {
    let datasets: Vec<Uuid> = dataset::Entity::find()
        .select_only()
        .column(dataset::Column::Uuid)
        .filter(dataset::Column::State.eq(DatasetState::Ready))
        .into_tuple()
        .all(db)
        .await?;
    let snapshots: Vec<(Uuid, Uuid)> = cluster::Entity::find()
        .select_only()
        .columns([cluster::Column::Uuid, cluster::Column::Snapshot])
        .filter(cluster::Column::Snapshot.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let loads: Vec<Uuid> = load::Entity::find()
        .select_only()
        .column(load::Column::Snapshot)
        .into_tuple()
        .all(db)
        .await?;
    let checkpoints: Vec<Uuid> = checkpoint::Entity::find()
        .select_only()
        .column(checkpoint::Column::Blob)
        .into_tuple()
        .all(db)
        .await?;
    let results: Vec<(Uuid, Option<Uuid>)> = request_result::Entity::find()
        .select_only()
        .columns([request_result::Column::Blob, request_result::Column::OutputsBlob])
        .into_tuple()
        .all(db)
        .await?;
    let uploads: Vec<Uuid> = upload_file::Entity::find()
        .select_only()
        .column(upload_file::Column::Uuid)
        .into_tuple()
        .all(db)
        .await?;

    let layout = layout.clone();
    blocking(move || {
        let keep = datasets.iter().map(Uuid::to_string);
        let datasets = remove_others(layout.disk(), &layout.datasets(), keep)?;
        let kept = results.iter().flat_map(|(data, outputs)| std::iter::once(data).chain(outputs));
        let keep = kept.map(Uuid::to_string);
        let results = remove_others(layout.disk(), &layout.results(), keep)?;
        let keep = checkpoints.iter().map(Uuid::to_string);
        let checkpoints = remove_others(layout.disk(), &layout.checkpoints(), keep)?;
        let kept = snapshots.iter().map(|(_, snapshot)| snapshot);
        let keep = kept.chain(&loads).map(Uuid::to_string);
        let removed_snapshots = remove_others(layout.disk(), &layout.snapshots(), keep)?;
        let keep = snapshots.iter().map(|(cluster, snapshot)| format!("{cluster}.{snapshot}"));
        let journals = remove_others(layout.disk(), &layout.journals(), keep)?;
        let keep = uploads.iter().flat_map(|file| [file.to_string(), format!("{file}.ranges")]);
        let uploads = remove_others(layout.disk(), &layout.uploads(), keep)?;
        Ok(SweepReport {
            datasets,
            snapshots: removed_snapshots,
            checkpoints,
            results,
            uploads,
            journals,
        })
    })
    .await
}

/// Removes the files of a folder whose names are not to be kept; returns how many.
fn remove_others(
    disk: &Disk,
    folder: &Path,
    keep: impl Iterator<Item = String>,
) -> Result<usize, StoreError> {
    let keep: HashSet<String> = keep.collect();
    let mut removed = 0;
    for path in disk.list(folder).map_err(StoreError::io(folder))? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if !name.is_some_and(|name| keep.contains(&name)) {
            disk.remove(&path).map_err(StoreError::io(&path))?;
            removed += 1;
        }
    }
    Ok(removed)
}
