//! Downloads: a body that is made piece by piece while the client takes it.
//!
//! A task makes the pieces, one ahead of the client; no thread waits for a client that is slow. The
//! task ends when the client goes, or takes nothing for a minute. A body that can't be completed
//! breaks off, so that no client takes a part for the whole.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures_util::stream;
use hanami_dataset::Export;
use hanami_engine::{CheckpointExport, EngineError, ResultExport};
use hanami_store::Access;
use tokio::sync::mpsc;

use crate::error::ApiError;
use crate::seats::Seat;
use crate::state::AppState;

/// How long a client may take to make room for the next piece.
const PATIENCE: Duration = Duration::from_mins(1);

const CSV: &str = "text/csv; charset=utf-8; header=present";
const BYTES: &str = "application/octet-stream";

/// A download that may begin.
pub(crate) struct Download {
    /// What the client is told of the file.
    disposition: HeaderValue,
    seat: Seat,
}

impl Download {
    /// A download of a file with this name. The rules for names make sure that it needs no quoting.
    pub(crate) fn new(
        state: &AppState,
        access: &Access,
        file_name: &str,
    ) -> Result<Self, ApiError> {
        let seat = state.transfers.take(access.user_id())?;
        let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\""));
        Ok(Self { disposition: disposition.map_err(ApiError::internal)?, seat })
    }

    /// The answer that sends a file of a dataset.
    pub(crate) fn dataset(self, mut export: Export) -> Response {
        let length = export.length();
        // Only the length of a table is not known before it is written.
        let kind = if length.is_some() { BYTES } else { CSV };
        self.answer(kind, length, move || Ok(export.next_piece()?))
    }

    /// The answer that sends a checkpoint.
    pub(crate) fn checkpoint(self, mut export: CheckpointExport) -> Response {
        let length = export.length();
        self.answer(BYTES, Some(length), move || export.next_piece())
    }

    /// The answer that sends a request result.
    pub(crate) fn result(self, mut export: ResultExport) -> Response {
        self.answer(CSV, None, move || export.next_piece())
    }

    fn answer(
        self,
        kind: &'static str,
        length: Option<u64>,
        next_piece: impl FnMut() -> Result<Option<Vec<u8>>, EngineError> + Send + 'static,
    ) -> Response {
        let (sender, receiver) = mpsc::channel(1);
        let seat = self.seat;
        tokio::spawn(async move {
            if let Err(error) = send_pieces(&sender, next_piece).await {
                tracing::error!(%error, "a download breaks off");
            }
            drop(seat);
        });
        let mut response = Response::new(body(receiver));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CONTENT_DISPOSITION, self.disposition);
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        response
    }
}

/// A piece of a body; `None` says that there are no more.
type Piece = Option<Vec<u8>>;

/// Sends all pieces and the end, unless the client goes or stalls.
async fn send_pieces(
    sender: &mpsc::Sender<Piece>,
    mut next_piece: impl FnMut() -> Result<Piece, EngineError> + Send + 'static,
) -> Result<(), EngineError> {
    loop {
        let made = tokio::task::spawn_blocking(move || {
            let piece = next_piece();
            (piece, next_piece)
        });
        let (piece, same) = made.await.map_err(|panic| EngineError::Fault(panic.to_string()))?;
        next_piece = same;
        let piece = piece?;
        let is_last = piece.is_none();
        let sent = sender.send_timeout(piece, PATIENCE).await;
        if is_last || sent.is_err() {
            return Ok(());
        }
    }
}

/// A body of the pieces that arrive; it fails if they end without saying so.
fn body(receiver: mpsc::Receiver<Piece>) -> Body {
    Body::from_stream(stream::try_unfold(receiver, async |mut receiver| {
        match receiver.recv().await {
            Some(Some(piece)) => Ok(Some((Bytes::from(piece), receiver))),
            Some(None) => Ok(None),
            None => Err(io::Error::other("the download broke off")),
        }
    }))
}
