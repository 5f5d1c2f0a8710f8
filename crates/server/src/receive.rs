//! Uploads over plain HTTP: a body becomes a part of a file, or a file of its own, piece by piece.
//!
//! As long as a body arrives, it holds a seat among its user's transfers. Each piece has its time, and
//! with each it is looked whether the user may still do this, and whether there is room for it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_RANGE;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hanami_api::ErrorCode;
use hanami_store::{Access, Resource, Scratch, Upload};
use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::auth::Right;
use crate::error::ApiError;
use crate::extract::{declared_length, refuse_larger, too_large};
use crate::seats::Seat;
use crate::state::{AppState, stop};

/// How long a piece may take to arrive, and longer for what has arrived of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of a piece that have to arrive in each second beyond [`PATIENCE`].
const SLOWEST: u64 = 16 << 10;

/// Bytes that are gathered before they are written.
const PIECE: usize = 1 << 20;

/// Stores the body of `request` as the part of a file that its headers say. When this returns, it
/// is durable; what has arrived is kept also if it fails.
pub(crate) async fn receive_part(
    state: &AppState,
    right: Right,
    request: Request,
    upload: &Arc<Upload>,
) -> Result<(), ApiError> {
    let range = declared(request.headers(), upload.size())?;
    let expected = range.end - range.start;
    let mut arrival = Arrival::begin(state, right, request)?;
    let mut position = range.start;
    loop {
        // What was gathered is kept, whatever comes of the rest.
        let gathered = arrival.gather().await;
        let mut piece = arrival.take();
        let left = range.end - position;
        let too_long = piece.len() as u64 > left;
        piece.truncate(left.min(piece.len() as u64) as usize);
        let left = left - piece.len() as u64;
        let (file, from) = (upload.clone(), position);
        position += piece.len() as u64;
        let written = tokio::task::spawn_blocking(move || file.write(from, &piece)).await;
        written.map_err(ApiError::internal)??;
        if too_long {
            let longer = format!("the body is longer than the {expected} bytes of its part");
            return Err(invalid(longer));
        }
        match gathered {
            Ok(true) => {}
            Ok(false) if left == 0 => return Ok(()),
            Ok(false) => {
                return Err(invalid(format!(
                    "the body ended {left} bytes before the {expected} that were declared"
                )));
            }
            Err(error) => {
                let detail = format!("{}; {left} bytes are missing", error.detail());
                return Err(ApiError::new(error.code(), detail));
            }
        }
    }
}

/// Receives the body of `request` as a file that is to become a checkpoint in the project of
/// `access`, as long as that may hold it.
pub(crate) async fn receive_checkpoint(
    state: &AppState,
    right: Right,
    access: &Access,
    request: Request,
) -> Result<Scratch, ApiError> {
    let limit = u64::from(state.settings.max_checkpoint_bytes.get());
    refuse_larger(&request, limit)?;
    let require_room = async |length: u64| {
        state.store.require_room(access.project_id(), Resource::CheckpointBytes, length).await
    };
    require_room(declared_length(request.headers()).unwrap_or(1)).await?;
    let mut arrival = Arrival::begin(state, right, request)?;
    let mut file = state.store.scratch().await?;
    loop {
        let more = arrival.gather().await?;
        let piece = arrival.take();
        let length = file.length() + piece.len() as u64;
        if length > limit {
            return Err(too_large(limit));
        }
        require_room(length).await?;
        file = file.append(piece).await?;
        if !more {
            return Ok(file);
        }
    }
}

/// A body that arrives, and what it takes.
struct Arrival {
    body: Pieces,
    right: Right,
    uploaded: Counter,
    _seat: Seat,
}

impl Arrival {
    fn begin(state: &AppState, right: Right, request: Request) -> Result<Self, ApiError> {
        Ok(Self {
            _seat: state.transfers.take(right.user())?,
            body: Pieces {
                body: request.into_body().into_data_stream().boxed(),
                piece: Vec::new(),
                patience: PATIENCE,
                stopping: state.stopping.subscribe(),
            },
            right,
            uploaded: state.metrics.upload_bytes.clone(),
        })
    }

    /// Gathers a piece; says whether there may be more after it.
    async fn gather(&mut self) -> Result<bool, ApiError> {
        let more = self.body.gather().await?;
        self.right.confirm_if_in_doubt().await?;
        Ok(more)
    }

    /// The piece that was gathered.
    fn take(&mut self) -> Vec<u8> {
        let piece = std::mem::take(&mut self.body.piece);
        self.uploaded.inc_by(piece.len() as u64);
        piece
    }
}

/// A body, piece by piece.
struct Pieces {
    body: BoxStream<'static, Result<Bytes, axum::Error>>,
    /// What was gathered and not taken yet.
    piece: Vec<u8>,
    patience: Duration,
    stopping: watch::Receiver<bool>,
}

impl Pieces {
    /// Gathers a piece; says whether there may be more after it.
    async fn gather(&mut self) -> Result<bool, ApiError> {
        let start = Instant::now();
        while self.piece.len() < PIECE {
            let grown = Duration::from_secs(self.piece.len() as u64 / SLOWEST);
            let next = timeout_at(start + self.patience + grown, self.body.next());
            let next = tokio::select! {
                biased;
                () = stop(&mut self.stopping) => {
                    let detail = "the server is stopping; go on with the upload when it is back";
                    return Err(ApiError::new(ErrorCode::Unavailable, detail));
                }
                next = next => next,
            };
            match next.map_err(|_| invalid("the body arrives too slowly"))? {
                None => return Ok(false),
                Some(Err(_)) => return Err(invalid("the body broke off")),
                Some(Ok(bytes)) => self.piece.extend_from_slice(&bytes),
            }
        }
        Ok(true)
    }
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
    match declared_length(headers) {
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

fn invalid(detail: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidBody, detail)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

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
        let arrives = stream::iter([Ok(Bytes::from_static(b"first bytes"))]);
        let (_stopping, receiver) = watch::channel(false);
        let mut pieces = Pieces {
            body: arrives.chain(stream::pending()).boxed(),
            piece: Vec::new(),
            patience: Duration::from_millis(20),
            stopping: receiver,
        };
        let error = pieces.gather().await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidBody);
        assert!(error.detail().contains("too slowly"), "{}", error.detail());
        assert_eq!(pieces.piece, b"first bytes");
    }
}
