//! Checkpoints as files: `/control/v1/checkpoint/download`, `/control/v1/checkpoint/upload`.

use std::path::Path;

use hanami_api::{
    Uuid,
    checkpoint::{CheckpointUploaded, UploadCheckpoint},
    cluster::ByUuid,
};
use reqwest::{Body, Method, header::CONTENT_LENGTH};
use tokio::{fs::File, io::AsyncWriteExt};

use crate::{ClientError, Hanami, Source, connection::name, upload::open_file};

impl Hanami {
    /// Downloads a checkpoint into the file `to`, replacing what is there; answers its size in
    /// bytes. Any server takes it with [`Hanami::upload_checkpoint`]. A file that did not arrive
    /// whole is removed again.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such checkpoint, [`ClientError::Written`] if the
    /// file can't be written.
    pub async fn download_checkpoint(&self, uuid: Uuid, to: &Path) -> Result<u64, ClientError> {
        let written = |source| ClientError::Written { path: to.to_owned(), source };
        let query = ByUuid { uuid };
        let path = "/checkpoint/download";
        let mut answer = self.open(Method::GET, path, |request| request.query(&query)).await?;
        let mut file = File::create(to).await.map_err(written)?;
        let outcome = async {
            let mut size = 0;
            let broken = |error| self.transport().error("downloading a checkpoint", error);
            while let Some(piece) = answer.chunk().await.map_err(broken)? {
                file.write_all(&piece).await.map_err(written)?;
                size += piece.len() as u64;
            }
            file.sync_all().await.map_err(written)?;
            Ok(size)
        }
        .await;
        if outcome.is_err() {
            // The first error says more than one of the cleaning up would.
            let _ = tokio::fs::remove_file(to).await;
        }
        outcome
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
