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

/// Which of the files of a dataset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The table, or the images.
    #[default]
    Input,
    /// The labels.
    Label,
}

/// Answer of `GET /control/v1/dataset/progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UploadProgress {
    /// The dataset.
    pub uuid: Uuid,
    /// Whether all bytes of all its files have arrived.
    pub complete: bool,
    /// The files it waits for; none once it is finished.
    pub files: Vec<FileProgress>,
}

/// How far a file has arrived: answer of `PUT /control/v1/dataset/file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileProgress {
    /// Uuid of the file.
    pub uuid: Uuid,
    /// Which of the files of its dataset it is.
    pub part: Part,
    /// Its declared size in bytes.
    pub size: u64,
    /// Bytes that have arrived.
    pub received: u64,
    /// What has not arrived yet: the first 1000 ranges, each as the position of its first byte and
    /// of the first byte behind it.
    pub missing: Vec<[u64; 2]>,
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

/// A row of `GET /control/v1/dataset/all`: uuid, project, owner, visibility, name, type.
pub type DatasetRow = (Uuid, String, String, Visibility, String, DatasetType);
