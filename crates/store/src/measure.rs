//! Sizes of what was stored before sizes were kept in the rows.
//!
//! Runs once, at open, before anything else can write.

use std::path::Path;

use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    QueryFilter, TransactionTrait,
};

use crate::DatasetState;
use crate::entity::{checkpoint, cluster, dataset, request_result};
use crate::error::StoreError;
use crate::layout::{Folder, Layout};
use crate::{datasets, quota};

pub(crate) async fn run(db: &DatabaseConnection, layout: &Layout) -> Result<(), StoreError> {
    // One commit for all: there may be many rows.
    let txn = db.begin().await?;
    measure(&txn, layout).await?;
    Ok(txn.commit().await?)
}

async fn measure(db: &DatabaseTransaction, layout: &Layout) -> Result<(), StoreError> {
    let unknown = cluster::Entity::find().filter(cluster::Column::Bytes.lt(0));
    for row in unknown.all(db).await? {
        let path = row.snapshot.map(|id| layout.folder(Folder::Snapshots).join(id.to_string()));
        let bytes = path.map_or(0, |path| size(layout, &path));
        let (uuid, bytes) = (Unchanged(row.uuid), Set(bytes));
        cluster::ActiveModel { uuid, bytes, ..Default::default() }.update(db).await?;
    }
    let unknown = checkpoint::Entity::find().filter(checkpoint::Column::Bytes.lt(0));
    for row in unknown.all(db).await? {
        let bytes = size(layout, &layout.folder(Folder::Checkpoints).join(row.blob.to_string()));
        let (uuid, bytes) = (Unchanged(row.uuid), Set(bytes));
        checkpoint::ActiveModel { uuid, bytes, ..Default::default() }.update(db).await?;
    }
    let unknown = dataset::Entity::find().filter(dataset::Column::Bytes.lt(0));
    for row in unknown.all(db).await? {
        let bytes = match row.state {
            DatasetState::Ready => size(layout, &layout.dataset(row.uuid)),
            DatasetState::Uploading => {
                datasets::files_of(db, row.uuid).await?.iter().map(|file| file.size).sum()
            }
        };
        let (uuid, bytes) = (Unchanged(row.uuid), Set(bytes));
        dataset::ActiveModel { uuid, bytes, ..Default::default() }.update(db).await?;
    }
    let unknown = request_result::Entity::find().filter(request_result::Column::Bytes.lt(0));
    for row in unknown.all(db).await? {
        let blobs = std::iter::once(row.blob).chain(row.outputs_blob);
        let folder = layout.folder(Folder::Results);
        let bytes = blobs.map(|id| size(layout, &folder.join(id.to_string()))).sum();
        let (uuid, bytes) = (Unchanged(row.uuid), Set(bytes));
        request_result::ActiveModel { uuid, bytes, ..Default::default() }.update(db).await?;
    }
    Ok(())
}

/// The size of a file; of one that is missing, which is told when it is read, none.
fn size(layout: &Layout, path: &Path) -> i64 {
    layout.disk().details(path).map_or(0, |details| quota::stored(details.length))
}
