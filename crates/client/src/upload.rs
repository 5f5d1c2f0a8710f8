//! Uploads: declare a dataset, send its files over websockets, finish it.

use std::{
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use hanami_api::{
    Uuid,
    dataset::{
        CreateCsv, CreateMnist, CsvCreated, DatasetFinished, FinishCsv, FinishMnist, MnistCreated,
    },
    direct::Target,
    frames::{FileUploadMessage, FileUploadResponseMessage},
    limits::UPLOAD_CHUNK_BYTES,
};
use tokio::{
    fs::File,
    io::{AsyncReadExt, Take},
};

use crate::{ClientError, Hanami, connection::name, socket::Socket};

/// Chunks sent ahead of their answers, so that a far server's line is kept full.
const CHUNKS_IN_FLIGHT: usize = 8;

/// Where the bytes of an upload come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Memory.
    Bytes(Bytes),
    /// A file, read while it is sent.
    File(PathBuf),
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl Hanami {
    /// Uploads a pair of IDX files, images and labels, as a dataset; returns its uuid once it is
    /// ready for tasks. `progress` is told the bytes that have arrived and those there are.
    ///
    /// When the upload fails the half of the dataset that did arrive is deleted again.
    ///
    /// # Errors
    ///
    /// [`ClientError::File`] if a file can't be read, [`ClientError::Refused`] if the files are no
    /// IDX files or do not belong together.
    pub async fn upload_mnist(
        &self,
        dataset_name: &str,
        images: impl Into<Source>,
        labels: impl Into<Source>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Uuid, ClientError> {
        let images = Upload::open(images.into()).await?;
        let labels = Upload::open(labels.into()).await?;
        let body = CreateMnist {
            name: name(dataset_name)?,
            input_data_size: images.size,
            label_data_size: labels.size,
        };
        let created: MnistCreated = self.post("/mnist/dataset", &body).await?;
        let finish = FinishMnist {
            uuid: created.uuid,
            uuid_input_file: created.uuid_input_file,
            uuid_label_file: created.uuid_label_file,
        };
        let (first, total) = (labels.size, labels.size + images.size);
        let outcome = async {
            // The short file first: the token may expire while the long one is on its way.
            self.send_file(finish.uuid_label_file, labels, |sent| progress(sent, total)).await?;
            self.send_file(finish.uuid_input_file, images, |sent| {
                progress(first + sent, total);
            })
            .await?;
            self.put("/mnist/dataset", &finish).await
        }
        .await;
        self.finished(created.uuid, outcome).await
    }

    /// Uploads a table as a dataset: comma separated, names of the columns in the first line;
    /// otherwise as [`Hanami::upload_mnist`].
    ///
    /// # Errors
    ///
    /// [`ClientError::File`] if the file can't be read, [`ClientError::Refused`] if it is no table.
    pub async fn upload_csv(
        &self,
        dataset_name: &str,
        table: impl Into<Source>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Uuid, ClientError> {
        let table = Upload::open(table.into()).await?;
        let body = CreateCsv { name: name(dataset_name)?, input_data_size: table.size };
        let created: CsvCreated = self.post("/csv/dataset", &body).await?;
        let finish = FinishCsv { uuid: created.uuid, uuid_input_file: created.uuid_input_file };
        let total = table.size;
        let outcome = async {
            self.send_file(finish.uuid_input_file, table, |sent| progress(sent, total)).await?;
            self.put("/csv/dataset", &finish).await
        }
        .await;
        self.finished(created.uuid, outcome).await
    }

    /// The uuid of a dataset whose upload went well; otherwise deletes what arrived.
    async fn finished(
        &self,
        dataset: Uuid,
        outcome: Result<DatasetFinished, ClientError>,
    ) -> Result<Uuid, ClientError> {
        match outcome {
            Ok(finished) => Ok(finished.uuid),
            Err(error) => {
                // The first error says more than one of the cleaning up would.
                let _ = self.delete_dataset(dataset).await;
                Err(error)
            }
        }
    }

    async fn send_file(
        &self,
        uuid: Uuid,
        mut upload: Upload,
        mut progress: impl FnMut(u64),
    ) -> Result<(), ClientError> {
        let mut socket = Socket::open(self, Target::FileUpload, uuid).await?;
        let size = upload.size;
        let mut arrived = 0;
        let mut tell = || {
            arrived = size.min(arrived + UPLOAD_CHUNK_BYTES as u64);
            progress(arrived);
        };
        while let Some(chunk) = upload.next_chunk().await? {
            if socket.unanswered() == CHUNKS_IN_FLIGHT {
                accepted(socket.receive().await?)?;
                tell();
            }
            socket.feed(&chunk).await?;
            socket.flush().await?;
        }
        while socket.unanswered() > 0 {
            accepted(socket.receive().await?)?;
            tell();
        }
        socket.close().await
    }
}

fn accepted(answer: FileUploadResponseMessage) -> Result<(), ClientError> {
    if answer.success { Ok(()) } else { Err(ClientError::WebsocketRefused(answer.error_message)) }
}

/// A source, opened, and how far it has been read.
struct Upload {
    size: u64,
    position: u64,
    data: Data,
}

enum Data {
    Bytes(Bytes),
    // No more is read than was declared, even if the file grows meanwhile.
    File(PathBuf, Take<File>),
}

impl Upload {
    async fn open(source: Source) -> Result<Self, ClientError> {
        let (size, data) = match source {
            Source::Bytes(bytes) => (bytes.len() as u64, Data::Bytes(bytes)),
            Source::File(path) => match open_file(&path).await {
                Ok((size, file)) => (size, Data::File(path, file.take(size))),
                Err(source) => return Err(ClientError::File { path, source }),
            },
        };
        Ok(Self { size, position: 0, data })
    }

    async fn next_chunk(&mut self) -> Result<Option<FileUploadMessage>, ClientError> {
        let data = match &mut self.data {
            Data::Bytes(bytes) => bytes.split_to(UPLOAD_CHUNK_BYTES.min(bytes.len())),
            Data::File(path, file) => read_chunk(file)
                .await
                .map_err(|source| ClientError::File { path: path.clone(), source })?,
        };
        if data.is_empty() {
            return Ok(None);
        }
        let position = self.position;
        self.position += data.len() as u64;
        Ok(Some(FileUploadMessage { position, data }))
    }
}

/// A file and its size in bytes.
pub(crate) async fn open_file(path: &Path) -> io::Result<(u64, File)> {
    let file = File::open(path).await?;
    let size = file.metadata().await?.len();
    Ok((size, file))
}

/// The next bytes of a file, a whole chunk unless it is the last; none at its end.
async fn read_chunk(file: &mut Take<File>) -> io::Result<Bytes> {
    let mut chunk = Vec::new();
    file.take(UPLOAD_CHUNK_BYTES as u64).read_to_end(&mut chunk).await?;
    Ok(chunk.into())
}
