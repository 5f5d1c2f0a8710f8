//! One piece of a file, sent over plain HTTP or a websocket.

use std::ops::Range;

use bytes::Bytes;
use hanami_client::{ClientError, Hanami, Uuid};
use reqwest::{Method, header::CONTENT_RANGE};

use crate::{
    http::Http,
    socket::{self, Fault},
};

/// How bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Http,
    Websocket,
}

/// Sends the bytes `range` of the one file that `dataset` waits for.
pub(super) async fn send(
    hanami: &Hanami,
    dataset: Uuid,
    range: Range<u64>,
    piece: Bytes,
    way: Way,
) -> Result<(), ClientError> {
    let progress = hanami.upload_progress(dataset).await?;
    let file = progress.files.first().ok_or(ClientError::NothingToUpload { dataset })?;
    let sent = match way {
        Way::Http => over_http(hanami, file.uuid, range, file.size, piece).await,
        Way::Websocket => socket::send_piece(hanami, file.uuid, range.start, piece).await,
    };
    sent.map_err(|source| ClientError::Connection {
        address: hanami.address(),
        doing: "uploading a piece",
        source,
    })
}

async fn over_http(
    hanami: &Hanami,
    file: Uuid,
    range: Range<u64>,
    size: u64,
    piece: Bytes,
) -> Result<(), Fault> {
    let http = Http::new(&hanami.address())?;
    let path = format!("/dataset/file?uuid={file}");
    let request = http.request(Method::PUT, &path, &hanami.access_token().await);
    let range = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    let answer = request.header(CONTENT_RANGE, range).body(piece).send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    if status.is_success() { Ok(()) } else { Err(format!("{status}: {body}").into()) }
}
