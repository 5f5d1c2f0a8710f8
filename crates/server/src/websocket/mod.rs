//! Websockets: uploads, and clusters in direct mode.
//!
//! One task per connection. The client says in its first message who it is and what it wants, the
//! server answers, and from then on every frame of the client gets one answer, in order.
//!
//! Until a client has said who it is, its connection holds a permit of `Shared::newcomers`, then
//! a seat of `Shared::websockets`: strangers can't keep users out by holding connections. A server
//! that stops waits until all of them are given back.
//!
//! A connection outlives its token, unless the settings say otherwise, but not the user's place in
//! the project nor what the policy allows: when `Shared::places` changes, it looks whether its user
//! still has theirs and still may do this, and ends if not.

mod cluster;
mod guest;
mod upload;
mod wire;

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hanami_api::direct::{Hello, Target, Welcome};
use hanami_api::{ErrorCode, Uuid};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::Instrument;

use crate::auth::Right;
use crate::dashboard;
use crate::error::ApiError;
use crate::extract::parse;
use crate::seats::Seat;
use crate::state::AppState;
use guest::Guest;
use wire::{Refusal, Wire};

/// How long a client may take to say what it wants.
const HELLO_PATIENCE: Duration = Duration::from_secs(10);

/// Bytes that are read at once. Each connection has such a buffer all the time, and cleans it before
/// it reads.
const READ_BUFFER: usize = 16 << 10;

/// What the targets of websockets are called in a policy.
pub(crate) const ENDPOINTS: [&str; 2] = [CLUSTER, FILE_UPLOAD];
const CLUSTER: &str = "websocket/cluster";
const FILE_UPLOAD: &str = "websocket/file_upload";

const PAGE: &str = "Hanami, a server that learns.\n\n\
    A browser shows the dashboard here. The interface is described at /openapi.json, and for people at \
    /docs/api; begin with POST /control/v1/token.\n";

/// `GET /`: a websocket if the client asks for one, the dashboard if it is a browser, else a line
/// about what this is.
pub(crate) async fn open(
    State(state): State<AppState>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return dashboard::answer(&request).unwrap_or_else(|| PAGE.into_response());
    };
    let Ok(newcomer) = state.newcomers.clone().try_acquire_owned() else {
        let detail = "too many websockets are being opened at the moment";
        return ApiError::new(ErrorCode::TooMany, detail).into_response();
    };
    // Checked against the size that a frame declares, before memory is taken for it.
    let limit = state.settings.max_frame_bytes.get() as usize;
    let upgrade = upgrade.max_frame_size(limit).max_message_size(limit);
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(async move |socket| {
        let id = Uuid::new_v4();
        let span = tracing::info_span!("websocket", %id);
        serve(&state, socket, id, newcomer).instrument(span).await;
    })
}

/// What a connection is for, once it is allowed.
enum Purpose {
    Cluster(hanami_engine::DirectSession),
    Upload(std::sync::Arc<hanami_store::Upload>),
}

async fn serve(state: &AppState, socket: WebSocket, id: Uuid, newcomer: OwnedSemaphorePermit) {
    let mut wire = Wire::new(state, socket);
    let Ok(first) = tokio::time::timeout(HELLO_PATIENCE, wire.next()).await else {
        return wire.close(Refusal::policy("no first message within 10 seconds")).await;
    };
    let Some(first) = first else { return };
    let hello = match hello(&first) {
        Ok(hello) => hello,
        Err(error) => return turn_away(&mut wire, &error).await,
    };
    let mut guest = Guest::new(state, id, &hello);
    let (purpose, _seat) = match admit(state, &hello, &mut guest).await {
        Ok((right, ends, purpose, seat)) => {
            drop(newcomer);
            wire.rests_on(right, ends);
            (purpose, seat)
        }
        Err(error) => {
            guest.note(&error).await;
            return turn_away(&mut wire, &error).await;
        }
    };
    let _open = state.metrics.websocket(guest::name(hello.target));
    wire.send_json(&Welcome { success: true, uuid: Some(id), error: None }).await;
    match purpose {
        Purpose::Upload(upload) => upload::serve(&mut wire, upload, &guest).await,
        Purpose::Cluster(session) => {
            if let Err(refusal) = cluster::serve(&mut wire, session).await {
                tracing::info!(reason = refusal.reason(), "closing");
                if let Some(error) = refusal.error() {
                    guest.note(error).await;
                }
                wire.close(refusal).await;
            }
        }
    }
}

/// Tells a client why it does not get what it wants.
async fn turn_away(wire: &mut Wire, error: &ApiError) {
    tracing::info!(code = error.code().as_str(), "refused");
    let error = error.detail().to_owned();
    wire.send_json(&Welcome { success: false, uuid: None, error: Some(error) }).await;
    wire.close(Refusal::policy("refused")).await;
}

/// Reads the text of a first message.
///
/// # Errors
/// What is wrong with it.
pub fn read_hello(text: &[u8]) -> Result<Hello, String> {
    parse(text)
}

/// Reads the first message.
fn hello(first: &Message) -> Result<Hello, ApiError> {
    let bytes: &[u8] = match first {
        Message::Text(text) => text.as_bytes(),
        Message::Binary(bytes) => bytes,
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => &[],
    };
    read_hello(bytes).map_err(|reason| {
        let detail = format!("the first message is not valid: {reason}");
        ApiError::new(ErrorCode::InvalidBody, detail)
    })
}

/// Opens what the first message asks for; tells by which right, until when if that ends with the
/// token, and takes a seat.
async fn admit(
    state: &AppState,
    hello: &Hello,
    guest: &mut Guest<'_>,
) -> Result<(Right, Option<Instant>, Purpose, Seat), ApiError> {
    let &Hello { ref token, target, uuid } = hello;
    let endpoint = match target {
        Target::Cluster => CLUSTER,
        Target::FileUpload => FILE_UPLOAD,
    };
    let (right, access) = Right::of(state, token, "GET", endpoint).await?;
    guest.is(access.user_id());
    let seat = state.websockets.take(access.user_id())?;
    tracing::info!(user = access.user_id(), endpoint, %uuid, "open");
    let purpose = match target {
        Target::Cluster => Purpose::Cluster(state.engine.connect(&access, uuid).await?),
        Target::FileUpload => Purpose::Upload(state.store.open_upload(&access, uuid).await?),
    };
    let ends = if state.settings.websocket_outlives_token {
        None
    } else {
        Some(Instant::now() + state.tokens.time_left(token)?)
    };
    Ok((right, ends, purpose, seat))
}
