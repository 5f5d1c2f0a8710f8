//! `/docs/api`: the OpenAPI document in a browser.
//!
//! Everything that the page loads comes from this server, which has it built in; its content
//! security policy sees to that.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{self, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, http::Uri};
use hanami_api::ErrorCode;
use utoipa_swagger_ui::{Config, SwaggerFile};

use crate::error::ApiError;

/// Scripts and styles come from files of this server only; icons are in the style sheet.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

type Page = Arc<Config<'static>>;

/// The page and its files.
pub(super) fn router<S>() -> Router<S> {
    // No validator: it would be another server, which gets to read the document.
    let page: Page =
        Arc::new(Config::from("/openapi.json").use_base_layout().validator_url("none"));
    Router::new()
        .route("/docs/api", get(async || Redirect::permanent("/docs/api/")))
        .route("/docs/api/", get(index))
        .route("/docs/api/{file}", get(file))
        .with_state(page)
}

async fn index(State(page): State<Page>, uri: Uri) -> Result<Response, ApiError> {
    serve(page, "index.html", &uri)
}

async fn file(
    State(page): State<Page>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    serve(page, &name, &uri)
}

fn serve(page: Page, name: &str, uri: &Uri) -> Result<Response, ApiError> {
    let found = utoipa_swagger_ui::serve(name, page).map_err(ApiError::internal)?;
    let missing =
        || ApiError::new(ErrorCode::NotFound, format!("there is nothing at {}", uri.path()));
    let SwaggerFile { bytes, content_type, gzpipped, .. } = found.ok_or_else(missing)?;
    let encoding: Option<(HeaderName, &str)> =
        gzpipped.then_some((header::CONTENT_ENCODING, "gzip"));
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.to_owned()),
    ];
    Ok((headers, axum::response::AppendHeaders(encoding), bytes.into_owned()).into_response())
}
