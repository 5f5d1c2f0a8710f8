//! Following a task over server-sent events: `/control/v1/task/events`.
//!
//! The answer's body is fed by a task of its own, which outlives the handler and is not waited for
//! by a server that stops. It takes a seat among the websockets, as its connection is as
//! lasting as theirs, and gives it back when the followed task has ended or is gone, the client is
//! gone or does not read, the user has lost their place or right, or the server stops.

use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use hanami_api::task::{ByTask, TaskProgress};
use hanami_api::{ErrorCode, Problem, Uuid};
use hanami_engine::{TaskView, TaskWatch};
use hanami_store::NewErrorEntry;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, interval_at};
use tracing::Instrument;

use super::words;
use crate::auth::{Lasting, Right};
use crate::error::ApiError;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest, NotFound};
use crate::record::note;
use crate::seats::Seat;
use crate::state::{AppState, stop};

/// How often a comment is sent where nothing changes: routers in between keep the connection, and
/// a client that is gone shows.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a client may take to make room for an event.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// Follows a task by server-sent events
///
/// An event `progress` holds what `GET /control/v1/task` answers; the first comes at once, others
/// when something has changed, a few times a second at most. After the task has ended comes an
/// event `end`. An event `problem` holds a problem document and comes last where the task can't be
/// followed any further.
#[utoipa::path(
    get,
    path = "/control/v1/task/events",
    operation_id = "follow_task",
    tag = "task",
    params(ByTask),
    responses(
        (
            status = 200,
            description = "Events `progress`, then `end` or `problem`.",
            content_type = "text/event-stream",
            body = String
        ),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn follow(
    State(state): State<AppState>,
    Lasting(right, access): Lasting,
    Params(ByTask { uuid, cluster_uuid }): Params<ByTask>,
) -> Result<Sse<impl Stream<Item = Result<Event, axum::Error>>>, ApiError> {
    let seat = state.websockets.take(access.user_id())?;
    let task = state.engine.watch_task(&access, cluster_uuid, uuid).await?;
    let (events, mut body) = mpsc::channel(1);
    tokio::spawn(Feed::new(state, uuid, right, events).run(task, seat).in_current_span());
    Ok(Sse::new(stream::poll_fn(move |context| body.poll_recv(context))))
}

/// Why a task is not followed any further.
enum Over {
    /// Nobody reads the events any more.
    Gone,
    /// What the client is told.
    Problem(ApiError),
}

impl From<ApiError> for Over {
    fn from(error: ApiError) -> Self {
        Self::Problem(error)
    }
}

/// Makes the events of one client.
struct Feed {
    state: AppState,
    /// Uuid of the task.
    uuid: Uuid,
    right: Right,
    events: mpsc::Sender<Result<Event, axum::Error>>,
    stopping: watch::Receiver<bool>,
    heartbeat: Interval,
    /// What the client was shown last.
    last: Option<TaskProgress>,
}

impl Feed {
    fn new(
        state: AppState,
        uuid: Uuid,
        right: Right,
        events: mpsc::Sender<Result<Event, axum::Error>>,
    ) -> Self {
        let stopping = state.stopping.subscribe();
        let heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        Self { state, uuid, right, events, stopping, heartbeat, last: None }
    }

    async fn run(mut self, mut task: TaskWatch, _seat: Seat) {
        if let Err(Over::Problem(error)) = self.follow(&mut task).await {
            self.note(&error).await;
            let problem = Problem::new(error.code(), error.detail());
            // If this fails, there is nobody to be told.
            let _ = self.send("problem", &problem).await;
        }
    }

    async fn follow(&mut self, task: &mut TaskWatch) -> Result<(), Over> {
        while let Some(view) = self.next(task).await? {
            let progress = Some(words::task_progress(view));
            if progress != self.last {
                self.last = progress;
                self.send("progress", &self.last).await?;
            }
        }
        self.send("end", &self.last).await
    }

    /// The task when it may have changed, `None` after its end.
    async fn next(&mut self, task: &mut TaskWatch) -> Result<Option<TaskView>, Over> {
        let next = task.next();
        tokio::pin!(next);
        loop {
            tokio::select! {
                biased;
                () = stop(&mut self.stopping) => {
                    let detail = "the server is stopping; follow the task again when it is back";
                    return Err(ApiError::new(ErrorCode::Unavailable, detail).into());
                }
                () = self.events.closed() => return Err(Over::Gone),
                () = self.right.in_doubt() => self.right.confirm().await?,
                _ = self.heartbeat.tick() => {
                    // Once more: who changed a place may have been cut off before telling so.
                    self.right.confirm().await?;
                    self.put(Ok(Event::default().comment("still here"))).await?;
                }
                view = &mut next => return Ok(view.map_err(ApiError::from)?),
            }
        }
    }

    /// Writes `error` to the error log if it has a cause that the client is not told.
    async fn note(&self, error: &ApiError) {
        let Some(message) = error.cause() else { return };
        let entry = NewErrorEntry {
            user_id: self.right.user().to_owned(),
            component: "task events".to_owned(),
            context: self.uuid.to_string(),
            input_values: String::new(),
            message: message.to_owned(),
        };
        note(&self.state, entry).await;
    }

    async fn send(&self, name: &str, data: &impl Serialize) -> Result<(), Over> {
        self.put(Event::default().event(name).json_data(data)).await
    }

    async fn put(&self, event: Result<Event, axum::Error>) -> Result<(), Over> {
        let sent = tokio::time::timeout(SEND_PATIENCE, self.events.send(event)).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(Over::Gone) }
    }
}
