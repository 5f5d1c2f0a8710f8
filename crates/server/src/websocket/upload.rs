//! The upload of one file, piece by piece.
//!
//! Every frame is answered, a bad one with the reason; the connection stays.

use std::sync::Arc;

use axum::extract::ws::Message;
use hanami_api::ErrorCode;
use hanami_api::frames::{FileUploadMessage, FileUploadResponseMessage, Message as _};
use hanami_store::Upload;

use super::guest::Guest;
use super::wire::Wire;
use crate::error::ApiError;

/// Answers frames until the connection is over.
pub(super) async fn serve(wire: &mut Wire, upload: Arc<Upload>, guest: &Guest<'_>) {
    while let Some(message) = wire.next().await {
        let error_message = match store(&upload, message).await {
            Ok(bytes) => {
                guest.uploaded(bytes);
                String::new()
            }
            Err(error) => {
                guest.note(&error).await;
                error.detail().to_owned()
            }
        };
        let answer = FileUploadResponseMessage { success: error_message.is_empty(), error_message };
        wire.send(Message::Binary(answer.encode_to_vec().into())).await;
    }
}

/// Stores the piece in a frame; answers its size. When it returns, the piece is durable.
async fn store(upload: &Arc<Upload>, message: Message) -> Result<usize, ApiError> {
    let invalid = |reason: String| ApiError::new(ErrorCode::InvalidBody, reason);
    let Message::Binary(frame) = message else {
        return Err(invalid("a text message; frames are binary FileUpload_Messages".to_owned()));
    };
    let FileUploadMessage { position, data } = FileUploadMessage::decode(frame)
        .map_err(|error| invalid(format!("not a FileUpload_Message: {error}")))?;
    let (upload, size) = (upload.clone(), data.len());
    let written = tokio::task::spawn_blocking(move || upload.write(position, &data)).await;
    written.map_err(ApiError::internal)??;
    Ok(size)
}
