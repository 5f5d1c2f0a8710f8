//! One piece of a file, sent over plain HTTP or a websocket.

use std::ops::Range;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hanami_api::{
    direct::{Hello, Target, Welcome},
    frames::{FileUploadMessage, FileUploadResponseMessage, Message as _},
};
use hanami_client::{ClientError, Hanami, Uuid};
use reqwest::{Method, header::CONTENT_RANGE};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::http::Http;

/// How bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Http,
    Websocket,
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

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
        Way::Websocket => over_websocket(hanami, file.uuid, range.start, piece).await,
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

async fn over_websocket(
    hanami: &Hanami,
    file: Uuid,
    position: u64,
    data: Bytes,
) -> Result<(), Fault> {
    let address = hanami.address().replacen("http", "ws", 1);
    let (mut socket, _) = connect_async(format!("{address}/")).await?;
    let token = hanami.access_token().await;
    let hello = Hello { token, target: Target::FileUpload, uuid: file };
    socket.send(Message::text(serde_json::to_string(&hello)?)).await?;
    let answer = socket.next().await.ok_or("no welcome")??;
    let welcome: Welcome = serde_json::from_slice(&answer.into_data())?;
    if !welcome.success {
        return Err(welcome.error.unwrap_or_default().into());
    }
    let chunk = FileUploadMessage { position, data }.encode_to_vec();
    socket.send(Message::binary(chunk)).await?;
    let answer = socket.next().await.ok_or("no answer")??;
    let answer = FileUploadResponseMessage::decode(answer.into_data())?;
    if answer.success { Ok(()) } else { Err(answer.error_message.into()) }
}
