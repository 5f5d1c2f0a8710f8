//! Datasets: declared, uploaded file by file, converted, then ready to be used.

use std::io;
use std::path::{Path, PathBuf};

use hanami_disk::{Disk, How};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use crate::access::Access;
use crate::entity::dataset::{self, DatasetKind, DatasetState};
use crate::entity::upload_file::{self, FileRole};
use crate::entity::visibility::Visibility;
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::{Store, blocking};
use crate::{hold, quota, tasks};

/// What a dataset is made of.
#[derive(Clone, Debug)]
pub struct NewDataset {
    /// Its name.
    pub name: String,
    /// The format its files are in.
    pub kind: DatasetKind,
}

impl Store {
    /// Declares a dataset and the files it waits for, with their sizes in bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::QuotaExceeded`] if the project may not hold so many bytes.
    pub async fn create_dataset(
        &self,
        access: &Access,
        new: NewDataset,
        files: &[(FileRole, u64)],
    ) -> Result<(dataset::Model, Vec<upload_file::Model>), StoreError> {
        let declared = files.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
        let txn = self.begin("create dataset").await?;
        self.require(&txn, access.project_id(), Resource::DatasetBytes, declared).await?;
        let row = dataset::ActiveModel {
            uuid: Set(self.disk().new_id()),
            name: Set(new.name),
            owner_id: Set(access.user_id().to_owned()),
            project_id: Set(access.project_id().to_owned()),
            visibility: Set(Visibility::default()),
            kind: Set(new.kind),
            state: Set(DatasetState::Uploading),
            inputs: Set(0),
            outputs: Set(0),
            lines: Set(0),
            bytes: Set(quota::stored(declared)),
            created_at: Set(self.now()),
        };
        let dataset = row.insert(&txn).await?;
        let mut declared = Vec::with_capacity(files.len());
        for &(role, size) in files {
            let size = i64::try_from(size).map_err(|_| StoreError::TooLarge {
                what: "an upload",
                size,
                limit: i64::MAX as u64,
            })?;
            let row = upload_file::ActiveModel {
                uuid: Set(self.disk().new_id()),
                dataset_uuid: Set(dataset.uuid),
                role: Set(role),
                size: Set(size),
            };
            declared.push(row.insert(&txn).await?);
        }
        txn.commit().await?;
        Ok((dataset, declared))
    }

    /// A dataset.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen.
    pub async fn dataset(&self, access: &Access, uuid: Uuid) -> Result<dataset::Model, StoreError> {
        access.see::<dataset::Entity>(self.reader(), uuid).await
    }

    /// A dataset that is to be changed, not only seen.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn dataset_to_change(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<dataset::Model, StoreError> {
        access.change::<dataset::Entity>(self.reader(), uuid).await
    }

    /// All datasets that are to be seen, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn datasets(&self, access: &Access) -> Result<Vec<dataset::Model>, StoreError> {
        access.list::<dataset::Entity>(self.reader()).await
    }

    /// A dataset, for work that was accepted before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none.
    pub async fn dataset_for_engine(&self, uuid: Uuid) -> Result<dataset::Model, StoreError> {
        let found = dataset::Entity::find_by_id(uuid).one(self.reader()).await?;
        found.ok_or_else(|| StoreError::not_found("dataset", uuid))
    }

    /// The file of a dataset's data. Whoever converts an upload writes it, at once or under
    /// another name in the same folder, and then calls [`Store::finish_dataset`].
    #[must_use]
    pub fn dataset_path(&self, uuid: Uuid) -> PathBuf {
        self.layout().dataset(uuid)
    }

    /// The files a dataset waits for, inputs first; none once it is ready.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such dataset or it is not to be seen.
    pub async fn upload_files(
        &self,
        access: &Access,
        dataset_uuid: Uuid,
    ) -> Result<Vec<upload_file::Model>, StoreError> {
        access.see::<dataset::Entity>(self.reader(), dataset_uuid).await?;
        files_of(self.reader(), dataset_uuid).await
    }

    /// Makes a dataset ready, now that [`Store::dataset_path`] holds its data: `lines` rows of
    /// `inputs` and `outputs` values. The uploaded files are removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such dataset or it is not to be changed,
    /// [`StoreError::Conflict`] if it is ready already, [`StoreError::Io`] if its data is missing,
    /// [`StoreError::QuotaExceeded`] if the file is larger than the uploads and the project may not
    /// hold it.
    pub async fn finish_dataset(
        &self,
        access: &Access,
        uuid: Uuid,
        inputs: i64,
        outputs: i64,
        lines: i64,
    ) -> Result<dataset::Model, StoreError> {
        uploading(access, self.reader(), uuid).await?;
        let path = self.dataset_path(uuid);
        let disk = self.disk().clone();
        let bytes =
            blocking(move || durable_length(&disk, &path).map_err(StoreError::io(&path))).await?;

        let txn = self.begin("finish dataset").await?;
        let dataset = uploading(access, &txn, uuid).await?;
        let growth = bytes.saturating_sub(dataset.bytes as u64);
        self.require(&txn, &dataset.project_id, Resource::DatasetBytes, growth).await?;
        let row = dataset::ActiveModel {
            uuid: Unchanged(uuid),
            state: Set(DatasetState::Ready),
            inputs: Set(inputs),
            outputs: Set(outputs),
            lines: Set(lines),
            bytes: Set(quota::stored(bytes)),
            ..Default::default()
        };
        let ready = row.update(&txn).await?;
        let files = files_of(&txn, uuid).await?;
        upload_file::Entity::delete_many()
            .filter(upload_file::Column::DatasetUuid.eq(uuid))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        self.discard_uploads(&files).await?;
        Ok(ready)
    }

    /// Deletes a dataset with all its data, ready or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed,
    /// [`StoreError::Conflict`] while a queued or active task reads it.
    pub async fn delete_dataset(&self, access: &Access, uuid: Uuid) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete dataset").await?;
        let dataset = access.change::<dataset::Entity>(&txn, uuid).await?;
        if let Some(task) = tasks::open_task_on(&txn, uuid).await? {
            return Err(StoreError::conflict(format!(
                "the dataset '{}' is in use by the {} task '{}' ({}): wait until it has ended, \
                 or delete it",
                dataset.name, task.state, task.name, task.uuid
            )));
        }
        let files = files_of(&txn, uuid).await?;
        dataset.delete(&txn).await?;
        txn.commit().await?;

        self.discard_uploads(&files).await?;
        let layout = self.layout().clone();
        blocking(move || {
            hold::discard(&layout, &layout.dataset(uuid));
            Ok(())
        })
        .await
    }
}

/// The length of a file, after it was made durable with its name.
fn durable_length(disk: &Disk, path: &Path) -> io::Result<u64> {
    let file = disk.open(path, How::Read)?;
    file.sync()?;
    disk.sync_name(path)?;
    file.length()
}

/// A dataset that is to be changed and waits for its data.
async fn uploading(
    access: &Access,
    db: &impl ConnectionTrait,
    uuid: Uuid,
) -> Result<dataset::Model, StoreError> {
    let dataset = access.change::<dataset::Entity>(db, uuid).await?;
    match dataset.state {
        DatasetState::Uploading => Ok(dataset),
        DatasetState::Ready => {
            Err(StoreError::conflict(format!("the dataset '{}' is complete already", dataset.name)))
        }
    }
}

/// The files a dataset waits for, inputs first.
pub(crate) async fn files_of(
    db: &impl ConnectionTrait,
    dataset_uuid: Uuid,
) -> Result<Vec<upload_file::Model>, StoreError> {
    let found = upload_file::Entity::find()
        .filter(upload_file::Column::DatasetUuid.eq(dataset_uuid))
        // 'input' before 'label'.
        .order_by_asc(upload_file::Column::Role)
        .all(db)
        .await?;
    Ok(found)
}
