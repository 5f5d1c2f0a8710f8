//! The endpoints, one module per resource, and the layers around them.
//!
//! Every handler does the same four things: its extractors authorise and check the request, it
//! calls the store or the engine, and it maps the result to the words of the interface.
//!
//! A handler runs to its end even if the client hangs up meanwhile: what it has begun to change, in
//! the store and in memory, is changed as a whole.
//!
//! A path or method that does not exist is answered 404: clients of this interface do not know
//! 405.

mod api_page;
mod audit_log;
mod auth;
mod checkpoint;
mod checkpoint_file;
mod cluster;
mod cluster_list;
mod content;
mod csv_dataset;
mod dataset;
mod error_log;
mod host;
mod mnist_dataset;
mod monitoring;
mod project;
mod quota;
mod request_result;
mod samples;
mod system;
mod task;
mod task_events;
mod template;
mod token;
mod user;
mod user_password;
mod user_project;
mod words;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, Method, Request, Response, Uri};
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router, middleware};
use hanami_api::{Empty, ErrorCode};
use tokio_util::task::TaskTracker;
use tower_http::ServiceBuilderExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, RequestId};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Instrument;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::dashboard;
use crate::error::{ApiError, finish_problems};
use crate::metrics;
use crate::openapi::{Document, openapi_json};
use crate::record::record;
use crate::state::AppState;
use crate::to_end::ToEnd;
use crate::unread::read_rest;
use crate::websocket;
pub(crate) use cluster_list::ClusterLists;

const ERRORS_PAGE: &str = include_str!("../../../../docs/errors.md");

/// What a handler answers.
type Answer<T> = Result<Json<T>, ApiError>;

/// The answer that says nothing but "done".
fn done() -> Json<Empty> {
    Json(Empty {})
}

/// The endpoints that the OpenAPI document describes.
pub(crate) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(token::create, token::renew))
        .routes(routes!(auth::check))
        .routes(routes!(project::create, project::show, project::delete))
        .routes(routes!(project::list))
        .routes(routes!(quota::show, quota::set))
        .routes(routes!(user::create, user::show, user::change, user::delete))
        .routes(routes!(user::list))
        .routes(routes!(user_password::change))
        .routes(routes!(user_project::assign, user_project::list, user_project::unassign))
        .routes(routes!(cluster::create, cluster::show, cluster::change, cluster::delete))
        .routes(routes!(cluster_list::list))
        .routes(routes!(cluster::set_mode))
        .routes(routes!(cluster::save))
        .routes(routes!(cluster::load))
        .routes(routes!(cluster::switch_host))
        .routes(routes!(template::check))
        .routes(routes!(samples::predict))
        .routes(routes!(samples::explain))
        .routes(routes!(samples::learn))
        .routes(routes!(checkpoint::show, checkpoint::change, checkpoint::delete))
        .routes(routes!(checkpoint_file::download))
        .routes(routes!(checkpoint_file::upload))
        .routes(routes!(checkpoint::list))
        .routes(routes!(mnist_dataset::create, mnist_dataset::finish))
        .routes(routes!(csv_dataset::create, csv_dataset::finish))
        .routes(routes!(dataset::show, dataset::change, dataset::delete))
        .routes(routes!(dataset::list))
        .routes(routes!(dataset::progress))
        .routes(routes!(dataset::check))
        .routes(routes!(content::upload))
        .routes(routes!(content::download))
        .routes(routes!(content::preview))
        .routes(routes!(content::columns))
        .routes(routes!(task::create, task::show, task::delete))
        .routes(routes!(task::list))
        .routes(routes!(request_result::show, request_result::change, request_result::delete))
        .routes(routes!(task_events::follow))
        .routes(routes!(request_result::list))
        .routes(routes!(request_result::outputs))
        .routes(routes!(request_result::download))
        .routes(routes!(host::list))
        .routes(routes!(audit_log::list))
        .routes(routes!(error_log::list))
        .routes(routes!(system::info))
        .routes(routes!(system::threading))
        .routes(routes!(system::speed))
        .routes(routes!(system::power))
        .routes(routes!(system::temperature))
        .routes(routes!(health))
        .routes(routes!(monitoring::ready))
        .routes(routes!(monitoring::metrics))
}

/// Everything that the server answers.
pub(crate) fn app(state: AppState) -> Router {
    let handlers = state.handlers.clone();
    let (endpoints, _) = described().split_for_parts();
    let document = Bytes::from(openapi_json());
    let json = [(header::CONTENT_TYPE, "application/json")];
    let markdown = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    let router = endpoints
        .route("/", get(websocket::open))
        .route("/openapi.json", get(async move || (json, document)))
        // Where the `type` of a problem leads.
        .route("/docs/errors", get(async move || (markdown, ERRORS_PAGE)))
        .merge(api_page::router())
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .with_state(state.clone());
    let recorded = catching(router).layer(middleware::from_fn_with_state(state.clone(), record));
    let counted = recorded.layer(middleware::from_fn_with_state(state, metrics::count));
    layered(counted, handlers)
}

/// Makes a panic of an endpoint an answer.
fn catching(router: Router) -> Router {
    router.layer(CatchPanicLayer::custom(panicked))
}

/// Puts the layers around the endpoints that every request passes.
fn layered(router: Router, handlers: TaskTracker) -> Router {
    let log_answers = DefaultOnResponse::new().level(tracing::Level::INFO);
    let layers = tower::ServiceBuilder::new()
        .set_x_request_id(MakeRequestUuid)
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(log_answers))
        .propagate_x_request_id()
        .map_response(secured)
        .layer(middleware::from_fn(finish_problems))
        .layer(middleware::from_fn(read_rest))
        .layer(middleware::from_fn_with_state(handlers, run_to_end));
    router.layer(layers)
}

/// Tells that the server is up
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "show_health",
    tag = "server",
    security(()),
    responses((status = 200, description = "The server is up.", body = Empty))
)]
async fn health() -> Json<Empty> {
    done()
}

/// Runs the rest of a request in a way that nobody cancels.
async fn run_to_end(
    State(handlers): State<TaskTracker>,
    request: axum::extract::Request,
    next: Next,
) -> axum::response::Response {
    ToEnd::new(handlers.track_future(next.run(request).in_current_span())).await
}

/// A page or a file of the dashboard, or nothing.
async fn unknown_path(request: axum::extract::Request) -> axum::response::Response {
    let nothing = || {
        let detail = format!("there is nothing at {}", request.uri().path());
        ApiError::new(ErrorCode::NotFound, detail).into_response()
    };
    dashboard::answer(&request).unwrap_or_else(nothing)
}

async fn unknown_method(method: Method, uri: Uri) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("{} does not take {method}", uri.path()))
}

/// The log span of a request. Its query is left out: it may hold a token.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

/// Adds the headers that keep a browser from doing what the server does not mean, except those
/// that the handler has set itself.
fn secured<B>(mut response: Response<B>) -> Response<B> {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The answer after a panic, which is logged like every other internal error.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    ApiError::internal(format!("panic: {}", text.unwrap_or("without a message"))).into_response()
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_its_cause_stays_here() {
        async fn handler() {
            panic!("a secret");
        }
        let router = catching(Router::new().route("/", get(handler)));
        let router = layered(router, TaskTracker::new());
        let answer = router.oneshot(Request::new(axum::body::Body::empty())).await.unwrap();
        assert_eq!(answer.status(), 500);
        let id = answer.headers()["x-request-id"].clone();
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        let problem: hanami_api::Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, ErrorCode::Internal);
        assert!(!problem.detail.contains("a secret"));
        assert_eq!(problem.request_id.unwrap(), id);
    }
}
