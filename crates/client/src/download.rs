//! Files that the server sends, taken in piece by piece.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};

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

    /// Writes all of it into the file `to`; answers its length in bytes. What is there is replaced
    /// once everything has arrived, and stays if that fails.
    ///
    /// # Errors
    ///
    /// As [`Download::next_piece`], and [`ClientError::Written`] if the file can't be written.
    pub async fn save(self, to: &Path) -> Result<u64, ClientError> {
        self.save_telling(to, |_| ()).await
    }

    /// Writes as [`Download::save`] does; `progress` is told the bytes that have arrived.
    ///
    /// # Errors
    ///
    /// As [`Download::save`].
    pub async fn save_telling(
        mut self,
        to: &Path,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, ClientError> {
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let written = |source| ClientError::Written { path: to.to_owned(), source };
        let saved = async {
            let mut file = File::create(&part).await.map_err(written)?;
            let mut length = 0;
            while let Some(piece) = self.next_piece().await? {
                file.write_all(&piece).await.map_err(written)?;
                length += piece.len() as u64;
                progress(length);
            }
            file.sync_all().await.map_err(written)?;
            fs::rename(&part, to).await.map_err(written)?;
            Ok(length)
        }
        .await;
        if saved.is_err() {
            // The first error says more than one of the cleaning up would.
            let _ = fs::remove_file(&part).await;
        }
        saved
    }
}

impl Hanami {
    /// Sends a GET request whose answer is a file.
    pub(crate) async fn download(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Download, ClientError> {
        let answer = self.open(Method::GET, path, |request| request.query(query)).await?;
        Ok(Download { transport: self.transport().clone(), answer })
    }
}
