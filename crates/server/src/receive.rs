//! Uploads over plain HTTP: a body becomes a part of a file, piece by piece.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderName};
use futures_util::{Stream, StreamExt};
use hanami_api::ErrorCode;
use hanami_store::Upload;
use prometheus_client::metrics::counter::Counter;

use crate::error::ApiError;
use crate::state::AppState;

/// How long the next bytes of a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes that are gathered before they are written and synced.
const PIECE: usize = 1 << 20;

/// Stores the body of `request` as the part of a file that its headers say. When this returns, it
/// is durable; what has arrived is kept also if it fails.
pub(crate) async fn receive(
    state: &AppState,
    request: Request,
    upload: &Arc<Upload>,
) -> Result<(), ApiError> {
    let _permit = state.transfers.clone().try_acquire_owned().map_err(|_| {
        ApiError::new(ErrorCode::TooMany, "too many uploads and downloads are under way")
    })?;
    let (head, body) = request.into_parts();
    let range = declared(&head.headers, upload.size())?;
    let mut stopping = state.stopping.subscribe();
    let arrived = &state.metrics.upload_bytes;
    let mut receiver = Receiver { upload, arrived, position: range.start, piece: Vec::new() };
    let outcome = tokio::select! {
        outcome = receiver.take(Body::into_data_stream(body), range, PATIENCE) => outcome,
        _ = stopping.wait_for(|stopping| *stopping) => {
            Err(ApiError::new(ErrorCode::Unavailable, "the server is stopping; go on with the upload when it is back"))
        }
    };
    receiver.flush().await?;
    outcome
}

/// The bytes of a file of `size` bytes that a request with these headers brings.
fn declared(headers: &HeaderMap, size: u64) -> Result<Range<u64>, ApiError> {
    let range = match headers.get(CONTENT_RANGE) {
        None => 0..size,
        Some(value) => {
            let parsed = value.to_str().ok().and_then(parse_range);
            let (range, total) = parsed.ok_or_else(|| {
                invalid(
                    "the header `Content-Range` is not of the form `bytes <from>-<to>/<size>`, \
                         for instance `bytes 0-1023/4096` for the first 1024 of 4096 bytes",
                )
            })?;
            if total != size || range.end > size {
                return Err(invalid(format!(
                    "the header `Content-Range` does not fit the declared size of {size} bytes"
                )));
            }
            range
        }
    };
    let expected = range.end - range.start;
    match number(headers, &CONTENT_LENGTH) {
        Some(length) if length != expected => Err(invalid(format!(
            "the body has {length} bytes instead of {expected}; name the part of the file that it \
             is in the header `Content-Range: bytes <from>-<to>/{size}`"
        ))),
        _ => Ok(range),
    }
}

/// Reads `bytes <from>-<to>/<size>`; `to` is the last byte.
fn parse_range(text: &str) -> Option<(Range<u64>, u64)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if ![from, to, total].into_iter().all(digits) {
        return None;
    }
    let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    let range = from..to.checked_add(1)?;
    (!range.is_empty()).then_some((range, total.parse().ok()?))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn invalid(detail: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidBody, detail)
}

/// Gathers a body and writes it in pieces.
struct Receiver<'u> {
    upload: &'u Arc<Upload>,
    /// Counts the bytes.
    arrived: &'u Counter,
    /// Where the piece belongs.
    position: u64,
    piece: Vec<u8>,
}

impl Receiver<'_> {
    /// Takes in a body until its end. The last piece is left to be flushed.
    async fn take<E>(
        &mut self,
        body: impl Stream<Item = Result<Bytes, E>>,
        range: Range<u64>,
        patience: Duration,
    ) -> Result<(), ApiError> {
        let mut body = std::pin::pin!(body);
        let expected = range.end - range.start;
        loop {
            let left = range.end - self.position - self.piece.len() as u64;
            let next = tokio::time::timeout(patience, body.next()).await.map_err(|_| {
                let seconds = patience.as_secs();
                invalid(format!("nothing arrived for {seconds} seconds; {left} bytes are missing"))
            })?;
            match next {
                None if left == 0 => return Ok(()),
                None => {
                    return Err(invalid(format!(
                        "the body ended {left} bytes before the {expected} that were declared"
                    )));
                }
                Some(Err(_)) => {
                    return Err(invalid(format!("the body broke off; {left} bytes are missing")));
                }
                Some(Ok(bytes)) => {
                    let fits = left.min(bytes.len() as u64) as usize;
                    self.piece.extend_from_slice(&bytes[..fits]);
                    if fits < bytes.len() {
                        return Err(invalid(format!(
                            "the body is longer than the {expected} bytes that were declared"
                        )));
                    }
                    if self.piece.len() >= PIECE {
                        self.flush().await?;
                    }
                }
            }
        }
    }

    /// Writes what was gathered, durably.
    async fn flush(&mut self) -> Result<(), ApiError> {
        let (upload, position) = (self.upload.clone(), self.position);
        let piece = std::mem::take(&mut self.piece);
        let length = piece.len() as u64;
        self.position += length;
        let written = tokio::task::spawn_blocking(move || upload.write(position, &piece)).await;
        written.map_err(ApiError::internal)??;
        self.arrived.inc_by(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use hanami_store::{Access, DatasetKind, FileRole, NewDataset, Store};

    use super::*;

    #[test]
    fn a_range_is_read_with_its_last_byte() {
        assert_eq!(parse_range("bytes 0-0/1"), Some((0..1, 1)));
        assert_eq!(parse_range(" bytes 10-19/100 "), Some((10..20, 100)));
        for wrong in ["bytes 1-0/2", "bytes 0-1", "bytes 0-1/*", "bytes -1/2", "bytes 0-+1/2"] {
            assert_eq!(parse_range(wrong), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_body_that_falls_silent_is_given_up_and_what_arrived_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let access = Access::granted("anna", "anna", "garden", "member", false, false);
        let new = NewDataset { name: "table".into(), kind: DatasetKind::Csv };
        let made = store.create_dataset(&access, new, &[(FileRole::Input, 100)]).await.unwrap();
        let upload = store.open_upload(&access, made.1[0].uuid).await.unwrap();

        let arrives = stream::iter([Ok::<_, ()>(Bytes::from_static(b"first bytes"))]);
        let body = arrives.chain(stream::pending());
        let arrived = Counter::default();
        let mut receiver =
            Receiver { upload: &upload, arrived: &arrived, position: 20, piece: Vec::new() };
        let error = receiver.take(body, 20..100, Duration::from_millis(20)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidBody);
        assert!(error.detail().contains("69 bytes are missing"), "{}", error.detail());
        receiver.flush().await.unwrap();
        assert_eq!((upload.missing(), arrived.get()), (vec![0..20, 31..100], 11));
    }
}
