//! Results of request tasks. They have their task's uuid and name, and outlive it.

use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ModelTrait};
use uuid::Uuid;

use crate::access::Access;
use crate::blobs::{self, BlobReader, NewBlob};
use crate::entity::dataset::DatasetKind;
use crate::entity::visibility::Visibility;
use crate::entity::{request_result, task};
use crate::error::StoreError;
use crate::quota::Resource;
use crate::store::{Store, blocking};
use crate::tasks::{self, Outcome};

/// What a request result is made of, besides what it takes from its task.
#[derive(Clone, Debug, PartialEq)]
pub struct NewResult {
    /// The kind of the dataset that was asked about.
    pub dataset_kind: DatasetKind,
    /// The column of the dataset that the values answer, if it is a table.
    pub column: Option<String>,
    /// One value per row.
    pub data: Vec<f64>,
    /// All output values of each row, if they were asked for, as the engine writes them.
    pub outputs: Option<Vec<u8>>,
}

/// The bytes that a result of so many rows takes, and of `outputs` bytes of output values, if they are
/// kept.
#[must_use]
pub fn result_size(rows: u64, outputs: Option<u64>) -> u64 {
    let values = blobs::size_of(rows.saturating_mul(size_of::<f64>() as u64));
    values.saturating_add(outputs.map_or(0, blobs::size_of))
}

impl Store {
    /// Refuses a request task whose result would not fit on the disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`].
    pub async fn require_room_for_result(&self, task: &task::Model) -> Result<(), StoreError> {
        self.result_blobs().require_room(task.result_bytes.max(0) as u64).await
    }

    /// Ends a request task as finished and stores its result, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the task is gone, [`StoreError::Conflict`] if it has ended
    /// before, [`StoreError::QuotaExceeded`] if the result is larger than its task told and the
    /// project may not hold that; then nothing has changed.
    pub async fn finish_request(
        &self,
        task_uuid: Uuid,
        result: NewResult,
    ) -> Result<request_result::Model, StoreError> {
        let NewResult { dataset_kind, column, data, outputs } = result;
        let bytes = blocking(move || Ok(encode(&data))).await?;
        let blob = self.result_blobs().write(bytes).await?;
        let outputs_blob = match outputs {
            Some(outputs) => Some(self.result_blobs().write(outputs).await?),
            None => None,
        };

        let txn = self.begin("finish request").await?;
        let task = tasks::find_open(&txn, task_uuid).await?;
        let size = blob.size().saturating_add(outputs_blob.as_ref().map_or(0, NewBlob::size));
        let more = size.saturating_sub(task.result_bytes).max(0) as u64;
        self.require(&txn, &task.project_id, Resource::DatasetBytes, more).await?;
        let total = task.total;
        let task = tasks::end(&txn, task, total, Outcome::Finished { accuracy: None }).await?;
        let row = request_result::ActiveModel {
            uuid: Set(task.uuid),
            name: Set(task.name),
            owner_id: Set(task.owner_id),
            project_id: Set(task.project_id),
            visibility: Set(Visibility::default()),
            dataset_kind: Set(dataset_kind),
            column: Set(column),
            blob: Set(blob.id()),
            outputs_blob: Set(outputs_blob.as_ref().map(NewBlob::id)),
            bytes: Set(size),
            created_at: Set(self.now()),
        };
        let result = row.insert(&txn).await?;
        txn.commit_with([blob].into_iter().chain(outputs_blob)).await?;
        Ok(result)
    }

    /// A request result and its values, one per row of the dataset.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen, [`StoreError::Corrupt`]
    /// if its values do not read back as they were written.
    pub async fn result(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(request_result::Model, Vec<f64>), StoreError> {
        let result = access.see::<request_result::Entity>(self.reader(), uuid).await?;
        match self.result_blobs().read(result.blob).await {
            Ok(bytes) => Ok((result, blocking(move || Ok(decode(&bytes))).await?)),
            Err(error) => {
                // Its values are also missing if it was deleted just now.
                access.see::<request_result::Entity>(self.reader(), uuid).await?;
                Err(error)
            }
        }
    }

    /// All output values of the rows of a request result, as they were given to
    /// [`Store::finish_request`].
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be seen,
    /// [`StoreError::Conflict`] if its task was not to keep them, [`StoreError::Corrupt`] if they
    /// are damaged.
    pub async fn result_outputs(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<BlobReader, StoreError> {
        let result = access.see::<request_result::Entity>(self.reader(), uuid).await?;
        let Some(blob) = result.outputs_blob else {
            return Err(StoreError::conflict(format!(
                "the request result '{}' holds no output values: run the request again as a task \
                 with `full_outputs: true`",
                result.name
            )));
        };
        match self.result_blobs().open(blob).await {
            Ok(reader) => Ok(reader),
            Err(error) => {
                // They are also missing if it was deleted just now.
                access.see::<request_result::Entity>(self.reader(), uuid).await?;
                Err(error)
            }
        }
    }

    /// All request results that are to be seen, oldest first, without their values.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn results(&self, access: &Access) -> Result<Vec<request_result::Model>, StoreError> {
        access.list::<request_result::Entity>(self.reader()).await
    }

    /// Deletes a request result.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none or it is not to be changed.
    pub async fn delete_result(&self, access: &Access, uuid: Uuid) -> Result<(), StoreError> {
        let txn = self.begin_deletion("delete result").await?;
        let result = access.change::<request_result::Entity>(&txn, uuid).await?;
        let blobs = std::iter::once(result.blob).chain(result.outputs_blob);
        result.delete(&txn).await?;
        txn.commit().await?;
        for blob in blobs {
            self.result_blobs().discard(blob).await?;
        }
        Ok(())
    }
}

fn encode(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn decode(bytes: &[u8]) -> Vec<f64> {
    let (values, _) = bytes.as_chunks();
    values.iter().map(|value| f64::from_le_bytes(*value)).collect()
}
