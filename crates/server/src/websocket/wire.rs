//! A websocket as the two protocols on it see it: messages in, answers out, and an orderly end.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use hanami_api::ErrorCode;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::auth::Right;
use crate::error::ApiError;
use crate::state::{AppState, stop};

/// How often the client is pinged, which keeps routers in between from forgetting the connection.
const PING: Duration = Duration::from_secs(30);

/// How long a client may take to make room for an answer. One that does not read what it asked
/// for would hold its connection for ever.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// How long the client may take to end its side after the server has said why it closes.
const FAREWELL: Duration = Duration::from_secs(1);

/// Most bytes in the reason of a close frame (RFC 6455, section 5.5).
const MAX_REASON: usize = 123;

/// Why the server closes a connection.
#[derive(Debug)]
pub(super) struct Refusal {
    code: u16,
    reason: String,
    error: Option<ApiError>,
}

impl Refusal {
    /// `code` as in RFC 6455, section 7.4; of `reason` as much as fits is sent.
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        Self { code, reason, error: None }
    }

    /// The client has broken a rule.
    pub(super) fn policy(reason: impl Into<String>) -> Self {
        Self::new(close_code::POLICY, reason)
    }

    /// What the client is told.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// The error behind it, if one was.
    pub(super) fn error(&self) -> Option<&ApiError> {
        self.error.as_ref()
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let code = match error.code() {
            ErrorCode::Internal => close_code::ERROR,
            ErrorCode::Unavailable | ErrorCode::StorageFull | ErrorCode::TooMany => {
                close_code::AGAIN
            }
            _ => close_code::POLICY,
        };
        let refusal = Self::new(code, error.detail());
        Self { error: Some(error), ..refusal }
    }
}

/// An open websocket.
pub(super) struct Wire {
    socket: WebSocket,
    stopping: watch::Receiver<bool>,
    /// What allows the connection, once its client has said who they are.
    right: Option<Right>,
    /// When it ends with its token, if it does.
    ends: Option<Instant>,
    pings: Interval,
    idle: Duration,
    last_message: Instant,
    /// Set once an answer could not be sent: there is nobody to talk to any more.
    gone: bool,
}

impl Wire {
    pub(super) fn new(state: &AppState, socket: WebSocket) -> Self {
        let idle = Duration::from_secs(state.settings.websocket_idle_seconds.get().into());
        let period = PING.min(idle);
        let mut pings = tokio::time::interval_at(Instant::now() + period, period);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            socket,
            stopping: state.stopping.subscribe(),
            right: None,
            ends: None,
            pings,
            idle,
            last_message: Instant::now(),
            gone: false,
        }
    }

    /// From now on the connection ends with `right`, and with its token if that `ends` it.
    pub(super) fn rests_on(&mut self, right: Right, ends: Option<Instant>) {
        (self.right, self.ends) = (Some(right), ends);
    }

    /// The next text or binary message. `None` when the connection is over: the client closed it
    /// or is gone, was silent for too long, sent what is no message or too large, the user has lost
    /// their place or right, the token has ended that the connection ends with, or the server stops; the client has then been told.
    pub(super) async fn next(&mut self) -> Option<Message> {
        let refusal = loop {
            if self.gone {
                return None;
            }
            tokio::select! {
                biased;
                () = stop(&mut self.stopping) => {
                    break Refusal::new(close_code::AWAY, "the server is stopping");
                }
                () = end(self.ends) => {
                    break Refusal::policy("the token has expired; log in again");
                }
                () = in_doubt(&mut self.right) => {
                    if let Err(error) = confirm(self.right.as_ref()).await {
                        break error.into();
                    }
                }
                message = self.socket.recv() => {
                    self.last_message = Instant::now();
                    match message? {
                        Ok(message @ (Message::Text(_) | Message::Binary(_))) => return Some(message),
                        Ok(Message::Ping(_) | Message::Pong(_)) => {}
                        Ok(Message::Close(_)) => return None,
                        Err(error) => break Refusal::policy(error.to_string()),
                    }
                }
                _ = self.pings.tick() => {
                    if self.last_message.elapsed() >= self.idle {
                        break Refusal::policy("silent for too long");
                    }
                    // Once more: who changed a place may have been cut off before telling so.
                    if let Err(error) = confirm(self.right.as_ref()).await {
                        break error.into();
                    }
                    self.send(Message::Ping(axum::body::Bytes::new())).await;
                }
            }
        };
        self.close(refusal).await;
        None
    }

    /// Sends an answer. A client that is gone, or does not read, shows at the next
    /// [`Wire::next`].
    pub(super) async fn send(&mut self, message: Message) {
        match tokio::time::timeout(SEND_PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::debug!(%error, "answer not sent"),
            Err(_) => tracing::info!("the client does not read its answers"),
        }
        self.gone = true;
    }

    /// Sends an answer as JSON text.
    pub(super) async fn send_json(&mut self, answer: &impl Serialize) {
        match serde_json::to_string(answer) {
            Ok(json) => self.send(Message::Text(json.into())).await,
            Err(error) => tracing::error!(%error, "answer not written"),
        }
    }

    /// Tells the client why the connection ends, and waits a moment for it to hang up: hanging up
    /// first could take the reason back on its way.
    pub(super) async fn close(&mut self, refusal: Refusal) {
        let Refusal { code, reason, error: _ } = refusal;
        let farewell = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let hang_up = async {
            self.socket.send(farewell).await?;
            while let Some(Ok(_)) = self.socket.recv().await {}
            Ok::<(), axum::Error>(())
        };
        if tokio::time::timeout(FAREWELL, hang_up).await.is_err() {
            tracing::debug!("the client did not hang up");
        }
    }
}

/// Confirms a right, if the client has got one yet.
async fn confirm(right: Option<&Right>) -> Result<(), ApiError> {
    match right {
        Some(right) => right.confirm().await,
        None => Ok(()),
    }
}

/// Waits until it may be worth while to confirm a right.
async fn in_doubt(right: &mut Option<Right>) {
    match right {
        Some(right) => right.in_doubt().await,
        None => std::future::pending().await,
    }
}

/// Waits for the end of a token that ends its connection.
async fn end(ends: Option<Instant>) {
    match ends {
        Some(ends) => tokio::time::sleep_until(ends).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let refusal = Refusal::policy("\u{e9}".repeat(100));
        assert_eq!(refusal.reason(), "\u{e9}".repeat(61));
    }
}
