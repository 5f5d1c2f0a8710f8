//! Files that the server sends, taken in piece by piece.

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::{ClientError, Hanami, transport::Transport};

/// A file that is arriving.
#[derive(Debug)]
pub struct Download {
    transport: Transport,
    answer: reqwest::Response,
}

impl Download {
    /// The size of the file in bytes, if the server told it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.answer.content_length()
    }

    /// The next bytes; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`ClientError::Connection`] if the download breaks off: the file is not complete then.
    pub async fn next_piece(&mut self) -> Result<Option<Bytes>, ClientError> {
        let piece = self.answer.chunk().await;
        piece.map_err(|error| self.transport.error("downloading", error))
    }

    /// Writes all of the file to `out`; returns its length in bytes.
    ///
    /// # Errors
    ///
    /// As [`Download::next_piece`], and if `out` can't be written.
    pub async fn save(mut self, out: &mut (impl AsyncWrite + Unpin)) -> Result<u64, ClientError> {
        let mut length = 0;
        while let Some(piece) = self.next_piece().await? {
            out.write_all(&piece).await.map_err(ClientError::Output)?;
            length += piece.len() as u64;
        }
        out.flush().await.map_err(ClientError::Output)?;
        Ok(length)
    }
}

impl Hanami {
    pub(crate) async fn download(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Download, ClientError> {
        let answer = self.open(Method::GET, path, |request| request.query(query)).await?;
        Ok(Download { transport: self.transport().clone(), answer })
    }
}
