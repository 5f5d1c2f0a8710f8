//! Datasets: `/control/v1/dataset`, `/control/v1/mnist/dataset`, `/control/v1/csv/dataset`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Visibility, ids::Name};

/// What a dataset was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DatasetType {
    /// A pair of IDX files: images and labels.
    Mnist,
    /// One table.
    Csv,
}

/// Body of `POST /control/v1/mnist/dataset`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMnist {
    /// Name of the dataset.
    pub name: Name,
    /// Size of the file with the images, in bytes.
    #[schema(minimum = 1, maximum = 10_000_000_000_i64)]
    pub input_data_size: u64,
    /// Size of the file with the labels, in bytes.
    #[schema(minimum = 1, maximum = 10_000_000_000_i64)]
    pub label_data_size: u64,
}

/// Answer of `POST /control/v1/mnist/dataset`: where to send the two files.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MnistCreated {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// Uuid to upload the images to.
    pub uuid_input_file: Uuid,
    /// Uuid to upload the labels to.
    pub uuid_label_file: Uuid,
    /// Name of the dataset.
    pub name: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// Always `mnist`.
    #[serde(rename = "type")]
    pub kind: DatasetType,
}

/// Body of `PUT /control/v1/mnist/dataset`: the upload is complete.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishMnist {
    /// The dataset.
    pub uuid: Uuid,
    /// Its images.
    pub uuid_input_file: Uuid,
    /// Its labels.
    pub uuid_label_file: Uuid,
}

/// Body of `POST /control/v1/csv/dataset`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCsv {
    /// Name of the dataset.
    pub name: Name,
    /// Size of the file, in bytes.
    #[schema(minimum = 1, maximum = 10_000_000_000_i64)]
    pub input_data_size: u64,
}

/// Answer of `POST /control/v1/csv/dataset`: where to send the file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CsvCreated {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// Uuid to upload the table to.
    pub uuid_input_file: Uuid,
    /// Name of the dataset.
    pub name: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// Always `csv`.
    #[serde(rename = "type")]
    pub kind: DatasetType,
}

/// Body of `PUT /control/v1/csv/dataset`: the upload is complete.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishCsv {
    /// The dataset.
    pub uuid: Uuid,
    /// Its table.
    pub uuid_input_file: Uuid,
}

/// Answer to a finished upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetFinished {
    /// The dataset, ready for tasks.
    pub uuid: Uuid,
}

/// Answer of `GET /control/v1/dataset/progress`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UploadProgress {
    /// The dataset.
    pub uuid: Uuid,
    /// Whether all bytes of all its files have arrived.
    pub complete: bool,
}

/// A dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dataset {
    /// Uuid of the dataset.
    pub uuid: Uuid,
    /// Name of the dataset.
    pub name: String,
    /// What it was made from.
    #[serde(rename = "type")]
    pub kind: DatasetType,
    /// Values of one input: pixels of an image, columns of a table. 0 until the upload is finished.
    pub inputs: u64,
    /// Values of one output: classes of the images, columns of a table. 0 until the upload is
    /// finished.
    pub outputs: u64,
    /// Images or rows. 0 until the upload is finished.
    pub lines: u64,
    /// Where the server keeps it, relative to its data directory.
    pub location: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
}

/// Body of `POST /control/v1/dataset/check`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckDataset {
    /// The request result to judge.
    pub result_uuid: Uuid,
    /// The dataset that holds the right answers.
    pub dataset_uuid: Uuid,
}

/// Answer of `POST /control/v1/dataset/check`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Accuracy {
    /// Share of right answers in percent, 0 to 100.
    pub accuracy: f64,
}

/// A row of `GET /control/v1/dataset/all`: uuid, project, owner, visibility, name, type.
pub type DatasetRow = (Uuid, String, String, Visibility, String, DatasetType);
