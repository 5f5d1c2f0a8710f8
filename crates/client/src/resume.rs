//! Uploads that can be taken up again: declare a dataset, send what its files lack, finish it. Each
//! step can be done by another program, or after a restart.

use std::io::{self, SeekFrom};

use bytes::Bytes;
use hanami_api::{
    Uuid,
    cluster::ByUuid,
    dataset::{
        CreateCsv, CreateMnist, CsvCreated, DatasetFinished, DatasetType, FileProgress, FinishCsv,
        FinishMnist, MnistCreated, Part, UploadProgress,
    },
};
use reqwest::{Method, header::CONTENT_RANGE};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

use crate::{ClientError, Hanami, Source, connection::name};

/// Bytes that are sent in one request, at most.
const PIECE: u64 = 4 << 20;

impl Hanami {
    /// Declares a dataset of images and labels whose files have these sizes in bytes.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if a size is 0 or too large.
    pub async fn declare_mnist(
        &self,
        dataset_name: &str,
        images: u64,
        labels: u64,
    ) -> Result<MnistCreated, ClientError> {
        let name = name(dataset_name)?;
        let body = CreateMnist { name, input_data_size: images, label_data_size: labels };
        self.post("/mnist/dataset", &body).await
    }

    /// Declares a dataset of a table whose file has this size in bytes.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if the size is 0 or too large.
    pub async fn declare_csv(
        &self,
        dataset_name: &str,
        table: u64,
    ) -> Result<CsvCreated, ClientError> {
        let body = CreateCsv { name: name(dataset_name)?, input_data_size: table };
        self.post("/csv/dataset", &body).await
    }

    /// What has arrived of the files of a dataset.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such dataset.
    pub async fn upload_progress(&self, dataset: Uuid) -> Result<UploadProgress, ClientError> {
        self.get("/dataset/progress", &ByUuid { uuid: dataset }).await
    }

    /// Sends what the server lacks of a file of a dataset. `progress` is told the bytes that have
    /// arrived and those there are. When it fails, it can be called again and goes on.
    ///
    /// # Errors
    ///
    /// [`ClientError::Size`] if `source` does not have the declared size, [`ClientError::File`] if
    /// it can't be read, [`ClientError::Refused`] if the dataset waits for no such file.
    pub async fn send_missing(
        &self,
        dataset: Uuid,
        part: Part,
        source: impl Into<Source>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<(), ClientError> {
        let files = self.upload_progress(dataset).await?.files;
        let Some(mut file) = files.into_iter().find(|file| file.part == part) else {
            return Err(ClientError::NothingToUpload { dataset });
        };
        let source = source.into();
        let found = size(&source).await?;
        if found != file.size {
            return Err(ClientError::Size { declared: file.size, found });
        }
        progress(file.received, file.size);
        while let Some(&[from, to]) = file.missing.first() {
            let to = to.min(from.saturating_add(PIECE));
            let piece = read(&source, from, to).await?;
            file = self.send_piece(&file, from, to, piece).await?;
            progress(file.received, file.size);
        }
        Ok(())
    }

    async fn send_piece(
        &self,
        file: &FileProgress,
        from: u64,
        to: u64,
        piece: Bytes,
    ) -> Result<FileProgress, ClientError> {
        let range = format!("bytes {from}-{}/{}", to - 1, file.size);
        self.send(Method::PUT, "/dataset/file", |request| {
            let query = ByUuid { uuid: file.uuid };
            request.query(&query).header(CONTENT_RANGE, &range).body(piece.clone())
        })
        .await
    }

    /// Finishes a dataset whose files have arrived; it is ready for tasks then.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if bytes are missing, or the files are not what they should be.
    pub async fn finish_upload(&self, dataset: Uuid) -> Result<(), ClientError> {
        let kind = self.dataset(dataset).await?.kind;
        let files = self.upload_progress(dataset).await?.files;
        let uuid_of = |part| {
            let file = files.iter().find(|file| file.part == part);
            file.map(|file| file.uuid).ok_or(ClientError::NothingToUpload { dataset })
        };
        let uuid_input_file = uuid_of(Part::Input)?;
        let DatasetFinished { .. } = match kind {
            DatasetType::Mnist => {
                let uuid_label_file = uuid_of(Part::Label)?;
                let finish = FinishMnist { uuid: dataset, uuid_input_file, uuid_label_file };
                self.put("/mnist/dataset", &finish).await?
            }
            DatasetType::Csv => {
                self.put("/csv/dataset", &FinishCsv { uuid: dataset, uuid_input_file }).await?
            }
        };
        Ok(())
    }
}

async fn size(source: &Source) -> Result<u64, ClientError> {
    match source {
        Source::Bytes(bytes) => Ok(bytes.len() as u64),
        Source::File(path) => match tokio::fs::metadata(path).await {
            Ok(found) => Ok(found.len()),
            Err(source) => Err(ClientError::File { path: path.clone(), source }),
        },
    }
}

/// The bytes from `from` up to `to`, which are inside the source.
async fn read(source: &Source, from: u64, to: u64) -> Result<Bytes, ClientError> {
    match source {
        Source::Bytes(bytes) => Ok(bytes.slice(from as usize..to as usize)),
        Source::File(path) => {
            let read = async {
                let mut file = File::open(path).await?;
                file.seek(SeekFrom::Start(from)).await?;
                let mut piece = vec![0; (to - from) as usize];
                file.read_exact(&mut piece).await?;
                Ok::<_, io::Error>(piece.into())
            };
            read.await.map_err(|source| ClientError::File { path: path.clone(), source })
        }
    }
}
