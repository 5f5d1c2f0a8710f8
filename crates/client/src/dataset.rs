//! Datasets: `/control/v1/dataset`. How data gets there is in `upload.rs` and
//! `resume.rs`, what is in it in `content.rs`.

use hanami_api::{
    Uuid, Visibility,
    cluster::ByUuid,
    dataset::{CheckDataset, Dataset, DatasetRow, DatasetType},
    score::Score,
};

use crate::{ClientError, Hanami, connection::change};

/// A row of the list of datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetEntry {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// Name of the dataset.
    pub name: String,
    /// What it was made from.
    pub kind: DatasetType,
}

impl From<DatasetRow> for DatasetEntry {
    fn from((uuid, project_id, owner_id, visibility, name, kind): DatasetRow) -> Self {
        Self { uuid, project_id, owner_id, visibility, name, kind }
    }
}

impl Hanami {
    /// A dataset.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset.
    pub async fn dataset(&self, uuid: Uuid) -> Result<Dataset, ClientError> {
        self.get("/dataset", &ByUuid { uuid }).await
    }

    /// All datasets that the user may see.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn datasets(&self) -> Result<Vec<DatasetEntry>, ClientError> {
        self.list::<DatasetRow, _>("/dataset/all", &()).await
    }

    /// Whether all bytes of all files of a dataset have arrived.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset.
    pub async fn upload_complete(&self, dataset: Uuid) -> Result<bool, ClientError> {
        Ok(self.upload_progress(dataset).await?.complete)
    }

    /// Share in percent, 0 to 100, of the answers in `result` that are right by `dataset`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if one of them does not exist, or they do not fit together.
    pub async fn check(&self, result: Uuid, dataset: Uuid) -> Result<f64, ClientError> {
        Ok(self.score(result, dataset).await?.accuracy)
    }

    /// How good the answers in `result` are by `dataset`: which classes were taken for which, or
    /// how far off the numbers are.
    ///
    /// # Errors
    ///
    /// As [`Hanami::check`].
    pub async fn score(&self, result: Uuid, dataset: Uuid) -> Result<Score, ClientError> {
        let body = CheckDataset { result_uuid: result, dataset_uuid: dataset };
        self.post("/dataset/check", &body).await
    }

    /// Renames a dataset, or changes who else may see and use it; what is `None` stays.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset that the user may change, or nothing is
    /// to be changed.
    pub async fn change_dataset(
        &self,
        dataset: Uuid,
        new_name: Option<&str>,
        visibility: Option<Visibility>,
    ) -> Result<Dataset, ClientError> {
        self.put("/dataset", &change(dataset, new_name, visibility)?).await
    }

    /// Deletes a dataset.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset.
    pub async fn delete_dataset(&self, uuid: Uuid) -> Result<(), ClientError> {
        self.delete("/dataset", &ByUuid { uuid }).await
    }
}
