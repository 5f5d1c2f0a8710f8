//! What datasets hold: preview, columns and download.

use hanami_api::{
    Uuid,
    cluster::ByUuid,
    content::{Columns, DownloadDataset, Preview, PreviewDataset},
    dataset::Part,
    limits::AtMost,
};

use crate::{ClientError, Download, Hanami};

impl Hanami {
    /// At most `count` rows (1 to 100) of a dataset from the row `from` on, which counts from 0.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset, or it is not finished.
    pub async fn preview(
        &self,
        dataset: Uuid,
        from: u64,
        count: u32,
    ) -> Result<Preview, ClientError> {
        let query = PreviewDataset { uuid: dataset, from, count: AtMost::clamped(count) };
        self.get("/dataset/preview", &query).await
    }

    /// What the columns of a dataset hold: types, extremes, means, how often each class occurs.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset, or it is not finished.
    pub async fn columns(&self, dataset: Uuid) -> Result<Columns, ClientError> {
        self.get("/dataset/columns", &ByUuid { uuid: dataset }).await
    }

    /// Downloads a dataset as the file that it could be uploaded from: a table as CSV, images and
    /// labels as IDX.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset or part, or it is not finished.
    pub async fn download_dataset(
        &self,
        dataset: Uuid,
        part: Part,
    ) -> Result<Download, ClientError> {
        self.download("/dataset/download", &DownloadDataset { uuid: dataset, part }).await
    }
}
