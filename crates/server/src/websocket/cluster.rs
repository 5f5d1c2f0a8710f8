//! A cluster in direct mode: values in, values out, one sample at a time.
//!
//! The protocol has no frame for errors. A frame that can't be served closes the connection with
//! the reason; nothing is learned from it.

use axum::body::Bytes;
use axum::extract::ws::{Message, close_code};
use hanami_api::frames::{ClusterIoMessage, ClusterProcessType, FrameError, Message as _};
use hanami_engine::DirectSession;

use super::wire::{Refusal, Wire};
use crate::error::ApiError;

/// Answers frames until the connection is over, or until a frame can't be served.
pub(super) async fn serve(wire: &mut Wire, mut session: DirectSession) -> Result<(), Refusal> {
    while let Some(message) = wire.next().await {
        let Message::Binary(frame) = message else {
            let reason = "a text message; frames are binary ClusterIO_Messages";
            return Err(Refusal::new(close_code::UNSUPPORTED, reason));
        };
        let answer = answer(&mut session, frame).await?;
        wire.send(Message::Binary(answer.encode_to_vec().into())).await;
    }
    Ok(())
}

async fn answer(session: &mut DirectSession, frame: Bytes) -> Result<ClusterIoMessage, Refusal> {
    let (message, process) = ClusterIoMessage::read(frame).map_err(|error| match error {
        FrameError::Message(_) => Refusal::new(close_code::INVALID, error.to_string()),
        FrameError::Process(_) | FrameError::Count { .. } => Refusal::policy(error.to_string()),
    })?;
    let ClusterIoMessage { brick_name, is_last, values, .. } = message;
    let training = process == ClusterProcessType::TrainType;
    session.fill(&brick_name, training, &values).map_err(ApiError::from)?;
    if !is_last {
        return Ok(ClusterIoMessage::acknowledgement(brick_name, process));
    }
    if training {
        session.train().await.map_err(ApiError::from)?;
        return Ok(ClusterIoMessage::acknowledgement(brick_name, process));
    }
    let (brick, values) = session.request().await.map_err(ApiError::from)?;
    Ok(ClusterIoMessage::with_values(brick.to_owned(), true, process, values.to_vec()))
}
