//! Checkpoints as files: `/control/v1/checkpoint/download`, `/control/v1/checkpoint/upload`.

use hanami_api::{
    Uuid,
    checkpoint::{CheckpointUploaded, UploadCheckpoint},
    cluster::ByUuid,
};
use reqwest::{Body, Method, header::CONTENT_LENGTH};

use crate::{ClientError, Download, Hanami, Source, connection::name, upload::open_file};

impl Hanami {
    /// Downloads a checkpoint as a file that any server takes with [`Hanami::upload_checkpoint`].
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint.
    pub async fn download_checkpoint(&self, uuid: Uuid) -> Result<Download, ClientError> {
        self.download("/checkpoint/download", &ByUuid { uuid }).await
    }

    /// Uploads a checkpoint that was downloaded, from a file or from memory; answers its uuid on
    /// this server.
    ///
    /// # Errors
    ///
    /// [`ClientError::File`] if the file can't be read, [`ClientError::Refused`] if it is no
    /// checkpoint or too large.
    pub async fn upload_checkpoint(
        &self,
        checkpoint_name: &str,
        source: impl Into<Source>,
    ) -> Result<Uuid, ClientError> {
        let query = UploadCheckpoint { name: name(checkpoint_name)? };
        let (size, body) = body(source.into()).await?;
        // The file is sent once: an expired token has to show before that.
        self.identity().await?;
        let token = Some(self.token().await);
        let fill = |request: reqwest::RequestBuilder| {
            request.query(&query).header(CONTENT_LENGTH, size).body(body)
        };
        let answer = self.transport().send(Method::POST, "/checkpoint/upload", token, fill);
        let uploaded: CheckpointUploaded = answer.await?;
        Ok(uploaded.uuid)
    }
}

/// A source as the body of a request, and its size in bytes.
async fn body(source: Source) -> Result<(u64, Body), ClientError> {
    match source {
        Source::Bytes(bytes) => Ok((bytes.len() as u64, bytes.into())),
        Source::File(path) => {
            let opened = open_file(&path).await;
            let (size, file) = opened.map_err(|source| ClientError::File { path, source })?;
            Ok((size, file.into()))
        }
    }
}
