//! Errors on their way out: one table that maps everything that can go wrong behind a handler to
//! the code the client sees.
//!
//! An [`ApiError`] carries its problem document as an extension of the response. The outermost
//! layer ([`finish_problems`]) adds the id of the request and writes the body, so that no handler
//! has to know the id. Causes of internal errors are logged where the error is made, inside the
//! span of the request; as a [`Cause`] they reach the error log, and never leave the server.

use std::fmt::Display;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hanami_api::{ErrorCode, Problem};
use hanami_dataset::DatasetError;
use hanami_engine::EngineError;
use hanami_store::{StoreError, UploadError};
use tower_http::request_id::RequestId;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) struct ApiError {
    code: ErrorCode,
    detail: String,
    cause: Option<Cause>,
    retry_after: Option<RetryAfter>,
}

/// When to try again, in seconds, as an extension of the response.
#[derive(Debug, Clone, Copy)]
struct RetryAfter(u64);

/// The cause of an internal error, as an extension of the response.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

impl ApiError {
    /// An error of the kind `code`; `detail` says what is wrong and how to mend it.
    pub(crate) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), cause: None, retry_after: None }
    }

    /// The same request may succeed after `wait`.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        // Whole seconds, rounded up: too early would be refused again.
        let seconds = wait.as_nanos().div_ceil(1_000_000_000) as u64;
        Self { retry_after: Some(RetryAfter(seconds.max(1))), ..self }
    }

    /// A fault of the server's own. Logs the cause and does not show it.
    pub(crate) fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "internal error");
        let detail = "the server made a mistake; its log holds the cause under the request id";
        let cause = Some(Cause(cause.to_string()));
        Self { cause, ..Self::new(ErrorCode::Internal, detail) }
    }

    /// The kind of error.
    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    /// The cause of an internal error, which the client is not told.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_ref().map(|Cause(cause)| cause.as_str())
    }

    /// What is wrong and how to mend it.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NotFound { .. } => ErrorCode::NotFound,
            StoreError::Conflict { .. } => ErrorCode::Conflict,
            StoreError::QuotaExceeded { .. } => ErrorCode::QuotaExceeded,
            StoreError::TooMany { .. } => ErrorCode::TooMany,
            StoreError::TooLarge { .. } => ErrorCode::LimitExceeded,
            StoreError::Full => ErrorCode::StorageFull,
            StoreError::Busy | StoreError::ShuttingDown => ErrorCode::Unavailable,
            StoreError::Corrupt { .. }
            | StoreError::InUse { .. }
            | StoreError::Newer { .. }
            | StoreError::DatabaseMissing { .. }
            | StoreError::RestoreCut { .. }
            | StoreError::Database(_)
            | StoreError::Io { .. }
            | StoreError::Randomness(_) => return Self::internal(error),
        };
        Self::new(code, error.to_string())
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        let code = match error {
            UploadError::Store(error) => return error.into(),
            UploadError::OutOfBounds { .. } => ErrorCode::InvalidBody,
            UploadError::TooFragmented { .. } => ErrorCode::LimitExceeded,
            UploadError::Discarded => ErrorCode::Conflict,
        };
        Self::new(code, error.to_string())
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let code = match error {
            EngineError::Store(error) => return error.into(),
            EngineError::Template(_) | EngineError::Build(_) => ErrorCode::InvalidTemplate,
            EngineError::Incomplete { .. }
            | EngineError::Dataset(
                DatasetError::Idx { .. } | DatasetError::Csv { .. } | DatasetError::InputChanged,
            ) => ErrorCode::InvalidDataset,
            EngineError::Mapping(_) | EngineError::Score(_) => ErrorCode::DatasetMismatch,
            EngineError::CheckpointFile(_) => ErrorCode::InvalidCheckpoint,
            EngineError::Input(_) => ErrorCode::InvalidBody,
            EngineError::Conflict(_) => ErrorCode::Conflict,
            EngineError::TooLarge(_) => ErrorCode::LimitExceeded,
            EngineError::Stopping | EngineError::Unavailable(_) => ErrorCode::Unavailable,
            EngineError::Dataset(_)
            | EngineError::Snapshot(_)
            | EngineError::Shape(_)
            | EngineError::Fault(_) => {
                return Self::internal(error);
            }
        };
        Self::new(code, error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem::new(self.code, self.detail);
        let status = StatusCode::from_u16(problem.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(problem);
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        if let Some(retry_after) = self.retry_after {
            response.extensions_mut().insert(retry_after);
        }
        response
    }
}

/// Writes the body of a problem, with the id of the request.
pub(crate) async fn finish_problems(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let Some(mut problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    problem.request_id = id.and_then(|id| id.header_value().to_str().ok().map(str::to_owned));
    let seconds = response.extensions_mut().remove().map(|RetryAfter(seconds)| seconds);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = seconds.or_else(|| retry_after(problem.code)) {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    // A problem holds only texts and a number, which always make JSON.
    *response.body_mut() = serde_json::to_vec(&problem).unwrap_or_default().into();
    response
}

/// Seconds after which the same request may succeed, where the error does not tell.
fn retry_after(code: ErrorCode) -> Option<u64> {
    match code {
        ErrorCode::TooMany => Some(1),
        ErrorCode::Unavailable => Some(5),
        ErrorCode::StorageFull => Some(60),
        _ => None,
    }
}
