//! Websockets to a server: a piece of a file, and sums for a cluster in direct mode.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hanami_api::{
    direct::{Hello, Target, Welcome},
    frames::{FileUploadMessage, FileUploadResponseMessage, Message as _},
};
use hanami_client::{ClientError, Direct, Hanami, Uuid};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::data::Sample;

/// What went wrong.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Sends bytes of a file, which belong at this position. What the server refuses is a
/// [`ClientError::WebsocketRefused`].
pub(crate) async fn send_piece(
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
        return Err(ClientError::WebsocketRefused(welcome.error.unwrap_or_default()).into());
    }
    let chunk = FileUploadMessage { position, data }.encode_to_vec();
    socket.send(Message::binary(chunk)).await?;
    let answer = socket.next().await.ok_or("no answer")??;
    let answer = FileUploadResponseMessage::decode(answer.into_data())?;
    if answer.success {
        return Ok(());
    }
    Err(ClientError::WebsocketRefused(answer.error_message).into())
}

/// Teaches a cluster in direct mode one sum.
pub(crate) async fn teach(direct: &mut Direct, sample: Sample) -> Result<(), ClientError> {
    let [left, right, sum] = sample;
    direct.train(&[("left", &[left]), ("right", &[right])], &[("sum", &[sum])]).await
}

/// Asks a cluster in direct mode for one sum.
pub(crate) async fn ask(direct: &mut Direct, sample: Sample) -> Result<Vec<f32>, ClientError> {
    let [left, right, _] = sample;
    direct.request(&[("left", &[left]), ("right", &[right])]).await
}
