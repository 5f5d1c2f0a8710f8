//! What the server counts of itself, for those who watch it.
//!
//! Totals only: nothing here tells of a user, a project or a cluster, so the numbers are open to
//! everyone, like the health of the server. Each server has its own counts; there is no global
//! recorder.

mod exposition;

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use hanami_api::API_PREFIX;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::{Mutex, MutexGuard};

pub(crate) use exposition::CONTENT_TYPE;

use crate::state::AppState;

/// Upper bounds of the classes of a request's duration, in seconds. Log-ins take some 50 ms, large
/// uploads are finished in minutes.
const DURATIONS: [f64; 9] = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0, 300.0];

/// Stands for all paths without a route: they are not told apart, since a stranger could make up
/// any number of them. The dashboard is among them.
const NOWHERE: &str = "unknown";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    endpoint: String,
    method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    endpoint: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ForTarget {
    target: &'static str,
}

/// The counts of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram>,
    websockets: Family<ForTarget, Gauge>,
    failed_log_ins: Counter,
    /// Bytes of files that arrived, over websockets and in bodies.
    pub(crate) upload_bytes: Counter,
    /// Rows added to the audit log.
    pub(crate) audit_entries: Counter,
    /// Rows added to the error log by the server.
    pub(crate) error_entries: Counter,
    /// Held while the counts are told: everyone may ask, and the database counts for each answer.
    telling: Mutex<()>,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new() -> Self {
        Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            websockets: Family::default(),
            failed_log_ins: Counter::default(),
            upload_bytes: Counter::default(),
            audit_entries: Counter::default(),
            error_entries: Counter::default(),
            telling: Mutex::default(),
        }
    }

    /// Waits until no other answer is put together.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.telling.lock().await
    }

    /// Counts a websocket for `target` as open, until the answer is dropped.
    pub(crate) fn websocket(&self, target: &'static str) -> OpenWebsocket {
        let count = self.websockets.get_or_create_owned(&ForTarget { target });
        count.inc();
        OpenWebsocket(count)
    }
}

/// A websocket that is open.
pub(crate) struct OpenWebsocket(Gauge);

impl Drop for OpenWebsocket {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Runs the rest of a request and counts it.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let endpoint = path.map_or(NOWHERE, MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let begin = Instant::now();
    let response = next.run(request).await;

    let metrics = &state.metrics;
    let (status, seconds) = (response.status(), begin.elapsed().as_secs_f64());
    let is_log_in = method == "POST" && endpoint.strip_prefix(API_PREFIX) == Some("/token");
    if is_log_in && status == StatusCode::UNAUTHORIZED {
        metrics.failed_log_ins.inc();
    }
    let asked = Asked { endpoint: endpoint.clone(), method };
    metrics.durations.get_or_create(&asked).observe(seconds);
    let answered = Answered { endpoint, method, status: status.as_u16() };
    metrics.requests.get_or_create(&answered).inc();
    response
}

/// The name of a method; those that a client has made up are not told apart.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
